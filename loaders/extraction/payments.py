"""The sums and rates of a sentence, and what each of them is: a payment, a limit, the size of a fund, a condition.

A figure is judged by the word that governs it, the nearest before it that either gives (给予, 奖励) or measures something
else (营业收入, 投资强度), and by what follows it (100万元奖励, 100万元以上的企业).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from graph.numerals import number_in
from loaders.extraction.numbers import quantities
from loaders.extraction.word_lists import any_word, words

#: What a tier is called.
LEVELS = (
    "国际|国家级?|省级?|市级?|区县?级|县级|[一二三四五]等奖|特等奖|金奖|银奖|铜奖|A{1,5}级|[B-ES]级|[甲乙丙]级|[一二三四五]星级|优秀|良好|合格"
    r"|前[一二三四五十\d]+[名强位]"
)
_NUMBER = r"\d+(?:\.\d+)?"
#: 万元 in one of them.
_MONEY = {"元": 1e-4, "万元": 1.0, "亿元": 1e4, "万": 1.0, "亿": 1e4}
#: 分别给予100、50、30万元: the unit stands behind the last only.
_SHORT_LIST = re.compile(rf"(?<![\d.年第]){_NUMBER}(?:[、和/]{_NUMBER})+(?P<unit>万元|亿元|元|%)")
#: 按1:0.5配套: so much for each yuan of the other side.
_RATIO = re.compile(rf"(?P<theirs>{_NUMBER})[:：](?P<ours>{_NUMBER})")
#: Rates in words, with their percentage.
_WORDED = (
    (
        100.0,
        re.compile(
            "全额(?=[^，。；]{0,6}(?:补|资助|贴息|返还|奖励|减免|支持|报销|免))|全额(?=、)|(?:房租|租金)全免|免(?:费|收|除|交|缴)?(?:房租|租金)"
        ),
    ),
    (50.0, re.compile("减半(?=[^，。；]{0,4}(?:补|资助|返还|奖励|收取|征收|租金|给予)|[，。；、]|$)")),
)
_PER_MILLE = re.compile(rf"千分之(?P<n>[一二三四五六七八九十]+|{_NUMBER})")
#: Behind a sum: for each unit, each year.
_SLASH = re.compile(r"/（?(?P<per>[\u4e00-\u9fff㎡]{1,5}?)）?(?=[/·.、，。；（）的]|每|给|补|奖|资|标|运|$)")
_TIME = re.compile(r"(?:每个?|/|·)(?P<unit>月|季度|天|日)(?!加|产|处|均)")
_EACH = re.compile(
    r"(?:每|单)(?:新增|增加|引进|新建|完成|培育|建成|开设|开通|举办|开行|组织|认定|入库|发布|获得|取得|转化)?\d*(?:个|一)?(?P<what>(?:(?!每|单)[\u4e00-\u9fff㎡]){1,8})"
)
#: 每增加1亿元奖励10万元.
_STEP = re.compile(
    "每(?:再)?(?:新增|增加|增长|满|超过?|达到|完成|实现|投资)[^，。；\\d]{0,8}(?P<what>\\d[\\d.]*(?:千|百|万|亿)*元)[^，。；\\d]*$"
)


@dataclass(frozen=True)
class Figure:
    """A sum of money (万元) or a rate (percent) at a place of a sentence.

    Parameters
    ----------
    low, high: the same where it is no range.
    unit: as printed, without what stands behind the stroke; 50万 counts only beside 50万元.
    per: what it is paid for each of, as far as the figure says so itself (15元/公斤).
    yearly: 万元/年.
    worded: a rate in words, 全额.
    """

    start: int
    end: int
    low: float
    high: float
    unit: str
    per: str | None = None
    yearly: bool = False
    worded: bool = False

    @property
    def is_rate(self) -> bool:
        """Whether it is a share, not money."""
        return self.unit == "%"


def figures(text: str) -> list[Figure]:
    """The sums and rates of a sentence in order."""
    found = {f.start: f for f in [*_counted(text), *_short_lists(text), *_ratios(text), *_worded(text)]}
    return _joined([found[start] for start in sorted(found)], text)


def _joined(found: list[Figure], text: str) -> list[Figure]:
    """The same with 5万元至10万元 as one range."""
    joined: list[Figure] = []
    for figure in found:
        last = joined[-1] if joined else None
        if (
            last
            and last.is_rate == figure.is_rate
            and text[last.end : figure.start] in ("至", "到", "—", "-", "–", "～")
        ):
            joined[-1] = replace(figure, start=last.start, low=last.low)
        else:
            joined.append(figure)
    return joined


def _counted(text: str) -> list[Figure]:
    found = []
    for q in quantities(text):
        unit, _, behind = q.unit.partition("/")
        ends = (q.value, q.high if q.high is not None else q.value)
        if unit in _MONEY:
            slash = _SLASH.match(text, q.end)
            end = slash.end() if slash and not behind else q.end
            per = behind or (slash["per"] if slash else "")
            yearly = behind.endswith(("年", "年度")) or per in ("年", "年度") or text[end : end + 2] in ("/年", "·年")
            low, high = (round(v * _MONEY[unit], 8) for v in ends)
            time = _TIME.match(text, end)
            per_unit = _by_time(_unit(per), f"/{behind}" + (time.group() if time else ""))
            found.append(Figure(q.start, time.end() if time else end, low, high, unit, per_unit, yearly))
        elif unit in ("%", "‰") or (unit.endswith("百分点") and "贴息" in text):
            low, high = (v / 10 if unit == "‰" else v for v in ends)
            found.append(Figure(q.start, q.end, low, high, "%"))
    return found


def _short_lists(text: str) -> list[Figure]:
    found = []
    for match in _SHORT_LIST.finditer(text):
        numbers = list(re.finditer(_NUMBER, match.group()))
        for number in numbers:
            value = round(float(number.group()) * _MONEY.get(match["unit"], 1.0), 8)
            end = match.end() if number is numbers[-1] else match.start() + number.end()
            found.append(Figure(match.start() + number.start(), end, value, value, match["unit"]))
    return found


def _ratios(text: str) -> list[Figure]:
    if not re.search("配套|匹配|配比|按照?(?:国家|中央|省|上级)", text):
        return []
    pairs = [(m, float(m["theirs"]), float(m["ours"])) for m in _RATIO.finditer(text)]
    rates = [(m, round(100 * ours / theirs, 6)) for m, theirs, ours in pairs if theirs]
    return [Figure(m.start(), m.end(), rate, rate, "%") for m, rate in rates if rate <= 500]


def _worded(text: str) -> list[Figure]:
    """全额, 减半, 千分之五."""
    found = []
    for match in _PER_MILLE.finditer(text):
        value = float(match["n"]) if match["n"][0] in "0123456789" else number_in(match["n"]) or 0
        found.append(Figure(match.start(), match.end(), value / 10, value / 10, "%"))
    if re.search("补贴|补助|资助|租金|房租|贴息|减免", text):
        found += [
            Figure(m.start(), m.end(), r, r, "%", worded=True) for r, pattern in _WORDED for m in pattern.finditer(text)
        ]
    return found


def _unit(word: str) -> str | None:
    """The unit of the general list that a word begins with; none for years and for who is paid (每家企业)."""
    match = _units().match(word)
    return match.group() if match else None


@lru_cache(maxsize=1)
def _units() -> re.Pattern[str]:
    units = any_word("support.goods", "support.pieces", "support.cases")
    return re.compile(f"(?:{units})(?!目|才|企业|商|均)")


def paid_for_each(left: str) -> str | None:
    """What a figure is paid for each of, by what stands before it: 每公斤给予, 单品种奖励, 每增加1亿元奖励."""
    step = _STEP.search(left)
    if step:
        return step["what"]
    unit = next((unit for m in reversed(list(_EACH.finditer(left))) if (unit := _unit(m["what"]))), None)
    return _by_time(unit, left)


def _by_time(unit: str | None, text: str) -> str | None:
    """人·月 of 每人每月: what is paid by the month is no sum for one case."""
    time = _TIME.search(text)
    return "·".join(u for u in (unit, time["unit"]) if u) if time else unit


def is_piece(per: str | None) -> bool:
    """Whether it is one of things that one beneficiary may have many of (台, 床位)."""
    return per is not None and per in words()["support"]["pieces"]


def is_goods(per: str | None) -> bool:
    """Whether a payment for each of them is a price (15元/公斤, 每增加1亿元), not what one case gets (每项20万元)."""
    if per is None:
        return False
    return per.partition("·")[0] in words()["support"]["goods"] or per.endswith(("元", "月", "季度", "天", "日"))


# -- what a figure is ----------------------------------------------------------------------------------


class Role(Enum):
    """What a figure of a sentence is."""

    RATE = "rate"
    AMOUNT = "amount"
    CAP = "cap"
    FUND = "fund"
    LIMIT = "limit"
    YEARLY_LIMIT = "yearly limit"
    NONE = "none"


@dataclass(frozen=True)
class Surroundings:
    """A figure, or several listed, with what stands around them.

    Parameters
    ----------
    left: its own part of the sentence before it: from the last comma, or from a 、 behind another figure.
    right: what follows it, to the next comma.
    earlier: the role of the figure before it in the same part of the sentence.
    sentence: all of it.
    follows: whether a payment or a rate stands before it in the sentence; follows_on: or elsewhere that a limit may mean.
    led: it is the last of a tier below a sentence that leads up to it (按以下标准奖励：), and needs no verb.
    worded: a rate in words, 全额.
    exact: it has a unit of its own, 50万元, not 50万.
    """

    left: str
    right: str
    earlier: Role
    sentence: str
    follows: bool
    follows_on: bool
    led: bool = False
    worded: bool = False
    exact: bool = True


_OF_ONE = "单(?:个|一|家|户|位)|每(?:家|个|户|一)|同一|同个|(?:企业|单位|机构|项目|主体)(?=每年|年度|累计|合计)"
_A_YEAR = "每(?:个|一)?(?:自然)?年度?|年度|一年|一个(?:自然)?年度|当年|全年|单一年度"
_TOGETHER = "累计|合计|总计|总额"
_AT_MOST = "最高|不超过|不高于|不得超过|至多|最多|最大|上限|封顶|限额"
_CAP_BEFORE = re.compile(f"(?:{_AT_MOST}|(?:{_TOGETHER})控制在)[^，。；、\\d]{{0,14}}$")
_CAP_BEHIND = re.compile("(?:以内|之内|以下|封顶|为限|为上限|上限)")
_PAID_YEARLY = re.compile("(?:每年度?|年度|按年)(?:可|再|分别)?(?:给予|补助|补贴|奖励|资助|安排|发放|提供)")
_LIMITS = re.compile(f"{_AT_MOST}|{_TOGETHER}")
#: Behind a figure: it is compared with, not paid.
_ABOVE = re.compile("(?:（[^（）]{1,12}）)?(?:及|（含）)?以[上下](?!的?(?:一次性)?(?:奖|补|资助|扶持|支持|贷款))")
_COMPARED = re.compile(
    "(?:达到?|(?<!不)(?<!不得)超过?|突破|不低于|不少于|不小于|大于|高于(?<!不高于)|低于|小于|满|超出|(?<!存)在)(?:人民币)?$"
)
_AND_ON = re.compile("以[上下](?:至|到|—|-)$")
_AT_LEAST = re.compile("(?:给予|奖励|补助|补贴|资助|奖补|提供|安排|设立)[^，。；、\\d]{0,12}(?:不低于|不少于)$")
#: What was paid, what it will cost, fines.
_PAST = re.compile(
    "(?:已|已经|共|共计|全部|累计)(?:累计)?(?:兑现|拨付|发放|下达|落实|争取|获批|支付|完成|撬动|支持)[^，。；]{0,20}$"
    "|(?:争取|引进|引入|到位|带动|撬动|吸引|完成|实现)[^，。；]{0,16}(?:资金|投资|贷款|融资)[^，。；\\d]{0,6}$"
)
_LOOKING_BACK = re.compile("截至|以来|上半年|去年|上年度?(?=[^，。；]{0,6}(?:兑现|拨付|发放|下达))")
_COST = re.compile(
    "有效期内?[^，。；]{0,6}资金|(?:所需|需要)(?:资金|经费)|(?:资金|经费)(?:需求|概算|预算)|预算(?:总额|为)"
)
_FINE = re.compile("罚款|滞纳金|违约金|罚金")
#: Who of the budgets bears how much.
_SHARED = re.compile("(?:财政|两级|各级|市级|区级|县级|市、区|市、县|各自?)[^，。；]*(?:承担|负担|分摊|分成|分配)|^各$")
_SHARED_BEHIND = re.compile(
    "(?:的?比例)?[^，。；]{0,4}(?:分担|承担|负担|分摊|分成|分配)(?![^，。；]*(?:给予|支持|补助))"
)
#: By instalments, or the single years of what is stated as a whole.
_INSTALMENT = re.compile("（[^（）]*第[一二三四五\\d]年[^（）]*$|(?:首期|首付|中期|尾款|余款)[^，；\\d]{0,12}$")
_SUPPORT_ITSELF = re.compile(
    "(?:审定|核定|批复|批准)(?:资金|金额|额度)的?$|(?:应|拟|核定的?|获得的?|按)(?:奖励|补助|补贴|资助|奖补|扶持|支持|兑现)(?:资金|总额|额度?|金额)?(?:总额)?的?$"
)
#: What a beneficiary pays; and the shares in which a sum is paid out: 分三年按40%、30%、30%拨付.
_FEE = re.compile("(?:费率|收费(?:标准)?)(?!的)[^，。；]{0,12}$")
_BY_YEARS = re.compile(r"分[两二三四五\d]个?(?:年|期|次|批)[^，。；]*$")
_PAID_OUT = re.compile("(?:的?比例)?(?:予以|给予|进行)?(?:拨付|兑付|兑现|发放|支付|下达)")
_IN_STAGES = re.compile("阶段|首期|预拨|预付|先行|中期|验收|剩余|分期|分[两二三四五\\d]个?(?:年|期|次|批)|兑付|拨付")
#: 国家级给予100万元奖励，省级50万元: the name of a tier is all that stands before its sum.
_TIER = re.compile(rf"^对?(?:{LEVELS})[^，；\d]{{0,6}}$")
#: A pool of money.
_POOL = "基金|引导资金|资金池|风险补偿金|补偿资金池|专项资金|扶持资金|发展资金|产业资金"
_POOLED = re.compile("(?:设立|建立|组建|发起|成立|形成|打造|筹设|规模|首期|募集|安排|统筹|设置)[^，。；]{0,20}$")
_POOL_BEHIND = re.compile(f"[^，。；\\d]{{0,20}}(?:{_POOL})")
_POOL_BEFORE = re.compile(
    f"基金[^，。；]{{0,6}}规模(?:达到?|为|不低于|超过)?$|(?:安排|设立|统筹|设置)[^，。；]{{0,20}}(?:{_POOL}|预算)[^，。；\\d]{{0,6}}$"
)
_VOUCHERS = re.compile("(?:的|等值)?[^，。；\\d]{0,8}券")
#: Shares that nobody is paid.
_GROWTH = re.compile(
    "占[^，。；]{0,16}的$|(?:增长|增速|增幅|提高|提升|下降|降低|达到|高于|低于|占比|比重|持股|股比|占|利率|股权|出资(?:比例|额)?|负债率|率)"
    "(?:至|到|(?:最高)?不超过|不高于|不低于|超过|达到?|在|为|上限)*$"
)
_FROM_TO = re.compile("(?:左右|以上)?(?:提高|提升|上升|增长|增加|下降|降低|调整|压减|减少)(?:到|至|为)")
_TAKEN_OF = re.compile(
    "按|按照|参照|依据|给予|的$|比例|补助|补贴|奖励|资助|返还|分担|贴息|不超过|最高|减免|不高于|分别|：|减|享受|抵扣|租金|底价"
)
_SHARE_PAID = re.compile(
    "的?[^，。；]{0,6}(?:比例|标准|部分|给予|补|奖|资助|支持|返还|贴息|配套|执行|确定|加计|减免|税率)"
)


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    """The lists of data/words as patterns."""
    gives, weak, paid, other = (any_word(f"support.{k}") for k in ("gives", "gives_weakly", "paid", "measured"))
    total = "(?:资金)?(?:标准|金额|总额|总规模|规模|额度|上限|比例|力度)"
    whose = "企业|项目|单位|机构|平台|团队|园区|主体|个人|人才|产品|基地"
    return {
        "pays": re.compile(f"{gives}|{weak}|{paid}"),
        "governs": re.compile(
            f"(?P<gives>(?:{gives})(?:{total})?|(?:{weak})(?=[^，。；]{{0,16}}$)|一次性|(?:每|单)(?:{_units().pattern}))"
            f"|(?P<measured>{other})(?!方|者|人|机构|主体|企业|基金|担保|租赁|补|奖|贴)"
        ),
        "paid": re.compile(
            f"(?:（[^（）]{{1,20}}）)?的?[^，。；、\\d]{{0,10}}?(?:{paid})(?!{total}?(?:\\d|最高|不超过|(?:的)?(?:{whose})))"
        ),
        "condition": re.compile(
            f"(?:（[^（）]*）)?(?:的(?:$|[^，。；\\d]{{0,16}}(?:{whose}))|的?部分"
            f"|(?:新建|工业|产业|制造业|重大|产业化|技改|技术改造|研发)?(?:{whose})(?!资金|奖|补|资|经费))"
        ),
    }


def pays(text: str) -> bool:
    """Whether a sentence has a word of paying at all."""
    return bool(_patterns()["pays"].search(text))


def role(of: Surroundings, *, rate: bool) -> Role:
    """What a figure is; ``rate``: it is a percentage, not money."""
    if _FINE.search(of.sentence) or _INSTALMENT.search(of.left) or _COST.search(of.left):
        return Role.NONE
    return _role_of_rate(of) if rate else _role_of_money(of)


def _role_of_money(of: Surroundings) -> Role:
    if _is_fund(of):
        return Role.FUND
    cap, governor = bool(_CAP_BEFORE.search(of.left)), _governor(of)
    payable = bool(_patterns()["paid"].match(of.right))
    compared = _COMPARED.search(of.left) and not _AT_LEAST.search(of.left)
    if not of.exact and (governor != "gives" or (of.right and not payable)):
        return Role.NONE
    if _ABOVE.match(of.right) or compared or _AND_ON.search(of.left) or governor == "measured" or _was_paid(of, cap):
        return Role.NONE
    if _patterns()["condition"].match(of.right) and not payable:
        return Role.NONE
    if limit := _limit(of):
        return limit
    if cap or (governor == "gives" and _CAP_BEHIND.match(of.right)):
        return Role.CAP
    tier = not of.right and (of.led or (of.follows and _TIER.search(of.left)))
    return Role.AMOUNT if governor == "gives" or payable or tier else Role.NONE


def _governor(of: Surroundings) -> str:
    """gives or measured: the kind of the word that governs a figure; of the figure before it where there is none."""
    found = list(_patterns()["governs"].finditer(of.left))
    if found:
        return found[-1].lastgroup or ""
    return "gives" if of.earlier in (Role.AMOUNT, Role.CAP, Role.RATE) else ""


def _is_fund(of: Surroundings) -> bool:
    if _ABOVE.match(of.right):
        return False
    pooled = _POOLED.search(of.left) and _POOL_BEHIND.match(of.right)
    vouchers = re.search("总额|总规模", of.left) and _VOUCHERS.match(of.right)
    return bool(pooled or vouchers or _POOL_BEFORE.search(of.left))


def _was_paid(of: Surroundings, cap: bool) -> bool:
    return not cap and bool(_PAST.search(of.left) or _LOOKING_BACK.search(of.sentence))


def may_limit(left: str) -> bool:
    """Whether the words before a sum may make it a limit of other payments."""
    return bool(_LIMITS.search(left))


def _limit(of: Surroundings) -> Role | None:
    """A limit for one beneficiary, or for one in a year, of what stands before it."""
    yearly, together = re.search(_A_YEAR, of.left), re.search(_TOGETHER, of.left)
    if not may_limit(of.left) or not (of.follows or (of.follows_on and (together or yearly))):
        return None
    if yearly:
        return None if _PAID_YEARLY.search(of.left) else Role.YEARLY_LIMIT
    return Role.LIMIT if re.search(_OF_ONE, of.left) or together else None


def _role_of_rate(of: Surroundings) -> Role:
    if _ABOVE.match(of.right) or _SHARED_BEHIND.match(of.right) or _SHARED.search(of.left):
        return Role.NONE
    if _patterns()["condition"].match(of.right) and not _SHARE_PAID.match(of.right):
        return Role.NONE
    if _FROM_TO.match(of.right) or _FEE.search(of.left):
        return Role.NONE
    if _BY_YEARS.search(of.left) and _PAID_OUT.match(of.right):
        return Role.NONE
    if _GROWTH.search(of.left) and not re.search(
        "(?:给予|按|按照|加计)[^，。；]*$|(?:补|奖|资助|贴息|扣除)[^，。；]{0,6}(?:比例|率)", of.left
    ):
        return Role.NONE
    if _SUPPORT_ITSELF.search(of.left) and _IN_STAGES.search(of.sentence):
        return Role.NONE
    if (
        of.worded
        or _TAKEN_OF.search(of.left)
        or _SHARE_PAID.match(of.right)
        or of.earlier is Role.RATE
        or (of.led and not of.right)
    ):
        return Role.RATE
    return Role.NONE
