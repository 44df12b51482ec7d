"""Which links of a chain a clause wants strengthened (强链), attracted or filled (招引, 补链), or extended (延链)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from loaders.extraction.spans import Spans
from loaders.extraction.words import any_of, chain_names, chain_vocabulary, made_chains
from loaders.outline import ClausePath, Outline

_ATTRACT = r"(?:加快|重点|精准|大力|积极|着力|加强|优先|持续)*(?:招引|引进|引育|招商引进|招大引强|招商)(?:一批|培育)?"
_FILL = r"(?:加快|着力|重点|实施精准招商)*(?:补齐|补强|填补|补足|攻克|突破|补上)"
_EXTEND = (
    r"(?:持续|加快|积极|大力|超前|前瞻|加大)*(?:延展|延伸|拓展|推广|超前布局|前瞻布局|布局发展|布局|开发应用)(?:发展)?"
)
_STRENGTHEN = (
    r"(?:持续|加快|积极|大力|重点|着力|优先|协同|培育|巩固|全力|稳步|创新)*(?:做强做优做大|做大做强|做优做强|"
    r"做强做优|做强做大|做强|做大|做优|壮大|发展壮大|发展|提升|巩固|推进|推动|建设|构建|培育|实现|加快|"
    r"推广应用|突破发展|研发)"
)
_VERBS = (("attract", re.compile(_ATTRACT)), ("fill", re.compile(_FILL)), ("extend", re.compile(_EXTEND)), ("strengthen", re.compile(_STRENGTHEN)))  # fmt: skip
_WHERE = re.compile("在(?:产业链)?(?:上游|中游|下游)?(?P<what>[^，。；]{2,20}?)(?:等)?(?:环节|领域|方面)")
_BEHIND = re.compile(
    r"等?(?:关键|重点|核心|配套|细分|优势|特色|新兴|主导|前沿)*(?:环节|领域)?(?:关键|重点|核心|龙头|头部|链主|"
    r"骨干|配套|上下游|领军|“专精特新”|专精特新)*(?:企业|项目)?(?:环节|产业化进程|商业化进程|产业化|规模化|"
    r"产业集群|集群|技术攻关|关键技术|核心技术|技术|短板|瓶颈|水平|能力|建设|规模|比重|品质|质量|一体化发展|"
    r"高质量发展|集聚发展|协同发展|创新发展|发展|应用示范|示范应用|推广应用|应用|布局|竞争力|引领区|先导区|"
    r"基地|自主化|形成.*|实现.*|行业通用标准)*$"
)
_BEFORE = re.compile(
    "^(?:一批|若干|重点|关键|核心|新型|高端|国内外|更多|全市|我市|本地|市域|国家级|省级|具有[^，]*的|优质|头部|知名|领先|大型|各类|先进的|相关)+(?=.{2,})"
)
_PLACES = re.compile("^(?:[\u4e00-\u9fff]（[\u4e00-\u9fff]{1,2}）){2,}|产业$")
_WORKS = re.compile("实施(?P<what>[^，。；]{2,20}?)(?:示范)?(?:工程|行动)$")
_LAST = re.compile("[^，。；]{2,40}?产业链条?(?:$|[，。；])")
_NO_THING = re.compile(
    "^(?:产业|产业链|产业链条|企业|项目|技术|龙头企业|链主企业|环节|规模|市场|应用|领域|平台|园区|服务|人才|体系|机制|能力|水平|场景|基地|集群|产品|资源|要素|融合|创新|改革|.{1})$"
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


def chain_gaps(outline: Outline, masked: Spans) -> list[ChainGap]:
    """The stances of clauses to links and products, each once in a clause."""
    found: dict[tuple[ClausePath, str, str], ChainGap] = {}
    for clause, start, end in outline.passages():
        if clause is None:
            continue
        begin = max(start, clause.body)
        for match in re.finditer(r"[^\n。；，]+", outline.text[begin:end]):
            offset = begin + match.start()
            if masked.overlap(offset, offset + len(match.group())):
                continue
            for stance, product, at in _read(match.group()):
                path = outline.path_at(offset)
                chain = _chain(product, clause.heading)
                if not _is_link(product, chain, clause.heading or "", "环节" in match.group()):
                    continue
                found.setdefault(
                    (path, product, stance), ChainGap(path, chain, product, stance, offset, offset + len(match.group()))
                )
                del at
    return list(found.values())


def _read(segment: str) -> list[tuple[str, str, int]]:
    """(stance, product, place) of what a part of a sentence wants done."""
    if re.search("在[^，]*等?领域(?:广泛)?应用", segment):
        return []
    if "产业链条" in segment and re.match("(?:构建|打造|延展|延伸|完善)", segment):
        what = re.sub("^(?:构建|打造|延展|延伸|完善)", "", segment)
        return [("extend", what, 0)] if "“" in what or len(what) > 6 else []
    works = _WORKS.match(segment)
    if works:
        return [(_turned("strengthen", segment), works["what"], 0)]
    for stance, verb in _VERBS:
        match = verb.search(segment)
        if match is None or match.start() > 26:
            continue
        before, behind = segment[: match.start()], segment[match.end() :]
        things = _things(behind)
        place = _WHERE.search(before)
        if stance == "attract" and place and not any(_vocabulary().search(t) for t in things):
            things = [place["what"]]
        if stance == "strengthen" and (not things or "实现" in match.group()):
            things = _things(before)
        if things:
            return [(_turned(stance, segment), t, match.start()) for t in things]
    return []


def _turned(stance: str, segment: str) -> str:
    if stance == "strengthen" and re.search("回收|再利用|示范应用|领域应用|换电模式", segment):
        return "extend"
    if stance == "extend" and re.search("产业链短板", segment):
        return "fill"
    return stance


def _things(text: str) -> list[str]:
    """The items of a list of things, bare of what is said about them."""
    quoted = re.sub("[“”]", "", text) if re.match("“[^”]{2,8}”[、和等]", text) else text
    plain = _BEHIND.sub("", re.split("等(?!级|离)", quoted)[0] if "等" in quoted else quoted)
    pieces = [p for p in re.split("、|以及|(?<=...)和(?=...)|(?<=[材料池])与", plain) if p]
    found = []
    for piece in pieces:
        item = _BEFORE.sub("", _BEHIND.sub("", piece)).strip("“”的")
        if len(pieces) > 1:
            for name in sorted(chain_names(), key=len, reverse=True):
                if item.startswith(name) and len(item) - len(name) == 2 and "环节" in text:
                    item = item[len(name) :]
                    break
        if "的" in item:
            item = item.rpartition("的")[2]
        item = _PLACES.sub("", item)
        if 2 <= len(item) <= 20 and not _NO_THING.match(item):
            found.append(item)
    return found


_NO_LINK = re.compile(
    r"\d(?!K|\+|D|G)|企业|项目|平台$|基地$|园$|园区|中心$|体系|机制|工作$|方式|业态|水平|能力|环境$|人才|转型|升级|融合|变革|走廊|生态$|场景|网络$|集群|"
    "品牌|政策|资金|市场|标准$|竞争力|规模|产业链$|管理$|装机量|制造业$|服务业$|城市|经济$|^以|^在|^向|^对|^为|^把|^将|^由|^和|^与|^完善|^工程|供应商|化$|工程$|均衡|协调|在(?:工业|交通|农业)|国际|数字化"
)


def _is_link(product: str, chain: str | None, heading: str, named_link: bool) -> bool:
    """Whether a thing is a link or product of a chain, and not a project, a place, a quality or the chain itself."""
    if _NO_LINK.search(product) or (
        product in chain_names() and (product in heading or product in chain_names().values())
    ):
        return False
    return bool(_links().search(product) or _equipment().search(product)) or (
        chain in made_chains() and (2 if named_link else 3) <= len(product) <= 6
    )


@lru_cache(maxsize=1)
def _links() -> re.Pattern[str]:
    """Names of segments and products, not those of whole chains."""
    return re.compile(any_of(n for n in chain_vocabulary() if len(n) > 1 and n not in chain_names()))


@lru_cache(maxsize=1)
def _vocabulary() -> re.Pattern[str]:
    return re.compile(any_of(n for n in chain_vocabulary() if len(n) > 1))


@lru_cache(maxsize=1)
def _equipment() -> re.Pattern[str]:
    return re.compile("(?:材料|装备|设备|器件|部件|零件|芯片|电池|系统|模组|终端|整机|整车|药|试剂|元件|膜|箔|设施)$")


def _chain(product: str, heading: str | None) -> str | None:
    """The chain that a clause's heading names, else that of the product."""
    names = sorted(chain_names(), key=len, reverse=True)
    about = next((chain_names()[n] for n in names if heading and n in heading), None)
    if about is not None:
        return about
    match = _vocabulary().search(product)
    return chain_vocabulary()[match.group()] if match else None
