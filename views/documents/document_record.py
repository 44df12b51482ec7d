"""A policy document that is on record: its clauses, and what each of them states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from graph import schema as s
from graph.database.rows import PolicyDocument
from graph.facts import Stated
from graph.language import language, say
from graph.schema import VALUE_NAMES, Clause, Method
from loaders.review.fact_kinds import FACT_KINDS
from loaders.review.likeness import goal_words, sum_words
from services.record import names_of, stated_in
from views import common
from views.common import plain

_HEIGHT = 620
#: Kinds of facts, as of a document that is read, by the label of what a clause is about.
_KIND_OF = {
    "Firm": "firms",
    "Park": "parks",
    "Platform": "platforms",
    "Region": "regions",
    "Chain": "chain_gaps",
    "Segment": "chain_gaps",
    "Product": "chain_gaps",
}


class Told(NamedTuple):
    """A fact of a clause, in words."""

    clause: str
    kind: str
    words: str
    method: str


def draw_record() -> None:
    """Choose a document that is on record, and see its clauses and facts."""
    documents = {document.id: document for document in common.rows(PolicyDocument)}
    if not documents:
        st.info(say("还没有载入任何政策文件。", "No policy document has been loaded."), icon=":material/info:")
        return
    chosen = st.selectbox(
        say("文件", "Document"),
        list(documents),
        format_func=lambda i: common.naming(documents[i]),
        key=f"record:document:{language()}",
    )
    about = documents[chosen]
    _heading(about)
    clauses, facts = _read(common.data_state(), language(), chosen)
    with st.container(key="record-panes"):
        left, right = st.columns([1, 1], gap="medium")
        with left:
            clause = _choose_clause(clauses, facts, chosen)
        with right:
            _draw_clause(clause, [f for f in facts if f.clause == clause.id])
    headings = [
        say("条款", "clause"),
        say("标题", "heading"),
        say("类别", "kind"),
        say("事实", "fact"),
        say("来源方式", "method"),
    ]
    of = {c.id: c for c in clauses}
    common.save_buttons(
        headings,
        [
            [_place(of[f.clause]), of[f.clause].name, _kind_name(f.kind), f.words, _value(Method, f.method)]
            for f in facts
        ],
        chosen.partition(":")[2].replace("/", "-"),
    )


def _heading(about: PolicyDocument) -> None:
    since = about.effective and say(f"{about.effective} 起施行", f"in force from {about.effective}")
    parts = [about.number, "、".join(about.issuers), about.issued, since, "、".join(about.regions)]
    counts = say(
        f"条款 {about.clauses} · 任务 {about.tasks} · 指标 {about.targets} · 政策措施 {about.measures}",
        f"{about.clauses} clauses · {about.tasks} tasks · {about.targets} targets · {about.measures} measures",
    )
    st.caption(" · ".join(plain(p) for p in (*parts, counts) if p))


@st.cache_resource(max_entries=16, show_spinner=False)
def _read(state: str, words: str, document: str) -> tuple[list[Clause], list[Told]]:  # noqa: ARG001
    """Clauses in order, and what they state."""
    stated = stated_in(common.store(), document)
    clauses = [n for n in stated.nodes.values() if isinstance(n, Clause)]
    ends = {end for one in stated.relationships.values() for end in (one.start, one.end)}
    told = _facts(stated, names_of(common.store(), ends))
    return sorted(clauses, key=lambda c: (c.order or 0, c.id)), told


def _facts(stated: Stated, names: Mapping[str, str]) -> list[Told]:
    """What clauses state, in words."""
    told = _units(stated, names)
    for node in stated.nodes.values():
        if isinstance(node, s.Target):
            told += _told(node, stated, "targets", goal_words(node))
        elif isinstance(node, s.Measure):
            told += _told(node, stated, "measures", sum_words(node))
    for one in stated.relationships.values():
        name = names.get(one.end, one.end)
        if isinstance(one, s.Concerns):
            words = f"{_value(s.Stance, one.stance)}：{name}" + (f"（{one.role}）" if one.role else "")
            told += _told(one, stated, _KIND_OF[s.label_of(one.end)], words)
        elif isinstance(one, s.Leads | s.Carries):
            kind, role = (
                ("firms", say("链主", "leads")) if isinstance(one, s.Leads) else ("parks", say("承载", "carries"))
            )
            told += _told(one, stated, kind, f"{role}：{names.get(one.start, one.start)} → {name}")
    return sorted(dict.fromkeys(told), key=lambda f: (list(FACT_KINDS).index(f.kind), f.words))


def _units(stated: Stated, names: Mapping[str, str]) -> list[Told]:
    """Who answers for each clause: one line for those that lead, one for those that support."""
    units: dict[tuple[str, str, str], dict[str, int]] = {}
    for one in stated.relationships.values():
        if isinstance(one, s.ResponsibleFor):
            for clause in (i for i in one.sources if isinstance(stated.nodes.get(i), Clause)):
                of = units.setdefault((clause, str(one.role), str(one.method)), {})
                of[names.get(one.start, one.start)] = one.order or 0
    return [
        Told(clause, "responsibilities", f"{_value(s.Role, role)}：{'、'.join(sorted(of, key=of.__getitem__))}", method)
        for (clause, role, method), of in sorted(units.items())
    ]


def _told(fact: s.Fact, stated: Stated, kind: str, words: str) -> list[Told]:
    return [Told(i, kind, words, str(fact.method)) for i in fact.sources if isinstance(stated.nodes.get(i), Clause)]


def _value(of: Any, value: str) -> str:
    return say(VALUE_NAMES[of].get(value, value), value)


def _choose_clause(clauses: list[Clause], facts: list[Told], document: str) -> Clause:
    """A list of the clauses; the one that is looked at."""
    counts = Counter(f.clause for f in facts)
    table = pd.DataFrame(
        [[_place(c), counts[c.id] or None, c.name] for c in clauses],
        columns=[say("条款", "clause"), say("事实", "facts"), say("标题", "heading")],
    )
    first = next((n for n, c in enumerate(clauses) if counts[c.id]), 0)
    place, number, _ = table.columns
    event = st.dataframe(
        table,
        hide_index=True,
        height=_HEIGHT,
        placeholder="",
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [first]}},
        key=f"record:clauses:{language()}:{document}",
        column_config={place: st.column_config.Column(width=150), number: st.column_config.Column(width=55)},
    )
    rows = event["selection"]["rows"]
    return clauses[rows[0] if rows and rows[0] < len(clauses) else first]


def _place(clause: Clause) -> str:
    return clause.path or clause.number or ""


def _draw_clause(clause: Clause, facts: list[Told]) -> None:
    with st.container(border=True, height=_HEIGHT, key="record-clause"):
        st.markdown(f"**{plain(_place(clause))}　{plain(clause.name)}**")
        if clause.summary:
            st.caption(plain(clause.summary))
        for kind in dict.fromkeys(f.kind for f in facts):
            st.markdown(f"**{_kind_name(kind)}**")
            st.markdown("\n".join(f"- {plain(f.words)}{_mark(f.method)}" for f in facts if f.kind == kind))
        if not facts:
            st.caption(say("这一条没有入图的事实。", "This clause states nothing on record."))


def _mark(method: str) -> str:
    """How a fact came in; nothing for one entered by hand."""
    return "" if method == Method.CURATED else f"　:gray-badge[{plain(_value(Method, method))}]"


def _kind_name(kind: str) -> str:
    return say(FACT_KINDS[kind].zh, FACT_KINDS[kind].en)
