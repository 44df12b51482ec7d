"""Reading a policy document: its text with the facts marked in place, what of them is right, then into the graph."""

from __future__ import annotations

import json
import math
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from graph import loading
from graph.changes import Change
from graph.documents import known_documents, stated_in
from graph.errors import Problem
from graph.language import Language, language, say, use_language
from graph.names import names_on_record
from graph.planning import plan
from graph.schema import NODE_TYPES, RELATIONSHIP_TYPES, Dataset, Method, label_of
from graph.settings import settings
from graph.store import Store
from loaders.documents import DOCUMENT_SUFFIXES
from loaders.extraction import Extraction, extract_file
from loaders.extraction.proposal import NEW, NONE, SEPARATOR, Proposal
from loaders.extraction.source import met_facts
from loaders.extraction.workbook import write_review
from loaders.facts import Facts, Lexicon
from loaders.files import UnreadableFileError, dataset_id
from loaders.record import Record
from views import common, document_facts
from views.common import plain
from views.document_facts import CREATED, KINDS, Field, Item, Mention

_ACCEPTED, _REJECTED, _OPEN = "accepted", "rejected", "open"
#: Characters of a document that are shown at once: a browser stays quick.
_PAGE_CHARACTERS = 60_000
#: Nodes of a label up to which all their names are read; of more, only those that the document names.
_MOST_NAMES = 50_000
_HEIGHT = 760
_LIST_HEIGHT = 300
_STYLE = """<style>
@media (max-width: 1180px) {
  .st-key-review-panes > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"],
  .st-key-review-panes > [data-testid="stHorizontalBlock"] { flex-direction: column; }
  .st-key-review-panes [data-testid="stColumn"]:not([data-testid="stColumn"] [data-testid="stColumn"]) { width: 100% !important; flex: 1 1 auto !important; }
}
.st-key-review-card blockquote { margin: 0; }
.st-key-review-panes [data-testid="stButtonGroup"] > div { flex-wrap: wrap; overflow: visible; }
</style>"""


@cache
def _source(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


_pane = st.components.v2.component("liantu_review", css=_source("review.css"), js=_source("review.js"))


def page() -> None:
    """Draw the page."""
    st.title(say("文件审读", "Documents"))
    st.html(_STYLE)
    _document_page()


@common.fragment
def _document_page() -> None:
    file = _file()
    if file is None:
        _introduce()
        return
    try:
        with st.spinner(say("正在读取并抽取 …", "Reading the document …")):
            extraction = _extracted(sha256(file.content).hexdigest(), file.suffix, language(), file.content)
    except UnreadableFileError as error:
        st.error(plain(str(error.problem(file.name))), icon=":material/error:")
        return
    review = _review(file, extraction)
    _heading(review)
    with st.container(key="review-panes"):
        left, right = st.columns([11, 9], gap="medium")
        with left:
            _text(review)
        with right:
            _side(review)
    st.divider()
    _loading(review)


# -- the file ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _File:
    """An uploaded document."""

    name: str
    content: bytes

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix.lower()


def _file() -> _File | None:
    """The document that was uploaded last; it outlives a visit to another page."""
    most = settings.documents.most_bytes // 2**20
    kinds = " ".join(DOCUMENT_SUFFIXES)
    st.file_uploader(
        say(f"政策文件（{kinds}，不超过 {most} MB）", f"Policy document ({kinds}, up to {most} MB)"),
        type=[suffix.removeprefix(".") for suffix in DOCUMENT_SUFFIXES],
        max_upload_size=most,
        key="review:upload",
        on_change=_uploaded,
    )
    if st.session_state.get("review:upload") is not None:
        _uploaded()
    file: _File | None = st.session_state.get("review:file")
    return file


def _uploaded() -> None:
    uploaded = st.session_state.get("review:upload")
    st.session_state["review:file"] = (
        None if uploaded is None else _File(_printable(uploaded.name), uploaded.getvalue())
    )


def _printable(name: str) -> str:
    """A file's name as a dataset may be called."""
    return "".join(c for c in name if c.isprintable()).strip() or "document.txt"


def _introduce() -> None:
    st.info(
        say(
            "上传一份政策文件，程序按规则读出责任单位、指标、政策措施、企业、载体、平台、地区、链条取向与城市定位，在原文中逐处标出；"
            "您逐条采纳、修改或剔除，最后确认载入图谱。文件只在本机处理，未采纳的内容不会载入。",
            "Upload a policy document: responsible departments, targets, measures, firms, parks, platforms, regions, links of chains and cities named "
            "are read by rules and marked in the text. Accept, edit or reject each, then load. The file stays on this machine; only what was accepted is loaded.",
        ),
        icon=":material/info:",
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def _extracted(digest: str, suffix: str, words: str, _content: bytes) -> Extraction:  # noqa: ARG001
    with tempfile.TemporaryDirectory(prefix="liantu-") as folder:
        path = Path(folder) / f"document{suffix}"
        path.write_bytes(_content)
        return extract_file(path)


@dataclass(frozen=True)
class _Proposed:
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
def _proposed(state: str, digest: str, name: str, words: str, _extraction: Extraction) -> _Proposed:  # noqa: ARG001
    store, dataset = common.store(), [dataset_id(Path(name))]
    lexicon, known = Lexicon(), {}
    for node_id, names in names_on_record(store, dataset, _MOST_NAMES, [f.name for f in _extraction.firms]):
        lexicon.add(node_id, names)
        known[node_id] = (names[0], label_of(node_id))
    record = Record(known_documents(store, dataset), partial(stated_in, store, without=dataset))
    proposal = document_facts.proposed(_extraction, lexicon, record, name)
    rows = {Mention(row["label"], row["name"]).key: row for row in proposal.names}
    candidates = {key: _candidates(row["candidates"], lexicon, known) for key, row in rows.items()}
    return _Proposed(proposal, lexicon, record, known, {key: row["link"] for key, row in rows.items()}, candidates)


def _candidates(cell: str, lexicon: Lexicon, known: Mapping[str, Any]) -> list[str]:
    """Ids of the candidates of a name, which are ids or names."""
    found: list[str] = []
    for name in filter(None, cell.split(SEPARATOR)):
        ids = [name] if name in known else lexicon.find(name, NODE_TYPES)
        found += [i for i in ids if i in known and not i.startswith(("doc:", "clause:"))]
    return list(dict.fromkeys(found))


# -- the state of a review ---------------------------------------------------------------------------


@dataclass
class _State:
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


@dataclass
class _Review:
    """One document under review: what was read, and what was decided."""

    file: _File
    extraction: Extraction
    items: dict[str, Item]
    state: _State
    key: str
    proposed: _Proposed

    def verdict(self, item_id: str) -> str:
        return self.state.verdicts.get(item_id, _OPEN)

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
        return [i for i in self.items.values() if i.kind == kind]

    def count(self, wanted: Iterable[Item]) -> Counter[str]:
        return Counter(self.verdict(i.id) for i in wanted)

    def decide(self, wanted: Iterable[str], verdict: str) -> None:
        for item_id in wanted:
            if verdict == _OPEN:
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
        self.state.page = _page_of(_pages(self.extraction), item.start)
        st.session_state[f"review:kind:{self.key}:{language()}"] = item.kind

    def next_open(self) -> None:
        """Go on to the next item of the kind that nobody has decided on, else stay."""
        of_kind = [i.id for i in self.of_kind(self.state.kind)]
        at = of_kind.index(self.state.picked) if self.state.picked in of_kind else -1
        later = [*of_kind[at + 1 :], *of_kind[: max(at, 0)]]
        following = next((i for i in later if self.verdict(i) == _OPEN), None)
        if following:
            self.pick(following)


def _review(file: _File, extraction: Extraction) -> _Review:
    key = sha256(file.content).hexdigest()[:16]
    proposed = _proposed(common.data_state(), sha256(file.content).hexdigest(), file.name, language(), extraction)
    items = document_facts.items(extraction, proposed.proposal)
    states: dict[str, _State] = st.session_state.setdefault("review:states", {})
    state = states.setdefault(key, _State())
    if not state.kind:
        state.kind = next((k for k in KINDS if any(i.kind == k for i in items.values())), next(iter(KINDS)))
    if state.picked not in items:
        state.picked = next((i.id for i in items.values() if i.kind == state.kind), "")
    return _Review(file, extraction, items, state, key, proposed)


# -- what the document says of itself ----------------------------------------------------------------


def _heading(review: _Review) -> None:
    about = review.about
    total, counts = len(review.items), review.count(review.items.values())
    st.markdown(f"**{plain(about['name'] or review.file.name)}**")
    parts = [about["number"], "、".join(about["issuers"] or []), about["issued"], review.file.name]
    st.caption(" · ".join(plain(p) for p in parts if p))
    for warning in review.extraction.warnings:
        st.warning(plain(warning), icon=":material/warning:")
    if total:
        st.progress(
            (total - counts[_OPEN]) / total,
            say(
                f"共 {total} 条：✓ 采纳 {counts[_ACCEPTED]} · ✗ 剔除 {counts[_REJECTED]} · ○ 待定 {counts[_OPEN]}",
                f"{total} facts: ✓ {counts[_ACCEPTED]} accepted · ✗ {counts[_REJECTED]} rejected · ○ {counts[_OPEN]} open",
            ),
        )
    elif not review.extraction.warnings:
        st.info(say("没有读出任何事实。", "No fact was found."), icon=":material/info:")


# -- the text ----------------------------------------------------------------------------------------


def _pages(extraction: Extraction) -> list[tuple[int, int]]:
    """(start, end) of what is shown at once: whole paragraphs, of a long document a part."""
    text = extraction.outline.text
    found, start = [], 0
    while len(text) - start > _PAGE_CHARACTERS:
        end = text.rfind("\n", start, start + _PAGE_CHARACTERS) + 1
        end = end if end > start else start + _PAGE_CHARACTERS
        found.append((start, end))
        start = end
    return [*found, (start, len(text))]


def _page_of(pages: Sequence[tuple[int, int]], place: int) -> int:
    return next((n for n, (_, end) in enumerate(pages) if place < end), len(pages) - 1)


def _text(review: _Review) -> None:
    pages = _pages(review.extraction)
    number = min(review.state.page, len(pages) - 1)
    start, end = pages[number]
    if len(pages) > 1:
        _turn(review, number, len(pages))
    shown = [i for i in review.items.values() if i.start < end and i.end > start]
    data = {
        "mode": "text",
        "version": f"{review.key}:{number}",
        "height": _HEIGHT,
        "page": number,
        "blocks": _blocks(review.extraction, start, end),
        "facts": [[i.id, i.start, i.end, i.kind, review.verdict(i.id)] for i in shown],
        "headings": _headings(review.extraction, pages),
        "damaged": _damaged(review.extraction),
        "kinds": _kinds(review),
        "picked": review.state.picked,
        "words": {
            "outline": say("目录 …", "Outline …"), "toggle": say("显示或隐藏这类标注", "Show or hide these marks"),
            "nothing": say("文件没有文字。", "The document holds no text."),
        },
    }  # fmt: skip
    _pane(
        key=f"review-text:{review.key}",
        data=data,
        height=_HEIGHT,
        on_picked_change=partial(_picked, review, f"review-text:{review.key}"),
        on_turned_change=partial(_turned, review, f"review-text:{review.key}"),
    )


def _turn(review: _Review, number: int, pages: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, step in ((say("上一部分", "Previous part"), -1), (say("下一部分", "Next part"), 1)):
            target = number + step
            st.button(label, disabled=not 0 <= target < pages, on_click=partial(setattr, review.state, "page", target),
                      key=f"review:turn:{step}")  # fmt: skip
        st.caption(say(f"第 {number + 1}/{pages} 部分", f"part {number + 1} of {pages}"), width="content")


def _blocks(extraction: Extraction, start: int, end: int) -> list[list[Any]]:
    """[text, start, level, characters of the heading] of every paragraph: level -1 a title, 1 to 4 a clause, 0 plain."""
    outline = extraction.outline
    heads = {c.start: (c.depth, c.body - c.start) for c in outline.clauses if c.heading}
    heads |= {p.start: (-1, len(p.title)) for p in outline.parts if p.title}
    found: list[list[Any]] = []
    at = start
    for line in outline.text[start:end].split("\n"):
        if line.strip():
            found.append([line, at, *heads.get(at, (0, 0))])
        at += len(line) + 1
    return found


def _damaged(extraction: Extraction) -> list[list[Any]]:
    """[start, end, mark, explanation] of every place where characters were lost."""
    marks = {True: say("损", "?"), False: say("修", "mended")}
    return [
        [d.start, d.end, marks[d.intended is None], say(f"原样：{d.raw}；读作：{d.intended or '不明'}", f"as it is: {d.raw}; read as: {d.intended or 'not known'}")]
        for d in extraction.normal.damaged
    ]  # fmt: skip


def _headings(extraction: Extraction, pages: Sequence[tuple[int, int]]) -> list[list[Any]]:
    """[start, label, depth, page] of every part and clause."""
    outline = extraction.outline
    parts = [(p.start, p.name or p.title, 0) for p in outline.parts if p.title]
    clauses = [(c.start, f"{c.number or ''} {c.heading or ''}".strip()[:40], c.depth) for c in outline.clauses]
    return [[start, label, depth, _page_of(pages, start)] for start, label, depth in sorted(parts + clauses) if label]


def _kinds(review: _Review) -> dict[str, list[str]]:
    """[name, mark, colour] of the kinds that the document has."""
    present = {i.kind for i in review.items.values()}
    return {k: [say(v.zh, v.en), say(v.mark_zh, v.mark_en), v.colour] for k, v in KINDS.items() if k in present}


def _told(key: str, name: str) -> dict[str, Any]:
    """What a pane reported just now."""
    value = (st.session_state.get(key) or {}).get(name)
    return value if isinstance(value, dict) else {}


def _picked(review: _Review, key: str) -> None:
    review.pick(str(_told(key, "picked").get("id", "")))


def _turned(review: _Review, key: str) -> None:
    number = _told(key, "turned").get("page")
    if isinstance(number, int):
        review.state.page = number


def _decided(review: _Review, key: str) -> None:
    told = _told(key, "decided")
    if told.get("id") in review.items and told.get("verdict") in (_ACCEPTED, _REJECTED, _OPEN):
        review.pick(told["id"])
        review.decide([told["id"]], told["verdict"])


# -- the list, and the fact that is looked at -------------------------------------------------------------


def _side(review: _Review) -> None:
    if not review.items:
        return
    _choose_kind(review)
    listed = review.of_kind(review.state.kind)
    _decide_all(review, listed)
    key = f"review-list:{review.key}"
    data = {
        "mode": "list",
        "version": f"{review.key}:{review.state.kind}",
        "height": _LIST_HEIGHT,
        "rows": [_list_row(review, item) for item in listed],
        "kinds": _kinds(review),
        "picked": review.state.picked,
        "words": {
            "list": say("事实", "Facts"), "accepted": say("采纳", "accepted"), "rejected": say("剔除", "rejected"),
            "open": say("待定", "open"), "edited": say("已改", "edited"), "nothing": say("没有这类事实。", "None of this kind."),
            "to_accepted": say("采纳（A）", "Accept (A)"), "to_rejected": say("剔除（R）", "Reject (R)"),
        },
    }  # fmt: skip
    _pane(key=key, data=data, height=_LIST_HEIGHT,
          on_picked_change=partial(_picked, review, key), on_decided_change=partial(_decided, review, key))  # fmt: skip
    item = review.items.get(review.state.picked)
    if item is not None:
        with st.container(border=True, key="review-card"):
            _card(review, item)


def _choose_kind(review: _Review) -> None:
    key = f"review:kind:{review.key}:{language()}"
    totals = Counter(i.kind for i in review.items.values())
    names = {k: f"{say(v.zh, v.en)} {totals[k]}" for k, v in KINDS.items() if totals[k]}
    st.session_state[key] = review.state.kind

    def changed() -> None:
        review.state.kind = st.session_state[key] or review.state.kind
        of_kind = review.of_kind(review.state.kind)
        review.pick(next((i.id for i in of_kind if review.verdict(i.id) == _OPEN), of_kind[0].id))

    st.pills(say("事实类型", "Kind of fact"), list(names), format_func=lambda k: names.get(k, k), key=key,
             on_change=changed, label_visibility="collapsed", required=True)  # fmt: skip


def _decide_all(review: _Review, listed: Sequence[Item]) -> None:
    ids, counts = [i.id for i in listed], review.count(listed)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for label, icon, verdict in (
            (say("全部采纳", "Accept all"), ":material/done_all:", _ACCEPTED),
            (say("全部剔除", "Reject all"), ":material/remove_done:", _REJECTED),
            (say("重置", "Reset"), ":material/undo:", _OPEN),
        ):
            st.button(label, icon=icon, key=f"review:all:{verdict}", on_click=partial(review.decide, ids, verdict),
                      help=say("这一类的全部事实", "All facts of this kind"))  # fmt: skip
        st.caption(f"✓ {counts[_ACCEPTED]} · ✗ {counts[_REJECTED]} · ○ {counts[_OPEN]}", width="content")


def _list_row(review: _Review, item: Item) -> list[Any]:
    where = item.row["clause"]
    if any(map(review.unsure, document_facts.mentions(item.kind, review.values(item)))):
        where += say(" · ? 名称待核对", " · ? check the name")
    title = document_facts.titles(item.kind, review.values(item))
    return [item.id, review.verdict(item.id), title, where, item.id in review.state.edits]


def _card(review: _Review, item: Item) -> None:
    """The fact that is looked at: verdict, evidence, what of the graph it means, corrections."""
    kind, verdict = KINDS[item.kind], review.verdict(item.id)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for label, icon, wanted in (
            (say("采纳", "Accept"), ":material/check:", _ACCEPTED),
            (say("剔除", "Reject"), ":material/close:", _REJECTED),
        ):
            st.button(
                label, icon=icon, key=f"review:{wanted}", type="primary" if verdict == wanted else "secondary",
                on_click=_decide_one, args=(review, item.id, wanted),
            )  # fmt: skip
        st.button(say("待定", "Leave open"), key="review:open", on_click=review.decide, args=([item.id], _OPEN),
                  disabled=verdict == _OPEN)  # fmt: skip
    first, last = item.row["span"]
    where = item.row["clause"]
    st.caption(
        plain(
            say(f"{kind.zh} · {where} · 原文第 {first}–{last} 字", f"{kind.en} · {where} · characters {first}–{last}")
        )
    )
    st.markdown("\n".join(f"> {plain(line)}" for line in item.row["evidence"].splitlines() if line.strip()))
    _links(review, item)
    with st.expander(say("修改", "Edit"), icon=":material/edit:", key="review:edit"):
        _edit(review, item)


def _decide_one(review: _Review, item_id: str, verdict: str) -> None:
    review.decide([item_id], verdict)
    review.next_open()


def _edit(review: _Review, item: Item) -> None:
    edits = review.state.edits.get(item.id, {})
    values = review.values(item)
    wanted = document_facts.fields(item.kind)
    with st.form(f"review:form:{item.id}", border=False):
        columns = st.columns(2, gap="small")
        for number, what in enumerate(wanted):
            with columns[number % 2] if what.holds != "list" else st.container():
                _input(item, what, values, edits)
        with st.container(horizontal=True):
            st.form_submit_button(say("保存修改并采纳", "Save and accept"), type="primary", key="review:save",
                                  on_click=_save, args=(review, item, language()))  # fmt: skip
            st.form_submit_button(say("恢复原样", "As it was read"), key="review:restore", disabled=not edits,
                                  on_click=_restore, args=(review, item))  # fmt: skip
    if review.state.slip:
        st.error(plain(review.state.slip), icon=":material/error:")


def _save(review: _Review, item: Item, words: Language) -> None:
    """Take over what was typed; nothing if one field is wrong."""
    use_language(words)  # callbacks run before the page sets it
    read = {}
    for what in document_facts.fields(item.kind):
        try:
            read[what.key] = _read(what, st.session_state.get(_input_key(item, what)) or "")
        except ValueError as error:
            review.state.slip = str(error)
            return
    _restore(review, item)
    changed = {k: v for k, v in read.items() if v != (item.row.get(k) or ([] if isinstance(v, list) else None))}
    if changed:
        review.state.edits[item.id] = changed
    review.decide([item.id], _ACCEPTED)


def _restore(review: _Review, item: Item) -> None:
    review.state.edits.pop(item.id, None)
    review.decide([item.id], _OPEN)
    for what in document_facts.fields(item.kind):
        st.session_state.pop(_input_key(item, what), None)


def _input_key(item: Item, what: Field) -> str:
    return f"review:in:{item.id}:{what.key}"


def _input(item: Item, what: Field, values: Mapping[str, Any], edits: Mapping[str, Any]) -> None:
    """One field; the original stands below it once it was changed."""
    label, key, value = say(what.zh, what.en), _input_key(item, what), values.get(what.key)
    if isinstance(what.holds, dict):
        options = [*what.holds, *([value] if value and value not in what.holds else [])]
        words = {o: document_facts.value_words(what.key, o) for o in options}
        st.selectbox(label, options, index=options.index(value) if value in options else None,
                              format_func=lambda o: words.get(o, o), key=key, placeholder="—")  # fmt: skip
    else:
        hint = say("多个之间用“、”分隔", "divided by 、") if what.holds == "list" else None
        st.text_input(label, _words(value), key=key, help=hint)
    if what.key in edits:
        before = _words(item.row.get(what.key)) or say("（空）", "(empty)")
        st.caption(plain(say(f"原读作：{before}", f"read as: {before}")))


def _words(value: Any) -> str:
    if value is None:
        return ""
    return "、".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _read(what: Field, text: str) -> Any:
    """A field's text as its value.

    Raises:
        ValueError: it is no number where one is wanted.
    """
    text = text.strip()
    if what.holds == "list":
        return [part.strip() for part in re.split("[、，；,;]", text) if part.strip()]
    if not text:
        return None
    if what.holds in ("number", "whole"):
        try:
            number = float(text.replace(",", ""))
        except ValueError:
            number = math.nan
        if not math.isfinite(number) or (what.holds == "whole" and not number.is_integer()):
            raise ValueError(say(f"{what.zh}应为数字，不是“{text}”", f"{what.en} should be a number, not {text!r}"))
        return int(number) if number.is_integer() else number
    return text


# -- what names mean ------------------------------------------------------------------------------------


def _links(review: _Review, item: Item) -> None:
    """What of the graph the names in a fact mean: certain ones as text, the others to choose."""
    wanted = list(dict.fromkeys(document_facts.mentions(item.kind, review.values(item))))
    if not wanted:
        return
    st.markdown(say("**对应图谱**", "**In the graph**"))
    certain = [m for m in wanted if _is_certain(review, m)]
    if certain:
        st.markdown("\n".join(f"- {_linked(review, m)}" for m in certain))
    for mention in wanted:
        if mention not in certain:
            _choose_meaning(review, mention)


def _is_certain(review: _Review, mention: Mention) -> bool:
    return review.link(mention) in review.proposed.known and mention.key not in review.state.choices


def _linked(review: _Review, mention: Mention) -> str:
    node_id = review.link(mention)
    name, label = review.proposed.known[node_id]
    other = "" if name == mention.name else f" · {plain(name)}"
    return f"{plain(mention.name)} → {say(NODE_TYPES[label].zh, label)}{other}　:gray[{plain(node_id)}]"


def _choose_meaning(review: _Review, mention: Mention, place: str = "card") -> None:
    """A select box of what an uncertain or new name stands for; one choice for the whole document.

    Args:
        place: where on the page it stands; one name may be asked for in two.
    """
    candidates = review.candidates(mention)
    known = review.proposed.known
    words = {
        i: f"{known[i][0]}（{say(NODE_TYPES[known[i][1]].zh, known[i][1])} {i}）" for i in candidates if i in known
    }
    if mention.label in CREATED:
        words[NEW] = say(f"新建{NODE_TYPES[mention.label].zh}“{mention.name}”", f"new {mention.label} “{mention.name}”")
    words[NONE] = say("不关联", "not linked")
    current = review.link(mention)
    if current not in words:
        words[current] = f"{known[current][0]}（{current}）" if current in known else current
    hint = (
        say("有候选，请核对", "has candidates: check")
        if candidates
        else say("图谱中没有同名对象", "none of that name on record")
    )
    key = f"review:mean:{place}:{language()}:{review.key}:{mention.key}"
    st.session_state[key] = current

    def changed() -> None:
        review.state.choices[mention.key] = st.session_state[key]
        review.state.done = ""

    st.selectbox(f"{plain(mention.name)} · {hint}", list(words), format_func=lambda o: words.get(o, o), key=key,
                 on_change=changed, help=say("这一选择对全文同名处有效", "One choice holds for the whole document"))  # fmt: skip


# -- loading ------------------------------------------------------------------------------------------------


def _loading(review: _Review) -> None:
    st.subheader(say("载入图谱", "Load into the graph"), anchor=False)
    with st.expander(say("文件信息", "About the document"), icon=":material/description:", key="review:about"):
        _edit_about(review)
    _downloads(review)
    if review.state.done:
        st.success(review.state.done, icon=":material/check_circle:")
        return
    accepted = [i for i in review.items.values() if review.verdict(i.id) == _ACCEPTED]
    if not accepted:
        st.info(
            say("还没有采纳任何事实。采纳后，这里列出将要新建和更新的内容。", "Nothing has been accepted yet. What will be created and updated is listed here then."),
            icon=":material/info:",
        )  # fmt: skip
        st.button(say(f"采纳全部 {len(review.items)} 条", f"Accept all {len(review.items)}"), key="review:everything",
                  disabled=not review.items, on_click=partial(review.decide, list(review.items), _ACCEPTED))  # fmt: skip
        return
    facts, problems, changes = _planned(review)
    if problems:
        _show_problems(review, problems)
        return
    _warn_of_what_is_there(review)
    _show_unsure(review, accepted)
    _show_plan(changes, review, len(accepted), facts)
    if _shown_changes(changes) and st.button(
        say("确认载入", "Load"), type="primary", icon=":material/upload:", key="review:load"
    ):
        with st.spinner(say("载入 …", "Loading …")):
            result = loading.load(common.store(), [facts])
        review.state.done = _done_words(result, facts)
        st.rerun()


def _planned(review: _Review) -> tuple[Facts, list[Problem], list[Change]]:
    """The facts to load and what they would change; worked out anew when a decision or the graph has changed."""
    state = review.state
    decisions = [state.verdicts, state.edits, state.choices, state.about]
    key = json.dumps([common.data_state(), language(), review.file.name, *decisions], sort_keys=True)
    if state.planned is None or state.planned[0] != key:
        problems: list[Problem] = []
        proposed = review.proposed
        facts = met_facts(_corrected(review), _dataset(review), proposed.lexicon, proposed.record, problems).facts
        state.planned = (key, facts, problems, [] if problems else _plan(common.store(), facts))
    return state.planned[1:]


def _corrected(review: _Review) -> Proposal:
    """The proposal with what was decided and corrected."""
    accepted = {i: review.state.edits.get(i, {}) for i in review.items if review.verdict(i) == _ACCEPTED}
    return document_facts.reviewed(
        review.proposed.proposal, accepted, review.state.about, review.state.choices, review.proposed.lexicon
    )


def _dataset(review: _Review) -> Dataset:
    """The same dataset as of ``liantu load`` of this file: loaded either way, it replaces what it said."""
    name = review.file.name
    return Dataset(id=dataset_id(Path(name)), name=name, path=name, sha256=sha256(review.file.content).hexdigest(),
                   method=Method.EXTRACTED)  # fmt: skip


def _edit_about(review: _Review) -> None:
    about, original = review.about, review.proposed.proposal.about
    names = {"name": say("标题", "title"), "number": say("文号", "number"), "issuers": say("发文机关", "issued by"),
             "issued": say("印发日期", "issued"), "effective": say("施行日期", "in force from"), "expires": say("失效日期", "expires")}  # fmt: skip
    columns = st.columns(2)
    for number, (name, label) in enumerate(names.items()):
        key = f"review:about:{review.key}:{name}"
        text = columns[number % 2].text_input(label, _words(about.get(name)), key=key)
        value: Any = [p for p in re.split("[、；]", text) if p] if name == "issuers" else text.strip() or None
        _correct(review, name, value, original.get(name) or ([] if name == "issuers" else None))
    regions = {row["id"]: common.naming(row) for row in common.named("regions")}
    current = about.get("region")
    chosen = st.selectbox(say("适用地区", "In force in"), list(regions), index=list(regions).index(current) if current in regions else None,
                          format_func=lambda i: regions.get(i, i), placeholder=say("不注明", "not stated"), key=f"review:about:{review.key}:region:{language()}")  # fmt: skip
    _correct(review, "region", chosen, original.get("region"))
    for mention in (Mention("Department", n) for n in review.about["issuers"]):
        if not _is_certain(review, mention):
            _choose_meaning(review, mention, "about")


def _correct(review: _Review, name: str, value: Any, original: Any) -> None:
    before = review.state.about.get(name, original)
    if value == original:
        review.state.about.pop(name, None)
    else:
        review.state.about[name] = value
    if value != before:
        review.state.done = ""


def _plan(store: Store, facts: Facts) -> list[Change]:
    """What a load would change; nothing is written."""
    store.prepare()
    return store.write(lambda tx: plan(tx, [facts], []))


def _show_problems(review: _Review, problems: Sequence[Problem]) -> None:
    """Why what was accepted cannot be loaded as it is, with a way to the fact."""
    st.warning(
        say("采纳的内容还不能载入，须先处理：", "What was accepted cannot be loaded yet:"), icon=":material/warning:",
    )  # fmt: skip
    for number, problem in enumerate(problems[:12]):
        at = re.search(r"clauses\[(\d+)\](?:\.(targets|measures))?", problem.where)
        clause = review.proposed.proposal.clauses[int(at[1])]["key"] if at else say("文件信息", "about the document")
        kind = at[2] if at else None
        there = [i for i in review.items.values() if i.row["clause"] == clause and review.verdict(i.id) == _ACCEPTED]
        there = [i for i in there if i.kind == kind] or there
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{plain(clause)} — {plain(problem.message)}", width="content")
            if there:
                st.button(
                    say("查看", "Show"), key=f"review:problem:{number}", on_click=review.pick, args=(there[0].id,)
                )
    if len(problems) > 12:
        st.caption(say(f"…… 另 {len(problems) - 12} 处", f"… {len(problems) - 12} more"))


def _warn_of_what_is_there(review: _Review) -> None:
    """Another file of that name was loaded."""
    dataset = _dataset(review)
    before = common.read("MATCH (d:Dataset {id: $id}) RETURN d.sha256 AS sha256", id=dataset.id)
    if before and before[0]["sha256"] != dataset.sha256:
        st.warning(
            plain(say(f"曾载入过另一份同名文件 {dataset.name}：这次载入将替换它。", f"Another file named {dataset.name} was loaded before: this load replaces it.")),
            icon=":material/swap_horiz:",
        )  # fmt: skip


def _show_unsure(review: _Review, accepted: Sequence[Item]) -> None:
    """Names with candidates that nobody has looked at: they are taken as proposed, and that is said."""
    wanted = document_facts.all_mentions((i.kind, review.values(i)) for i in accepted)
    unsure = [m for m in wanted if review.unsure(m)]
    if not unsure:
        return
    title = say(
        f"{len(unsure)} 个名称在图谱中有相近对象，现按新建或不关联处理，请核对",
        f"{len(unsure)} names are like others on record; they are taken as new or not linked: check them",
    )
    with st.expander(title, icon=":material/help:", key="review:unsure"):
        columns = st.columns(2)
        for number, mention in enumerate(unsure):
            with columns[number % 2]:
                _choose_meaning(review, mention, "load")


_ACTIONS = {"created": ("新建", "created"), "updated": ("更新", "updated"), "removed": ("撤回", "removed")}


def _shown_changes(changes: Sequence[Change]) -> list[Change]:
    return [c for c in changes if not (c.kind in NODE_TYPES and NODE_TYPES[c.kind].internal)]


def _type_name(kind: str) -> str:
    types: dict[str, Any] = {**NODE_TYPES, **RELATIONSHIP_TYPES}
    return say(types[kind].zh, kind)


def _show_plan(changes: Sequence[Change], review: _Review, accepted: int, facts: Facts) -> None:
    shown = _shown_changes(changes)
    left = len(review.items) - accepted
    rest = say(f"其余 {left} 条剔除或待定，不载入。", f" {left} rejected or open ones are not loaded.") if left else ""
    if not shown:
        st.info(say("图谱已与采纳的内容一致，没有要改动的。", "The graph says so already: nothing to change."))
        return
    counts = Counter((c.kind, c.action) for c in shown)
    kinds = [k for k in (*NODE_TYPES, *RELATIONSHIP_TYPES) if any(kind == k for kind, _ in counts)]
    table = pd.DataFrame(
        [[_type_name(k), *(counts[k, a] or None for a in _ACTIONS)] for k in kinds],
        columns=[say("类型", "type"), *(say(*words) for words in _ACTIONS.values())],
    )
    totals = Counter(c.action for c in shown)
    words = say("，", ", ").join(f"{say(*_ACTIONS[a])} {n}" for a, n in totals.items())
    st.markdown(
        say(
            f"采纳的 {accepted} 条将带来：{words} 个节点与关系。{rest}载入要么全部成功，要么不变；来源方式记为“文本抽取”。",
            f"The {accepted} accepted facts bring: {words} nodes and relationships.{rest} All or nothing; the method is extracted.",
        )
    )
    left_side, right_side = st.columns([2, 3], gap="medium")
    left_side.dataframe(table, hide_index=True, height="content", placeholder="")
    names = {i: name for i, (name, _) in review.proposed.known.items()} | {i: n.name for i, n in facts.nodes.items()}
    rows = [[say(*_ACTIONS[c.action]), _type_name(c.kind), _change_words(c, names)] for c in shown]
    heads = [say("改动", "change"), say("类型", "type"), say("对象", "what")]
    right_side.dataframe(pd.DataFrame(rows, columns=heads), hide_index=True, height=320)


def _change_words(change: Change, names: Mapping[str, str]) -> str:
    if change.start is None or change.end is None:
        return str((change.after or change.before or {}).get("name", change.id))
    return f"{names.get(change.start, change.start)} → {names.get(change.end, change.end)}"


def _done_words(result: loading.LoadResult, facts: Facts) -> str:
    created, updated, removed = (c.total() for c in (result.created, result.updated, result.removed))
    dataset = facts.dataset.id
    return say(
        f"已载入：新建 {created}，更新 {updated}，撤回 {removed} 个节点与关系。数据集 {plain(dataset)}；撤回可用 `liantu forget`。",
        f"Loaded: {created} created, {updated} updated, {removed} removed. Dataset {plain(dataset)}; `liantu forget` takes it back.",
    )


# -- downloads -------------------------------------------------------------------------------------------------


def _downloads(review: _Review) -> None:
    stem = Path(review.file.name).stem
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            say("审读表（Excel）", "Review workbook (Excel)"), partial(_workbook, review, language()), f"{stem}-审读.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", key="review:xlsx",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "JSON", partial(_as_json, review), f"{stem}.json", "application/json", key="review:json",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.caption(
            say("审读表可在 Excel 中继续修改，再用 `liantu load` 载入；只有采纳的行标为采用", "The workbook can be edited in Excel and loaded by `liantu load`; only accepted rows are marked so"),
            width="content",
        )  # fmt: skip


def _as_json(review: _Review) -> bytes:
    """The extraction, with what was decided and corrected beside each fact."""
    data = review.extraction.as_json()
    for item in review.items.values():
        number = int(item.id.partition(":")[2])
        data[item.kind][number]["review"] = {
            "verdict": review.verdict(item.id), "edited": review.state.edits.get(item.id, {}),
        }  # fmt: skip
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _workbook(review: _Review, words: Language) -> bytes:
    """The workbook of ``liantu review``, as far as the review has come."""
    use_language(words)
    with tempfile.TemporaryDirectory(prefix="liantu-") as folder:
        path = Path(folder) / "review.xlsx"
        write_review(_corrected(review), path)
        return path.read_bytes()
