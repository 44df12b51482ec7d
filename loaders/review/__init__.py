"""The facts of a document on their way to the graph: proposal, workbook, reconciliation with the record."""
