"""The database: client, embedded engine, planned and whole writes, named queries, snapshots."""
