"""The body of the gap report: the chains, the order of the gaps, what may fall out, what is made here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from graph.analysis.assessment import ChainAssessment, SegmentGap
from graph.analysis.knockout import Knockout
from graph.analysis.ranking import Ranking
from graph.analysis.status import Status
from graph.language import say
from graph.schema import Position, Stage
from graph.settings import settings
from reports.formats.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Landscape,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    Table,
    Value,
)
from reports.gap.gap_table import formula_text
from reports.gap.gap_words import (
    STABLE,
    bound_text,
    chain_name,
    chains_of,
    cite,
    evidence_text,
    firms_text,
    held_text,
    joined,
    month_text,
    name_of,
    removed_name,
    scope_text,
    sentence,
    share,
    shown_loss,
    stance_text,
    status_cell,
    weighing_text,
    weights_text,
    why,
)
from reports.pictures.chain_picture import draw_chain
from reports.pictures.drawing import IN_TEXT_LANDSCAPE
from reports.words import BASIS_NAMES, status_name, value_name
from services.dossier import Dossier, NamedFirm, counts_of

_Row = tuple[Value | Cell, ...]
_FIRST = 5  # of what is named in the conclusions
_DPI = 200
_PICTURE = 0.93  # of the width of the page: headings and caption stand on it too


# -- chains -----------------------------------------------------------------------------------------------------------


def chains(dossier: Dossier, progress: Callable[[str], None]) -> list[Block]:
    """Each chain: its picture with the status of every link; then tables of the links that are known."""
    told = evidence_text(dossier)
    pages: list[Block] = [Heading(1, say("产业链现状", "The chains"))]
    tables: list[Block] = [Heading(2, say("各链已知环节", "Links that are known"))]
    if told:
        tables.append(
            Paragraph(
                told + say("。来源的核对情况见“来源”部分。", ". How sources were checked is told under “Sources”.")
            )
        )
    bare = []
    for chain in dossier.assessment.chains:
        name = chain_name(dossier, chain.gaps)
        if all(s.status is Status.UNKNOWN for s in chain.gaps.segments):
            bare.append(name)
            continue
        progress(name)
        drawings = draw_chain(chain.gaps, dossier.graphs[chain.gaps.chain], paper=IN_TEXT_LANDSCAPE)
        pictures = (Picture(d.png(_DPI), d.title, picture_words(chain), svg=d.svg, width=_PICTURE) for d in drawings)
        pages += [Heading(2, name), *pictures, PageBreak()]
        tables += [Paragraph(_chain_words(chain, name)), *_known_links(dossier, chain, name)]
    if bare:
        text = say(
            f"{joined(bare)}的全部环节情况不明，不画图，见“未知与待核”部分。",
            f"Nothing is known of any link of {joined(bare)}; see “What is not known”.",
        )
        tables.append(Paragraph(text))
    tables += named_firms(dossier)
    drawn = any(isinstance(b, Picture) for b in pages)
    return [Landscape(tuple(pages)), *tables] if drawn else [*pages, *tables[1:]]


def named_firms(dossier: Dossier) -> list[Block]:
    """The firms that documents in force name, and what is on record of each here."""
    if not dossier.named:
        return []
    where = dossier.city.name if dossier.city else say("本地", "here")
    text = say(
        f"下表列出对本地有效的文件点名的企业和{where}的登记情况。“未见”只是登记里没有，不等于没有落地。",
        "The firms that documents in force name, and what is on record of them here. “Not on record” does not mean that nothing came of it.",
    )
    columns = (
        Column(say("企业", "firm"), 1.8),
        Column(say("条款点名的角色", "named as, by which clause"), 3.4),
        Column(say(f"登记（{where}）", f"on record ({where})"), 5),
        Column(say("情况", "state"), 1.2),
    )
    rows = tuple(
        (say(f.name, f.name_en or f.name), _mentions(dossier, f), _records(dossier, f), _state(f))
        for f in dossier.named
    )
    return [
        Heading(2, say("政策点名的企业", "Firms that policy names")),
        Paragraph(text),
        Table(columns, rows, say("政策点名企业的登记情况", "Firms named by policy, and what is on record")),
    ]


def _mentions(dossier: Dossier, firm: NamedFirm) -> str:
    return "\n".join(
        say(f"{role or '点名'}（{path}）", f"{role or 'named'} ({path})") + cite(dossier, [clause])
        for clause, path, role in firm.mentions
    )


def _records(dossier: Dossier, firm: NamedFirm) -> str:
    lines = []
    for r in firm.records:
        notes = [value_name(Stage, r.stage), r.place, month_text(r.as_of)]
        notes += [say("可信度低，未核", "low confidence, not verified")] if r.confidence == "low" else []
        lines.append(
            r.segment_name
            + say(f"（{'，'.join(n for n in notes if n)}）", f" ({', '.join(n for n in notes if n)})")
            + cite(dossier, r.sources)
        )
    return "\n".join(lines) or say("登记未见", "not on record")


def _state(firm: NamedFirm) -> str:
    """The furthest stage on record: 在产, 在建, 规划; 未核 where only evidence of low confidence is there."""
    sure = [r.stage for r in firm.records if r.confidence != "low"]
    if sure:
        return next(value_name(Stage, stage) for stage in Stage if stage in sure)
    return say("未核", "not verified") if firm.records else say("未见", "not on record")


def picture_words(chain: ChainAssessment) -> str:
    """The picture for those who do not see it: the links by status."""
    by_status: dict[Status, list[str]] = defaultdict(list)
    for s in chain.gaps.segments:
        by_status[s.status].append(name_of(s))
    return sentence(say(f"{status_name(k)}：", f"{status_name(k)}: ") + joined(v) for k, v in by_status.items())


def _chain_words(chain: ChainAssessment, name: str) -> str:
    c = counts_of([chain.gaps])
    return say(
        f"{name}链共 {c.links} 个环节，{c.held} 个有企业登记（完整度 {share(chain.gaps.completeness)}），企业 {c.firms} 家；"
        f"{c.by_status[Status.UNKNOWN]} 个情况不明，列在“未知与待核”部分。",
        f"The {name} chain has {c.links} links, {c.held} with a maker on record (completeness {share(chain.gaps.completeness)}), "
        f"{c.firms} firms; {c.by_status[Status.UNKNOWN]} are listed under “What is not known”.",
    )


def _known_links(dossier: Dossier, chain: ChainAssessment, name: str) -> list[Block]:
    known = [s for s in chain.gaps.segments if s.status is not Status.UNKNOWN]
    if not known:
        return []
    columns = (
        Column(say("环节", "link"), 2.2),
        Column(say("位置", "position"), 1),
        Column(say("状态", "status"), 1.5),
        Column(say("本地企业（区县或园区、产能）［来源］", "local firms (place, capacity) [sources]"), 4.2),
        Column(say("判定依据", "rule that fired"), 3.2),
        Column(say("断供损失（上界）", "loss (upper bound)"), 1.1, "percent"),
    )
    losses = {k.id: k.loss for k in chain.outages.links}
    rows = tuple(
        (
            name_of(s),
            value_name(Position, s.position),
            status_cell(s.status),
            firms_text(dossier, s, chain.gaps),
            held_text(dossier, s, chain.gaps),
            shown_loss(s, losses.get(s.id)),
        )
        for s in known
    )
    return [Table(columns, rows, say(f"{name}链已知环节", f"Known links of the {name} chain"))]


# -- ranking ----------------------------------------------------------------------------------------------------------


def ranking(dossier: Dossier) -> list[Block]:
    """All gaps of all chains in one order, with the reasons and how sure the order is."""
    if not dossier.gaps:
        return [
            Heading(1, say("短板排序", "Order of the gaps")),
            Paragraph(
                say(
                    "按现有数据没有可以判定的短板，因此没有排序。",
                    "No gap can be told from the data, so there is no order.",
                )
            ),
        ]
    blocks: list[Block] = [Heading(1, say("短板排序", "Order of the gaps")), *_ranking_words(dossier)]
    if dossier.assessment.ranked:
        blocks.append(_ranking_table(dossier))
    if dossier.assessment.unranked:
        blocks += _unranked(dossier)
    return [Landscape(tuple(blocks))]


def _ranking_words(dossier: Dossier) -> list[Block]:
    ranking = dossier.assessment.ranking
    if not dossier.assessment.ranked:
        return []
    front = sum(1 for r in ranking.rows if r.front == 1)
    text = say(
        f"短板按得分排序，得分看 {len(ranking.weights)} 项：{weights_text(dossier)}。{formula_text(ranking)}"
        "梯队只作参考，不排次序：第一梯队的短板，没有别的短板在都有数据的各项上都不比它差、又有一项更强；"
        f"第一梯队有 {front} 个。",
        f"Gaps come by score, of {len(ranking.weights)} criteria: {weights_text(dossier)}. {formula_text(ranking)}"
        "Tiers are shown and do not order: no gap is as good in everything that is on record for all, and better in something, "
        f"than one of the first tier; {front} gaps are in it.",
    )
    return [Paragraph(text + stability_words(ranking))]


def stability_words(ranking: Ranking) -> str:
    """How sure the first places are under other weights; nothing where all gaps are among the first anyway."""
    if len(ranking.rows) <= ranking.top:
        return ""
    sure = sum(1 for r in ranking.rows[: ranking.top] if r.stability >= STABLE)
    return say(
        f"权重是人定的，因此另抽 {ranking.samples} 组权重重排：前 {ranking.top} 个中有 {sure} 个在九成以上的抽样里仍进前 {ranking.top}，算稳定进入前 {ranking.top}（不等于第几位不变）；"
        "其余的排位不稳，只供参考。得分相差不到 0.05 的视为并列。",
        f" Weights are a judgement; under {ranking.samples} other weightings {sure} of the first {ranking.top} stay among them nine times in ten (not at the same place). "
        "Scores that differ by less than 0.05 are level.",
    )


def _ranking_table(dossier: Dossier) -> Table:
    columns = (
        Column(say("位次", "#"), 0.7, "integer"),
        Column(say("环节", "link"), 2),
        Column(say("产业链", "chain"), 2),
        Column(say("状态", "status"), 1.3),
        Column(say("依据", "why"), 3.4),
        Column(say("用户（家）", "local users"), 1, "integer"),
        Column(say("断供损失（上界）", "loss (upper bound)"), 1, "percent"),
        Column(say("政策要求（条款）", "policy (clauses)"), 3.4),
        Column(say("梯队", "tier"), 0.7, "integer"),
        Column(say("得分", "score"), 0.7, "number", 2),
        Column(say("稳定度", "stability"), 0.9, "percent"),
    )
    rows: list[_Row] = []
    pairs = zip(dossier.assessment.ranking.rows, dossier.assessment.ranked, strict=True)
    for place, (row, gap) in enumerate(pairs, start=1):
        s = gap.segment
        rows.append(
            (
                place,
                name_of(s),
                chains_of(dossier, gap),
                status_cell(s.status),
                why(dossier, gap)[0],
                s.users,
                shown_loss(s, s.criteria.risk),
                policy_cell(dossier, s),
                row.front,
                row.score,
                row.stability,
            )
        )
    return Table(columns, tuple(rows), say("全部短板排序", "All gaps in order"))


def policy_cell(dossier: Dossier, segment: SegmentGap) -> str:
    """What policy wants of a link with the clauses; it is said where that is asked of more than the region."""
    scopes = dict.fromkeys(scope_text(dossier, s.clause) for s in segment.stances)
    text = stance_text(segment)
    return "".join(s for s in scopes if text) + text or say("无", "none")


def _unranked(dossier: Dossier) -> list[Block]:
    columns = (
        Column(say("环节", "link"), 2),
        Column(say("产业链", "chain"), 2),
        Column(say("状态", "status"), 1.2),
        Column(say("政策要求", "policy"), 3),
        Column(say("判定依据", "rule that fired"), 5),
    )
    rows = tuple(
        (
            name_of(g.segment),
            chains_of(dossier, g),
            status_cell(g.segment.status),
            policy_cell(dossier, g.segment),
            held_text(dossier, g.segment, g.chain),
        )
        for g in dossier.assessment.unranked
    )
    text = say(
        "以下短板所在的链在本地没有在产企业登记，算不出谁要用它、断了损失多少，因此不参加排序，只按政策要求列出。",
        "The chains of these gaps have no live local firm on record, so nothing tells who needs them: they follow by what policy asks for.",
    )
    return [Paragraph(text), Table(columns, rows, say("未参加排序的短板", "Gaps not ranked"))]


# -- risks -----------------------------------------------------------------------------------------------------------------


def risks(dossier: Dossier) -> list[Block]:
    """What is lost when one firm, park, owner or outside source falls out, and who alone stops what."""
    carried = [c for c in dossier.assessment.chains if c.outages.firms]
    if not carried:
        return []
    intro = say(
        "下表逐个假设一家企业、一个园区、一个集团或一类外部供给中断，计算本地该链的损失。必需的投入缺一不可，互相替代的只要有一种即可。"
        + bound_text(),
        "Each row takes one firm, park, group or outside supply away and computes what the local chain loses. All essential inputs are needed, of substitutes any one. "
        + bound_text(),
    )
    return [
        Heading(1, say("断供风险", "What may fall out")),
        Paragraph(intro),
        Bullets(tuple(_resilience_line(dossier, c) for c in carried)),
        _outage_table(dossier, carried),
        Note(
            say(
                f"带 {_TAKEN} 的环节本地情况不明，按靠外部供给计算；查明本地有企业后损失会变小。",
                f"Links marked {_TAKEN} are not known and taken to come from outside; a maker found here would make the loss smaller.",
            )
        ),
        *_single_points(dossier, carried),
    ]


def _resilience_line(dossier: Dossier, chain: ChainAssessment) -> str:
    name, lost = chain_name(dossier, chain.gaps), 1 - (chain.outages.resilience or 0.0)
    basis = weighing_text(chain.outages.weighed)
    return say(
        f"{name}：任何一家企业停产，登记企业最多 {share(lost)} 受影响（{basis}）。",
        f"{name}: whichever single firm stops, at most {share(lost)} of what is on record is hit ({basis}).",
    )


_HIT = 4  # links of a removal that are named in the document; the workbook has all
#: How many removals of each kind are shown for a chain.
_PAIRS = 5
_TAKEN = "※"  # marks what is taken to come from outside because nothing is known of it
_SHOWN = {"firms": 3, "owners": 2, "parks": 2, "origins": 2, "outside": 3}


def removed_kinds() -> dict[str, str]:
    """The kinds of removals in words."""
    return {
        "firms": say("企业", "firm"),
        "owners": say("集团", "group"),
        "parks": say("园区", "park"),
        "origins": say("来源地", "origin"),
        "outside": say("外部供给", "outside supply"),
    }


def _outage_table(dossier: Dossier, carried: Iterable[ChainAssessment]) -> Table:
    columns = (
        Column(say("产业链", "chain"), 1.5),
        Column(say("中断的是", "what falls out"), 2.4),
        Column(say("类别", "kind"), 1.2),
        Column(say("最多损失", "loss"), 1, "percent"),
        Column(say("登记供给归零的环节（先列本地在产的）", "links left without supply"), 3),
        Column(say("供给减少的环节（剩余）", "links that are cut (left)"), 3),
    )
    rows: list[_Row] = []
    for chain in carried:
        name = chain_name(dossier, chain.gaps)
        for kind, word in removed_kinds().items():
            for k in getattr(chain.outages, kind)[: _SHOWN[kind]]:
                if k.loss > 0:
                    rows.append((name, removed(dossier, chain, kind, k.id), word, k.loss, *hit_links(chain, k, _HIT)))
    return Table(
        columns,
        tuple(rows),
        say("断供推算（上界，每类列最大的几个）", "What falls out (upper bounds, the worst of each kind)"),
    )


def removed(dossier: Dossier, chain: ChainAssessment, kind: str, what: str) -> str:
    """What falls out, in words; a link is marked where it is only taken to come from outside."""
    if kind != "outside":
        return removed_name(dossier, chain, what)
    segment = next(s for s in chain.gaps.segments if s.id == what)
    taken = segment.status is Status.UNKNOWN and what in chain.outages.assumed
    return name_of(segment) + (_TAKEN if taken else "")


def hit_links(chain: ChainAssessment, knockout: Knockout, most: int | None = None) -> tuple[str, str]:
    """The links that a removal stops, and those that it weakens with the share left; those made here come first.

    ``most`` of each are named, and how many there are.
    """
    names = {s.id: name_of(s) for s in chain.gaps.segments}
    made_here = {s.id for s in chain.gaps.segments if s.live}
    hit = sorted(knockout.links, key=lambda pair: pair[0] not in made_here)
    stopped = [names[i] for i, q in hit if q <= 1e-9]
    cut = [f"{names[i]} {share(q)}" for i, q in hit if 1e-9 < q < 1]
    return _first_of(stopped, most), _first_of(cut, most)


def _first_of(names: Sequence[str], most: int | None) -> str:
    if most is None or len(names) <= most:
        return joined(names)
    return joined(names[:most]) + say(f"等 {len(names)} 个", f" ({len(names)} in all)")


def _single_points(dossier: Dossier, carried: Iterable[ChainAssessment]) -> list[Block]:
    """Links made here that a firm stops which does not make them itself: what is not seen from the register alone."""
    rows: list[_Row] = []
    for chain in carried:
        by_id = {s.id: s for s in chain.gaps.segments}
        for link, sets in chain.outages.stopping.items():
            own = set(by_id[link].quantities.by_firm)
            alone = [f for f in sets.single if f not in own]
            if not by_id[link].live or not (alone or sets.pairs):
                continue
            pairs = joined("＋".join(removed_name(dossier, chain, f) for f in pair) for pair in sets.pairs[:_PAIRS])
            named = joined(removed_name(dossier, chain, f) for f in alone)
            rows.append(
                (
                    chain_name(dossier, chain.gaps),
                    name_of(by_id[link]),
                    named or say("无", "none"),
                    pairs,
                )
            )
    if not rows:
        return []
    columns = (
        Column(say("产业链", "chain"), 1.5),
        Column(say("下游环节", "link"), 2),
        Column(say("上游只登记到的一家（任一家）", "upstream, the only one on record (any of these)"), 4),
        Column(say("两家合起来才是全部登记来源", "these two together are all on record"), 3),
    )
    width = 4 if any(row[3] for row in rows) else 3
    caption = say(
        "假设外地买不到：上游登记来源只有一家（或两家）的下游环节，待企业核实",
        "If nothing could be bought elsewhere: links with one (or two) sources upstream, to be verified",
    )
    return [Table(columns[:width], tuple(row[:width] for row in rows), caption)]


# -- coverage and dependence -------------------------------------------------------------------------------------------------


def coverage(dossier: Dossier) -> list[Block]:
    """How much of what the chains need is made here, and what comes from outside."""
    carried = [c for c in dossier.assessment.chains if c.coverage.total is not None]
    if not carried:
        return []
    columns = (
        Column(say("产业链", "chain"), 2),
        Column(say("口径", "measured by"), 1.5),
        Column(say("本地能配套", "made here"), 1.2, "percent"),
        Column(say("登记为缺失、按靠外部计", "on record as missing, taken from outside"), 1.6, "percent"),
        Column(say("不清楚", "not known"), 1.2, "percent"),
    )
    rows: list[_Row] = []
    for chain in carried:
        for covered in (chain.coverage, chain.measured_coverage):
            if covered is None or covered.total is None:
                continue
            name = chain_name(dossier, chain.gaps)
            here, unclear = covered.total.value, covered.total.unknown
            rows.append((name, say(*BASIS_NAMES[covered.basis]), here, max(0.0, 1 - here - unclear), unclear))
    text = say(
        "本地在产环节所需的投入中，有多大部分本地能供给。政策点名而登记未见企业的环节按靠外部计，这也待核；没有企业登记、又没有依据说本地没有的投入，列为不清楚，不当作没有。",
        "Of what the links made here need, the share that is made here too. Inputs with no firm on record, where nothing says that there is none, are not known.",
    )
    return [
        Heading(1, say("本地配套与对外依存", "Local coverage and outside dependence")),
        Paragraph(text),
        Table(columns, tuple(rows), say("本地配套率", "Local coverage"), row_headings=True),
        *_dependence(dossier),
    ]


def _dependence(dossier: Dossier) -> list[Block]:
    items: list[str | Paragraph] = []
    for chain in dossier.assessment.chains:
        names = {s.id: name_of(s) for s in chain.gaps.segments}
        outside = [d for d in chain.dependence if d.delta > settings.dependence.share]
        if outside:
            chain_words = chain_name(dossier, chain.gaps)
            items.append(
                Paragraph(
                    joined(names[d.segment] + _origins(d.origins, flagged=d.flagged) for d in outside),
                    label=chain_words,
                )
            )
    if not items:
        return []
    head = say(
        f"一半以上要靠外部供给的环节（对外依存度超过 {share(settings.dependence.share)}）：",
        f"Links with an outside dependence above {share(settings.dependence.share)}:",
    )
    return [Paragraph(head), Bullets(tuple(items))]


def _origins(origins: Sequence[tuple[str, float]], *, flagged: bool) -> str:
    if not origins:
        return say("（来源地未登记）", " (origin not on record)")
    named = joined(f"{origin} {share(part)}" for origin, part in origins[:3])
    mark = say("，来源过于集中", ", too concentrated") if flagged else ""
    return say(f"（{named}{mark}）", f" ({named}{mark})")
