"""The one bag of nodes and relationships: what a loader makes, a database gives back, and a plan is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from graph.language import say
from graph.schema import Clause, Dataset, Fact, Node, Relationship, StatedIn

F = TypeVar("F", bound=Fact)


class ConflictError(ValueError):
    """One dataset says two different things of the same node or relationship."""


@dataclass
class Stated:
    """Nodes and relationships by id, each once, whoever states them."""

    nodes: dict[str, Node] = field(default_factory=dict)
    relationships: dict[str, Relationship] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.nodes) + len(self.relationships)


@dataclass(init=False)
class Facts(Stated):
    """The nodes and relationships that one dataset states."""

    dataset: Dataset = field(kw_only=True)

    def __init__(
        self,
        dataset: Dataset,
        nodes: dict[str, Node] | None = None,
        relationships: dict[str, Relationship] | None = None,
    ) -> None:
        super().__init__({} if nodes is None else nodes, {} if relationships is None else relationships)
        self.dataset = dataset

    def add(self, *facts: Fact) -> None:
        """Add facts; the same one again adds its sources.

        Raises:
            ConflictError: it is stated before with another value of a property.
        """
        for fact in facts:
            if isinstance(fact, Node):
                self.nodes[fact.id] = _united(self.nodes.get(fact.id), fact)
            elif isinstance(fact, Relationship):
                self.relationships[fact.id] = _united(self.relationships.get(fact.id), fact)

    def add_citations(self) -> None:
        """Join every node to the clauses among its sources (STATED_IN)."""
        for node in list(self.nodes.values()):
            if isinstance(node, Clause):
                continue
            for source in node.sources:
                if source.startswith(f"{Clause.prefix}:"):
                    self.add(StatedIn(start=node.id, end=source, sources=[source], method=node.method))


def _united(before: F | None, after: F) -> F:
    if before is None or before == after:
        return after
    old, new = before.properties(), after.properties()
    merged = dict(old)
    for name, value in new.items():
        if isinstance(value, list):
            merged[name] = sorted({*old.get(name, []), *value})
        elif name in old and old[name] != value:
            raise ConflictError(
                say(
                    f"{old['id']} 的 {name} 前后不一：{old[name]!r} 与 {value!r}",
                    f"{old['id']} has two values of {name}: {old[name]!r} and {value!r}",
                )
            )
        else:
            merged[name] = value
    if isinstance(after, Relationship):
        merged.pop("id")
        merged |= {"start": after.start, "end": after.end}
    return type(after).model_validate(merged)
