"""Carriers that clauses name: parks and other places of industry, platforms of innovation and service.

A park or platform is a name with a park's or platform's tail that says more than its kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from loaders.extraction.firms import leading_firm
from loaders.extraction.known_names import Vocabulary
from loaders.extraction.name_forms import (
    HAN,
    Named,
    edges,
    is_coined,
    made_of_words,
    name_start,
    named,
    once,
)
from loaders.extraction.spans import Spans
from loaders.extraction.word_lists import any_of, any_word, words
from loaders.text.outline import Outline
from loaders.text.repair import dictionary

#: A name before its tail is no longer.
_LONGEST = 26
#: So many characters that are no words for kinds make a name before a weak platform's tail; fewer in a long stem.
_SAYS_ENOUGH, _SAYS_SOMETHING, _LONG, _LONG_OFFICIAL = 3, 2, 8, 6
#: Of a word this rare a 新区 may be called.
_RARE = 1200
#: Words before a kind, not of a name.
_GENERIC_START = re.compile(
    r"^(?:第[\d一二三四五六七八九十百]+条|一批|一个|若干|多个|\d+个|[一二三四五六七八九十两]+[个大家]|连接(?!器)|通往|途经|各类|各级|各|相关|有关|所有|全部|每个|每|其他|部分|更多|一些|"
    r"重点|新的|新|该|本|主要|核心|国内外?|国际|海外|境外|(?:省|市|国家)级以上|以上)+"
)
#: What is counted is a kind: 50家企业研发中心, 一批园区.
_COUNTED = re.compile(
    r"(?:一批|若干|多个|各类|系列|一系列|一个|[\d一二三四五六七八九十](?:多|余)?(?:家|个|所|座|项|处|批)(?:以上|左右|国家级|省级|市级)*)$"
)
#: What is left of an enumeration, a table or a quotation before a name.
_LEAD_MARKS = "了）”、0123456789.．|个—·"
#: 一枢纽四基地: a slogan counts kinds of places.
_SLOGAN = re.compile("[一二三四五六七八九十两多][^一二三四五六七八九十两多]{1,3}[一二三四五六七八九十两多]")
#: “江海云”平台: a quoted word is part of the name behind it.
_QUOTED = re.compile(rf"“[{HAN}A-Za-z0-9+]{{2,10}}”$")
#: 中关村科技园（石景山园、门头沟园）, 创新中心（浙江）: the bracket is part of the name.
_PARTS = re.compile(f"（[{HAN}]{{2,6}}(?:园|片区|区)(?:、[{HAN}]{{2,6}}(?:园|片区|区))*）")
_IN_PLACE = re.compile(rf"（(?P<place>[{HAN}]{{2,4}})）")
_TITLES = re.compile("(?:争创|创建|申建|申报|获批|创成|建成)$")
#: 国家级 areas of trial are titles that a place gets.
_TITLE_TAILS = ("先导区", "试验区", "示范区", "先行区", "合作区", "综试区")
#: 经开区管委会: a body of it.
_BODY = re.compile("管委会|管理委员会|管理机构|党工委|党委|(?:相关|有关|各)(?:部门|单位)")
#: Words that lead up to a name are no longer.
_LONGEST_LEAD = 6
#: 抚顺、韶关等高新区: one park for each place.
_EACH_PLACE = re.compile(
    r"(?P<places>[^，。；：（）\n]{2,60}?)等(?:\d+个)?(?P<tail>高新区|经开区|高新技术产业开发区|经济技术开发区|开发区|综保区|综合保税区|自贸片区|新区)"
)


#: Whether a stem, before a tail, behind other words, makes a name.
_IsName = Callable[[str, str, str, Vocabulary], bool]


@dataclass(frozen=True)
class _Kind:
    """A kind of carrier.

    Parameters
    ----------
    kinds: words that only say what kind it is; fillers: these and others that make no name of a weak tail.
    weak: tails that need more before them.
    """

    tail: re.Pattern[str]
    kinds: re.Pattern[str]
    fillers: re.Pattern[str]
    weak: frozenset[str]


@lru_cache(maxsize=1)
def _park() -> _Kind:
    tails = re.compile(f"(?:{any_word('park_tails')})(?!化|型|级|(?<=新城)区)")
    kinds = re.compile(any_word("park_kinds"))
    return _Kind(tails, kinds, kinds, frozenset(words()["weak_park_tails"]))


@lru_cache(maxsize=1)
def _platform() -> _Kind:
    tails = re.compile(f"(?:{any_word('platform_tails')})(?!化|型|级|企业|经济)")
    kinds, fillers = re.compile(any_word("platform_kinds")), re.compile(any_word("platform_kinds", "platform_fillers"))
    return _Kind(tails, kinds, fillers, frozenset(words()["weak_platform_tails"]))


def parks(outline: Outline, masked: Spans, vocabulary: Vocabulary) -> list[Named]:
    """Parks and other carriers of industry that clauses name.

    Parameters
    ----------
    masked: what holds no names: titles, brackets of responsible units.
    """
    found = [*_of_each_place(outline, masked, vocabulary), *_carriers(outline, masked, _park(), _is_park, vocabulary)]
    names = {n.name for n in found}
    return once([_as_elsewhere(n, names, vocabulary) for n in found])


def _as_elsewhere(item: Named, names: set[str], vocabulary: Vocabulary) -> Named:
    """A name without the words before it where the document names the rest by itself (紧扣|江北新区)."""
    for cut in range(2, min(_LONGEST_LEAD, len(item.name) - 3) + 1):
        before, rest = item.name[:cut], item.name[cut:]
        if rest in names and _leads_up(before, vocabulary):
            return replace(item, name=rest, start=item.start + cut)
    return item


def platforms(outline: Outline, masked: Spans, vocabulary: Vocabulary) -> list[Named]:
    """Platforms of innovation and service that clauses name; parameters as for ``parks``."""
    return once(list(_carriers(outline, masked, _platform(), _is_platform, vocabulary)))


# --- where a name stands -------------------------------------------------------------------------------


def _of_each_place(outline: Outline, masked: Spans, vocabulary: Vocabulary) -> Iterator[Named]:
    """抚顺、韶关等高新区."""
    for match in _EACH_PLACE.finditer(outline.text):
        start = match.start("places")
        for place in match["places"].split("、"):
            name = place[name_start(place, vocabulary) :] if start == match.start("places") else place
            last = start + len(place) == match.end("places")
            region = vocabulary.region_pattern.match(name)
            if region and len(name) <= 10 and not masked.hold(start) and not _park().tail.search(name):
                end = match.end() if last else start + len(place)
                yield named(
                    outline, name + match["tail"], match["tail"], None, start + len(place) - len(name), end, vocabulary
                )
            start += len(place) + 1


def _carriers(
    outline: Outline, masked: Spans, kind: _Kind, is_name: _IsName, vocabulary: Vocabulary
) -> Iterator[Named]:
    """The names that end with a kind's tail."""
    text = outline.text
    done = 0
    for match in kind.tail.finditer(text):
        if match.start() < done or masked.hold(match.start()) or _BODY.match(text, match.end()):
            continue
        start = _begin(text, _body_of_clause(outline, match.start()), match.start(), kind, vocabulary)
        stem, end = text[start : match.start()], _with_garden(text, match.end(), vocabulary)
        before = text[max(0, start - 10) : start]
        if (
            end - start > 30
            or text[start:end] in vocabulary.region_names
            or (_COUNTED.search(before) and "“" not in stem)
        ):
            continue
        if not is_name(stem, match.group(), before, vocabulary):
            continue
        end = _with_bracket(text, end, vocabulary)
        role = _role(text, start)
        yield named(outline, text[start:end], match.group(), role, start, end, vocabulary)
        for place, at in _shared(text, start, match.start(), vocabulary):
            rest = vocabulary.region_pattern.sub("", text[start:end], count=1)
            yield named(outline, place + rest, match.group(), role, at, at + len(place), vocabulary)
        done = end


def _body_of_clause(outline: Outline, place: int) -> int:
    """Behind the number of the clause that a place is in: no name begins before."""
    clause = outline.at(place)
    if clause is None or not clause.number:
        return 0
    number = outline.text.find(clause.number, clause.start, place)
    return number + len(clause.number) if number >= 0 else clause.start


def _with_garden(text: str, end: int, vocabulary: Vocabulary) -> int:
    """The end of a name together with the one of its gardens that is meant (高新区|南海园)."""
    region = (
        vocabulary.region_pattern.match(text, end)
        or vocabulary.town_pattern.match(text, end)
        or _short_county(vocabulary).match(text, end)
    )
    return region.end() + 1 if region and re.match("园(?!区|林|艺)", text[region.end() :]) else end


@lru_cache(maxsize=4)
def _short_county(vocabulary: Vocabulary) -> re.Pattern[str]:
    """Counties without 县, 区 (南海|园)."""
    return re.compile(any_of(n[:-1] for n, r in vocabulary.region_names.items() if r.kind == "county" and len(n) > 2))


def _with_bracket(text: str, end: int, vocabulary: Vocabulary) -> int:
    """The end of a name together with the bracket of its parts or place."""
    parts, place = _PARTS.match(text, end), _IN_PLACE.match(text, end)
    if parts:
        return parts.end()
    known = place and (vocabulary.region_pattern.fullmatch(place["place"]) or place["place"] in vocabulary.trade_names)
    return place.end() if place and known else end


def _begin(text: str, floor: int, tail: int, kind: _Kind, vocabulary: Vocabulary) -> int:
    """Where the name before a tail begins, not before ``floor``: behind the last verb or particle that is no part of it."""
    floor = max(floor, tail - _LONGEST, text.rfind("\n", 0, tail) + 1)
    window = text[floor:tail]
    places = [0, *edges(window, vocabulary)]
    if len(places) > 1 and places[-1] == len(window) and _ends_with_noun(window, vocabulary):
        places.pop()
    begin = places[-1]
    if len(places) > 1 and window[begin - 1 : begin] in ("与", "和", "及"):
        first = window[places[-2] : begin - 1]
        begin = places[-2] if _is_half(first, kind, vocabulary) else begin
    start = floor + begin
    while start < tail and text[start] in _LEAD_MARKS:
        start += 1
    generic = _GENERIC_START.match(text[start:tail])
    start += generic.end() if generic else 0
    region = vocabulary.region_pattern.search(text, start, tail)
    if region and _leads_up(text[start : region.start()], vocabulary):
        start = region.start()
    quoted = _QUOTED.search(text[max(0, start - 14) : start])
    return start - len(quoted.group()) if quoted else start


def _leads_up(before: str, vocabulary: Vocabulary) -> bool:
    """Whether the words before a name are none of it, though no list of verbs holds them (修订|广德经开区)."""
    official = re.match("国家|全国|中国|[省市](?:级|$)|西部|东部|中部|国际", before)
    firm = leading_firm(before, vocabulary) or any(before.endswith(t) for t in words()["firm_tails"])
    return (
        2 <= len(before) <= _LONGEST_LEAD
        and bool(re.fullmatch(f"[{HAN}]+", before))
        and not (official or firm or vocabulary.region_pattern.search(before))
        and made_of_words(before)
        and before not in vocabulary.trade_names
    )


def _ends_with_noun(window: str, vocabulary: Vocabulary) -> bool:
    """创新发展|试验区, 联合|实验室: the last word is no verb before a kind but part of a name."""
    word = next((w for w in words()["edges_in_names"] if window.endswith(w)), None)
    if word is None:
        return False
    before = window[: -len(word)]
    return len(before[name_start(before, vocabulary) :]) >= 2


def _is_half(first: str, kind: _Kind, vocabulary: Vocabulary) -> bool:
    """Whether a name goes on behind 与 (氢能与燃料电池检测中心): what is before it is a thing, and no name or place."""
    if (
        not 2 <= len(first) <= 10
        or "、" in first
        or kind.tail.search(first)
        or vocabulary.region_pattern.fullmatch(first)
    ):
        return False
    return first in vocabulary.trade_names or bool(
        re.match("国家|全国", first) or vocabulary.region_pattern.match(first)
    )


def _shared(text: str, start: int, tail: int, vocabulary: Vocabulary) -> Iterator[tuple[str, int]]:
    """广州、深圳数据交易所: the places before that share what follows, if that is no name of its own (两江新区)."""
    own = vocabulary.region_pattern.match(text, start)
    if own is None or (own.end() < tail and not made_of_words(text[own.end() : tail])):
        return
    while start and text[start - 1] in "、和与":
        before = text[max(0, start - 9) : start - 1]
        place = before[max(name_start(before, vocabulary), before.rfind("、") + 1) :]
        alike = vocabulary.region_pattern.fullmatch(place) and (place[-1] in "市县区") == (own.group()[-1] in "市县区")
        if not alike and not (2 <= len(place) <= 4 and place[-1] not in "市县区" and is_coined(place, vocabulary)):
            return
        start -= len(place) + 1
        yield place, start


# --- what makes a name ---------------------------------------------------------------------------------


def _is_park(stem: str, tail: str, before: str, vocabulary: Vocabulary) -> bool:
    """Whether a stem before a park's tail makes a name, and not only a kind of place."""
    if not _says_more(stem, _park(), vocabulary) or _SLOGAN.search(stem) or stem.endswith("老工业"):
        return False
    if "“" in stem:
        return not tail.endswith("基地") and not made_of_words(stem.partition("”")[0][1:])
    if stem.endswith("检测") or (stem + tail).endswith("标准创新基地"):
        return False  # a platform
    if tail not in _park().weak or re.match("中国（|国家（", stem):
        return True
    firm = leading_firm(stem, vocabulary) if tail.endswith("基地") else None
    if firm and ("（" in stem or (tail == "基地" and _is_short_place(stem[len(firm) :], vocabulary))):
        return False  # 某公司（成都）基地
    placed = [m for m in vocabulary.region_pattern.finditer(stem) if vocabulary.region_names[m.group()].code]
    if placed:
        # 某公司成都基地 is a plant of that firm.
        return not (tail.endswith("基地") and placed[0].start() > 1 and placed[-1].end() == len(stem))
    if tail.endswith("基地") and stem[-2:] in words()["base_kinds"]:
        return False
    if re.match("国家|省级?", stem) and tail in _TITLE_TAILS and _TITLES.search(before):
        return True
    if before.endswith("“") and vocabulary.region_pattern.match(stem):
        return True
    left = _trade(vocabulary).sub("", stem)
    new = tail == "新区" and len(left) == 2 and dictionary().get(left, 0) < _RARE  # 天府新区
    return new or (len(stem) <= 12 and not made_of_words(left))


def _is_platform(stem: str, tail: str, before: str, vocabulary: Vocabulary) -> bool:
    """Whether a stem before a platform's tail makes a name, and not only a kind of platform."""
    if tail in ("工业互联网平台", "技术标准创新基地") and re.match("国家|省级?", stem):
        return True
    if "领域" in stem or stem in words()["park_tails"]:
        return False  # 自贸试验区交易所
    if not _says_more(stem, _platform(), vocabulary) or _SLOGAN.search(stem) or "产学研" in stem:
        return False
    if re.match("(?:国家|省|市)级", stem) and before.endswith(("级、", "级或")):
        return False
    if tail not in _platform().weak or "“" in stem or _in_region(stem, vocabulary):
        return True
    if _TITLES.search(before) or (re.match("(?:国家|[省市])(?!级)", stem) and len(stem) >= _LONG_OFFICIAL):
        return True
    left = len(_platform().fillers.sub("", stem))
    return left >= _SAYS_ENOUGH or (left >= _SAYS_SOMETHING and len(stem) >= _LONG)


def _in_region(stem: str, vocabulary: Vocabulary) -> bool:
    """Whether a stem names a region, and not only a kind of district."""
    return any(
        vocabulary.region_names[m.group()].kind != "zone_class" for m in vocabulary.region_pattern.finditer(stem)
    )


def _says_more(stem: str, kind: _Kind, vocabulary: Vocabulary) -> bool:
    """Whether there is more before a tail than words for kinds."""
    if _in_region(stem, vocabulary):
        return True
    at = 0
    while match := kind.kinds.match(stem, at):
        at = match.end()
    return bool(re.search(f"[{HAN}A-Za-z]{{2}}", stem[at:]))


def _is_short_place(word: str, vocabulary: Vocabulary) -> bool:
    """Whether what stands behind a firm may be a place without 市, 县 (某锂业射洪基地)."""
    return (
        2 <= len(word) <= 3
        and word not in vocabulary.trade_names
        and (is_coined(word, vocabulary) or word in vocabulary.town_names)
    )


@lru_cache(maxsize=4)
def _trade(vocabulary: Vocabulary) -> re.Pattern[str]:
    return re.compile(
        any_of(w for w in (*words()["trade_words"], *words()["industries"], *vocabulary.chain_names) if len(w) > 1)
    )


def _role(text: str, start: int) -> str | None:
    """The verb of the clause that a name stands in."""
    clause = re.split("[，。；\n]", text[max(0, start - 60) : start])[-1]
    verb = re.search("(依托|支持|建设|打造|创建|争创|加快建设|推进|提升|建强|整合|探索建立|以)[^，。；]*$", clause)
    return verb.group(1) if verb else None
