"""Quantified goals: what is measured, on whom, how compared, value, unit, year.

``vocabulary`` holds the words, ``comparison`` reads the words before a value, ``naming`` says what is measured, ``years``
for when, ``statements`` the ways of stating a goal, ``coverage`` goals in words, ``walk`` goes through the text.
"""

from loaders.extraction.targets.model import Target
from loaders.extraction.targets.walk import targets

__all__ = ["Target", "targets"]
