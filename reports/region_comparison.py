"""Regions side by side, and relatedness, as tables, documents, workbooks and plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from graph.analysis.reasons import Reason
from graph.analysis.specialisation import RelatedSegment
from graph.language import language, say
from graph.schema import VALUE_NAMES, Position, RegionLevel
from reports.formats.blocks import Block, Bullets, Column, Document, Heading, Note, Paragraph, Table, Value
from reports.formats.output import csv_text
from reports.formats.sheets import Sheet, workbook
from reports.words import say_reason
from services.regions import ChainComparison, ComparedLink, ComparedRegion, RegionComparison, Relatedness

#: More regions than these do not fit beside one another on a page.
_MOST_BESIDE = 8
_MOST_NAMED, _MOST_IN_TITLE = 6, 4


# --- several regions ----------------------------------------------------------------------------------


def title(comparison: RegionComparison) -> str:
    """Which regions are compared: their names, or how many of which region."""
    regions = comparison.chains[0].regions
    count = len(regions)
    if count <= _MOST_IN_TITLE:
        names = say("、", ", ").join(map(_name, regions))
    elif len({region.parent_name for region in regions}) == 1:
        around = say(regions[0].parent_name or "全国", regions[0].parent_name_en or "the country")
        held = {r.id for chain in comparison.chains for r in chain.regions if r.held}
        names = say(
            f"{around}下辖 {count} 个地区中有登记的 {len(held)} 个",
            f"{len(held)} of {count} regions of {around} with makers on record",
        )
    else:
        first = say("、", ", ").join(map(_name, regions[:_MOST_IN_TITLE]))
        names = say(f"{first}等 {count} 个地区", f"{first} and {count - _MOST_IN_TITLE} more")
    return say(f"{names}：产业链比较", f"{names}: chains compared")


def findings(chain: ChainComparison) -> list[str]:
    """What the figures say of a chain, in a few sentences."""
    links = len(chain.links)
    held = sorted((r for r in chain.regions if r.held), key=lambda r: (-r.held, -r.operations))
    if not held:
        return [
            say(
                f"所比 {len(chain.regions)} 个地区在 {links} 个环节上都没有登记的在产企业",
                f"none of the {len(chain.regions)} regions has a live maker on record on any of {links} links",
            )
        ]
    first = say("；", "; ").join(
        say(f"{_name(r)} {r.held} 个（{r.operations} 家次）", f"{_name(r)} {r.held} ({r.operations} operations)")
        for r in held[:3]
    )
    sentences = [
        say(f"全链 {links} 个环节中，有企业的环节最多的：{first}", f"of {links} links, most are held by: {first}")
    ]
    for wanted, zh, en in (
        (1, "只有一个地区有企业的环节", "links that one region alone holds"),
        (2, "两个及以上地区都有企业的环节（可比、可分工）", "links that two or more regions hold"),
    ):
        found = [link for link in chain.links if len(link.holders) >= wanted and (wanted > 1 or len(link.holders) == 1)]
        if found:
            listed = _listed([_held_by(link, chain) for link in found])
            sentences.append(say(f"{zh} {len(found)} 个：{listed}", f"{len(found)} {en}: {listed}"))
    nobody = [_name(link) for link in chain.links if not link.holders]
    if nobody:
        sentences.append(
            say(
                f"都没有登记企业的环节 {len(nobody)} 个（未登记不等于没有）：{_listed(nobody)}",
                f"{len(nobody)} links with no maker on record in any of them (which is not to say there is none): {_listed(nobody)}",
            )
        )
    without = [_name(r) for r in chain.regions if not r.held]
    if without:
        sentences.append(
            say(
                f"本链没有登记企业的地区 {len(without)} 个（不列出，未登记不等于没有）：{_listed(without)}",
                f"{len(without)} regions without a maker on record in this chain (not shown; there may be some): {_listed(without)}",
            )
        )
    return sentences


def tables(chain: ChainComparison) -> list[Table]:
    """The tables of a chain: its regions, and the links of as many as fit beside one another; none where nothing is held."""
    if not any(region.held for region in chain.regions):
        return []
    return [regions_table(chain), *([found] if (found := links_table(chain)) else [])]


def regions_table(chain: ChainComparison) -> Table:
    """One row a region that has anything of the chain, those with most links first."""
    columns = (
        Column(say("地区", "region"), 1.2),
        Column(say("有企业环节", "links held"), 0.8, "integer"),
        Column(say("占全链", "of the chain"), 0.7, "percent"),
        Column(say("家次", "operations"), 0.6, "integer"),
        Column(say("有企业的环节（区位商）", "links held (location quotient)"), 4),
        Column(say("未计算", "not taken"), 1.4),
    )
    held = sorted((r for r in chain.regions if r.held), key=lambda r: (-r.held, -r.operations, r.id))
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (_name(r), r.held, r.completeness, r.operations, _has(r, chain), _why(r)) for r in held
    )
    return Table(columns, rows, say(f"{_name(chain)}：各地区", f"{_name(chain)}: regions"), row_headings=True)


def links_table(chain: ChainComparison) -> Table | None:
    """One row a link that any of the regions holds, one column a region that holds any: makers, with the location quotient.

    None where so many regions hold something that they do not fit beside one another.
    """
    regions = [region for region in chain.regions if region.held]
    if not 0 < len(regions) <= _MOST_BESIDE:
        return None
    columns = (
        Column(say("环节", "link"), 1.6),
        Column(say("位置", "position"), 0.7),
        Column(say("全国", "nationwide"), 0.6, "integer"),
        *(Column(_name(region)) for region in regions),
    )
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (_name(link), _position(link), link.nation, *(_cell(link, region) for region in regions))
        for link in chain.links
        if link.holders
    )
    caption = say(f"{_name(chain)}：各环节在产企业数（区位商）", f"{_name(chain)}: live makers (location quotient)")
    return Table(columns, rows, caption, row_headings=True)


def details_table(comparison: RegionComparison) -> Table:
    """One row a region and link with a live maker, all figures as numbers."""
    columns = (
        Column(say("产业链", "chain")),
        Column(say("环节", "link")),
        Column(say("位置", "position"), 0.7),
        Column(say("地区", "region")),
        Column(say("在产企业", "live makers"), 0.7, "integer"),
        Column(say("全国在产企业", "live makers nationwide"), 0.8, "integer"),
        Column(say("区位商（对全国）", "location quotient (nation)"), 0.8, "number", 2),
        Column(say("名次", "rank"), 0.5, "integer"),
        Column(say("上级地区", "part of")),
        Column(say("区位商（对上级）", "location quotient (part of)"), 0.8, "number", 2),
        Column(say("有效所有者数", "effective owners"), 0.8, "number", 2),
        Column(say("未计算", "not taken"), 1.6),
    )
    rows = tuple(
        (
            _name(chain),
            _name(link),
            _position(link),
            _name(region),
            presence.makers,
            link.nation,
            presence.quotient,
            presence.rank,
            region.parent_name,
            presence.parent_quotient,
            presence.effective_owners,
            say("；", "; ").join(say_reason(w) for w in (link.not_applied, region.not_applied) if w),
        )
        for chain in comparison.chains
        for link in chain.links
        for region in chain.regions
        if (presence := link.presence[region.id]).makers
    )
    return Table(columns, rows, say("明细", "details"))


def method(comparison: RegionComparison) -> tuple[str, ...]:
    """How the figures are made, and their limits."""
    t = comparison.thresholds
    return (
        say(
            f"数据截至 {comparison.as_of or '未注明'}。只计存续、已投产、证据不过期（{t.live_days} 天内）、可信度不低的企业；"
            "按从事地点计入该地及其上级，同一企业在一地一环节只计一次。登记中没有的，不等于当地没有。",
            f"Data as of {comparison.as_of or 'not stated'}. Live makers only: active, operating, evidence at most {t.live_days} days "
            "older than the data, confidence not low. A firm counts where it works, once a link and region. No firm on record does not mean that there is none.",
        ),
        say(
            "家次：各环节企业数之和，一家企业在两个环节计两次。区位商 =（本地本环节 ÷ 本地全链）÷（全国本环节 ÷ 全国全链），按家数；大于 1 即高于全国平均。"
            f"全国不足 {t.benchmark_min_makers} 家的环节、全链不足 {t.region_min_operations} 家次的地区不计算；其余也只有几家企业，一家之差就使区位商变很多。",
            "Operations add up the makers of all links. Location quotient = (here on the link / here in the chain) / (nationwide on the link / nationwide in the chain), "
            f"by number of firms; not taken for links with fewer than {t.benchmark_min_makers} makers nationwide and regions with fewer than {t.region_min_operations} operations "
            "in the chain; of few firms it still changes much with one more.",
        ),
    )


def document(comparison: RegionComparison) -> Document:
    """The comparison to read: for each chain what the figures say, the regions, and the links where they fit."""
    blocks: list[Block] = []
    for chain in comparison.chains:
        blocks += [Heading(1, _name(chain)), Bullets(tuple(findings(chain)))]
        blocks += tables(chain)
    blocks += [Heading(1, say("方法与数据", "Method and data")), *(Paragraph(line) for line in method(comparison))]
    facts = ((say("数据截至", "data as of"), comparison.as_of or say("未注明", "not stated")),)
    return Document(title(comparison), tuple(blocks), facts=facts, contents=False, language=language())


def xlsx(comparison: RegionComparison) -> bytes:
    """A workbook: the regions and the links of every chain, and all figures in one filterable table."""
    name = title(comparison)
    sheets = [Sheet(say("明细", "details"), name, details_table(comparison), method(comparison))]
    for chain in comparison.chains:
        lines = tuple(findings(chain))
        sheets.append(Sheet(say(f"{_name(chain)} 地区", f"{_name(chain)} regions"), name, regions_table(chain), lines))
        if table := links_table(chain):
            sheets.append(Sheet(say(f"{_name(chain)} 环节", f"{_name(chain)} links"), name, table))
    return workbook(sheets)


def as_json(comparison: RegionComparison) -> dict[str, Any]:
    """The comparison as plain data."""
    return asdict(comparison) | {"thresholds": comparison.thresholds.model_dump()}


# --- relatedness --------------------------------------------------------------------------------------


def related_title(related: Relatedness) -> str:
    """What the report is about."""
    return say(f"{related.region_name}：产业链环节的关联密度", f"{related.region_name}: relatedness of links")


def related_table(related: Relatedness, links: Sequence[RelatedSegment]) -> Table:
    """One row a link, nearest first: density, rank among the like, and what it rests on."""
    columns = (
        Column(say("序", "#"), 0.4, "integer"),
        Column(say("环节", "link"), 1.4),
        Column(say("产业链", "chains"), 1.2),
        Column(say("关联密度", "density"), 0.7, "number", 2),
        Column(say("名次", "rank"), 0.5, "integer"),
        Column(say("同类地区数", "of so many"), 0.6, "integer"),
        Column(say("本地在产企业", "live makers here"), 0.8, "integer"),
        Column(say("本地已有优势、常与之同在一地的环节", "advantages here that go with it elsewhere"), 3),
    )
    rows = tuple(
        (
            number,
            _named(related, link.id),
            _chains(related, link.id),
            link.density,
            link.rank,
            link.among,
            link.makers or None,
            _because(related, link),
        )
        for number, link in enumerate(links, start=1)
    )
    return Table(columns, rows, row_headings=False)


def related_method(related: Relatedness) -> tuple[str, ...]:
    """How the figures are made, and their limits."""
    t, level = related.thresholds, say(VALUE_NAMES[RegionLevel][related.level], related.level)
    return (
        say(
            f"数据截至 {related.as_of or '未注明'}。依据 {related.regions} 个{level}地区 × {related.segments} 个环节的在产企业数"
            f"（每地至少 {t.region_min_makers} 家次、每环节至少 {t.segment_min_makers} 家；较少的未计入）。登记较稀，多一两家企业名次就会变：只用来排先后，不作绝对值。",
            f"Data as of {related.as_of or 'not stated'}. From the live makers of {related.regions} regions ({level} level) x {related.segments} "
            f"segments (at least {t.region_min_makers} makers a region and {t.segment_min_makers} a segment; thinner ones are left out). "
            "Few firms are on record and one more changes ranks: good for an order, not as an absolute figure.",
        ),
        say(
            "关联密度（0-1）：在各地常与该环节同时具备优势（区位商 ≥ 1）的环节中，本地已具备的份额，越高越容易发展。"
            "名次在同样没有（或同样有）该环节企业的地区中排。出处：Hidalgo 等 2007，doi 10.1126/science.1144581。",
            "Density (0-1): of the links that go with this one elsewhere, weighted by how often, the share in which the region has an advantage (LQ >= 1): the higher, the easier. "
            "The rank is among regions that have no maker of it either (or have one too). Hidalgo et al. 2007, doi 10.1126/science.1144581.",
        ),
        _complexity_text(related),
    )


def related_document(related: Relatedness, links: Sequence[RelatedSegment]) -> Document:
    """The relatedness of a region to read."""
    table = related_table(related, links)
    blocks: tuple[Block, ...] = (
        Paragraph(related_summary(related)),
        table if table.rows else Note(say("没有可列的环节", "no link to list")),
        Heading(1, say("方法与数据", "Method and data")),
        *(Paragraph(line) for line in related_method(related)),
    )
    return Document(related_title(related), blocks, contents=False, language=language())


def related_summary(related: Relatedness) -> str:
    """Which absent links are nearest, in one sentence."""
    near = [_named(related, link.id) for link in related.absent if link.density > 0][:3]
    if not near:
        return say("矩阵中的环节本地都有企业，或都不相近", "no link of the matrix is both absent here and near")
    return say(
        f"登记中无在产企业的 {len(related.absent)} 个环节里，与现有优势最接近的：{'、'.join(near)}",
        f"of {len(related.absent)} links without a live maker on record, nearest to what is here: {', '.join(near)}",
    )


def related_xlsx(related: Relatedness, links: Sequence[RelatedSegment]) -> bytes:
    """A workbook of one sheet."""
    lines = (related_summary(related), *related_method(related))
    return workbook(
        [Sheet(say("关联密度", "relatedness"), related_title(related), related_table(related, links), lines)]
    )


def related_json(related: Relatedness, links: Sequence[RelatedSegment]) -> dict[str, Any]:
    """The relatedness of a region as plain data."""
    index, rank, why = (
        (None, None, say_reason(related.complexity))
        if isinstance(related.complexity, Reason)
        else (*related.complexity, None)
    )
    return {
        "region": related.region,
        "region_name": related.region_name,
        "level": related.level,
        "as_of": related.as_of,
        "regions": related.regions,
        "segments": related.segments,
        "thresholds": related.thresholds.model_dump(),
        "complexity": index,
        "complexity_rank": rank,
        "complexity_refused": why,
        "links": [asdict(link) | {"name": _named(related, link.id)} for link in links],
    }


# --- shared -------------------------------------------------------------------------------------------


def as_csv(table: Table) -> str:
    """A table as CSV, figures to four decimals."""
    rows = ([round(v, 4) if isinstance(v, float) else v for v in row] for row in table.rows)
    return csv_text([column.heading for column in table.columns], rows)


def _name(item: ComparedRegion | ComparedLink | ChainComparison) -> str:
    return say(item.name, item.name_en)


def _named(related: Relatedness, segment: str) -> str:
    return say(*related.names.get(segment, (segment, segment)))


def _chains(related: Relatedness, segment: str) -> str:
    names, names_en = related.chains.get(segment, ((), ()))
    return say("、".join(names), ", ".join(names_en))


def _position(link: ComparedLink) -> str:
    return say(VALUE_NAMES[Position][link.position], link.position)


def _listed(names: Sequence[str]) -> str:
    text = say("、", ", ").join(names[:_MOST_NAMED])
    return text + (say(f" 等（共 {len(names)} 个）", " ...") if len(names) > _MOST_NAMED else "")


def _held_by(link: ComparedLink, chain: ChainComparison) -> str:
    names = {region.id: _name(region) for region in chain.regions}
    held = [names[region] for region in link.holders]
    who = say("、", ", ").join(held) if len(held) <= 3 else say(f"{len(held)} 地", f"{len(held)} regions")
    return say(f"{_name(link)}（{who}）", f"{_name(link)} ({who})")


def _has(region: ComparedRegion, chain: ChainComparison) -> str:
    """The links it holds, the highest quotient first, then in the order of the chain."""
    held = [(link, link.presence[region.id]) for link in chain.links if link.presence[region.id].makers]
    held.sort(key=lambda pair: -(pair[1].quotient or 0))
    words = [
        _name(link) + ("" if presence.quotient is None else f" {presence.quotient:.1f}") for link, presence in held
    ]
    return say("、", ", ").join(words)


def _why(region: ComparedRegion) -> str:
    if region.not_applied is None:
        return ""
    why = say_reason(region.not_applied)
    return say(f"区位商：{why}", f"quotient: {why}")


def _cell(link: ComparedLink, region: ComparedRegion) -> str:
    presence = link.presence[region.id]
    if not presence.makers:
        return ""
    return str(presence.makers) + ("" if presence.quotient is None else f" ({presence.quotient:.2f})")


def _because(related: Relatedness, link: RelatedSegment) -> str:
    return say("、", ", ").join(
        say(f"{_named(related, other)}（{near:.2f}）", f"{_named(related, other)} ({near:.2f})")
        for other, near in link.because
    )


def _complexity_text(related: Relatedness) -> str:
    if isinstance(related.complexity, Reason):
        why = say_reason(related.complexity)
        return say(f"经济复杂度未计算：{why}", f"Complexity not taken: {why}")
    value, rank = related.complexity
    return say(
        f"经济复杂度指数 {value:.2f}，在 {related.regions} 个地区中第 {rank} 位（Hidalgo 与 Hausmann 2009，doi 10.1073/pnas.0900943106）；只看登记的产业链，不是整个经济。",
        f"Economic complexity {value:.2f}, rank {rank} of {related.regions} (Hidalgo & Hausmann 2009, doi 10.1073/pnas.0900943106); of these chains, not of the whole economy.",
    )
