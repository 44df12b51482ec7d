"""Chinese first, English as a switch: every message is written in both where it is used."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Literal

from graph.settings import settings

Language = Literal["zh", "en"]

#: A context variable, because the app serves sessions of both languages in one process.
_language: ContextVar[Language | None] = ContextVar("language", default=None)


def say(zh: str, en: str) -> str:
    """The wording in the reader's language (``LIANTU_LANGUAGE``, or the app's switch)."""
    return en if language() == "en" else zh


def language() -> Language:
    """The reader's language: ``zh`` unless switched."""
    return _language.get() or settings.language


def use_language(code: Language) -> None:
    """Switch the language of this thread of work (one app session, one command)."""
    _language.set(code)
