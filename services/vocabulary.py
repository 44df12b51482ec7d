"""The names by which documents are read, as the graph has them: a user's own chains and regions are among them."""

from __future__ import annotations

from graph.database.rows import CalledChain, CalledProduct, CalledSegment, CodedRegion
from graph.database.store import Store
from loaders.extraction.known_names import (
    ChainName,
    LinkName,
    ProductName,
    Vocabulary,
    shipped_vocabulary,
    vocabulary_of,
)


def vocabulary_on_record(store: Store) -> Vocabulary:
    """The vocabulary of a graph; that of the shipped files where it holds no chain yet."""
    chains = store.rows(CalledChain)
    if not chains:
        return shipped_vocabulary()
    return vocabulary_of(
        (ChainName(c.id, (c.name, *c.aliases)) for c in chains),
        (LinkName(s.id, (s.name, *s.aliases), tuple(s.chains)) for s in store.rows(CalledSegment)),
        (
            ProductName(p.id, (p.name, *p.aliases), tuple(p.made_by), tuple(p.used_by), tuple(p.subtypes))
            for p in store.rows(CalledProduct)
        ),
        {r.code: r.name for r in store.rows(CodedRegion)},
    )
