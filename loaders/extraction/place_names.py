"""Regions that clauses name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from loaders.extraction.known_names import Vocabulary
from loaders.extraction.name_forms import HAN, edges
from loaders.extraction.spans import Spans
from loaders.extraction.word_lists import any_word
from loaders.text.outline import ClausePath, Outline

#: 成（都）乐（山）眉（山）
_MEMBER = f"[{HAN}]（[{HAN}]{{1,2}}）"
_ABBREVIATED = re.compile(f"(?:{_MEMBER}){{2,}}")
_BELT = re.compile(
    f"“[{HAN}]{{1,8}}(?P<quoted>走廊|经济带|产业带|城市群|都市圈)”"
    rf"|[{HAN}]{{0,9}}?(?P<kind>经济圈|都市圈|经济带|城市群|城市带|创新带|产业带|走廊)"
)
#: 银川—石嘴山, 湘南|湘西: two places that are one.
_PAIR = re.compile("[—-]+")
#: A body or brand that a place's name begins: as long as no verb stands between.
_GAP = 10
#: 经济和信息化|厅
_AND = re.compile("[和与](?!..市|..省)|建设|发展")
#: 市推动某业发展工作|专班
_SET_UP = re.compile(f"[{HAN}]{{2,20}}?(?:工作专班|领导小组|联席会议|实验区)")
_NOT_ALONE = ("号", "路", "街", "道", "牌", "菜", "味")


@dataclass(frozen=True)
class Region:
    """A region that a clause names."""

    clause: ClausePath
    name: str
    kind: str
    code: str | None
    members: tuple[str, ...]
    start: int
    end: int


def regions(outline: Outline, masked: Spans, vocabulary: Vocabulary) -> list[Region]:
    """The regions that clauses name by themselves, not as part of another name; each once in a clause.

    Parameters
    ----------
    masked: (start, end) of other names, titles, brackets of responsible units.
    """
    found: dict[tuple[ClausePath, str], Region] = {}
    done = 0
    for region in sorted(
        (*_abbreviated(outline, vocabulary), *_named(outline, masked, vocabulary)), key=lambda r: (r.start, -r.end)
    ):
        if region.start >= done and not masked.hold(region.start):
            found.setdefault((region.clause, region.name), region)
            done = region.end
    return list(found.values())


def _abbreviated(outline: Outline, vocabulary: Vocabulary) -> Iterator[Region]:
    for match in _ABBREVIATED.finditer(outline.text):
        members = tuple(re.sub("[（）]", "", m) for m in re.findall(_MEMBER, match.group()))
        if all(m in vocabulary.region_names for m in members):
            path = outline.path_at(match.start())
            yield Region(path, match.group(), "city_group", None, members, *match.span())


def _named(outline: Outline, masked: Spans, vocabulary: Vocabulary) -> Iterator[Region]:
    text = outline.text
    for match in vocabulary.region_pattern.finditer(text):
        start, end = match.span()
        if masked.hold(start):
            continue
        known = vocabulary.region_names[match.group()]
        path = outline.path_at(start)
        last, kind = wider(text, start, end, vocabulary)
        if kind is not None:
            members = known.members or (match.group(),)
            yield Region(path, text[start:last], kind, None, members, start, last)
        elif not part_of_a_name(text, start, end, vocabulary) and not _holds_next(text, start, end, vocabulary):
            yield Region(path, match.group(), known.kind, known.code, known.members, start, end)


def wider(text: str, start: int, end: int, vocabulary: Vocabulary) -> tuple[int, str | None]:
    """(end, kind) of the belt, circle or pair of places that a region's name begins; kind is None where it stands alone."""
    belt = _BELT.match(text, end)
    if belt and not edges(belt.group().strip("“”"), vocabulary) and not vocabulary.region_pattern.search(belt.group()):
        return belt.end(), "corridor" if (belt["quoted"] or belt["kind"]) in _CORRIDORS else "circle"
    dash = _PAIR.match(text, end)
    other = vocabulary.region_pattern.match(text, dash.end() if dash else end)
    if other is None or other.group()[-1] in "省市县区":
        return end, None
    known = vocabulary.region_names.get(text[start:end])
    groups = (
        known is not None
        and known.kind == "city_group"
        and (vocabulary.region_names[other.group()].kind == "city_group" or other.group() in _ALSO_GROUPS)
    )
    return (other.end(), "city_group") if dash or groups else (end, None)


def _holds_next(text: str, start: int, end: int, vocabulary: Vocabulary) -> bool:
    """Whether the region right behind lies in this one and is the one that is meant (重庆市|璧山区)."""
    inner = vocabulary.region_pattern.match(text, end)
    if inner is None:
        return False
    outer, within = (vocabulary.region_names[name].code for name in (text[start:end], inner.group()))
    return bool(outer and within and within != outer and within.startswith(re.sub("(?:00)+$", "", outer)))


_CORRIDORS = ("走廊", "创新带")
#: Cities that are called like a part of their province.
_ALSO_GROUPS = ("湘西",)


@lru_cache(maxsize=1)
def _body() -> re.Pattern[str]:
    """成都|市经信局, 上海|证券交易所: what a place's name begins without being named itself."""
    return re.compile(rf"(?P<gap>[{HAN}]{{0,{_GAP}}}?)(?:{any_word('bodies')})")


def part_of_a_name(text: str, start: int, end: int, vocabulary: Vocabulary) -> bool:
    """Whether a region's name is part of the name of a body, of a word or of a longer quoted name."""
    body = _body().match(text, end)
    if body and not edges(_AND.sub("", body["gap"]), vocabulary) and not vocabulary.region_pattern.search(body["gap"]):
        return True
    if _SET_UP.match(text, end):
        return True
    if text[start - 1 : start] == "“" and text[end : end + 1] != "”":
        return True
    return text[end : end + 1] in _NOT_ALONE or text[start - 1 : start] == "·"
