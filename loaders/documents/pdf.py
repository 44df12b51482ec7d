"""The text layer of a .pdf file, without what is printed on every page."""

from __future__ import annotations

import re
from collections import Counter

from graph.language import say
from graph.settings import settings
from loaders.files import UnreadableFileError

#: Lines at the top and the bottom of a page among which running heads and page numbers stand.
_MARGIN = 2
_PAGE_NUMBER = re.compile(r"^[\s—–\-－·•.~第页頁共/／]*\d{1,4}[\s—–\-－·•.~第页頁共/／\d]*$")


def pdf_text(content: bytes) -> str:
    """The text, one line a printed line.

    Raises:
        UnreadableFileError: it is damaged, locked, has too many pages, or is only pictures.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise UnreadableFileError(
            "",
            say("PDF 有密码", "the PDF is locked") if locked else say("PDF 已损坏或不是 PDF", "is damaged, or no PDF"),
        ) from error
    try:
        if len(document) > settings.documents.most_pages:
            most = settings.documents.most_pages
            raise UnreadableFileError("", say(f"页数过多（上限 {most} 页）", f"has too many pages (most {most})"))
        pages = [_lines(document[number]) for number in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise UnreadableFileError("", say("PDF 已损坏", "the PDF is damaged")) from error
    finally:
        document.close()
    characters = sum(len(line) for page in pages for line in page)
    if characters < settings.documents.least_characters_a_page * len(pages):
        raise UnreadableFileError(
            "",
            say(
                "PDF 只有图像，没有文字层（扫描件）：请先做文字识别",
                "the PDF is pictures without a text layer (a scan)",
            ),
        )
    running = _running(pages)
    return "\n".join(line for page in pages for line in _body(page, running))


def _lines(page: object) -> list[str]:
    text = page.get_textpage()  # type: ignore[attr-defined]
    try:
        page_text = text.get_text_range()
    finally:
        text.close()
        page.close()  # type: ignore[attr-defined]
    # U+FFFE: PDFium's mark of a hyphen at a line's end.
    return [line.strip() for line in page_text.replace("\ufffe", "").splitlines() if line.strip()]


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", "".join(line.split()))


def _running(pages: list[list[str]]) -> set[str]:
    """Shapes of lines that stand at the edge of most pages."""
    counted: Counter[str] = Counter()
    for page in pages:
        counted.update({_shape(line) for line in page[:_MARGIN] + page[-_MARGIN:]})
    least = max(2, len(pages) // 2)
    return {shape for shape, count in counted.items() if count >= least and len(pages) > 1}


def _body(page: list[str], running: set[str]) -> list[str]:
    edge = {*range(_MARGIN), *range(len(page) - _MARGIN, len(page))}
    return [
        line
        for number, line in enumerate(page)
        if not (number in edge and (_shape(line) in running or _PAGE_NUMBER.match(line)))
    ]
