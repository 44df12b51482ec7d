"""Tables of tiers of support inside documents: what is paid stands in a column of its own."""

from __future__ import annotations

import re

from loaders.documents import Mapped

#: A column of what is paid: 奖励标准, 补助金额（万元）, 补贴比例（%）; in traditional script too.
_PAID = re.compile(
    "(?:[奖獎][励勵补補]|[补補]助|[补補][贴貼]|[资資]助)(?:[标標]准|標準|金[额額]|[额額]度|比例|[资資]金|上限)?|最高(?:限?[额額]|金[额額])"
)
_UNIT = re.compile(r"[(（]\s*(?:[单單]位[:：])?(万元|萬元|元|亿元|億元|%)\s*[)）]")
_BARE = re.compile(r"(?:最高|不超[过過])?\d[\d.,]*")
_LONGEST_HEADING = 16
_NUMBER = re.compile(r"\d{1,3}")


def support_paragraphs(rows: list[list[Mapped]]) -> list[Mapped]:
    """One paragraph a row where a column says what is paid (国家级，首次认定，奖励标准80万元。); none for other tables."""
    headings = [" ".join(cell.text.split()) for cell in rows[0]]
    if not any(_is_paid(h) for h in headings):
        return []
    return [tier for row in rows[1:] if (tier := _tier(row, headings)) is not None]


def _is_paid(heading: str) -> bool:
    return len(heading) <= _LONGEST_HEADING and _PAID.fullmatch(_UNIT.sub("", heading).strip()) is not None


def _tier(row: list[Mapped], headings: list[str]) -> Mapped | None:
    """A row as a sentence; None for an empty one."""
    parts: list[Mapped] = []
    for column, cell in enumerate(row):
        text, heading = cell.text.strip(), headings[column] if column < len(headings) else ""
        if not text or (column == 0 and _NUMBER.fullmatch(text)):
            continue
        if parts:
            parts.append(cell.insertion(0, "，"))
        parts.append(_sum(cell, heading) if _is_paid(heading) else cell)
    if parts and not parts[-1].text.rstrip().endswith(("。", "；")):
        parts.append(parts[-1].insertion(len(parts[-1]), "。"))
    return Mapped.join(parts) if parts else None


def _sum(cell: Mapped, heading: str) -> Mapped:
    """What is paid, with the words of its heading and the unit that stands there."""
    unit = _UNIT.search(heading)
    name = cell.insertion(0, _UNIT.sub("", heading).strip())
    bare = unit is not None and _BARE.fullmatch(cell.text.strip()) is not None
    return Mapped.join([name, cell, cell.insertion(len(cell), unit.group(1))] if unit and bare else [name, cell])
