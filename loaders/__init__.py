"""Loaders: one module a kind of source; source in, facts out. No database in here."""
