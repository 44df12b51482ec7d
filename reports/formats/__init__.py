"""Documents and workbooks as files: a neutral model, and one renderer a format."""
