"""Chain leaders (链主): how far a firm reaches in its chain here, which tier that speaks for, and who is appointed.

Pure functions. A tier is proposed by stated tests with two levels each; a test whose data are missing is "not applied"
and proposes nothing, and a firm that too few tests can be applied to is left open: with an incomplete register a sole
firm on record is no proof of weight. Being chain leader is an appointment by a document; this only says where the figures
and the appointments agree. The tests and thresholds are a judgement (``settings.leaders``, docs/methods.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import networkx as nx

from graph.analysis.knockout import SupplyModel
from graph.analysis.makers import Basis, Maker, quantities
from graph.analysis.outages import units_of
from graph.analysis.reasons import Reason, reason
from graph.settings import LeaderThresholds

Tier = Literal["示范库", "培育库", "候选库"]
#: Best first.
TIERS: tuple[Tier, ...] = ("示范库", "培育库", "候选库")
_NAMES_SHOWN = 3


@dataclass(frozen=True)
class LinkReach:
    """A link that a firm reaches, with the live makers on it here (id -> name), the firm itself left out."""

    segment: str
    name: str
    firms: Mapping[str, str]


@dataclass(frozen=True)
class Reach:
    """What a firm touches in its chain here: links one and two steps along SUPPLIES from those that it works on.

    ``supplies`` and ``buys`` hold the links at one step and at two. A link is listed once, at its nearest.
    """

    own: tuple[LinkReach, ...]
    supplies: tuple[tuple[LinkReach, ...], tuple[LinkReach, ...]]
    buys: tuple[tuple[LinkReach, ...], tuple[LinkReach, ...]]

    @property
    def partners(self) -> dict[str, str]:
        """The local firms on links at one or two steps, id -> name: those that a leader could draw along."""
        return {
            i: n for side in (self.supplies, self.buys) for step in side for link in step for i, n in link.firms.items()
        }


@dataclass(frozen=True)
class LinkShare:
    """A firm's share (0-1) of a link among the live makers here, and by what it is measured."""

    segment: str
    name: str
    share: float
    basis: Basis
    makers: int


@dataclass(frozen=True)
class Loss:
    """What the stop of a firm costs the chain here: knock-out loss L (0-1, ``graph.analysis.knockout``).

    ``shared`` counts only the links on which it is not alone on an incomplete register; None: it has no such link.
    ``whole`` counts all its links, and so is an upper bound where others may merely not be on record.
    """

    shared: float | None
    whole: float


@dataclass(frozen=True)
class Appointment:
    """A firm's appointment as chain leader, as a document states it."""

    firm: str
    name: str
    name_en: str | None = None
    tier: str | None = None
    region_name: str | None = None
    batch: str | None = None
    role: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    clauses: tuple[str, ...] = ()
    as_of: str | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One test: what was found, and the level it reaches: 2 demonstration, 1 cultivation, 0 neither."""

    kind: str
    text: Reason
    level: int


@dataclass(frozen=True)
class LeaderProposal:
    """A firm of the chain here: the tier that the tests speak for (None: none), and its appointments."""

    firm: str
    name: str
    name_en: str
    tier: Tier | None
    reason: Reason
    findings: tuple[Finding, ...]
    not_applied: tuple[Reason, ...]
    reach: Reach
    shares: tuple[LinkShare, ...]
    loss: Loss | None
    appointments: tuple[Appointment, ...]
    sources: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether no tier is proposed because too little is known, not because the tests speak against it."""
        return self.tier is None and bool(self.not_applied)


@dataclass(frozen=True)
class ChainLeaders:
    """Proposals for a chain in a region against the appointments on record.

    ``both`` are appointed and proposed, ``only_appointed`` appointed but not proposed, ``only_proposed`` the reverse;
    ``absent`` are appointed firms without a live operation of the chain on record here; ``ended`` are appointments that
    ended before the date of the data and are not counted.
    """

    firms: tuple[LeaderProposal, ...]
    both: tuple[LeaderProposal, ...]
    only_appointed: tuple[LeaderProposal, ...]
    only_proposed: tuple[LeaderProposal, ...]
    absent: tuple[Appointment, ...]
    ended: tuple[Appointment, ...]
    thresholds: LeaderThresholds
    notes: tuple[Reason, ...]


def propose_leaders(
    graph: nx.MultiDiGraph[str],
    live: Mapping[str, Sequence[Maker]],
    losses: Mapping[str, Loss],
    appointments: Iterable[Appointment],
    thresholds: LeaderThresholds,
    *,
    surveyed: Collection[str] = (),
    as_of: str | None = None,
) -> ChainLeaders:
    """Tiers for every firm of a chain here, against the appointments on record.

    Parameters
    ----------
    graph: links of the chain, edges from supplier to user, node attribute ``name``.
    live: link -> its live makers here.
    losses: firm -> what its stop costs; a firm left out has none.
    surveyed: links whose register is declared complete.
    as_of: date of the data (ISO 8601); appointments that ended before are not counted.
    """
    on_record = list(appointments)
    ended = [a for a in on_record if has_ended(a.valid_to, as_of)]
    valid = [a for a in on_record if not has_ended(a.valid_to, as_of)]
    held: dict[str, list[Appointment]] = defaultdict(list)
    for appointment in valid:
        held[appointment.firm].append(appointment)
    makers = {m.id: m for on_link in live.values() for m in on_link}
    proposals = [
        _propose(maker, graph, live, losses.get(firm), held.get(firm, ()), thresholds, surveyed)
        for firm, maker in makers.items()
    ]
    proposals.sort(key=lambda p: (_rank(p.tier), -(p.loss.whole if p.loss else 0.0), -len(p.reach.partners), p.firm))
    return ChainLeaders(
        firms=tuple(proposals),
        both=tuple(p for p in proposals if p.tier and p.appointments),
        only_appointed=tuple(p for p in proposals if not p.tier and p.appointments),
        only_proposed=tuple(p for p in proposals if p.tier and not p.appointments),
        absent=tuple(a for a in valid if a.firm not in makers),
        ended=tuple(ended),
        thresholds=thresholds,
        notes=_notes(valid, makers, surveyed, graph),
    )


def reach_of(firm: str, graph: nx.MultiDiGraph[str], live: Mapping[str, Sequence[Maker]]) -> Reach:
    """The links that a firm supplies and buys from at one step and at two, with the local firms there."""
    own = [link for link in graph if any(m.id == firm for m in live.get(link, ()))]

    def described(links: Iterable[str]) -> tuple[LinkReach, ...]:
        return tuple(
            LinkReach(s, graph.nodes[s].get("name", s), {m.id: m.name for m in live.get(s, ()) if m.id != firm})
            for s in links
        )

    def steps(neighbours: nx.MultiDiGraph[str]) -> tuple[tuple[LinkReach, ...], tuple[LinkReach, ...]]:
        one = list(dict.fromkeys(n for s in own for n in neighbours.successors(s) if n not in own))
        two = list(dict.fromkeys(n for s in one for n in neighbours.successors(s) if n not in own and n not in one))
        return described(one), described(two)

    return Reach(described(own), steps(graph), steps(graph.reverse(copy=False)))


def shares_of(firm: str, graph: nx.MultiDiGraph[str], live: Mapping[str, Sequence[Maker]]) -> tuple[LinkShare, ...]:
    """Its share of each link that it works on, largest first."""
    shares = []
    for link in graph:
        held = quantities(live.get(link, ()))
        if firm in held.by_firm and held.total:
            share = held.by_firm[firm] / held.total
            shares.append(LinkShare(link, graph.nodes[link].get("name", link), share, held.basis, len(held.by_firm)))
    return tuple(sorted(shares, key=lambda s: (-s.share, s.segment)))


def losses_of(
    model: SupplyModel, live: Mapping[str, Sequence[Maker]], surveyed: Collection[str] = ()
) -> dict[str, Loss]:
    """What the stop of each firm costs the chain here; empty where nothing is made here.

    Parameters
    ----------
    model: who supplies what here, ``graph.analysis.outages.supply_model``.
    live: link -> its live makers here; surveyed: links whose register is declared complete.
    """
    if not model.total_weight:
        return {}
    alone = {link for link, makers in live.items() if len({m.id for m in makers}) == 1 and link not in surveyed}
    held = units_of(live, lambda m: m.id)
    shared = {firm: {(link, f) for link, f in units if link not in alone} for firm, units in held.items()}
    losses_shared = model.losses(list(shared.values()))
    losses_of_all = model.losses(list(held.values()))
    return {
        firm: Loss(some if shared[firm] else None, most)
        for firm, some, most in zip(held, losses_shared, losses_of_all, strict=True)
    }


# -- one firm ---------------------------------------------------------------------------------------------


def _propose(
    maker: Maker,
    graph: nx.MultiDiGraph[str],
    live: Mapping[str, Sequence[Maker]],
    loss: Loss | None,
    appointments: Sequence[Appointment],
    t: LeaderThresholds,
    surveyed: Collection[str],
) -> LeaderProposal:
    reach, shares = reach_of(maker.id, graph, live), shares_of(maker.id, graph, live)
    tests = (
        _loss_test(loss, t),
        _share_test(shares, surveyed, t),
        _reach_test(reach, t),
        _honours_test(maker, t),
    )
    findings = tuple(x for x in tests if isinstance(x, Finding))
    tier, why = _tier(findings, t)
    return LeaderProposal(
        firm=maker.id,
        name=maker.name,
        name_en=maker.name_en or maker.name,
        tier=tier,
        reason=why,
        findings=findings,
        not_applied=tuple(x for x in tests if isinstance(x, Reason)),
        reach=reach,
        shares=shares,
        loss=loss,
        appointments=tuple(appointments),
        sources=tuple(sorted({s for on_link in live.values() for m in on_link if m.id == maker.id for s in m.sources})),
    )


def _loss_test(loss: Loss | None, t: LeaderThresholds) -> Finding | Reason:
    if loss is None:
        return reason("loss_not_computed")
    if loss.shared is None:
        return reason("loss_sole_maker", most=loss.whole)
    code = "loss_bounded" if loss.whole > loss.shared + 1e-9 else "loss"
    text = reason(code, loss=loss.shared, most=loss.whole)
    return Finding("loss", text, _level(loss.shared, t.loss_demonstration, t.loss_cultivation))


def _share_test(shares: Sequence[LinkShare], surveyed: Collection[str], t: LeaderThresholds) -> Finding | Reason:
    """Of output or capacity only: by number every firm of a link has the same share, which says nothing of one."""
    sound = [s for s in shares if s.basis is not Basis.COUNT and (s.makers > 1 or s.segment in surveyed)]
    if not sound:
        return reason("share_not_comparable")
    best = sound[0]
    text = reason("share", link=best.name, makers=best.makers, basis=best.basis, share=best.share)
    return Finding("share", text, _level(best.share, t.share_demonstration, t.share_cultivation))


def _reach_test(reach: Reach, t: LeaderThresholds) -> Finding:
    """Firms at one or two steps that are on record: more may be there, so it can speak for a firm, not against it."""
    firms = tuple(reach.partners.values())
    code = "reach" if len(firms) <= _NAMES_SHOWN else "reach_more"
    text = reason(code, count=len(firms), firms=firms[:_NAMES_SHOWN]) if firms else reason("reach_none")
    return Finding("reach", text, _level(len(firms), t.reach_demonstration, t.reach_cultivation))


def _honours_test(maker: Maker, t: LeaderThresholds) -> Finding | Reason:
    if not maker.honours:
        return reason("honours_none")
    top = [h for h in maker.honours if any(word in h for word in t.honours_demonstration)]
    level = 2 if top else int(any(word in h for h in maker.honours for word in t.honours_cultivation))
    return Finding("honours", reason("honours", held=tuple(maker.honours)), level)


def _level(value: float, demonstration: float, cultivation: float) -> int:
    return 2 if value >= demonstration else 1 if value >= cultivation else 0


def _tier(findings: Sequence[Finding], t: LeaderThresholds) -> tuple[Tier | None, Reason]:
    """The best tier whose number of tests is reached, and why."""
    high, some = [f for f in findings if f.level == 2], [f for f in findings if f.level >= 1]
    if len(findings) < t.min_applied:
        return None, reason("tier_open", applied=len(findings), needed=t.min_applied)
    tiers: tuple[tuple[Tier, list[Finding], int, str], ...] = (
        ("示范库", high, t.tests_demonstration, "tests_at_demonstration"),
        ("培育库", some, t.tests_cultivation, "tests_at_cultivation"),
        ("候选库", some, t.tests_candidate, "tests_at_cultivation"),
    )
    for tier, met, needed, code in tiers:
        if len(met) >= needed:
            return tier, reason(code, count=len(met), findings=tuple(f.text for f in met))
    return None, reason("tests_below_cultivation")


def _rank(tier: str | None) -> int:
    return TIERS.index(tier) if tier in TIERS else len(TIERS)


def has_ended(valid_to: str | None, as_of: str | None) -> bool:
    """Whether an appointment ended before the date of the data; a date that gives only the year holds to its end."""
    return valid_to is not None and as_of is not None and valid_to < as_of and not as_of.startswith(valid_to)


def _notes(
    valid: Sequence[Appointment],
    makers: Mapping[str, Maker],
    surveyed: Collection[str],
    graph: nx.MultiDiGraph[str],
) -> tuple[Reason, ...]:
    """What must be known before the proposals are read."""
    notes = []
    if not valid:
        notes.append(reason("no_appointment"))
    elif all(a.tier is None for a in valid):
        notes.append(reason("appointments_without_tier"))
    if not makers:
        notes.append(reason("no_live_firm"))
    open_links = len(set(graph) - set(surveyed))
    if open_links:
        notes.append(reason("registers_not_complete", links=open_links))
    return tuple(notes)
