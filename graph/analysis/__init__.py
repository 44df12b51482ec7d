"""Analyses: pure functions from NetworkX graphs and plain tables to typed results."""
