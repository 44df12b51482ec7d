"""Regions that clauses name, and which city is named for what."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from loaders.extraction.spans import Spans
from loaders.extraction.words import RegionName, any_of, region_names, region_pattern, town_names, town_pattern, words
from loaders.outline import ClausePath, Outline

_ABBREVIATED = re.compile("(?:[\u4e00-\u9fff]（[\u4e00-\u9fff]{1,2}）){2,}")
_BELT = re.compile(
    "(?:“[^“”]{1,8}(?:走廊|经济带|产业带|城市群|都市圈)”|(?:双城)?经济圈|都市圈|经济带|城市群|科创走廊|产业走廊|走廊|产业带)"
)
_BODY = re.compile(
    r"(?:市|省|区|县)?(?:委|人民政府|政府|人大|政协|发展改革|发改|经信|经济和信息化|科技局|财政|生态环境|商务|大学|学院|银行|海关|理工|电力|日报|联合产权|交易所|证券|铁路局|集团|公司|税务)"
)
_VERB = r"(?:支持|鼓励|推动|推进|促进|加快|引导|指导|深化|依托|以|将|把|统筹|做好|聚焦|强化|允许|赋予|提升|增强|巩固|建设|发挥|同意|批准|选择|在|争取)"
_AND = re.compile("[、，]?(?:和|及|与|以及|或)?")
_PLACES = re.compile(
    r"等(?:\d+个)?(?:省会|中心|重点|节点|示范区|老工业|资源型|有条件的|试点)?(?:城市|地区|地方|省市|市县|区县|县市|县区|市|地|省|县)(?!级|属|域|内)(?:（[^（）]*）)?"
)
_BUILD = re.compile(
    r"(?:加快|积极|大力|着力|共同|联合|全面|高标准|高水平|高质量|推进|培育|协同|率先|持续)*(?:建设成为|建设成|"
    r"建设|打造成为|打造成|打造|创建|争创|建成|建立|成为|创办|申建|申报|申请设立|设立|布局|形成)(?:成为|为|"
    r"成)?(?P<what>[^，。；]{3,40})"
)
_WAYS = re.compile("的?(?:有效)?(?:途径|路径|模式|机制|做法|方式|经验|新路子|新路)$")
_LEAD_ADVERBS = re.compile(
    "^(?:加快|积极|大力|着力|有序|因地制宜|进一步|持续|全面|深入|率先|充分|切实|科学|稳步|不断|协同|共同)+(?=推进|推动|开展|探索|建设|发展|利用|发挥|实施|承接|完善|提升|.{4})"
)
_NOUN_ROLE = re.compile("(?:建设|创建|发展|试点建设|提质升级)$")
_ROLE_NOUN = re.compile(
    "(?:中心|枢纽|基地|城市|示范区|试验区|先行区|高地|门户|支点|节点|试点|引擎|增长极|样板|集群|走廊|园区|新区|口岸|港|平台)$"
)


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


def regions(outline: Outline, masked: Spans) -> list[Region]:
    """The regions that clauses name by themselves, not as part of another name; each once in a clause.

    Parameters
    ----------
    masked: (start, end) of other names, titles, brackets of responsible units.
    """
    text = outline.text
    found: dict[tuple[ClausePath, str], Region] = {}

    def add(name: str, known: RegionName | None, kind: str, members: tuple[str, ...], start: int, end: int) -> None:
        path = outline.path_at(start)
        code = known.code if known is not None else None
        found.setdefault((path, name), Region(path, name, kind, code, members, start, end))

    taken: list[tuple[int, int]] = []
    for match in _ABBREVIATED.finditer(text):
        if not masked.hold(match.start()):
            members = tuple(
                re.sub("[（）]", "", m) for m in re.findall("[\u4e00-\u9fff]（[\u4e00-\u9fff]{1,2}）", match.group())
            )
            if all(m in region_names() for m in members):
                add(match.group(), None, "city_group", members, match.start(), match.end())
                taken.append(match.span())
    for match in region_pattern().finditer(text):
        start, end = match.span()
        if masked.hold(start) or _inside(start, taken) or _BODY.match(text, end):
            continue
        known = region_names()[match.group()]
        if text[start - 1 : start] == "“" and text[end : end + 1] != "”":
            continue
        belt = _BELT.match(text, end)
        if belt:
            kind = "corridor" if "走廊" in belt.group() else "circle"
            members = known.members or (match.group(),)
            add(text[start : belt.end()], None, kind, members, start, belt.end())
        elif not _part_of_a_word(text, start, end, known):
            add(match.group(), known, known.kind, known.members, start, end)
    return sorted(found.values(), key=lambda r: r.start)


def _part_of_a_word(text: str, start: int, end: int, known: RegionName) -> bool:
    """A short name inside another word: 海口 in 海口岸, 上海 in 上海外."""
    if known.kind in ("zone_class", "city_group") or known.name[-1] in "省市县区州盟旗":
        return False
    return text[end : end + 1] in ("号", "路", "街", "道", "牌", "菜", "味") or text[start - 1 : start] in ("·",)


def _inside(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(s <= place < e for s, e in spans)


#: Cities that are called like their province.
_CITY_CODES = {"吉林": "220200"}


@dataclass(frozen=True)
class _Place:
    name: str
    parent: str | None
    code: str | None
    start: int
    end: int
    industry: str | None = None


def city_roles(outline: Outline, masked: Spans) -> list[CityRole]:
    """Which city a clause names for what: 支持甲、乙等城市…建设丙.

    Parameters
    ----------
    masked: (start, end) of titles and brackets of responsible units.
    """
    found: list[CityRole] = []
    for _, start, end in outline.passages():
        for match in re.finditer(r"[^\n。；]+", outline.text[start:end]):
            offset = start + match.start()
            if not masked.hold(offset):
                found += _Sentence(outline, offset, match.group(), masked).read()
    unique = {(r.clause, r.place, r.role, r.industry): r for r in found}
    return list(unique.values())


class _Sentence:
    def __init__(self, outline: Outline, offset: int, text: str, masked: Spans) -> None:
        self.outline, self.offset, self.text = outline, offset, text
        self.hidden = masked

    def read(self) -> list[CityRole]:
        found: list[CityRole] = []
        done = 0
        for match in re.finditer(_VERB, self.text):
            if match.start() < done:
                continue
            places, end = self._places(match.end())
            if not any(p.code for p in places):
                continue
            found += self._roles(places, end)
            done = end
        return found

    def _places(self, begin: int) -> tuple[list[_Place], int]:
        """The places listed from ``begin``, and where the list ends."""
        places: list[_Place] = []
        parent: str | None = None
        at = begin
        while True:
            place, parent = self._place(at, parent, listed=bool(places))
            if place is None:
                break
            places.append(place)
            at = place.end
            between = _AND.match(self.text, at)
            following = between.end() if between else at
            if following == at or self._place(following, parent, listed=True)[0] is None:
                break
            at = following
        return places, at

    def _place(self, at: int, parent: str | None, listed: bool) -> tuple[_Place | None, str | None]:
        """A region at a place, with the one it is in before it: 重庆市大渡口区.

        In a list with other regions (``listed``, or where one follows) a short name that is a word too is one.
        """
        match = region_pattern().match(self.text, at)
        loose = town_pattern().match(self.text, at) if match is None else None
        if loose is not None and (listed or region_pattern().match(self.text, loose.end() + 1, loose.end() + 12)):
            match = loose
        if match is None or self.hidden.hold(self.offset + at):
            return None, parent
        known = region_names().get(match.group()) or town_names()[match.group()]
        if known.kind == "zone_class":
            return None, parent
        end, code = match.end(), known.code
        inner = region_pattern().match(self.text, end)
        if inner and region_names()[inner.group()].kind == "county" and known.kind in ("province", "city"):
            parent, end, code = match.group(), inner.end(), region_names()[inner.group()].code
        elif known.kind != "county":
            parent = None
        following = self.text[end : end + 8]
        industry = None
        if following and code and not re.match("[、，和及与等以]|$", following):
            noun = re.match(r"(?P<industry>[^、，。；等（）“”]{2,14})(?=、|等(?!方式))", self.text[end:])
            if noun and not re.match(_VERB + "|建|打|创|通过|利用|开展|实施|培育|发展|夯实|探索", noun["industry"]):
                industry = noun["industry"]
        name = self.text[at:end]
        last = end + len(industry) if industry else end
        return _Place(name, parent, code, at, last, industry), parent

    def _roles(self, places: list[_Place], end: int) -> list[CityRole]:
        rest = self.text[end:]
        listed = _PLACES.match(rest)
        others = re.match("以及[^，。；]{2,16}等地区", rest[listed.end() :]) if listed else None
        if listed:
            predicate = rest[(listed.end() + (others.end() if others else 0)) :]
        elif rest.startswith("等"):
            predicate = rest[1:]
        elif (
            len(places) == 1
            and not re.match(
                "(?:市|省|县|区)?(?:加快|积极|建设|打造|创建|争创|率先|探索|发展|申建|成为|开展|做强)", rest
            )
        ) or (
            len(places) > 1
            and not re.match(
                "(?:等|加快|积极|建设|打造|创建|争创|率先|探索|发展|申建|成为|开展|共建|联合|协同|一体化|与|同城化|都市圈)",
                rest,
            )
        ):
            return []
        else:
            predicate = rest
        if not listed and rest.startswith("等") and re.match(_tails(), predicate):
            return []
        roles = _read_predicate(_own(predicate))
        cities = [p for p in places if p.code and p.code.endswith("00") and not p.code.endswith("0000")]
        if cities:
            # 吉林 among cities is the city.
            places = [replace(p, code=_CITY_CODES.get(p.name, p.code)) for p in places]
        return [CityRole(self.outline.path_at(self.offset + p.start), p.name, role, p.industry, p.parent, p.code,
                         self.offset + p.start, self.offset + p.end) for role in roles for p in places]  # fmt: skip


def _own(predicate: str) -> str:
    """What is said of these places, up to where another place is named for something."""
    segments = predicate.split("，")
    for index, segment in enumerate(segments[1:], start=1):
        verb = re.match(_VERB, segment)
        if verb and region_pattern().match(segment, verb.end()):
            return "，".join(segments[:index])
    return predicate


def _tails() -> str:
    return (
        f"(?:\\d+个)?(?:{any_of(['高新区', '经开区', '高新技术产业开发区', '经济技术开发区', '开发区', '综合保税区'])})"
    )


def _read_predicate(predicate: str) -> list[str]:
    """The roles in what is said of cities: what they are to build, or else the first thing they are to do."""
    segments = [s for s in predicate.split("，") if s]
    if not segments:
        return []
    first = segments[0]
    if not _starts_with_verb(first):
        noun = _NOUN_ROLE.sub("", first)
        if _ROLE_NOUN.search(noun):
            return [noun]
        return [first] if 3 <= len(first) <= 30 else [first[:30]] if len(first) > 30 else []
    for segment in segments[:4]:
        match = _BUILD.search(segment)
        if match and (segment is not first or match.start() <= 40):
            named = [re.sub("^(?:一批|若干)", "", w) for w in _things(match["what"])]
            if match.group().startswith(("建立", "探索", "形成")) or "探索" in segment[: match.start()]:
                return [_WAYS.sub("", segment[max(0, segment.find("探索")) :]) if "探索" in segment else named[0]]
            return named
    plain = _LEAD_ADVERBS.sub("", _WAYS.sub("", first))
    return [plain] if len(plain) >= 3 else []


def _things(text: str) -> list[str]:
    """建设甲中心和乙枢纽: each of them where each is a role by itself."""
    parts = [p for p in re.split("、|和|以及", text) if p]
    if len(parts) > 1 and all(_ROLE_NOUN.search(p) for p in parts):
        return parts
    return [text]


def _starts_with_verb(text: str) -> bool:
    return bool(
        re.match(
            (
                r"(?:加快|积极|大力|着力|有序|因地制宜|进一步|持续|全面|深入|率先|充分|切实|科学|稳步|不断|协同|共同|通过|"
                r"利用|依托|立足|发挥|夯实|建设|打造|创建|争创|探索|培育|发展|推进|推动|开展|实施|承接|完善|提升|结合|"
                r"围绕|申报|申建|设立|参与|做强|做大|联合|成为|建立|建成|布局|增强|优化|加强|改造)"
            ),
            text,
        )
    )


def zone_words() -> list[str]:
    """Kinds of districts inside a city."""
    return list(words()["zone_classes"])
