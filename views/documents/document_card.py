"""One fact of a document: accept, edit or reject it, with its evidence and what its names mean in the graph."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import streamlit as st

from graph.language import Language, language, say, use_language
from graph.schema import NODE_TYPES
from loaders.review.fact_kinds import FACT_KINDS, FactColumn
from loaders.review.proposal import NEW, NONE
from loaders.review.reconciliation import State
from views.common import plain
from views.documents import document_facts
from views.documents.document_facts import CREATED, Item, Mention
from views.documents.document_state import ACCEPTED, OPEN, REJECTED, Review


def draw_card(review: Review, item: Item) -> None:
    """The fact that is looked at: verdict, evidence, what of the graph it means, corrections."""
    kind, verdict = FACT_KINDS[item.kind], review.verdict(item.id)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for label, icon, wanted in (
            (say("采纳", "Accept"), ":material/check:", ACCEPTED),
            (say("剔除", "Reject"), ":material/close:", REJECTED),
        ):
            st.button(
                label,
                icon=icon,
                key=f"review:{wanted}",
                type="primary" if verdict == wanted else "secondary",
                on_click=_decide_one,
                args=(review, item.id, wanted),
            )
        st.button(
            say("待定", "Leave open"),
            key="review:open",
            on_click=review.decide,
            args=([item.id], OPEN),
            disabled=verdict == OPEN,
        )
    first, last = item.row["span"]
    where = item.row["clause"]
    st.caption(
        plain(
            say(f"{kind.zh} · {where} · 原文第 {first}–{last} 字", f"{kind.en} · {where} · characters {first}–{last}")
        )
    )
    st.markdown("\n".join(f"> {plain(line)}" for line in item.row["evidence"].splitlines() if line.strip()))
    _tell_standing(review, item)
    _links(review, item)
    with st.expander(say("修改", "Edit"), icon=":material/edit:", key="review:edit"):
        _edit(review, item)


def _tell_standing(review: Review, item: Item) -> None:
    """What the graph says of it already."""
    state, words = review.standing(item.id)
    if state is State.SAME:
        st.caption(say(":material/check: 已在库，载入不再增加。", ":material/check: On record: loading adds nothing."))
    elif state is State.CONTRARY:
        st.warning(
            say(
                f"与库中不一致。库中：{plain(words)}。采纳则与之并列载入，不改动库中所载。",
                f"Differs from the record: {plain(words)}. Accepted, it is loaded beside it; the record stays.",
            ),
            icon=":material/compare_arrows:",
        )


def _decide_one(review: Review, item_id: str, verdict: str) -> None:
    review.decide([item_id], verdict)
    review.next_open()


def _edit(review: Review, item: Item) -> None:
    edits = review.state.edits.get(item.id, {})
    values = review.values(item)
    wanted = FACT_KINDS[item.kind].columns
    with st.form(f"review:form:{item.id}", border=False):
        columns = st.columns(2, gap="small")
        for number, what in enumerate(wanted):
            with columns[number % 2] if what.holds != "list" else st.container():
                _input(item, what, values, edits)
        with st.container(horizontal=True):
            st.form_submit_button(
                say("保存修改并采纳", "Save and accept"),
                type="primary",
                key="review:save",
                on_click=_save,
                args=(review, item, language()),
            )
            st.form_submit_button(
                say("恢复原样", "As it was read"),
                key="review:restore",
                disabled=not edits,
                on_click=_restore,
                args=(review, item),
            )
    if review.state.slip:
        st.error(plain(review.state.slip), icon=":material/error:")


def _save(review: Review, item: Item, words: Language) -> None:
    """Take over what was typed; nothing if one field is wrong."""
    use_language(words)  # callbacks run before the page sets it
    read = {}
    for what in FACT_KINDS[item.kind].columns:
        try:
            read[what.key] = _read(what, st.session_state.get(_input_key(item, what)) or "")
        except ValueError as error:
            review.state.slip = str(error)
            return
    _restore(review, item)
    changed = {k: v for k, v in read.items() if v != (item.row.get(k) or ([] if isinstance(v, list) else None))}
    if changed:
        review.state.edits[item.id] = changed
    review.decide([item.id], ACCEPTED)


def _restore(review: Review, item: Item) -> None:
    review.state.edits.pop(item.id, None)
    review.decide([item.id], OPEN)
    for what in FACT_KINDS[item.kind].columns:
        st.session_state.pop(_input_key(item, what), None)


def _input_key(item: Item, what: FactColumn) -> str:
    return f"review:in:{item.id}:{what.key}"


def _input(item: Item, what: FactColumn, values: Mapping[str, Any], edits: Mapping[str, Any]) -> None:
    """One field; the original stands below it once it was changed."""
    label, key, value = say(what.zh, what.en), _input_key(item, what), values.get(what.key)
    if isinstance(what.holds, Mapping):
        options = [*what.holds, *([value] if value and value not in what.holds else [])]
        words = {o: document_facts.value_words(item.kind, what.key, o) for o in options}
        st.selectbox(
            label,
            options,
            index=options.index(value) if value in options else None,
            format_func=lambda o: words.get(o, o),
            key=key,
            placeholder="—",
        )
    else:
        hint = say("多个之间用“、”分隔", "divided by 、") if what.holds == "list" else None
        st.text_input(label, as_text(value), key=key, help=hint)
    if what.key in edits:
        before = as_text(item.row.get(what.key)) or say("（空）", "(empty)")
        st.caption(plain(say(f"原读作：{before}", f"read as: {before}")))


def as_text(value: Any) -> str:
    """A value as it is typed: lists divided by 、."""
    if value is None:
        return ""
    return "、".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _read(what: FactColumn, text: str) -> Any:
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


def _links(review: Review, item: Item) -> None:
    """What of the graph the names in a fact mean: certain ones as text, the others to choose."""
    wanted = list(dict.fromkeys(document_facts.mentions(item.kind, review.values(item))))
    if not wanted:
        return
    st.markdown(say("**对应图谱**", "**In the graph**"))
    certain = [m for m in wanted if is_certain(review, m)]
    if certain:
        st.markdown("\n".join(f"- {_linked(review, m)}" for m in certain))
    for mention in wanted:
        if mention not in certain:
            choose_meaning(review, mention)


def is_certain(review: Review, mention: Mention) -> bool:
    """Whether a name means one node on record, and nobody has chosen otherwise."""
    return review.link(mention) in review.proposed.known and mention.key not in review.state.choices


def _linked(review: Review, mention: Mention) -> str:
    node_id = review.link(mention)
    name, label = review.proposed.known[node_id]
    other = "" if name == mention.name else f" · {plain(name)}"
    return f"{plain(mention.name)} → {say(NODE_TYPES[label].zh, label)}{other}　:gray[{plain(node_id)}]"


def choose_meaning(review: Review, mention: Mention, place: str = "card") -> None:
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

    st.selectbox(
        f"{plain(mention.name)} · {hint}",
        list(words),
        format_func=lambda o: words.get(o, o),
        key=key,
        on_change=changed,
        help=say("这一选择对全文同名处有效", "One choice holds for the whole document"),
    )
