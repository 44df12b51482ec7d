"""What is on record of policy documents, as plain facts: a document that comes again is recognised by it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from graph.facts import Stated
from graph.schema import Clause, Document, IssuedBy
from loaders.lexicon import fold


@runtime_checkable
class MeetsRecord(Protocol):
    """A source that adds only what is not on record."""

    def meet(self, record: Record) -> None:
        """Take notice of what is on record, before facts are asked for."""
        ...


@dataclass
class Record:
    """The documents on record, and what their clauses state.

    Parameters
    ----------
    documents: (document, names of those who issued it).
    read: what is on record of the document of that id.
    """

    documents: Sequence[tuple[Document, list[str]]] = ()
    read: Callable[[str], Stated] = lambda _: Stated()
    _added: list[Stated] = field(default_factory=list)
    _known: dict[str, Stated] = field(default_factory=dict)

    def add(self, stated: Stated, name_of: Callable[[str], str]) -> None:
        """Count what another source states as on record.

        Parameters
        ----------
        name_of: the name of a department by its id.
        """
        mine = [n for n in stated.nodes.values() if isinstance(n, Document)]
        if not mine:
            return
        issuers: dict[str, list[str]] = {}
        for one in stated.relationships.values():
            if isinstance(one, IssuedBy):
                issuers.setdefault(one.start, []).append(name_of(one.end))
        self.documents = [*((n, issuers.get(n.id, [])) for n in mine), *self.documents]
        self._added.append(stated)

    def of(self, document: str) -> Stated:
        """All that is stated of a document: on record, and by the sources that were added."""
        if document not in self._known:
            self._known[document] = self.read(document)
        together = Stated()
        for stated in (self._known[document], *(s for s in self._added if document in s.nodes)):
            together.nodes |= stated.nodes
            together.relationships |= stated.relationships
        return together

    def same(self, document: Document, issuers: Iterable[str]) -> str | None:
        """The id on record of a document: that with its number; or with its title, issuer and date as far as known.

        A document that has another number is another one, whatever it is called.
        """
        issuers = list(issuers)
        for known, by in self.documents:
            if document.number and known.number:
                if _letters(document.number) == _letters(known.number):
                    return known.id
            elif _titles(document) & _titles(known) and _same_day(document, known) and _share(issuers, by):
                return known.id
        return None


def has_clauses(stated: Stated) -> bool:
    """Whether clauses of a document are among what is stated."""
    return any(isinstance(n, Clause) for n in stated.nodes.values())


def _titles(document: Document) -> set[str]:
    return {_letters(name) for name in (document.name, *document.aliases)}


def _letters(name: str) -> str:
    """A title or number without brackets and other signs: 〔2024〕17号 is [2024]17号."""
    return re.sub(r"[\W_]+", "", fold(name))


def _same_day(one: Document, other: Document) -> bool:
    """Dates agree as far as both say: 2022-04 is 2022-04-22."""
    dates = [d for d in (one.issued, other.issued) if d]
    return len(dates) < 2 or dates[0].startswith(dates[1]) or dates[1].startswith(dates[0])


def _share(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether an issuer is in both, in its long or short name; nobody named contradicts nothing."""
    a, b = ([fold(n) for n in names if n] for names in (some, others))
    return not a or not b or any(x in y or y in x for x in a for y in b)
