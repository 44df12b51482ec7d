"""``liantu candidates``, ``support`` and ``leaders``: who could fill a gap, what is paid for it, who leads the chain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.markup import escape

from commands.options import Chain, Investment, Planned, Region, format_option
from commands.terminal import emit, out, print_rows, require_data
from graph import rules
from graph.analysis.candidates import FirmCandidate
from graph.analysis.leader_tiers import ChainLeaders, LeaderProposal
from graph.analysis.support import Decision, Project, Support, SupportMeasure, fact_units, support_for
from graph.database.store import Store
from graph.errors import LiantuError
from graph.language import say
from graph.money import money_text
from graph.schema import counted_stages
from graph.settings import settings
from reports.formats.output import Format, json_text
from reports.gap import way_out_tables
from reports.words import TIER_NAMES, as_data, say_reason, status_name
from services.leaders import chain_leaders
from services.ways_out import SegmentRemedies, measures_in_force, remedies_of

_Kind = Annotated[
    list[str] | None,
    typer.Option("--kind", help="企业类型，可多次：行业龙头、专精特新、核心配套 … · kind of firm, repeatable"),
]
_Fact = Annotated[
    list[str] | None,
    typer.Option("--fact", help="已知事实 k=v，可多次：served_firms=300、新建项目=是 · stated fact, repeatable"),
]
_Format = Annotated[Format, format_option(Format.TABLE, Format.JSON)]


def candidates(
    segment: Annotated[str, typer.Option("--segment", "-s", help="环节：名称、别名或编号 · segment")],
    region: Region = settings.default_region,
    chain: Annotated[str | None, typer.Option("--chain", "-c", help="产业链，默认环节的本链 · chain")] = None,
    investment: Investment = None,
    format: _Format = Format.TABLE,
) -> None:
    """补链候选：外地企业、本地载体、适用措施 · Who could fill a gap: firms elsewhere, parks, measures."""
    project = Project(investment)
    with Store.open() as store:
        require_data(store)
        gaps, gap, way = remedies_of(store, region, segment, chain, project)
    if format is Format.JSON:
        about = {
            "region": gaps.region,
            "chain": gaps.chain,
            "segment": gap.id,
            "name": gap.name,
            "status": gap.status.value,
            "basis": say_reason(gap.basis),
            "as_of": gaps.as_of,
        }
        emit(json_text({**about, **_remedies_json(way), "weights": settings.candidates.model_dump()}), None)
        return
    _say(
        f"{gaps.region_name} · {gaps.chain_name} · {say(gap.name, gap.name_en)} · {status_name(gap.status)}：{say_reason(gap.basis)}"
    )
    _print_firms(way)
    _print_parks(way)
    if investment is not None:
        _print_support(way.support)


def support(
    chain: Chain,
    region: Region = settings.default_region,
    investment: Investment = None,
    kind: _Kind = None,
    fact: _Fact = None,
    format: _Format = Format.TABLE,
) -> None:
    """政策测算：项目可用的措施、还要问什么、最多多少 · Measures for a project: which apply, what to ask, how much at most."""
    with Store.open() as store:
        require_data(store)
        ids = store.find(region, "Region").id, store.find(chain, "Chain").id
        measures = measures_in_force(store, *ids)
    project = _project(investment, kind or [], fact or [], measures)
    decided = support_for(project, measures)
    unused = _unused(project, measures)
    if format is Format.JSON:
        about = {"region": ids[0], "chain": ids[1], "stated": project.known, "unused": unused}
        emit(json_text(about | _support_json(decided)), None)
        return
    _print_support(decided)
    if unused:
        _say(say("没有措施用到：", "no measure asks for: ") + "、".join(rules.fact_name(f) for f in unused))


def leaders(
    chain: Chain,
    region: Region = settings.default_region,
    planned: Planned = False,
    format: _Format = Format.TABLE,
) -> None:
    """链主：按数据提出的梯队与登记的任命对照 · Chain leaders: tiers that the figures speak for, against appointments."""
    stages = counted_stages(planned=planned)
    with Store.open() as store:
        require_data(store)
        proposed = chain_leaders(store, region, chain, stages)
    if format is Format.JSON:
        emit(json_text(_leaders_json(proposed)), None)
        return
    print_rows(
        [
            say("企业", "firm"),
            say("梯队（建议）", "tier (proposed)"),
            say("登记的任命", "appointed"),
            say("依据", "basis"),
            say("未应用", "not applied"),
        ],
        [_leader_row(p) for p in proposed.firms],
    )
    for line in _leader_lines(proposed):
        _say(line)


# -- what is stated -----------------------------------------------------------------------------------------


def _project(
    investment: float | None, kinds: Sequence[str], facts: Sequence[str], measures: Sequence[SupportMeasure]
) -> Project:
    units = fact_units(measures)
    stated: dict[str, rules.Value] = {}
    try:
        for text in facts:
            name, equals, value = text.partition("=")
            if not equals:
                raise LiantuError(say(f"--fact 应为 k=v，不是 {text!r}", f"--fact is k=v, not {text!r}"))
            fact = rules.fact_named(name)
            stated[fact] = rules.parse_value(fact, value, units.get(fact))
        return Project(investment, tuple(rules.fact_named(k) for k in kinds), stated)
    except rules.RuleError as error:
        raise LiantuError(str(error)) from None


def _unused(project: Project, measures: Sequence[SupportMeasure]) -> list[str]:
    """Facts that no measure asks for: a slip, or measures of another chain."""
    asked = {m.rate_of for m in measures}
    asked |= {leaf.fact for m in measures if m.rule for leaf in rules.leaves(rules.parse_rule(m.rule))}
    return [fact for fact in project.known if fact not in asked]


# -- printing -------------------------------------------------------------------------------------------------


def _print_firms(way: SegmentRemedies) -> None:
    if not way.candidates.firms:
        _say(
            say(
                "全国登记中没有其他地方的企业，候选未知。",
                "The register holds no maker elsewhere: candidates are unknown.",
            )
        )
        return
    rows = way_out_tables.candidate_rows(way.candidates.firms)
    print_rows(way_out_tables.candidate_headings(), rows)
    _say(
        f"{way_out_tables.candidates_caption(way.candidates)} {way_out_tables.shared_reasons(way.candidates.firms)}".strip()
    )


def _print_parks(way: SegmentRemedies) -> None:
    if not way.parks:
        _say(say("载体：没有登记承载或园内有相关企业的载体。", "Parks: none on record carries it or holds such firms."))
        return
    print_rows(
        [
            say("载体", "park"),
            say("得分", "score"),
            say("位置", "place"),
            say("理由（得分/满分）", "reasons (points/most)"),
            say("条款", "clauses"),
        ],
        [
            [
                say(p.name, p.name_en),
                f"{p.score:.2f}",
                "、".join(p.places),
                way_out_tables.reasons_text(p),
                "；".join(p.clauses),
            ]
            for p in way.parks
        ],
    )


def _print_support(support: Support) -> None:
    if not support.decisions:
        _say(say("没有登记在当地有效的措施。", "No measure in force here is on record."))
        return
    print_rows(
        [
            say("措施", "measure"),
            say("是否适用", "applies"),
            say("最多", "at most"),
            say("条款", "clause"),
            say("牵头", "lead"),
        ],
        [
            [
                d.measure.name,
                way_out_tables.verdict_text(d),
                say_reason(d.maximum.basis),
                d.measure.cited,
                "、".join(d.measure.lead),
            ]
            for d in support.decisions
        ],
    )
    largest = support.largest
    if largest is not None:
        name, basis = largest.measure.name, say_reason(largest.maximum.basis)
        _say(say(f"可算出的单项最大：{name}，{basis}", f"largest single one: {name}, {basis}"))
    total = "" if support.total is None else money_text(support.total)
    basis = say_reason(support.total_basis)
    _say(say(f"合计：{total or '不给出'}。{basis}", f"total: {total or 'none'}. {basis}"))
    if support.questions:
        _say(say("还要问：", "to ask:"))
        for number, question in enumerate(support.questions, start=1):
            _say(f"  {number}. {say_reason(question.text)}")


def _leader_row(p: LeaderProposal) -> list[str]:
    tier = say(p.tier, TIER_NAMES[p.tier]) if p.tier else say("未定", "open") if p.is_open else say("不建议", "none")
    appointed = say("；", "; ").join(
        "，".join(t for t in (a.tier, a.role, a.region_name, "、".join(a.clauses)) if t) for a in p.appointments
    )
    return [say(p.name, p.name_en), tier, appointed, say_reason(p.reason), "；".join(map(say_reason, p.not_applied))]


def _leader_lines(leaders: ChainLeaders) -> list[str]:
    def names(group: Sequence[LeaderProposal]) -> str:
        return "、".join(say(p.name, p.name_en) for p in group) or say("无", "none")

    lines = [
        say(f"已任命且数据支持：{names(leaders.both)}", f"appointed and proposed: {names(leaders.both)}"),
        say(
            f"已任命但数据未支持（含数据不足）：{names(leaders.only_appointed)}",
            f"appointed, not proposed (or too little known): {names(leaders.only_appointed)}",
        ),
        say(
            f"数据支持但未见任命：{names(leaders.only_proposed)}",
            f"proposed, no appointment on record: {names(leaders.only_proposed)}",
        ),
    ]
    if leaders.absent:
        absent = "、".join(dict.fromkeys(a.name for a in leaders.absent))
        lines.append(
            say(f"已任命但登记中没有本地在产业务：{absent}", f"appointed, no live operation here on record: {absent}")
        )
    if leaders.ended:
        ended = "、".join(dict.fromkeys(a.name for a in leaders.ended))
        lines.append(say(f"任命已到期，不计：{ended}", f"appointments that have ended, not counted: {ended}"))
    return [*lines, *map(say_reason, leaders.notes)]


def _say(text: str) -> None:
    out.print(escape(text), highlight=False)


# -- plain data -----------------------------------------------------------------------------------------------


def _remedies_json(way: SegmentRemedies) -> dict[str, Any]:
    return {
        "firms": [_firm_json(c) for c in way.candidates.firms],
        "firms_ranked": way.candidates.ranked,
        "firms_on_record": way.candidates.total,
        "parks": as_data(way.parks),
        "duties": as_data(way.duties),
        "targets": as_data(way.targets),
        "support": _support_json(way.support),
    }


def _firm_json(candidate: FirmCandidate) -> dict[str, Any]:
    nearby = [{"place": say_reason(s.name), "stage": s.stage, "km": round(km)} for s, km in candidate.nearby]
    return {**as_data(candidate), "nearby": nearby}


def _support_json(support: Support) -> dict[str, Any]:
    return {
        "measures": [_decision_json(d) for d in support.decisions],
        "questions": as_data(support.questions),
        "total": support.total,
        "total_basis": say_reason(support.total_basis),
    }


def _decision_json(decision: Decision) -> dict[str, Any]:
    return {
        **as_data(decision.measure),
        "verdict": decision.verdict.value,
        "reason": say_reason(decision.reason),
        "maximum": as_data(decision.maximum),
        "asks": [q.fact or say_reason(q.text) for q in decision.questions],
    }


def _leaders_json(leaders: ChainLeaders) -> dict[str, Any]:
    return {
        "firms": [{**as_data(p), "open": p.is_open, "partners": dict(p.reach.partners)} for p in leaders.firms],
        "both": [p.firm for p in leaders.both],
        "only_appointed": [p.firm for p in leaders.only_appointed],
        "only_proposed": [p.firm for p in leaders.only_proposed],
        "absent": as_data(leaders.absent),
        "ended": as_data(leaders.ended),
        "notes": as_data(leaders.notes),
        "thresholds": leaders.thresholds.model_dump(),
    }
