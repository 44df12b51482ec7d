"""The main text of a web page, each character with its place in the page's source.

The standard library's parser is used because it tells the place of every piece of text.
The main text is what stands in the deepest element that holds most of the page's punctuated text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from loaders.documents.mapped import Mapped
from loaders.documents.source_text import SourceText, TextParts

_SKIPPED = {
    "script",
    "style",
    "noscript",
    "nav",
    "footer",
    "aside",
    "button",
    "select",
    "iframe",
    "svg",
    "template",
    "head",
    "textarea",
}
_VOID = {"br", "img", "hr", "input", "meta", "link", "area", "base", "col", "embed", "source", "wbr", "param"}
_INLINE = {
    "span",
    "a",
    "b",
    "strong",
    "i",
    "em",
    "u",
    "font",
    "sub",
    "sup",
    "small",
    "big",
    "s",
    "ins",
    "label",
    "o:p",
    "st1:chsdate",
    "mark",
}
#: An opening tag that ends an open one of its kind, as HTML allows it to be left open.
_CLOSES = {"p": {"p"}, "li": {"li"}, "tr": {"tr", "td", "th"}, "td": {"td", "th"}, "th": {"td", "th"}}
_HEADINGS = {"h1", "h2", "h3"}
_STOPS = re.compile("[。；，、：,;]")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
#: An element with this share of the punctuated text holds the main text.
_MOST = 0.75
_DEEPEST = 300


@dataclass
class _Element:
    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list[_Element | Mapped] = field(default_factory=list)
    weight: int = 0

    def elements(self) -> list[_Element]:
        return [c for c in self.children if isinstance(c, _Element)]


class _Parser(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.root = _Element("body")
        self.open = [self.root]
        self.skipping = 0
        self.page_title: Mapped | None = None
        self._in_title = False
        self._lines = [0]
        for match in re.finditer("\n", source):
            self._lines.append(match.end())
        self.feed(source)
        self.close()

    def _place(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title"
        attributes = dict(attrs)
        if tag in _VOID:
            if tag in ("br", "hr"):
                self._add(_Element(tag))
            return
        if self.skipping or tag in _SKIPPED or _HIDDEN.search(attributes.get("style") or ""):
            self.skipping += 1
            self.open.append(_Element(tag))
            return
        closed = _CLOSES.get(tag, set())
        while self.open[-1].tag in closed:
            self.open.pop()
        element = _Element(tag, attributes)
        self._add(element)
        if len(self.open) < _DEEPEST:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].tag == tag:
                if self.skipping:
                    self.skipping = max(0, self.skipping - (len(self.open) - depth))
                del self.open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self._text(Mapped.of(data, self._place()))

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name};", f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name};", f"&#{name}")

    def _reference(self, whole: str, bare: str) -> None:
        place, text = self._place(), html.unescape(whole)
        self._text(Mapped(text, [place] * len(text), [place + len(bare) + 1] * len(text)))

    def _text(self, text: Mapped) -> None:
        if self._in_title:
            self.page_title = text
        elif not self.skipping:
            self._add(text)

    def _add(self, child: _Element | Mapped) -> None:
        if not self.skipping:
            self.open[-1].children.append(child)


#: A paragraph, or the rows of a table.
_Block = Mapped | list[list[Mapped]]


def main_text(source: str) -> SourceText:
    """The main text of a page: paragraphs and cells of tables with a blank line between them.

    Parameters
    ----------
    source: the page, decoded.
    """
    parser = _Parser(source)
    _weigh(parser.root)
    main = _main_element(parser.root)
    blocks = _blocks(main)
    parts = TextParts()
    title = _title(parser, main, _texts(blocks))
    if title is not None:
        parts.add(title)
    for block in blocks:
        if isinstance(block, Mapped):
            parts.add(block)
        else:
            parts.add_table(block)
    return SourceText(parts.text(), "html", paragraphs=True, tables=parts.tables)


def _weigh(root: _Element) -> None:
    """Give every element the length of the punctuated text in it (links count nothing)."""
    stack: list[tuple[_Element, bool]] = [(root, False)]
    while stack:
        element, done = stack.pop()
        if not done:
            stack.append((element, True))
            stack += [(child, False) for child in element.elements()]
            continue
        own = sum(len(c.text.strip()) for c in element.children if isinstance(c, Mapped) and _STOPS.search(c.text))
        element.weight = 0 if element.tag == "a" else own + sum(child.weight for child in element.elements())


def _main_element(root: _Element) -> _Element:
    main = root
    while True:
        heaviest = max(main.elements(), key=lambda e: e.weight, default=None)
        if heaviest is None or heaviest.weight < _MOST * main.weight or heaviest.tag in ("p", "tr", "td", *_INLINE):
            return main
        main = heaviest


def _title(parser: _Parser, main: _Element, paragraphs: list[Mapped]) -> Mapped | None:
    """A heading that stands outside the main element, unless the text begins with it."""
    opening = "".join("".join(p.text.split()) for p in paragraphs[:8])
    outside = _find(parser.root, _HEADINGS, main)
    for heading in [*outside, *([parser.page_title] if parser.page_title is not None else [])]:
        words = re.split(r"[_|]| - |－", heading.text)[0]
        plain = "".join(words.split())
        if len(plain) >= 8 and plain not in opening:
            return heading[: len(words)]
        if len(plain) >= 8:
            return None
    return None


def _find(element: _Element, tags: set[str], without: _Element) -> list[Mapped]:
    parts: list[Mapped] = []
    stack = [element]
    while stack:
        current = stack.pop()
        if current is without:
            continue
        if current.tag in tags:
            parts.append(Mapped.join(_texts(_blocks(current))))
        else:
            stack += reversed(current.elements())
    return parts


def _texts(blocks: Iterable[_Block]) -> list[Mapped]:
    """Paragraphs and cells, in order."""
    return [m for b in blocks for m in ([b] if isinstance(b, Mapped) else (cell for row in b for cell in row))]


def _blocks(element: _Element) -> list[_Block]:
    """The paragraphs and tables below an element, in order."""
    blocks: list[_Block] = []
    pieces: list[Mapped] = []

    def end() -> None:
        if pieces:
            block = Mapped.join(pieces)
            if block.text.strip():
                blocks.append(_unwrapped(block))
            pieces.clear()

    def walk(current: _Element) -> None:
        for child in current.children:
            if isinstance(child, Mapped):
                pieces.append(child)
            elif child.tag == "br":
                end()
            elif child.tag == "table" and _is_data(child):
                end()
                blocks.append(_rows(child))
            elif child.tag in _INLINE:
                walk(child)
            else:
                end()
                walk(child)
                end()

    walk(element)
    end()
    return blocks


def _unwrapped(block: Mapped) -> Mapped:
    """A line break in the source of a page is a blank."""
    return block.same_length(re.sub(r"[\r\n\t]", " ", block.text))


def _is_data(table: _Element) -> bool:
    """A table of short cells, not one that only lays out the page (with other tables in it)."""
    if _holds_table(table):
        return False
    rows = _rows(table)
    cells = [cell for row in rows for cell in row]
    return len(rows) > 1 and bool(cells) and max(len(c) for c in cells) < 2000


def _holds_table(element: _Element) -> bool:
    stack = element.elements()
    while stack:
        inner = stack.pop()
        if inner.tag == "table":
            return True
        stack += inner.elements()
    return False


def _rows(table: _Element) -> list[list[Mapped]]:
    rows: list[list[Mapped]] = []
    stack = [*reversed(table.elements())]
    while stack:
        element = stack.pop()
        if element.tag == "tr":
            cells = [c for c in element.elements() if c.tag in ("td", "th")]
            rows.append([Mapped.join(_texts(_blocks(cell))) for cell in cells])
        elif element.tag != "table":
            stack += reversed(element.elements())
    return rows
