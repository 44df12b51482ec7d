"""Drawings: the chain, the maps, charts; as SVG, PNG and data."""
