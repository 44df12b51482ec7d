"""Documents as people have them (.txt, .html, .docx, .pdf): the text, and where each character stood."""

from loaders.documents.mapped import Mapped
from loaders.documents.reading import DOCUMENT_SUFFIXES, read_document
from loaders.documents.source_text import SourceText, Table

__all__ = ["DOCUMENT_SUFFIXES", "Mapped", "SourceText", "Table", "read_document"]
