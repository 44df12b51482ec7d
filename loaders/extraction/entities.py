"""Carriers that clauses name: parks and other places of industry, platforms of innovation and service.

A park or platform is a name with a park's or platform's tail that says more than its kind.
"""

from __future__ import annotations

import re
from functools import lru_cache

from loaders.extraction.names import HAN, Named, made_of_words, name_start, named, once
from loaders.extraction.spans import Spans
from loaders.extraction.words import any_of, chain_names, region_names, region_pattern, words
from loaders.outline import Outline

_GENERIC_START = re.compile(
    r"^(?:一批|一个|若干|多个|\d+个|[一二三四五六七八九十]+[个大家]|各类|各级|各|相关|有关|所有|全部|每个|每|其他|部分|更多|一些|重点|新的|新|该|本|主要|核心|国内外?|国际|海外|境外)+"
)


@lru_cache(maxsize=1)
def _trade() -> re.Pattern[str]:
    return re.compile(
        any_of(w for w in (*words()["trade_words"], *words()["industries"], *chain_names()) if len(w) > 1)
    )


def parks(outline: Outline, masked: Spans) -> list[Named]:
    """Parks and other carriers of industry that clauses name."""
    found = _expanded_parks(outline, masked)
    found += _with_tail(outline, masked, _park_tail(), set(words()["park_kinds"]))
    return once(found)


def platforms(outline: Outline, masked: Spans) -> list[Named]:
    """Platforms of innovation and service that clauses name."""
    return once(_with_tail(outline, masked, _platform_tail(), set(words()["platform_kinds"])))


@lru_cache(maxsize=1)
def _park_tail() -> re.Pattern[str]:
    return re.compile(f"(?:{any_of(words()['park_tails'])})(?!化|型)")


@lru_cache(maxsize=1)
def _platform_tail() -> re.Pattern[str]:
    return re.compile(f"(?:{any_of(words()['platform_tails'])})")


#: A name before its tail is no longer.
_LONGEST = 26
#: 抚顺、韶关等高新区: one park for each place.
_EACH_PLACE = re.compile(
    r"(?P<places>[^，。；：（）\n]{2,60}?)等(?:\d+个)?(?P<tail>高新区|经开区|高新技术产业开发区|经济技术开发区|开发区|综保区|综合保税区|自贸片区|新区)"
)


def _expanded_parks(outline: Outline, masked: Spans) -> list[Named]:
    found: list[Named] = []
    for match in _EACH_PLACE.finditer(outline.text):
        places = match["places"].split("、")
        start = match.start("places")
        for number, place in enumerate(places):
            name = place
            if number == 0:
                name = place[name_start(place) :]
            regions = list(region_pattern().finditer(name))
            if (
                name
                and regions
                and regions[0].start() == 0
                and len(name) <= 10
                and not masked.hold(start)
                and not _park_tail().search(name)
            ):
                at = start + len(place) - len(name)
                last = number == len(places) - 1
                found.append(
                    named(
                        outline, name + match["tail"], match["tail"], None, at, match.end() if last else at + len(name)
                    )
                )
            start += len(place) + 1
    return found


def _with_tail(outline: Outline, masked: Spans, tail: re.Pattern[str], kinds: set[str]) -> list[Named]:
    text = outline.text
    found: list[Named] = []
    done = 0
    for match in tail.finditer(text):
        if match.start() < done or masked.hold(match.start()):
            continue
        end = match.end()
        start, stem = _stem(text, match.start())
        if _BATCH.search(text[max(0, start - 6) : start]) or end - start > 30 or text[start:end] in region_names():
            continue
        if not _is_name(stem, match.group(), kinds, text[max(0, start - 8) : start]):
            continue
        of_parts = _PARTS.match(text, end)
        end = of_parts.end() if of_parts else end
        found.append(named(outline, text[start:end], match.group(), _role(text, start), start, end))
        done = end
    return found


#: 中关村科技园（石景山园、门头沟园）: the bracket is part of the name.
_PARTS = re.compile(f"（[{HAN}]{{2,6}}(?:园|片区|区)(?:、[{HAN}]{{2,6}}(?:园|片区|区))*）")
#: 一枢纽四基地: a slogan counts kinds of places.
_SLOGAN = re.compile("[一二三四五六七八九十两多][^一二三四五六七八九十两多]{1,3}[一二三四五六七八九十两多]")
_BATCH = re.compile("(?:一批|若干|多个|各类|系列|一系列|一个)$")
_TITLES = re.compile("(?:争创|创建|申建|申报|获批|创成|建成)$")


def _stem(text: str, tail_start: int) -> tuple[int, str]:
    """(where a name begins, what stands before its tail)."""
    floor = max(0, tail_start - _LONGEST)
    start = floor + name_start(text[floor:tail_start])
    while start < tail_start and text[start] in "）”、0123456789个—":
        start += 1
    generic = _GENERIC_START.match(text[start:tail_start])
    if generic:
        start += generic.end()
    return start, text[start:tail_start]


def _is_name(stem: str, tail: str, kinds: set[str], before: str) -> bool:
    """Whether a stem before a tail makes a name, and not only a kind of place."""
    national = bool(re.match("国家|省级?", stem))
    if tail == "工业互联网平台" and national:
        return True
    if not _says_more(stem, kinds) or _SLOGAN.search(stem):
        return False
    if tail not in words()["weak_park_tails"]:
        return True
    placed = [m for m in region_pattern().finditer(stem) if region_names()[m.group()].code]
    if placed:
        # 某公司成都基地 is a plant of that firm.
        return not (tail.endswith("基地") and placed[0].start() > 1 and placed[-1].end() == len(stem))
    if national and tail in ("先导区", "试验区", "示范区", "先行区", "合作区") and _TITLES.search(before):
        return True
    return len(stem) <= 12 and not made_of_words(_trade().sub("", stem))


def _says_more(stem: str, kinds: set[str]) -> bool:
    """Whether there is more before a tail than words for kinds."""
    if not stem:
        return False
    if region_pattern().search(stem):
        return True
    rest = stem
    while rest:
        word = next((k for k in sorted(kinds, key=len, reverse=True) if rest.startswith(k)), None)
        if word is None:
            return len(rest) >= 2 and bool(re.search(f"[{HAN}A-Za-z]{{2}}", rest))
        rest = rest[len(word) :]
    return False


def _role(text: str, start: int) -> str | None:
    before = text[max(0, start - 60) : start]
    clause = re.split("[，。；\n]", before)[-1]
    verb = re.search("(依托|支持|建设|打造|创建|争创|加快建设|推进|提升|建强|整合|探索建立|以)[^，。；]*$", clause)
    return verb.group(1) if verb else None
