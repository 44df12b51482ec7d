"""The general word lists of extraction, and patterns made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """The lists of words.yaml."""
    lists = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
    assert isinstance(lists, dict)
    return lists


def any_of(items: Iterable[str]) -> str:
    """A pattern for any of the words, longest first; those with one first character are one branch, which is faster."""
    rests: dict[str, list[str]] = {}
    for word in sorted(set(items), key=lambda w: (-len(w), w)):
        rests.setdefault(word[:1], []).append(re.escape(word[1:]))
    return "|".join(re.escape(c) + (f"(?:{'|'.join(r)})" if len(r) > 1 else r[0]) for c, r in rests.items())
