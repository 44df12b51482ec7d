"""Into the graph: what was accepted of a document, what it would change, and the files to take along."""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from graph.database import writing
from graph.database.changes import Change
from graph.database.planning import plan
from graph.database.rows import KnownRegion
from graph.database.store import Store
from graph.errors import Problem
from graph.facts import Facts
from graph.language import Language, language, say, use_language
from graph.schema import BOOKKEEPING, NODE_TYPES, RELATIONSHIP_TYPES
from loaders.review.document_source import met_facts
from loaders.review.reconciliation import State
from loaders.review.review_workbook import write_review
from services.record import dataset_digest
from views import common
from views.common import plain
from views.documents import document_facts
from views.documents.document_card import as_text, choose_meaning, is_certain
from views.documents.document_facts import Item, Mention
from views.documents.document_state import ACCEPTED, Review, corrected, dataset_of


def draw_loading(review: Review) -> None:
    """What would be loaded, the files to take along, and the button that loads."""
    st.subheader(say("载入图谱", "Load into the graph"), anchor=False)
    with st.expander(say("文件信息", "About the document"), icon=":material/description:", key="review:about"):
        edit_about(review)
    draw_downloads(review)
    if review.state.done:
        st.success(review.state.done, icon=":material/check_circle:")
        return
    _tell_undecided(review)
    accepted = [i for i in review.items.values() if review.verdict(i.id) == ACCEPTED]
    if not accepted:
        st.info(
            say(
                "还没有采纳任何新事实。采纳后，这里列出将要新建和更新的内容。",
                "Nothing new has been accepted yet. What will be created and updated is listed here then.",
            ),
            icon=":material/info:",
        )
        new = review.plain_ones(review.items.values())
        st.button(
            say(f"采纳全部 {len(new)} 条", f"Accept all {len(new)}"),
            key="review:everything",
            disabled=not new,
            on_click=partial(review.decide, new, ACCEPTED),
        )
        return
    facts, problems, changes = _planned(review)
    if problems:
        _show_problems(review, problems)
        return
    _warn_of_a_namesake(review)
    _show_unsure(review, accepted)
    _show_plan(changes, review, len(accepted), facts)
    if _shown_changes(changes) and st.button(
        say("确认载入", "Load"), type="primary", icon=":material/upload:", key="review:load"
    ):
        with st.spinner(say("载入 …", "Loading …")):
            result = writing.load(common.store(), [facts])
        review.state.done = _done_words(result, facts)
        st.rerun()


def _tell_undecided(review: Review) -> None:
    """What is on record already, and what contradicts it and nobody has decided on."""
    counts = review.count(review.items.values())
    same, contrary = counts[State.SAME], counts[State.CONTRARY]
    if same:
        st.caption(say(f"＝ {same} 条已在库，载入不再增加。", f"＝ {same} are on record: loading adds nothing."))
    if contrary:
        words = say(
            f"{contrary} 条与库中不一致，须逐条决定；未采纳的不载入，库中所载不变。",
            f"{contrary} differ from the record and need a decision each; what is not accepted is not loaded, the record stays.",
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/compare_arrows: {words}", width="content")
            first = next(i.id for i in review.items.values() if review.sign(i.id) == State.CONTRARY)
            st.button(say("查看", "Show"), key="review:contrary", on_click=review.pick, args=(first,))


def _planned(review: Review) -> tuple[Facts, list[Problem], list[Change]]:
    """The facts to load and what they would change; worked out anew when a decision or the graph has changed."""
    state = review.state
    decisions = [state.verdicts, state.edits, state.choices, state.about]
    key = json.dumps([common.data_state(), language(), review.file.name, *decisions], sort_keys=True)
    if state.planned is None or state.planned[0] != key:
        problems: list[Problem] = []
        proposed = review.proposed
        facts = met_facts(corrected(review), dataset_of(review), proposed.lexicon, proposed.record, problems).facts
        state.planned = (key, facts, problems, [] if problems else _plan(common.store(), facts))
    return state.planned[1:]


def edit_about(review: Review) -> None:
    """What the document says of itself, to correct."""
    about, original = review.about, review.proposed.proposal.about
    names = {
        "name": say("标题", "title"),
        "number": say("文号", "number"),
        "issuers": say("发文机关", "issued by"),
        "issued": say("印发日期", "issued"),
        "effective": say("施行日期", "in force from"),
        "expires": say("失效日期", "expires"),
    }
    columns = st.columns(2)
    for number, (name, label) in enumerate(names.items()):
        key = f"review:about:{review.key}:{name}"
        text = columns[number % 2].text_input(label, as_text(about.get(name)), key=key)
        value: Any = [p for p in re.split("[、；]", text) if p] if name == "issuers" else text.strip() or None
        _correct(review, name, value, original.get(name) or ([] if name == "issuers" else None))
    regions = {place.id: common.naming(place) for place in common.rows(KnownRegion)}
    current = about.get("region")
    chosen = st.selectbox(
        say("适用地区", "In force in"),
        list(regions),
        index=list(regions).index(current) if current in regions else None,
        format_func=lambda i: regions.get(i, i),
        placeholder=say("不注明", "not stated"),
        key=f"review:about:{review.key}:region:{language()}",
    )
    _correct(review, "region", chosen, original.get("region"))
    for mention in (Mention("Department", n) for n in review.about["issuers"]):
        if not is_certain(review, mention):
            choose_meaning(review, mention, "about")


def _correct(review: Review, name: str, value: Any, original: Any) -> None:
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


def _show_problems(review: Review, problems: Sequence[Problem]) -> None:
    """Why what was accepted cannot be loaded as it is, with a way to the fact."""
    st.warning(
        say("采纳的内容还不能载入，须先处理：", "What was accepted cannot be loaded yet:"),
        icon=":material/warning:",
    )
    for number, problem in enumerate(problems[:12]):
        at = re.search(r"clauses\[(\d+)\](?:\.(targets|measures))?", problem.where)
        clause = review.proposed.proposal.clauses[int(at[1])]["key"] if at else say("文件信息", "about the document")
        kind = at[2] if at else None
        there = [i for i in review.items.values() if i.row["clause"] == clause and review.verdict(i.id) == ACCEPTED]
        there = [i for i in there if i.kind == kind] or there
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{plain(clause)} — {plain(problem.message)}", width="content")
            if there:
                st.button(
                    say("查看", "Show"), key=f"review:problem:{number}", on_click=review.pick, args=(there[0].id,)
                )
    if len(problems) > 12:
        st.caption(say(f"…… 另 {len(problems) - 12} 处", f"… {len(problems) - 12} more"))


def _warn_of_a_namesake(review: Review) -> None:
    """Another file of that name was loaded."""
    dataset = dataset_of(review)
    if dataset_digest(common.store(), dataset.id) not in (None, dataset.sha256):
        st.warning(
            plain(
                say(
                    f"曾载入过另一份同名文件 {dataset.name}：这次载入将替换它。",
                    f"Another file named {dataset.name} was loaded before: this load replaces it.",
                )
            ),
            icon=":material/swap_horiz:",
        )


def _show_unsure(review: Review, accepted: Sequence[Item]) -> None:
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
                choose_meaning(review, mention, "load")


_ACTIONS = {"created": ("新建", "created"), "updated": ("更新", "updated"), "removed": ("撤回", "removed")}


def _shown_changes(changes: Sequence[Change]) -> list[Change]:
    """Changes of the domain: not of the books, and not where the document only says once more what is on record."""
    domain = (c for c in changes if not (c.kind in NODE_TYPES and NODE_TYPES[c.kind].internal))
    return [c for c in domain if _without_books(c.before) != _without_books(c.after)]


def _without_books(properties: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if properties is None:
        return None
    return {k: v for k, v in properties.items() if k not in (*BOOKKEEPING, "sources")}


def _type_name(kind: str) -> str:
    types: dict[str, Any] = {**NODE_TYPES, **RELATIONSHIP_TYPES}
    return say(types[kind].zh, kind)


def _show_plan(changes: Sequence[Change], review: Review, accepted: int, facts: Facts) -> None:
    shown = _shown_changes(changes)
    left = len(review.items) - accepted - review.count(review.items.values())[State.SAME]
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


def _done_words(result: writing.LoadResult, facts: Facts) -> str:
    created, updated, removed = (c.total() for c in (result.created, result.updated, result.removed))
    dataset = facts.dataset.id
    return say(
        f"已载入：新建 {created}，更新 {updated}，撤回 {removed} 个节点与关系。数据集 {plain(dataset)}；撤回可用 `liantu forget`。",
        f"Loaded: {created} created, {updated} updated, {removed} removed. Dataset {plain(dataset)}; `liantu forget` takes it back.",
    )


def draw_downloads(review: Review) -> None:
    """The workbook and the JSON of the review."""
    stem = Path(review.file.name).stem
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            say("审读表（Excel）", "Review workbook (Excel)"),
            partial(as_workbook, review, language()),
            f"{stem}-审读.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            key="review:xlsx",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "JSON",
            partial(as_json, review),
            f"{stem}.json",
            "application/json",
            key="review:json",
            icon=":material/download:",
            on_click="ignore",
        )
        st.caption(
            say(
                "审读表可在 Excel 中继续修改，再用 `liantu load` 载入；只有采纳的行标为采用",
                "The workbook can be edited in Excel and loaded by `liantu load`; only accepted rows are marked so",
            ),
            width="content",
        )


def as_json(review: Review) -> bytes:
    """The extraction, with what was decided and corrected beside each fact."""
    data = review.extraction.as_json()
    for item in review.items.values():
        number = int(item.id.partition(":")[2])
        data[item.kind][number]["review"] = {
            "verdict": review.verdict(item.id),
            "edited": review.state.edits.get(item.id, {}),
        }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def as_workbook(review: Review, words: Language) -> bytes:
    """The workbook of ``liantu review``, as far as the review has come."""
    use_language(words)
    with tempfile.TemporaryDirectory(prefix="liantu-") as folder:
        path = Path(folder) / "review.xlsx"
        write_review(corrected(review), path)
        return path.read_bytes()
