"""On what condition and to whom a measure pays, by the words before its figures."""

from __future__ import annotations

import re
from functools import lru_cache

from graph.numerals import ordinal_in
from loaders.extraction.payments import LEVELS
from loaders.extraction.word_lists import any_word

_N = "(?P<n>[一二三四五六七八九十两]|\\d{1,2})"
#: For how many years: 连续3年, 期限不超过2年, 前两年, 认定后的3年内.
_YEARS = re.compile(
    f"(?:为期|期限|最长|不超过|累计|共|前|后|(?P<on>连续))(?:最长|不超过|为|给予)*{_N}个?(?:周年|年)(?!度|期|以上|及以上|前|来)"
    f"(?(on)(?=给|补|奖|资|每|按|享|最高|累计|支持|安排|减|免|不|[，。；的、]|$))|(?:起|后)的?{_N.replace('<n>', '<within>')}年内|{_N.replace('<n>', '<inside>')}年内(?=免|减|给予|按|每年)"
)
#: Years of something else.
_OTHER_YEARS = re.compile("(?:有效期|经营|成立|满|近|承诺|注册|存续|合同|建设期|服务期|工作|最近|缴纳)[^，。；]{0,10}$")
#: What is given begins with one of these.
_GIVING = re.compile(
    "可?按照?(?!期|时|要求|规定)|参照|依据|可?给予|给与|再给|再予|分别|最高|一次性|每年|叠加|追加|奖励|补助|补贴|资助|奖补|发放|提供|安排|享受|不超过|单个|单(?=品种|台|笔|项)"
    "|每(?!完成|新增|增加|引进|满|超过|达到|成功|建成|股|年度?营)|再奖|予以|免费|全额|减半|减按|退坡|递减|补(?=\\d)|奖(?=\\d)"
)
_COMPARED = re.compile("以[上下]|达到|(?<!不)超过|不低于|突破|不少于")
_OPENING = re.compile(
    "^(?:支持(?=创建|争创|申报|企业)|鼓励|[，、；：]|其中|并且?|同时|此外|另外|且|即|对?其中的?|对于?(?!外|接)|对其|凡|如|若|经.{0,4}后，)+"
)
_CLOSING = re.compile("(?:[，、：]|的|当年|年度内|，由[^，]{2,12}|可|将|按|，市财政|，市级财政|，市、区财政)+$")
_WHOM = re.compile("(?:^|[，：、])(?:对于?(?:其中的?)?|支持|鼓励|向|凡|引导)(?P<whom>[^，。；：]{2,60})")
_NO_NOUN = re.compile("技术中心|研发中心|家|标准|资金|数|费用|化|类")
_ACTS = re.compile(
    "购[买置]|采购|开展|获|建[设成]|投资|为|在|首次|租[用赁]|实施|参与|当年|按|通过|申[请报]|承[担接]|牵头|研发|生产|引进|举办|缴纳|联合|与|创建|打造|发展|争创"
    "|设立|推动|加快|进口|出口|列入|入选|纳入|新[建增列入获购]|自[建主]|运营|取得|完成|达到|成功|被|评|认定|落户|制定|主导|上市|改造|使用|应用|对|用于|支付|取|委托|招"
)
_GIVEN_TO = re.compile(
    "(?:给予|奖励|补助|资助)(?:其|该)?(?P<whom>(?!最高|不超过)[^，。；：\\d]{0,12}?(?:企业|团队|个人|机构|投资方|项目|单位|园区|平台|主体|建设方|业主))"
)
_AND = "(?:、|以及|和|及|与|或)"
_AMOUNT = "\\d[\\d.,]*(?:百|千|万|亿)*(?:元|吨|家|户|公斤|千克|人|个|项|平方米|亩|兆瓦|千瓦|%|次|倍|台|辆|MW|MWh)?(?:（含）)?(?:(?:及|（含）)?以上)?(?:（含）)?"
_THRESHOLD = f"{_AMOUNT}(?:(?:至|到|—|-|~){_AMOUNT})?"


def condition_before(text: str) -> str | None:
    """The condition in the words between the measure before and a figure; None where there is none."""
    parts = re.split("[，：]", text)
    kept = [p if _COMPARED.search(p) else _before_giving(p) for p in parts[:-1]] + [_before_giving(parts[-1])]
    condition = "，".join(p for p in kept if p)
    condition = _CLOSING.sub("", _OPENING.sub("", condition))
    return condition or None


def _before_giving(part: str) -> str:
    giving = _GIVING.search(part)
    return part[: giving.start()] if giving else part


def beneficiary(text: str) -> str | None:
    """Who is paid: 对…企业, 给予团队."""
    named = sorted(_WHOM.finditer(text), key=lambda m: not m.group().lstrip("，：、").startswith("对"))
    whom = next((w for m in named if (w := _to_the_noun(_before_giving(m["whom"])))), None)
    if whom:
        return whom
    given = _GIVEN_TO.search(text)
    return given["whom"] if given else None


def _to_the_noun(phrase: str) -> str | None:
    """The one paid: 企业 of 企业购买保险的; none where the phrase says only what is done (采购本地产品)."""
    phrase = phrase.removesuffix("的")
    ends = [m.end() for m in _paid_to().finditer(phrase) if not _NO_NOUN.match(phrase, m.end())]
    acting = next((e for e in ends if _ACTS.match(phrase, e)), None)
    end = acting if acting is not None else ends[-1] if ends else None
    if end is None or end > 48 or (end < len(phrase) and _ACTS.match(phrase) and "的" not in phrase[:end]):
        return None
    return phrase[:end]


@lru_cache(maxsize=1)
def _paid_to() -> re.Pattern[str]:
    return re.compile(any_word("support.paid_to"))


def years_paid(text: str) -> int | None:
    """For how many years a measure pays."""
    for match in _YEARS.finditer(text):
        if not _OTHER_YEARS.search(text[: match.start()]):
            return ordinal_in(match["n"] or match["within"] or match["inside"])
    return None


# -- tiers ---------------------------------------------------------------------------------------------


def of_one_tier(text: str | None, index: int, count: int) -> str | None:
    """The words of one of several tiers: 收入突破1亿元、5亿元的企业 for the second is 收入突破5亿元的企业."""
    if text is None or count < 2:
        return text
    return next((t for way in (_by_figures, _by_years, _by_levels, _by_nouns) if (t := way(text, index, count))), text)


def _by_figures(text: str, index: int, count: int) -> str | None:
    """Thresholds listed: 首次突破10亿元、50亿元的企业."""
    return _one_listed(text, _THRESHOLD, index, count)


def _by_years(text: str, index: int, count: int) -> str | None:
    """Years listed: 2025年、2026年."""
    return _one_listed(text, "20\\d{2}年", index, count)


def _by_levels(text: str, index: int, count: int) -> str | None:
    """Levels listed: 国家级、省级平台."""
    return _one_listed(text, f"(?:{LEVELS})", index, count)


def _one_listed(text: str, item: str, index: int, count: int) -> str | None:
    """The text with one item of its only list of that many."""
    run = re.search(f"(?<![、和及与]){item}(?:{_AND}{item}){{{count - 1}}}(?!{_AND}{item})", text)
    if run is None:
        return None
    items = [m.group() for m in re.finditer(item, run.group())]
    return text[: run.start()] + items[index] + text[run.end() :] if len(items) == count else None


def _by_nouns(text: str, index: int, count: int) -> str | None:
    """Nouns listed that end alike: 参与制定国际标准、国家标准、行业标准的企业."""
    word = "[^，、]{1,16}"
    ends = ("、", "和", "及", "以及", "与") if count > 2 else ("、", "和", "以及", "及", "与")
    for end in ends:
        run = re.search(f"{word}(?:、{word}){{{count - 2}}}{end}{word}", text)
        if run and (found := _cut(run.group().replace(end, "、").split("、"), index)):
            return text[: run.start()] + found + text[run.end() :]
    return None


def _cut(words_listed: list[str], index: int) -> str | None:
    """One of several nouns with what stands before the first and behind the last."""
    first, *others = words_listed
    tail = first[-1]
    if any(not w.endswith(tail) for w in others[:-1]) or tail not in others[-1]:
        return None
    cut = others[-1].index(tail) + 1
    items = [*others[:-1], others[-1][:cut]]
    size = len(items[0])
    return first[:-size] + [first[-size:], *items][index] + others[-1][cut:]
