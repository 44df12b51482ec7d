"""The names by which facts refer to each other, and what a loader's source is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Protocol

from graph.errors import Problem
from graph.facts import Facts
from graph.schema import Clause, Dataset, Node, label_of

#: Each goes through all names on record: a table whose every row is wrong would take minutes.
_MOST_HINTS = 50


class Lexicon:
    """Which ids a name may stand for: ids, names, full names, codes and aliases of everything on record."""

    def __init__(self, entries: Iterable[tuple[str, Iterable[str]]] = ()) -> None:
        self._ids: dict[str, str] = {}
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._hints = 0
        for node_id, names in entries:
            self.add(node_id, names)

    def add(self, node_id: str, names: Iterable[str]) -> None:
        """Record the names of a node, first what it is called."""
        for name in names:
            self._ids.setdefault(node_id, name)
            self._by_name[fold(name)].add(node_id)
        self._ids.setdefault(node_id, node_id)

    def name_of(self, node_id: str) -> str:
        """What a node is called; its id if that is all that is known."""
        return self._ids.get(node_id, node_id)

    def add_node(self, node: Node) -> None:
        """Record a node under all its names."""
        self.add(node.id, names_of(node))

    def find(self, text: str, labels: Iterable[str]) -> list[str]:
        """The ids of these labels that the text is or names, sorted; empty if there is none."""
        wanted = set(labels)
        if text in self._ids:
            return [text] if label_of(text) in wanted else []
        return sorted(i for i in self._by_name.get(fold(text), ()) if label_of(i) in wanted)

    def similar(self, text: str, labels: Iterable[str], limit: int = 3) -> list[str]:
        """Names on record that look like the text, best first: for "did you mean". The first so many times only."""
        from rapidfuzz import fuzz, process  # only wanted when something is wrong

        self._hints += 1
        if self._hints > _MOST_HINTS:
            return []
        wanted = set(labels)
        names = [n for n, ids in self._by_name.items() if any(label_of(i) in wanted for i in ids)]
        near = process.extract(fold(text), names, scorer=fuzz.ratio, limit=limit, score_cutoff=40)
        return [name for name, _, _ in near]

    def __contains__(self, node_id: str) -> bool:
        return node_id in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)


def fold(name: str) -> str:
    """A name without blanks, width and case differences: what two spellings of one name share."""
    import unicodedata

    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def names_of(node: Node) -> list[str]:
    """Everything a node may be called by in an input."""
    names = [node.name, *node.aliases]
    for attribute in ("name_en", "full_name", "credit_code", "stock_code", "code", "number"):
        value = getattr(node, attribute, None)
        if value and not (attribute == "number" and isinstance(node, Clause)):
            names.append(value)
    return names


class Source(Protocol):
    """One file as a loader has read it: what it declares, then, names resolved, its facts."""

    dataset: Dataset

    def declares(self) -> Iterable[tuple[str, Iterable[str]]]:
        """Ids and names of the nodes that the source gives an id."""
        ...

    def gives_ids(self, lexicon: Lexicon) -> Iterable[tuple[str, Iterable[str]]]:
        """Ids and names of the nodes that get their id here: that of what they name, or one of their own."""
        ...

    def facts(self, lexicon: Lexicon, problems: list[Problem]) -> Facts:
        """The source's facts; faults are added to ``problems``."""
        ...
