"""On what condition and to whom a measure pays, by the words before its figures."""

from __future__ import annotations

import re

from loaders.extraction.words import any_of, words
from loaders.outline import chinese_to_int

_N = "(?P<n>[一二三四五六七八九十两]|\\d{1,2})"
#: For how many years: 连续3年, 期限不超过2年, 前两年, 认定后的3年内.
_YEARS = re.compile(
    f"(?:连续|为期|期限|最长|不超过|累计|共|前|后)(?:最长|不超过|为|给予)*{_N}个?(?:周年|年)(?!度|期|以上|及以上|前|来)|(?:起|后)的?(?P<within>[一二三四五六七八九十两]|\\d{{1,2}})年内"
)
#: Years of something else.
_OTHER_YEARS = re.compile("(?:有效期|经营|成立|满|近|承诺|注册|存续|合同|建设期|服务期|工作|最近|缴纳)[^，。；]{0,10}$")
#: What is given begins with one of these.
_GIVING = re.compile(
    "可?按照?(?!期|时|要求|规定)|参照|依据|可?给予|给与|再给|再予|分别|最高|一次性|每年|叠加|追加|奖励|补助|补贴|资助|奖补|发放|提供|安排|享受|不超过|单个|单(?=品种|台|笔|项)"
    "|每(?!完成|新增|增加|引进|满|超过|达到|成功|建成|股|年度?营)|再奖|予以|免费|全额|减半|减按|退坡|递减|补(?=\\d)|奖(?=\\d)"
)
_COMPARED = re.compile("以[上下]|达到|(?<!不)超过|不低于|突破|不少于")
_OPENING = re.compile("^(?:[，、；：]|其中|并且?|同时|此外|另外|且|即|对于?(?!外|接)|对其|凡|如|若|经.{0,4}后，)+")
_CLOSING = re.compile("(?:[，、：]|的|当年|年度内|，由[^，]{2,12}|可|将|按|，市财政|，市级财政|，市、区财政)+$")
_WHOM = re.compile("(?:^|[，：])(?:对于?|支持|鼓励|向|凡|引导)(?P<whom>[^，。；：]{2,60})")
_GIVEN_TO = re.compile(
    "(?:给予|奖励|补助|资助|支持)(?:其|该)?(?P<whom>[^，。；：\\d]{0,12}?(?:企业|团队|个人|机构|投资方|项目|单位|园区|平台|主体|建设方|业主))"
)
_LEVELS = "国际|国家级?|省级?|市级?|区县?级|县级|[一二三四五]等奖|特等奖|金奖|银奖|铜奖|[A-ES]级|[甲乙丙]级|[一二三四五]星级|优秀|良好|合格|前[一二三四五十\\d]+[名强位]"
_AND = "(?:、|以及|和|及|与|或)"
_AMOUNT = "\\d[\\d.,]*(?:百|千|万|亿)*(?:元|吨|家|户|公斤|千克|人|个|项|平方米|亩|兆瓦|千瓦|%|次|倍|台|辆|MW|MWh)?(?:（含）)?(?:(?:及|（含）)?以上)?(?:（含）)?"
_THRESHOLD = f"{_AMOUNT}(?:(?:至|到|—|-|~){_AMOUNT})?"


def condition_before(text: str) -> str | None:
    """The condition in the words between the measure before and a figure; None where there is none."""
    parts = re.split("[，：]", text)
    kept = [p for p in parts[:-1] if p and (not _GIVING.match(p) or _COMPARED.search(p))]
    last = parts[-1]
    giving = _GIVING.search(last)
    kept.append(last[: giving.start()] if giving else last)
    condition = "，".join(p for p in kept if p)
    condition = _CLOSING.sub("", _OPENING.sub("", condition))
    return condition or None


def beneficiary(text: str) -> str | None:
    """Who is paid: 对…企业, 给予团队."""
    match = _WHOM.search(text)
    if match:
        giving = _GIVING.search(match["whom"])
        whom = _to_the_noun(match["whom"][: giving.start()] if giving else match["whom"])
        if whom:
            return whom
    given = _GIVEN_TO.search(text)
    return given["whom"] if given else None


def _to_the_noun(phrase: str) -> str | None:
    """A phrase up to the last noun that can be paid: 企业 of 企业购买保险的."""
    phrase = phrase.removesuffix("的")
    heads = list(re.finditer(any_of(words()["support"]["paid_to"]), phrase))
    ends = [m.end() for m in heads if not re.match("技术中心|家|研发中心|标准|资金|数量|数", phrase[m.end() :])]
    return phrase[: ends[-1]] if ends and ends[-1] <= 48 else None


def years_paid(text: str) -> int | None:
    """For how many years a measure pays."""
    for match in _YEARS.finditer(text):
        if not _OTHER_YEARS.search(text[: match.start()]):
            return chinese_to_int(match["n"] or match["within"])
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
    return _one_listed(text, f"(?:{_LEVELS})", index, count)


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
