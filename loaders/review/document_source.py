"""Documents and reviewed workbooks as sources of facts: the same way into the graph as policy facts entered by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

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
    """A policy document, or the workbook in which a person corrected what was read out of it.

    Parameters
    ----------
    vocabulary: the names that the document is read by; without it those of the shipped files.
    """

    def __init__(self, path: Path, name: str | None = None, vocabulary: Vocabulary | None = None) -> None:
        self.path = path
        self.dataset: Dataset = dataset_of(path, name).model_copy(update={"method": Method.EXTRACTED.value})
        self.record = Record()
        self._extraction: Extraction | None = None
        self._reviewed: Proposal | None = None
        if path.suffix.lower() == ".xlsx":
            self._reviewed = read_review(path)
            if self._reviewed.about.get("path"):
                # What was corrected takes the place of what the document by itself said.
                document = Path(str(self._reviewed.about["path"]))
                same = {"id": dataset_id(document, name), "name": name or document.name, "path": str(document)}
                self.dataset = self.dataset.model_copy(update=same)
        else:
            self._extraction = extract_file(path, vocabulary or shipped_vocabulary())
            if not self._extraction.outline.text or not self._extraction.outline.parts:
                raise UnreadableFileError(
                    "", say("不像政策文件，没有可载入的内容", "is no policy document: nothing to load")
                )

    def meet(self, record: Record) -> None:
        """Take notice of what is on record, before facts are asked for."""
        self.record = record

    def proposal(self, lexicon: Lexicon) -> Proposal:
        """What the document proposes: names linked to what is on record, facts set against it."""
        if self._reviewed is not None:
            return self._reviewed
        assert self._extraction is not None
        return with_states(propose(self._extraction, lexicon, self.path, self.record), lexicon, self.record)

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


def facts_of(proposal: Proposal, dataset: Dataset, lexicon: Lexicon, problems: list[Problem]) -> Facts:
    """The accepted rows as facts; what cannot be loaded as it is, is added to ``problems``."""
    facts = Facts(dataset)
    PolicyBuilder(dataset.name, YamlDocument(PolicyWriter(proposal).data()), facts, problems, lexicon).build()
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
    found = facts_of(proposal, dataset, lexicon, problems)
    writer = PolicyWriter(proposal)
    decided = {
        key
        for kind, rows in writer.accepted.items()
        for row in rows
        if row.get("state") == State.CONTRARY
        for key in writer.keys(kind, row)
    }
    return meet(found, record, proposal.about["issuers"], lexicon.name_of, decided)


def with_states(proposal: Proposal, lexicon: Lexicon, record: Record) -> Proposal:
    """The proposal with the state of every row; what contradicts the record is not accepted until a person does."""
    every = replace(proposal, rows={k: [{**r, "accept": True} for r in rows] for k, rows in proposal.rows.items()})
    dataset = Dataset(id=f"{Dataset.prefix}:proposal", name="proposal")
    meeting = meet(facts_of(every, dataset, lexicon, []), record, proposal.about["issuers"], lexicon.name_of)
    writer = PolicyWriter(every)
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
