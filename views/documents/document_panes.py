"""The text of a document with its facts marked in place, and the list of its facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import streamlit as st

from graph.language import language, say
from loaders.extraction import Extraction
from loaders.review.fact_kinds import FACT_KINDS
from loaders.review.reconciliation import State, state_words
from views.documents import document_facts
from views.documents.document_card import draw_card
from views.documents.document_facts import MARKS, Item
from views.documents.document_state import ACCEPTED, OPEN, REJECTED, SIGNS, Review, page_of, pages_of

_HEIGHT = 760
_LIST_HEIGHT = 300


@cache
def _source(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


_pane = st.components.v2.component("liantu_review", css=_source("review.css"), js=_source("review.js"))


def draw_text(review: Review) -> None:
    """The text of the document, the facts marked in it."""
    pages = pages_of(review.extraction)
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
        "facts": [[i.id, i.start, i.end, i.kind, review.sign(i.id)] for i in shown],
        "headings": _headings(review.extraction, pages),
        "damaged": _damaged(review.extraction),
        "kinds": _kinds(review),
        "picked": review.state.picked,
        "words": {
            "outline": say("目录 …", "Outline …"),
            "toggle": say("显示或隐藏这类标注", "Show or hide these marks"),
            "nothing": say("文件没有文字。", "The document holds no text."),
        },
    }
    _pane(
        key=f"review-text:{review.key}",
        data=data,
        height=_HEIGHT,
        on_picked_change=partial(_picked, review, f"review-text:{review.key}"),
        on_turned_change=partial(_turned, review, f"review-text:{review.key}"),
    )


def _turn(review: Review, number: int, pages: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, step in ((say("上一部分", "Previous part"), -1), (say("下一部分", "Next part"), 1)):
            target = number + step
            st.button(
                label,
                disabled=not 0 <= target < pages,
                on_click=partial(setattr, review.state, "page", target),
                key=f"review:turn:{step}",
            )
        st.caption(say(f"第 {number + 1}/{pages} 部分", f"part {number + 1} of {pages}"), width="content")


def _blocks(extraction: Extraction, start: int, end: int) -> list[list[Any]]:
    """[text, start, level, characters of the heading] of every paragraph: level -1 a title, 1 to 4 a clause, 0 plain."""
    outline = extraction.outline
    heads = {c.start: (c.depth, c.body - c.start) for c in outline.clauses if c.heading}
    heads |= {p.start: (-1, len(p.title)) for p in outline.parts if p.title}
    blocks: list[list[Any]] = []
    at = start
    for line in outline.text[start:end].split("\n"):
        if line.strip():
            blocks.append([line, at, *heads.get(at, (0, 0))])
        at += len(line) + 1
    return blocks


def _damaged(extraction: Extraction) -> list[list[Any]]:
    """[start, end, mark, explanation] of every place where characters were lost."""
    marks = {True: say("损", "?"), False: say("修", "mended")}
    return [
        [
            d.start,
            d.end,
            marks[d.intended is None],
            say(
                f"原样：{d.raw}；读作：{d.intended or '不明'}",
                f"as it is: {d.raw}; read as: {d.intended or 'not known'}",
            ),
        ]
        for d in extraction.normal.damaged
    ]


def _headings(extraction: Extraction, pages: Sequence[tuple[int, int]]) -> list[list[Any]]:
    """[start, label, depth, page] of every part and clause."""
    outline = extraction.outline
    parts = [(p.start, p.name or p.title, 0) for p in outline.parts if p.title]
    clauses = [(c.start, f"{c.number or ''} {c.heading or ''}".strip()[:40], c.depth) for c in outline.clauses]
    return [[start, label, depth, page_of(pages, start)] for start, label, depth in sorted(parts + clauses) if label]


def _kinds(review: Review) -> dict[str, list[str]]:
    """[name, mark, colour] of the kinds that the document has."""
    present = {i.kind for i in review.items.values()}
    return {
        kind: [say(declared.zh, declared.en), say(MARKS[kind].zh, MARKS[kind].en), MARKS[kind].colour]
        for kind, declared in FACT_KINDS.items()
        if kind in present
    }


def _told(key: str, name: str) -> dict[str, Any]:
    """What a pane reported just now."""
    value = (st.session_state.get(key) or {}).get(name)
    return value if isinstance(value, dict) else {}


def _picked(review: Review, key: str) -> None:
    review.pick(str(_told(key, "picked").get("id", "")))


def _turned(review: Review, key: str) -> None:
    number = _told(key, "turned").get("page")
    if isinstance(number, int):
        review.state.page = number


def _decided(review: Review, key: str) -> None:
    told = _told(key, "decided")
    if told.get("id") in review.items and told.get("verdict") in (ACCEPTED, REJECTED, OPEN):
        review.pick(told["id"])
        review.decide([told["id"]], told["verdict"])


def draw_facts(review: Review) -> None:
    """The kinds of facts, the list of one kind, and the fact that is looked at."""
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
            "list": say("事实", "Facts"),
            "accepted": say("采纳", "accepted"),
            "rejected": say("剔除", "rejected"),
            "open": say("待定", "open"),
            "same": state_words(State.SAME),
            "contrary": state_words(State.CONTRARY),
            "edited": say("已改", "edited"),
            "nothing": say("没有这类事实。", "None of this kind."),
            "to_accepted": say("采纳（A）", "Accept (A)"),
            "to_rejected": say("剔除（R）", "Reject (R)"),
        },
    }
    _pane(
        key=key,
        data=data,
        height=_LIST_HEIGHT,
        on_picked_change=partial(_picked, review, key),
        on_decided_change=partial(_decided, review, key),
    )
    item = review.items.get(review.state.picked)
    if item is not None:
        with st.container(border=True, key="review-card"):
            draw_card(review, item)


def _choose_kind(review: Review) -> None:
    key = f"review:kind:{review.key}:{language()}"
    totals = Counter(i.kind for i in review.items.values())
    names = {k: f"{say(v.zh, v.en)} {totals[k]}" for k, v in FACT_KINDS.items() if totals[k]}
    st.session_state[key] = review.state.kind

    def changed() -> None:
        review.state.kind = st.session_state[key] or review.state.kind
        of_kind = review.of_kind(review.state.kind)
        review.pick(next((i.id for i in of_kind if review.verdict(i.id) == OPEN), of_kind[0].id))

    st.pills(
        say("事实类型", "Kind of fact"),
        list(names),
        format_func=lambda k: names.get(k, k),
        key=key,
        on_change=changed,
        label_visibility="collapsed",
        required=True,
    )


def _decide_all(review: Review, listed: Sequence[Item]) -> None:
    ids, counts = [i.id for i in listed], review.count(listed)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for label, icon, verdict in (
            (say("全部采纳", "Accept all"), ":material/done_all:", ACCEPTED),
            (say("全部剔除", "Reject all"), ":material/remove_done:", REJECTED),
            (say("重置", "Reset"), ":material/undo:", OPEN),
        ):
            wanted = review.plain_ones(listed) if verdict == ACCEPTED else ids
            st.button(
                label,
                icon=icon,
                key=f"review:all:{verdict}",
                on_click=partial(review.decide, wanted, verdict),
                help=say("这一类的全部事实", "All facts of this kind"),
            )
        st.caption(" · ".join(f"{SIGNS[sign]} {counts[sign]}" for sign in SIGNS if counts[sign]), width="content")


def _list_row(review: Review, item: Item) -> list[Any]:
    where = item.row["clause"]
    if any(map(review.unsure, document_facts.mentions(item.kind, review.values(item)))):
        where += say(" · ? 名称待核对", " · ? check the name")
    state, _ = review.standing(item.id)
    if state in (State.SAME, State.CONTRARY):
        where += f" · {state_words(state)}"
    title = document_facts.titles(item.kind, review.values(item))
    return [item.id, review.sign(item.id), title, where, item.id in review.state.edits]
