"""Tables of goals inside documents: indicators below one another, years beside one another; each row as a sentence."""

from __future__ import annotations

import re

from loaders.documents import Mapped

_INDICATOR = re.compile("指标|目标名称|^目标$|^项目$|^名称$|^内容$")
_UNIT = re.compile("^(?:计量)?单位$")
_YEAR = re.compile(r"(?P<year>20\d\d)年?")
_GOAL = re.compile("目标(?:值)?$|指标值$")
_TODAY = re.compile("现状|实际|基期|基数|基准|基础值|完成值|完成情况")
_EACH_YEAR = re.compile("年均(?:增速|增长)")
_NUMBER = re.compile(
    r"[（〔]?(?P<value>[≥≤<>＜＞约]{0,2}\d[\d,.]*(?:%|‰)?(?:[-—~～]\d[\d,.]*(?:%|‰)?)?(?:万|亿)?)[）〕]?(?P<rest>[^\d]{0,6})"
)
_UNIT_BEHIND = re.compile(r"[（(](?P<unit>[^（）()]{1,12})[）)]$")
_HEADER_ROWS = 3


def goal_paragraphs(rows: list[list[Mapped]]) -> list[Mapped]:
    """One paragraph a row (产值：2025年60亿元，2027年100亿元。); nothing where it is no table of goals."""
    for number, row in enumerate(rows[:_HEADER_ROWS]):
        headings = ["".join(cell.text.split()) for cell in row]
        values = _leads(headings)
        name = next((i for i, h in enumerate(headings) if _INDICATOR.search(h) and i not in values), None)
        if name is not None and values and min(values) > name:
            unit = next((i for i, h in enumerate(headings) if _UNIT.match(h)), None)
            return [p for r in rows[number + 1 :] if len(r) == len(row) and (p := _sentence(r, name, unit, values))]
    return []


def _leads(headings: list[str]) -> dict[int, str]:
    """The words before the values of each column that holds some: 2027年, 年均增长, 2024年已为 (the level of today)."""
    years = [i for i, h in enumerate(headings) if _YEAR.search(h)]
    called_goals = [i for i in years if _GOAL.search(headings[i])]
    grows = any(_EACH_YEAR.search(h) for h in headings)
    found = {}
    for i, heading in enumerate(headings):
        first_of_two = grows and len(years) > 1 and i == years[0]
        today = _TODAY.search(heading) or first_of_two or (called_goals and i in years and i not in called_goals)
        if i in years:
            found[i] = _YEAR.search(heading)["year"] + ("年已为" if today else "年")  # type: ignore[index]
        elif _EACH_YEAR.search(heading):
            found[i] = "年均增长"
        elif today or _GOAL.search(heading):
            found[i] = "已为" if today else "为"
    return found


def _sentence(row: list[Mapped], name: int, unit: int | None, values: dict[int, str]) -> Mapped | None:
    """A row as a sentence; None where it has no values."""
    what = row[name]
    behind = _UNIT_BEHIND.search(what.text.strip())
    measure = "".join(row[unit].text.split()) if unit is not None else ""
    if behind and not measure:
        measure = behind["unit"]
    parts: list[Mapped] = []
    for column, lead in values.items():
        cell = row[column]
        match = _NUMBER.search(cell.text)
        if match:
            parts += [cell.insertion(match.start("value"), f"，{lead}"), cell[slice(*match.span("value"))]]
            if not match["value"].endswith(("%", "‰")) and not match["rest"].startswith(measure or "\0"):
                parts.append(cell.insertion(match.end("value"), measure))
            parts.append(cell[slice(*match.span("rest"))])
            stop = cell.insertion(match.end(), "。")
    if not parts or not what.text.strip():
        return None
    text = what.text.strip()
    start = what.text.find(text)
    end = start + (behind.start() if behind and behind["unit"] == measure else len(text))
    parts[0] = parts[0].same_length("：" + parts[0].text[1:])
    return Mapped.join([what[start:end], *parts, stop])
