"""Support measures for a stated project: which apply, what must still be asked, and the most that each pays.

Pure functions. A measure's ``rule`` (``graph.rules``) is decided with three values; where a fact is missing the
question is put, with unit and clause. The maximum follows the document and nothing else:

* a rate is multiplied only with the fact that ``rate_of`` names, never with the investment for want of it;
* a cap limits it, and is the most where the base is not known;
* the size of a fund is not what one project gets;
* maxima are added only where the document says that its measures may be enjoyed together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from graph.analysis.reasons import Reason, reason
from graph.rules import Comparison, Flag, Rule, Value, fact_unit, holds, leaves, missing, parse_rule


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


@dataclass(frozen=True)
class Question:
    """What must be asked before it can be told whether a measure applies, or what it pays.

    ``fact`` is empty where the condition is in no rule and a person must read it.
    """

    fact: str
    text: Reason
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
    basis: Reason
    yearly: bool = False
    limit_only: bool = False
    asks: str | None = None


@dataclass(frozen=True)
class Decision:
    """One measure against the project."""

    measure: SupportMeasure
    verdict: Verdict
    reason: Reason
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
    total_basis: Reason

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
        return Decision(measure, Verdict.OTHERS, reason("quoted", text=whose), (), most)
    verdict = Verdict.UNDECIDED if held is None else Verdict.MET if held else Verdict.NOT_MET
    questions = () if verdict is Verdict.NOT_MET else (*_asked(measure, rule, known), *_base_asked(measure, most))
    return Decision(measure, verdict, _grounds(rule, known), questions, most)


def maximum(measure: SupportMeasure, known: Mapping[str, Value]) -> Maximum:
    """The most that a measure pays one project, or why that cannot be computed.

    Parameters
    ----------
    known: fact -> value, as in ``Project.known``.
    """
    if measure.amount is not None:
        return Maximum(measure.amount, reason("fixed_sum", amount=measure.amount))
    if measure.rate_max is not None:
        return _from_rate(measure, measure.rate_max, known)
    if measure.cap is not None:
        return Maximum(measure.cap, reason("cap", cap=measure.cap), limit_only=True)
    if measure.annual_cap is not None:
        return _from_annual_cap(measure, measure.annual_cap)
    if measure.total is not None:
        return Maximum(None, reason("whole_fund", total=measure.total))
    return Maximum(None, reason("no_sum_stated"))


def fact_units(measures: Iterable[SupportMeasure]) -> dict[str, str]:
    """Base unit of every quantity that the measures ask for."""
    return {
        leaf.fact: leaf.unit
        for m in measures
        if m.rule
        for leaf in leaves(parse_rule(m.rule))
        if isinstance(leaf, Comparison)
    }


# -- maxima -----------------------------------------------------------------------------------------------


def _from_rate(measure: SupportMeasure, rate: float, known: Mapping[str, Value]) -> Maximum:
    base_name = measure.rate_base or reason("base_not_stated")
    base = known.get(measure.rate_of) if measure.rate_of else None
    if base is None or isinstance(base, bool):
        return _without_base(measure, rate, base_name)
    reckoned = rate * base
    about = {"base": base_name, "sum": base, "rate": rate, "reckoned": reckoned}
    if measure.cap is not None and reckoned > measure.cap:
        return Maximum(measure.cap, reason("rate_above_cap", **about, cap=measure.cap))
    return Maximum(reckoned, reason("rate", **about))


def _without_base(measure: SupportMeasure, rate: float, base: str | Reason) -> Maximum:
    """The cap where there is one; else nothing, and why: the rate must not be taken of something else."""
    asks = measure.rate_of
    if measure.cap is not None:
        return Maximum(
            measure.cap, reason("cap_without_base", cap=measure.cap, base=base, rate=rate), limit_only=True, asks=asks
        )
    code = "rate_without_investment" if asks == "fixed_investment" else "rate_without_base"
    return Maximum(None, reason(code, base=base, rate=rate), asks=asks)


def _from_annual_cap(measure: SupportMeasure, yearly: float) -> Maximum:
    if measure.years is None:
        return Maximum(yearly, reason("annual_cap", yearly=yearly), yearly=True, limit_only=True)
    most = yearly * measure.years
    basis = reason("annual_cap_for_years", yearly=yearly, years=measure.years, most=most)
    return Maximum(most, basis, limit_only=True)


# -- what must be asked -----------------------------------------------------------------------------------


def _asked(measure: SupportMeasure, rule: Rule | None, known: Mapping[str, Value]) -> tuple[Question, ...]:
    cited, of = (measure.cited,), (measure.id,)
    if rule is None:
        stated = tuple(t for t in (measure.beneficiary, measure.condition) if t) or (reason("document_silent"),)
        return (Question("", reason("check_by_hand", stated=stated, cited=measure.cited), None, cited, of),)
    units = {leaf.fact: leaf.unit for leaf in leaves(rule) if isinstance(leaf, Comparison)}
    return tuple(_question(fact, units.get(fact), cited, of) for fact in missing(rule, known))


def _base_asked(measure: SupportMeasure, most: Maximum) -> tuple[Question, ...]:
    """The base of a rate, where the maximum wants it."""
    if most.asks is None:
        return ()
    return (_question(most.asks, fact_unit(most.asks) or "万元", (measure.cited,), (measure.id,)),)


def _question(fact: str, unit: str | None, cited: tuple[str, ...], measures: tuple[str, ...]) -> Question:
    """A fact as a question: 固定资产投资是多少（万元）？（政策措施 1）."""
    asked = (
        reason("ask_whether", fact=fact, cited=cited)
        if unit is None
        else reason("ask_how_much", fact=fact, unit=unit, cited=cited)
    )
    return Question(fact, asked, unit, cited, measures)


def _gathered(decisions: Iterable[Decision]) -> tuple[Question, ...]:
    """Each fact once, with all clauses that turn on it; what a person must read comes last."""
    alike: dict[str | Reason, list[Question]] = {}
    for decision in decisions:
        for question in decision.questions:
            alike.setdefault(question.fact or question.text, []).append(question)
    gathered = []
    for asked in alike.values():
        first = asked[0]
        cited = tuple(dict.fromkeys(c for q in asked for c in q.cited))
        of = tuple(dict.fromkeys(m for q in asked for m in q.measures))
        gathered.append(
            _question(first.fact, first.unit, cited, of) if first.fact else Question("", first.text, None, cited, of)
        )
    return tuple(sorted(gathered, key=lambda q: not q.fact))


# -- grounds and order --------------------------------------------------------------------------------------


def _grounds(rule: Rule | None, known: Mapping[str, Value]) -> Reason:
    """What was decided: the rule, with what is stated of its facts."""
    if rule is None:
        return reason("no_rule")
    stated = tuple(_stated(leaf, known[leaf.fact]) for leaf in leaves(rule) if leaf.fact in known)
    return reason("rule_stated", rule=rule, stated=stated) if stated else reason("rule", rule=rule)


def _stated(leaf: Flag | Comparison, value: Value) -> Reason:
    if isinstance(value, bool):
        return reason("stated_yes" if value else "stated_no", fact=leaf.fact)
    unit = leaf.unit if isinstance(leaf, Comparison) else ""
    code = "stated_sum" if unit == "万元" else "stated_quantity" if unit else "stated_number"
    return reason(code, fact=leaf.fact, value=value, unit=unit)


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


def _total(met: list[Decision]) -> tuple[float | None, Reason]:
    """The sum of what applies, and only where every document says that its measures may be enjoyed together."""
    computed = [d for d in met if d.maximum.amount is not None]
    if not computed:
        return None, reason("total_nothing_computed")
    if len(computed) == 1:
        only = computed[0]
        if only.maximum.yearly:
            return None, reason("total_single_yearly", measure=only.measure.name)
        return only.maximum.amount, reason("total_single", measure=only.measure.name)
    if any(d.measure.stacking == "exclusive" for d in computed):
        return None, reason("total_exclusive")
    if not all(d.measure.stacking == "additive" for d in computed):
        return None, reason("total_stacking_unknown")
    if any(d.maximum.yearly for d in computed):
        return None, reason("total_some_yearly")
    return sum(d.maximum.amount or 0.0 for d in computed), reason("total_additive", count=len(computed))
