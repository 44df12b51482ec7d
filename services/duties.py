"""From the store: who answers for what in a region, and how its targets stand in a period.

What a document says is a region's *own* where the document applies to the region or to one that lies in it; what applies to
a region above it is counted only where the caller asks for it, and its number is given otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from graph.analysis.department_load import Body, Item, Kind, Organisation, organisation
from graph.analysis.target_progress import Period, Progress, Standing, assess_targets
from graph.database.rows import (
    KnownChain,
    MeasureResponsibility,
    RegionScope,
    Responsibility,
    TargetGoal,
    TargetObservation,
    TaskResponsibility,
)
from graph.database.store import Store
from graph.schema import Observation, Target
from graph.settings import ProgressThresholds, settings

_RESPONSIBILITIES: dict[Kind, type[TaskResponsibility] | type[MeasureResponsibility]] = {
    "task": TaskResponsibility,
    "measure": MeasureResponsibility,
}


@dataclass(frozen=True)
class Scope:
    """What is asked for: a region, perhaps some chains (id -> name; empty: all), perhaps what is above the region too."""

    region: str
    region_name: str
    chains: Mapping[str, str]
    chain_names: Mapping[str, str]
    higher: bool
    own: frozenset[str]
    above: frozenset[str]

    def reach(self, regions: Collection[str]) -> str:
        """``own``, ``above`` or ``elsewhere``; what names no region is the region's own."""
        if not regions or not self.own.isdisjoint(regions):
            return "own"
        return "above" if not self.above.isdisjoint(regions) else "elsewhere"

    def wants(self, regions: Collection[str]) -> bool:
        """Whether what applies to these regions counts."""
        return self.reach(regions) in (("own", "above") if self.higher else ("own",))

    def about(self, chains: Collection[str]) -> bool:
        """Whether it concerns one of the chains asked for."""
        return not self.chains or not self.chains.keys().isdisjoint(chains)


@dataclass(frozen=True)
class RegionOrganisation:
    """Load and cooperation in a region. ``on`` is the date on which a responsibility must hold, ``left_out`` counts
    the tasks and measures of documents from above the region that do not count.
    """

    scope: Scope
    on: str | None
    organisation: Organisation
    left_out: int


@dataclass(frozen=True)
class TargetProgress:
    """A target's progress, who leads and supports the tasks that set it, its chains, the clause as a reader looks it up."""

    progress: Progress
    leads: tuple[Body, ...]
    supports: tuple[Body, ...]
    chains: tuple[str, ...]
    clause: str
    document: str


@dataclass(frozen=True)
class RegionProgress:
    """Targets of a region in a period, the most urgent first, and who answers for what.

    ``left_out`` counts the targets set above the region that do not count.
    """

    scope: Scope
    period: Period
    targets: tuple[TargetProgress, ...]
    organisation: RegionOrganisation
    left_out: int
    thresholds: ProgressThresholds

    @cached_property
    def counts(self) -> dict[Standing, int]:
        """How many targets stand how."""
        return {s: sum(1 for t in self.targets if t.progress.standing is s) for s in Standing}

    def standing(self, *which: Standing) -> tuple[TargetProgress, ...]:
        """The targets that stand so."""
        return tuple(t for t in self.targets if t.progress.standing in which)


def assess_organisation(
    store: Store, region: str, chains: Iterable[str] = (), *, higher: bool = False, on: str | None = None
) -> RegionOrganisation:
    """Load and cooperation of the departments that answer for a region's tasks and measures.

    Parameters
    ----------
    region, chains: ids, names or aliases; no chain means all tasks, those about no chain too.
    higher: documents of the regions above count too.
    on: ISO date on which a responsibility must hold; by default the date of the data.

    Raises:
        NotFoundError: no such region or chain, or several.
    """
    scope, day = _scope(store, region, chains, higher=higher), on or store.data_date()
    return _organisation(scope, day, *_items(store, day))


def assess_progress(
    store: Store, region: str, period: Period, chains: Iterable[str] = (), *, higher: bool = False
) -> RegionProgress:
    """How the targets of a region stand in a period, and who answers for them.

    Raises:
        NotFoundError: no such region or chain, or several.
    """
    scope = _scope(store, region, chains, higher=higher)
    day = period.end.isoformat()
    bodies, items = _items(store, day)
    goals = [goal for goal in store.rows(TargetGoal) if scope.about(_chains(goal))]
    counted = {goal.id: goal for goal in goals if scope.wants(goal.regions or goal.scopes)}
    observed = _observations(store)
    pairs = [(_target(goal), observed.get(goal.id, [])) for goal in counted.values()]
    tasks = {item.id: item for item, _ in items}
    return RegionProgress(
        scope,
        period,
        tuple(
            _with_bodies(p, counted[p.target.id], tasks, bodies)
            for p in assess_targets(pairs, period, settings.progress)
        ),
        _organisation(scope, day, bodies, items),
        sum(1 for goal in goals if goal.id not in counted and scope.reach(goal.regions or goal.scopes) == "above"),
        settings.progress,
    )


def _scope(store: Store, region: str, chains: Iterable[str], *, higher: bool) -> Scope:
    place = store.find(region, "Region")
    wanted = {subject.id: subject.name for subject in (store.find(chain, "Chain") for chain in chains)}
    [around] = store.rows(RegionScope, region=place.id)
    return Scope(
        place.id,
        place.name,
        wanted,
        {chain.id: chain.name for chain in store.rows(KnownChain)},
        higher,
        frozenset([place.id, *around.inside]),
        frozenset(around.above),
    )


def _organisation(
    scope: Scope, on: str | None, bodies: Mapping[str, Body], items: Iterable[tuple[Item, list[str]]]
) -> RegionOrganisation:
    about = [(item, scopes) for item, scopes in items if scope.about(item.chains)]
    counted = [item for item, scopes in about if scope.wants(scopes)]
    above = sum(1 for _, scopes in about if scope.reach(scopes) == "above")
    load = organisation(bodies.values(), counted, settings.organisation)
    return RegionOrganisation(scope, on, load, 0 if scope.higher else above)


def _items(store: Store, on: str | None) -> tuple[dict[str, Body], list[tuple[Item, list[str]]]]:
    """All departments, and all tasks and measures with the regions that their document applies to."""
    bodies: dict[str, Body] = {}
    items = []
    for kind, row_type in _RESPONSIBILITIES.items():
        answering: defaultdict[str, list[Responsibility]] = defaultdict(list)
        for row in store.rows(row_type):
            answering[row.id].append(row)
            if row.department:
                name = row.department_name or row.department
                bodies[row.department] = Body(row.department, name, row.department_name_en, row.level)
        items += [(_item(kind, same, on), same[0].scopes) for same in answering.values()]
    return bodies, items


def _item(kind: Kind, rows: list[Responsibility], on: str | None) -> Item:
    first = rows[0]
    holding = sorted((row for row in rows if _holds(row, on)), key=_as_named)
    roles = [(row.department, row.role) for row in holding if row.department]
    return Item(
        first.id,
        first.name or first.id,
        kind,
        frozenset(department for department, role in roles if role == "lead"),
        frozenset(department for department, role in roles if role == "support"),
        frozenset(_chains(first)),
        _cited(first),
        tuple(dict.fromkeys(department for department, _ in roles)),
    )


def _as_named(row: Responsibility) -> tuple[bool, int, str]:
    """The department that the document names first is the first; those without a place come last, by id."""
    return row.named is None, row.named or 0, row.department or ""


def _holds(row: Responsibility, on: str | None) -> bool:
    """Whether an appointment holds on a day; dates of less precision hold for all of their year or month."""
    if on is None:
        return True
    begins, ends = row.valid_from, row.valid_to
    return (begins is None or begins <= on) and (ends is None or ends >= on[: len(ends)])


def _chains(row: Responsibility | TargetGoal) -> set[str]:
    return {*row.whole, *row.homes}


def _cited(row: Responsibility | TargetGoal) -> str:
    return " ".join(filter(None, [row.document_number, "、".join(sorted(row.paths))]))


def _target(goal: TargetGoal) -> Target:
    return Target(**{name: value for name, value in asdict(goal).items() if name in Target.model_fields})


def _observations(store: Store) -> dict[str, list[Observation]]:
    observed: defaultdict[str, list[Observation]] = defaultdict(list)
    for row in store.rows(TargetObservation):
        given: dict[str, Any] = {k: v for k, v in asdict(row).items() if k != "target" and v is not None}
        observed[row.target].append(Observation(**given))
    return observed


def _with_bodies(
    progress: Progress, goal: TargetGoal, tasks: Mapping[str, Item], bodies: Mapping[str, Body]
) -> TargetProgress:
    setting = [tasks[task] for task in goal.tasks if task in tasks]
    leads = dict.fromkeys(b for task in setting for b in task.named if b in task.leads)
    supports = dict.fromkeys(b for task in setting for b in task.named if b in task.supports and b not in leads)
    return TargetProgress(
        progress,
        tuple(bodies[b] for b in leads),
        tuple(bodies[b] for b in supports),
        tuple(sorted(_chains(goal))),
        _cited(goal),
        goal.document_name or "",
    )
