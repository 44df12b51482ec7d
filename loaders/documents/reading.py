"""One door for every kind of document: checks what a file really is, then gives its text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from graph.language import say
from graph.settings import settings
from loaders.documents.mapped import Mapped
from loaders.documents.source_text import SourceText
from loaders.files import UnreadableFileError, decode

_MAGIC = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"%PDF": "PDF",
    b"PK\x03\x04": "ZIP",
    b"\xd0\xcf\x11\xe0": "DOC",
    b"RIFF": "RIFF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"{\\rtf": "RTF",
    b"\x1f\x8b": "gzip",
}


def read_document(path: Path) -> SourceText:
    """The text of a .txt, .html, .docx or .pdf file.

    Raises:
        UnreadableFileError: it is empty, too large, damaged, without a text layer, or not what its name says.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = "、".join(DOCUMENT_SUFFIXES)
        raise UnreadableFileError("", say(f"不认识的文件类型；可用：{known}", f"unknown kind of file; known: {known}"))
    limit = settings.documents.most_bytes
    size = path.stat().st_size
    if size > limit:
        mb, most = size / 2**20, limit / 2**20
        raise UnreadableFileError(
            "", say(f"文件过大（{mb:.0f} MB，上限 {most:.0f} MB）", f"is too large ({mb:.0f} MB, most {most:.0f} MB)")
        )
    content = path.read_bytes()
    if not content.strip():
        raise UnreadableFileError("", say("文件为空", "is empty"))
    _refuse_other_kind(content, path.suffix.lower())
    source = reader(content)
    if not source.text.text.strip():
        raise UnreadableFileError("", say("文件中没有文字", "holds no text"))
    most = settings.documents.most_characters
    if len(source.text) > most:
        raise UnreadableFileError(
            "",
            say(
                f"文字过长（{len(source.text)} 字，上限 {most} 字）",
                f"is too long ({len(source.text)} characters, most {most})",
            ),
        )
    return source


def _refuse_other_kind(content: bytes, suffix: str) -> None:
    expected = {".pdf": {"PDF"}, ".docx": {"ZIP"}}.get(suffix, set())
    kind = next((name for magic, name in _MAGIC.items() if content.startswith(magic)), "")
    if suffix == ".pdf" and b"%PDF" in content[:1024]:
        return
    if kind and kind not in expected:
        raise UnreadableFileError("", say(f"内容其实是 {kind}，不是 {suffix}", f"holds {kind}, and is no {suffix}"))
    if expected and not kind:
        raise UnreadableFileError("", say(f"不是有效的 {suffix} 文件", f"is no valid {suffix} file"))


def _read_txt(content: bytes) -> SourceText:
    return SourceText(Mapped.of(decode(content)), "txt")


def _read_html(content: bytes) -> SourceText:
    from loaders.documents.web import main_text

    return main_text(decode_html(content))


def _read_docx(content: bytes) -> SourceText:
    from loaders.documents.word import word_text

    return word_text(content)


def _read_pdf(content: bytes) -> SourceText:
    from loaders.documents.pdf import pdf_text

    return SourceText(Mapped.of(pdf_text(content)), "pdf")


def decode_html(content: bytes) -> str:
    """A page in the encoding that it names, else in the one that it is found to be in."""
    import re

    declared = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]+)", content[:2048], re.IGNORECASE)
    if declared:
        name = declared.group(1).decode("ascii").lower()
        try:
            return content.decode("gb18030" if name in ("gb2312", "gbk") else name)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(content)


_READERS: dict[str, Callable[[bytes], SourceText]] = {
    ".txt": _read_txt,
    ".html": _read_html,
    ".htm": _read_html,
    ".docx": _read_docx,
    ".pdf": _read_pdf,
}
#: What file names of documents end in.
DOCUMENT_SUFFIXES = tuple(_READERS)
