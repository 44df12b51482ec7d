"""Machine-checkable conditions of support measures: ``fixed_investment >= 30 亿元 and new_build``.

The grammar, also in docs/data-formats.md; nothing else is accepted::

    rule       = all { "or" all }
    all        = term { "and" term }
    term       = comparison | fact | "not" fact | "(" rule ")"
    comparison = fact ( ">=" | "<=" | ">" | "<" | "=" ) number unit

A ``fact`` is a name that ``data/rule_facts.yaml`` words, or a name in Chinese, which then is its own wording. Facts that
are compared have a unit; the others are true or false. Conditions are decided with three values (Kleene 1952): what is not
known stays undecided unless the rest settles it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from graph.errors import LoadError, Problem
from graph.language import say
from graph.money import NUMBER, MoneyError, half_width, parse_money
from graph.settings import SHIPPED_DATA, settings

Comparator = Literal[">=", "<=", ">", "<", "="]
Value = float | bool

#: Units that may be written, with the base unit and how many of it they are.
UNITS: dict[str, tuple[str, float]] = {
    "元": ("万元", 1e-4),
    "万元": ("万元", 1.0),
    "亿元": ("万元", 1e4),
    "家": ("家", 1.0),
    "户": ("家", 1.0),
    "个": ("个", 1.0),
    "人": ("人", 1.0),
    "年": ("年", 1.0),
    "亩": ("亩", 1.0),
    "平方米": ("平方米", 1.0),
    "%": ("%", 1.0),
    "GW": ("GW", 1.0),
    "MW": ("GW", 1e-3),
    "GWh": ("GWh", 1.0),
    "万吨": ("万吨", 1.0),
    "吨": ("万吨", 1e-4),
}


#: The file that words facts; the wording of the program's own data goes behind that of the user's data and graph.
FACTS_FILE = "rule_facts.yaml"


@dataclass(frozen=True)
class FactWords:
    """How a fact is called; ``unit`` is its base unit, None where it is true or false; ``sources`` ask for it."""

    zh: str
    en: str
    unit: str | None = None
    sources: tuple[str, ...] = ()


class RuleError(ValueError):
    """A rule that is not in the grammar; its text is one readable line."""


# -- the tree ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Flag:
    """A fact that must be true, or must not."""

    fact: str
    wanted: bool = True


@dataclass(frozen=True)
class Comparison:
    """A fact against a number, both in the base unit; ``written`` is the number with its unit as in the rule."""

    fact: str
    comparator: Comparator
    value: float
    unit: str
    written: str


@dataclass(frozen=True)
class Every:
    """All parts must hold."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True)
class Either:
    """One part must hold."""

    parts: tuple[Rule, ...]


Rule = Flag | Comparison | Every | Either


def leaves(rule: Rule) -> Iterator[Flag | Comparison]:
    """The single conditions of a rule, in order."""
    if isinstance(rule, Flag | Comparison):
        yield rule
    else:
        for part in rule.parts:
            yield from leaves(part)


def holds(rule: Rule, known: Mapping[str, Value]) -> bool | None:
    """Whether the rule holds; None where what is known does not settle it.

    Parameters
    ----------
    known: fact -> number in the base unit of the fact, or true or false.
    """
    if isinstance(rule, Flag | Comparison):
        return _leaf_holds(rule, known)
    parts = [holds(part, known) for part in rule.parts]
    settles = isinstance(rule, Either)  # one true part settles an "or", one false part an "and"
    if settles in parts:
        return settles
    return None if None in parts else not settles


def _leaf_holds(leaf: Flag | Comparison, known: Mapping[str, Value]) -> bool | None:
    value = known.get(leaf.fact)
    if value is None or isinstance(value, bool) is not isinstance(leaf, Flag):
        return None  # not known, or stated as something else than what the rule asks
    if isinstance(leaf, Flag):
        return value is leaf.wanted
    compared = {
        ">=": value >= leaf.value,
        "<=": value <= leaf.value,
        ">": value > leaf.value,
        "<": value < leaf.value,
        "=": value == leaf.value,
    }
    return compared[leaf.comparator]


def missing(rule: Rule, known: Mapping[str, Value]) -> tuple[str, ...]:
    """The facts that could still settle an undecided rule, in the order of the rule; empty where it is settled."""
    if holds(rule, known) is not None:
        return ()
    if isinstance(rule, Flag | Comparison):
        return (rule.fact,)
    return tuple(dict.fromkeys(fact for part in rule.parts for fact in missing(part, known)))


# -- words ---------------------------------------------------------------------------------------------


def fact_name(fact: str) -> str:
    """The fact in the reader's language; a Chinese name is its own wording."""
    words = known_facts().get(fact)
    return fact if words is None else say(words.zh, words.en)


def rule_text(rule: Rule) -> str:
    """The rule in plain words: 固定资产投资 ≥ 30 亿元，且是新建项目."""
    if isinstance(rule, Flag):
        return fact_name(rule.fact) if rule.wanted else say("并非", "not: ") + fact_name(rule.fact)
    if isinstance(rule, Comparison):
        sign = {">=": "≥", "<=": "≤"}.get(rule.comparator, rule.comparator)
        return f"{fact_name(rule.fact)} {sign} {rule.written}"
    joint = say("，且", " and ") if isinstance(rule, Every) else say("，或", " or ")
    parts = [(rule_text(p), isinstance(p, Every | Either)) for p in rule.parts]
    return joint.join(say(f"（{text}）", f"({text})") if compound else text for text, compound in parts)


def fact_named(text: str) -> str:
    """The fact that a name or a wording means: ``new_build``, 是新建项目, 新建项目; a Chinese name of its own as it is.

    Raises:
        RuleError: no such fact, or a part of the wording of several.
    """
    text, facts = text.strip(), known_facts()
    if text in facts:
        return text
    exact = [name for name, words in facts.items() if _bare(text) in (_bare(words.zh), _bare(words.en))]
    part = [name for name, words in facts.items() if _bare(text) and _bare(text) in _bare(words.zh)]
    meant = exact or part
    if len(meant) > 1:
        listed = "、".join(f"{name}（{facts[name].zh}）" for name in meant)
        raise RuleError(say(f"“{text}”可指多个事实：{listed}", f"{text!r} may mean several: {listed}"))
    return meant[0] if meant else check_fact(text)


def _bare(words: str) -> str:
    """A wording without quotes, blanks and the leading 是 or is."""
    plain = re.sub(r"[“”\"'\s]", "", words.lower())
    return plain.removeprefix("是").removesuffix("企业")


# -- facts that have a wording -------------------------------------------------------------------------


def known_facts() -> Mapping[str, FactWords]:
    """The facts with a wording, name -> words: those of the program's data, of the user's data and of the graph's folder.

    Raises:
        LoadError: a file of facts has faults.
    """
    return _gathered(tuple(folder / FACTS_FILE for folder in (SHIPPED_DATA, settings.data, settings.home)))


@cache
def _gathered(paths: tuple[Path, ...]) -> Mapping[str, FactWords]:
    return {name: words for path in dict.fromkeys(paths) if path.exists() for name, words in read_facts(path).items()}


def read_facts(path: Path) -> dict[str, FactWords]:
    """The wordings of one file of facts.

    Raises:
        LoadError: the file has faults.
    """
    import yaml

    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise LoadError([Problem(path.name, "", " ".join(str(error).split()))]) from None
    if not isinstance(entries, dict):
        fault = say("应为“事实名: {zh, en, unit}”", "should be 'name of a fact: {zh, en, unit}'")
        raise LoadError([Problem(path.name, "", fault)])
    faults = {str(name): _fault_of(str(name), entry) for name, entry in entries.items()}
    if problems := [Problem(path.name, name, fault) for name, fault in faults.items() if fault]:
        raise LoadError(problems)
    return {
        name: FactWords(e["zh"], e["en"], e.get("unit"), tuple(e.get("sources") or ())) for name, e in entries.items()
    }


def _fault_of(name: str, entry: object) -> str:
    """What is wrong with the entry of a fact; empty where nothing is."""
    bases = sorted({base for base, _ in UNITS.values()})
    given = entry if isinstance(entry, dict) else {}
    if not _NAME.fullmatch(name) or name in _WORDS:
        return say("事实名只能用小写字母、数字和下划线", "a name is of small letters, digits and _")
    if not all(isinstance(given.get(word), str) and given[word].strip() for word in ("zh", "en")):
        return say("须有 zh 和 en 两种措辞", "both wordings are needed, zh and en")
    if given.get("unit") not in (None, *bases):
        return say(f"unit 应为 {'、'.join(bases)} 之一", f"unit is one of {', '.join(bases)}")
    if given.keys() - {"zh", "en", "unit", "sources"} or not isinstance(given.get("sources", []), list):
        return say("只能有 zh、en、unit、sources（列表）", "holds zh, en, unit and sources (a list), nothing else")
    return ""


# -- reading -------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<comparator>>=|<=|=|>|<)|(?P<bracket>[()])"
    r"|(?P<name>[a-z][a-z0-9_]*|[\u4e00-\u9fff][\u4e00-\u9fffA-Za-z0-9_]*)|(?P<unit>GWh|GW|MW|%))"
)
_CHINESE = re.compile(r"^[\u4e00-\u9fff]")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WORDS = ("and", "or", "not")
_LONGEST, _DEEPEST = 500, 20


@lru_cache(maxsize=1024)
def parse_rule(text: str) -> Rule:
    """The rule as a tree.

    Raises:
        RuleError: the text is not in the grammar of this module.
    """
    if len(text) > _LONGEST:
        raise RuleError(say(f"条件式超过 {_LONGEST} 个字符", f"the rule is longer than {_LONGEST} characters"))
    return _Reader(text).read()


def fact_unit(fact: str) -> str | None:
    """The base unit of a fact; None where it is true or false, or has no wording."""
    words = known_facts().get(fact)
    return None if words is None else words.unit


def check_fact(fact: str) -> str:
    """The name of a fact, if it is one.

    Raises:
        RuleError: it neither has a wording nor is Chinese.
    """
    if not _CHINESE.match(fact) and fact not in known_facts():
        known = list(known_facts())
        raise RuleError(
            say(
                f"没有名为 {fact} 的事实；可用：{'、'.join(known)}，或用中文自拟",
                f"there is no fact {fact}; known: {', '.join(known)}, or any name in Chinese",
            )
        )
    return fact


class _Reader:
    """Reads one rule by recursive descent."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self._split())
        self.at = 0
        self.depth = 0

    def read(self) -> Rule:
        rule = self._either()
        if self.at < len(self.tokens):
            raise self._fault(say("多余的内容", "unexpected text"))
        return rule

    def _split(self) -> Iterator[tuple[str, str]]:
        position, text = 0, self.text.rstrip()
        while position < len(text):
            token = _TOKEN.match(text, position)
            if token is None:
                where = text[position:].strip()[:10]
                raise RuleError(
                    say(f"条件式 {self.text!r} 中读不懂 {where!r}", f"in rule {self.text!r}: cannot read {where!r}")
                )
            kind = token.lastgroup or ""
            yield kind, token[kind]
            position = token.end()

    def _fault(self, expected: str) -> RuleError:
        place = self.tokens[self.at][1] if self.at < len(self.tokens) else say("末尾", "the end")
        return RuleError(
            say(f"条件式 {self.text!r} 在 {place!r} 处：{expected}", f"in rule {self.text!r} at {place!r}: {expected}")
        )

    def _next(self, *wanted: str) -> bool:
        """Whether the next token is one of these; if so it is taken."""
        taken = self.at < len(self.tokens) and self.tokens[self.at][1] in wanted
        self.at += taken
        return taken

    def _take(self, kind: str, expected: str) -> str:
        if self.at >= len(self.tokens) or self.tokens[self.at][0] != kind:
            raise self._fault(expected)
        self.at += 1
        return self.tokens[self.at - 1][1]

    def _either(self) -> Rule:
        parts = [self._every()]
        while self._next("or"):
            parts.append(self._every())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _every(self) -> Rule:
        parts = [self._term()]
        while self._next("and"):
            parts.append(self._term())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _term(self) -> Rule:
        if self._next("("):
            self.depth += 1
            if self.depth > _DEEPEST:
                raise self._fault(say(f"括号超过 {_DEEPEST} 层", f"more than {_DEEPEST} brackets deep"))
            rule = self._either()
            if not self._next(")"):
                raise self._fault(say("缺右括号", "a closing bracket is missing"))
            self.depth -= 1
            return rule
        wanted = not self._next("not")
        fact = self._fact()
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "comparator":
            if not wanted:
                raise self._fault(say("not 之后只能是是非事实", "after 'not' comes a fact that is true or false"))
            return self._comparison(fact)
        if fact_unit(fact) is not None:
            raise self._fault(say(f"{fact} 是数量，须与数值比较", f"{fact} is a quantity and must be compared"))
        return Flag(fact, wanted)

    def _fact(self) -> str:
        name = self._take("name", say("应为事实名或括号", "a fact or a bracket is expected"))
        if name in _WORDS:
            self.at -= 1
            raise self._fault(say("应为事实名", "a fact is expected"))
        return check_fact(name)

    def _comparison(self, fact: str) -> Comparison:
        comparator = self._take("comparator", say("应为比较符", "a comparator is expected"))
        digits = self._take("number", say("应为数值", "a number is expected"))
        unit = self._unit()
        base, size = UNITS[unit]
        own = fact_unit(fact)
        if fact in known_facts() and own != base:
            expected = say(f"以{own}计的数量", f"a quantity in {own}") if own else say("是非事实", "true or false")
            raise self._fault(
                say(f"{fact} 是{expected}，不能以{unit}比较", f"{fact} is {expected}, not compared in {unit}")
            )
        value = float(digits) * size
        if not math.isfinite(value):
            raise self._fault(say("数值太大", "the number is too large"))
        return Comparison(fact, comparator, value, base, f"{float(digits):g} {unit}")  # type: ignore[arg-type]

    def _unit(self) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at][1] in UNITS:
            self.at += 1
            return self.tokens[self.at - 1][1]
        known = "、".join(UNITS)
        raise self._fault(say(f"数值之后应有单位（{known}）", f"a unit is expected after the number ({known})"))


# -- what a user states --------------------------------------------------------------------------------

_STATED = re.compile(rf"^\s*{NUMBER}\s*(?P<unit>\S*)\s*$")
_YES, _NO = {"yes", "true", "是", "1", "对"}, {"no", "false", "否", "0", "不是"}


def parse_value(fact: str, text: str, unit: str | None = None) -> Value:
    """What a user states of a fact: ``50亿元``, ``300``, ``是``; a bare number is in the base unit of the fact.

    Parameters
    ----------
    unit: base unit of a fact with a Chinese name, as the rules that ask for it compare it.

    Raises:
        RuleError: no such fact, or the value is none of it.
    """
    check_fact(fact)
    unit = fact_unit(fact) if fact in known_facts() else unit
    if unit is None and text.strip().lower() in _YES | _NO:
        return text.strip().lower() in _YES
    stated = _STATED.match(half_width(text))
    if unit == "万元":
        with suppress(MoneyError):
            return parse_money(f"{text}万元" if stated and not stated["unit"] else text)
    if unit is None or stated is None:
        expected = (
            say("“是”或“否”", "yes or no")
            if unit is None
            else say(f"数值与单位，如 50{unit}", f"a number with unit: 50{unit}")
        )
        raise RuleError(
            say(f"{fact_name(fact)}应为{expected}，不是 {text!r}", f"{fact_name(fact)} is {expected}, not {text!r}")
        )
    written = stated["unit"] or unit
    if UNITS.get(written, ("",))[0] != unit:
        raise RuleError(
            say(f"{fact_name(fact)}的单位不能是 {written!r}", f"{fact_name(fact)} is not counted in {written!r}")
        )
    value = float(stated["number"].replace(",", "")) * UNITS[written][1]
    if not math.isfinite(value):
        raise RuleError(say("数值太大", "the number is too large"))
    return value
