"""Machine-checkable conditions of support measures: ``fixed_investment >= 30 亿元 and new_build``.

The grammar, also in docs/data-formats.md; nothing else is accepted::

    rule       = all { "or" all }
    all        = term { "and" term }
    term       = comparison | fact | "not" fact | "(" rule ")"
    comparison = fact ( ">=" | "<=" | ">" | "<" | "=" ) number unit

A ``fact`` is a name of ``FACTS``, or a name in Chinese, which then is its own wording. Facts that are compared
have a unit; the others are true or false. Conditions are decided with three values (Kleene 1952): what is not
known stays undecided unless the rest settles it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from graph.language import say

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


@dataclass(frozen=True)
class FactWords:
    """How a fact is called; ``unit`` is its base unit, None where it is true or false."""

    zh: str
    en: str
    unit: str | None = None


#: Facts that shipped rules ask for. Names are English; a Chinese name needs no entry.
FACTS: dict[str, FactWords] = {
    # quantities
    "fixed_investment": FactWords("固定资产投资", "fixed-asset investment", "万元"),
    "investment_subsidy": FactWords(
        "固定资产投资补贴总额", "total subsidy agreed on the fixed-asset investment", "万元"
    ),
    "served_firms": FactWords("平台对外服务的企业数", "firms that the platform serves", "家"),
    "platform_investment": FactWords("对该平台项目的投资（投入）额", "investment in the platform", "万元"),
    "it_investment": FactWords("新一代信息技术应用的投入", "spending on new information technology", "万元"),
    "technology_deal": FactWords("技术合同实际成交额", "value of the technology contract", "万元"),
    "treatment_contract": FactWords("第三方环境治理年度合同金额", "yearly value of the treatment contract", "万元"),
    "construction_fees": FactWords("已收取的报建费", "construction fees collected", "万元"),
    # what the project is
    "new_build": FactWords("是新建项目", "is a new project"),
    "challenge_project": FactWords(
        "以揭榜挂帅方式承担关键技术攻关或重大技术装备研发项目",
        "carries out an open-call project of key technology or major equipment",
    ),
    "national_rd_lead": FactWords(
        "企业牵头承担国家重点研发计划或国家科技重大专项项目", "leads a national key R&D or major science project"
    ),
    "joint_innovation": FactWords(
        "与高校院所联合实施产业集群或产业链协同创新项目",
        "carries out a joint innovation project with universities or institutes",
    ),
    "joint_platform": FactWords(
        "与高校院所、专业机构或行业协会共建绿色低碳优势产业公共服务平台",
        "builds a public service platform jointly with institutes or associations",
    ),
    "public_platform": FactWords("平台具有明显公共属性", "the platform clearly serves the public"),
    "open_platform": FactWords(
        "自主投资建设数据服务或产业链网络化协同平台并开放共享",
        "builds a data or chain platform of its own and opens it",
    ),
    "it_application": FactWords(
        "在生产经营环节应用新一代信息技术", "applies new information technology in its operations"
    ),
    "technology_seller": FactWords("是技术交易的输出方", "sells the technology"),
    "technology_buyer": FactWords("是技术交易的吸纳方", "buys the technology"),
    "technology_broker": FactWords("是技术交易的中介方", "brokers the technology"),
    "used_locally": FactWords("科技成果在当地转化", "the result is put to use in the city"),
    "green_manufacturing": FactWords(
        "开展绿色工厂、绿色园区、绿色供应链管理企业或绿色设计产品建设",
        "builds a green factory, park, supply chain or product",
    ),
    "recycling_project": FactWords(
        "是废旧锂电池、建筑垃圾、生活垃圾或工业固废的循环再利用项目",
        "recycles used batteries, building, household or solid industrial waste",
    ),
    "recycling_base": FactWords("是国家级或省级资源循环利用基地", "is a national or provincial recycling base"),
    "third_party_treatment": FactWords(
        "由第三方开展减污降碳环境综合治理", "has a third party treat pollution and carbon"
    ),
    "central_relocation": FactWords("属中心城区非核心功能疏解项目", "moves a non-core function out of the city centre"),
    "self_renewal": FactWords(
        "属企业自主改造，发展楼宇经济、先进制造业或生产性服务业",
        "renews its own site for offices, advanced manufacturing or services",
    ),
    "outer_new_town": FactWords("位于郊区新城", "lies in an outer new town"),
    "key_project": FactWords("已纳入省或市重点项目", "is on the list of key projects of province or city"),
    "new_area_linkage": FactWords(
        "是城市新区与其他区域联动的跨区域分工项目", "divides work between a new area and other districts"
    ),
    # what the firm is
    "industry_leader": FactWords("是国内外行业龙头企业", "is a leading firm of its trade"),
    "specialised": FactWords("是“专精特新”企业", "is a specialised (专精特新) firm"),
    "core_supplier": FactWords("是核心配套企业", "is a core supplier"),
    "chain_leader": FactWords("是重点产业链链主企业", "is an appointed chain leader"),
    "postdoc_station": FactWords("争创博士后科研工作站或博士后创新实践基地", "sets up a postdoctoral station"),
    "leading_talent": FactWords(
        "有人才当年入选重点产业链领军人才", "has a person selected this year as leading talent"
    ),
    "high_tech_firm": FactWords("已认定为高新技术企业", "is a recognised high-tech firm"),
    "service_firm": FactWords("是科技型、创新型生产性服务业企业", "is an innovative producer-service firm"),
    "leading_service_firm": FactWords(
        "首次入选领军型生产性服务业企业", "is selected for the first time as leading service firm"
    ),
    "innovative_service_firm": FactWords(
        "首次入选创新型生产性服务业企业", "is selected for the first time as innovative service firm"
    ),
    "growth_service_firm": FactWords("入选成长型生产性服务业企业名单", "is on the list of growing service firms"),
    "recognised_alliance": FactWords(
        "是经市级相关部门认可的重点产业链产业联盟", "is an alliance of a key chain, recognised by the city"
    ),
    "key_green_park": FactWords(
        "园区以赛马制入选6个绿色低碳重点产业园区", "the park was chosen as one of six key green parks"
    ),
}


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
    words = FACTS.get(fact)
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
    text = text.strip()
    if text in FACTS:
        return text
    whole = [name for name, words in FACTS.items() if _bare(text) in (_bare(words.zh), _bare(words.en))]
    part = [name for name, words in FACTS.items() if _bare(text) and _bare(text) in _bare(words.zh)]
    found = whole or part
    if len(found) > 1:
        listed = "、".join(f"{name}（{FACTS[name].zh}）" for name in found)
        raise RuleError(say(f"“{text}”可指多个事实：{listed}", f"{text!r} may mean several: {listed}"))
    return found[0] if found else check_fact(text)


def _bare(words: str) -> str:
    """A wording without quotes, blanks and the leading 是 or is."""
    plain = re.sub(r"[“”\"'\s]", "", words.lower())
    return plain.removeprefix("是").removesuffix("企业")


# -- reading -------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<comparator>>=|<=|=|>|<)|(?P<bracket>[()])"
    r"|(?P<name>[a-z][a-z0-9_]*|[\u4e00-\u9fff][\u4e00-\u9fffA-Za-z0-9_]*)|(?P<unit>GWh|GW|MW|%))"
)
_CHINESE = re.compile(r"^[\u4e00-\u9fff]")
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
    """The base unit of a known fact; None where it is true or false, or not in ``FACTS``."""
    words = FACTS.get(fact)
    return None if words is None else words.unit


def check_fact(fact: str) -> str:
    """The name of a fact, if it is one.

    Raises:
        RuleError: neither in ``FACTS`` nor Chinese.
    """
    if fact not in FACTS and not _CHINESE.match(fact):
        raise RuleError(
            say(
                f"没有名为 {fact} 的事实；可用：{'、'.join(FACTS)}，或用中文自拟",
                f"there is no fact {fact}; known: {', '.join(FACTS)}, or any name in Chinese",
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
            found = _TOKEN.match(text, position)
            if found is None:
                where = text[position:].strip()[:10]
                raise RuleError(
                    say(f"条件式 {self.text!r} 中读不懂 {where!r}", f"in rule {self.text!r}: cannot read {where!r}")
                )
            kind = found.lastgroup or ""
            yield kind, found[kind]
            position = found.end()

    def _fault(self, expected: str) -> RuleError:
        place = self.tokens[self.at][1] if self.at < len(self.tokens) else say("末尾", "the end")
        return RuleError(
            say(f"条件式 {self.text!r} 在 {place!r} 处：{expected}", f"in rule {self.text!r} at {place!r}: {expected}")
        )

    def _next(self, *wanted: str) -> bool:
        """Whether the next token is one of these; if so it is taken."""
        found = self.at < len(self.tokens) and self.tokens[self.at][1] in wanted
        self.at += found
        return found

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
        if name in ("and", "or", "not"):
            self.at -= 1
            raise self._fault(say("应为事实名", "a fact is expected"))
        return check_fact(name)

    def _comparison(self, fact: str) -> Comparison:
        comparator = self._take("comparator", say("应为比较符", "a comparator is expected"))
        digits = self._take("number", say("应为数值", "a number is expected"))
        unit = self._unit()
        base, size = UNITS[unit]
        own = fact_unit(fact)
        if fact in FACTS and own != base:
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

_STATED = re.compile(r"^\s*(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)\s*(?P<unit>\S*)\s*$")
_YES, _NO = {"yes", "true", "是", "1", "对"}, {"no", "false", "否", "0", "不是"}


def parse_value(fact: str, text: str, unit: str | None = None) -> Value:
    """What a user states of a fact: ``50亿元``, ``300``, ``是``; a bare number is in the base unit of the fact.

    Parameters
    ----------
    unit: base unit of a fact with a Chinese name, as the rules that ask for it compare it.

    Raises:
        RuleError: no such fact, or the value is none of it.
    """
    unit = fact_unit(check_fact(fact)) if fact in FACTS else check_fact(fact) and unit
    if unit is None and text.strip().lower() in _YES | _NO:
        return text.strip().lower() in _YES
    found = _STATED.match(text)
    if unit is None or found is None:
        expected = (
            say("“是”或“否”", "yes or no")
            if unit is None
            else say(f"数值与单位，如 50{unit}", f"a number with unit: 50{unit}")
        )
        raise RuleError(
            say(f"{fact_name(fact)}应为{expected}，不是 {text!r}", f"{fact_name(fact)} is {expected}, not {text!r}")
        )
    written = found["unit"] or unit
    if UNITS.get(written, ("",))[0] != unit:
        raise RuleError(
            say(
                f"{fact_name(fact)}的单位不能是 {found['unit']!r}",
                f"{fact_name(fact)} is not counted in {found['unit']!r}",
            )
        )
    return _finite(float(found["number"].replace(",", "")) * UNITS[written][1])


def parse_money(text: str) -> float:
    """A sum of money in 万元; ``50亿元``, ``3000万元``. The unit must be written: 50 alone may be either.

    Raises:
        RuleError: no number with a unit of money.
    """
    found = _STATED.match(text)
    if found is None or UNITS.get(found["unit"], ("",))[0] != "万元":
        raise RuleError(
            say(
                f"金额应为数值加单位，如 50亿元 或 3000万元，不是 {text!r}",
                f"an amount is a number with unit, 50亿元 or 3000万元, not {text!r}",
            )
        )
    return _finite(float(found["number"].replace(",", "")) * UNITS[found["unit"]][1])


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise RuleError(say("数值太大", "the number is too large"))
    return value
