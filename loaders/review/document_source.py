"""Documents and reviewed workbooks as sources of facts: the same way into the graph as policy facts entered by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from openpyxl import Workbook

from graph.errors import Problem
from graph.facts import Facts
from graph.language import say
from graph.schema import Dataset, Method
from loaders.extraction.extraction import Extraction, extract_file
from loaders.extraction.known_names import Vocabulary, shipped_vocabulary
from loaders.files import UnreadableFileError, YamlDocument, dataset_id, dataset_of
from loaders.lexicon import Lexicon
from loaders.policy import PolicyBuilder
from loaders.review.clause_matches import Key
from loaders.review.known_documents import Record
from loaders.review.policy_form import PolicyWriter
from loaders.review.proposal import Proposal, Row, propose
from loaders.review.reconciliation import Meeting, State, meet
from loaders.review.review_workbook import read_review


class DocumentSource:
    """A policy document, or what a person made of it: its facts are those accepted that are not on record.

    Parameters
    ----------
    dataset: what it is loaded as.
    read: what the document says, met with the record when facts are asked for; or the proposal that a person corrected.
    """

    def __init__(self, path: Path, dataset: Dataset, read: Extraction | Proposal) -> None:
        self.path, self.dataset = path, dataset
        self._read = read
        self.proposed: Proposal | None = None
        self.meet(Record())

    def meet(self, record: Record) -> None:
        """Take notice of what is on record, before facts are asked for."""
        self.record = record
        self.proposed = self._read if isinstance(self._read, Proposal) else None

    def proposal(self, lexicon: Lexicon) -> Proposal:
        """What the document proposes: names linked to what is on record, facts set against it; worked out once."""
        if self.proposed is None:
            assert isinstance(self._read, Extraction)
            self.proposed = with_states(propose(self._read, lexicon, self.path, self.record), lexicon, self.record)
        return self.proposed

    def declares(self) -> Iterable[tuple[str, Iterable[str]]]:
        """Nothing: what a document names is looked up first."""
        return ()

    def gives_ids(self, lexicon: Lexicon) -> Iterable[tuple[str, Iterable[str]]]:
        """Nothing: other files do not refer to what a document proposes."""
        del lexicon
        return ()

    def facts(self, lexicon: Lexicon, problems: list[Problem]) -> Facts:
        """The accepted facts that are not on record; every one has the clause that states it as its source."""
        return met_facts(self.proposal(lexicon), self.dataset, lexicon, self.record, problems).facts


def read_document(path: Path, name: str | None = None, vocabulary: Vocabulary | None = None) -> DocumentSource:
    """A policy document as it came.

    Parameters
    ----------
    vocabulary: the names that it is read by; without it those of the shipped files.

    Raises:
        UnreadableFileError: it cannot be read, or holds nothing to load.
    """
    extraction = extract_file(path, vocabulary or shipped_vocabulary())
    if not extraction.outline.text or not extraction.outline.parts:
        raise UnreadableFileError("", say("不像政策文件，没有可载入的内容", "is no policy document: nothing to load"))
    return DocumentSource(path, _extracted(dataset_of(path, name)), extraction)


def reviewed_document(path: Path, book: Workbook, name: str | None = None) -> DocumentSource:
    """The workbook in which a person corrected a document; it takes the place of what the document by itself said.

    Raises:
        UnreadableFileError: a sheet is missing, or a cell holds what its column cannot.
    """
    proposal, dataset = read_review(book), _extracted(dataset_of(path, name))
    if proposal.about.get("path"):
        document = Path(str(proposal.about["path"]))
        same = {"id": dataset_id(document, name), "name": name or document.name, "path": str(document)}
        dataset = dataset.model_copy(update=same)
    return DocumentSource(path, dataset, proposal)


def _extracted(dataset: Dataset) -> Dataset:
    return dataset.model_copy(update={"method": Method.EXTRACTED.value})


def facts_of(writer: PolicyWriter, dataset: Dataset, lexicon: Lexicon, problems: list[Problem]) -> Facts:
    """The accepted rows as facts; what cannot be loaded as it is, is added to ``problems``."""
    facts = Facts(dataset)
    PolicyBuilder(dataset.name, YamlDocument(writer.data()), facts, problems, lexicon).build()
    facts.add_citations()
    extracted = {"method": Method.EXTRACTED.value}
    facts.nodes = {i: n.model_copy(update=extracted) for i, n in facts.nodes.items()}
    facts.relationships = {i: r.model_copy(update=extracted) for i, r in facts.relationships.items()}
    return facts


def met_facts(
    proposal: Proposal, dataset: Dataset, lexicon: Lexicon, record: Record, problems: list[Problem]
) -> Meeting:
    """The accepted rows against what is on record.

    A row that contradicts the record counts only if it says so itself: then somebody saw it and accepted it all the same.
    """
    writer = PolicyWriter(proposal)
    facts = facts_of(writer, dataset, lexicon, problems)
    decided = {
        key
        for kind, rows in writer.accepted.items()
        for row in rows
        if row.get("state") == State.CONTRARY
        for key in writer.keys(kind, row)
    }
    return meet(facts, record, proposal.about["issuers"], lexicon.name_of, decided)


def with_states(proposal: Proposal, lexicon: Lexicon, record: Record) -> Proposal:
    """The proposal with the state of every row; what contradicts the record is not accepted until a person does."""
    every = replace(proposal, rows={k: [{**r, "accept": True} for r in rows] for k, rows in proposal.rows.items()})
    dataset = Dataset(id=f"{Dataset.prefix}:proposal", name="proposal")
    writer = PolicyWriter(every)
    meeting = meet(facts_of(writer, dataset, lexicon, []), record, proposal.about["issuers"], lexicon.name_of)
    rows: dict[str, list[Row]] = {}
    for kind, plain in proposal.rows.items():
        rows[kind] = []
        for row, told in zip(plain, every.rows[kind], strict=True):
            keys = writer.keys(kind, told)
            state = state_of(meeting, keys)
            words = dict.fromkeys(w for k in keys if (w := meeting.on_record.get(k)))
            accept = row["accept"] and state is not State.CONTRARY
            rows[kind].append({**row, "accept": accept, "state": state, "on_record": "；".join(words)})
    return replace(proposal, rows=rows)


def state_of(meeting: Meeting, keys: Iterable[Key]) -> State | None:
    """How a row stands: it contradicts if one of its facts does, is new if one is; None if it states nothing."""
    states = {s for k in keys if (s := meeting.states.get(k)) is not None}
    return next((s for s in (State.CONTRARY, State.NEW, State.SAME) if s in states), None)
