"""The general word lists of data/words, and patterns made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import yaml

from graph.settings import settings


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """The lists by name, of all files of data/words; those of one kind of fact lie in a group (``support``, ``goals``)."""
    lists: dict[str, Any] = {}
    for document in shipped_documents("words"):
        lists |= document
    return lists


def shipped_documents(folder: str) -> Iterator[dict[str, Any]]:
    """The YAML documents of a folder of data/, as they are: nothing of them is checked here."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in sorted((settings.data / folder).glob("*.yaml")):
        yield from filter(None, yaml.load_all(path.read_text(encoding="utf-8"), Loader=loader))


def any_of(items: Iterable[str]) -> str:
    """A pattern for any of the words, longest first; those with one first character are one branch, which is faster."""
    rests: dict[str, list[str]] = {}
    for word in sorted(set(items), key=lambda w: (-len(w), w)):
        rests.setdefault(word[:1], []).append(re.escape(word[1:]))
    return "|".join(re.escape(c) + (f"(?:{'|'.join(r)})" if len(r) > 1 else r[0]) for c, r in rests.items())


@lru_cache(maxsize=64)
def any_word(*lists: str) -> str:
    """A pattern for any word of the lists of these names; ``support.paid`` is a list in a group."""
    return any_of(word for name in lists for word in _list(name))


def _list(name: str) -> list[str]:
    group, _, within = name.partition(".")
    found = words()[group][within] if within else words()[group]
    assert isinstance(found, list)
    return found
