"""Reading a policy document as it comes: its outline and its facts, each with its characters in the source."""

from loaders.extraction.extraction import Extraction, extract, extract_file

__all__ = ["Extraction", "extract", "extract_file"]
