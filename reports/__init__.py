"""Reports: results as documents, tables and pictures."""
