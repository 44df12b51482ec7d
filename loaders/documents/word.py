"""The text of a .docx file: paragraphs and tables in order, automatic numbers written out."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from typing import Any

from graph.language import say
from graph.numerals import in_characters
from graph.settings import settings
from loaders.documents.mapped import Mapped
from loaders.documents.source_text import SourceText, Span, TextParts
from loaders.files import UnreadableFileError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def word_text(content: bytes) -> SourceText:
    """The text, a blank line between paragraphs and cells of tables, and what of it is bold.

    Raises:
        UnreadableFileError: it is no .docx file, or unpacks to more than the limit.
    """
    _refuse_bomb(content)
    import docx
    from docx.opc.exceptions import OpcError

    try:
        document = docx.Document(io.BytesIO(content))
        return _text(document)
    except (OpcError, KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as error:
        raise UnreadableFileError("", say("Word 文件已损坏", "the Word file is damaged")) from error


def _refuse_bomb(content: bytes) -> None:
    limit = settings.documents.most_unpacked_bytes
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as error:
        raise UnreadableFileError("", say("不是有效的 .docx 文件", "is no valid .docx file")) from error
    if sum(part.file_size for part in parts) > limit:
        most = limit / 2**20
        raise UnreadableFileError(
            "", say(f"解压后过大（上限 {most:.0f} MB）", f"is too large once unpacked (most {most:.0f} MB)")
        )
    if "word/document.xml" not in {part.filename for part in parts}:
        raise UnreadableFileError("", say("不是 Word 文件（没有 word/document.xml）", "is no Word file"))


def _text(document: Any) -> SourceText:
    from docx.table import Table

    numbers, parts = _Numbering(document), TextParts()
    bold: list[Span] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            parts.add_table([Mapped.of(cell.text) for cell in _distinct(row.cells)] for row in block.rows)
        elif not numbers.style_name(block).startswith("toc"):
            number, (printed, lead) = numbers.of(block), _runs(block)
            if (number + printed).strip():
                start, _ = parts.add(Mapped.of(number + printed))
                if lead:
                    bold.append((start, start + len(number) + lead))
        if parts.length > settings.documents.most_characters + 2:
            break  # too long, whatever follows
    return SourceText(Mapped.of(parts.text().text.removesuffix("\n\n")), "docx", True, bold, parts.tables)


def _distinct(cells: Any) -> list[Any]:
    """Cells of a row, one that spans columns once."""
    elements: list[Any] = []
    for cell in cells:
        if not elements or cell._tc is not elements[-1]._tc:
            elements.append(cell)
    return elements


def _runs(paragraph: Any) -> tuple[str, int]:
    """The text of a paragraph with what was inserted and without what was deleted; length of its bold beginning."""
    texts: list[str] = []
    lead, leading = 0, True
    for run in paragraph._p.iter(f"{_W}r"):
        if any(True for _ in run.iterancestors(f"{_W}del")):
            continue
        text = "".join(_piece(e) for e in run)
        mark = run.find(f"{_W}rPr/{_W}b")
        leading = leading and (not text or (mark is not None and mark.get(f"{_W}val") not in ("0", "false")))
        lead += len(text) if leading else 0
        texts.append(text)
    paragraph_text = "".join(texts)
    return paragraph_text, lead if lead < len(paragraph_text) else 0


def _piece(element: Any) -> str:
    if element.tag == f"{_W}t":
        return element.text or ""
    return {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}.get(element.tag, "")


class _Numbering:
    """Automatic numbers of paragraphs, as Word would print them."""

    def __init__(self, document: Any) -> None:
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        #: Name and numbering of each style, by its id: asking the document takes a search each time.
        self._styles: dict[str | None, tuple[str, Any]] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        abstract = {a.get(f"{_W}abstractNumId"): a for a in root.findall(f"{_W}abstractNum")}
        for number in root.findall(f"{_W}num"):
            reference = number.find(f"{_W}abstractNumId")
            definition = abstract.get(reference.get(f"{_W}val")) if reference is not None else None
            if definition is not None:
                self._levels[number.get(f"{_W}numId")] = dict(_level(x) for x in definition.findall(f"{_W}lvl"))

    def of(self, paragraph: Any) -> str:
        """The number that stands before a paragraph, or nothing."""
        properties = self._properties(paragraph)
        if properties is None:
            return ""
        number_id, level = properties
        levels = self._levels.get(number_id, {})
        if level not in levels:
            return ""
        counts = self._counts[number_id]
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [d for d in counts if d > level]:
            del counts[deeper]
        pattern = levels[level][1]

        def written(match: re.Match[str]) -> str:
            index = int(match.group(1)) - 1
            form, _, first = levels.get(index, ("decimal", "", 1))
            return _written(counts.get(index, first), form)

        return re.sub(r"%(\d)", written, pattern)

    def style_name(self, paragraph: Any) -> str:
        """The name of a paragraph's style, in small letters."""
        return self._style(paragraph)[0]

    def _style(self, paragraph: Any) -> tuple[str, Any]:
        key = paragraph._p.style
        if key not in self._styles:
            style, number = paragraph.style, None
            name = (style.name or "").lower() if style is not None else ""
            while number is None and style is not None:
                number = style.element.find(f"{_W}pPr/{_W}numPr")
                style = style.base_style
            self._styles[key] = (name, number)
        return self._styles[key]

    def _properties(self, paragraph: Any) -> tuple[str, int] | None:
        own = paragraph._p.find(f"{_W}pPr/{_W}numPr")
        if own is None:
            own = self._style(paragraph)[1]
        if own is None:
            return None
        number, level = own.find(f"{_W}numId"), own.find(f"{_W}ilvl")
        if number is None or number.get(f"{_W}val") == "0":
            return None
        return number.get(f"{_W}val"), int(level.get(f"{_W}val")) if level is not None else 0


def _level(element: Any) -> tuple[int, tuple[str, str, int]]:
    def value(name: str, default: str) -> str:
        child = element.find(f"{_W}{name}")
        return child.get(f"{_W}val") or default if child is not None else default

    return int(element.get(f"{_W}ilvl")), (value("numFmt", "decimal"), value("lvlText", ""), int(value("start", "1")))


def _written(number: int, form: str) -> str:
    if form.startswith(("chinese", "ideograph", "japanese", "taiwanese")) and number < 100:
        return in_characters(number)
    if form.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if form in ("upperLetter", "lowerLetter") and 1 <= number <= 26:
        return chr(ord("A" if form == "upperLetter" else "a") + number - 1)
    return "" if form in ("bullet", "none") else str(number)
