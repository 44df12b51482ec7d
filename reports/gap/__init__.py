"""The gap report: its words, sections, document, workbook and table."""
