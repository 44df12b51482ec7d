"""The lists of one chain in one region: what an office keeps up to date and hands in."""
