"""Which city or other place is named for what.

A sentence names places in lists (甲市乙区、丙和丁等地) and says of each list what its places are to be: with a verb before
(支持甲、乙建设丙), as a head (以甲为核心), as what they are made (将甲列为丙), or of themselves (甲重点发展丙). What belongs to
the places one by one is shared out (甲、乙分别建设丙、丁).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from graph.numerals import ordinal_in
from loaders.extraction.known_names import Vocabulary
from loaders.extraction.name_forms import HAN, edges
from loaders.extraction.place_names import part_of_a_name, wider
from loaders.extraction.spans import Spans
from loaders.extraction.word_lists import any_word
from loaders.text.outline import ClausePath, Outline

#: Verbs before places that are named for something; 以 before those that are a head.
_FOR = "支持|鼓励|推动|推进|促进|加快|引导|指导|深化|将|把|统筹|做好|强化|允许|赋予|提升|增强|巩固|(?:高标准|高水平|高质量)?建设|发挥|同意|批准|选择|争取"
_VERB = re.compile(f"(?P<verb>{_FOR}|以|依托|立足)$")
_AND = re.compile("[、，]?(?:和|及|与|以及|或)?")
#: 等地, 等12个城市, 两市: the end of a list of places.
_END = re.compile(
    r"(?:等(?:\d+个|[二三四五六七八九十两]个?)?(?:省会|中心|重点|节点|示范区|老工业|资源型|有条件的|试点|沿线|周边)?(?:城市群|城市|地区|地方|省市|市县|区县|县市|县区|市|地|省|县|区)"
    r"(?!级|属|域|内|片)(?:（[^（）]*）)?|[二三四五两](?:市|地|省|城|区|县|省市)(?!级)|等(?!级)|[二三四五两]个(?=[^、，。]{2}))?"
)
#: 等城市以及丙基地等地区: places that are called by other names.
_OTHERS = re.compile("以及[^，。；]{2,16}等地区")
_HEADS = "(?:主|双|次)?(?:核心|极核|中心|龙头|引擎|增长极|支点|支撑|节点|副中心|两翼|重点|主体|枢纽|门户|主轴|主阵地|主战场|先导)"
_AS_HEAD = re.compile(f"为(?P<what>{_HEADS})(?:的(?P<of>[^，。；、]{{2,20}}))?(?=[，、]|$)")
_MADE = re.compile(
    "(?:列为|作为|确定为|定位为|认定为|纳入|列入|建设成为|建成|打造成为|打造为|打造成|建设为)(?P<what>[^，。；]{3,40})"
)
_EACH = re.compile(
    "(?:等[^，。；]{0,4})?，?分别(?P<verb>(?:加快|重点|着力)?(?:打造|建设|发展|布局|创建|承接|培育|做强|申报|形成|建成|突出))(?P<what>[^。；]{4,80})"
)
_BUILD = re.compile(
    r"(?:加快|积极|大力|着力|共同|联合|全面|高标准|高水平|高质量|推进|培育|协同|率先|持续)*(?:建设成为|建设成|共建|"
    r"建设|打造成为|打造成|打造|创建|争创|建成|建立|成为|创办|申建|申报|申请设立|设立|布局|形成|争当|做优|做强)(?:成为|为|"
    r"成)?(?P<what>[^，。；、][^，。；]{2,119})"
)
#: 依托甲、乙的产业基础，打造丙.
_STRENGTHS = re.compile("(?:的|现有|既有)?[^，]{0,16}(?:优势|基础|资源|条件|产能|禀赋|能力)$")
#: 打造3个丙，依托甲、乙、丁: as many as there are places.
_SO_MANY = re.compile(
    r"(?:打造|建设|布局|培育|形成|建成)(?P<number>\d+|[一二两三四五六七八九十])个(?P<what>[^，。；、]{3,30})，(?:重点|主要)?(?:依托|立足|在|以)$"
)
#: 打造甲百亿级丙集群.
_OF_SIZE = re.compile(
    "[百千万]?亿(?:元)?级(?P<what>[^，。；、]{2,30}?(?:集群|基地|集聚区|集中区|产业带|产业园|高地|板块|园区))"
)
#: 在…上走在前列: what a statement begins with before it says what is to become of a place.
_IN_WHICH = re.compile("在[^，]{4,}?(?:上|方面|领域|中)(?:[^，]{0,10})$")
_WAYS = re.compile("的?(?:有效)?(?:途径|路径|模式|机制|做法|方式|经验|新路子|新路)$")
_LEAD_ADVERBS = re.compile(
    "^(?:加快|积极|大力|着力|有序|因地制宜|进一步|持续|全面|深入|率先|充分|切实|科学|稳步|不断|协同|共同|重点|主要|集中|优先|全力)+(?=推进|推动|开展|探索|建设|发展|利用|发挥|实施|承接|完善|提升|布局|培育|.{4})"
)
_NOUN_ROLE = re.compile("(?:的(?!高)[^的]{2,20}|建设|创建|发展|试点建设|提质升级|作用)$")
_ROLE_NOUN = re.compile(f"(?:{any_word('role_nouns')})$")
_JOINT = re.compile(f"(?:{any_word('joint_nouns')})$")
#: What any group of regions does.
_TOGETHER = re.compile(f"(?:产业|要素|区域)?(?:协同|一体化|联动|高质量|合作|生态)[{HAN}]{{0,6}}$")
_BARE = re.compile(
    "(?:要|应|则)?(?:(?:重点|主要|着力|集中|优先|全力|突出)(?:加快)?(?:发展|布局|打造|建设|承接|培育|做强|聚焦|推进)|定位为|(?:加快|积极)?(?:打造|建设|创建|争创|建成))"
)
_STARTS = re.compile(any_word("role_starts"))
_VERB_WITHIN = re.compile(any_word("verbs_within_roles"))
#: 甲、乙等城市组建丙.
_JOIN = re.compile("(?:共同|联合|携手|协同)*(?:组建|组成|共建|共同打造|联合打造|共同建设)(?P<what>[^，。；、]{3,30})")
_TOWN = re.compile(f"[{HAN}]{{2,3}}(?:镇|街道|乡)(?=建设|打造|发展|创建|重点|着力)")
#: Cities that are called like their province.
_CITY_CODES = {"吉林": "220200"}
_LONGEST_GAP = 8


@dataclass(frozen=True)
class CityRole:
    """What a city or another place is named for; ``industry`` where each place has its own."""

    clause: ClausePath
    place: str
    role: str
    industry: str | None
    parent: str | None
    code: str | None
    start: int
    end: int


@dataclass(frozen=True)
class _Place:
    name: str
    parent: str | None
    code: str | None
    start: int
    end: int
    industry: str | None = None
    park: bool = False

    @property
    def last(self) -> int:
        """The end together with its industry."""
        return self.end + len(self.industry or "")


@dataclass(frozen=True)
class _List:
    """Places that a sentence names together.

    Parameters
    ----------
    verb: before them.
    end: where what is said of them begins.
    closed: the list ends with 等地 or the like.
    first: nothing of its clause stands before it.
    """

    places: tuple[_Place, ...]
    verb: str | None
    end: int
    closed: bool
    first: bool

    @property
    def start(self) -> int:
        return self.places[0].start


def city_roles(outline: Outline, masked: Spans, vocabulary: Vocabulary) -> list[CityRole]:
    """Which city a clause names for what; each once in a clause.

    Parameters
    ----------
    masked: (start, end) of names, titles and brackets of responsible units.
    """
    found: list[CityRole] = []
    for _, start, end in outline.passages():
        for match in re.finditer(r"[^\n。；]+", outline.text[start:end]):
            offset = start + match.start()
            for place, role in _Sentence(match.group(), offset, masked, vocabulary).roles():
                path = outline.path_at(offset + place.start)
                found.append(
                    CityRole(
                        path,
                        place.name,
                        role,
                        place.industry,
                        place.parent,
                        place.code,
                        offset + place.start,
                        offset + place.last,
                    )
                )
    return list({(r.clause, r.place, r.role, r.industry): r for r in found}.values())


class _Sentence:
    """One sentence: its lists of places, and what is said of each."""

    def __init__(self, text: str, offset: int, masked: Spans, vocabulary: Vocabulary) -> None:
        self.text, self.offset, self.masked, self.vocabulary = text, offset, masked, vocabulary

    def roles(self) -> Iterator[tuple[_Place, str]]:
        lists = list(self._lists())
        for number, places in enumerate(lists):
            following = [o.start for o in lists[number + 1 :] if self._opens(o)]
            until = following[0] if following else len(self.text)
            predicate = self.text[places.end : until].rstrip("、，和与")
            chained = number > 0 and self.text[places.start - 1 : places.start] in ("、", "，")
            counted = _counted(self.text[: places.start], len(places.places))
            if counted:
                yield from ((p, counted) for p in places.places)
            else:
                yield from _say(places, _without_tail_verb(predicate), chained, self.vocabulary)
                yield from _of_size(self.text[: places.start], places, predicate)

    def _opens(self, places: _List) -> bool:
        """Whether a list begins a statement of its own, and is not part of what is said of the one before."""
        rest = self.text[places.end :]
        if places.verb is not None and self.text[: places.start].endswith(places.verb):
            return bool(re.search(f"[，、](?:{_FOR}|以)$", self.text[: places.start]))
        return self.text[places.start - 1 : places.start] in ("、", "，") and bool(
            _BARE.match(rest) or _AS_HEAD.match(rest)
        )

    def _lists(self) -> Iterator[_List]:
        done = 0
        starts = {
            m.start()
            for p in (self.vocabulary.region_pattern, self.vocabulary.town_pattern, _TOWN)
            for m in p.finditer(self.text)
        }
        for at in sorted(starts):
            place = self._place(at, None) if at >= done else None
            if place is None:
                continue
            places = [place]
            while following := self._following(places[-1]):
                places.append(following)
            end = places[-1].last
            verb = _VERB.search(self.text[: place.start])
            first = self.text[place.start - 1 : place.start] in ("", *"，、；：.．）﹒")
            rest = _END.match(self.text, end)
            end = rest.end() if rest else end
            others = _OTHERS.match(self.text, end)
            end = others.end() if others else end
            yield _List(_with_codes(places), verb["verb"] if verb else None, end, end > places[-1].last, first)
            done = end

    def _following(self, place: _Place) -> _Place | None:
        between = _AND.match(self.text, place.last)
        if between is None or not between.group():
            return None
        return self._place(between.end(), place)

    def _place(self, at: int, before: _Place | None) -> _Place | None:
        """The place that begins there; a short name that is a word too only in a list, or where it is told to build."""
        match = (
            self.vocabulary.region_pattern.match(self.text, at) or self._loose(at, before) or _TOWN.match(self.text, at)
        )
        if match is None or (match.re is _TOWN and not self._led(at)):
            return None
        known = self.vocabulary.region_names.get(match.group()) or self.vocabulary.town_names.get(match.group())
        if known is not None and known.kind == "zone_class":
            return None
        end, code = match.end(), known.code if known else None
        parent = before.parent if before and known and known.kind == "county" else None
        inner = self.vocabulary.region_pattern.match(self.text, end)
        if inner and known and self.vocabulary.region_names[inner.group()].kind in _INNER.get(known.kind, ()):
            parent, end, code = match.group(), inner.end(), self.vocabulary.region_names[inner.group()].code
        end, whole = self._extended(match.start(), end)
        if whole:
            code = None
        elif (self.masked.hold(self.offset + at) and not _OF_SIZE.match(self.text, end)) or part_of_a_name(
            self.text, at, end, self.vocabulary
        ):
            return None
        park = (
            whole
            and wider(self.text, match.start(), end, self.vocabulary)[1] is None
            and self.text[at:end].endswith(_PARKS)
        )
        return _Place(self.text[at:end], parent, code, at, end, self._industry(end, code), park)

    def _loose(self, at: int, before: _Place | None) -> re.Match[str] | None:
        match = self.vocabulary.town_pattern.match(self.text, at)
        if match is None:
            return None
        rest = self.text[match.end() :]
        listed = before is not None or bool(
            re.match("[、和与]", rest) and self.vocabulary.region_pattern.match(rest, 1)
        )
        return (
            match
            if listed or (self._led(at) and re.match("(?:加快|率先|积极)?(?:建设|打造|创建|争创)", rest))
            else None
        )

    def _led(self, at: int) -> bool:
        return bool(_VERB.search(self.text[:at])) or self.text[at - 1 : at] in ("、", "，")

    def _extended(self, start: int, end: int) -> tuple[int, bool]:
        """(end, whether the name goes on) of a place that is a belt, a park or a pair: 关中平原|城市群, 重庆|两江新区."""
        last, kind = wider(self.text, start, end, self.vocabulary)
        if _OF_SIZE.match(self.text, end):
            return end, False
        if kind is not None:
            return last, True
        park = re.match(rf"[{HAN}]{{0,{_LONGEST_GAP}}}?(?:{any_word('glued_parks')})(?!域|区)", self.text[end:])
        if (
            park
            and not edges(park.group(), self.vocabulary)
            and not self.vocabulary.region_pattern.search(park.group())
        ):
            return end + park.end(), True
        return end, False

    def _industry(self, end: int, code: str | None) -> str | None:
        """机器人 of 沈阳机器人、洛阳农机装备等国家制造业创新中心."""
        if not code:
            return None
        noun = re.match(r"(?P<industry>[^、，。；等（）“”和与]{2,14})(?=、|等(?!方式))", self.text[end:])
        if (
            noun is None
            or edges(noun["industry"], self.vocabulary)
            or _STARTS.match(noun["industry"])
            or _AS_HEAD.match(noun.group())
        ):
            return None
        return noun["industry"] if not self.vocabulary.region_pattern.search(noun["industry"]) else None


def _counted(before: str, places: int) -> str | None:
    """丙 of 打造3个丙，依托 before three places."""
    match = _SO_MANY.search(before)
    return match["what"] if match and ordinal_in(match["number"]) == places else None


def _of_size(before: str, places: _List, predicate: str) -> Iterator[tuple[_Place, str]]:
    """打造甲百亿级丙集群."""
    match = _OF_SIZE.match(predicate)
    if match and re.search("(?:打造|建设|培育|形成|建成)$", before) and not _STARTS.match(match["what"]):
        yield from ((p, match.group()) for p in places.places)


_PARKS = ("产业园", "高新区", "经开区", "开发区", "园区", "工业园", "科技城", "功能区", "集聚区", "集中区")
#: What may stand behind a region as its part.
_INNER = {"province": ("city", "county"), "city": ("county",)}


def _with_codes(places: list[_Place]) -> tuple[_Place, ...]:
    """吉林 among cities is the city."""
    cities = [p for p in places if p.code and p.code.endswith("00") and not p.code.endswith("0000")]
    return tuple(replace(p, code=_CITY_CODES.get(p.name, p.code)) if cities else p for p in places)


def _without_tail_verb(predicate: str) -> str:
    """What is said up to the verb before the next list."""
    return re.sub(f"[，、]?(?:{_FOR}|以)$", "", predicate)


# --- what is said of a list ----------------------------------------------------------------------------


def _say(places: _List, predicate: str, chained: bool, vocabulary: Vocabulary) -> Iterator[tuple[_Place, str]]:
    """(place, role) for what is said behind a list of places."""
    each = _EACH.match(predicate)
    head = _AS_HEAD.match(predicate)
    if head and (places.verb == "以" or chained):
        behind = predicate[head.end() :]
        each = _EACH.match(behind)
        if each is None:
            roles = _built(behind.lstrip("，"), noun_only=True) or [(head["of"] or "") + head["what"]]
            # A park is the core of a city's industry, not a city that is one.
            yield from ((p, r) for r in roles for p in places.places if not p.park or head["of"])
            return
    if each:
        yield from _shared_out(places.places, each)
        return
    for role in _roles(places, predicate, chained, vocabulary):
        yield from ((p, role) for p in places.places)


def _shared_out(places: tuple[_Place, ...], each: re.Match[str]) -> Iterator[tuple[_Place, str]]:
    """甲、乙分别建设丙、丁."""
    parts = [p for p in re.split("、|，|以及|和", each["what"].rstrip("，")) if p]
    if len(parts) == len(places):
        yield from zip(places, parts, strict=True)
    elif each["verb"].endswith(("打造", "建设", "发展")):
        yield from ((p, each["what"]) for p in places)


def _roles(places: _List, predicate: str, chained: bool, vocabulary: Vocabulary) -> list[str]:
    predicate = re.sub("^(?:“[^“”]{1,6}”)+(?=.)", "", predicate)  # 大庆等“油城”
    if re.match(f"(?:\\d+个)?(?:{any_word('glued_parks')})", predicate):
        return []
    if places.verb is None:
        joined = _JOIN.search(predicate) if predicate.startswith("牵头") else _JOIN.match(predicate)
        if joined and _ROLE_NOUN.search(joined["what"]):
            return [joined["what"]]
        bare = _BARE.match(predicate)
        if not places.first or bare is None or predicate[bare.end() :].startswith(("、", "，", "的")):
            return []
        strong = not re.match("(?:加快|积极)?(?:打造|建设|创建|争创|建成)", predicate)
        return _read(predicate) if strong or chained else _built(predicate, noun_only=True)
    if places.verb == "以":
        return []
    if places.verb in ("依托", "立足"):
        return _from_strengths(predicate) if all(_is_region(p, vocabulary) for p in places.places) else []
    made = _MADE.match(predicate)
    if made:
        return _things(made["what"])
    if len(places.places) == 1 and not places.places[0].code and _TOGETHER.match(predicate.split("，")[0]):
        return []  # 推进京津冀协同发展
    if not _STARTS.match(predicate) and not places.closed and places.verb.endswith("建设"):
        return []  # 建设甲产业园、乙中心
    return _read(predicate)


def _is_region(place: _Place, vocabulary: Vocabulary) -> bool:
    return place.code is not None or place.name in vocabulary.region_names


def _from_strengths(predicate: str) -> list[str]:
    """What is to be built on the strengths of places."""
    first, *rest = predicate.split("，")
    if not _STRENGTHS.match(first):
        return []
    return next((roles for s in rest[:4] if (roles := _built(s, noun_only=True))), [])


def _read(predicate: str) -> list[str]:
    """The roles in what is said: what the places are to build, or else the first thing they are to do."""
    segments = [s for s in predicate.split("，") if s]
    if not segments:
        return []
    first = segments[0]
    made = _MADE.match(first)
    if made:
        return _things(made["what"])
    if not _STARTS.match(first) and not _IN_WHICH.match(first):
        return _in_nouns(first)
    for number, segment in enumerate(segments[:4]):
        match = _BUILD.search(segment)
        if match and (number or match.start() <= 40):
            if match.group().startswith(("建立", "探索", "形成")) or "探索" in segment[: match.start()]:
                return _explored(segment, match)
            more = [r for s in segments[number + 1 : 4] if _BUILD.match(s) for r in _built(s, noun_only=True)]
            return _things(match["what"]) + more
    if _IN_WHICH.match(first):
        return []
    plain = _LEAD_ADVERBS.sub("", _WAYS.sub("", first))
    plain = re.sub("^(?:试点)?(?:开展|实施)", "", plain) if plain.endswith(("试点", "便利化")) else plain
    return [plain] if len(plain) >= 3 else []


def _in_nouns(text: str) -> list[str]:
    """国家产教融合试点城市 of 国家产教融合试点城市建设, 产业协作."""
    noun = _NOUN_ROLE.sub("", re.split("向|引领|辐射|带动|发挥", text)[0])
    if noun.endswith(("港", "园区", "口岸")):
        return []  # 推进甲货运枢纽港建设: a work, and not what the place is to be
    if _ROLE_NOUN.search(noun) and not _VERB_WITHIN.search(noun):
        return [noun]
    if len(text) < 3 or _VERB_WITHIN.search(text) or not (_JOINT.search(text) or re.match("与|由", text)):
        return []
    return [text[:30]]


def _built(text: str, noun_only: bool) -> list[str]:
    """What is to be built or become, at the beginning of a text."""
    match = _BUILD.match(text)
    if match is None:
        return []
    named = _things(match["what"])
    return [n for n in named if _ROLE_NOUN.search(n)] if noun_only else named


def _explored(segment: str, build: re.Match[str]) -> list[str]:
    if "探索" not in segment:
        return _things(build["what"])[:1]
    return [_WAYS.sub("", segment[segment.find("探索") :])]


def _things(text: str) -> list[str]:
    """建设甲中心和乙枢纽: each of them where each is a role by itself."""
    text = re.sub("^(?:一批|若干)", "", text)
    for mark in ("、|和|以及", "、"):
        parts = [p for p in re.split(mark, text) if p]
        if len(parts) > 1 and all(_ROLE_NOUN.search(p) for p in parts):
            return parts
    return [text]
