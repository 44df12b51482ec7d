"""Knock-out and coverage of a chain as tables: what the terminal and other programs get."""

from __future__ import annotations

from typing import Any

from graph.analysis.assessment import ChainAssessment
from graph.analysis.coverage import ChainCoverage, UserCoverage
from graph.analysis.knockout import Knockout
from graph.analysis.makers import Basis
from graph.language import say
from reports.words import BASIS_NAMES, say_reason

Row = list[Any]

#: Kind of what falls out: the field of ``ChainOutages`` and its name.
KINDS: dict[str, tuple[str, str]] = {
    "firms": ("企业", "firm"),
    "owners": ("集团", "group"),
    "parks": ("园区", "park"),
    "outside": ("外部来源", "outside source"),
    "origins": ("来源地", "origin"),
    "links": ("环节", "link"),
}


def knockout_headings(links: list[str]) -> list[str]:
    """Column headings; one more for what is left of each link asked for."""
    return [
        say("类别", "kind"),
        say("编号", "id"),
        say("名称", "name"),
        say("损失", "loss"),
        say("受影响环节", "links hit"),
        say("停产环节", "links stopped"),
        *links,
    ]


def knockout_rows(assessed: ChainAssessment, kinds: list[str], links: list[str]) -> list[Row]:
    """One row a removal, worst first within its kind; the loss, and q of each of ``links`` (ids), are numbers 0-1."""
    return [
        [
            say(*KINDS[kind]),
            k.id,
            name_of(assessed, k.id),
            k.loss,
            len(k.links),
            sum(1 for _, q in k.links if round(q, 9) == 0),
            *(dict(k.links).get(link, 1.0) for link in links),
        ]
        for kind in kinds
        for k in removals(assessed, kind)
    ]


def removals(assessed: ChainAssessment, kind: str) -> tuple[Knockout, ...]:
    """The removals of one kind."""
    chosen: tuple[Knockout, ...] = getattr(assessed.outages, kind)
    return chosen


def name_of(assessed: ChainAssessment, removed: str) -> str:
    """What a removal is called: a firm, park, origin, group or link."""
    links = {s.id: say(s.name, s.name_en) for s in assessed.gaps.segments}
    return assessed.outages.names.get(removed) or links.get(removed) or removed


def knockout_json(assessed: ChainAssessment) -> dict[str, Any]:
    """Everything about what falls out, as plain data."""
    o = assessed.outages
    return {
        "region": assessed.gaps.region,
        "chain": assessed.gaps.chain,
        "as_of": assessed.gaps.as_of,
        "weighed": o.weighed.value,
        "resilience": o.resilience,
        "mean_resilience": o.mean_resilience,
        "assumed_from_outside": list(o.assumed),
        **{
            kind: [
                {"id": k.id, "name": name_of(assessed, k.id), "loss": k.loss, "left": dict(k.links)}
                for k in removals(assessed, kind)
            ]
            for kind in KINDS
        },
        "stopping": {
            link: {"single": list(s.single), "pairs": [list(p) for p in s.pairs]} for link, s in o.stopping.items()
        },
        "curves": {
            name: {"removed": list(c.removed), "left": list(c.left), "area": c.area}
            for name, c in (("targeted", o.targeted), ("random", o.at_random))
            if c is not None
        },
    }


def stopping_lines(assessed: ChainAssessment) -> list[str]:
    """Which firms alone, and which two together, stop a link of which they make nothing themselves."""
    lines = []
    names = {s.id: say(s.name, s.name_en) for s in assessed.gaps.segments}
    own = {s.id: set(s.quantities.by_firm) for s in assessed.gaps.segments}
    for link, sets in sorted(assessed.outages.stopping.items()):
        alone = [assessed.outages.names[f] for f in sets.single if f not in own[link]]
        pairs = [say("、", ", ").join(assessed.outages.names[f] for f in pair) for pair in sets.pairs]
        if alone:
            lines.append(
                say(
                    f"{names[link]}：缺一家即停——{'、'.join(alone)}",
                    f"{names[link]}: stopped by {', '.join(alone)} alone",
                )
            )
        if pairs:
            lines.append(
                say(
                    f"{names[link]}：缺两家即停——{'；'.join(pairs)}",
                    f"{names[link]}: stopped by both of {'; '.join(pairs)}",
                )
            )
    return lines


def coverage_headings(basis: Basis) -> list[str]:
    """Column headings of the coverage table; by number of firms there are no quantities."""
    link, met, covered = say("环节", "link"), say("本地满足率σ", "σ"), say("本地配套率λ", "λ")
    if basis is Basis.COUNT:
        return [link, say("本地有无", "made here"), covered]
    return [
        link,
        say("需求", "demand"),
        say("本地供给", "supply"),
        say("单位", "unit"),
        met,
        say("缺口", "unmet"),
        covered,
    ]


def coverage_rows(assessed: ChainAssessment, covered: ChainCoverage) -> list[Row]:
    """One row a link that is needed or made here. Of a link of which nobody knows whether it is made here, nothing is told.

    σ is a number 0-1; λ is text, a range where it hangs on unknown links.
    """
    rows: list[Row] = []
    for s in sorted(assessed.gaps.segments, key=lambda s: (s.order, s.id)):
        own, user = covered.segments.get(s.id), covered.users.get(s.id)
        if (own is None or own.sigma is None) and user is None:
            continue
        unknown, ratio = s.id in assessed.unknown, range_text(user) if user else None
        if covered.basis is Basis.COUNT:
            made = say("不明", "unknown") if unknown else say("有", "yes") if s.live else say("无", "no")
            rows.append([say(s.name, s.name_en), made, ratio])
        elif own is None or unknown:
            rows.append([say(s.name, s.name_en), own.demand if own else None, None, None, None, None, ratio])
        else:
            rows.append([say(s.name, s.name_en), own.demand, own.supply, own.unit, own.sigma, own.unmet, ratio])
    return rows


def coverage_line(covered: ChainCoverage) -> str:
    """Basis and the chain's λ in one line."""
    basis = say(*BASIS_NAMES[covered.basis])
    if covered.total is None:
        return say(
            f"{basis}：全链本地配套率未适用（数据不全）", f"{basis}: λ of the chain not applied for want of data"
        )
    return say(
        f"{basis}：全链本地配套率 {range_text(covered.total)}", f"{basis}: λ of the chain {range_text(covered.total)}"
    )


def range_text(covered: UserCoverage) -> str:
    """30%, or 30%-70% where part of it is unknown."""
    low, high = f"{covered.value:.0%}", f"{covered.value + covered.unknown:.0%}"
    return low if low == high else f"{low}–{high}"


def coverage_json(assessed: ChainAssessment) -> dict[str, Any]:
    """Coverage on every basis that could be taken, as plain data."""
    bases = [c for c in (assessed.measured_coverage, assessed.coverage) if c is not None]
    return {
        "region": assessed.gaps.region,
        "chain": assessed.gaps.chain,
        "as_of": assessed.gaps.as_of,
        "not_applied": [say_reason(r) for r in assessed.not_applied],
        "dependence": [
            {
                "segment": d.segment,
                "delta": d.delta,
                "basis": d.basis.value,
                "hhi": d.concentration,
                "origins": dict(d.origins),
                "flagged": d.flagged,
            }
            for d in assessed.dependence
        ],
        **{
            c.basis.value: {
                "segments": {
                    s: {
                        "demand": x.demand,
                        "supply": x.supply,
                        "sigma": x.sigma,
                        "unmet": x.unmet,
                        "unit": x.unit,
                        "unknown": s in assessed.unknown,
                    }
                    for s, x in c.segments.items()
                },
                "users": {n: {"lambda": x.value, "unknown": x.unknown} for n, x in c.users.items()},
                "total": None if c.total is None else {"lambda": c.total.value, "unknown": c.total.unknown},
                "assumed_shares": sorted(c.assumed),
            }
            for c in bases
        },
    }
