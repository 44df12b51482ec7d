"""A document as one self-contained web page, which also prints well on A4."""

from __future__ import annotations

import base64
from html import escape as html_escape

from reports.formats.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Heading,
    Landscape,
    Note,
    Numbering,
    PageBreak,
    Paragraph,
    Picture,
    Table,
    cell_of,
    colon,
    paged,
    printable,
    shown,
    walk,
)

_STYLE = """
:root{color-scheme:light}
body{max-width:60rem;margin:0 auto;padding:1rem 1.5rem 4rem;color:#000;background:#fff;
font:16px/1.7 "Noto Sans SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif}
header{text-align:center;padding:3rem 0 2rem;border-bottom:2px solid #000;margin-bottom:2rem}
header h1{font-size:2rem;line-height:1.3}.subtitle{font-size:1.2rem}
dl{display:inline-grid;grid-template-columns:auto auto;gap:.2rem 1rem;text-align:left}dt{font-weight:bold}dd{margin:0}
h2{font-size:1.5rem;border-bottom:1px solid #7f7f7f;margin-top:2.5rem}h3{font-size:1.2rem}h4,h5{font-size:1rem}
nav a{color:#000;text-decoration:none}nav a:hover,nav a:focus{text-decoration:underline}
nav ul{list-style:none;padding-left:0}nav .second{padding-left:1.6rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.86rem;line-height:1.45}
caption,figcaption{font-weight:bold;font-size:.9rem;padding:.4rem;text-align:center}
th,td{border:1px solid #7f7f7f;padding:.3rem .45rem;overflow-wrap:anywhere;vertical-align:middle}
thead th{background:#dce6f1}tbody th{text-align:left}td.figure{text-align:right;font-variant-numeric:tabular-nums}
td.filled{text-align:center}
figure{margin:1rem 0;text-align:center}figure img{max-width:100%;height:auto}
.remark{border-left:4px solid #7f7f7f;background:#f5f5f5;padding:.5rem .9rem}
@media print{@page{size:A4;margin:25mm 22mm;@bottom-center{content:"— " counter(page) " —"}}
@page wide{size:A4 landscape;margin:18mm}
body{max-width:none;padding:0;font-size:11pt}header{page-break-after:always;padding-top:60mm;border:0}
nav,.break{break-after:page}.wide{page:wide}thead{display:table-header-group}tr,figure,.remark{break-inside:avoid}
h2,h3,h4,h5,caption{break-after:avoid}.scroll{overflow:visible}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
"""


def render(document: Document) -> str:
    """The document as one HTML page that refers to nothing outside itself."""
    writer = _Writer(document)
    body = "\n".join(writer.block(block) for block in paged(document.blocks))
    speech = "zh-CN" if document.language == "zh" else "en"
    facts = "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in document.facts)
    subtitle = f'<p class="subtitle">{escape(document.subtitle)}</p>' if document.subtitle else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{speech}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "img-src data:; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(document.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<header><h1>{escape(document.title)}</h1>{subtitle}<dl>{facts}</dl></header>\n"
        f"{_contents(document)}<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def escape(text: str) -> str:
    """Text as HTML; line breaks are kept."""
    return html_escape(printable(text)).replace("\n", "<br>")


def _contents(document: Document) -> str:
    """Links to the headings of the first two levels."""
    if not document.contents:
        return ""
    count, lines = Numbering(document.language), []
    headings = [b for b in walk(document.blocks) if isinstance(b, Heading)]
    for place, heading in enumerate(headings, start=1):
        text = count.heading(heading) + heading.text
        if heading.level <= 2:
            kind = ' class="second"' if heading.level == 2 else ""
            lines.append(f'<li{kind}><a href="#h{place}">{escape(text)}</a></li>')
    name = "目录" if document.language == "zh" else "Contents"
    return f'<nav aria-label="{name}"><ul>{"".join(lines)}</ul></nav>\n'


class _Writer:
    def __init__(self, document: Document) -> None:
        self._language = document.language
        self._numbering = Numbering(document.language)
        self._headings = 0

    def block(self, block: Block) -> str:
        """A block as HTML."""
        if isinstance(block, Heading):
            return self._heading(block)
        if isinstance(block, Paragraph):
            return f"<p>{self._labelled(block.label, block.text)}</p>"
        if isinstance(block, Note):
            return f'<p class="remark">{self._labelled(block.label, block.text)}</p>'
        if isinstance(block, Bullets):
            return self._bullets(block)
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Picture):
            return self._picture(block)
        if isinstance(block, Landscape):
            return '<section class="wide">' + "\n".join(map(self.block, block.blocks)) + "</section>"
        assert isinstance(block, PageBreak)
        return '<div class="break"></div>'

    def _labelled(self, label: str, text: str) -> str:
        return (f"<strong>{escape(label)}{colon(self._language)}</strong>" if label else "") + escape(text)

    def _heading(self, block: Heading) -> str:
        self._headings += 1
        text = escape(self._numbering.heading(block) + block.text)
        return f'<h{block.level + 1} id="h{self._headings}">{text}</h{block.level + 1}>'

    def _bullets(self, block: Bullets) -> str:
        items = [i if isinstance(i, Paragraph) else Paragraph(i) for i in block.items]
        kind = "ol" if block.ordered else "ul"
        return f"<{kind}>" + "".join(f"<li>{self._labelled(i.label, i.text)}</li>" for i in items) + f"</{kind}>"

    def _picture(self, block: Picture) -> str:
        kind, raw = ("svg+xml", block.svg.encode()) if block.svg else ("png", block.png)
        source = f"data:image/{kind};base64,{base64.b64encode(raw).decode()}"
        caption = escape(self._numbering.picture(block))
        alt = escape(block.alt)
        return (
            f'<figure><img style="width:{block.width:.0%}" src="{source}" alt="{alt}">'
            f"<figcaption>{caption}</figcaption></figure>"
        )

    def _table(self, block: Table) -> str:
        caption = self._numbering.table(block)
        total = sum(c.width for c in block.columns)
        widths = "".join(f'<col style="width:{c.width / total:.1%}">' for c in block.columns)
        headings = "".join(f'<th scope="col">{escape(c.heading)}</th>' for c in block.columns)
        head = f"<thead><tr>{headings}</tr></thead>" if block.headed else ""
        rows = [
            "".join(
                _cell(cell_of(value), column, head=block.row_headings and place == 0)
                for place, (value, column) in enumerate(zip(row, block.columns, strict=True))
            )
            for row in block.rows
        ]
        return (
            '<div class="scroll"><table>'
            + (f"<caption>{escape(caption)}</caption>" if caption else "")
            + f"<colgroup>{widths}</colgroup>{head}<tbody>"
            + "".join(f"<tr>{row}</tr>" for row in rows)
            + "</tbody></table></div>"
        )


def _cell(cell: Cell, column: Column, *, head: bool) -> str:
    text = escape(shown(cell.value, column))
    if head:
        return f'<th scope="row">{text}</th>'
    weight = "font-weight:bold" if cell.bold else ""
    if cell.fill:
        return f'<td class="filled" style="background:{cell.fill};color:{cell.ink};{weight}">{text}</td>'
    kind = "" if column.kind == "text" else ' class="figure"'
    style = f' style="{weight}"' if weight else ""
    return f"<td{kind}{style}>{text}</td>"
