"""What codes are called: the reasons of analyses, said in the reader's language from ``reasons.yaml``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from graph.analysis.makers import Basis
from graph.analysis.reasons import Reason
from graph.analysis.status import Status
from graph.analysis.support import Verdict
from graph.analysis.target_progress import Standing, number
from graph.language import language, say
from graph.money import money_text, number_text
from graph.rules import fact_name, rule_text
from graph.schema import VALUE_NAMES, CarrierRole, Confidence, RegionLevel, Stage

#: One character each, so that status never hangs on colour alone.
STATUS_NAMES: dict[Status, tuple[str, str, str]] = {
    Status.MISSING: ("缺", "缺失", "missing"),
    Status.WEAK: ("弱", "薄弱", "weak"),
    Status.SINGLE: ("单", "单一来源", "single-sourced"),
    Status.UNKNOWN: ("?", "未知", "unknown"),
    Status.PRESENT: ("中", "具备", "present"),
    Status.STRONG: ("强", "较强", "strong"),
}

#: The characters in English.
_LETTERS = {
    Status.MISSING: "M",
    Status.WEAK: "W",
    Status.SINGLE: "S",
    Status.UNKNOWN: "?",
    Status.PRESENT: "P",
    Status.STRONG: "+",
}
#: Fill of a status: colour-blind safe, and readable in grey print because the word stands beside it.
STATUS_COLOURS: dict[Status, str] = {
    Status.MISSING: "#D55E00",
    Status.WEAK: "#E69F00",
    Status.SINGLE: "#F0E442",
    Status.UNKNOWN: "#BDBDBD",
    Status.PRESENT: "#56B4E9",
    Status.STRONG: "#0072B2",
}

#: Whether a measure applies to a project.
VERDICT_NAMES: dict[Verdict, tuple[str, str]] = {
    Verdict.MET: ("条件式已满足", "rule met"),
    Verdict.UNDECIDED: ("待核实", "to be asked"),
    Verdict.NOT_MET: ("不满足", "not met"),
    Verdict.OTHERS: ("受益的不是企业", "not for firms"),
}
#: Defects of the graph.
DEFECT_NAMES: dict[str, tuple[str, str]] = {
    "unknown": ("被引用而无来源描述的对象", "things referred to that no source describes"),
    "uncited": ("来源编号不在图中", "sources that are not on record"),
    "cycles": ("产业链中不经回收的循环供给", "supply cycles without recycling"),
    "names": ("同类不同编号而同名", "one name, several ids"),
    "orphans": ("没有任何关系的对象", "things without any relationship"),
    "empty": ("全国无企业登记的环节", "segments that nobody makes"),
    "unsure": ("可信度低的事实", "facts of low confidence"),
}
#: What a quantity is reckoned by.
BASIS_NAMES: dict[Basis, tuple[str, str]] = {
    Basis.MONEY: ("按产值", "by output"),
    Basis.CAPACITY: ("按产能", "by capacity"),
    Basis.COUNT: ("按家数", "by number of firms"),
}
#: How a target stands.
STANDING_NAMES: dict[Standing, tuple[str, str]] = {
    Standing.BEHIND: ("滞后", "behind"),
    Standing.NOT_APPLIED: ("未适用", "not applied"),
    Standing.NO_OBSERVATION: ("无实绩", "no observation"),
    Standing.ON_TRACK: ("正常", "on track"),
    Standing.AHEAD: ("超前", "ahead"),
    Standing.MET: ("已达标", "met"),
}
#: Tiers of chain leaders in English; their codes are their Chinese names.
TIER_NAMES: dict[str, str] = {"示范库": "demonstration", "培育库": "cultivation", "候选库": "candidate"}

_TEXTS = Path(__file__).with_name("reasons.yaml")


def say_reason(reason: Reason | str) -> str:
    """A reason in the reader's language; a name is said as it is.

    Raises:
        KeyError: ``reasons.yaml`` has no text of that code, or the text names a value that the reason lacks.
    """
    if isinstance(reason, str):
        return reason
    return _WORDS.vformat(reason_texts()[reason.code][language()], (), dict(reason.values))


def status_name(status: Status) -> str:
    """The status in the reader's language."""
    return say(STATUS_NAMES[status][1], STATUS_NAMES[status][2])


def status_symbol(status: Status) -> str:
    """One character for a status: with it nothing hangs on colour alone."""
    return say(STATUS_NAMES[status][0], _LETTERS[status])


def value_name(enum: type, value: str) -> str:
    """An enumerated value in the reader's language."""
    return VALUE_NAMES[enum].get(value, value) if language() == "zh" else value.replace("_", " ")


def say_why(reason: Reason | None) -> str:
    """A reason, or nothing where there is none."""
    return "" if reason is None else say_reason(reason)


def say_reasons(reasons: Iterable[Reason]) -> str:
    """Several reasons in a row."""
    return say("；", "; ").join(map(say_reason, reasons))


def as_data(result: Any) -> Any:
    """A result as plain data (JSON), what it has to say in the reader's language."""
    if isinstance(result, Reason):
        return say_reason(result)
    if is_dataclass(result) and not isinstance(result, type):
        return {f.name: as_data(getattr(result, f.name)) for f in fields(result)}
    if isinstance(result, Mapping):
        return {key: as_data(value) for key, value in result.items()}
    if isinstance(result, (list, tuple)):
        return [as_data(value) for value in result]
    return result


def confidence_name(confidence: str | None) -> str:
    """How sure it is, in words."""
    if confidence is None:
        return say("未注明", "not stated")
    return say(VALUE_NAMES[Confidence][confidence], confidence)


def bracketed(text: str) -> str:
    """The text in the brackets of the reader's language."""
    return say(f"（{text}）", f" ({text})")


@cache
def reason_texts() -> Mapping[str, Mapping[str, str]]:
    """The texts of all codes: code -> language -> text."""
    texts: dict[str, dict[str, str]] = yaml.safe_load(_TEXTS.read_text(encoding="utf-8"))
    return texts


def _whether(fact: str) -> str:
    """A fact as a question: 是新建项目 is 是否新建项目."""
    name = fact_name(fact)
    return f"是否{name[1:]}" if name.startswith("是") else f"是否属实：{name}"


def _moved(percent: float) -> str:
    if round(percent, 2) == 0:
        return "持平"
    return f"{'增长' if percent > 0 else '下降'}{number(abs(percent))}%"


#: What a code or number is called: {stage:stage} is 在建, {cap:money} 500 万元.
_FORMS: dict[str, Callable[[Any], str]] = {
    "apart": lambda unit: f" {unit}" if unit else "",
    "basis": lambda basis: say(*BASIS_NAMES[basis]),
    "carrier": lambda role: say(VALUE_NAMES[CarrierRole][role], f"{role} carrier"),
    "fact": fact_name,
    "grouped": number,
    "level": lambda level: VALUE_NAMES[RegionLevel].get(level, level),
    "money": money_text,
    "moved": _moved,
    "number": number_text,
    "percent": lambda share: f"{number_text(share * 100)}%",
    "rule": rule_text,
    "stage": lambda stage: say(VALUE_NAMES[Stage][stage], stage.replace("_", " ")),
    "whether": _whether,
}
#: How what stands in a row is joined: {parts:clauses}; any other mark joins as it is, in both languages: {names:、}.
_JOINTS = {"": ("、", ", "), "commas": ("，", ", "), "clauses": ("；", "; ")}


class _Words(Formatter):
    """``{count:maker|makers}`` is 1 maker, 2 makers; names in a row are joined; a reason in a reason is said."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Reason):
            return say_reason(value)
        if isinstance(value, (tuple, list)):
            joint = say(*_JOINTS.get(format_spec, (format_spec, format_spec)))
            return joint.join(self.format_field(v, "") for v in value)
        if format_spec in _FORMS:
            return _FORMS[format_spec](value)
        if "|" in format_spec:
            one, many = format_spec.split("|")
            return f"{value:,} {one if value == 1 else many}"
        return str(super().format_field(value, format_spec))


_WORDS = _Words()
