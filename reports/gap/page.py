"""The page of one gap in the report: what it is, what hangs on it, who could fill it, where, with what, who leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graph.analysis.candidates import FirmCandidate, ParkCandidate
from graph.analysis.knockout import Knockout
from graph.analysis.support import VERDICT_NAMES, Decision, Support, Verdict, money, support_for
from graph.assessment import RegionGap
from graph.dossier import Dossier
from graph.language import language, say
from graph.remedies import Duty, SegmentRemedies
from graph.schema import VALUE_NAMES, Confidence, Position, Stance
from reports.formats.document import Block, Bullets, Cell, Column, Heading, Paragraph, Table, Value
from reports.gap.remedies import target_text
from reports.gap.table import value_name
from reports.gap.words import (
    chain_name,
    cite,
    clauses,
    counted,
    held_text,
    joined,
    maker_name,
    month_text,
    name_of,
    paths_text,
    remarks,
    risk_text,
    share,
    status_cell,
)

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
    chain = chain_name(dossier, gap.chain)
    also = say(f"；也在{joined(gap.also_in)}链上", f"; also in {joined(gap.also_in)}") if gap.also_in else ""
    rows: list[tuple[str, Value | Cell]] = [
        (say("所属产业链", "chain"), f"{chain}{say('·', ', ')}{value_name(Position, s.position)}{also}"),
        (say("状态", "status"), status_cell(s.status)),
        (say("判定依据", "rule that fired"), _rule(gap)),
        (say("本地企业", "local firms"), _makers(dossier, gap)),
        (say("断了会怎样", "if it falls out"), _hanging(dossier, gap)),
        (say("位次", "place"), _placed(dossier, place)),
        (say("政策要求", "policy"), _policy(way)),
        (say("牵头部门", "lead"), departments(way, lambda duty: duty.lead)),
        (say("配合部门", "support"), departments(way, lambda duty: duty.support)),
        (
            say("目标", "targets"),
            "\n".join(dict.fromkeys(_target(dossier, t) for t in way.targets)),
        ),
    ]
    kept = tuple((label, value if value else say("没有登记", "not on record")) for label, value in rows)
    return Table((Column("", 1), Column("", 5.6)), kept, row_headings=True)


def _rule(gap: RegionGap) -> str:
    """The rule that fired, in plain words and with its figures."""
    plain, basis = held_text(gap.segment, gap.chain), gap.segment.basis
    return plain if plain == basis else say(f"{plain}（{basis}）", f"{plain} ({basis})")


def departments(way: SegmentRemedies, held: Callable[[Duty], tuple[str, ...]]) -> str:
    """Who answers for what the clauses want of the link, or else for what they want of its chain."""
    own = joined(d for duty in way.duties for d in held(duty))
    chain = joined(d for duty in way.chain_duties for d in held(duty))
    return own or (
        say(f"没有针对本环节的；针对全链的有{chain}", f"none for this link; for the chain {chain}") if chain else ""
    )


def _target(dossier: Dossier, target: Mapping[str, Any]) -> str:
    """A target with its clause; it is said where its year lies before the date of the data."""
    past = target["year"] is not None and (dossier.assessment.as_of or "") > f"{target['year']}-12-31"
    over = say("，目标年已过，请核对实绩", ", its year is over: check what was reached") if past else ""
    return f"{target_text(dict(target))}{say('，', ', ')}{target['path']}{over}"


def _makers(dossier: Dossier, gap: RegionGap) -> str:
    live = {m.id for m in counted(gap.segment, gap.chain)}
    lines = []
    for m in gap.segment.makers:
        notes = [
            n
            for n in (
                m.place_name,
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
    parts = [say(f"本链 {s.users} 家本地在产企业要用它", f"{s.users} live local firm{'s need' if s.users > 1 else ' needs'} it") if s.users
             else say("登记的本地企业中没有直接用它的", "no local firm on record needs it")]  # fmt: skip
    if s.criteria.risk is not None:
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
    return say(f"跟着停摆的环节：{joined(stopped)}", f"links that stop with it: {joined(stopped)}") if stopped else ""


def _placed(dossier: Dossier, place: int) -> str:
    rows = dossier.assessment.ranking.rows
    if place >= len(rows):
        return say("未参加排序", "not ranked")
    row, top = rows[place], dossier.assessment.ranking.top
    text = say(f"第 {place + 1} 位（共 {len(rows)} 个），第 {row.front} 梯队，得分 {row.score:.2f}",
               f"{place + 1} of {len(rows)}, tier {row.front}, score {row.score:.2f}")  # fmt: skip
    if len(rows) <= top:
        return text
    return text + say(f"；换别的权重，{share(row.stability)} 的情况仍进前 {top}",
                      f"; among the top {top} under {share(row.stability)} of other weightings")  # fmt: skip


def _policy(way: SegmentRemedies) -> str:
    lines = []
    for duty in way.duties:
        wants = joined(
            value_name(Stance, stance) + (say(f"（{role}）", f" ({role})") if role else "")
            for stance, role in duty.wants
        )
        lines.append(say(f"{wants}：{duty.path}“{duty.heading}”", f"{wants}: {duty.path} “{duty.heading}”"))
    return "\n".join(lines)


def _firms(dossier: Dossier, way: SegmentRemedies) -> list[Block]:
    found = way.candidates
    if not found.firms:
        return [
            Paragraph(
                say("外地没有登记做这个环节的企业，需另行查找。", "no firm elsewhere is on record."),
                say("候选企业", "Candidate firms"),
            )
        ]
    columns = (
        Column(say("候选企业", "firm"), 1.5), Column(say("总部", "home"), 1.1), Column(say("评分", "score"), 0.8, "percent"),
        Column(say("理由", "reasons"), 5.2), Column(say("证据截至［来源］", "as of [sources]"), 1.6), Column(say("可信度", "confidence"), 0.9),
    )  # fmt: skip
    rows = tuple(firm_row(dossier, f) for f in found.firms[:_FIRMS])
    caption = say(
        f"候选企业（外地登记 {found.total} 家，列前 {len(rows)} 家）",
        f"Candidate firms ({found.total} on record elsewhere, first {len(rows)})",
    )
    shared = shared_reason(found.firms[:_FIRMS])
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
        firm.score,
        own_reasons(firm),
        month_text(firm.as_of) + cite(dossier, firm.sources),
        confidence_name(firm.confidence),
    )


#: Reasons that tell one link from another, not one firm from another.
_SHARED = ("customers", "leader")


def own_reasons(firm: FirmCandidate) -> str:
    """What speaks for this firm, beside what speaks for every maker of the link."""
    own = [r.text for r in firm.reasons if r.points > 0 and r.kind not in _SHARED]
    return clauses(own) or say("只有同环节业务登记", "only that it makes the link")


def shared_reason(firms: tuple[FirmCandidate, ...]) -> str:
    """What speaks for every candidate of the link alike."""
    texts = [r.text for r in firms[0].reasons if r.kind in _SHARED and r.points > 0]
    return clauses(texts) + say("。", ".") if texts else ""


def confidence_name(confidence: str | None) -> str:
    """How sure it is, in words."""
    if confidence is None:
        return say("未注明", "not stated")
    return VALUE_NAMES[Confidence][confidence] if language() == "zh" else confidence


def _parks(way: SegmentRemedies) -> list[Block]:
    if not way.parks:
        return [
            Paragraph(say("登记中没有可承接的园区。", "no park on record could take it."), say("可承接园区", "Parks"))
        ]
    columns = (
        Column(say("可承接园区", "park"), 2.4),
        Column(say("所在", "place"), 1.2),
        Column(say("评分", "score"), 0.8, "percent"),
        Column(say("理由", "reasons"), 5),
    )
    return [
        Table(columns, tuple(park_row(p) for p in way.parks[:_PARKS]), say("可承接园区", "Parks that could take it"))
    ]


def park_row(park: ParkCandidate) -> _Row:
    """A park: name, place, score, reasons with the clause."""
    said = [r.text for r in park.reasons if r.points > 0]
    name, places = say(park.name, park.name_en), joined(park.places) or None
    return (name, places, park.score, clauses([*said, paths_text(park.clauses)]))


def _measures(dossier: Dossier, way: SegmentRemedies) -> list[Block]:
    """Measures for this very link; those for its chain or any chain are listed once, after the gaps."""
    found = open_decisions(way.support)
    own = [d for d in found if way.scopes[d.measure.id] == "segment"]
    rest = len(found) - len(own)
    text = say(
        f"专门针对本环节的 {len(own)} 项；" if own else "没有专门针对本环节的；",
        f"{len(own) or 'none'} for this very link; ",
    )
    text += say(
        f"全链或通用措施 {rest} 项可能适用，见本部分末尾。",
        f"{rest} for the chain or any chain may apply, see the end of this part.",
    )
    table = [measure_table(own, say(f"针对本环节的支持措施（{_stated(dossier)}）", f"Support for this link ({_stated(dossier)})"))]  # fmt: skip
    return [Paragraph(text, say("支持措施", "Support")), *(table if own else [])]


def common_support(dossier: Dossier) -> list[Block]:
    """Measures that are not for one link, once for all gaps, with what must be asked."""
    found: dict[str, Decision] = {}
    for way in dossier.ways_out:
        found |= {d.measure.id: d for d in open_decisions(way.support) if way.scopes[d.measure.id] != "segment"}
    if not found:
        return []
    whole = support_for(dossier.project, (d.measure for d in found.values()))
    caption = say(f"可能适用的支持措施（{_stated(dossier)}）", f"Support that may apply ({_stated(dossier)})")
    total = (
        say(f"合计最多 {money(whole.total)}，", f"At most {money(whole.total)} in all, ")
        if whole.total is not None
        else ""
    )
    asked = tuple(q.text for q in whole.questions if q.fact)
    head = say("这些措施不限于某一个环节，上面各短板都可能用到。“最多可得”按文件的金额、比例和上限计算；算不出的写明原因。",
               "These measures are not for one link; they may serve any of the gaps above. The most that each pays follows the document.")  # fmt: skip
    questions: list[Block] = [Paragraph("", say("定下来之前要问清", "To be asked first")), Bullets(asked, ordered=True)]
    return [
        Heading(2, say("支持措施和要问清的事", "Support, and what must be asked")),
        Paragraph(head),
        measure_table(open_decisions(whole), caption),
        Paragraph(total + whole.total_basis + say("。", "."), say("能否加总", "Adding up")),
        *(questions if asked else []),
    ]


def open_decisions(support: Support) -> list[Decision]:
    """The measures that apply or may apply."""
    return [d for d in support.decisions if d.verdict in (Verdict.MET, Verdict.UNDECIDED)]


def _stated(dossier: Dossier) -> str:
    invested = dossier.project.fixed_investment
    if invested is None:
        return say("未给出投资额", "investment not stated")
    return say(f"按固定资产投资 {money(invested)} 计", f"for a fixed investment of {money(invested)}")


def measure_table(decisions: Sequence[Decision], caption: str) -> Table:
    """Measures with whether they apply and the most that each pays."""
    columns = (
        Column(say("支持措施", "measure"), 2.2), Column(say("是否适用", "applies"), 1), Column(say("最多可得", "at most"), 2.8),
        Column(say("对象与条件", "for whom, on what condition"), 3.4), Column(say("条款", "clause"), 1.2),
    )  # fmt: skip
    return Table(columns, tuple(measure_row(d) for d in decisions), caption)


def measure_row(decision: Decision) -> _Row:
    """A measure: name, whether it applies, its maximum and how it is reckoned, for whom, clause."""
    m = decision.measure
    return (
        m.name,
        say(*VERDICT_NAMES[decision.verdict]),
        decision.maximum.basis,
        clauses(t for t in (m.beneficiary, m.condition) if t),
        m.cited,
    )
