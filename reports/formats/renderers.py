"""A document as a file: one renderer a format."""

from __future__ import annotations

from pathlib import Path

from reports.formats import render_html, render_markdown
from reports.formats.blocks import Document, Picture
from reports.formats.output import Format

#: Formats of documents, which are also the endings of their files.
FORMATS = (Format.DOCX, Format.PDF, Format.HTML, Format.MD)


def render(document: Document, kind: str) -> bytes:
    """The document as the bytes of a file.

    Parameters
    ----------
    kind: docx, pdf, html or md (whose pictures are left as captions; ``write`` puts them beside the file).

    Raises:
        ValueError: no such format.
    """
    if kind == "docx":
        from reports.formats import render_docx  # python-docx, reportlab and fontTools are slow to import

        return render_docx.render(document)
    if kind == "pdf":
        from reports.formats import render_pdf

        return render_pdf.render(document)
    if kind == "html":
        return render_html.render(document).encode()
    if kind == "md":
        return render_markdown.render(document).encode()
    raise ValueError(f"a document becomes {', '.join(FORMATS)}, not {kind!r}")


def write(document: Document, path: Path, kind: str) -> Path:
    """The document as a file; the pictures of a Markdown file lie in a folder beside it."""
    if kind == "md":
        folder = path.with_name(f"{path.stem}.files")
        path.write_text(render_markdown.render(document, _beside(folder)), encoding="utf-8")
    else:
        path.write_bytes(render(document, kind))
    return path


def _beside(folder: Path) -> render_markdown.Place:
    """Writes each picture into the folder, by number."""
    count = 0

    def place(picture: Picture) -> str:
        nonlocal count
        count += 1
        folder.mkdir(exist_ok=True)
        file = folder / f"{count}.png"
        file.write_bytes(picture.png)
        return f"{folder.name}/{file.name}"

    return place
