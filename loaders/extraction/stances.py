"""Which links of a chain a clause wants strengthened (强链), attracted or filled (招引, 补链), or extended (延链).

A sentence says it by a label (补链方向为隔膜、铜箔), by where a chain is to grow (由零部件向整车延伸), by naming what is
missing (聚焦飞控、航电等薄弱环节), or by a verb and its object. Verbs that want firms or fill gaps are taken at their word;
those that any plan uses of anything (发展, 推进, 建设) only where title or heading speak of an industry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from loaders.extraction.known_names import Vocabulary
from loaders.extraction.spans import Spans
from loaders.extraction.word_lists import any_of, any_word, words
from loaders.text.outline import ClausePath, Outline, OutlineClause

_LABELS = {
    "强链": "strengthen",
    "固链": "strengthen",
    "补链": "fill",
    "缺链": "fill",
    "建链": "fill",
    "延链": "extend",
    "扩链": "extend",
}
_LABELLED = re.compile(
    f"(?P<kind>{'|'.join(_LABELS)})(?:的?(?:主要|重点)?(?:方向|环节|重点|领域|产品|目录|清单)){{0,2}}(?:主要)?(?:为|：|包括|是)(?P<list>[^。；，]+)"
)
_TOWARDS = re.compile("(?P<origin>[^，。；]*?)向(?P<list>[^，。；]+?)(?:等)?(?:方向|环节)?(?:延伸|延展|拓展)")
_LACK = "短板|薄弱|缺失|空白|“?卡脖子”?|缺链|断点|堵点|弱项|补链|缺口"
_LACKING = re.compile(
    f"(?:聚焦|针对|围绕|瞄准|面向|投向)(?P<list>[^，。；]{{2,60}}?)(?:等)?(?:领域|环节)?(?:的)?(?:{_LACK})(?:的)?(?:环节|领域|产品|项目|技术|问题)"
)
_STATED = re.compile(f"^(?P<list>[^，。；]{{2,40}}?)(?:等)?环节(?:仍|还)?(?:存在)?(?:{_LACK})")
_AROUND = re.compile(
    "(?:聚焦|围绕|针对|瞄准)(?P<list>[^，。；]{2,60}?)(?:等)?(?:关键|重点|核心|优势)*环节(?P<behind>[^，。；]*)$"
)
_GATHERS = re.compile("招引|引进|招商|引育|引入")
_MORE_OF_IT = re.compile("扩大|做强|做大|巩固|提升|增强|壮大")

_DOES = "加快|大力|积极|着力|强化|提升|完善|推动|推进|探索|加强|优化|构建|打造|拓展|促进"
_HARD = "(?:加快|重点|精准|大力|积极|着力|加强|优先|持续|实施精准招商)*"
#: Verbs whose objects are, where there are several of them and the text is about a chain.
_LISTED = re.compile(
    "(?:重点|大力|积极|优先|着力|有序|培育|加快(?:培育)?|布局)(?:发展|布局|开发|研制)(?!壮大)(?P<list>[^，。；]+)$|^(?:重点)?(?:布局|聚焦|发展|培育)(?P<more>[^，。；]+)$"
)
_IS_MAIN = re.compile("^以(?P<list>[^，。；]{2,30}?)(?:等)?为(?:主攻方向|主导|重点|主线|核心产品)")
#: Verbs whose objects are taken at their word.
_WANTS = (
    (
        "attract",
        re.compile(
            f"{_HARD}(?:招引|引进|引育|招商引进|引入)(?:一批|培育|若干)?(?P<list>(?:(?!发展|建设|共建)[^，。；])+)$"
        ),
    ),
    (
        "fill",
        re.compile(
            f"{_HARD}(?:补齐|补强|补足|补上|填补|弥补)(?P<list>[^，。；]+?)(?:等)?(?:环节|领域|产品)*(?:的)?(?:{_LACK})(?:环节)?$"
        ),
    ),
    (
        "strengthen",
        re.compile(
            "(?:做强做优做大|做大做强|做优做强|做强做优|做强做大|做强|做大|做优|做精|壮大|巩固提升|巩固)(?!做|提升)(?P<list>[^，。；]+)$"
        ),
    ),
    ("strengthen", re.compile("扩大(?P<list>[^，。；]+?)(?:优势)?产能$")),
    (
        "strengthen",
        re.compile(
            "(?:加强|促进|推动|推进|加快)(?P<list>[^，。；]+?)等(?:新兴|优势|特色|重点|未来|主导)*产业(?:培育|发展|壮大|高端化|集聚).*$"
        ),
    ),
)
_NOT_WANTED = re.compile(
    "^(?:对|给予|按照?|凡|经|专项用于|重点用于|用于)|人才|团队|资本|资金|机构|院所|高校|外资|基金|外商|主体|队伍|消费|市场"
)

_ATTRACT = f"{_HARD}(?:招引|引进|引育|招商引进|招大引强|招商)(?:一批|培育)?"
_FILL = r"(?:加快|着力|重点|实施精准招商)*(?:补齐|补强|填补|补足|攻克|突破|补上)"
_EXTEND = r"(?:持续|加快|积极|大力|超前|前瞻|加大)*(?:延展|延伸|拓展|推广|超前布局|前瞻布局|开发应用)(?:发展)?"
_STRENGTHEN = (
    r"(?:持续|加快|积极|大力|重点|着力|优先|协同|培育|巩固|全力|稳步|创新)*(?:做强做优做大|做大做强|做优做强|"
    r"做强做优|做强做大|做强|做大|做优|壮大|发展壮大|发展|提升|巩固|推进|推动|建设|构建|培育|实现|加快|"
    r"推广应用|突破发展|布局|加速|研发)"
)
_VERBS = (
    ("attract", re.compile(_ATTRACT)),
    ("fill", re.compile(_FILL)),
    ("extend", re.compile(_EXTEND)),
    ("strengthen", re.compile(_STRENGTHEN)),
)
_WHERE = re.compile("在(?:产业链)?(?:上游|中游|下游)?(?P<what>[^，。；]{2,20}?)(?:等)?(?:环节|领域|方面)")
_BEHIND = re.compile(
    r"等?(?:关键|重点|核心|配套|细分|优势|特色|新兴|主导|前沿|既有|传统|“专精特新”|专精特新|薄弱)*(?:环节|领域)?(?:关键|重点|核心|龙头|头部|链主|"
    r"骨干|配套|上下游|领军|“专精特新”|专精特新)*(?:企业|项目)?(?:落户|落地|\d.*)?(?:环节|产业化进程|商业化进程|产业化|规模化|高端化|自主化"
    r"|产业集群|集群|技术攻关|关键技术|核心技术|量产技术|技术|短板|瓶颈|水平|能力|建设|规模|产能|比重|品质|质量|一体化发展|"
    r"高质量发展|集聚发展|协同发展|创新发展|发展|应用示范|示范应用|推广应用|应用|布局|竞争力|引领区|先导区|"
    r"基地|形成.*|实现.*|促进.*|行业通用标准)*$"
)
_BEFORE = re.compile(
    "^(?:一批|若干|重点|关键|核心|国内外|更多|全市|我市|本地|市域|国家级|省级|具有[^，]*的|优质|头部|知名|领先|大型|各类|先进的|相关|扩大|继续|加快|引导|鼓励|优势)+(?=.{2,})"
)
_PLACES = re.compile("^(?:[\u4e00-\u9fff]（[\u4e00-\u9fff]{1,2}）){2,}|产业$")
_WORKS = re.compile("实施(?P<what>[^，。；]{2,20}?)(?:示范)?(?:工程|行动)$")
_NO_THING = re.compile(
    "^(?:(?:特色|优势|新兴|未来|传统|支柱|主导|现代|先进|高端|重点|基础)*(?:产业|产业链|产业链条|制造业|服务业|产业体系)|企业|项目|技术|龙头企业|链主企业|环节|规模|市场|应用|领域|平台|园区|服务|人才|体系|机制|能力|水平|场景|基地"
    "|集群|产品|资源|要素|融合|创新|改革|设施|基础设施|系统|装备|设备|材料|整机|零部件|关键零部件|终端|终端产品|器件|产能|优势|短板|数字|智能|绿色|低碳|增量|存量|质量|先发|提升|做强|做大|优质|扶持|高性能|低功耗|生态|.{1})$"
)
#: So many of them are to be built.
_PROJECT = re.compile(
    r"(?:建设|新建|建成|推广|投放|更新)[^，。；]*\d+(?:余|多)?万?(?:座|个|条|根|台|套|辆)|^为|(?:建设|创建|打造|组建|设立)[^，。；]*(?:中心|平台|实验室|研究院|联盟|协会)$"
)
#: Who does something is paid for it.
_PAID = re.compile(r"(?:给予|奖励|补助|补贴|资助|奖补)[^，。；]*\d")
#: What a list describes is something else: 智能农机、绿色农机等标准制定.
_OTHER_HEAD = re.compile(
    "等[^，。；、]{0,12}(?:标准(?:制定)?|组织|服务|人才|活动|场景|融合(?:发展)?|学科|问题|政策|机构|主体|业态|服务业|产业链|产业链条|中心)$"
)
_NO_LINK = re.compile(
    r"\d(?!K|\+|D|G)|企业|项目|(?:平台|基地|园|中心|学院|实验室|研究院)(?:（[^（）]*）)?$|园区|装置$|体系|机制|工作$|方式|业态|水平|能力|环境$|人才|转型|升级|融合|变革|走廊|生态$|场景|网络$|集群|集聚区|之都|"
    "品牌|政策|资金|市场|标准$|竞争力|规模|产业链$|管理$|装机量|制造业$|服务业$|城市|经济$|^面向|^以|^在|^向|^对|^为|^把|^将|^由|^和|^与|^并|^淘汰|^完善|^工程|供应商|(?<!一体)化$|工程$|均衡|协调|在(?:工业|交通|农业)|国际|数字化|"
    "公共|教育|文化|乡村|农村|领域|行业|地区|新兴|方向|优势$|示范$|出口$|进程|以上|以下|达到|分别|大户|专业户|合作社|条件|经验|作用|范围|计划|电站$|[硕博]士|标准制定|规上"
)


@dataclass(frozen=True)
class ChainGap:
    """What a clause wants done with a link or product of a chain."""

    clause: ClausePath
    chain: str | None
    product: str
    stance: str
    start: int
    end: int


def chain_gaps(outline: Outline, masked: Spans, names: Spans, vocabulary: Vocabulary) -> list[ChainGap]:
    """The stances of clauses to links and products, each once in a clause.

    Parameters
    ----------
    masked: (start, end) of what states none: titles of documents, brackets of responsible units.
    names: (start, end) of the names of firms, parks and platforms: what is part of one, or holds one, is no link.
    """
    found: dict[tuple[ClausePath, str, str], ChainGap] = {}
    for clause, start, end in outline.passages():
        context = _Context(outline, clause, start, vocabulary)
        labelled = clause is None or _LABELLED.match(f"{clause.heading}：-")
        begins = start if clause is None or labelled else max(start, clause.body)
        for sentence in re.finditer(r"[^\n。；]+", outline.text[begins:end]):
            offset = begins + sentence.start()
            for stance, product, begin, stop in context.read(sentence.group()):
                place = outline.text.find(product, offset + begin, offset + stop)
                in_name = place >= 0 and names.overlap(place, place + len(product))
                if masked.overlap(offset + begin, offset + stop) or in_name:
                    continue
                path = outline.path_at(offset + begin)
                chain = _chain(product, context.heading, vocabulary)
                found.setdefault(
                    (path, product, stance), ChainGap(path, chain, product, stance, offset + begin, offset + stop)
                )
    return list(found.values())


_LONGEST = 24
#: Parts of a sentence; a list of what is to be done has a verb in each: 提升枢纽功能、大力发展航空物流.
_PART = re.compile(f"(?:(?!、(?:{_DOES}))[^，])+")
#: Where a title stands that was not recognised as one.
_HEAD = 200
#: Stance, product, start and end of the part of the sentence that says it.
_Said = tuple[str, str, int, int]


class _Context:
    """A clause, or text outside of clauses, with the headings and the title above it."""

    def __init__(self, outline: Outline, clause: OutlineClause | None, start: int, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.outside = clause is None
        self.heading = (clause.heading if clause is not None else None) or ""
        above, parent = [self.heading], clause.parent if clause is not None else None
        while parent is not None:
            above.append(outline.clauses[parent].heading or "")
            parent = outline.clauses[parent].parent
        titles = [p.title or outline.text[:_HEAD] for p in outline.parts if p.start <= start < p.end]
        self.meant = _LABELS.get(self.heading)  # 6. 延链。发展智能微电网…
        self.of_chain = bool(_chains(self.vocabulary).search(" ".join([*above, *titles])))
        self.of_industry = self.of_chain or bool(re.search("产业|制造", " ".join([*above, *titles])))

    def read(self, sentence: str) -> Iterator[_Said]:
        """What a sentence wants done with which links."""
        if _PAID.search(sentence):
            return
        for labelled in _LABELLED.finditer(sentence):
            yield from self._at_their_word(_LABELS[labelled["kind"]], labelled["list"], *labelled.span())
        if _LABELLED.search(sentence):
            return
        for part in _PART.finditer(sentence):
            text, start, end = part.group(), part.start(), part.end()
            said = [*self._towards(text), *self._lacking(text, sentence[end:])] or [*self._wanted(text)]
            said = said or [*self._listed(text)]
            if said:
                yield from ((stance, product, start, end) for stance, product, _, _ in said)
            elif not self.outside:
                yield from ((stance, product, start, end) for stance, product in self._developed(text))

    def _at_their_word(self, stance: str, listed: str, start: int = 0, end: int = 0) -> Iterator[_Said]:
        things = _things(listed, self.vocabulary)
        for product in things:
            plain = product.strip("“”")
            chain_itself = len(things) == 1 and plain in self.vocabulary.chain_names
            odd = _NO_LINK.search(plain) or _NOT_WANTED.search(plain) or plain.endswith("链条")
            if _known(plain, self.vocabulary) or not (chain_itself or odd or len(plain) > _LONGEST):
                yield stance, product, start, end

    def _towards(self, part: str) -> Iterator[_Said]:
        """由零部件向整车延伸; of what grows where it goes to a field: 推动机器人等产品向消费领域延伸."""
        match = _TOWARDS.search(part)
        if match is None:
            return
        found = list(self._at_their_word("extend", match["list"]))
        origin = re.sub("^.*?(?:推动|支持|鼓励|引导|促进)", "", match["origin"])
        if not found and re.search("领域$|行业$|市场$", match["list"]) and "等" in origin:
            found = list(self._at_their_word("extend", origin.partition("等")[0]))
        yield from found

    def _lacking(self, part: str, behind: str) -> Iterator[_Said]:
        """聚焦飞控、航电等薄弱环节: to be filled, by firms from outside where the sentence says so."""
        match = _LACKING.search(part) or _STATED.search(part)
        if match is not None:
            stance = "attract" if _GATHERS.search(part[match.end() :] + behind) else "fill"
            yield from self._at_their_word(stance, match["list"])
            return
        around = _AROUND.search(part)
        if around is not None and _MORE_OF_IT.match(around["behind"]):
            yield from self._at_their_word("strengthen", around["list"])
        elif (
            around is not None
            and not around["behind"]
            and re.match("，[^，。；]{0,12}(?:招引|引进|引育)[^，、]{0,12}企业", behind)
        ):
            yield from self._at_their_word("attract", around["list"])

    def _wanted(self, part: str) -> Iterator[_Said]:
        for stance, pattern in _WANTS:
            match = pattern.search(part)
            if match is None or _NOT_WANTED.search(part[: match.start()]) or "环节" in part[: match.start()]:
                continue
            if stance != "strengthen" and not re.search(
                "企业|项目|环节|厂商|“|、|空白|短板|缺口", part[match.start() :]
            ):
                continue
            found = list(self._at_their_word(stance, match["list"]))
            if found:
                yield from found
                return

    def _listed(self, part: str) -> Iterator[_Said]:
        """大力发展轿车、客车, 聚焦正极材料、隔膜等关键材料: several things, in a text about a chain."""
        match = _LISTED.search(part) or _IS_MAIN.search(part)
        if match is None or not self.of_chain or _NOT_WANTED.search(part[: match.start()]):
            return
        found = list(
            self._at_their_word(
                _turned(self.meant or "strengthen", part), match.groupdict().get("list") or match["more"]
            )
        )
        if len(found) > 1 or any(_ends_in_link(product, self.vocabulary) for _, product, _, _ in found):
            yield from found

    def _developed(self, part: str) -> Iterator[tuple[str, str]]:
        """What is to be developed, promoted, built: only a link or product, in a clause about an industry."""
        if not self.of_industry or _NOT_WANTED.match(part) or _PROJECT.search(part):
            return
        for stance, product in _by_verb(part, self.vocabulary):
            if _is_link(
                product, _chain(product, self.heading, self.vocabulary), self.heading, "环节" in part, self.vocabulary
            ):
                yield (self.meant or stance), product


def _by_verb(part: str, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """(stance, thing) of what a part of a sentence wants done."""
    if re.search("在[^，]*等?领域(?:广泛)?(?:应用|推广)|等产品[^，]*水平", part):
        return []
    if "产业链条" in part and re.match("(?:构建|打造|延展|延伸|完善)", part):
        what = re.sub("^(?:构建|打造|延展|延伸|完善)", "", part)
        return [("extend", what)] if "“" in what or len(what) > 6 else []
    works = _WORKS.match(part)
    if works:
        return [(_turned("strengthen", part), works["what"])]
    for stance, verb in _VERBS:
        match = verb.search(part)
        if match is None or match.start() > 26:
            continue
        before, behind = part[: match.start()], part[match.end() :]
        things = _things(behind, vocabulary)
        place = _WHERE.search(before)
        if stance == "attract" and place and not any(_vocabulary(vocabulary).search(t) for t in things):
            things = [place["what"]]
        if stance == "strengthen" and (not things or "实现" in match.group()):
            things = _things(before, vocabulary)
        if things:
            return [(_turned(stance, part), t) for t in things]
    return []


def _turned(stance: str, part: str) -> str:
    if stance == "strengthen" and re.search("回收|再利用|示范应用|领域应用|换电模式", part):
        return "extend"
    if stance == "extend" and re.search("产业链短板", part):
        return "fill"
    return stance


def _things(text: str, vocabulary: Vocabulary) -> list[str]:
    """The items of a list of things, bare of what is said about them."""
    if _OTHER_HEAD.search(text):
        return []
    listed = [p for p in re.split("、|以及", _meant(text, vocabulary)) if p]
    pieces = [part for p in listed for part in _joined(p, len(listed) > 1 and p is listed[-1], vocabulary)]
    of_chain = len(pieces) > 1 and "环节" in text
    return [item for piece in pieces if (item := _item(piece, of_chain, vocabulary))]


def _meant(text: str, vocabulary: Vocabulary) -> str:
    """A list without what describes it: 高性能、低功耗的智能芯片; 城市公交、道路客运等纯电动客车; 电解液、隔膜等关键环节."""
    described, _, thing = text.rpartition("的")
    if "、" in described and not any(_ends_in_link(d, vocabulary) for d in described.split("、")):
        text = thing
    first, etc, behind = text.partition("等")
    if etc and _ends_in_link(behind, vocabulary) and not any(_ends_in_link(p, vocabulary) for p in first.split("、")):
        text = behind
    if re.match("“[^”]{2,8}”[、和等]", text):
        text = re.sub("[“”]", "", text)
    return _BEHIND.sub("", re.split("等(?!级|离)", text)[0])


def _item(piece: str, of_chain: bool, vocabulary: Vocabulary) -> str | None:
    """A thing without the words before and behind it; None where it is none.

    Parameters
    ----------
    of_chain: one of several links of a chain: 氢能制备 is 制备.
    """
    item = _BEFORE.sub("", _BEHIND.sub("", piece)).strip("“”的")
    if of_chain:
        chain = max((n for n in vocabulary.chain_names if item.startswith(n)), key=len, default="")
        item = item[len(chain) :] if len(item) - len(chain) == 2 else item
    item = _PLACES.sub("", item.rpartition("的")[2])
    whole = item.count("（") == item.count("）") and item.count("“") == item.count("”")
    fits = 2 <= len(item) <= _LONGEST and whole
    return item if fits and not _NO_THING.match(item) and not vocabulary.region_pattern.match(item) else None


def _joined(piece: str, ends_list: bool, vocabulary: Vocabulary) -> list[str]:
    """高镍三元和磷酸铁锂 are two where one of them is a thing of its own; 储能研发和制造 is one.

    Parameters
    ----------
    ends_list: it is the last of several: 轿车、客车和货车.
    """
    for join in re.finditer("(?<=..)[和与及](?=..)", piece):
        left, right = piece[: join.start()], _BEHIND.sub("", piece[join.end() :])
        whole = join.group() == "和" and not re.match("制造|研发|应用|生产|服务|利用|建设|配套|集成", right)
        if (
            (join.group() != "及" and _ends_in_link(left, vocabulary))
            or (whole and _ends_in_link(right, vocabulary))
            or (whole and ends_list and 2 <= len(left) <= 8 and 2 <= len(right) <= 8)
        ):
            return [left, right]
    return [piece]


def _known(product: str, vocabulary: Vocabulary) -> bool:
    """Whether a thing is a link or product of data/chains by its whole name."""
    return product in vocabulary.chain_of and product not in vocabulary.chain_names


def _ends_in_link(text: str, vocabulary: Vocabulary) -> bool:
    return bool(re.search(f"(?:{_links(vocabulary).pattern})$", text)) or bool(_product().search(text))


def _is_link(product: str, chain: str | None, heading: str, named_link: bool, vocabulary: Vocabulary) -> bool:
    """Whether a thing is a link or product of a chain, and not a project, a place, a quality or the chain itself."""
    if _NO_LINK.search(product) or (
        product in vocabulary.chain_names and (product in heading or product in vocabulary.chain_names.values())
    ):
        return False
    if product.endswith("设施"):
        return bool(_links(vocabulary).search(product))
    return bool(_links(vocabulary).search(product) or _product().search(product)) or (
        chain in vocabulary.described and (2 if named_link else 3) <= len(product) <= 6
    )


@lru_cache(maxsize=4)
def _chains(vocabulary: Vocabulary) -> re.Pattern[str]:
    """Names of chains and industries."""
    return re.compile(any_of([*vocabulary.chain_names, *words()["industries"]]))


@lru_cache(maxsize=4)
def _links(vocabulary: Vocabulary) -> re.Pattern[str]:
    """Names of segments and products, not those of whole chains."""
    return re.compile(any_of(n for n in vocabulary.chain_of if len(n) > 1 and n not in vocabulary.chain_names))


@lru_cache(maxsize=4)
def _vocabulary(vocabulary: Vocabulary) -> re.Pattern[str]:
    return re.compile(any_of(n for n in vocabulary.chain_of if len(n) > 1))


@lru_cache(maxsize=1)
def _product() -> re.Pattern[str]:
    """What names of products end in."""
    return re.compile(f"(?:{any_word('product_tails', 'link_tails')})$")


def _chain(product: str, heading: str | None, vocabulary: Vocabulary) -> str | None:
    """The chain that a clause's heading names, else that of the product."""
    about = vocabulary.chain_in(heading or "")
    if about is not None:
        return about
    match = _vocabulary(vocabulary).search(product)
    return vocabulary.chain_of[match.group()] if match else None
