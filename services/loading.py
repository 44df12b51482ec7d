"""How a load is done, for every front door: files are opened once, met once with what is on record, then written whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from graph.database import writing
from graph.database.store import Store
from graph.database.writing import LoadResult, Progress
from graph.errors import LiantuError
from graph.facts import Facts
from graph.language import say
from graph.schema import Dataset, Method
from loaders.lexicon import Lexicon
from loaders.review.document_source import DocumentSource
from loaders.review.known_documents import Record, has_clauses
from loaders.review.proposal import Proposal
from loaders.review.reconciliation import Meeting, linked_anew, meet_again
from loaders.sources import facts_of, open_sources
from services.names import names_on_record
from services.record import extracted_datasets, known_documents, stated_by, stated_in
from services.vocabulary import vocabulary_on_record


@dataclass(frozen=True)
class PreparedLoad:
    """Facts that are ready to be written.

    ``proposals`` is what documents among the files propose, with what of it is on record or contradicts it. ``taken_back`` counts,
    by the name of a document that was loaded before, its facts that differ from those entered by hand now and are given up.
    """

    facts: tuple[Facts, ...]
    proposals: tuple[Proposal, ...]
    taken_back: Mapping[str, int]


def prepare_load(
    store: Store, paths: Sequence[Path], progress: Progress, name: str | None = None, *, replace: bool = True
) -> PreparedLoad:
    """Read files and directories and meet them with what is on record; nothing is written.

    Parameters
    ----------
    name: call the dataset this (one file only).
    replace: whether a dataset of the same name from another place is replaced.

    Raises:
        LiantuError: no file to load, faults in some, or another file's dataset of that name.
    """
    sources, problems = open_sources(paths, name, partial(vocabulary_on_record, store))
    names, record = on_record(store, [source.dataset.id for source in sources])
    facts = facts_of(sources, problems, names, record, progress)
    if not facts:
        raise LiantuError(say("没有可载入的文件", "no file to load there"))
    if not replace:
        _refuse_namesakes(store, facts)
    again = _met_again(store, facts)
    return PreparedLoad(
        (*facts, *(meeting.facts for meeting in again)),
        tuple(s.proposed for s in sources if isinstance(s, DocumentSource) and s.proposed is not None),
        {meeting.facts.dataset.name: len(meeting.left_out) for meeting in again if meeting.left_out},
    )


def write_load(store: Store, prepared: PreparedLoad, progress: Progress) -> LoadResult:
    """Write what was prepared, whole or not at all."""
    return writing.load(store, prepared.facts, progress)


def on_record(
    store: Store, without: Sequence[str] = (), most: int | None = None, named: Sequence[str] = ()
) -> tuple[Iterator[tuple[str, list[str]]], Record]:
    """Ids and names of what the graph holds, and the documents among it.

    Parameters
    ----------
    without: ids of the datasets that are to be loaded anew.
    most, named: of a label with more nodes than ``most`` only those called by one of ``named``.
    """
    if store.is_empty():
        return iter(()), Record()
    record = Record(known_documents(store, without), partial(stated_in, store, without=without))
    return names_on_record(store, without, most, named), record


def _refuse_namesakes(store: Store, facts: Sequence[Facts]) -> None:
    """Another file of the same name must not silently replace the one on record."""
    paths = {row["id"]: row["path"] for row in store.read("MATCH (d:Dataset) RETURN d.id AS id, d.path AS path")}
    for dataset in (f.dataset for f in facts):
        before = paths.get(dataset.id)
        if before is not None and before != dataset.path:
            raise LiantuError(
                say(
                    f"已载入过同名数据集 {dataset.name}（来自 {before}）：若是它的新版，加 --replace；若是另一份，加 --as 名称",
                    f"a dataset {dataset.name} was loaded from {before}: add --replace if this is its new version, or --as NAME",
                )
            )


def _met_again(store: Store, facts: Sequence[Facts]) -> list[Meeting]:
    """What documents on record still have to say beside the policies entered by hand that are about to be loaded.

    A document that was loaded before somebody entered its clauses by hand then has two clauses for one place: its facts
    go to the clauses entered by hand, and those that these state are not stated twice. The outcome is that of the other order.
    """
    loaded = [f.dataset.id for f in facts]
    by_hand = [f for f in facts if f.dataset.method != Method.EXTRACTED and has_clauses(f)]
    if not by_hand or store.is_empty():
        return []
    mine = Record()
    for stated in by_hand:
        mine.add(stated, lambda node: next((f.nodes[node].name for f in facts if node in f.nodes), ""))
    again: dict[str, Meeting] = {}
    for document, issuers in known_documents(store, loaded):
        if mine.same(document, issuers) is not None:
            for dataset in extracted_datasets(store, document.id):
                if dataset.id not in (*loaded, *again):
                    again[dataset.id] = _meet_again(store, dataset, issuers, facts, by_hand)
    return list(again.values())


def _meet_again(
    store: Store, dataset: Dataset, issuers: list[str], facts: Sequence[Facts], by_hand: Sequence[Facts]
) -> Meeting:
    names, record = on_record(store, [*(f.dataset.id for f in facts), dataset.id])
    lexicon = Lexicon(names)
    for stated in facts:
        for node in stated.nodes.values():
            lexicon.add_node(node)
    for stated in by_hand:
        record.add(stated, lexicon.name_of)
    stated_before = stated_by(store, dataset.id)
    before = linked_anew(Facts(dataset, stated_before.nodes, stated_before.relationships), lexicon)
    return meet_again(before, record, issuers, lexicon.name_of)
