"""A proposal as a workbook that a person corrects: one sheet a type of fact, evidence beside each row; and back."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from graph.language import say
from loaders.files import UnreadableFileError
from loaders.review.fact_kinds import FACT_KINDS, FactKind, mentioned
from loaders.review.proposal import NEW, NONE, SEPARATOR, Proposal, Row, list_cell
from loaders.review.reconciliation import STATE_NAMES

#: The first sheet's name tells a review from a table.
MARK = "文件（链图审阅）"
_CLAUSES, _NAMES = "条款", "名称对照"
#: What a name that a person wrote into a sheet becomes a node of.
_CREATED = ("Department", "Firm", "Park", "Platform")
_YES, _NO = "是", "否"
_ABOUT = {
    "id": "编号",
    "name": "名称",
    "number": "文号",
    "issued": "印发日期",
    "effective": "施行日期",
    "expires": "失效日期",
    "url": "网址",
    "region": "适用地区编号",
    "region_name": "适用地区",
    "issuers": "发文机关",
    "aliases": "别名",
    "cites": "引用文件",
    "path": "来源文件",
}
_CLAUSE = {"key": "条款", "within": "上级", "number": "序号", "name": "标题", "start": "起", "end": "止"}
_NAME = {"label": "类别", "name": "名称", "link": "关联", "candidates": "候选", "code": "代码"}
#: How a row stands to the graph as it was when the workbook was written; may be missing.
_STATE = {"state": "与库对照", "on_record": "库中"}
_WIDE = {
    "evidence": 60,
    "name": 24,
    "condition": 30,
    "lead": 30,
    "support": 40,
    "candidates": 30,
    "indicator": 24,
    "on_record": 40,
}


def write_review(proposal: Proposal, path: Path) -> None:
    """Write the workbook."""
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        _sheet(
            book,
            MARK,
            {"key": "项", "value": "内容"},
            [{"key": zh, "value": _about_cell(key, proposal.about.get(key))} for key, zh in _ABOUT.items()],
            head,
            wrap,
        )
        for kind, declared in FACT_KINDS.items():
            rows = [
                {
                    **r,
                    "accept": _YES if r["accept"] else _NO,
                    "start": r["span"][0],
                    "end": r["span"][1],
                    "state": STATE_NAMES[r["state"]] if r.get("state") else "",
                }
                for r in proposal.rows[kind]
            ]
            sheet = _sheet(book, declared.zh, _columns(declared) | _STATE, rows, head, wrap)
            sheet.data_validation(1, 0, 5000, 0, {"validate": "list", "source": [_YES, _NO]})
        sheet = _sheet(book, _NAMES, _NAME, proposal.names, head, wrap)
        sheet.write_comment(0, 2, say(f"节点编号；{NEW}；{NONE}", f"id of a node; {NEW} (new); {NONE} (none)"))
        _sheet(book, _CLAUSES, _CLAUSE, proposal.clauses, head, wrap)
    path.write_bytes(made.getvalue())


def _columns(kind: FactKind) -> dict[str, str]:
    """Columns of the sheet of a kind of fact."""
    return {
        "accept": "采用",
        "clause": "条款",
        **{c.key: c.zh for c in kind.columns},
        "evidence": "原文",
        "start": "起",
        "end": "止",
    }


def _about_cell(key: str, value: Any) -> str:
    if key == "cites":
        return SEPARATOR.join(f"《{c['title']}》{c['number'] or ''}" for c in value)
    return list_cell(value)


def _sheet(book: Any, name: str, columns: dict[str, str], rows: list[Row], head: Any, wrap: Any) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for column, (key, zh) in enumerate(columns.items()):
        sheet.write_string(0, column, zh, head)
        sheet.set_column(column, column, _WIDE.get(key, 14))
    for number, row in enumerate(rows, start=1):
        for column, key in enumerate(columns):
            value = row.get(key)
            if isinstance(value, int | float) and not isinstance(value, bool):
                sheet.write_number(number, column, value, wrap)
            else:
                # As text: what stands in a document is never a formula.
                sheet.write_string(number, column, list_cell(value), wrap)
    return sheet


def is_review(book: Workbook) -> bool:
    """Whether a workbook is a review of a document."""
    return bool(book.sheetnames) and book.sheetnames[0] == MARK


def read_review(book: Workbook) -> Proposal:
    """The proposal in a workbook, as it was corrected.

    Raises:
        UnreadableFileError: a sheet is missing, or a cell holds what its column cannot.
    """
    about = {r["key"]: r["value"] for r in _rows(book, MARK, {"key": "项", "value": "内容"})}
    rows = {
        kind: [_fact(kind, r, n) for n, r in enumerate(_rows(book, declared.zh, _columns(declared), _STATE), start=2)]
        for kind, declared in FACT_KINDS.items()
    }
    clauses, names = _rows(book, _CLAUSES, _CLAUSE), _rows(book, _NAMES, _NAME)
    for clause in clauses:
        clause["start"], clause["end"] = (int(_number(clause[k], _CLAUSES, 0) or 0) for k in ("start", "end"))
    known = {c["key"] for c in clauses}
    for kind, declared in FACT_KINDS.items():
        for number, row in enumerate(rows[kind], start=2):
            if row["accept"] and row["clause"] not in known:
                raise UnreadableFileError(
                    say(f"表“{declared.zh}”第{number}行", f"sheet {declared.zh!r} row {number}"),
                    say(f"没有条款“{row['clause']}”", f"there is no clause {row['clause']!r}"),
                )
    return Proposal(_read_about(about), clauses, rows, _with_new(names, rows))


def _read_about(cells: dict[str, Any]) -> Row:
    about: Row = {key: cells.get(zh) for key, zh in _ABOUT.items()}
    for key in ("issuers", "aliases"):
        about[key] = _list(about[key])
    cites = []
    for cell in _list(about["cites"]):
        title, _, number = cell.removeprefix("《").rpartition("》")
        cites.append({"title": title or number, "number": number if title and number else None})
    about["cites"] = cites
    about["region_name"] = about["region_name"] or ""
    return about


def _with_new(names: list[Row], rows: dict[str, list[Row]]) -> list[Row]:
    """Names that a person wrote into a sheet and that have no row of their own are new."""
    known = {(r["label"], r["name"]) for r in names}
    added = []
    wanted = [m for kind, facts in rows.items() for row in facts for m in mentioned(kind, row) if m[0] in _CREATED]
    for label, name in dict.fromkeys(wanted):
        if (label, name) not in known:
            added.append({"label": label, "name": name, "link": NEW, "candidates": "", "code": None})
    return [{**r, "link": r["link"] or NEW} for r in names] + added


def _fact(kind: str, row: Row, number: int) -> Row:
    zh, fact = FACT_KINDS[kind].zh, dict(row)
    fact["accept"] = str(row["accept"] or _YES).strip() not in (_NO, "no", "0", "false", "False")
    for column in FACT_KINDS[kind].columns:
        cell = row[column.key]
        if column.holds == "list":
            fact[column.key] = _list(cell)
        elif column.holds in ("number", "whole"):
            value = _number(cell, zh, number)
            fact[column.key] = int(value) if value is not None and column.holds == "whole" else value
    fact["span"] = [int(_number(row[k], zh, number) or 0) for k in ("start", "end")]
    fact["evidence"] = row["evidence"] or ""
    fact["state"] = next((s for s, words in STATE_NAMES.items() if words == row["state"]), None)
    return fact


def _rows(book: Any, name: str, columns: dict[str, str], optional: dict[str, str] | None = None) -> list[Row]:
    if name not in book.sheetnames:
        raise UnreadableFileError("", say(f"缺少工作表“{name}”", f"the sheet {name!r} is missing"))
    lines = book[name].iter_rows(values_only=True)
    headings = [str(h or "").strip() for h in next(lines, ())]
    missing = [zh for zh in columns.values() if zh not in headings]
    if missing:
        raise UnreadableFileError(
            say(f"表“{name}”", f"sheet {name!r}"), say(f"缺少列“{missing[0]}”", f"the column {missing[0]!r} is missing")
        )
    rows = []
    for line in lines:
        cells = dict(zip(headings, line, strict=False))
        row = {key: _cell(cells.get(zh)) for key, zh in {**columns, **(optional or {})}.items()}
        if any(v is not None for v in row.values()):
            rows.append(row)
    return rows


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip() or None
    return value


def _list(value: Any) -> list[str]:
    return [p.strip() for p in str(value or "").replace(";", SEPARATOR).split(SEPARATOR) if p.strip()]


def _number(value: Any, sheet: str, row: int) -> float | None:
    if value is None:
        return None
    try:
        return float(str(value).replace(",", ""))
    except ValueError as error:
        raise UnreadableFileError(
            say(f"表“{sheet}”第{row}行", f"sheet {sheet!r} row {row}"),
            say(f"{value!r} 不是数字", f"{value!r} is not a number"),
        ) from error
