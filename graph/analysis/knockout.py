"""M3 Knock-out: what is lost when firms, parks, outside sources or links fall out, all essential inputs being needed.

q_n, the share of its normal output that link n still makes, starts at 1 everywhere and goes down to the greatest
fixpoint of

    q_n = (local supply left · factor_n + outside supply left) / (local + outside supply)
    factor_n = min( min over essential needs of q,  1 - Σ non-essential a·(1-q) / Σ all a )

where inputs of one ``group`` replace one another (OR: the group is as good as its best member) and a is the cost share.
The loss is L = Σ w·(1-q) / Σ w. Compare the ESRI of Diem et al. 2022 (Sci. Rep. 12:7719,
https://doi.org/10.1038/s41598-022-11522-z). Nobody is taken to step in for what falls out, so a loss is an upper bound.

Path measures (dominators, minimum cuts, betweenness) take any one input to be enough and miss this.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
import numpy.typing as npt

from graph.analysis.inputs import Need, needs_of
from graph.analysis.makers import OUTSIDE

#: A firm's or an outside source's supply of a link: (link, supplier).
Supply = tuple[str, str]

_PRECISION = 1e-11
#: q below which a link makes nothing.
STOPPED = 1e-9
_CELLS = 2_000_000  # of the array of links x scenarios that is worked on at a time
_Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Knockout:
    """What one removal costs: ``loss`` L (0-1), and the links that it stops or weakens with their q, worst first."""

    id: str
    loss: float
    links: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class RemovalCurve:
    """Share of output left (0-1) after each share of suppliers is removed; ``area`` under it is Schneider's R.

    Schneider et al. 2011, PNAS 108(10):3838, https://doi.org/10.1073/pnas.1009440108.
    """

    removed: tuple[float, ...]
    left: tuple[float, ...]

    @property
    def area(self) -> float:
        """Mean share of output left over all steps: 1 nothing is ever lost, 0 everything at once."""
        return sum(self.left) / len(self.left) if self.left else 1.0


class SupplyModel:
    """A chain with who supplies how much of each link, made ready for many removals at once.

    Parameters
    ----------
    graph: edges run from supplier to user; edge attributes ``essential`` (default true), ``group`` (substitutable
        inputs of one target) and ``cost_share`` (fraction 0-1; where it is absent the inputs share equally).
    local: link -> firm -> quantity, in one unit per link (capacity, output, or 1 a firm).
    outside: link -> source -> quantity, in the same unit.
    weights: w of each link; local supply where none are given.
    unknown: links of which nobody knows where their supply comes from: it may be made here, so it is taken to need
        its inputs like local supply (an upper bound of the loss).

    A link with neither is taken to be supplied from ``OUTSIDE``; ``assumed`` lists those. ``needs`` are the inputs of
    each link.
    """

    def __init__(
        self,
        graph: nx.MultiDiGraph[str],
        local: Mapping[str, Mapping[str, float]],
        outside: Mapping[str, Mapping[str, float]] | None = None,
        weights: Mapping[str, float] | None = None,
        unknown: Collection[str] = (),
    ) -> None:
        outside = outside or {}
        self.links = list(graph)
        self._index = {link: i for i, link in enumerate(self.links)}
        self._local = [dict(local.get(link, {})) for link in self.links]
        self._outside = [dict(outside.get(link, {})) for link in self.links]
        self.assumed = []
        for i, link in enumerate(self.links):
            if sum(self._local[i].values()) + sum(self._outside[i].values()) == 0:
                self._outside[i] = {OUTSIDE: 1.0}
                self.assumed.append(link)
        self._own = [sum(held.values()) for held in self._local]
        self._total = [own + sum(held.values()) for own, held in zip(self._own, self._outside, strict=True)]
        own = dict(zip(self.links, self._own, strict=True))
        self._weights = np.array([(weights or own).get(link, 0.0) for link in self.links], dtype=float)
        self.needs = {link: needs_of(graph, link) for link in self.links}
        self.unknown = frozenset(link for link in self.assumed if link in unknown)
        self._passing = {self._index[link] for link in self.unknown}
        self._needs = [[_indexed(need, self._index) for need in needs] for needs in self.needs.values()]
        self._users = [sorted(self._index[user] for user in graph.successors(link)) for link in self.links]
        self._order = _evaluation_order(graph, self._index)

    @property
    def total_weight(self) -> float:
        """Σ w: nothing can be lost where it is 0."""
        return float(self._weights.sum())

    def suppliers(self, *, outside: bool = False) -> dict[str, set[Supply]]:
        """Every firm (or every outside source) with all that it supplies."""
        supplied: dict[str, set[Supply]] = {}
        for link, held in zip(self.links, self._outside if outside else self._local, strict=True):
            for supplier in held:
                supplied.setdefault(supplier, set()).add((link, supplier))
        return supplied

    def supplies(self, link: str, *, local: bool = True, outside: bool = True) -> set[Supply]:
        """All supplies of a link; none where the link is not in the chain."""
        if link not in self._index:
            return set()
        i = self._index[link]
        held = [*(self._local[i] if local else ()), *(self._outside[i] if outside else ())]
        return {(link, supplier) for supplier in held}

    def losses(self, removals: Sequence[Collection[Supply]]) -> list[float]:
        """L (0-1) of every removal, each on its own."""
        losses = np.zeros(len(removals))
        if self.total_weight:
            for scenarios, rows, left in self._work(removals):
                losses[scenarios] = self._weights[rows] @ (1 - left) / self.total_weight
        return [float(loss) for loss in losses]

    def remaining(self, removals: Sequence[Collection[Supply]]) -> list[dict[str, float]]:
        """q of every link that a removal weakens, for every removal; the other links still make all (q = 1)."""
        return [left for _, left in self.evaluate(removals)]

    def evaluate(self, removals: Sequence[Collection[Supply]]) -> list[tuple[float, dict[str, float]]]:
        """L, and q of every link that is weakened, for every removal."""
        outcomes: list[tuple[float, dict[str, float]]] = [(0.0, {}) for _ in removals]
        weight = self.total_weight
        for scenarios, rows, left in self._work(removals):
            lost = self._weights[rows] @ (1 - left) / weight if weight else np.zeros(len(scenarios))
            for column, scenario in enumerate(scenarios):
                hit = np.flatnonzero(left[:, column] < 1 - STOPPED)
                links = {self.links[rows[i]]: float(left[i, column]) for i in hit}
                outcomes[scenario] = (float(lost[column]), links)
        return outcomes

    def losses_in_turn(self, removals: Sequence[Collection[Supply]], steps: int) -> list[float]:
        """L (0-1) as the removals happen one after the other, at so many points on the way, the last one at the end.

        The same as ``losses`` of growing unions, but each supply is looked at once.
        """
        count = min(steps, len(removals))
        gone = np.zeros((2, len(self.links), count))
        seen: set[Supply] = set()
        for turn, removal in enumerate(removals):
            step = -(-(turn + 1) * count // len(removals)) - 1
            for link, supplier in set(removal) - seen:
                i = self._index[link]
                gone[0, i, step] += self._local[i].get(supplier, 0.0)
                gone[1, i, step] += self._outside[i].get(supplier, 0.0)
            seen.update(removal)
        held = np.array([self._own, np.subtract(self._total, self._own)])[:, :, None]
        left = held - gone.cumsum(axis=2)
        left[left < STOPPED * held] = 0.0  # what rounding leaves of nothing
        local, outside = left / np.array(self._total)[None, :, None]
        made = self._propagated(range(len(self.links)), local, outside)
        return [float(loss) for loss in self._weights @ (1 - made) / (self.total_weight or 1.0)]

    def _work(self, removals: Sequence[Collection[Supply]]) -> Iterator[tuple[list[int], list[int], _Array]]:
        """Batches of scenarios that touch the same part of the chain: (scenarios, links, q as links x scenarios)."""
        direct = [self._left_directly(removal) for removal in removals]
        reach: dict[int, set[int]] = {}
        batch: list[int] = []
        rows: set[int] = set()
        # Scenarios with neighbouring links come together, so that a batch touches few links.
        for scenario in sorted((s for s, d in enumerate(direct) if d), key=lambda s: min(direct[s])):
            if not direct[scenario].keys() <= rows:
                touched = set().union(*(self._reach(i, reach) for i in direct[scenario]))
                if batch and (not rows & touched or len(rows | touched) * (len(batch) + 1) > _CELLS):
                    yield batch, *self._solve(batch, rows, direct)
                    batch, rows = [], set()
                rows = rows | touched
            elif len(rows) * (len(batch) + 1) > _CELLS:
                yield batch, *self._solve(batch, rows, direct)
                batch = []
            batch.append(scenario)
        if batch:
            yield batch, *self._solve(batch, rows, direct)

    def _left_directly(self, removal: Collection[Supply]) -> dict[int, tuple[float, float]]:
        """link -> share of its total supply that is still there, (local, outside), where something is removed."""
        gone: dict[int, set[str]] = {}
        for link, supplier in removal:
            if link in self._index:
                gone.setdefault(self._index[link], set()).add(supplier)
        remaining = {}
        for i, suppliers in gone.items():
            local, outside, total = self._local[i], self._outside[i], self._total[i]
            lost = [local[s] for s in suppliers if s in local]
            if lost or suppliers & outside.keys():
                left = 0.0 if len(lost) == len(local) else max(0.0, self._own[i] - sum(lost))
                remaining[i] = (left / total, sum(x for s, x in outside.items() if s not in suppliers) / total)
        return remaining

    def _reach(self, link: int, known: dict[int, set[int]]) -> set[int]:
        """The link and all that hangs on it, directly or not."""
        if link not in known:
            reached, waiting = {link}, [link]
            while waiting:
                for user in self._users[waiting.pop()]:
                    if user not in reached:
                        reached.add(user)
                        waiting.append(user)
            known[link] = reached
        return known[link]

    def _solve(
        self, batch: Sequence[int], rows: Collection[int], direct: Sequence[Mapping[int, tuple[float, float]]]
    ) -> tuple[list[int], _Array]:
        """q of the links ``rows`` in every scenario of the batch."""
        ordered = sorted(rows)
        place = {link: row for row, link in enumerate(ordered)}
        base = np.array([[self._own[i], self._total[i] - self._own[i]] for i in ordered], dtype=float)
        base /= np.array([self._total[i] for i in ordered])[:, None]
        local = np.repeat(base[:, :1], len(batch), axis=1)
        outside = np.repeat(base[:, 1:], len(batch), axis=1)
        for column, scenario in enumerate(batch):
            for link, (here, elsewhere) in direct[scenario].items():
                local[place[link], column], outside[place[link], column] = here, elsewhere
        return ordered, self._propagated(ordered, local, outside)

    def _propagated(self, rows: Sequence[int], local: _Array, outside: _Array) -> _Array:
        """q of the links ``rows`` (rows x scenarios), from the shares of their own supply that are left."""
        place = {link: row for row, link in enumerate(rows)}
        left = np.ones(local.shape)
        for group in self._order:
            members = [i for i in group if i in place]
            if len(members) == 1:
                left[place[members[0]]] = self._one(members[0], left, place, local, outside)
            elif members:
                self._settle(members, left, place, local, outside)
        return left

    def _one(self, link: int, left: _Array, place: Mapping[int, int], local: _Array, outside: _Array) -> _Array:
        """q of one link in every scenario, from what is left of its inputs."""
        row = place[link]
        factor = self._factor(link, left, place)
        supplied = (local[row] + outside[row]) * factor if link in self._passing else local[row] * factor + outside[row]
        now: _Array = np.minimum(left[row], supplied)
        return now

    def _settle(
        self, members: Sequence[int], left: _Array, place: Mapping[int, int], local: _Array, outside: _Array
    ) -> None:
        """The greatest fixpoint of links in loops, written into ``left``; scenarios that are settled drop out."""
        moving = np.arange(left.shape[1])
        while moving.size:
            part, here, elsewhere = left[:, moving], local[:, moving], outside[:, moving]
            change = np.ones(moving.size)
            while (change > _PRECISION).sum() > moving.size // 2:
                change = np.zeros(moving.size)
                for i in members:
                    now = self._one(i, part, place, here, elsewhere)
                    change = np.maximum(change, part[place[i]] - now)
                    part[place[i]] = now
            left[:, moving] = part
            moving = moving[change > _PRECISION]

    def _factor(self, link: int, left: _Array, place: Mapping[int, int]) -> _Array | float:
        """How much of its output the inputs of a link allow (0-1)."""
        scarcest: _Array | float = 1.0
        missed: _Array | float = 0.0
        total = 0.0
        for members, essential, share in self._needs[link]:
            total += share
            if any(m not in place for m in members):
                continue  # a member that nothing touches is all there
            best = left[[place[m] for m in members]].max(axis=0)
            if essential:
                scarcest = np.minimum(scarcest, best)
            else:
                missed = missed + share * (1 - best)
        return np.minimum(scarcest, 1 - missed / total) if total else scarcest


def _indexed(need: Need, index: Mapping[str, int]) -> tuple[tuple[int, ...], bool, float]:
    return tuple(index[s] for s in need.suppliers), need.essential, need.share


def _evaluation_order(graph: nx.MultiDiGraph[str], index: Mapping[str, int]) -> list[list[int]]:
    """Links with suppliers before users; the links of a loop together."""
    condensed = nx.condensation(nx.DiGraph(graph))
    return [sorted(index[link] for link in condensed.nodes[c]["members"]) for c in nx.topological_sort(condensed)]


# -- questions ---------------------------------------------------------------------------------------


def knock_out(model: SupplyModel, removals: Mapping[str, Collection[Supply]]) -> list[Knockout]:
    """Every removal on its own, worst first (equal ones by id)."""
    knockouts = []
    for (name, _), (lost, left) in zip(removals.items(), model.evaluate(list(removals.values())), strict=True):
        knockouts.append(Knockout(name, lost, tuple(sorted(left.items(), key=lambda item: (item[1], item[0])))))
    return sorted(knockouts, key=lambda k: (-k.loss, k.id))


def targeted_curve(model: SupplyModel, units: Mapping[str, Collection[Supply]], steps: int = 100) -> RemovalCurve:
    """Output left as units are removed, the one with the largest loss of its own first."""
    ranked = [k.id for k in _ranked(model, units)]
    return _curve(model, units, ranked, steps)


def random_curve(
    model: SupplyModel, units: Mapping[str, Collection[Supply]], steps: int = 100, orders: int = 20, seed: int = 0
) -> RemovalCurve:
    """Output left as units are removed at random: the mean of several orders, the same for the same seed."""
    names, chance = sorted(units), random.Random(seed)
    curves = [_curve(model, units, chance.sample(names, len(names)), steps) for _ in range(orders)]
    left = np.mean([c.left for c in curves], axis=0)
    return RemovalCurve(curves[0].removed, tuple(float(x) for x in left))


def _ranked(model: SupplyModel, units: Mapping[str, Collection[Supply]]) -> list[Knockout]:
    names = list(units)
    losses = model.losses([units[name] for name in names])
    return sorted((Knockout(n, x, ()) for n, x in zip(names, losses, strict=True)), key=lambda k: (-k.loss, k.id))


def _curve(
    model: SupplyModel, units: Mapping[str, Collection[Supply]], order: Sequence[str], steps: int
) -> RemovalCurve:
    losses = model.losses_in_turn([units[name] for name in order], steps) if order else []
    removed = tuple((len(order) * (step + 1) // len(losses)) / len(order) for step in range(len(losses)))
    return RemovalCurve(removed, tuple(1 - loss for loss in losses))


# -- the structure alone: every link has one maker and nothing comes from outside -------------------------


def remaining_output(graph: nx.MultiDiGraph[str], cut: Collection[str]) -> dict[str, float]:
    """Share (0-1) of its output that every link still makes once the links of ``cut`` make nothing.

    Monotone in ``cut``, independent of the order of nodes, and finite on cycles: a recycling loop keeps itself
    going unless something else in it fails.
    """
    model = _structure(graph)
    left = model.remaining([{(link, link) for link in cut}])[0]
    return {link: left.get(link, 1.0) for link in graph}


def loss(graph: nx.MultiDiGraph[str], cut: Collection[str], weights: Mapping[str, float] | None = None) -> float:
    """L: the weighted share (0-1) of the chain's output that is lost with the links of ``cut``.

    Parameters
    ----------
    weights: local output or capacity of each link; every link counts the same where it is not known.
    """
    return _structure(graph, weights).losses([{(link, link) for link in cut}])[0]


def criticality(graph: nx.MultiDiGraph[str]) -> dict[str, float]:
    """L of each single link, links weighing the same: how much of the chain (0-1) hangs on it."""
    links = list(graph)
    return dict(zip(links, _structure(graph).losses([{(link, link)} for link in links]), strict=True))


def _structure(graph: nx.MultiDiGraph[str], weights: Mapping[str, float] | None = None) -> SupplyModel:
    return SupplyModel(graph, {link: {link: 1.0} for link in graph}, weights=weights)
