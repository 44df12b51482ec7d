"""Chinese first, English as a switch: every message is written in both where it is used."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Literal

Language = Literal["zh", "en"]

#: A context variable, because the app serves sessions of both languages in one process.
_language: ContextVar[Language] = ContextVar("language", default="zh")


def say(zh: str, en: str) -> str:
    """The wording in the reader's language, which the front door sets."""
    return en if language() == "en" else zh


def language() -> Language:
    """The reader's language: ``zh`` unless switched."""
    return _language.get()


def use_language(code: Language) -> None:
    """Set the language of this thread of work (one app session, one command)."""
    _language.set(code)
