"""Tables inside documents as sentences, for rules that read sentences: this is the one place where they are made.

Rows of tasks with a column of the departments that answer for them, rows of goals, rows of support. What is put in
stands where the cell stands, so that every fact has its place in the cells.
"""

from __future__ import annotations

import re

from loaders.documents import Mapped, SourceText
from loaders.extraction.goal_tables import goal_paragraphs
from loaders.extraction.support_tables import support_paragraphs

_RESPONSIBLE = re.compile(r"责任|牵头|配合|负责|落实|協|責任|牽頭|參與|参与")
#: A name; what is longer is a sentence.
_SHORT = 20
_NUMBER = re.compile(r"^\d{1,3}$")


def with_sentences(source: SourceText) -> Mapped:
    """The text of a document with sentences in the place of its tables."""
    parts: list[Mapped] = []
    done = 0
    for table in source.tables:
        parts.append(source.text[done : table.start])
        for number, paragraph in enumerate(_paragraphs(table.cells(source.text))):
            parts += ([paragraph.insertion(0, "\n\n")] if number else []) + [paragraph]
        done = table.end
    return Mapped.join([*parts, source.text[done:]]) if parts else source.text


def _paragraphs(rows: list[list[Mapped]]) -> list[Mapped]:
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
