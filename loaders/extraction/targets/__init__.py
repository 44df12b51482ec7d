"""Quantified goals: what is measured, on whom, how compared, value, unit, year.

``walk`` goes through the text and asks the ways of stating a goal in turn (``statements``: ``levels``, ``counts``, ``lists``;
``coverage`` for goals in words), unless a value is no goal (``rejects``). ``place`` is a value with the words around it,
``comparison``, ``naming`` and ``years`` read those words, ``vocabulary`` holds them.
"""

from loaders.extraction.targets.model import Target
from loaders.extraction.targets.walk import targets

__all__ = ["Target", "targets"]
