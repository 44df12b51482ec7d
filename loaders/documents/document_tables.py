"""Tables inside documents: rows of tasks with a column of the departments that answer for them, rows of goals, of support."""

from __future__ import annotations

import re

from loaders.documents.goal_tables import goal_paragraphs
from loaders.documents.mapped import Mapped
from loaders.documents.support_tables import support_paragraphs

_RESPONSIBLE = re.compile(r"责任|牵头|配合|负责|落实|協|責任|牽頭|參與|参与")
#: A name; what is longer is a sentence.
_SHORT = 20
_NUMBER = re.compile(r"^\d{1,3}$")


def table_paragraphs(rows: list[list[Mapped]]) -> list[Mapped]:
    """One paragraph a cell, in reading order; a cell below a heading such as 责任单位 is put as 责任单位：…"""
    if not rows:
        return []
    headings = [" ".join(cell.text.split()) for cell in rows[0]]
    whole = goal_paragraphs(rows) or support_paragraphs(rows)
    if whole:
        return whole
    labelled = any(_RESPONSIBLE.search(h) and len(h) <= 12 for h in headings) and len(rows) > 1
    found: list[Mapped] = []
    for number, row in enumerate(rows):
        if number == 0 and labelled:
            continue
        found += _row(row, headings if labelled else [])
    return found


def _row(row: list[Mapped], headings: list[str]) -> list[Mapped]:
    found: list[Mapped] = []
    prefix: Mapped | None = None
    for column, cell in enumerate(row):
        if not cell.text.strip():
            continue
        heading = headings[column] if column < len(headings) else ""
        if column == 0 and _NUMBER.match(cell.text.strip()) and len(row) > 1:
            if headings or len(row[1].text.strip()) > _SHORT:  # a task; the number of a firm or project says nothing
                prefix = Mapped.join([cell, cell.insertion(len(cell), ". ")])
            continue
        parts = [prefix, cell] if prefix is not None else [cell]
        prefix = None
        if heading and _RESPONSIBLE.search(heading):
            parts = [cell.insertion(0, f"（{heading}："), *parts, cell.insertion(len(cell), "）")]
        found.append(Mapped.join(p for p in parts if p is not None))
    return found
