"""The clauses of a document, and which of them are those of another copy of it."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping

from graph.facts import Stated
from graph.schema import Clause, Fact
from loaders.lexicon import fold

#: What a fact says of a clause, whatever node stands for it: ("lead", clause, department); or what clauses are told by.
Key = tuple[str, ...]


class Clauses:
    """The clauses of a document and what belongs to each."""

    def __init__(self, stated: Stated) -> None:
        self.clauses = {i: n for i, n in stated.nodes.items() if isinstance(n, Clause)}
        self.parent = {
            r.start: r.end
            for r in stated.relationships.values()
            if r.type() == "PART_OF" and r.start in self.clauses and r.end in self.clauses
        }

    def clause_of(self, fact: Fact) -> str:
        """The clause that states a fact; "" if none of the document does."""
        return next((i for i in fact.sources if i in self.clauses), "")

    def home(self, clause: str, homes: Mapping[str, str]) -> str:
        """What stands for a clause: itself or the nearest above it; "" outside all of them."""
        while clause and clause not in homes:
            clause = self.parent.get(clause, "")
        return homes.get(clause, "")

    def steps(self, clause: str) -> str:
        """The path in one spelling: 行动方案 三（一）1 and 行动方案/三、（一）1. are the same."""
        path = self.clauses[clause].path or " ".join(self._numbers(clause))
        return re.sub(r"[\W_]+", "/", unicodedata.normalize("NFKC", path)).strip("/")

    def _numbers(self, clause: str) -> list[str]:
        above = self._numbers(self.parent[clause]) if clause in self.parent else []
        return [*above, self.clauses[clause].number or self.clauses[clause].name]


def pair_clauses(extracted: Stated, record: Stated) -> dict[str, str]:
    """Clauses of a document -> the same on record, by path and heading, else by heading, else by path."""
    ours, theirs = Clauses(extracted), Clauses(record)
    pairs: dict[str, str] = {}

    def once(outline: Clauses, key: Callable[[Clauses, str], Key], done: Collection[str]) -> dict[Key, str]:
        groups: dict[Key, list[str]] = defaultdict(list)
        for clause in outline.clauses:
            if clause not in done:
                groups[key(outline, clause)].append(clause)
        return {k: ids[0] for k, ids in groups.items() if len(ids) == 1}

    def heading(outline: Clauses, clause: str) -> str:
        return re.sub(r"[\W_]+", "", fold(outline.clauses[clause].name))

    def number(outline: Clauses, clause: str) -> str:
        return re.sub(r"[\W_]+", "", fold(outline.clauses[clause].number or ""))

    for key in (
        lambda o, c: (o.steps(c), heading(o, c)),
        lambda o, c: (number(o, c), heading(o, c)),
        lambda o, c: (heading(o, c),),
        lambda o, c: (o.steps(c),),
    ):  # type: Callable[[Clauses, str], Key]
        left, right = once(ours, key, pairs), once(theirs, key, pairs.values())
        pairs |= {left[k]: right[k] for k in left.keys() & right.keys()}
    return pairs
