"""What changed in a chain between two snapshots, or between one and now."""
