"""Faults of an input, in the reader's words: what is wrong and what is expected."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from graph.language import say
from graph.schema import VALUE_NAMES, Fact, enum_of

#: Characters of a faulty value that a message repeats.
_MOST_SHOWN = 80


def explain(error: ValidationError, model: type[BaseModel]) -> list[tuple[str, str]]:
    """(property, message) for every fault that pydantic found."""
    return [(".".join(str(part) for part in item["loc"]), _message(dict(item), model)) for item in error.errors()]


def title_of(model: type[BaseModel], name: str) -> str:
    """A property with its Chinese title: place（地点）."""
    field = model.model_fields.get(name)
    return f"{name}（{field.title}）" if field is not None and field.title else name


def allowed_values(model: type[BaseModel], name: str) -> str:
    """The values that an enumerated property takes, with their Chinese wording."""
    field = model.model_fields.get(name)
    enum = enum_of(field.annotation) if field is not None else None
    if enum is None:
        return ""
    return "、".join(f"{value}（{zh}）" for value, zh in VALUE_NAMES[enum].items())


def _message(item: dict[str, Any], model: type[BaseModel]) -> str:
    name = str(item["loc"][0]) if item["loc"] else ""
    given, kind = _shortened(item.get("input")), item["type"]
    if kind == "missing":
        return say("必填，未填", "is required")
    if kind == "extra_forbidden":
        return say(f"没有这一项；可用：{_names(model)}", f"is not known here; known: {_names(model)}")
    if kind in ("enum", "literal_error"):
        expected = allowed_values(model, name) or item["ctx"]["expected"]
        return say(f"{given} 不在可选值内：{expected}", f"{given} is not one of: {expected}")
    if kind.startswith(("float", "int", "decimal", "finite")):
        return say(f"{given} 不是数字", f"{given} is not a number")
    if kind.startswith("bool"):
        return say(f"{given} 应为 是/否", f"{given} should be true or false")
    if kind in ("greater_than_equal", "less_than_equal"):
        return say(f"{given} 超出范围（{item['msg']}）", f"{given} is out of range ({item['msg']})")
    if kind == "string_pattern_mismatch":
        what = _pattern_words(item["ctx"]["pattern"])
        return say(f"{given} 格式不对，应为{what[0]}", f"{given} is not of the form {what[1]}")
    if kind == "value_error":
        return str(item["ctx"]["error"])
    return say(f"{given} 不合要求：{item['msg']}", f"{given}: {item['msg']}")


def _shortened(given: Any) -> str:
    text = repr(given)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def _names(model: type[BaseModel]) -> str:
    own = [n for n in model.model_fields if n not in ("start", "end")]
    return "、".join(own) if issubclass(model, Fact) else "、".join(model.model_fields)


def _pattern_words(pattern: str) -> tuple[str, str]:
    if "Q[1-4]" in pattern:
        return "期间：2024、2024-06 或 2024Q2", "a period: 2024, 2024-06 or 2024Q2"
    if "1[0-2]" in pattern:
        return "日期：2022、2022-05 或 2022-05-28", "a date: 2022, 2022-05 or 2022-05-28"
    if "{18}" in pattern:
        return "18 位统一社会信用代码", "an 18-character credit code"
    if "d{6}" in pattern:
        return "6 位行政区划代码", "a six-digit code"
    if "|SZ|" in pattern:
        return "带交易所后缀的证券代码：600438.SH", "a stock code with its exchange: 600438.SH"
    return "编号（前缀:名称，不含空格）", "an id (prefix:name, no blanks)"
