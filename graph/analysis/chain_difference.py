"""What changed in a chain of a region between two states of the graph.

Pure functions over the lists (``services.chain_lists``) and the assessments (M1) of both. The difference of a state with itself
is empty, and that of b and a is that of a and b turned round.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from graph.analysis.assessment import ChainGaps, SegmentGap

Row = Mapping[str, Any]
Table = Mapping[str, Row]

#: The properties that count as a change, by list; what is not named (notes, sources, dates of evidence) does not.
COMPARED: dict[str, tuple[str, ...]] = {
    "firms": ("name", "homes", "owner", "honours", "active"),
    "operations": ("stage", "capacity", "unit", "output"),
    "leaders": ("tier", "role", "valid_from", "valid_to"),
    "carriers": ("role", "valid_from", "valid_to"),
    "tasks": ("name", "goals", "stances", "leads", "supports"),
    "targets": ("name", "comparator", "value", "unit", "year", "base_year"),
    "observations": ("period", "value", "measured"),
    "measures": (
        "name",
        "instrument",
        "rate_min",
        "rate_max",
        "rate_base",
        "cap",
        "amount",
        "total",
        "annual_cap",
        "years",
        "condition",
        "beneficiary",
    ),
    "platforms": ("name", "kind", "places", "tasks"),
    "documents": ("name", "number", "issued", "effective", "expires"),
}


class Kind(StrEnum):
    """What happened to a thing. A firm enters or leaves where it was or stays on record elsewhere."""

    NEW = "new"
    GONE = "gone"
    ENTERED = "entered"
    LEFT = "left"
    CHANGED = "changed"


@dataclass(frozen=True)
class ChainState:
    """A chain in a region at one time.

    Parameters
    ----------
    gaps: the assessment; None where the graph did not know the region or the chain.
    tables: lists by name, as in ``COMPARED``; rows by id.
    on_record: firms of either state that the graph knows, wherever they work (id -> row).
    """

    gaps: ChainGaps | None = None
    tables: Mapping[str, Table] = field(default_factory=dict)
    on_record: Table = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One change: of one property (``field``) of one thing, or of the thing as a whole.

    ``row`` is the thing as it is, or as it was where it is gone.
    """

    table: str
    id: str
    kind: Kind
    row: Row
    field: str = ""
    before: Any = None
    after: Any = None

    @property
    def is_start_of_production(self) -> bool:
        """An operation that was planned or being built and now runs."""
        return self.field == "stage" and self.after == "operating"


@dataclass(frozen=True)
class LinkChange:
    """A link whose status is another; None: the chain did not have the link."""

    id: str
    before: SegmentGap | None
    after: SegmentGap | None

    @property
    def name(self) -> str:
        """The link's name."""
        segment = self.after or self.before
        assert segment is not None
        return segment.name


@dataclass(frozen=True)
class ChainDifference:
    """What changed in one chain of one region."""

    before: ChainGaps | None
    after: ChainGaps | None
    links: tuple[LinkChange, ...]
    changes: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return not self.links and not self.changes

    @property
    def counts(self) -> dict[tuple[str, Kind], int]:
        """How many things changed, by list and kind; a thing with two changed properties counts once."""
        return Counter((table, kind) for table, kind, _ in {(c.table, c.kind, c.id) for c in self.changes})

    def of(self, table: str) -> tuple[Change, ...]:
        """The changes of one list."""
        return tuple(c for c in self.changes if c.table == table)


def compare(before: ChainState, after: ChainState) -> ChainDifference:
    """Everything that is otherwise after than before, in the order of lists, kinds and ids."""
    changes = [change for table in COMPARED for change in _compare_table(table, before, after)]
    kinds = {kind: place for place, kind in enumerate(Kind)}
    tables = {table: place for place, table in enumerate(COMPARED)}
    changes.sort(key=lambda c: (tables[c.table], kinds[c.kind], c.id, c.field))
    return ChainDifference(before.gaps, after.gaps, _compare_links(before.gaps, after.gaps), tuple(changes))


def _compare_table(name: str, before: ChainState, after: ChainState) -> list[Change]:
    old, new = before.tables.get(name, {}), after.tables.get(name, {})
    changes = [_appearance(name, i, new[i], Kind.NEW, before) for i in new.keys() - old.keys()]
    changes += [_appearance(name, i, old[i], Kind.GONE, after) for i in old.keys() - new.keys()]
    for i in old.keys() & new.keys():
        for column in COMPARED[name]:
            one, other = old[i].get(column), new[i].get(column)
            if one != other:
                changes.append(Change(name, i, Kind.CHANGED, new[i], column, one, other))
    return changes


def _appearance(table: str, id: str, row: Row, kind: Kind, other: ChainState) -> Change:
    """A firm that the other state knows elsewhere came or went; it is not new and not gone."""
    if table == "firms" and id in other.on_record:
        kind = Kind.ENTERED if kind is Kind.NEW else Kind.LEFT
    return Change(table, id, kind, row)


def _compare_links(before: ChainGaps | None, after: ChainGaps | None) -> tuple[LinkChange, ...]:
    old = {s.id: s for s in before.segments} if before else {}
    new = {s.id: s for s in after.segments} if after else {}
    changes = [
        LinkChange(i, old.get(i), new.get(i))
        for i in old.keys() | new.keys()
        if i not in old or i not in new or old[i].status is not new[i].status
    ]
    return tuple(sorted(changes, key=lambda c: (_order(c), c.id)))


def _order(change: LinkChange) -> int:
    segment = change.after or change.before
    assert segment is not None
    return segment.order
