"""The page of one gap in the report: what it is, what hangs on it, who could fill it, where, with what, who leads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from graph.analysis.candidates import FirmCandidate, ParkCandidate
from graph.analysis.knockout import Knockout
from graph.analysis.support import Decision, Question, Support, SupportMeasure, Verdict, support_for
from graph.database.rows import ChainTarget
from graph.language import say
from graph.money import YI, money_text, number_text
from graph.rules import leaves, parse_rule
from graph.schema import Position
from reports.formats.blocks import Block, Bullets, Cell, Column, Heading, Paragraph, Table, Value
from reports.gap.gap_words import (
    after_clause,
    capacity_text,
    chain_name,
    cite,
    clauses,
    counted,
    date_text,
    held_text,
    joined,
    maker_name,
    month_text,
    name_of,
    paths_text,
    place_remark,
    remarks,
    risk_text,
    scope_text,
    share,
    shown_loss,
    status_cell,
)
from reports.gap.way_out_tables import target_text, wants
from reports.words import VERDICT_NAMES, confidence_name, say_reason, value_name
from services.dossier import Dossier
from services.gaps import RegionGap
from services.ways_out import Duty, SegmentRemedies

_FIRMS, _PARKS = 6, 4
_Row = tuple[Value | Cell, ...]


def gap_page(dossier: Dossier, place: int) -> list[Block]:
    """The page of the gap at a place (0 the first) of ``dossier.top``."""
    gap, way = dossier.top[place], dossier.ways_out[place]
    return [
        Heading(2, name_of(gap.segment)),
        _facts(dossier, gap, way, place),
        *_firms(dossier, way),
        *_parks(way),
        *_measures(dossier, way),
    ]


def _facts(dossier: Dossier, gap: RegionGap, way: SegmentRemedies, place: int) -> Table:
    """What is known of the gap, one line a question."""
    s = gap.segment
    since = say("文件之后的变化", "since the document")
    chain = chain_name(dossier, gap.chain)
    also = say(f"；也在{joined(gap.also_in)}链上", f"; also in {joined(gap.also_in)}") if gap.also_in else ""
    rows: list[tuple[str, Value | Cell]] = [
        (say("所属产业链", "chain"), f"{chain}{say('·', ', ')}{value_name(Position, s.position)}{also}"),
        (say("状态", "status"), status_cell(s.status)),
        (say("判定依据", "rule that fired"), held_text(dossier, s, gap.chain)),
        (say("本地企业", "local firms"), _makers(dossier, gap)),
        (say("断供影响（上界）", "if it falls out (upper bound)"), _hanging(dossier, gap)),
        (say("位次", "place"), _placed(dossier, place)),
        (say("政策要求", "policy"), _policy(dossier, way)),
        (since, after_clause(dossier, gap)),
        (say("牵头部门", "lead"), departments(way, lambda duty: duty.lead)),
        (say("配合部门", "support"), departments(way, lambda duty: duty.support)),
        (
            say("目标", "targets"),
            "\n".join(dict.fromkeys(_target(dossier, t) for t in way.targets)),
        ),
    ]
    none = say("没有登记", "not on record")
    kept = tuple((label, value or none) for label, value in rows if value or label != since)
    return Table((Column("", 1), Column("", 5.6)), kept, row_headings=True)


def departments(way: SegmentRemedies, held: Callable[[Duty], tuple[str, ...]]) -> str:
    """Who answers for what the clauses want of the link, or else of its chain: a line a clause, in the document's order."""
    own, chain = _by_clause(way.duties, held), _by_clause(way.chain_duties, held)
    if own or not chain:
        return "\n".join(own)
    return "\n".join([say("没有针对本环节的；针对全链的：", "none for this link; for the chain:"), *chain])


def _by_clause(duties: Iterable[Duty], held: Callable[[Duty], tuple[str, ...]]) -> list[str]:
    lines = (say(f"{d.path}：{joined(held(d))}", f"{d.path}: {joined(held(d))}") for d in duties if held(d))
    return list(dict.fromkeys(lines))


def clause_leads(duties: Iterable[Duty]) -> list[str]:
    """Who leads, a line a clause: 行动方案 三（一）2：市经信局、市生态环境局."""
    return _by_clause(duties, lambda duty: duty.lead)


def in_city(dossier: Dossier, firm: FirmCandidate) -> bool:
    """Whether a firm makes the link in the city that the region is part of."""
    return dossier.city is not None and any(site.city == dossier.city.id for site in firm.sites)


def city_site(dossier: Dossier, firm: FirmCandidate) -> str:
    """A firm with where in the city it makes the link: 璞泰来（邛崃市）."""
    here = dossier.city.id if dossier.city else None
    places = joined(say_reason(site.name) for site in firm.sites if site.city == here)
    return say(f"{firm.name}（{places}）", f"{firm.name_en} ({places})")


def _target(dossier: Dossier, target: ChainTarget) -> str:
    """A target with its clause; it is said where its year lies before the date of the data."""
    past = target.year is not None and (dossier.assessment.as_of or "") > f"{target.year}-12-31"
    over = say("，目标年已过，请核对实绩", ", its year is over: check what was reached") if past else ""
    return f"{target_text(target)}{say('，', ', ')}{target.path}{over}"


def _makers(dossier: Dossier, gap: RegionGap) -> str:
    live = {m.id for m in counted(gap.segment, gap.chain)}
    lines = []
    for m in gap.segment.makers:
        notes = [
            n
            for n in (
                m.place_name,
                capacity_text(m),
                say(f"证据截至{month_text(m.as_of)}", f"evidence as of {m.as_of}") if m.as_of else None,
            )
            if n
        ]
        notes += remarks(m) + ([] if m.id in live else [say("不计入", "not counted")])
        lines.append(
            maker_name(m)
            + cite(dossier, m.sources)
            + (say(f"（{'，'.join(notes)}）", f" ({', '.join(notes)})") if notes else "")
        )
    return "\n".join(dict.fromkeys(lines)) or say("登记中没有", "none on record")


def _hanging(dossier: Dossier, gap: RegionGap) -> str:
    """Who needs it, and what stops without it."""
    s, chain = gap.segment, dossier.chain_of(gap)
    parts = [
        say(
            f"按工艺关系，本链 {s.users} 家本地在产企业要用它",
            f"by process relations {s.users} live local firm{'s need' if s.users > 1 else ' needs'} it",
        )
        if s.users
        else say("登记的本地企业中没有直接用它的", "no local firm on record needs it")
    ]
    if shown_loss(s, s.criteria.risk) is None:
        parts.append(
            say(
                "断供影响无法算（本地没有登记的生产者和用户）",
                "what is lost cannot be told: no maker and no user on record",
            )
        )
    elif s.criteria.risk is not None:
        parts.append(
            risk_text(dossier, gap, s.criteria.risk)
            if s.criteria.risk
            else say("断供不影响登记的本地产出", "nothing on record here is lost without it")
        )
    if s.unmet is not None:
        parts.append(say(f"本地缺口 {s.unmet:,.1f} 亿元", f"unmet local demand {s.unmet:,.1f} ×10⁸ yuan"))
    removal = next(
        (k for kind in (chain.outages.outside, chain.outages.links) for k in kind if k.id == s.id and k.loss > 0), None
    )
    if removal is not None:
        parts.append(_stopped(gap, removal))
    return clauses(p for p in parts if p)


def _stopped(gap: RegionGap, removal: Knockout) -> str:
    names = {s.id: name_of(s) for s in gap.chain.segments}
    stopped = [names[i] for i, q in removal.links if q <= 1e-9 and i != gap.segment.id]
    return (
        say(
            f"假设外地买不到，登记供给归零的下游环节：{joined(stopped)}",
            f"if nothing can be bought elsewhere, links without supply: {joined(stopped)}",
        )
        if stopped
        else ""
    )


def _placed(dossier: Dossier, place: int) -> str:
    rows = dossier.assessment.ranking.rows
    if place >= len(rows):
        return say("未参加排序", "not ranked")
    row, top = rows[place], dossier.assessment.ranking.top
    text = say(
        f"第 {place + 1} 位（共 {len(rows)} 个），第 {row.front} 梯队，得分 {row.score:.2f}",
        f"{place + 1} of {len(rows)}, tier {row.front}, score {row.score:.2f}",
    )
    if len(rows) > top:
        text += say(
            f"；换别的权重，{share(row.stability)} 的情况仍进前 {top}",
            f"; among the top {top} under {share(row.stability)} of other weightings",
        )
    level = place_remark(dossier, place)
    return clauses([text, level])


def _policy(dossier: Dossier, way: SegmentRemedies) -> str:
    lines = []
    for duty in way.duties:
        wanted, scope = joined(wants(duty)), scope_text(dossier, duty.clause)
        lines.append(scope + say(f"{wanted}：{duty.path}“{duty.heading}”", f"{wanted}: {duty.path} “{duty.heading}”"))
    return "\n".join(lines)


def _firms(dossier: Dossier, way: SegmentRemedies) -> list[Block]:
    candidates = way.candidates
    if not candidates.firms:
        return [
            Paragraph(
                say("外地没有登记做这个环节的企业，需另行查找。", "no firm elsewhere is on record."),
                say("候选企业", "Candidate firms"),
            )
        ]
    columns = (
        Column(say("候选企业", "firm"), 1.5),
        Column(say("总部", "home"), 1.1),
        Column(say("评分（满分 100）", "score (of 100)"), 0.9, "integer"),
        Column(say("理由", "reasons"), 4.7),
        Column(say("证据截至［来源］", "as of [sources]"), 1.9),
        Column(say("可信度", "confidence"), 1),
    )
    listed = sorted(candidates.firms, key=lambda f: not in_city(dossier, f))[:_FIRMS]
    rows = tuple(firm_row(dossier, f) for f in listed)
    caption = say(
        f"可研究对接的企业（本地以外登记 {candidates.total} 家，列前 {len(rows)} 家；未联系过，分差小于 5 分的先后没有意义）",
        f"Candidate firms ({candidates.total} on record elsewhere, first {len(rows)}; not asked; differences below 5 mean nothing)",
    )
    shared = shared_reason(candidates.firms[:_FIRMS])
    note = (
        [
            Paragraph(
                shared, say("各家共同的有利条件（含其他产业链的客户）", "Common to all (buyers in other chains too)")
            )
        ]
        if shared
        else []
    )
    return [Table(columns, rows, caption), *note]


def firm_row(dossier: Dossier, firm: FirmCandidate) -> _Row:
    """A candidate: name, home, score, its own reasons, date and confidence."""
    return (
        say(firm.name, firm.name_en),
        joined(firm.home) or None,
        100 * firm.score,
        (say("市内已有，先做市内配套；", "in the city already; ") if in_city(dossier, firm) else "")
        + own_reasons(firm),
        "\n".join(p for p in (month_text(firm.as_of), cite(dossier, firm.sources)) if p),
        confidence_name(firm.confidence),
    )


#: Reasons that tell one link from another, not one firm from another.
_SHARED = ("customers", "leader")


def own_reasons(firm: FirmCandidate) -> str:
    """What speaks for this firm, beside what speaks for every maker of the link."""
    own = [say_reason(r.text) for r in firm.reasons if r.points > 0 and r.kind not in _SHARED]
    return clauses(own) or say("只有同环节业务登记", "only that it makes the link")


def shared_reason(firms: tuple[FirmCandidate, ...]) -> str:
    """What speaks for every candidate of the link alike."""
    texts = [say_reason(r.text) for r in firms[0].reasons if r.kind in _SHARED and r.points > 0]
    return clauses(texts) + say("。", ".") if texts else ""


def _parks(way: SegmentRemedies) -> list[Block]:
    if not way.parks:
        return [
            Paragraph(say("登记中没有可承接的园区。", "no park on record could take it."), say("可承接园区", "Parks"))
        ]
    columns = (
        Column(say("可承接园区", "park"), 2.4),
        Column(say("所在", "place"), 1.2),
        Column(say("评分（满分 100）", "score (of 100)"), 0.9, "integer"),
        Column(say("理由", "reasons"), 5),
    )
    return [
        Table(columns, tuple(park_row(p) for p in way.parks[:_PARKS]), say("可承接园区", "Parks that could take it"))
    ]


def park_row(park: ParkCandidate) -> _Row:
    """A park: name, place, score, reasons with the clause."""
    reasons = [say_reason(r.text) for r in park.reasons if r.points > 0]
    name, places = say(park.name, park.name_en), joined(park.places) or None
    return (name, places, 100 * park.score, clauses([*reasons, paths_text(park.clauses)]))


def _measures(dossier: Dossier, way: SegmentRemedies) -> list[Block]:
    """Measures for this very link; those for its chain or any chain are listed once, after the gaps."""
    applicable = open_decisions(way.support)
    own = [d for d in applicable if way.scopes[d.measure.id] == "segment"]
    rest = len(applicable) - len(own)
    text = say(
        f"专门针对本环节的 {len(own)} 项；" if own else "没有专门针对本环节的；",
        f"{len(own) or 'none'} for this very link; ",
    )
    text += say(
        f"全链或通用措施 {rest} 项可能适用，见本部分末尾。",
        f"{rest} for the chain or any chain may apply, see the end of this part.",
    )
    table = [
        measure_table(
            own, say(f"针对本环节的支持措施（{_stated(dossier)}）", f"Support for this link ({_stated(dossier)})")
        )
    ]
    return [Paragraph(text, say("支持措施", "Support")), *(table if own else [])]


def common_support(dossier: Dossier) -> list[Block]:
    """Measures that are not for one link, once for all gaps, with what must be asked."""
    support = open_support(dossier)
    if not support.decisions:
        return []
    caption = say(f"可能适用的支持措施（{_stated(dossier)}）", f"Support that may apply ({_stated(dossier)})")
    total = (
        say(f"合计最多 {money_text(support.total)}，", f"At most {money_text(support.total)} in all, ")
        if support.total is not None
        else ""
    )
    asked = tuple(say_reason(q.text) for q in first_questions(dossier, support))
    head = say(
        "这些措施不限于某一个环节，上面各短板都可能用到。“最多可得”按文件的金额、比例和上限计算；算不出的写明原因。",
        "These measures are not for one link; they may serve any of the gaps above. The most that each pays follows the document.",
    )
    first = [d for d in support.decisions if _touched(dossier, d)]
    label = (
        say("所给投资额涉及的措施，要先问清", "To be asked first")
        if first
        else say("定下来之前要问清", "To be asked first")
    )
    questions: list[Block] = [Paragraph("", label), Bullets(asked, ordered=True)]
    if first and len(asked) < len([q for q in support.questions if q.fact]):
        questions.append(
            Paragraph(
                say(
                    "其余措施要问清的事列在“未知与待核”部分。",
                    "What the other measures ask is listed under “What is not known”.",
                )
            )
        )
    return [
        Heading(2, say("支持措施和要问清的事", "Support, and what must be asked")),
        Paragraph(head),
        *_investment(dossier, support),
        measure_table(open_decisions(support), caption),
        Paragraph(total + say_reason(support.total_basis) + say("。", "."), say("能否加总", "Adding up")),
        *(questions if asked else []),
    ]


def open_support(dossier: Dossier) -> Support:
    """The measures that are not for one link, once for all gaps, against the project."""
    common: dict[str, Decision] = {}
    for way in dossier.ways_out:
        common |= {d.measure.id: d for d in open_decisions(way.support) if way.scopes[d.measure.id] != "segment"}
    return support_for(dossier.project, (d.measure for d in common.values()))


def _touched(dossier: Dossier, decision: Decision) -> bool:
    """Whether what is stated of the project bears on a measure."""
    rule = decision.measure.rule
    return rule is not None and any(leaf.fact in dossier.project.known for leaf in leaves(parse_rule(rule)))


def first_questions(dossier: Dossier, support: Support) -> list[Question]:
    """The questions of the measures that the stated facts bear on; all where they bear on none."""
    matter = {d.measure.id for d in support.decisions if _touched(dossier, d)}
    return [q for q in support.questions if q.fact and (not matter or matter & set(q.measures))]


def later_questions(dossier: Dossier, support: Support) -> list[Question]:
    """The questions of the other measures."""
    first = {q.text for q in first_questions(dossier, support)}
    return [q for q in support.questions if q.fact and q.text not in first]


def _investment(dossier: Dossier, support: Support) -> list[Block]:
    """What the documents say for the stated investment, whole: rates and of what, yearly caps, not twice, until when."""
    invested = dossier.project.fixed_investment
    if invested is None:
        return []
    lines = [_for_investment(d, invested) for d in support.decisions if _touched(dossier, d)]
    if not lines:
        lines.append(
            say(
                f"没有以固定资产投资额为条件的措施可对应 {money_text(invested)}。",
                f"No measure turns on a fixed investment of {money_text(invested)}.",
            )
        )
    yearly: dict[tuple[str, float], None] = {
        (d.measure.cited, d.measure.annual_cap): None for d in support.decisions if d.measure.annual_cap is not None
    }
    if yearly:
        caps = clauses(
            say(f"{cited} 不超过 {money_text(cap)}", f"{cited} at most {money_text(cap)}") for cited, cap in yearly
        )
        lines.append(say(f"单一年度上限：{caps}。", f"Yearly caps: {caps}."))
    if any(d.measure.stacking == "exclusive" for d in support.decisions):
        lines.append(
            say(
                "国家、省、市政策不重复享受，各项不能简单相加。",
                "National, provincial and city policies are not enjoyed twice; the sums cannot simply be added.",
            )
        )
    lines += _expiry(dossier, support)
    return [
        Paragraph(
            "",
            say(
                f"固定资产投资 {money_text(invested)}，文件怎么说", f"What the documents say for {money_text(invested)}"
            ),
        ),
        Bullets(tuple(lines)),
    ]


def _for_investment(decision: Decision, invested: float) -> str:
    """One measure that turns on the investment, in full."""
    m = decision.measure
    given = say(
        f"所给固定资产投资 {money_text(invested)}；条件：{m.condition or '未写明'}；对象：{m.beneficiary or '未写明'}",
        f"fixed investment {money_text(invested)}; condition: {m.condition or 'not stated'}; for: {m.beneficiary or 'not stated'}",
    )
    parts = [
        given,
        _rate_words(m),
        m.note or "",
        say("余下条件待核", "the rest is to be verified") if decision.verdict is Verdict.UNDECIDED else "",
    ]
    return f"{m.name}（{m.cited}）" + say("：", ": ") + clauses(parts) + say("。", ".")


def _rate_words(m: SupportMeasure) -> str:
    """The whole range of a rate, what it is a share of, and what that makes of 1 亿元 of it."""
    if m.rate_max is None:
        return ""
    ends = list(dict.fromkeys(r for r in (m.rate_min, m.rate_max) if r is not None))
    rate = "—".join(f"{number_text(r * 100)}%" for r in ends)
    each = "—".join(money_text(r * YI) for r in ends)
    base = m.rate_base or say("文件未写明的基数", "a base that is not stated")
    return say(
        f"比例 {rate}，是“{base}”的比例，即每 1 亿元为 {each}",
        f"rate {rate} of “{base}”: {each} of each {money_text(YI)}",
    )


def _expiry(dossier: Dossier, support: Support) -> list[str]:
    dates = {
        s.name: s.expires
        for d in support.decisions
        if (s := dossier.sources.get(d.measure.clause)) is not None and s.expires
    }
    return [
        say(f"文件有效期至{date_text(until)}：《{name}》。", f"In force until {until}: {name}.")
        for name, until in dates.items()
    ]


def open_decisions(support: Support) -> list[Decision]:
    """The measures that apply or may apply."""
    return [d for d in support.decisions if d.verdict in (Verdict.MET, Verdict.UNDECIDED)]


def _stated(dossier: Dossier) -> str:
    invested = dossier.project.fixed_investment
    if invested is None:
        return say("未给出投资额", "investment not stated")
    return say(f"按固定资产投资 {money_text(invested)} 计", f"for a fixed investment of {money_text(invested)}")


def measure_table(decisions: Sequence[Decision], caption: str) -> Table:
    """Measures with whether they apply and the most that each pays."""
    columns = (
        Column(say("支持措施", "measure"), 2.2),
        Column(say("是否适用", "applies"), 1),
        Column(say("最多可得", "at most"), 2.8),
        Column(say("对象与条件", "for whom, on what condition"), 3.4),
        Column(say("条款", "clause"), 1.2),
    )
    return Table(columns, tuple(measure_row(d) for d in decisions), caption)


def measure_row(decision: Decision) -> _Row:
    """A measure: name, whether it applies, its maximum and how it is reckoned, for whom, clause."""
    m = decision.measure
    return (
        m.name,
        say(*VERDICT_NAMES[decision.verdict]),
        say_reason(decision.maximum.basis),
        clauses(t for t in (m.beneficiary, m.condition) if t),
        m.cited,
    )
