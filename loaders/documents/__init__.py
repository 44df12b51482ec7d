"""Documents as people have them (.txt, .html, .docx, .pdf): the text, and where each character stood."""

from loaders.documents.mapped import Mapped
from loaders.documents.reading import DOCUMENT_SUFFIXES, SourceText, read_document

__all__ = ["DOCUMENT_SUFFIXES", "Mapped", "SourceText", "read_document"]
