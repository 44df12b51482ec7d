"""What was extracted from a document, as tables: one for each type of fact, the evidence beside each row."""

from __future__ import annotations

from collections import Counter
from typing import Any

from graph.language import say
from graph.schema import VALUE_NAMES, Stance
from loaders.extraction import Extraction
from loaders.review.fact_kinds import FACT_KINDS
from loaders.review.proposal import NEW, NONE, Proposal
from loaders.review.reconciliation import State, state_words

#: Title, column headings, rows.
FactTable = tuple[str, list[str], list[list[str]]]


def heading(extraction: Extraction) -> list[str]:
    """What the document says of itself, a line each."""
    about = extraction.as_json()["document"]
    rows = [
        (say("标题", "title"), "；".join(about["titles"])),
        (say("文号", "number"), about["number"]),
        (say("发文机关", "issued by"), "、".join(about["issuers"])),
        (say("印发", "issued"), about["issued"]),
        (say("施行", "in force"), " — ".join(d for d in (about["effective"], about["expires"]) if d)),
        (say("引用文件", "cites"), "；".join(c["title"] for c in about["cited_documents"])),
    ]
    return [f"{name}：{value}" for name, value in rows if value]


def summary(proposal: Proposal) -> list[str]:
    """What a document would add, in a few lines: how many facts, which names are new, which are not certain."""
    about = proposal.about
    accepted = {kind: sum(row["accept"] for row in rows) for kind, rows in proposal.rows.items()}
    counts = say(
        "，".join(f"{declared.zh} {accepted[kind]}" for kind, declared in FACT_KINDS.items()),
        ", ".join(f"{kind} {count}" for kind, count in accepted.items()),
    )
    new = [r for r in proposal.names if r["link"] == NEW]
    open_names = [r for r in proposal.names if r["candidates"] and r["link"] in (NEW, NONE)]
    lines = [
        f"{about['name']}（{about['id']}）",
        say(f"条款 {len(proposal.clauses)}，{counts}", f"clauses {len(proposal.clauses)}, {counts}"),
    ]
    if about.get("known"):
        lines.append(_against_the_record(proposal))
    if new:
        names = "、".join(r["name"] for r in new)
        lines.append(say(f"新建 {len(new)}：{names}", f"new {len(new)}: {names}"))
    if open_names:
        names = "、".join(f"{r['name']}（{r['candidates']}）" for r in open_names)
        lines.append(
            say(f"未关联但有候选 {len(open_names)}：{names}", f"not linked, with candidates {len(open_names)}: {names}")
        )
    lines += [
        say(f"损坏 {d['raw']} → {d['intended'] or '不明'}", f"damaged {d['raw']} -> {d['intended'] or 'not known'}")
        for d in proposal.damaged
    ]
    return lines


def _against_the_record(proposal: Proposal) -> str:
    """How many facts of a document that is on record already are new to it."""
    counts = Counter(row.get("state") for rows in proposal.rows.values() for row in rows)
    states = say("，", ", ").join(f"{state_words(state)} {counts[state]}" for state in State)
    return say(f"图中已有此文件，逐条对照：{states}", f"the graph holds this document; fact by fact: {states}")


def tables(extraction: Extraction) -> list[FactTable]:
    """One table for each type of fact."""
    data = extraction.as_json()
    clause, evidence = say("条款", "clause"), say("原文", "evidence")
    clauses = [[path(c["clause"]), c["heading"] or ""] for c in data["clauses"]]
    damaged = [[path(d["clause"]), d["raw"], d["intended"] or say("不明", "not known")] for d in data["damaged"]]
    facts = []
    for kind, declared in FACT_KINDS.items():
        columns = [c for c in declared.columns if c.brief]
        rows = [[path(i["clause"]), *(_cell(i, c.key) for c in columns), i.get("evidence", "")] for i in data[kind]]
        facts.append((say(declared.zh, declared.en), [clause, *(say(c.zh, c.en) for c in columns), evidence], rows))
    return [
        (say("条款", "Clauses"), [clause, say("标题", "heading")], clauses),
        *facts,
        (say("损坏之处", "Damaged"), [clause, say("原样", "as it is"), say("应为", "probably")], damaged),
    ]


def as_markdown(extraction: Extraction) -> str:
    """The tables as Markdown."""
    lines = [*(f"- {line}" for line in heading(extraction)), ""]
    for title, columns, rows in tables(extraction):
        lines += [f"## {title}（{len(rows)}）", ""]
        if rows:
            lines += [_row(columns), _row(["---"] * len(columns)), *(_row(row) for row in rows), ""]
    return "\n".join(lines) + "\n"


def path(clause: list[str | None]) -> str:
    """A clause's path in one piece: 行动方案 三（一）1."""
    part, *rest = clause
    return " ".join(p for p in (part, "".join(r for r in rest if r)) if p) or say("正文前", "before the clauses")


def _cell(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(map(str, value))
    if key == "stance":
        return say(VALUE_NAMES[Stance].get(value, value), str(value))
    return str(value)


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(c.replace("|", "\\|").replace("\n", " ") for c in cells) + " |"
