"""Support measures for a stated project: which apply, what must still be asked, and the most that each pays.

Pure functions. A measure's ``rule`` (``graph.rules``) is decided with three values; where a fact is missing the
question is put in plain words, with unit and clause. The maximum follows the document and nothing else:

* a rate is multiplied only with the fact that ``rate_of`` names, never with the investment for want of it;
* a cap limits it, and is the most where the base is not known;
* the size of a fund is not what one project gets;
* maxima are added only where the document says that its measures may be enjoyed together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from graph.language import say
from graph.rules import Comparison, Rule, Value, fact_name, fact_unit, holds, leaves, missing, parse_rule, rule_text

#: From this many 万元 on a sum is written in 亿元.
_YI = 10_000.0


@dataclass(frozen=True)
class Project:
    """A project as stated.

    Parameters
    ----------
    fixed_investment: 万元; None: not stated.
    firm_kinds: facts that are true of the firm: industry_leader, specialised, chain_leader ...
    facts: anything else that is stated, fact -> number in its base unit, or true or false.
    """

    fixed_investment: float | None = None
    firm_kinds: Collection[str] = ()
    facts: Mapping[str, Value] = field(default_factory=dict)

    @property
    def known(self) -> dict[str, Value]:
        """All that is stated, fact -> value."""
        stated: dict[str, Value] = {} if self.fixed_investment is None else {"fixed_investment": self.fixed_investment}
        return {**stated, **dict.fromkeys(self.firm_kinds, True), **self.facts}


@dataclass(frozen=True)
class SupportMeasure:
    """A measure as it is on record; rates are fractions, money is 万元."""

    id: str
    name: str
    instrument: str
    rate_min: float | None = None
    rate_max: float | None = None
    rate_base: str | None = None
    rate_of: str | None = None
    cap: float | None = None
    amount: float | None = None
    total: float | None = None
    annual_cap: float | None = None
    years: int | None = None
    condition: str | None = None
    rule: str | None = None
    beneficiary: str | None = None
    recipient: str | None = None
    stacking: str | None = None
    note: str | None = None
    clause: str = ""
    path: str = ""
    document: str = ""
    document_name: str = ""
    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()

    @property
    def cited(self) -> str:
        """Where it stands in its document."""
        return self.path or self.clause


class Verdict(StrEnum):
    """Whether a measure applies to the project, as far as it can be told."""

    MET = "met"
    UNDECIDED = "undecided"
    NOT_MET = "not_met"
    OTHERS = "others"


#: Wording of a verdict, Chinese and English.
VERDICT_NAMES: dict[Verdict, tuple[str, str]] = {
    Verdict.MET: ("条件式已满足", "rule met"),
    Verdict.UNDECIDED: ("待核实", "to be asked"),
    Verdict.NOT_MET: ("不满足", "not met"),
    Verdict.OTHERS: ("受益的不是企业", "not for firms"),
}


@dataclass(frozen=True)
class Question:
    """What must be asked before it can be told whether a measure applies, or what it pays.

    ``fact`` is empty where the condition is in no rule and a person must read it.
    """

    fact: str
    text: str
    unit: str | None
    cited: tuple[str, ...]
    measures: tuple[str, ...]


@dataclass(frozen=True)
class Maximum:
    """The most that a measure pays one project, 万元, and how it is reckoned.

    ``amount`` is None where it cannot be computed; ``basis`` then says why. ``yearly``: so much a year.
    ``limit_only``: it is the cap, because what the rate is taken of is not known: the sum may be less.
    """

    amount: float | None
    basis: str
    yearly: bool = False
    limit_only: bool = False
    asks: str | None = None


@dataclass(frozen=True)
class Decision:
    """One measure against the project."""

    measure: SupportMeasure
    verdict: Verdict
    reason: str
    questions: tuple[Question, ...]
    maximum: Maximum


@dataclass(frozen=True)
class Support:
    """All measures against the project: those that apply first, then what is undecided, by the maximum.

    ``total`` is the sum of the maxima of measures that apply, 万元, only where it may be formed; ``total_basis`` says
    why or why not. ``questions`` are all that must be asked, in the order of the measures that turn on them.
    """

    decisions: tuple[Decision, ...]
    questions: tuple[Question, ...]
    total: float | None
    total_basis: str

    def of(self, verdict: Verdict) -> tuple[Decision, ...]:
        """The decisions of one kind."""
        return tuple(d for d in self.decisions if d.verdict is verdict)

    @property
    def largest(self) -> Decision | None:
        """The measure that applies and pays most for the whole project; None where none can be computed."""
        computed = [d for d in self.of(Verdict.MET) if d.maximum.amount is not None and not d.maximum.yearly]
        return max(computed, key=lambda d: d.maximum.amount or 0.0, default=None)


def support_for(project: Project, measures: Iterable[SupportMeasure]) -> Support:
    """Which measures apply to a project and what each pays at most.

    Raises:
        RuleError: a rule is not in the grammar (loading refuses such).
    """
    known = project.known
    decisions = sorted((decide(project, m) for m in measures), key=lambda d: _order(d, known))
    total, basis = _total([d for d in decisions if d.verdict is Verdict.MET])
    return Support(tuple(decisions), _gathered(decisions), total, basis)


def decide(project: Project, measure: SupportMeasure) -> Decision:
    """One measure against a project."""
    known = project.known
    rule = parse_rule(measure.rule) if measure.rule else None
    held = None if rule is None else holds(rule, known)
    most = maximum(measure, known)
    if measure.recipient not in (None, "firm"):
        whose = measure.beneficiary or str(measure.recipient)
        return Decision(measure, Verdict.OTHERS, whose, (), most)
    verdict = Verdict.UNDECIDED if held is None else Verdict.MET if held else Verdict.NOT_MET
    questions = () if verdict is Verdict.NOT_MET else (*_asked(measure, rule, known), *_base_asked(measure, most))
    return Decision(measure, verdict, _reason(rule, known), questions, most)


def maximum(measure: SupportMeasure, known: Mapping[str, Value]) -> Maximum:
    """The most that a measure pays one project, or why that cannot be computed.

    Parameters
    ----------
    known: fact -> value, as in ``Project.known``.
    """
    if measure.amount is not None:
        return Maximum(measure.amount, say(f"定额 {money(measure.amount)}", f"fixed sum {money(measure.amount)}"))
    if measure.rate_max is not None:
        return _from_rate(measure, known)
    if measure.cap is not None:
        return Maximum(measure.cap, say(f"上限 {money(measure.cap)}", f"cap {money(measure.cap)}"), limit_only=True)
    if measure.annual_cap is not None:
        return _from_annual_cap(measure, measure.annual_cap)
    if measure.total is not None:
        return Maximum(
            None,
            say(
                f"无法计算：{money(measure.total)} 是总规模，不是单个项目的额度",
                f"cannot be computed: {money(measure.total)} is the whole fund, not one project's share",
            ),
        )
    return Maximum(None, say("无法计算：文件未写明金额或比例", "cannot be computed: the document gives no sum or rate"))


def fact_units(measures: Iterable[SupportMeasure]) -> dict[str, str]:
    """Base unit of every quantity that the measures ask for."""
    return {
        leaf.fact: leaf.unit
        for m in measures
        if m.rule
        for leaf in leaves(parse_rule(m.rule))
        if isinstance(leaf, Comparison)
    }


def money(amount: float) -> str:
    """A sum in 万元 as people write it: 1,000 万元, 50 亿元."""
    if abs(amount) >= _YI:
        return f"{amount / _YI:,.10g} {say('亿元', '×10⁸ yuan')}"
    return f"{amount:,.10g} {say('万元', '×10⁴ yuan')}"


# -- maxima -----------------------------------------------------------------------------------------------


def _from_rate(measure: SupportMeasure, known: Mapping[str, Value]) -> Maximum:
    assert measure.rate_max is not None
    percent, base_name = (
        f"{measure.rate_max * 100:.10g}%",
        measure.rate_base or say("未写明的基数", "a base not stated"),
    )
    base = known.get(measure.rate_of) if measure.rate_of else None
    if base is None or isinstance(base, bool):
        return _without_base(measure, percent, base_name)
    reckoned = measure.rate_max * base
    words = f"{base_name} {money(base)} × {percent} = {money(reckoned)}"
    if measure.cap is not None and reckoned > measure.cap:
        return Maximum(
            measure.cap,
            say(
                f"{words}，超过上限，按上限 {money(measure.cap)}", f"{words}, more than the cap of {money(measure.cap)}"
            ),
        )
    return Maximum(reckoned, words)


def _without_base(measure: SupportMeasure, percent: str, base_name: str) -> Maximum:
    """The cap where there is one; else nothing, and why: the rate must not be taken of something else."""
    asks = measure.rate_of
    if measure.cap is not None:
        words = say(
            f"不超过上限 {money(measure.cap)}（{base_name}未给出，按其 {percent} 计可能更少）",
            f"at most the cap of {money(measure.cap)} ({percent} of {base_name}, which is not given, may be less)",
        )
        return Maximum(measure.cap, words, limit_only=True, asks=asks)
    words = say(
        f"无法计算：{percent} 是“{base_name}”的比例，不是投资额的比例；该基数未给出"
        if measure.rate_of != "fixed_investment"
        else f"无法计算：“{base_name}”未给出",
        f"cannot be computed: {percent} is a share of “{base_name}”, which is not given",
    )
    return Maximum(None, words, asks=asks)


def _from_annual_cap(measure: SupportMeasure, yearly: float) -> Maximum:
    if measure.years is None:
        return Maximum(
            yearly,
            say(
                f"每年不超过 {money(yearly)}，年限未写明", f"at most {money(yearly)} a year, for how long is not stated"
            ),
            yearly=True,
            limit_only=True,
        )
    most = yearly * measure.years
    words = say(
        f"每年不超过 {money(yearly)} × {measure.years} 年 = {money(most)}",
        f"at most {money(yearly)} a year × {measure.years} years = {money(most)}",
    )
    return Maximum(most, words, limit_only=True)


# -- what must be asked -----------------------------------------------------------------------------------


def _asked(measure: SupportMeasure, rule: Rule | None, known: Mapping[str, Value]) -> tuple[Question, ...]:
    cited, of = (measure.cited,), (measure.id,)
    if rule is None:
        stated = "；".join(t for t in (measure.beneficiary, measure.condition) if t) or say("文件未写明", "not stated")
        text = say(
            f"请人工核对对象与条件：{stated}（{measure.cited}）",
            f"a person must check beneficiary and condition: {stated} ({measure.cited})",
        )
        return (Question("", text, None, cited, of),)
    units = {leaf.fact: leaf.unit for leaf in leaves(rule) if isinstance(leaf, Comparison)}
    return tuple(
        Question(fact, question_text(fact, units.get(fact), (measure.cited,)), units.get(fact), cited, of)
        for fact in missing(rule, known)
    )


def _base_asked(measure: SupportMeasure, most: Maximum) -> tuple[Question, ...]:
    """The base of a rate, where the maximum wants it."""
    if most.asks is None:
        return ()
    unit = fact_unit(most.asks) or "万元"
    return (
        Question(most.asks, question_text(most.asks, unit, (measure.cited,)), unit, (measure.cited,), (measure.id,)),
    )


def question_text(fact: str, unit: str | None, cited: Collection[str]) -> str:
    """A fact as a question: 固定资产投资是多少（万元）？（政策措施 1）."""
    name, where = fact_name(fact), say("；", "; ").join(cited)
    if unit is not None:
        return say(f"{name}是多少（{unit}）？（{where}）", f"how much is the {name} ({unit})? ({where})")
    asked = f"是否{name[1:]}" if name.startswith("是") else f"是否属实：{name}"
    return say(f"{asked}？（{where}）", f"is it so: {name}? ({where})")


def _gathered(decisions: Iterable[Decision]) -> tuple[Question, ...]:
    """Each fact once, with all clauses that turn on it; what a person must read comes last."""
    by_fact: dict[str, list[Question]] = {}
    for decision in decisions:
        for question in decision.questions:
            by_fact.setdefault(question.fact or question.text, []).append(question)
    found = []
    for asked in by_fact.values():
        first = asked[0]
        cited = tuple(dict.fromkeys(c for q in asked for c in q.cited))
        of = tuple(dict.fromkeys(m for q in asked for m in q.measures))
        text = question_text(first.fact, first.unit, cited) if first.fact else first.text
        found.append(Question(first.fact, text, first.unit, cited, of))
    return tuple(sorted(found, key=lambda q: not q.fact))


# -- words and order ----------------------------------------------------------------------------------------


def _reason(rule: Rule | None, known: Mapping[str, Value]) -> str:
    if rule is None:
        return say("没有可由程序核对的条件式", "no condition that the program could check")
    words = rule_text(rule)
    stated = say("，", ", ").join(
        _stated(leaf.fact, leaf.unit if isinstance(leaf, Comparison) else None, known)
        for leaf in leaves(rule)
        if leaf.fact in known
    )
    tail = say(f"（已知：{stated}）", f" (stated: {stated})") if stated else ""
    return f"{words}{tail}"


def _stated(fact: str, unit: str | None, known: Mapping[str, Value]) -> str:
    value = known[fact]
    if isinstance(value, bool):
        return f"{fact_name(fact)}：{say('是', 'yes') if value else say('否', 'no')}"
    shown = money(value) if unit == "万元" else f"{value:,.10g} {unit or ''}".strip()
    return f"{fact_name(fact)} {shown}"


_RANKS = {Verdict.MET: 0, Verdict.UNDECIDED: 1, Verdict.NOT_MET: 2, Verdict.OTHERS: 3}


def _order(decision: Decision, known: Mapping[str, Value]) -> tuple[int, bool, bool, float, str]:
    """What applies first; then what the stated facts bear on, what can be checked, what pays more, by id."""
    rule = decision.measure.rule
    touched = rule is not None and any(leaf.fact in known for leaf in leaves(parse_rule(rule)))
    return (
        _RANKS[decision.verdict],
        not touched,
        rule is None,
        -(decision.maximum.amount or 0.0),
        decision.measure.id,
    )


def _total(met: list[Decision]) -> tuple[float | None, str]:
    """The sum of what applies, and only where every document says that its measures may be enjoyed together."""
    computed = [d for d in met if d.maximum.amount is not None]
    if not computed:
        return None, say(
            "没有既满足条件又算得出上限的措施", "no measure both applies and has a maximum that can be computed"
        )
    if len(computed) == 1:
        only = computed[0]
        each = say("每年", " a year") if only.maximum.yearly else ""
        return (None if only.maximum.yearly else only.maximum.amount), say(
            f"只有一项：{only.measure.name}{each}", f"only one: {only.measure.name}{each}"
        )
    if any(d.measure.stacking == "exclusive" for d in computed):
        return None, say(
            "不加总：文件写明国家、省、市政策不重复享受，各条能否同时享受须向责任部门核实；请看单项最大值",
            "not added: the document says that national, provincial and city policies are not enjoyed twice; see the largest single one",
        )
    if not all(d.measure.stacking == "additive" for d in computed):
        return None, say(
            "不加总：文件未写明各项措施能否同时享受",
            "not added: the documents do not say whether measures may be enjoyed together",
        )
    if any(d.maximum.yearly for d in computed):
        return None, say(
            "不加总：含按年支付且未写明年限的措施", "not added: some are paid yearly for a time not stated"
        )
    return sum(d.maximum.amount or 0.0 for d in computed), say(
        f"{len(computed)} 项之和：文件写明可同时享受", f"sum of {len(computed)}: the documents allow them together"
    )
