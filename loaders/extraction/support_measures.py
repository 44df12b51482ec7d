"""Support measures: what is paid, at which rate, how much at most, to whom, on what condition.

A sentence that pays is read from left to right: a rate and the cap behind it are one measure; values listed under 分别 are
one measure each; a limit for one beneficiary or one year belongs to the measures before it, and one that speaks of the
whole document (本措施) to all of them. Tiers below a sentence that ends in a colon share its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from loaders.extraction.conditions import beneficiary, condition_before, of_one_tier, years_paid
from loaders.extraction.payments import (
    Figure,
    Role,
    Surroundings,
    figures,
    is_goods,
    is_piece,
    may_limit,
    paid_for_each,
    pays,
    role,
)
from loaders.extraction.spans import Spans
from loaders.text.lines import MARK
from loaders.text.outline import ClausePath, Outline

#: What goes on without an end is cut, so that time grows with the text.
_SENTENCE = re.compile(r"[^\n。；]{1,1500}(?![\d.])")
#: A part of a sentence ends at one of them (but 1:0.5 is one figure).
_STOP = re.compile(r"，|[:：](?!\d)")
#: Figures with nothing but these between them are a list.
_LISTED = {"、", "和", "及", "以及", "与", "或", "/"}
_RATE_BASE = re.compile(
    "(?:按照?|参照|依据|以|给予|为|不超过|不高于|奖励)(?:其|该|企业(?=实际|当年|年度))?(?P<base>[^，。；：]{2,40}?)"
    "(?:最高|不超过|不高于|至多|给予|比例|的|分别)*$"
)
_BEFORE_BASE = re.compile("给予|不超过|不高于|不低于|按照?|实际按")
_NO_BASE = re.compile(
    "^(?:前|后|第|一次性|最高|不超过|相应|一定|如下|以下|下列|分别|标准|每|贴息|补|奖|资助|企业$)|(?:奖励|补助|补贴|资助)$"
)
#: What a measure is, by its words.
_INSTRUMENTS = (
    ("fund", "基金|股权投资|资本金|引导资金|资金池"),
    ("tax", "所得税|增值税|税率|退税|加计扣除|减税|免税"),
    ("land", "出让底价|出让起始价|出让价|最低价标准|地价"),
    ("loan", "贴息|贷款|授信|信贷|代偿|担保(?!费)"),
    ("talent", "博士后|安家|引才|生活津贴|购房补贴|人才(?:奖励|补贴|补助|津贴|资助)"),
    ("reward", "奖励|奖金|奖补(?!助)|奖"),
    ("subsidy", "补助|补贴|资助|支持|返还|补偿|配套|匹配|经费|给予|减免|分担|补|券|租金"),
)
_YEARLY = re.compile("每(?:个|一)?年度?|年度(?=最高|资助|奖励|补|上限|累计|总额)|按年")
#: A cap that begins with whom it is for, or a fixed sum with a verb of its own, does not close the rate before it.
_OF_ITS_OWN = re.compile("对(?!单|每|同一|其)|首次|新认定|再|另|额外")
#: 且不超过设备投资额的30%: a second limit, not a payment.
_SECOND_LIMIT = re.compile(
    "^(?:且|但|并|同时|原则上|最高|累计|总额|补[助贴]|奖[励补]|资助|贴息|金额|比例)*(?:不超过|不高于|不得超过)"
)
#: A limit speaks of the measures of the whole document, or of those above.
_WHOLE = re.compile(
    "本(?:若干)?(?:措施|政策|办法|意见|规定|细则|实施细则|方案|扶持政策)|(?:以上|上述|各项|各类|全部|所有)(?:各项|各类)?(?:措施|政策|条款|奖|补|资|扶持|支持)"
)
#: A price that falls by year is for each of the same: 2026年退坡至9元.
_FALLS = re.compile("(?:退坡|递减|下降|下调|降|调整)(?:至|到|为)$")
#: 补助总额最高800万元 names a cap, not a payment.
_NOUNS = re.compile("最高(?:奖励|补助|补贴|资助)|(?:补助|补贴|奖励|资助|贴息|支持|补偿)(?:资金)?(?:总额|金额|额度?)")
_VERBS = re.compile("给予|按|一次性|奖|补|资助|贴息|支持")
_GIVES_HERE = re.compile("给予|奖励(?!资金|总额|金额)|补[助贴](?!资金|总额|金额)")
_MANY = re.compile("(?:以下|下列|如下|分别)[^：]{0,60}[:：](?!\\d)")


@dataclass(frozen=True)
class Measure:
    """A support measure.

    Parameters
    ----------
    rate_min, rate_max: in percent, of ``rate_base``.
    amount_max: 万元: the most for one case, a fixed sum, the size of a fund, or the price of one ``per`` (``amount_is``:
        cap, fixed, fund_size, unit).
    per, unit_amount: what a sum is paid for each of (公斤, 项), and the sum, 万元.
    per_unit_annual_cap: 万元: the most for one beneficiary in one year; per_unit_cap: the most in all.
    start, end: of the phrase that states it, in the normalised text.
    """

    clause: ClausePath
    instrument: str
    rate_min: float | None
    rate_max: float | None
    rate_base: str | None
    amount_max: float | None
    amount_is: str | None
    per_unit_annual_cap: float | None
    per_unit_cap: float | None
    annual: bool
    period_years: int | None
    condition: str | None
    beneficiary: str | None
    start: int
    end: int
    quantities: tuple[tuple[int, int], ...] = ()
    per: str | None = None
    unit_amount: float | None = None


def measures(outline: Outline, masked: Spans) -> list[Measure]:
    """The quantified support measures of a document, in order.

    Parameters
    ----------
    masked: (start, end) of what states none: titles of documents, brackets of responsible units.
    """
    reader = _Reader(outline, masked)
    for place, text, stop in _sentences(outline):
        reader.read(place, text, stop)
    return reader.found


def _sentences(outline: Outline) -> Iterator[tuple[int, str, str]]:
    """(place, text, stop before it) of every sentence; numbers of clauses are left out."""
    for _, start, end in outline.passages():
        for match in _SENTENCE.finditer(outline.text, start, end):
            stop = outline.text[match.start() - 1] if match.start() > start else "\n"
            mark = MARK.match(match.group()) if stop == "\n" else None
            skip = mark.end() if mark else 0
            yield match.start() + skip, match.group()[skip:], stop


@dataclass
class _Lead:
    """A sentence that leads up to tiers (按以下标准给予奖励：).

    ``first``, ``last``: the measures that it states itself; ``limits``: those of them that only limit the tiers.
    """

    clause: ClausePath
    text: str
    first: int
    last: int
    one_paragraph: bool
    limits: list[Measure] = field(default_factory=list)


class _Reader:
    """Reads sentence after sentence; keeps what later ones may refer to."""

    def __init__(self, outline: Outline, masked: Spans) -> None:
        self.outline, self.masked = outline, masked
        self.found: list[Measure] = []
        self.before = range(0)
        self.lead: _Lead | None = None

    def read(self, place: int, text: str, stop: str) -> None:
        """Add the measures of a sentence; ``stop`` stands before it."""
        clause = self.outline.path_at(place)
        if stop == "\n":
            self.before = range(0)
            if self.lead and (self.lead.one_paragraph or not _below(clause, self.lead.clause)):
                self.lead = None
        first = len(self.found)
        goes_on = stop == "；" and bool(self.before)
        _Sentence(self, place, text, clause, goes_on).read()
        if len(self.found) > first and self.lead:
            first -= self._share_limits(first)
        self.before = range(first, len(self.found)) or (self.before if figures(text) or not pays(text) else range(0))
        if pays(text) and (text.endswith("：") or _MANY.search(text)):
            self.lead = _Lead(clause, text, first, len(self.found), not text.endswith("："))

    def _share_limits(self, first: int) -> int:
        """A cap in the sentence that leads up to tiers limits them, and is no measure; how many such were taken out."""
        lead = self.lead
        assert lead is not None
        own = [] if lead.one_paragraph else self.found[lead.first : lead.last]
        limits = [m for m in own if m.amount_is == "cap" and m.rate_max is None and not m.per]
        if limits:
            self.found[:] = [m for m in self.found if m not in limits]
        lead.limits += limits
        lead.last = lead.first
        for index in range(first - len(limits), len(self.found)):
            for limit in lead.limits:
                name = "per_unit_annual_cap" if limit.annual else "per_unit_cap"
                self.found[index] = _limited(self.found[index], name, limit.amount_max or 0, limit.quantities)
        return len(limits)


def _below(clause: ClausePath, other: ClausePath) -> bool:
    """Whether a clause is another or lies in it."""
    return all(o is None or o == c for c, o in zip(clause, other, strict=True))


def _limited(measure: Measure, name: str, wan: float, marks: tuple[tuple[int, int], ...]) -> Measure:
    """A measure with a limit; where it has only a rate or a price, the limit is its most too."""
    measure = replace(measure, quantities=(*measure.quantities, *marks))
    yearly = name == "per_unit_annual_cap"
    if measure.amount_max is None or measure.amount_is == "unit":
        measure = replace(measure, amount_max=wan, amount_is="cap", annual=yearly)
        return replace(measure, per_unit_annual_cap=wan) if yearly else measure
    return replace(measure, per_unit_annual_cap=wan) if yearly else replace(measure, per_unit_cap=wan)


class _Sentence:
    """One sentence: its figures, and the measures made of them.

    ``pending`` are rates, or prices of one unit, that wait for the cap behind them.
    """

    def __init__(self, reader: _Reader, offset: int, text: str, clause: ClausePath, goes_on: bool) -> None:
        self.reader, self.offset, self.text, self.clause = reader, offset, text, clause
        self.found, self.first = reader.found, len(reader.found)
        self.goes_on, self.led = goes_on, goes_on or reader.lead is not None or bool(_MANY.search(text))
        self.figures = [f for f in figures(text) if not reader.masked.overlap(offset + f.start, offset + f.end)]
        inside = Spans((f.start + 1, f.end) for f in self.figures)
        self.stops = [m for m in _STOP.finditer(text) if not inside.hold(m.start())]
        self.pending: list[Figure] = []
        self.done = 0

    def read(self) -> None:
        """Add the measures of the sentence."""
        if not self.figures or not (self.led or pays(self.text)):
            return
        index, earlier = 0, Role.NONE
        while index < len(self.figures):
            group = self._group(index)
            index += len(group)
            earlier = self._role(group, earlier)
            self._take(group, earlier)
        self._flush()

    # -- figures ---------------------------------------------------------------------------------------

    def _group(self, index: int) -> list[Figure]:
        """A figure and those listed with it."""
        group = [self.figures[index]]
        for following in self.figures[index + 1 :]:
            if self.text[group[-1].end : following.start] not in _LISTED or following.is_rate != group[-1].is_rate:
                break
            group.append(following)
        return group

    def _part(self, start: int, end: int) -> tuple[int, int]:
        """The part of the sentence that a place is in, from stop to stop."""
        first = max((m.end() for m in self.stops if m.end() <= start), default=0)
        last = min((m.start() for m in self.stops if m.start() >= end), default=len(self.text))
        return first, last

    def _left(self, figure: Figure) -> str:
        """What stands before a figure in its part of the sentence, behind the figure before it."""
        first, _ = self._part(figure.start, figure.end)
        before = [f.end for f in self.figures if first < f.end <= figure.start]
        return self.text[max([first, *before]) : figure.start]

    def _role(self, group: list[Figure], earlier: Role) -> Role:
        first, last = self._part(group[0].start, group[-1].end)
        beside = any(first < f.end <= group[0].start for f in self.figures)
        around = Surroundings(
            left=self._left(group[0]),
            right=self.text[group[-1].end : last],
            earlier=earlier if beside else Role.NONE,
            sentence=self.text,
            follows=bool(self.pending) or len(self.found) > self.first,
            follows_on=bool(self.reader.before) or (may_limit(self._left(group[0])) and self._whole() is not None),
            worded=group[0].worded,
            led=self.led and group[-1] is self.figures[-1] and not self.pending,
            exact=group[-1].unit.endswith(("元", "%")),
        )
        return role(around, rate=group[0].is_rate)

    def _take(self, group: list[Figure], what: Role) -> None:
        if what is Role.RATE:
            if not (len(group) == 1 and self._limit_of_the_last(group[0])):
                self._flush()
                self.pending = group
        elif what in (Role.CAP, Role.AMOUNT) or (what is Role.LIMIT and self._closes(group)):
            self._pay(group, "fixed" if what is Role.AMOUNT else "cap")
        elif what is Role.FUND:
            self._flush()
            self._add(None, group[0], "fund_size")
        elif what in (Role.LIMIT, Role.YEARLY_LIMIT):
            self._flush()
            self._limit(group, "per_unit_cap" if what is Role.LIMIT else "per_unit_annual_cap")

    def _closes(self, group: list[Figure]) -> bool:
        """Whether a limit for one (单个项目最高) only closes the rate before it; of several rates it limits all."""
        return bool(self.pending) and (len(group) > 1 or len(self.found) == self.first)

    # -- measures --------------------------------------------------------------------------------------

    def _pay(self, sums: list[Figure], kind: str) -> None:
        """Rates and sums put together: one to one where both are lists, else the sum closes the rate."""
        per, left = self._per(sums[0]), self._left(sums[0])
        after_rate = bool(self.pending) and self.pending[0].is_rate
        if is_goods(per) and after_rate and kind == "cap":
            self._flush(per, sums[0])
            return
        own = kind == "fixed" and self.pending and _STOP.search(self.text[self.pending[-1].end : sums[0].start])
        price = is_goods(per) or (is_piece(per) and not after_rate and "单" not in left)
        if price or own or _OF_ITS_OWN.search(left):
            self._flush()
        if price:
            self.pending = [replace(s, per=per) for s in sums]
            return
        rates, self.pending = self.pending, []
        pairs: list[tuple[Figure | None, Figure | None]] = []
        if len(rates) == len(sums):
            pairs += zip(rates, sums, strict=True)
        elif len(rates) <= 1 or len(sums) == 1:
            closed: list[Figure | None] = [*rates] or [None]
            pairs += [(rate, money) for rate in closed for money in sums]
        else:
            pairs += [*((rate, None) for rate in rates), *((None, money) for money in sums)]
        first = len(self.found)
        self._add_all(pairs, kind)
        if kind == "cap" and not rates:
            self._carry_rate(sums[0], first)

    def _carry_rate(self, money: Figure, first: int) -> None:
        """A tier that names only its cap has the rate of the tier before: 按费用的50%补助，…最高300万元；其他的，最高200万元."""
        left, before = self._left(money), None
        if first > self.first and not _VERBS.search(_NOUNS.sub("", left)):
            before = self.found[first - 1]
        elif self.goes_on and first == self.first and not _VERBS.search(_NOUNS.sub("", self.text)):
            before = self.found[self.reader.before[-1]]
        if before is not None and before.rate_max is not None:
            rate = {"rate_min": before.rate_min, "rate_max": before.rate_max, "rate_base": before.rate_base}
            self.found[first:] = [replace(m, **rate) for m in self.found[first:]]  # type: ignore[arg-type]

    def _flush(self, per: str | None = None, price: Figure | None = None) -> None:
        """What still waits for a cap has none, or only one for each of a unit (每平方米不超过12元)."""
        rates, self.pending = self.pending, []
        first = len(self.found)
        self._add_all([(r, None) for r in rates], "cap")
        if price is not None:
            mark = (self.offset + price.start, self.offset + price.end)
            for index in range(first, len(self.found)):
                measure = self.found[index]
                self.found[index] = replace(
                    measure, per=per, unit_amount=price.high, quantities=(*measure.quantities, mark)
                )

    def _add_all(self, pairs: list[tuple[Figure | None, Figure | None]], kind: str) -> None:
        done = self.done
        for index, (rate, money) in enumerate(pairs):
            self.done = done
            self._add(rate, money, kind, (index, len(pairs)))

    def _add(self, base: Figure | None, money: Figure | None, kind: str, tier: tuple[int, int] = (0, 1)) -> None:
        """A measure of a rate or a price of one unit, and a sum."""
        parts = [f for f in (base, money) if f is not None]
        first, _ = self._part(parts[0].start, parts[0].end)
        _, last = self._part(parts[-1].start, parts[-1].end)
        rate, price = (base, None) if base is None or base.is_rate else (None, base)
        per = self._per(parts[0]) if price or money else None
        total = money or price
        annual = money is not None and (money.yearly or bool(_YEARLY.search(self._left(self._head(money)))))
        measure = Measure(
            self.clause,
            _instrument(self.text, self._leading(), parts[-1].end, first, last, kind),
            rate.low if rate else None,
            rate.high if rate else None,
            self._base(rate) if rate else None,
            total.high if total else None,
            (kind if money else "unit") if total else None,
            None,
            None,
            annual,
            None,
            None,
            None,
            self.offset + first,
            self.offset + last,
            tuple((self.offset + f.start, self.offset + f.end) for f in parts),
            per,
            price.high if price else None,
        )
        if annual and money and base:
            measure = replace(measure, per_unit_annual_cap=money.high)
        self.found.append(self._described(measure, self._head(parts[0]), tier))
        self.done = parts[-1].end

    def _described(self, measure: Measure, figure: Figure, tier: tuple[int, int]) -> Measure:
        """The measure with its condition, beneficiary and years, as the words before and behind its figures say."""
        first, _ = self._part(figure.start, figure.end)
        done = (
            self.done if self.done >= first else max(self.done, self._part(self.done, self.done)[1]) if self.done else 0
        )
        before = self.text[done : figure.start]
        condition = condition_before(before)
        mine = len(self.found) > self.first
        if condition is None and mine:
            condition = self.found[self.first].condition
        whom = beneficiary(before) or (self.found[-1].beneficiary if mine else None) or self._inherited()
        years = years_paid(self._left(figure)) or years_paid(self.text[done:])
        return replace(
            measure,
            condition=None if measure.amount_is == "fund_size" else of_one_tier(condition, *tier),
            beneficiary=of_one_tier(whom, *tier),
            period_years=years,
        )

    def _leading(self) -> str:
        """The words of the sentence that this one goes on from."""
        if self.reader.lead is not None:
            return self.reader.lead.text
        if not self.goes_on:
            return ""
        before = self.found[self.reader.before[-1]]
        return self.reader.outline.text[before.start : before.end]

    def _inherited(self) -> str | None:
        """The beneficiary of the sentence before, or of the one that leads up to this."""
        if self.reader.lead is not None:
            return beneficiary(self.reader.lead.text)
        return self.found[self.reader.before[-1]].beneficiary if self.led and self.reader.before else None

    def _per(self, figure: Figure) -> str | None:
        left, (first, _) = self._left(figure), self._part(figure.start, figure.end)
        if _FALLS.search(left) and self.pending and figure not in self.pending:
            return self._per(self.pending[0])
        return figure.per or paid_for_each(left if re.search("每|单", left) else self.text[first : figure.start])

    def _head(self, figure: Figure) -> Figure:
        """The first of the list that a figure stands in."""
        head = figure
        for before in reversed([f for f in self.figures if f.end <= figure.start]):
            if self.text[before.end : head.start] not in _LISTED:
                break
            head = before
        return head

    def _base(self, rate: Figure) -> str | None:
        """What a rate is taken of: 按设备投资额的20%, 给予投资额30%."""
        head = self._head(rate)
        match = _RATE_BASE.search(self._left(head))
        base = _BEFORE_BASE.split(match["base"])[-1] if match else ""
        return base if base and not _NO_BASE.search(base) else None

    # -- limits ----------------------------------------------------------------------------------------

    def _limit_of_the_last(self, rate: Figure) -> bool:
        """Whether a rate is a second limit of the measure before it, which then is noted with it."""
        if not _SECOND_LIMIT.search(self._left(rate)):
            return False
        if self.pending:
            return self.pending[0].is_rate
        last = self.found[-1] if len(self.found) > self.first else None
        if last is None or last.rate_max is not None:
            return last is not None
        mark = (self.offset + rate.start, self.offset + rate.end)
        self.found[-1] = replace(
            last, rate_min=rate.low, rate_max=rate.high, rate_base=self._base(rate), quantities=(*last.quantities, mark)
        )
        return True

    def _limit(self, group: list[Figure], name: str) -> None:
        """A limit for one beneficiary, or for one in a year, of the measures before it; of a mere fund it is a payment."""
        whole, figure = self._whole(), group[0]
        before = whole if whole is not None else range(self.first, len(self.found)) or self.reader.before
        indexes = [i for i in before if self.found[i].amount_is != "fund_size"]
        if not indexes:
            return self._pay(group, "cap")
        mark = (self.offset + figure.start, self.offset + figure.end)
        for index in indexes:
            measure = self.found[index]
            if whole is None or getattr(measure, name) is None:
                self.found[index] = _limited(measure, name, figure.high, (mark,))
        self.done = figure.end
        return None

    def _whole(self) -> list[int] | None:
        """The measures of the document, where the sentence limits them all: it says so, or is an article by itself."""
        if len(self.found) > self.first or self.pending:
            return None
        here = [i for i, m in enumerate(self.found) if m.clause == self.clause]
        part = [i for i, m in enumerate(self.found) if m.clause[0] == self.clause[0]]
        match = _WHOLE.search(self.text)
        if not part:
            return None
        if match:
            return here if here and not match.group().startswith("本") else part
        return None if here or self.reader.before or _GIVES_HERE.search(self.text) else part


def _instrument(sentence: str, lead: str, behind: int, first: int, last: int, kind: str) -> str:
    """The kind of support: by what stands behind the sum, by its part of the sentence, all of it, and what leads up to it."""
    if kind == "fund_size" and "券" not in sentence[first:last]:
        return "fund"
    for text in (sentence[behind : min(behind + 12, last)], sentence[first:last], sentence, lead):
        for name, pattern in _INSTRUMENTS:
            if re.search(pattern, text):
                return name
    return "other"
