"""Names in clauses: firms, parks and other carriers, platforms.

No list of names is used. A firm is an item of a list that the text itself calls firms (以…等企业为牵引), or a name with a
firm's tail (…公司, …集团). A park or platform is a name with a park's or platform's tail that says more than its kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from loaders.extraction.spans import Spans
from loaders.extraction.words import any_of, chain_names, chain_vocabulary, region_names, region_pattern, words
from loaders.normalise.repair import dictionary
from loaders.outline import ClausePath, Outline

_HAN = "\u4e00-\u9fff"
#: Verbs and particles at which a name cannot have begun earlier.
_EDGE = re.compile(
    r"(?:[，。；：、（）《》“”\n]|依托|支持|推动|推进|促进|加快|建设|打造|建立|成立|设立|组建|创建|争创|申建|"
    r"申报|构建|培育|发展|引进|引入|招引|整合|利用|发挥|围绕|聚焦|结合|借助|联合|联动|对接|衔接|融入|"
    r"参与|鼓励|引导|指导|协调|会同|布局|落户|入驻|入园|位于|坐落|毗邻|提升|做强|做大|做优|建强|建好|建成|"
    r"用好|用活|办好|扩大|拓展|深化|加强|强化|完善|规划|谋划|实施|开展|探索|争取|积极|高标准|高水平|高质量|"
    r"高起点|高规格|加速|大力|重点|全力|统筹|优化|运营|共建|共享|牵头|申请|认定|获批|纳入|列入|创新发展|"
    r"高质量发展|推广|开放|搭建|筹建|升级|改造|扩建|新建|续建|在建|规范|以|在|向|到|对|把|将|由|及|和|与|或|"
    r"为|是|等|于|至|从|并|且|使|让|按|被|给|其|各|该|的|带动|所称|辐射|引领|继续|做好|取消|健全|覆盖|"
    r"召开|增加|减少|抓好|搞好|保障|落实|时期|所有|其中|包括|集中|具备|形成|新增|谋划|启动|承办|推荐|遴选|"
    r"确定|考核|评估|评价|管理好|支撑|保护|开发好|前移|迁入|搬迁|进入|走进|驻|聚集|集聚在|同步|重点在|"
    r"城市打造)"
)
_GENERIC_START = re.compile(
    r"^(?:一批|一个|若干|多个|\d+个|[一二三四五六七八九十]+[个大家]|各类|各级|各|相关|有关|所有|全部|每个|每|其他|部分|更多|一些|重点|新的|新|该|本|主要|核心|国内外?|国际|海外|境外)+"
)
_LIST_CUE = (
    r"(?:支持|依托|围绕|推动|引进|引育|鼓励|发挥|借助|联合|整合|利用|以|对接|服务|推进|促进|深化与|加强与|"
    r"加快|重点|招引|培育|做强|做大|做优|壮大|建设|引导|带动|以及|包括|如|例如|聚焦|争取|吸引|保障|协调|指导|"
    r"拓展|抢抓|强化|跟踪|配合|与|和|由|对|向|扶持|帮助|用好|将|把|服务好|盯紧|紧盯|瞄准|加大|激发)"
)
#: 通威太阳能等链主企业; 甲、乙、丙等企业; 甲、乙等项目.
_LISTED_FIRMS = re.compile(
    rf"{_LIST_CUE}(?P<names>[^，。；：（）\n]{{2,120}}?)等(?P<kind>[^，。；：、（）\n]{{0,16}}?(?:企业|龙头|"
    rf"链主|公司|集团|厂商|运营商|车企|药企|央企|民企|国企|开发商|服务商|供应商|重大项目|重点项目|项目|巨头|"
    rf"领军者))"
)
_ONE_FIRM = re.compile(
    rf"(?P<kind>(?:链主|龙头|骨干|领军|头部|核心|重点)企业)(?P<names>[{_HAN}A-Za-z]{{2,12}})(?=的?(?:[，。；、]|项目|带动|牵引|引领|建设|扩大|加快))"
)
_SUFFIX = re.compile(
    rf"[{_HAN}A-Za-z0-9（）·]{{2,24}}?(?:(?:集团)?(?:有限责任公司|股份有限公司|有限公司|总公司|分公司)|集团公司|公司|集团)(?!有限|股份|公司|总公司)"
)
_PROJECT_FIRM = re.compile(
    rf"(?:^|[，、；：]|推进|推动|加快|建成|实施|支持|抓好|开工|投产)(?P<names>[{_HAN}A-Za-z]{{2,8}}(?:科技|"
    rf"能源|时代|股份|集团|汽车|电子|太阳能|锂电|锂能|动力|材料|新材|电气|光电|半导体|生物|药业|"
    rf"化工))(?=[{_HAN}0-9（）GWh万吨/年]{{0,20}}(?:项目|基地|工厂|生产线))"
)
_NO_LETTERS = re.compile(rf"^[{_HAN}A-Za-z0-9（）·&\-\.]{{2,24}}$")
_FUNCTION = re.compile(
    "^(?:以|由|与|和|及|对|向|把|将|支持|推动|促进|鼓励|引导|加快|深入|进一步|充分|积极|大力|重点|依托|发挥|一批|有条件|符合条件|具有|具备|成长|相关|各|全市|全省|本)"
)
#: 甲公司某地工厂: the firm stands before its plant.
_PLANT = re.compile("(?<=..)(?:工厂|基地|项目|生产线|产业园|二期|三期|一期)$")
_COMPANY_TAIL = re.compile("(?:有限责任公司|股份有限公司|有限公司|总公司|集团公司|分公司|公司|集团)$")
_UNITS_TAIL = re.compile("(?:集团|公司)$")


@dataclass(frozen=True)
class Named:
    """A name in a clause, what it is, and what the clause says of it.

    Parameters
    ----------
    kind: of a park or platform, its kind; None for a firm.
    role: in the words of the text.
    chain: the chain that the clause is about, if it is about one.
    """

    clause: ClausePath
    name: str
    kind: str | None
    role: str | None
    chain: str | None
    start: int
    end: int


def firms(outline: Outline, masked: Spans, responsible: list[tuple[str, int, int]]) -> list[Named]:
    """The firms that clauses name.

    Parameters
    ----------
    masked: what holds no firms: titles, brackets of responsible units.
    responsible: (name, start, end) of responsible units; companies among them are firms.
    """
    text = outline.text
    found: list[Named] = []
    for match in _LISTED_FIRMS.finditer(text):
        if not _hidden(match.start(), masked):
            found += _listed(outline, match)
    for match in _PROJECT_FIRM.finditer(text):
        name, start = _cut(match["names"], match.start("names"))
        if not _hidden(start, masked) and "等" not in name and _is_firm(name, alone=True):
            found.append(_named(outline, name, None, "项目企业", start, start + len(name)))
    for match in _plant().finditer(text):
        name, start = _cut(match["names"], match.start("names"))
        if not _hidden(start, masked) and _is_firm(name, alone=True):
            found.append(_named(outline, name, None, "项目企业", start, start + len(name)))
    for match in _SUFFIX.finditer(text):
        name, start = _cut(match.group(), match.start())
        if not _hidden(start, masked) and _is_company(name):
            found.append(_named(outline, name, None, None, start, match.end()))
    for name, start, end in responsible:
        if _UNITS_TAIL.search(name) and _is_company(name):
            found.append(_named(outline, name, None, "责任单位", start, end))
    return _once(found)


@lru_cache(maxsize=1)
def _plant() -> re.Pattern[str]:
    """中创新航成都基地: a firm, a place, and what it has there."""
    return re.compile(
        rf"(?<=[，、；：设推进快持施])(?P<names>[{_HAN}A-Za-z]{{2,8}}?)(?:{region_pattern().pattern})(?:生产)?(?:基地|工厂|项目)"
    )


def _listed(outline: Outline, match: re.Match[str]) -> list[Named]:
    """The firms of a list: all of its items, if they look like names and not like kinds of firms."""
    start = match.start("names")
    whole = match["names"]
    # The list begins after the last verb before it.
    pieces: list[tuple[str, int]] = []
    for piece in re.finditer("[^、]+", whole):
        pieces.append((piece.group(), start + piece.start()))
    first, at = pieces[0]
    cut = max((m.end() for m in re.finditer(f"{_LIST_CUE}|中的|包括|在蓉", first)), default=0)
    pieces[0] = (first[cut:], at + cut)
    split: list[tuple[str, int]] = []
    for name, place in pieces:
        parts = (
            re.split("(和|与|及|以及)", name) if not _is_firm(name) or re.search("..(?:和|与|及)..", name) else [name]
        )
        offset = place
        for part in parts:
            if part not in ("和", "与", "及", "以及") and part:
                split.append((part, offset))
            offset += len(part)
    names = [(_PLANT.sub("", n), p) for n, p in split if n]
    good = [(n, p) for n, p in names if _is_firm(n)]
    strong = [n for n, _ in good if _looks_proper(n)]
    if not good or 2 * len(good) < len(names) or not strong:
        return []
    kind = match["kind"]
    role = re.sub("^(?:一批|若干)", "", kind)
    return [_named(outline, n, None, role, p, p + len(n)) for n, p in good]


@lru_cache(maxsize=1)
def _industries() -> frozenset[str]:
    return frozenset((*words()["no_firms"], *words()["industries"], *chain_vocabulary()))


@lru_cache(maxsize=1)
def _trade() -> re.Pattern[str]:
    return re.compile(
        any_of(w for w in (*words()["trade_words"], *words()["industries"], *chain_names()) if len(w) > 1)
    )


def _is_firm(name: str, alone: bool = False) -> bool:
    """Whether an item of a list may be a firm's name."""
    if not _NO_LETTERS.match(name) or not 2 <= len(name) <= 14 or name in _industries() or name in dictionary():
        return False
    if _no_firm().search(name) or _FUNCTION.match(name) or region_pattern().fullmatch(name):
        return False
    return not alone or _looks_proper(name)


@lru_cache(maxsize=1)
def _no_firm() -> re.Pattern[str]:
    return re.compile(
        f"(?:{any_of(words()['no_firm_tails'])})$|[的之]|强链|补链|专精特新|单项冠军|独角兽|瞪羚|小巨人|规上|世界|中国\\d+强"
    )


@lru_cache(maxsize=1)
def _firm_tail() -> re.Pattern[str]:
    return re.compile(f"(?:{any_of(words()['firm_tails'])})$")


def _looks_proper(name: str) -> bool:
    """Whether a name is more than words of the language: a firm's tail behind something that is no such word."""
    tail = _firm_tail().search(name)
    stem = name[: tail.start()] if tail else name
    if not stem:
        return False
    if stem in _industries() or (tail and stem and _no_firm().search(stem)):
        return False
    if tail:
        return stem not in dictionary() or (len(stem) >= 2 and dictionary().get(stem, 0) < 2000)
    return not _made_of_words(name)


def _made_of_words(name: str) -> bool:
    """Whether a name falls into words of the dictionary, no two characters left over side by side."""
    least = [0] + [len(name) + 1] * len(name)
    for end in range(1, len(name) + 1):
        least[end] = least[end - 1] + 1
        for length in (2, 3, 4):
            if end >= length and name[end - length : end] in dictionary():
                least[end] = min(least[end], least[end - length])
    return least[-1] < 2


def _is_company(name: str) -> bool:
    stem = _COMPANY_TAIL.sub("", name)
    if len(stem) < 2 or re.search(
        "市属|省属|国有|企业|大型|跨国|中央|民营|上市|龙头|骨干|知名|专业|平台公司|子$|各|等$|的|融资担保|投资运营$|控股$|母$|运营$|一批|本地|区域|母公司",
        name,
    ):
        return False
    return not re.fullmatch(
        "(?:投资|运营|服务|租赁|担保|保险|科技|文化|旅游|产业|物流|贸易|建筑|能源|化工|汽车|平台|管理|资本|金融|城投|交投|国资)+",
        stem,
    )


def parks(outline: Outline, masked: Spans) -> list[Named]:
    """Parks and other carriers of industry that clauses name."""
    found = _expanded_parks(outline, masked)
    found += _with_tail(outline, masked, _park_tail(), set(words()["park_kinds"]))
    return _once(found)


def platforms(outline: Outline, masked: Spans) -> list[Named]:
    """Platforms of innovation and service that clauses name."""
    return _once(_with_tail(outline, masked, _platform_tail(), set(words()["platform_kinds"])))


@lru_cache(maxsize=1)
def _park_tail() -> re.Pattern[str]:
    return re.compile(f"(?:{any_of(words()['park_tails'])})(?!化|型)")


@lru_cache(maxsize=1)
def _platform_tail() -> re.Pattern[str]:
    return re.compile(f"(?:{any_of(words()['platform_tails'])})")


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
                name = place[_name_start(place) :]
            regions = list(region_pattern().finditer(name))
            if (
                name
                and regions
                and regions[0].start() == 0
                and len(name) <= 10
                and not _hidden(start, masked)
                and not _park_tail().search(name)
            ):
                at = start + len(place) - len(name)
                last = number == len(places) - 1
                found.append(
                    _named(
                        outline, name + match["tail"], match["tail"], None, at, match.end() if last else at + len(name)
                    )
                )
            start += len(place) + 1
    return found


def _name_start(text: str) -> int:
    """Where a name that ends a text begins: behind the last verb or particle that no region's name holds."""
    held = re.sub(region_pattern(), lambda m: "\x01" * len(m.group()), text)
    return max((m.end() for m in _EDGE.finditer(held)), default=0)


def _with_tail(outline: Outline, masked: Spans, tail: re.Pattern[str], kinds: set[str]) -> list[Named]:
    text = outline.text
    found: list[Named] = []
    done = 0
    for match in tail.finditer(text):
        if match.start() < done or _hidden(match.start(), masked):
            continue
        end = match.end()
        start, stem = _stem(text, match.start())
        if _BATCH.search(text[max(0, start - 6) : start]) or end - start > 30 or text[start:end] in region_names():
            continue
        if not _is_name(stem, match.group(), kinds, text[max(0, start - 8) : start]):
            continue
        of_parts = _PARTS.match(text, end)
        end = of_parts.end() if of_parts else end
        found.append(_named(outline, text[start:end], match.group(), _role(text, start), start, end))
        done = end
    return found


#: 中关村科技园（石景山园、门头沟园）: the bracket is part of the name.
_PARTS = re.compile(f"（[{_HAN}]{{2,6}}(?:园|片区|区)(?:、[{_HAN}]{{2,6}}(?:园|片区|区))*）")
#: 一枢纽四基地: a slogan counts kinds of places.
_SLOGAN = re.compile("[一二三四五六七八九十两多][^一二三四五六七八九十两多]{1,3}[一二三四五六七八九十两多]")
_BATCH = re.compile("(?:一批|若干|多个|各类|系列|一系列|一个)$")
_TITLES = re.compile("(?:争创|创建|申建|申报|获批|创成|建成)$")


def _stem(text: str, tail_start: int) -> tuple[int, str]:
    """(where a name begins, what stands before its tail)."""
    start = _left_edge(text, tail_start)
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
    return len(stem) <= 12 and not _made_of_words(_trade().sub("", stem))


def _left_edge(text: str, tail_start: int) -> int:
    """Where the name before a tail begins."""
    floor = max(0, tail_start - 26)
    window = text[floor:tail_start]
    # Brackets within a name (西部（成都）科学城) do not end it.
    inner = re.sub(r"（[^（）、，。]{1,10}）", lambda m: "\x01" * len(m.group()), window)
    held = re.sub(region_pattern(), lambda m: "\x01" * len(m.group()), inner)
    edge = 0
    for match in _EDGE.finditer(held):
        edge = match.end()
    return floor + edge


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
            return len(rest) >= 2 and bool(re.search(f"[{_HAN}A-Za-z]{{2}}", rest))
        rest = rest[len(word) :]
    return False


def _role(text: str, start: int) -> str | None:
    before = text[max(0, start - 60) : start]
    clause = re.split("[，。；\n]", before)[-1]
    verb = re.search("(依托|支持|建设|打造|创建|争创|加快建设|推进|提升|建强|整合|探索建立|以)[^，。；]*$", clause)
    return verb.group(1) if verb else None


def _named(outline: Outline, name: str, kind: str | None, role: str | None, start: int, end: int) -> Named:
    return Named(outline.path_at(start), name, kind, role, chain_of(outline, start), start, end)


def chain_of(outline: Outline, place: int) -> str | None:
    """The chain that the clause at a place is about: the one its heading names."""
    clause = outline.at(place)
    if clause is None or not clause.heading:
        return None
    names = sorted(chain_names(), key=len, reverse=True)
    return next((chain_names()[n] for n in names if n in clause.heading), None)


def _cut(name: str, start: int) -> tuple[str, int]:
    """A name without what leads up to it; an edge that leaves no name (华为|技术有限公司) is none."""
    held = re.sub(region_pattern(), lambda m: "\x01" * len(m.group()), name)
    held = re.sub(r"（[^（）]{1,10}）", lambda m: "\x01" * len(m.group()), held)
    for edge in sorted({m.end() for m in _EDGE.finditer(held) if m.end() <= len(name) - 2}, reverse=True):
        stem = _COMPANY_TAIL.sub("", name[edge:])
        if len(stem) >= 2 and stem not in dictionary():
            return name[edge:], start + edge
    return name, start


def _hidden(place: int, masked: Spans) -> bool:
    return masked.hold(place)


def _once(found: list[Named]) -> list[Named]:
    """Each name once in a clause; of names that overlap the longer."""
    kept: dict[tuple[ClausePath, str], Named] = {}
    for item in sorted(found, key=lambda n: (n.start, -(n.end - n.start))):
        inside = any(
            o.start <= item.start
            and item.end <= o.end
            and o.name != item.name
            and o.clause == item.clause
            and len(o.name) >= len(item.name)
            for o in kept.values()
            if "、" not in o.name
        )
        if not inside or item.name in {k[1] for k in kept}:
            kept.setdefault((item.clause, item.name), item)
    return list(kept.values())
