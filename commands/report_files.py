"""How a report leaves the command line: the formats, which of them a file name asks for, and the writing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from commands.terminal import emit, wrote
from reports.formats import renderers
from reports.formats.blocks import Document
from reports.formats.output import Format, json_text

_Found_contra = TypeVar("_Found_contra", contravariant=True)


class Report(Protocol[_Found_contra]):
    """A module of reports/ that can say a result in every format."""

    def file_stem(self, result: _Found_contra, /) -> str:
        """The name of a file, without its ending."""

    def as_json(self, result: _Found_contra, /) -> object:
        """Plain data."""

    def document(self, result: _Found_contra, /) -> Document:
        """Text, tables and pictures."""

    def xlsx(self, result: _Found_contra, /) -> bytes:
        """A workbook."""


def format_of(output: Path | None, formats: Sequence[Format], otherwise: Format) -> Format:
    """The format that a file's ending asks for; ``otherwise`` without a file or for another ending."""
    ending = output.suffix.lower().removeprefix(".") if output else ""
    return next((f for f in formats if f.value == ending), otherwise)


def write_report(report: Report[_Found_contra], result: _Found_contra, format: Format, output: Path | None) -> None:
    """Text goes to the terminal, documents to a file that is named after what is inside.

    Parameters
    ----------
    output: the file; None for the terminal, or for a name of the report's own.
    """
    if output is None and format not in (Format.MD, Format.JSON):
        output = Path(f"{report.file_stem(result)}.{format}")
    if format is Format.JSON:
        emit(json_text(report.as_json(result)), output)
    elif output is None:
        emit(renderers.render(report.document(result), format).decode(), None)
    elif format is Format.XLSX:
        output.write_bytes(report.xlsx(result))
    else:
        renderers.write(report.document(result), output, format)
    if output is not None:
        wrote(output)
