"""The graph: ontology, store, embedded engine, projection, named queries, analyses."""
