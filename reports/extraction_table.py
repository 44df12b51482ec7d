"""What was extracted from a document, as tables: one for each type of fact, the evidence beside each row."""

from __future__ import annotations

from collections import Counter
from typing import Any

from graph.language import say
from graph.schema import VALUE_NAMES, Stance
from loaders.extraction import Extraction
from loaders.review.proposal import NEW, NONE, SHEETS, Proposal
from loaders.review.reconciliation import State, state_words

#: Title, column headings, rows.
FactTable = tuple[str, list[str], list[list[str]]]


def heading(found: Extraction) -> list[str]:
    """What the document says of itself, a line each."""
    about = found.as_json()["document"]
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
    counts = "，".join(f"{zh} {sum(r['accept'] for r in proposal.rows[kind])}" for kind, (zh, _) in SHEETS.items())
    if say("zh", "en") == "en":
        counts = ", ".join(f"{kind} {sum(r['accept'] for r in proposal.rows[kind])}" for kind in SHEETS)
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


def tables(found: Extraction) -> list[FactTable]:
    """One table for each type of fact."""
    data = found.as_json()
    clause, evidence = say("条款", "clause"), say("原文", "evidence")

    def table(title: str, kind: str, columns: dict[str, str]) -> FactTable:
        rows = [[path(i["clause"]), *(_cell(i, key) for key in columns), i.get("evidence", "")] for i in data[kind]]
        return title, [clause, *columns.values(), evidence], rows

    name = say("名称", "name")
    return [
        (
            say("条款", "Clauses"),
            [clause, say("标题", "heading")],
            [[path(c["clause"]), c["heading"] or ""] for c in data["clauses"]],
        ),
        table(
            say("责任单位", "Responsible"),
            "responsibilities",
            {"lead": say("牵头", "lead"), "support": say("配合", "support")},
        ),
        table(
            say("指标", "Targets"),
            "targets",
            {
                "subject": say("对象", "subject"),
                "indicator": say("指标", "indicator"),
                "comparator": say("比较", "comparator"),
                "value": say("数值", "value"),
                "unit": say("单位", "unit"),
                "year": say("年份", "year"),
                "base_year": say("基年", "base year"),
            },
        ),
        table(
            say("政策措施", "Measures"),
            "measures",
            {
                "instrument": say("工具", "instrument"),
                "rate_min": say("比例下限%", "rate from %"),
                "rate_max": say("比例上限%", "rate to %"),
                "amount_max": say("金额（万元）", "sum, 万元"),
                "per": say("每", "for each"),
                "per_unit_annual_cap": say("年度上限（万元）", "yearly cap, 万元"),
                "condition": say("条件", "condition"),
            },
        ),
        table(
            say("企业", "Firms"), "firms", {"name": name, "chain": say("产业链", "chain"), "role": say("角色", "role")}
        ),
        table(
            say("载体", "Parks"), "parks", {"name": name, "kind": say("类型", "kind"), "chain": say("产业链", "chain")}
        ),
        table(
            say("创新平台", "Platforms"),
            "platforms",
            {"name": name, "kind": say("类型", "kind"), "chain": say("产业链", "chain")},
        ),
        table(say("地区", "Regions"), "regions", {"name": name, "kind": say("类型", "kind")}),
        table(
            say("强链补链延链", "Stances"),
            "chain_gaps",
            {
                "chain": say("产业链", "chain"),
                "product_or_segment": say("环节或产品", "link or product"),
                "stance": say("取向", "stance"),
            },
        ),
        table(
            say("城市定位", "Cities named"),
            "city_roles",
            {
                "city_or_place": say("地区", "place"),
                "role": say("定位", "named for"),
                "industry": say("产业", "industry"),
            },
        ),
        (
            say("损坏之处", "Damaged"),
            [clause, say("原样", "as it is"), say("应为", "probably")],
            [[path(d["clause"]), d["raw"], d["intended"] or say("不明", "not known")] for d in data["damaged"]],
        ),
    ]


def as_markdown(found: Extraction) -> str:
    """The tables as Markdown."""
    lines = [*(f"- {line}" for line in heading(found)), ""]
    for title, columns, rows in tables(found):
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
