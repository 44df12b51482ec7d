"""Support measures: what is paid, at which rate, how much at most, to whom, on what condition.

A sentence that pays (给予, 奖励, 补助, 按…%) is read from left to right: a rate and the cap behind it are one measure;
values listed under 分别 are one measure each; a limit for one unit or one year belongs to the measures before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from loaders.extraction.numbers import Quantity, quantities
from loaders.extraction.spans import Spans
from loaders.outline import ClausePath, Outline, chinese_to_int

_PAYS = re.compile(
    r"给予|奖励|奖补|补助|补贴|资助|返还|贴息|减免|奖金|资金支持|资本金|注入|配套|匹配|补偿|分担|发放|兑现|"
    r"授信|贷款|担保|抵扣|扣除|优惠|减半|免征|让利|退还|代偿|券|支持资金|经费|基金|不超过|最高|扶持"
)
_CAP = re.compile(r"(?:最高|不超过|不高于|至多|上限为?|封顶|累计最高|总额不超过|以内|最多|限额)[^，。；、\d]{0,14}$")
_GIVES = re.compile(
    r"(?:给予|奖励|奖补|补助|补贴|资助|支持|发放|提供|兑现|一次性|标准为?|按|每[家个户人项年台辆桩站]|叠加|追加|再|注入|安排|拨付|配套)[^，。；、\d]{0,16}$"
)
_GIVEN = re.compile(
    r"^(?:（[^（）]{1,20}）)?(?:的|/[家个户人项年台辆桩站平方米]+)?(?:一次性|资金|专项|经费|财政|运营|建设|"
    r"研发|购置|创新|项目|租金|人才|安家|生活|就业|贷款)?[^，。；\d]{0,8}(?:奖励|补助|补贴|资助|奖补|支持|"
    r"奖金|贴息|扶持|配套|经费|资金|补偿|授信|贷款|额度|返还|券)"
)
_PER_YEAR = re.compile(
    r"(?:每(?:家|个|户|年|人)?[^，。；]{0,8}|单[个一家][^，。；]{0,8}|同一[^，。；]{0,8}|"
    r"同个[^，。；]{0,6})(?:单一年度|每年度?|年度|一年|当年|全年|每年累计)[^，。；\d]{0,14}(?:不超过|最高|"
    r"累计|合计|上限|限额)[^，。；\d]{0,12}$|(?:年度|每年)(?:累计|合计|总额)?[^，。；\d]{0,8}(?:最高|"
    r"不超过)[^，。；\d]{0,6}$"
)
_PER_UNIT = re.compile(
    r"(?:单[个一家]|每[家个户]|同一|同个)(?:企业|单位|主体|机构|项目|平台|园区)?[^，。；\d]{0,10}(?:累计|合计|总额|总计)[^，。；\d]{0,10}(?:不超过|最高)?[^，。；\d]{0,6}$"
)
_NOT_PAID = re.compile(
    r"(?:固定资产投资|总投资|投资额|投资|营业收入|营收|产值|销售收入|销售额|收入|注册资本|实缴资本|缴税|税收|"
    r"纳税|贡献|规模|融资|贷款余额|成交额|合同额|投入|增速|增长|增幅|占比|比重|比例|"
    r"面积)[^，。；、\d]{0,8}(?:达到|达|超过|突破|不低于|不少于|在|高于|首次突破|首次达到|大于|为|满|超|：|"
    r"连续)?[^，。；、\d]{0,6}$"
)
_CONDITION_TAIL = re.compile(
    r"^(?:（含[^（）]{0,10}）|（含）|\(含\))?(?:以上|及以上|以下|（含）)?(?:（含[^（）]{0,10}）|"
    r"（含）)?(?:的(?!税率|比例|标准|资金|奖|补|资|一次|额度|支持|部分|幅度)|且|并且|、[^，。；]{0,12}的|"
    r"(?:新建|工业|产业|制造业|重大|产业化|技改|技术改造|研发)?(?:项目|企业|单位|平台|机构|团队)(?!资金|奖|补|"
    r"资))"
)
_FUND = re.compile(r"(?:设立|建立|组建|发起|成立|形成|打造|筹设|总规模|规模|首期|募集)[^，。；]{0,20}$")
_IS_FUND = re.compile(r"^[^，。；]{0,20}基金|^[^，。；]{0,6}(?:资金池|风险补偿池)")
_RATE_BASE = re.compile(
    r"(?:按|按照|依据|以)(?:其|照|企业|单位|项目|当年|年度)?(?:不超过)?(?P<base>[^，。；]{2,40}?)的?(?:比例)?$"
)
_INSTRUMENTS = (
    ("fund", "基金|股权投资|资本金"), ("loan", "贷款|贴息|授信|担保|融资|信贷|保费"), ("tax", "税"), ("land", "用地|土地|地价|厂房租金"),
    ("talent", "博士后|人才|安家|引才|团队资助"), ("reward", "奖励|奖金|奖补(?!助)"), ("subsidy", "补助|补贴|资助|支持|返还|补偿|配套|经费|给予|减免|分担"),
)  # fmt: skip
_YEARS = re.compile(r"(?:连续|为期|期限|最长|不超过|累计|共)(?:不超过)?([一二三四五\d]{1,2})(?:个)?年")
_LISTED = {"、", "和", "及", "以及", "与", "或", "，"}


@dataclass(frozen=True)
class Measure:
    """A support measure.

    Parameters
    ----------
    rate_min, rate_max: in percent, of ``rate_base``.
    amount_max: 万元: the most for one case, a fixed sum, or the size of a fund (``amount_is``).
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


def measures(outline: Outline, masked: Spans) -> list[Measure]:
    """The quantified support measures of a document, in order.

    Parameters
    ----------
    masked: (start, end) of what states none: titles of documents, brackets of responsible units.
    """
    found: list[Measure] = []
    for _, start, end in outline.passages():
        earlier = range(0)
        for match in re.finditer(r"[^\n。；]+", outline.text[start:end]):
            first = len(found)
            if outline.text[start + match.start() - 1 : start + match.start()] == "\n":
                earlier = range(0)
            _Sentence(outline, start + match.start(), match.group(), masked, found, earlier).read()
            earlier = range(first, len(found)) or earlier
    return found


class _Sentence:
    def __init__(
        self,
        outline: Outline,
        offset: int,
        text: str,
        masked: Spans,
        found: list[Measure],
        earlier: range,
    ) -> None:
        self.outline, self.offset, self.text, self.found = outline, offset, text, found
        self.first, self.earlier = len(found), earlier
        self.quantities = [q for q in quantities(text) if not masked.overlap(offset + q.start, offset + q.end)]

    @property
    def _limitable(self) -> range:
        """The measures that a limit may belong to: those of the sentence, else of the one before."""
        return range(self.first, len(self.found)) or self.earlier

    def read(self) -> None:
        """Add the measures of the sentence."""
        if not self.quantities or not _PAYS.search(self.text):
            return
        rates: list[Quantity] = []
        index = 0
        while index < len(self.quantities):
            group = self._group(index)
            index += len(group)
            kind = self._kind(group[0], group[-1])
            if kind == "rate":
                self._flush(rates)
                rates = group
            elif kind in ("cap", "amount"):
                self._pay(rates, group, kind)
                rates = []
            elif kind == "fund":
                self._flush(rates)
                rates = []
                self._add([], group[0], "fund")
            elif kind in ("annual", "unit"):
                self._flush(rates)
                rates = []
                self._limit(group[0], kind)
        self._flush(rates)

    def _group(self, index: int) -> list[Quantity]:
        group = [self.quantities[index]]
        for following in self.quantities[index + 1 :]:
            between = self.text[group[-1].end : following.start]
            both = {self._sort(group[-1]), self._sort(following)}
            if between not in _LISTED or len(both) > 1:
                break
            group.append(following)
        return group

    @staticmethod
    def _sort(quantity: Quantity) -> str:
        return "money" if quantity.unit in ("元", "万元", "亿元", "万", "亿") else quantity.unit

    def _kind(self, first: Quantity, last: Quantity) -> str:
        """rate, cap, amount, fund, annual, unit; "" for what is a condition or is not paid."""
        left, right = self.text[: first.start], self.text[last.end :]
        segment = left[max(left.rfind("，"), left.rfind("：")) + 1 :]
        money = self._sort(first) == "money" and last.unit in ("元", "万元", "亿元")
        if first.unit == "%":
            return self._rate_kind(segment, right)
        if not money:
            return ""
        if (_FUND.search(segment) and _IS_FUND.search(right)) or re.search(
            "基金[^，。；]{0,6}(?:规模)(?:达到|达|为|不低于|超过)?$", segment
        ):
            return "fund"
        if (
            _PER_YEAR.search(segment)
            and (self._limitable or re.search("单个|每家|同一|每个", segment))
            and re.search("每个|单|每家|同一|年度", segment)
            and self._repeats(segment)
        ):
            return "annual"
        if _PER_UNIT.search(segment) and self._limitable:
            return "unit"
        if _CONDITION_TAIL.match(right) and not _CAP.search(segment):
            return ""
        if _CAP.search(segment):
            return "cap"
        if _NOT_PAID.search(segment) and not re.search("给予|奖励|补助|补贴|资助", segment[-12:]):
            return ""
        if _GIVES.search(segment) or _GIVEN.match(right):
            return "amount"
        return ""

    @staticmethod
    def _repeats(segment: str) -> bool:
        """A limit over several payments, not a yearly payment itself (每年给予不高于100万元)."""
        return not re.search("每年(?:给予|补助|补贴|奖励|资助)", segment)

    def _rate_kind(self, segment: str, right: str) -> str:
        if _CONDITION_TAIL.match(right) and not re.match(
            "的?[^，。；]{0,6}(?:比例|标准|部分|补助|补贴|奖|资助|支持|返还|贴息)", right
        ):
            return ""
        if re.search(
            "(?:增长|增速|增幅|提高|提升|下降|降低|达到|高于|低于|占比|比重|持股|股比|占)(?:超过|不低于|达到|达|在|为)?$",
            segment,
        ) and not re.search("(?:给予|按|按照)[^，。；]*$", segment):
            return ""
        if re.search(
            r"按|按照|给予|的$|比例|补助|补贴|奖励|资助|返还|分担|贴息|不超过|最高|减免|不高于|分别|：|减|享受", segment
        ) or re.match("的?(?:比例|给予|补|奖|资助|返还|贴息)", right):
            return "rate" if _PAYS.search(self.text) else ""
        return ""

    def _pay(self, rates: list[Quantity], sums: list[Quantity], kind: str) -> None:
        """Rates and sums put together: one to one where both are lists, else the sum closes the last rate."""
        if len(rates) == len(sums):
            for rate, money in zip(rates, sums, strict=True):
                self._add([rate], money, kind)
        elif len(rates) > 1 and len(sums) == 1:
            for rate in rates:
                self._add([rate], sums[0], kind)
        elif len(rates) == 1:
            for money in sums:
                self._add(rates, money, kind)
        else:
            self._flush(rates)
            for money in sums:
                self._add([], money, kind)

    def _flush(self, rates: list[Quantity]) -> None:
        for rate in rates:
            self._add([rate], None, "rate")

    def _limit(self, quantity: Quantity, kind: str) -> None:
        """A limit for one unit, or for one in a year, of the measures before it."""
        name = "per_unit_annual_cap" if kind == "annual" else "per_unit_cap"
        mark = (self.offset + quantity.start, self.offset + quantity.end)
        for index in self._limitable:
            measure = self.found[index]
            marked = (*measure.quantities, mark)
            if name == "per_unit_annual_cap":
                self.found[index] = replace(measure, per_unit_annual_cap=quantity.wan, quantities=marked)
            else:
                self.found[index] = replace(measure, per_unit_cap=quantity.wan, quantities=marked)

    def _add(self, rates: list[Quantity], money: Quantity | None, kind: str) -> None:
        parts = [*rates, *([money] if money is not None else [])]
        start, end = self._phrase(parts[0].start, parts[-1].end)
        rate = rates[0] if rates else None
        segment = self.text[start : parts[0].start]
        base = _RATE_BASE.search(self._before_group(rate)) if rate is not None else None
        years = _YEARS.search(self.text)
        about = self.text[start:end] + ("基金" if kind == "fund" else "")
        amount = round(money.wan, 6) if money is not None else None
        annual = bool(re.search("每年|年度", segment[-14:])) if money is not None else False
        self.found.append(Measure(
            self.outline.path_at(self.offset + parts[0].start), _instrument(about, self.text, kind),
            rate.value if rate else None, (rate.high or rate.value) if rate else None, base["base"] if base else None,
            amount, {"fund": "fund_size", "amount": "fixed", "cap": "cap"}.get(kind) if money is not None else None,
            None, None, annual, chinese_to_int(years.group(1)) if years else None,
            self._condition(parts[0].start), self._beneficiary(parts[0].start), self.offset + start, self.offset + end,
            tuple((self.offset + q.start, self.offset + q.end) for q in parts)))  # fmt: skip

    def _before_group(self, rate: Quantity) -> str:
        """What stands before a rate, and before the rates listed with it."""
        start = rate.start
        for before in reversed([q for q in self.quantities if q.end <= rate.start]):
            if self.text[before.end : start] not in _LISTED:
                break
            start = before.start
        return self.text[:start]

    def _phrase(self, first: int, last: int) -> tuple[int, int]:
        """From the stop before the first quantity to the stop behind the last."""
        start = max(self.text.rfind(c, 0, first) for c in "，：") + 1
        end = min((p for c in "，" if (p := self.text.find(c, last)) >= 0), default=len(self.text))
        return start, end

    def _condition(self, place: int) -> str | None:
        match = re.search(
            r"对(?P<whom>[^。；]{2,80}?)(?:，|的，|按|给予|可按|分别|最高|一次性)", self.text[:place] + "，"
        )
        if match:
            return match["whom"].strip("，")
        before = self.text[:place].rpartition("，")[0]
        return before.strip("，") or None

    def _beneficiary(self, place: int) -> str | None:
        match = re.search(
            r"(?:对|向|给予|支持|鼓励|奖励)(?P<whom>[^，。；]{2,40}?(?:企业|项目|单位|机构|平台|园区|个人|团队|人才|联盟|工厂|方|主体|园|基地|政府))",
            self.text[:place],
        )
        return match["whom"] if match else None


def _instrument(phrase: str, sentence: str, kind: str) -> str:
    if kind == "fund":
        return "fund"
    for name, words in _INSTRUMENTS[1:]:
        if re.search(words, phrase):
            return name
    for name, words in _INSTRUMENTS[1:]:
        if re.search(words, sentence):
            return name
    return "other"
