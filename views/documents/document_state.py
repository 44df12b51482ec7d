"""A document under review: what was read, what it proposes to the graph, what a person has decided so far."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import streamlit as st

from graph.database.changes import Change
from graph.errors import Problem
from graph.facts import Facts
from graph.language import language
from graph.schema import NODE_TYPES, Dataset, Method, label_of
from loaders.extraction import Extraction, extract_file
from loaders.extraction.known_names import Vocabulary
from loaders.files import dataset_id
from loaders.lexicon import Lexicon
from loaders.review.document_source import with_states
from loaders.review.fact_kinds import FACT_KINDS
from loaders.review.known_documents import Record
from loaders.review.proposal import SEPARATOR, Proposal
from loaders.review.reconciliation import State
from services.loading import on_record
from services.vocabulary import vocabulary_on_record
from views import common
from views.documents import document_facts
from views.documents.document_facts import Item, Mention

#: How a fact stands to what is on record, and what the record says instead.
Standing = tuple[State | None, str]
ACCEPTED, REJECTED, OPEN = "accepted", "rejected", "open"
#: How each stands in lists; what is on record or contradicts it has no verdict yet.
SIGNS = {ACCEPTED: "✓", REJECTED: "✗", OPEN: "○", State.SAME.value: "＝", State.CONTRARY.value: "≠"}
#: Characters of a document that are shown at once: a browser stays quick.
PAGE_CHARACTERS = 60_000
#: Nodes of a label up to which all their names are read; of more, only those that the document names.
_MOST_NAMES = 50_000


@dataclass(frozen=True)
class ReviewedFile:
    """An uploaded document."""

    name: str
    content: bytes

    @property
    def suffix(self) -> str:
        """How its name ends: what sort of file it is."""
        return Path(self.name).suffix.lower()


@st.cache_resource(max_entries=2, show_spinner=False)
def _vocabulary(state: str) -> Vocabulary:  # noqa: ARG001
    """The names that the graph knows in a state."""
    return vocabulary_on_record(common.store())


def extracted(file: ReviewedFile) -> Extraction:
    """What a document says by the names that the graph knows; read once in each language, for its warnings.

    Raises:
        UnreadableFileError: it cannot be read.
    """
    # The extraction keeps the vocabulary, so that its id stays its own as long as the cache is asked for it.
    vocabulary = _vocabulary(common.data_state())
    return _extracted(
        sha256(file.content).hexdigest(), file.suffix, language(), id(vocabulary), file.content, vocabulary
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def _extracted(
    digest: str,  # noqa: ARG001
    suffix: str,
    words: str,  # noqa: ARG001
    known: int,  # noqa: ARG001
    _content: bytes,
    _vocabulary: Vocabulary,
) -> Extraction:
    with tempfile.TemporaryDirectory(prefix="liantu-") as folder:
        path = Path(folder) / f"document{suffix}"
        path.write_bytes(_content)
        return extract_file(path, _vocabulary)


@dataclass(frozen=True)
class Proposed:
    """What a document proposes to the graph as it is now.

    Attributes:
        known: id -> (name, label) of everything that a name may mean.
        links: what is proposed for each name, by the key of the mention.
        candidates: ids of what each name may also mean, likewise.
    """

    proposal: Proposal
    lexicon: Lexicon
    record: Record
    known: dict[str, tuple[str, str]]
    links: dict[str, str]
    candidates: dict[str, list[str]]


@st.cache_resource(max_entries=8, show_spinner=False)
def _proposed(state: str, digest: str, name: str, words: str, _extraction: Extraction) -> Proposed:  # noqa: ARG001
    store, dataset = common.store(), [dataset_id(Path(name))]
    lexicon, known = Lexicon(), {}
    every, record = on_record(store, dataset, _MOST_NAMES, [f.name for f in _extraction.firms])
    for node_id, names in every:
        lexicon.add(node_id, names)
        known[node_id] = (names[0], label_of(node_id))
    proposal = document_facts.proposed(_extraction, lexicon, record, name)
    rows = {Mention(row["label"], row["name"]).key: row for row in proposal.names}
    candidates = {key: _candidates(row["candidates"], lexicon, known) for key, row in rows.items()}
    return Proposed(proposal, lexicon, record, known, {key: row["link"] for key, row in rows.items()}, candidates)


def _candidates(cell: str, lexicon: Lexicon, known: Mapping[str, Any]) -> list[str]:
    """Ids of the candidates of a name, which are ids or names."""
    candidates: list[str] = []
    for name in filter(None, cell.split(SEPARATOR)):
        ids = [name] if name in known else lexicon.find(name, NODE_TYPES)
        candidates += [i for i in ids if i in known and not i.startswith(("doc:", "clause:"))]
    return list(dict.fromkeys(candidates))


@dataclass
class Decisions:
    """What a person has decided so far, in the session.

    Attributes:
        verdicts: item -> accepted or rejected; others are open.
        edits: item -> field -> value, of what was changed.
        choices: key of a mention -> id of a node, NEW or NONE.
        about: what was changed of the document's own data.
        picked: the item that is looked at.
        kind: the kind of fact that is listed.
        page: of the text, from 0.
    """

    verdicts: dict[str, str] = field(default_factory=dict)
    edits: dict[str, dict[str, Any]] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    picked: str = ""
    kind: str = ""
    page: int = 0
    #: What the last load did; what is wrong with what was typed last.
    done: str = ""
    slip: str = ""
    planned: tuple[str, Facts, list[Problem], list[Change]] | None = None
    #: How the facts as corrected stand to the record, and of which corrections that holds.
    stood: tuple[str, dict[str, Standing]] = ("", {})


@dataclass
class Review:
    """One document under review: what was read, and what was decided."""

    file: ReviewedFile
    extraction: Extraction
    items: dict[str, Item]
    state: Decisions
    key: str
    proposed: Proposed
    standings: dict[str, Standing]

    def verdict(self, item_id: str) -> str:
        """Accepted, rejected or open."""
        return self.state.verdicts.get(item_id, OPEN)

    def standing(self, item_id: str) -> Standing:
        """How a fact stands to what is on record."""
        return self.standings.get(item_id, (None, ""))

    def sign(self, item_id: str) -> str:
        """The verdict; of an open fact, whether it is on record or contradicts it."""
        verdict, (state, _) = self.verdict(item_id), self.standing(item_id)
        return str(state) if verdict == OPEN and state in (State.SAME, State.CONTRARY) else verdict

    def values(self, item: Item) -> dict[str, Any]:
        """An item's values after corrections."""
        return {**item.row, **self.state.edits.get(item.id, {})}

    @property
    def about(self) -> dict[str, Any]:
        """The document's own data after corrections."""
        return {**self.proposed.proposal.about, **self.state.about}

    def link(self, mention: Mention) -> str:
        """What a name stands for: as it was chosen, else as proposed."""
        link = self.state.choices.get(mention.key) or self.proposed.links.get(mention.key)
        return link or document_facts.decided(mention, self.proposed.lexicon)

    def candidates(self, mention: Mention) -> list[str]:
        """Ids of what a name may also mean."""
        return self.proposed.candidates.get(mention.key, [])

    def unsure(self, mention: Mention) -> bool:
        """Whether a name has candidates, and nobody has decided yet."""
        return mention.key not in self.state.choices and bool(self.candidates(mention))

    def of_kind(self, kind: str) -> list[Item]:
        """The facts of a kind, in the order of the document."""
        return [i for i in self.items.values() if i.kind == kind]

    def count(self, wanted: Iterable[Item]) -> Counter[str]:
        """How many facts have which sign."""
        return Counter(self.sign(i.id) for i in wanted)

    def plain_ones(self, wanted: Iterable[Item]) -> list[str]:
        """Those that can be accepted all at once: new ones. What contradicts the record is decided one by one."""
        return [i.id for i in wanted if self.standing(i.id)[0] not in (State.SAME, State.CONTRARY)]

    def decide(self, wanted: Iterable[str], verdict: str) -> None:
        """Give facts a verdict."""
        for item_id in wanted:
            if verdict == OPEN:
                self.state.verdicts.pop(item_id, None)
            else:
                self.state.verdicts[item_id] = verdict
        self.state.done = self.state.slip = ""

    def pick(self, item_id: str) -> None:
        """Look at an item: its kind is listed, its page of the text shown."""
        if item_id not in self.items:
            return
        item = self.items[item_id]
        self.state.picked, self.state.kind, self.state.slip = item_id, item.kind, ""
        self.state.page = page_of(pages_of(self.extraction), item.start)
        st.session_state[f"review:kind:{self.key}:{language()}"] = item.kind

    def next_open(self) -> None:
        """Go on to the next item of the kind that nobody has decided on, else stay."""
        of_kind = [i.id for i in self.of_kind(self.state.kind)]
        at = of_kind.index(self.state.picked) if self.state.picked in of_kind else -1
        later = [*of_kind[at + 1 :], *of_kind[: max(at, 0)]]
        following = next((i for i in later if self.sign(i) in (OPEN, State.CONTRARY)), None)
        if following:
            self.pick(following)


def review_of(file: ReviewedFile, extraction: Extraction) -> Review:
    """The review of a document, as far as it has come in this session."""
    key = sha256(file.content).hexdigest()[:16]
    proposed = _proposed(common.data_state(), sha256(file.content).hexdigest(), file.name, language(), extraction)
    items = document_facts.items(extraction, proposed.proposal)
    states: dict[str, Decisions] = st.session_state.setdefault("review:states", {})
    state = states.setdefault(key, Decisions())
    review = Review(file, extraction, items, state, key, proposed, _standings(items, state, proposed))
    if items and state.picked not in items:
        # First what is to be decided; of a document that is on record that may be little.
        every = [i for kind in FACT_KINDS for i in review.of_kind(kind)]
        first = next((i for i in every if review.sign(i.id) in (OPEN, State.CONTRARY)), every[0])
        state.picked, state.kind = first.id, first.kind
    return review


def _standings(items: Mapping[str, Item], state: Decisions, proposed: Proposed) -> dict[str, Standing]:
    """How every fact as it was corrected stands to the record."""
    corrections = [state.edits, state.choices, state.about]
    if not any(corrections):
        return {i: (item.row["state"], item.row["on_record"]) for i, item in items.items()}
    key = json.dumps([common.data_state(), *corrections], sort_keys=True)
    if state.stood[0] != key:
        every = {i: state.edits.get(i, {}) for i in items}
        left = document_facts.reviewed(proposed.proposal, every, state.about, state.choices, proposed.lexicon)
        rows = with_states(left, proposed.lexicon, proposed.record).rows
        state.stood = (
            key,
            {
                f"{kind}:{n}": (row["state"], row["on_record"])
                for kind, of_kind in rows.items()
                for n, row in enumerate(of_kind)
            },
        )
    return state.stood[1]


def pages_of(extraction: Extraction) -> list[tuple[int, int]]:
    """(start, end) of what is shown at once: whole paragraphs, of a long document a part."""
    text = extraction.outline.text
    pages, start = [], 0
    while len(text) - start > PAGE_CHARACTERS:
        end = text.rfind("\n", start, start + PAGE_CHARACTERS) + 1
        end = end if end > start else start + PAGE_CHARACTERS
        pages.append((start, end))
        start = end
    return [*pages, (start, len(text))]


def page_of(pages: Sequence[tuple[int, int]], place: int) -> int:
    """The page that a place of the text is on, from 0."""
    return next((n for n, (_, end) in enumerate(pages) if place < end), len(pages) - 1)


def corrected(review: Review) -> Proposal:
    """The proposal with what was decided and corrected."""
    accepted = {i: review.state.edits.get(i, {}) for i in review.items if review.verdict(i) == ACCEPTED}
    proposed, state = review.proposed, review.state
    return document_facts.reviewed(
        proposed.proposal, accepted, state.about, state.choices, proposed.lexicon, review.standings
    )


def dataset_of(review: Review) -> Dataset:
    """The same dataset as of ``liantu load`` of this file: loaded either way, it replaces what it said."""
    name = review.file.name
    return Dataset(
        id=dataset_id(Path(name)),
        name=name,
        path=name,
        sha256=sha256(review.file.content).hexdigest(),
        method=Method.EXTRACTED,
    )
