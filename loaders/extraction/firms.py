"""Firms that clauses name.

No list of firms is used. A firm is an item of a list that the text itself calls firms (甲、乙等龙头企业, 以甲为链主), a
name behind such a word (链主企业甲), a name with a firm's tail that does or builds something (支持甲新能扩产, 甲新能电池
项目), or a full name (…公司, …集团). What was found once is found again where the document names it without any of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from loaders.extraction.names import HAN, Named, edges, made_of_words, name_start, named, once
from loaders.extraction.spans import Spans
from loaders.extraction.words import (
    any_of,
    chain_vocabulary,
    region_names,
    region_pattern,
    town_names,
    words,
)
from loaders.normalise.repair import dictionary
from loaders.outline import Outline

#: How often a word of the dictionary's corpus may stand there to be a brand, or the stem of a firm's name.
_RARE, _COMMON, _STEM_IS_RARE = 1200, 2000, 200
#: A list reaches back no farther.
_LONGEST_LIST = 160
_FIRM_WORD = (
    "企业|龙头|链主|公司|集团|厂商|厂家|运营商|车企|药企|央企|民企|国企|房企|开发商|服务商|供应商|制造商|造车新势力|主机厂|"
    "重大项目|重点项目|产业化项目|项目|巨头|领军者|领跑者"
)
#: 甲、乙等链主企业; 甲、乙等项目; 甲、乙等单位, which need not be firms.
_ET_CETERA = re.compile(
    rf"等(?P<kind>[^，。；：、（）\n等]{{0,16}}?(?:{_FIRM_WORD}|单位|主体|用户))(?!集群|家属|主管|管理|办)"
)
#: 以甲、乙为龙头; 甲、乙为代表的企业.
_HEAD = re.compile(
    r"等?为(?P<kind>(?:产业链)?(?:链主|龙头|骨干|代表|牵引|引领|主力)(?:企业)?)(?:、|，|。|；|的(?:[^，。；]{0,12}?(?:企业|厂商|公司))?)"
)
#: 等方式支持企业 is no list of firms.
_NO_KIND = re.compile(
    "^(?:方式|手段|措施|办法|形式|政策|渠道|活动|环节|领域|行业|产业|方面|工作|高校|院所|部门|要求|条件)|"
    "支持|鼓励|推动|帮助|服务企业|引导|为企业|对企业|向企业|行业企业|产业企业|领域企业|重点行业"
)
#: Lists that may hold others than firms.
_MIXED = re.compile("(?:单位|主体|用户)$")
#: What is called so is a firm, whatever it is called.
_SURELY = re.compile("央企|车企|跨国公司|新势力|巨头")
#: 链主企业甲、乙带动: the word stands before.
_CALLED = re.compile(
    rf"(?P<kind>(?:链主|龙头|骨干|领军|头部|核心|本地|本土|重点|标杆)企业)(?P<names>[{HAN}A-Za-z、]{{2,40}}?)(?="
    r"的?(?:[，。；]|等|项目|带动|牵引|牵头|引领|建设|扩大|加快|为|在|与|和|作用|开展|发展|做|拓展|增资|上市|扩产))"
)
_SUFFIX = re.compile(
    rf"[{HAN}A-Za-z0-9（）·]{{2,24}}?(?:(?:集团)?(?:有限责任公司|股份有限公司|有限公司|总公司|分公司)|集团公司|公司|集团)(?!有限|股份|公司|总公司|军)"
)
_COMPANY_TAIL = re.compile("(?:有限责任公司|股份有限公司|有限公司|总公司|集团公司|分公司|公司|集团)$")
_UNITS_TAIL = re.compile("(?:集团|公司)$")
#: Branches and boards of the place answer as units; they are no firms of a chain.
_LOCAL_UNIT = re.compile("^[市省县区州旗]|供电|电网|分公司|电信|移动|联通|铁塔|各|有关|相关")
_CHARACTERS = re.compile(rf"^[{HAN}A-Za-z0-9（）·&\-]{{2,24}}$")
_PLACE_BRACKET = re.compile(rf"（[{HAN}]{{2,8}}）")
_ADMINISTRATIVE = "市县区州盟旗省"
#: What a firm builds: where the firm's name must have ended before.
_WORKS = re.compile(
    rf"(?:第?[一二三四五六七八九十]期|年产|总投资|新建|扩建|改扩建|\d)[{HAN}A-Za-z0-9（）/\.\-]*$|"
    r"(?:项目|基地|工厂|生产线|产线|产业园|智能工厂|总部|研发中心|工程|二期|三期|一期)+$"
)
_PLANT = re.compile(r"(?:项目|基地|工厂|生产线|产线|产业园|总部)")
_DOES = (
    r"(?:做|扩|上市|挂牌|牵头|开展|加快|建设|在|与|和|联合|携手|增资|落户|设立|建成|参与|发挥|实施|打造|拓展|深化|成长|发展|投产|达产|"
    r"入驻|带动|扎根|布局|加大|提升|为|组建|引领|并购|转型|、|等|$)"
)


@dataclass(frozen=True)
class _Mention:
    name: str
    start: int
    role: str | None = None

    @property
    def end(self) -> int:
        return self.start + len(self.name)


def firms(outline: Outline, masked: Spans, responsible: list[tuple[str, int, int]]) -> list[Named]:
    """The firms that clauses name.

    Parameters
    ----------
    masked: what holds no firms: titles, brackets of responsible units.
    responsible: (name, start, end) of responsible units; companies among them are firms.
    """
    text = outline.text
    ways = (_in_lists, _called_firms, _with_works, _at_work, _with_full_names)
    mentions = [m for way in ways for m in way(text) if not masked.hold(m.start)]
    mentions += [m for m in _again(text, mentions) if not masked.hold(m.start)]
    mentions += [
        _Mention(name, max(start, text.find(name, start, end)), "责任单位")
        for name, start, end in responsible
        if _UNITS_TAIL.search(name) and _is_company(name) and not _LOCAL_UNIT.search(name)
    ]
    return once([named(outline, m.name, None, m.role, m.start, m.end) for m in mentions])


# --- ways to name a firm -------------------------------------------------------------------------------


def _in_lists(text: str) -> Iterator[_Mention]:
    """甲、乙等链主企业; 以甲、乙为龙头."""
    floor = 0
    for match in sorted((*_ET_CETERA.finditer(text), *_HEAD.finditer(text)), key=lambda m: m.start()):
        if _NO_KIND.search(match["kind"]):
            continue
        begin = _list_begin(text, match.start(), floor)
        role = re.sub("^(?:一批|若干)", "", match["kind"])
        yield from _listed(text[begin : match.start()], begin, role, strict=bool(_MIXED.search(match["kind"])))
        floor = match.end()


def _list_begin(text: str, end: int, floor: int) -> int:
    """Where a list that ends at a place can have begun: behind the last mark outside brackets."""
    depth = 0
    for at in range(end - 1, max(floor, end - _LONGEST_LIST) - 1, -1):
        if text[at] == "）":
            depth += 1
        elif text[at] == "（":
            depth -= 1
        if depth < 0 or (depth == 0 and text[at] in "，。；：\n") or text[at] == "\n":
            return at + 1
    return max(floor, end - _LONGEST_LIST)


def _listed(whole: str, begin: int, role: str, strict: bool) -> list[_Mention]:
    """The firms of a list: all of its items, if they look like names and not like kinds of firms."""
    items = [_bare(name, start) for name, start in _items(whole, begin)]
    good = [m for m in items if _may_be_firm(m.name)]
    proper = [m for m in good if _looks_proper(m.name)]
    if strict:
        good = [m for m in proper if _firm_tail().search(m.name)]
    elif len(proper) * 2 >= len(items) or _SURELY.search(role):
        # Brands that are words too (长安, 东风) among other names.
        good += [m for m in items if m not in good and _may_be_firm(m.name, brand=True)]
    if not (proper or _SURELY.search(role)) or not good or (2 * len(good) < len(items) and not strict):
        return []
    return [_Mention(m.name, m.start, role) for m in good]


def _items(whole: str, begin: int) -> list[tuple[str, int]]:
    """(item, place) of a list, without the verbs before the first."""
    pieces = [(m.group(), begin + m.start()) for m in re.finditer(r"(?:[^、（“”]|（[^（）]*）)+", whole)]
    if not pieces:
        return []
    first, start = pieces[0]
    cut = max((m.end() for m in _cue().finditer(first)), default=0)
    if len(first) - cut > 14:
        cut = max(cut, name_start(first))
    pieces[0] = (first[cut:], start + cut)
    return [item for piece in pieces for item in _joined(*piece)]


def _joined(piece: str, start: int) -> Iterator[tuple[str, int]]:
    """甲和乙: both, unless the whole is a name."""
    if _may_be_firm(piece) and not re.search("..(?:和|与|及|以及)..", piece):
        yield piece, start
        return
    for match in re.finditer("(?:(?!以及|和|与|及).)+", piece):
        yield match.group(), start + match.start()


def _called_firms(text: str) -> Iterator[_Mention]:
    """链主企业甲."""
    for match in _CALLED.finditer(text):
        for part in re.finditer("[^、]+", match["names"]):
            name, start = part.group(), match.start("names") + part.start()
            if _may_be_firm(name) and _is_coined(name):
                yield _Mention(name, start, match["kind"])


def _with_works(text: str) -> Iterator[_Mention]:
    """甲新能年产10万吨电池材料项目; 甲新航成都基地."""
    for match in _PLANT.finditer(text):
        begin = max(text.rfind(mark, 0, match.start()) for mark in "，。；：、\n（“") + 1
        run = text[max(begin, match.start() - 40) : match.start()]
        cut = max((m.end() for m in _cue().finditer(run) if m.end() <= len(run) - 2), default=0)
        bare = _without_place(run[cut:])
        found = _leading_firm(bare) or _before_place(bare)
        if found:
            yield _Mention(found, match.start() - len(bare), "项目企业")


def _before_place(run: str) -> str | None:
    """中创新航 of 中创新航成都(基地): a name right before a place."""
    for place in region_pattern().finditer(run):
        name = run[: place.start()]
        if place.end() >= len(run) - 4 and 3 <= len(name) <= 8 and _may_be_firm(name) and _is_coined(name):
            return name
    return None


def _at_work(text: str) -> Iterator[_Mention]:
    """支持甲新能做大做强: a verb, a name with a firm's tail, a verb."""
    for match in _support().finditer(text):
        run = re.split("[，。；：（\n“”]", text[match.end() : match.end() + 24])[0]
        start = match.end()
        for part in re.split("(、|和|与|及)", run):
            bare = _without_place(part)
            name = _leading_firm(bare)
            if name and re.match(_DOES, bare[len(name) :]):
                yield _Mention(name, start + len(part) - len(bare))
            elif part not in "、和与及":
                break
            start += len(part)


def _with_full_names(text: str) -> Iterator[_Mention]:
    for match in _SUFFIX.finditer(text):
        name = _from_edge(match.group())
        if _is_company(name):
            yield _Mention(name, match.end() - len(name))


def _again(text: str, mentions: list[_Mention]) -> Iterator[_Mention]:
    """Where the text names a firm once more without saying that it is one."""
    names = {m.name for m in mentions if len(m.name) >= 3 and _is_coined(m.name)}
    if not names:
        return
    for match in re.finditer(f"(?<![A-Za-z])(?:{any_of(names)})(?![A-Za-z])", text):
        if not _splits_word(text[match.start() : match.end() + 4], len(match.group())):
            yield _Mention(match.group(), match.start())


#: 好比亚迪 of 保障好比亚迪, 链主企业甲.
_LEAD = re.compile("(?:好|中的|包括|在蓉|(?:链主|龙头|骨干|领军|头部|本地|本土|重点)?企业)(?=..)")


# --- what a firm's name is made of ---------------------------------------------------------------------


def _bare(name: str, start: int) -> _Mention:
    """An item without its place before, and what the firm builds behind."""
    lead = _LEAD.match(name)
    if lead and _may_be_firm(name[lead.end() :]):
        name, start = name[lead.end() :], start + lead.end()
    bare = _without_place(name)
    start += len(name) - len(bare)
    return _Mention(_without_works(bare), start)


def _without_place(name: str) -> str:
    """宁德时代 of 宜宾三江新区宁德时代; 四川华能 keeps its place."""
    park = re.match(rf".{{2,12}}?(?:{any_of(words()['glued_parks'])})(?=..)", name)
    region = region_pattern().match(name)
    if park:
        rest = name[park.end() :]
    elif region and region.group()[-1] in _ADMINISTRATIVE:
        rest = name[region.end() :]
    else:
        rest = next((name[n:] for n in (4, 3) if name[:n] in _counties()), name)
    of = rest.removeprefix("的")
    if of != name and of == rest and not _looks_proper(of):
        return name
    return of if len(of) >= 2 else name


@lru_cache(maxsize=1)
def _counties() -> frozenset[str]:
    """Counties without 区, 县 (龙泉驿)."""
    return frozenset(n[:-1] for n, r in region_names().items() if r.kind == "county" and len(n) > 3) | frozenset(
        n for n in town_names() if len(n) > 2
    )


def _without_works(name: str) -> str:
    """江海新能 of 江海新能二期, of 江海新能年产2万吨电解液项目, of 江海新能动力电池."""
    lead = _leading_firm(name)
    if lead and (_made_by().match(name[len(lead) :]) or not _firm_tail().search(name)):
        return lead
    if _firm_tail().search(name) and not _PLANT.search(name):
        return name
    short = _WORKS.sub("", name)
    for _ in range(3):
        short = _WORKS.sub("", short)
    bare = re.sub(f"(?:{_product().pattern})+$", "", short) if short != name else short
    place = region_pattern().search(bare)
    if short != name and place and place.start() >= 2 and place.end() == len(bare):
        bare = bare[: place.start()]
    return bare if len(bare) >= 2 else name


def _leading_firm(run: str) -> str | None:
    """The firm that a run of text begins with: a coined word and a firm's tail, as far as tails go on."""
    for end in range(3, min(len(run), 14) + 1):
        for tail in words()["firm_tails_sure"]:
            name = run[:end]
            if not name.endswith(tail) or not _is_stem(name.removesuffix(tail), tail) or not _may_be_firm(name):
                continue
            more = re.match("(?:科技|股份|控股|集团)+", run[end:])
            end = end + more.end() if more else end  # noqa: PLW2901
            if not _splits_word(run, end):
                return run[:end]
    return None


def _is_stem(stem: str, tail: str) -> bool:
    """Whether a firm's tail makes a name of what stands before it: a place only with some (宁德时代, not 临江能源)."""
    if region_pattern().fullmatch(stem):
        return tail in words()["firm_tails_of_places"]
    return _is_coined(stem)


def _splits_word(run: str, at: int) -> bool:
    """Whether a cut at a place goes through a word of the language or the trade (新能|源, 动力|电池)."""
    known = (_trade_names(), dictionary())
    return any(
        run[first:last] in words
        for first in range(max(0, at - 4), at)
        for last in range(at + 1, min(len(run), at + 4) + 1)
        if last - first >= 2
        for words in known
    )


@lru_cache(maxsize=1)
def _trade_names() -> frozenset[str]:
    return frozenset((*words()["industries"], *words()["trade_words"], *chain_vocabulary()))


@lru_cache(maxsize=1)
def _industries() -> frozenset[str]:
    return frozenset((*words()["no_firms"], *words()["industries"], *chain_vocabulary()))


def _may_be_firm(name: str, brand: bool = False) -> bool:
    """Whether an item of a list may be a firm's name; with ``brand`` a rare word too."""
    length = len(_PLACE_BRACKET.sub("", name))
    if not _CHARACTERS.match(name) or not 2 <= length <= 14 or name in _trade_names() or name in words()["no_firms"]:
        return False
    if name in dictionary() and not (brand and len(name) == 2 and dictionary()[name] < _RARE):
        return False
    return not (_no_firm().search(name) or _FUNCTION.match(name) or region_pattern().fullmatch(name))


_FUNCTION = re.compile(
    "^(?:以|由|与|和|及|对|向|把|将|支持|推动|促进|鼓励|引导|加快|深入|进一步|充分|积极|大力|重点|依托|发挥|一批|有条件|符合条件|具有|具备|成长|相关|各|全市|全省|本)"
)


@lru_cache(maxsize=1)
def _no_firm() -> re.Pattern[str]:
    return re.compile(
        f"(?:{any_of(words()['no_firm_tails'])})$|[的之]|强链|补链|专精特新|单项冠军|独角兽|瞪羚|小巨人|规上|世界|中国\\d+强"
    )


@lru_cache(maxsize=1)
def _firm_tail() -> re.Pattern[str]:
    return re.compile(f"(?:{any_of(words()['firm_tails'])})$")


@lru_cache(maxsize=1)
def _cue() -> re.Pattern[str]:
    """Words before a list of firms."""
    return re.compile(any_of(words()["firm_cues"]))


@lru_cache(maxsize=1)
def _support() -> re.Pattern[str]:
    return re.compile(any_of(words()["firm_supports"]))


@lru_cache(maxsize=1)
def _made_by() -> re.Pattern[str]:
    """What stands behind a firm's name if it is what the firm makes."""
    return re.compile(f"(?=..)(?:(?:{_product().pattern})+$|{_WORKS.pattern})")


@lru_cache(maxsize=1)
def _product() -> re.Pattern[str]:
    return re.compile(any_of(n for n in _trade_names() if len(n) > 1))


def _looks_proper(name: str) -> bool:
    """Whether a name is more than words of the language: a firm's tail behind something that is no such word."""
    name = _PLACE_BRACKET.sub("", name)
    tail = _firm_tail().search(name)
    stem = name[: tail.start()] if tail else name
    if not stem or stem in _industries() or (tail and _no_firm().search(stem)):
        return False
    if tail:
        return dictionary().get(stem, 0) < _COMMON
    return not made_of_words(name)


def _is_coined(stem: str) -> bool:
    """Whether characters are no words, or a rare one: what only a name is made of."""
    if not re.match(f"[{HAN}A-Za-z]{{2,8}}$", stem) or region_pattern().fullmatch(stem):
        return False
    left = _product().sub("", stem)
    return len(left) >= 2 and (0 < dictionary().get(left, 0) < _STEM_IS_RARE or not made_of_words(left))


def _is_company(name: str) -> bool:
    """Whether a name that ends like a company's is that of one, and not a kind of company."""
    stem = _COMPANY_TAIL.sub("", name)
    if len(stem) < 2 or _NO_COMPANY.search(name) or _NO_STEM.search(stem):
        return False
    return not re.fullmatch(f"(?:{any_of(words()['company_words'])})+", stem)


_NO_COMPANY = re.compile(
    "市属|省属|国有|企业|大型|跨国|中央|民营|上市|龙头|骨干|知名|专业|各|的|融资担保|一批|本地|区域|母公司|头部|优质|保险机构|第三方|平台公司"
)
_NO_STEM = re.compile("(?:子|母|等|分|投资运营|项目|合资|平台)$|^(?:新|该|本|某|两|多家)")


def _from_edge(name: str) -> str:
    """A full name without what leads up to it; an edge that leaves no name (华为|技术有限公司) is none."""
    for edge in sorted((e for e in edges(name) if e <= len(name) - 2), reverse=True):
        stem = _COMPANY_TAIL.sub("", name[edge:])
        if len(stem) >= 2 and stem not in dictionary():
            return name[edge:]
    return name
