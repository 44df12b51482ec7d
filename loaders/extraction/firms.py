"""Firms that clauses name.

No list of firms is used. A firm is an item of a list that the text itself calls firms (甲、乙等龙头企业, 以甲为链主), a
name behind such a word (链主企业甲), a name with a firm's tail that does or builds something (支持甲新能扩产, 甲新能电池
项目), or a full name (…公司, …集团). What was found once is found again where the document names it without any of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

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

#: How often a word of the dictionary's corpus may stand there to be a brand, or the stem of a firm's name.
_RARE, _COMMON = 1200, 2000
#: An item of a list, and a firm's short name, are no longer.
_LONGEST_ITEM, _BRAND = 14, 4
#: A list reaches back no farther.
_LONGEST_LIST = 160
_FIRM_WORD = (
    "企业|龙头|链主|公司|集团|厂商|厂家|运营商|车企|药企|央企|民企|国企|房企|开发商|服务商|供应商|制造商|造车新势力|主机厂|"
    "重大项目|重点项目|产业化项目|项目|巨头|领军者|领跑者"
)
#: 甲、乙等链主企业; 甲、乙等项目; 甲、乙等单位, which need not be firms.
_ET_CETERA = re.compile(
    rf"等(?P<kind>[^，。；：、（）\n等]{{0,16}}?(?:{_FIRM_WORD}|单位|主体|用户)(?:企业|公司|集团)*)(?!集群|家属|主管|管理|办)"
)
#: 以甲、乙为龙头; 甲、乙为代表的企业.
_HEAD = re.compile(
    r"等?为(?P<kind>(?:产业链)?(?:链主|龙头|骨干|代表|牵引|引领|主力)(?:企业)?)(?:、|，|。|；|的(?:[^，。；]{0,12}?(?:企业|厂商|公司))?)"
)
#: 等方式支持企业 is no list of firms.
_NO_KIND = re.compile(
    "^(?:非|方式|手段|措施|办法|形式|政策|渠道|活动|环节|领域|行业|产业|方面|工作|高校|院所|部门|要求|条件)|"
    "支持|鼓励|推动|帮助|服务企业|引导|为企业|对企业|向企业|行业企业|产业企业|领域企业|重点行业"
)
#: Lists that may hold others than firms.
_MIXED = re.compile("(?:单位|主体|用户)$|^(?:牵引|引领|主力)")
#: What is called so is a firm, whatever it is called.
_SURELY = re.compile("央企|车企|跨国公司|新势力|巨头")
#: 链主企业甲、乙带动: the word stands before.
_CALLED = re.compile(
    rf"(?P<kind>(?:链主|龙头|骨干|领军|头部|核心|本地|本土|重点|标杆)企业)(?P<names>[{HAN}A-Za-z、]{{2,40}}?)(?="
    r"的?(?:[，。；]|等|项目|带动|牵引|牵头|引领|建设|扩大|加快|为|在|与|和|作用|开展|发展|做|拓展|增资|上市|扩产))"
)
#: 重点企业：甲、乙；
_LABELLED = re.compile(
    rf"(?P<kind>(?:重点|龙头|骨干|链主|代表|核心|主要|优势|依托|招引|目标|支撑)企业)(?:包括|有)?：(?P<names>[{HAN}A-Za-z0-9（）、和]{{3,160}}?)(?=[。；\n，]|等|$)"
)
#: 发挥甲、乙的龙头作用.
_LEADING = re.compile("的?(?P<kind>(?:龙头|链主|骨干)(?:企业)?)(?:的)?(?:带动|引领|支撑)?作用")
_SUFFIX = re.compile(
    rf"[{HAN}A-Za-z0-9（）·]{{2,24}}?(?:(?:集团)?(?:有限责任公司|股份有限公司|有限公司|总公司|分公司)|集团公司|公司|集团)(?!有限|股份|公司|总公司|军|债|信用|治理|制)"
)
_COMPANY_TAIL = re.compile("(?:有限责任公司|股份有限公司|有限公司|总公司|集团公司|分公司|公司|集团)$")
_UNITS_TAIL = re.compile("(?:集团|公司|国投|城投|交投|产投|金控)$")
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


def firms(
    outline: Outline, masked: Spans, responsible: list[tuple[str, int, int]], vocabulary: Vocabulary
) -> list[Named]:
    """The firms that clauses name.

    Parameters
    ----------
    masked: what holds no firms: titles, brackets of responsible units.
    responsible: (name, start, end) of responsible units; companies among them are firms.
    """
    text = outline.text
    ways = (_in_lists, _called_firms, _with_works, _at_work, _with_full_names)
    mentions = [_after_particle(m) for way in ways for m in way(text, vocabulary) if not masked.hold(m.start)]
    mentions += [m for m in _again(text, mentions, vocabulary) if not masked.hold(m.start)]
    mentions += [
        _Mention(name, max(start, text.find(name, start, end)), "责任单位")
        for name, start, end in responsible
        if _UNITS_TAIL.search(name) and _is_company(name, vocabulary) and not _LOCAL_UNIT.search(name)
    ]
    return once([named(outline, m.name, None, m.role, m.start, m.end, vocabulary) for m in mentions])


def _after_particle(mention: _Mention) -> _Mention:
    """吸引了江海新能 names 江海新能."""
    particle = mention.name.startswith("了")
    return replace(mention, name=mention.name[particle:], start=mention.start + particle)


# --- ways to name a firm -------------------------------------------------------------------------------


def _in_lists(text: str, vocabulary: Vocabulary) -> Iterator[_Mention]:
    """甲、乙等链主企业; 以甲、乙为龙头."""
    floor = 0
    lists = (*_ET_CETERA.finditer(text), *_HEAD.finditer(text), *_LEADING.finditer(text))
    for match in sorted(lists, key=lambda m: m.start()):
        if _NO_KIND.search(match["kind"]):
            continue
        begin = _list_begin(text, match.start(), floor)
        role = re.sub("^(?:一批|若干)", "", match["kind"])
        yield from _listed(
            text[begin : match.start()], begin, role, strict=bool(_MIXED.search(match["kind"])), vocabulary=vocabulary
        )
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


def _listed(whole: str, begin: int, role: str, strict: bool, vocabulary: Vocabulary) -> list[_Mention]:
    """The firms of a list: all of its items, if they look like names and not like kinds of firms."""
    items = [_bare(name, start, vocabulary) for name, start in _items(whole, begin, vocabulary)]
    good = [m for m in items if _may_be_firm(m.name, vocabulary)]
    proper = [m for m in good if _looks_proper(m.name, vocabulary)]
    made = sum(_is_product(m.name, vocabulary) for m in items)
    if 2 * made >= len(items):
        return []
    if strict or made:
        good = [m for m in proper if _firm_tail().search(m.name)]
    elif len(proper) * 2 >= len(items) or _SURELY.search(role):
        # Brands that are words too (长安, 东风) among other names.
        good += [m for m in items if m not in good and _may_be_firm(m.name, vocabulary, brand=True)]
    if not (proper or _SURELY.search(role)) or not good or (2 * len(good) < len(items) and not strict):
        return []
    return [_Mention(m.name, m.start, role) for m in good]


def _is_product(name: str, vocabulary: Vocabulary) -> bool:
    """Whether an item of a list is what firms make: 重点招引减速器、控制器等配套企业."""
    if name in vocabulary.trade_names:
        return True
    stem = _stem(name)
    firm = (
        stem != name
        and not vocabulary.region_pattern.fullmatch(stem)
        and (is_coined(stem, vocabulary) or _is_brand(stem, vocabulary))
    )
    return bool(_product_tail().search(name)) and not firm


def _is_brand(word: str, vocabulary: Vocabulary) -> bool:
    """Whether a word of two characters may be a brand (老板电器): no word of the trade, and none of the most frequent."""
    return len(word) == 2 and word not in vocabulary.trade_names and dictionary().get(word, 0) < _COMMON


def _stem(name: str) -> str:
    """A name without its firm's tail."""
    tail = _firm_tail().search(name)
    return name[: tail.start()] if tail else name


@lru_cache(maxsize=1)
def _product_tail() -> re.Pattern[str]:
    return re.compile(f"(?:{any_word('product_tails', 'item_tails')})$")


def _items(whole: str, begin: int, vocabulary: Vocabulary) -> list[tuple[str, int]]:
    """(item, place) of a list, without the verbs before the first."""
    pieces = [(m.group(), begin + m.start()) for m in re.finditer(r"(?:[^、（“”]|（[^（）]*）)+", whole)]
    if not pieces:
        return []
    first, start = pieces[0]
    cut = max((m.end() for m in _cue().finditer(first)), default=0)
    if len(first) - cut > 14:
        cut = max(cut, name_start(first, vocabulary))
    pieces[0] = (first[cut:], start + cut)
    return [item for piece in pieces for item in _joined(*piece, vocabulary)]


def _joined(piece: str, start: int, vocabulary: Vocabulary) -> Iterator[tuple[str, int]]:
    """甲和乙: both, unless the whole is a name."""
    if _may_be_firm(piece, vocabulary) and not re.search("..(?:和|与|及|以及)..", piece):
        yield piece, start
        return
    for match in re.finditer("(?:(?!以及|和|与|及).)+", piece):
        yield match.group(), start + match.start()


def _called_firms(text: str, vocabulary: Vocabulary) -> Iterator[_Mention]:
    """链主企业甲; 重点企业：甲、乙."""
    for match in _LABELLED.finditer(text):
        yield from _listed(match["names"], match.start("names"), match["kind"], strict=False, vocabulary=vocabulary)
    for match in _CALLED.finditer(text):
        for part in re.finditer("[^、]+", match["names"]):
            name, start = part.group(), match.start("names") + part.start()
            if _may_be_firm(name, vocabulary) and is_coined(name, vocabulary):
                yield _Mention(name, start, match["kind"])


def _with_works(text: str, vocabulary: Vocabulary) -> Iterator[_Mention]:
    """甲新能年产10万吨电池材料项目; 甲新航成都基地."""
    for match in _PLANT.finditer(text):
        run = text[_list_begin(text, match.start(), max(0, match.start() - 40)) : match.start()]
        run = run[max(run.rfind("、"), run.rfind("“")) + 1 :]
        cut = max((m.end() for m in _cue().finditer(run) if m.end() <= len(run) - 2), default=0)
        bare = _without_place(run[cut:], vocabulary)
        found = leading_firm(bare, vocabulary) or _before_place(bare, vocabulary)
        if found:
            yield _Mention(found, match.start() - len(bare), "项目企业")


def _before_place(run: str, vocabulary: Vocabulary) -> str | None:
    """中创新航 of 中创新航成都(基地): a name right before a place."""
    for place in vocabulary.region_pattern.finditer(run):
        name = run[: place.start()]
        if (
            place.end() >= len(run) - 4
            and 3 <= len(name) <= 8
            and _may_be_firm(name, vocabulary)
            and is_coined(name, vocabulary)
        ):
            return name
    return None


def _at_work(text: str, vocabulary: Vocabulary) -> Iterator[_Mention]:
    """支持甲新能、乙电气做大做强: a verb, firms, a verb."""
    for match in _support().finditer(text):
        pieces = list(
            re.finditer("[^、和与及]+", re.split("[，。；：（\n“”]", text[match.end() : match.end() + 60])[0])
        )
        listed: list[_Mention] = []
        for number, piece in enumerate(pieces):
            bare = _without_place(piece.group(), vocabulary)
            name = _up_to_verb(bare, last=number == len(pieces) - 1, vocabulary=vocabulary)
            listed.append(_Mention(name, match.end() + piece.end() - len(bare)))
            if len(name) < len(bare):
                break
        yield from _if_firms(listed, vocabulary)


def _up_to_verb(text: str, last: bool, vocabulary: Vocabulary) -> str:
    """甲新能 of 甲新能做大做强; the whole where no verb ends a name."""
    lead = leading_firm(text, vocabulary)
    if lead and re.match(f"{_DOES}|$", text[len(lead) :]):
        return lead
    for verb in re.finditer(_DOES, text):
        if verb.start() >= 2 and (_firm_tail().search(text[: verb.start()]) or last):
            return text[: verb.start()]
    return text


#: 推动甲新能与本地企业合作: who is beside the firms.
_OTHERS = re.compile("本地|本土|上下游|配套|高校|院所|科研|有关|相关|国内|省内|市内|企业|银行|金融")


def _if_firms(listed: list[_Mention], vocabulary: Vocabulary) -> list[_Mention]:
    """A list without a word that says so is one of firms if a firm's tail stands behind a coined word in one of them."""
    sure = [
        m
        for m in listed
        if _firm_tail().search(m.name) and _may_be_firm(m.name, vocabulary) and _is_stem(_stem(m.name), "", vocabulary)
    ]
    sure += [m for m in listed if m not in sure and leading_firm(m.name, vocabulary) == m.name]
    if not sure or 2 * sum(_is_product(m.name, vocabulary) for m in listed) >= len(listed):
        return []
    others = next((n for n, m in enumerate(listed) if n and _OTHERS.match(m.name)), len(listed))
    listed = listed[:others]
    if len(listed) == 1:
        return [m for m in sure if leading_firm(m.name, vocabulary) == m.name]
    return listed if all(_may_be_named(m.name, vocabulary) for m in listed) else []


def _may_be_named(name: str, vocabulary: Vocabulary) -> bool:
    """Whether an item beside a firm may be one: a short name, or one with a firm's tail and no verb within."""
    short = len(name) <= _BRAND or (bool(_firm_tail().search(name)) and not edges(name[:-2], vocabulary))
    return short and _may_be_firm(name, vocabulary)


def _with_full_names(text: str, vocabulary: Vocabulary) -> Iterator[_Mention]:
    for match in _SUFFIX.finditer(text):
        name = _from_edge(match.group(), vocabulary)
        if _is_company(name, vocabulary):
            yield _Mention(name, match.end() - len(name))


def _again(text: str, mentions: list[_Mention], vocabulary: Vocabulary) -> Iterator[_Mention]:
    """Where the text names a firm once more without saying that it is one."""
    names = {m.name for m in mentions if len(m.name) > 3 or (len(m.name) == 3 and is_coined(m.name, vocabulary))}
    if not names:
        return
    for match in re.finditer(f"(?<![A-Za-z])(?:{any_of(names)})(?![A-Za-z])", text):
        if not _splits_word(text[match.start() : match.end() + 4], len(match.group()), vocabulary):
            yield _Mention(match.group(), match.start())


#: 好比亚迪 of 保障好比亚迪, 链主企业甲.
_LEAD = re.compile("(?:好|中的|包括|在蓉|(?:链主|龙头|骨干|领军|头部|本地|本土|重点)?企业)(?=..)")


# --- what a firm's name is made of ---------------------------------------------------------------------


def _bare(name: str, start: int, vocabulary: Vocabulary) -> _Mention:
    """An item without its place before, and what the firm builds behind."""
    lead = _LEAD.match(name)
    if lead and _may_be_firm(name[lead.end() :], vocabulary):
        name, start = name[lead.end() :], start + lead.end()
    bare = _without_place(name, vocabulary)
    start += len(name) - len(bare)
    return _Mention(_without_works(bare, vocabulary), start)


def _without_place(name: str, vocabulary: Vocabulary) -> str:
    """宁德时代 of 宜宾三江新区宁德时代; 四川华能 keeps its place."""
    park = re.match(rf".{{2,12}}?(?:{any_word('glued_parks')})(?=..)", name)
    region = vocabulary.region_pattern.match(name)
    if park:
        rest = name[park.end() :]
    elif region and region.group()[-1] in _ADMINISTRATIVE:
        rest = name[region.end() :]
    else:
        rest = next((name[n:] for n in (4, 3) if name[:n] in _counties(vocabulary)), name)
    of = rest.removeprefix("的")
    if of != name and of == rest and not _looks_proper(of, vocabulary):
        return name
    return of if len(of) >= 2 else name


@lru_cache(maxsize=4)
def _counties(vocabulary: Vocabulary) -> frozenset[str]:
    """Counties without 区, 县 (龙泉驿)."""
    return frozenset(
        n[:-1] for n, r in vocabulary.region_names.items() if r.kind == "county" and len(n) > 3
    ) | frozenset(n for n in vocabulary.town_names if len(n) > 2)


def _without_works(name: str, vocabulary: Vocabulary) -> str:
    """江海新能 of 江海新能二期, of 江海新能年产2万吨电解液项目, of 江海新能动力电池."""
    lead = leading_firm(name, vocabulary)
    if lead and (_made_by(vocabulary).match(name[len(lead) :]) or not _firm_tail().search(name)):
        return lead
    if _firm_tail().search(name) and not _PLANT.search(name):
        return name
    short = _WORKS.sub("", name)
    for _ in range(3):
        short = _WORKS.sub("", short)
    bare = re.sub(f"(?:{vocabulary.trade_pattern.pattern})+$", "", short) if short != name else short
    place = vocabulary.region_pattern.search(bare)
    if short != name and place and place.start() >= 2 and place.end() == len(bare):
        bare = bare[: place.start()]
    return bare if len(bare) >= 2 else name


@lru_cache(maxsize=4096)
def leading_firm(run: str, vocabulary: Vocabulary) -> str | None:
    """The firm that a run of text begins with, or None: a coined word and a firm's tail, as far as tails go on."""
    for end in range(3, min(len(run), _LONGEST_ITEM) + 1):
        for length in (3, 2):
            tail = run[end - length : end]
            name = run[:end]
            if (
                tail not in _sure_tails()
                or not _is_stem(run[: end - length], tail, vocabulary)
                or not _may_be_firm(name, vocabulary)
            ):
                continue
            more = re.match("(?:科技|股份|控股|集团)+", run[end:])
            whole = end + more.end() if more else end
            if not _splits_word(run, whole, vocabulary):
                return run[:whole]
    return None


@lru_cache(maxsize=1)
def _sure_tails() -> frozenset[str]:
    return frozenset(words()["firm_tails_sure"])


def _is_stem(stem: str, tail: str, vocabulary: Vocabulary) -> bool:
    """Whether a firm's tail makes a name of what stands before it: of a place or a word only some (宁德时代, 千金药业)."""
    if tail in words()["firm_tails_of_places"] and (
        vocabulary.region_pattern.fullmatch(stem) or _is_brand(stem, vocabulary)
    ):
        return True
    return is_coined(stem, vocabulary)


def _splits_word(run: str, at: int, vocabulary: Vocabulary) -> bool:
    """Whether a cut at a place goes through a word of the trade, or a long one of the language (新能|源, 科技|园)."""
    return any(
        run[first:last] in vocabulary.trade_names or (last - first >= 3 and run[first:last] in dictionary())
        for first in range(max(0, at - 4), at)
        for last in range(at + 1, min(len(run), at + 4) + 1)
    )


@lru_cache(maxsize=4)
def _industries(vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset((*words()["no_firms"], *words()["industries"], *vocabulary.chain_of))


def _may_be_firm(name: str, vocabulary: Vocabulary, brand: bool = False) -> bool:
    """Whether an item of a list may be a firm's name; with ``brand`` a rare word too."""
    length = len(_PLACE_BRACKET.sub("", name))
    if (
        not _CHARACTERS.match(name)
        or not 2 <= length <= 14
        or name in vocabulary.trade_names
        or name in words()["no_firms"]
    ):
        return False
    if name in dictionary() and not (brand and len(name) == 2 and dictionary()[name] < _RARE):
        return False
    return not (_no_firm().search(name) or _no_start().match(name) or vocabulary.region_pattern.fullmatch(name))


@lru_cache(maxsize=1)
def _no_start() -> re.Pattern[str]:
    return re.compile(any_word("no_firm_starts"))


@lru_cache(maxsize=1)
def _no_firm() -> re.Pattern[str]:
    return re.compile(
        f"(?:{any_word('no_firm_tails')})$|[的之]|强链|补链|专精特新|单项冠军|独角兽|瞪羚|小巨人|规上|世界|中国\\d+强"
    )


@lru_cache(maxsize=1)
def _firm_tail() -> re.Pattern[str]:
    return re.compile(f"(?:{any_word('firm_tails')})$")


@lru_cache(maxsize=1)
def _cue() -> re.Pattern[str]:
    """Words before a list of firms."""
    return re.compile(any_word("firm_cues"))


@lru_cache(maxsize=1)
def _support() -> re.Pattern[str]:
    return re.compile(any_word("firm_supports"))


@lru_cache(maxsize=4)
def _made_by(vocabulary: Vocabulary) -> re.Pattern[str]:
    """What stands behind a firm's name if it is what the firm makes."""
    return re.compile(f"(?=..)(?:(?:{vocabulary.trade_pattern.pattern})+$|{_WORKS.pattern})")


def _looks_proper(name: str, vocabulary: Vocabulary) -> bool:
    """Whether a name is more than words of the language: a firm's tail behind something that is no such word."""
    name = _PLACE_BRACKET.sub("", name)
    stem = _stem(name)
    tailed = stem != name
    if not stem or stem in _industries(vocabulary) or (tailed and _no_firm().search(stem)):
        return False
    if tailed:
        return dictionary().get(stem, 0) < _COMMON
    return not made_of_words(name)


def _is_company(name: str, vocabulary: Vocabulary) -> bool:
    """Whether a name that ends like a company's is that of one, and not a kind of company."""
    stem = _COMPANY_TAIL.sub("", name)
    if (
        len(stem) < 2
        or vocabulary.region_pattern.fullmatch(stem)
        or stem in _counties(vocabulary)
        or any(word in name for word in words()["no_companies"])
        or _NO_STEM.search(stem)
    ):
        return False
    return not re.fullmatch(f"(?:{any_word('company_words')})+", stem)


_NO_STEM = re.compile("(?:子|母|等|分|投资运营|项目|合资|平台)$|^(?:新|该|本|某|两|多家)")


def _from_edge(name: str, vocabulary: Vocabulary) -> str:
    """A full name without what leads up to it; an edge that leaves no name (华为|技术有限公司) is none."""
    for edge in sorted((e for e in edges(name, vocabulary) if e <= len(name) - 2), reverse=True):
        stem = _COMPANY_TAIL.sub("", name[edge:])
        if len(stem) >= 2 and stem not in dictionary():
            return name[edge:]
    return name
