"""Who answers for what: load of departments, who works with whom, what nobody answers for.

Pure functions over a bipartite graph of departments and items (tasks and measures) and its weighted projection onto the
departments (one edge for two departments that answer for a common task, weight = number of common tasks; Newman 2001, Phys.
Rev. E 64:016132, https://doi.org/10.1103/PhysRevE.64.016132, without his weighting by size). Groups such as
相关区（市）县政府 stay one node and are marked, because the document does not say which of them is meant.

Betweenness is a measure of organisation here: on how many shortest lines of cooperation a department lies. It says
nothing about an industry chain.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

import networkx as nx

from graph.settings import OrganisationThresholds

Kind = Literal["task", "measure"]


@dataclass(frozen=True)
class Body:
    """A department, a group of them (``is_group``) or a state company."""

    id: str
    name: str
    name_en: str | None = None
    level: str | None = None

    @property
    def is_group(self) -> bool:
        """Whether it stands for several bodies that the document does not name."""
        return self.level == "group"


@dataclass(frozen=True)
class Item:
    """A task or measure: its leads, its supporters, the chains it is about, the clause as a reader looks it up."""

    id: str
    name: str
    kind: Kind
    leads: frozenset[str] = frozenset()
    supports: frozenset[str] = frozenset()
    chains: frozenset[str] = frozenset()
    clause: str = ""
    #: All that answer for it, in the order of the document.
    named: tuple[str, ...] = ()

    @property
    def bodies(self) -> frozenset[str]:
        """All that answer for it; who leads and supports at once leads."""
        return self.leads | self.supports


@dataclass(frozen=True)
class Load:
    """What one department answers for. ``by_chain``: chain -> (items led, items supported).

    ``unsupported`` are the tasks it leads and nobody supports; ``weighted_degree`` is the sum of its common tasks over all
    partners, ``betweenness`` 0-1 (an organisational measure).
    """

    body: Body
    tasks_led: int
    tasks_supported: int
    measures_led: int
    measures_supported: int
    by_chain: dict[str, tuple[int, int]]
    unsupported: tuple[str, ...]
    partners: int
    weighted_degree: int
    betweenness: float

    @property
    def led(self) -> int:
        """Tasks and measures led."""
        return self.tasks_led + self.measures_led


@dataclass(frozen=True)
class Pair:
    """Two departments with common tasks: how many, and in how many one leads and the other supports.

    ``first_leads``: the first leads, the second supports; ``second_leads`` the other way; ``both_lead`` and ``both_support``
    for the rest.
    """

    first: Body
    second: Body
    shared: int
    first_leads: int
    second_leads: int
    both_lead: int
    both_support: int


@dataclass(frozen=True)
class Organisation:
    """Load and cooperation. Loads: most led first; pairs: most in common first.

    ``without_lead``: tasks that no department leads; ``without_department``: measures that none answers for;
    ``unsupported``: departments with at least the threshold of tasks that they lead and nobody supports.
    """

    loads: tuple[Load, ...] = ()
    pairs: tuple[Pair, ...] = ()
    tasks: int = 0
    measures: int = 0
    without_lead: tuple[Item, ...] = ()
    without_department: tuple[Item, ...] = ()
    unsupported: tuple[Load, ...] = ()
    thresholds: OrganisationThresholds = field(default_factory=OrganisationThresholds)


def organisation(bodies: Iterable[Body], items: Iterable[Item], thresholds: OrganisationThresholds) -> Organisation:
    """Load and cooperation of departments, independent of the order of both.

    Parameters
    ----------
    bodies: all that ``items`` name; those that answer for nothing are left out.
    """
    known = {body.id: body for body in bodies}
    ordered = sorted(items, key=lambda item: item.id)
    tasks = [item for item in ordered if item.kind == "task"]
    measures = [item for item in ordered if item.kind == "measure"]
    together = cooperation(tasks)
    loads = _loads(known, ordered, together)
    return Organisation(
        loads,
        _pairs(known, tasks),
        len(tasks),
        len(measures),
        tuple(item for item in tasks if not item.leads),
        tuple(item for item in measures if not item.bodies),
        tuple(load for load in loads if len(load.unsupported) >= thresholds.unsupported_tasks),
        thresholds,
    )


def responsibility_graph(items: Iterable[Item]) -> nx.Graph[str]:
    """The bipartite graph: departments (``bipartite`` 0) and items (1); an edge's ``role`` is lead or support."""
    graph: nx.Graph[str] = nx.Graph()
    for item in sorted(items, key=lambda item: item.id):
        graph.add_node(item.id, bipartite=1, kind=item.kind)
        for body in sorted(item.bodies):
            graph.add_node(body, bipartite=0)
            graph.add_edge(body, item.id, role="lead" if body in item.leads else "support")
    return graph


def cooperation(items: Iterable[Item]) -> nx.Graph[str]:
    """Departments joined by the items they have in common; ``weight`` counts them."""
    graph = responsibility_graph(items)
    bodies = sorted(node for node, data in graph.nodes(data=True) if data["bipartite"] == 0)
    if not bodies:
        return nx.Graph()
    projected: nx.Graph[str] = nx.bipartite.weighted_projected_graph(graph, bodies)
    return projected


def _loads(known: dict[str, Body], items: Sequence[Item], together: nx.Graph[str]) -> tuple[Load, ...]:
    led, supported = _by_body(items, lead=True), _by_body(items, lead=False)
    degree = dict(together.degree(weight="weight"))
    between = nx.betweenness_centrality(together) if together else {}
    loads = []
    for body in led.keys() | supported.keys():
        counts = Counter((item.kind, True) for item in led[body]) + Counter((i.kind, False) for i in supported[body])
        unsupported = (item.id for item in led[body] if item.kind == "task" and not item.supports - item.leads)
        loads.append(
            Load(
                known[body],
                counts["task", True],
                counts["task", False],
                counts["measure", True],
                counts["measure", False],
                _by_chain(led[body], supported[body]),
                tuple(unsupported),
                together.degree(body) if body in together else 0,
                degree.get(body, 0),
                between.get(body, 0.0),
            )
        )
    return tuple(sorted(loads, key=lambda x: (-x.led, -x.tasks_supported - x.measures_supported, x.body.id)))


def _by_body(items: Iterable[Item], *, lead: bool) -> defaultdict[str, list[Item]]:
    items_of: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        for body in item.leads if lead else item.supports - item.leads:
            items_of[body].append(item)
    return items_of


def _by_chain(led: Iterable[Item], supported: Iterable[Item]) -> dict[str, tuple[int, int]]:
    leads = Counter(chain for item in led for chain in item.chains)
    supports = Counter(chain for item in supported for chain in item.chains)
    return {chain: (leads[chain], supports[chain]) for chain in sorted(leads.keys() | supports.keys())}


def _pairs(known: dict[str, Body], tasks: Iterable[Item]) -> tuple[Pair, ...]:
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for task in tasks:
        for first, second in combinations(sorted(task.bodies), 2):
            counts[first, second][f"{first in task.leads}{second in task.leads}"] += 1
    pairs = [
        Pair(known[a], known[b], c.total(), c["TrueFalse"], c["FalseTrue"], c["TrueTrue"], c["FalseFalse"])
        for (a, b), c in counts.items()
    ]
    return tuple(sorted(pairs, key=lambda p: (-p.shared, p.first.id, p.second.id)))
