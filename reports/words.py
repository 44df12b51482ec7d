"""What codes are called: the reasons of analyses, said in the reader's language from ``reasons.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from graph.analysis.reasons import Reason
from graph.analysis.status import Status
from graph.language import language

#: One character each, so that status never hangs on colour alone.
STATUS_NAMES: dict[Status, tuple[str, str, str]] = {
    Status.MISSING: ("缺", "缺失", "missing"),
    Status.WEAK: ("弱", "薄弱", "weak"),
    Status.SINGLE: ("单", "单一来源", "single-sourced"),
    Status.UNKNOWN: ("？", "未知", "unknown"),
    Status.PRESENT: ("中", "具备", "present"),
    Status.STRONG: ("强", "较强", "strong"),
}

_TEXTS = Path(__file__).with_name("reasons.yaml")


def say_reason(reason: Reason) -> str:
    """A reason in the reader's language.

    Raises:
        KeyError: ``reasons.yaml`` has no text of that code, or the text names a value that the reason lacks.
    """
    return _WORDS.vformat(reason_texts()[reason.code][language()], (), dict(reason.values))


@cache
def reason_texts() -> Mapping[str, Mapping[str, str]]:
    """The texts of all codes: code -> language -> text."""
    found: dict[str, dict[str, str]] = yaml.safe_load(_TEXTS.read_text(encoding="utf-8"))
    return found


class _Words(Formatter):
    """``{count:maker|makers}`` is 1 maker, 2 makers; names in a row are joined; a reason in a reason is said."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Reason):
            return say_reason(value)
        if isinstance(value, (tuple, list)):
            return (", " if language() == "en" else "、").join(self.format_field(v, format_spec) for v in value)
        if "|" in format_spec:
            one, many = format_spec.split("|")
            return f"{value:,} {one if value == 1 else many}"
        return str(super().format_field(value, format_spec))


_WORDS = _Words()
