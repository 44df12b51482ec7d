"""The gap report as a workbook: everything in filterable tables with real numbers, sheets linked to one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from graph.analysis.assessment import ChainAssessment, SegmentGap
from graph.analysis.coverage import ChainCoverage
from graph.analysis.makers import live_makers
from graph.analysis.status import Status
from graph.analysis.support import Decision, Support
from graph.language import say
from graph.schema import Position
from reports.formats.blocks import Cell, Column, Kind, Table, Value
from reports.formats.sheets import Sheet, workbook
from reports.gap.appendix import method_lines, source_rows, status_rules
from reports.gap.conclusions import (
    counts_table,
    doubt_words,
    first_lines,
    means_words,
    risk_words,
    situation,
    unknown_words,
)
from reports.gap.decision_page import own_reasons
from reports.gap.gap_table import formula_text
from reports.gap.gap_words import (
    bound_text,
    chain_name,
    chains_of,
    cite,
    clauses,
    date_text,
    evidence_text,
    firms_text,
    held_text,
    joined,
    maker_name,
    name_of,
    paths_text,
    region_name,
    remarks,
    share,
    shown_loss,
    stages_text,
    stance_text,
    status_cell,
    weighing_text,
    weights_text,
)
from reports.gap.sections import hit_links, removed, removed_kinds
from reports.gap.way_out_tables import wants
from reports.words import BASIS_NAMES, VERDICT_NAMES, confidence_name, say_reason, say_reasons, value_name
from services.dossier import Dossier
from services.gaps import RegionGap
from services.ways_out import SegmentRemedies

_Row = tuple[Value | Cell, ...]


def gap_workbook(dossier: Dossier) -> bytes:
    """The workbook; every sheet says what it shows, for which region and as of when."""
    return workbook(gap_sheets(dossier))


def gap_sheets(dossier: Dossier) -> list[Sheet]:
    """The sheets in order: conclusions, ranking, one a chain, the ways out, the risks, what is unknown, method, sources."""
    ways = [(gap, dossier.way_out(gap)) for gap in dossier.gaps]
    return [
        _conclusions(dossier),
        _ranking(dossier),
        *(_chain(dossier, chain) for chain in dossier.assessment.chains),
        _firms(dossier, ways),
        _parks(dossier, ways),
        _measures(dossier, ways),
        _departments(dossier, ways),
        _targets(dossier, ways),
        _outages(dossier),
        _coverage(dossier),
        _unknown(dossier),
        _method(dossier),
        _sources(dossier),
    ]


def _names() -> dict[str, str]:
    """The sheets that others lead to."""
    return {
        "firms": say("候选企业", "firms"),
        "measures": say("政策措施", "measures"),
        "sources": say("来源", "sources"),
        "duties": say("责任部门", "departments"),
        "outages": say("断供分析", "knock-out"),
    }


def _columns(*columns: tuple[str, Kind] | tuple[str, Kind, int]) -> tuple[Column, ...]:
    return tuple(Column(c[0], kind=c[1], digits=c[2] if len(c) == 3 else 0) for c in columns)


def _sheet(
    dossier: Dossier,
    name: str,
    table: Table,
    lines: Sequence[str] = (),
    links: Mapping[tuple[int, int], str] | None = None,
) -> Sheet:
    about = say(
        f"数据截至{date_text(dossier.assessment.as_of)}；{stages_text(dossier)}",
        f"Data as of {dossier.assessment.as_of}; {stages_text(dossier)}",
    )
    return Sheet(name, f"{region_name(dossier)} {name}", table, (*lines, about), links)


def _conclusions(dossier: Dossier) -> Sheet:
    lines = [
        situation(dossier) + doubt_words(dossier),
        bound_text(),
        evidence_text(dossier),
        *(f"{n}. {line}" for n, line in enumerate(first_lines(dossier), start=1)),
        risk_words(dossier),
        means_words(dossier),
        unknown_words(dossier),
    ]
    links = {(row, 0): chain_name(dossier, c.gaps) for row, c in enumerate(dossier.assessment.chains)}
    return _sheet(dossier, say("结论", "conclusions"), counts_table(dossier), [x for x in lines if x], links)


def _ranking(dossier: Dossier) -> Sheet:
    columns = _columns(
        (say("位次", "#"), "integer"),
        (say("环节", "link"), "text"),
        (say("产业链", "chain"), "text"),
        (say("状态", "status"), "text"),
        (say("判定依据", "rule that fired"), "text"),
        (say("本地用户（家）", "local users"), "integer"),
        (say("需求拉动", "pull"), "percent", 1),
        (say("断供损失", "loss"), "percent", 1),
        (say("关联密度", "relatedness"), "number", 2),
        (say("政策取向分", "stance"), "number", 2),
        (say("政策要求（条款）", "policy (clauses)"), "text"),
        (say("梯队", "tier"), "integer"),
        (say("得分", "score"), "number", 3),
        (say("稳定度", "stability"), "percent", 1),
    )
    rows: list[_Row] = []
    links: dict[tuple[int, int], str] = {}
    places = [*dossier.assessment.ranking.rows, *(None for _ in dossier.assessment.unranked)]
    for n, (row, gap) in enumerate(zip(places, dossier.gaps, strict=True), start=1):
        s, c = gap.segment, gap.segment.criteria
        known = (row.front, row.score, row.stability) if row else (None, None, None)
        links |= {(n - 1, 1): _names()["firms"], (n - 1, 2): chain_name(dossier, gap.chain)}
        rows.append(
            (
                n if row else None,
                name_of(s),
                chains_of(dossier, gap),
                status_cell(s.status),
                held_text(dossier, s, gap.chain),
                s.users,
                c.pull,
                shown_loss(s, c.risk),
                c.ease,
                c.stance,
                stance_text(s),
                *known,
            )
        )
    lines = [weights_text(dossier), formula_text(dossier.assessment.ranking)] if dossier.assessment.ranked else []
    return _sheet(dossier, say("排序", "ranking"), Table(columns, tuple(rows)), lines, links)


def _chain(dossier: Dossier, chain: ChainAssessment) -> Sheet:
    columns = _columns(
        (say("环节", "link"), "text"),
        (say("位置", "position"), "text"),
        (say("状态", "status"), "text"),
        (say("判定依据", "rule that fired"), "text"),
        (say("本地企业［来源］", "local firms [sources]"), "text"),
        (say("企业数", "firms"), "integer"),
        (say("区位商", "location quotient"), "number", 2),
        (say("有效所有者", "effective owners"), "number", 2),
        (say("本地配套率", "local coverage"), "percent"),
        (say("断供损失", "loss"), "percent"),
        (say("等权时的影响", "loss, links weighing the same"), "percent"),
        (say("政策要求（条款）", "policy (clauses)"), "text"),
        (say("没有做的检验", "tests not applied"), "text"),
    )
    losses = {k.id: k.loss for k in chain.outages.links}
    rows: list[_Row] = []
    links: dict[tuple[int, int], str] = {}
    for n, s in enumerate(chain.gaps.segments):
        links |= {(n, 0): _names()["firms"]} if s.is_gap else {}
        links |= {(n, 4): _names()["sources"]} if s.makers else {}
        rows.append(
            (
                name_of(s),
                value_name(Position, s.position),
                status_cell(s.status),
                say_reason(s.basis),
                firms_text(dossier, s, chain.gaps),
                s.live,
                s.location_quotient,
                s.effective_owners,
                s.sigma,
                shown_loss(s, losses.get(s.id)),
                s.criticality,
                stance_text(s),
                say_reasons(s.not_applied),
            )
        )
    return _sheet(dossier, chain_name(dossier, chain.gaps), Table(columns, tuple(rows)), links=links)


_Ways = Sequence[tuple[RegionGap, SegmentRemedies]]


def _about(dossier: Dossier, gap: RegionGap) -> _Row:
    """What every row of a way out begins with: link, chains, status."""
    return (name_of(gap.segment), chains_of(dossier, gap), status_cell(gap.segment.status))


def _about_columns() -> list[tuple[str, Kind]]:
    return [(say("环节", "link"), "text"), (say("产业链", "chain"), "text"), (say("状态", "status"), "text")]


def _firms(dossier: Dossier, ways: _Ways) -> Sheet:
    columns = _columns(
        *_about_columns(),
        (say("候选企业", "firm"), "text"),
        (say("总部", "home"), "text"),
        (say("评分", "score"), "percent"),
        (say("理由", "reasons"), "text"),
        (say("已在本地", "already here"), "text"),
        (say("距离（公里）", "distance (km)"), "integer"),
        (say("称号", "honours"), "text"),
        (say("证券代码", "stock code"), "text"),
        (say("证据截至", "as of"), "text"),
        (say("可信度", "confidence"), "text"),
        (say("来源", "sources"), "text"),
        (say("没有做的检验", "tests not applied"), "text"),
    )
    rows: list[_Row] = []
    links: dict[tuple[int, int], str] = {}
    for gap, way in ways:
        for f in way.candidates.firms:
            links |= {(len(rows), 1): chain_name(dossier, gap.chain), (len(rows), 13): _names()["sources"]}
            rows.append(
                (
                    *_about(dossier, gap),
                    say(f.name, f.name_en),
                    joined(f.home),
                    f.score,
                    own_reasons(f),
                    say("是", "yes") if f.here else say("否", "no"),
                    f.distance,
                    joined(f.honours),
                    f.stock_code,
                    f.as_of,
                    confidence_name(f.confidence),
                    cite(dossier, f.sources),
                    clauses(map(say_reason, f.not_applied)),
                )
            )
    lines = [
        say(
            "外地登记做该环节的企业，没有联系过企业本身。",
            "Firms elsewhere on record as makers; nobody has been asked.",
        )
    ]
    return _sheet(dossier, _names()["firms"], Table(columns, tuple(rows)), lines, links)


def _parks(dossier: Dossier, ways: _Ways) -> Sheet:
    columns = _columns(
        *_about_columns(),
        (say("承载地", "park"), "text"),
        (say("所在", "place"), "text"),
        (say("评分", "score"), "percent"),
        (say("理由", "reasons"), "text"),
        (say("没有做的检验", "tests not applied"), "text"),
        (say("承载条款", "clauses"), "text"),
        (say("来源", "sources"), "text"),
    )
    rows = tuple(
        (
            *_about(dossier, gap),
            say(p.name, p.name_en),
            joined(p.places),
            p.score,
            clauses(say_reason(r.text) for r in p.reasons if r.points > 0),
            clauses(map(say_reason, p.not_applied)),
            paths_text(p.clauses),
            cite(dossier, p.sources),
        )
        for gap, way in ways
        for p in way.parks
    )
    return _sheet(dossier, say("承载地", "parks"), Table(columns, rows))


def _measures(dossier: Dossier, ways: _Ways) -> Sheet:
    """Every measure once, with the links that it is for."""
    columns = _columns(
        (say("政策措施", "measure"), "text"),
        (say("是否适用", "applies"), "text"),
        (say("最多可得（万元）", "at most (×10⁴ yuan)"), "number", 1),
        (say("怎样算出", "how it is reckoned"), "text"),
        (say("对象", "for whom"), "text"),
        (say("条件", "condition"), "text"),
        (say("判定", "decision"), "text"),
        (say("要问清", "to be asked"), "text"),
        (say("针对", "for"), "text"),
        (say("条款", "clause"), "text"),
        (say("牵头", "lead"), "text"),
        (say("配合", "support"), "text"),
        (say("文件", "document"), "text"),
        (say("来源", "sources"), "text"),
    )
    decisions: dict[str, Decision] = {}
    aims: dict[str, dict[str, None]] = {}
    for gap, way in ways:
        for d in way.support.decisions:
            decisions[d.measure.id] = d
            aims.setdefault(d.measure.id, {})[_aim(dossier, gap, way.scopes[d.measure.id])] = None
    rows = tuple(
        (
            d.measure.name,
            say(*VERDICT_NAMES[d.verdict]),
            d.maximum.amount,
            say_reason(d.maximum.basis),
            d.measure.beneficiary,
            d.measure.condition,
            say_reason(d.reason),
            clauses(say_reason(q.text) for q in d.questions),
            joined(aims[i]),
            d.measure.cited,
            joined(d.measure.lead),
            joined(d.measure.support),
            d.measure.document_name,
            cite(dossier, [d.measure.clause]),
        )
        for i, d in sorted(
            decisions.items(),
            key=lambda item: (list(VERDICT_NAMES).index(item[1].verdict), -(item[1].maximum.amount or 0)),
        )
    )
    links = {(row, 13): _names()["sources"] for row in range(len(rows))}
    return _sheet(
        dossier, _names()["measures"], Table(columns, rows), _totals(way.support for _, way in ways[:1]), links
    )


def _totals(supports: Iterable[Support]) -> list[str]:
    return [say("能否加总：", "Adding up: ") + say_reason(s.total_basis) for s in supports]


def _aim(dossier: Dossier, gap: RegionGap, scope: str) -> str:
    if scope == "segment":
        return name_of(gap.segment)
    return (
        say(f"{chain_name(dossier, gap.chain)}全链", f"all of {chain_name(dossier, gap.chain)}")
        if scope == "chain"
        else say("不限产业链", "any chain")
    )


def _departments(dossier: Dossier, ways: _Ways) -> Sheet:
    columns = _columns(
        *_about_columns(),
        (say("要求", "what is wanted"), "text"),
        (say("条款", "clause"), "text"),
        (say("标题", "heading"), "text"),
        (say("摘要", "summary"), "text"),
        (say("牵头", "lead"), "text"),
        (say("配合", "support"), "text"),
        (say("文件", "document"), "text"),
        (say("来源", "sources"), "text"),
    )
    rows: list[_Row] = []
    for gap, way in ways:
        for duty in (*way.duties, *way.chain_duties):
            rows.append(
                (
                    *_about(dossier, gap),
                    joined(wants(duty)) or say("针对全链", "about the chain"),
                    duty.path,
                    duty.heading,
                    duty.summary,
                    joined(duty.lead),
                    joined(duty.support),
                    duty.document,
                    cite(dossier, [duty.clause]),
                )
            )
    return _sheet(dossier, _names()["duties"], Table(columns, tuple(rows)))


_COMPARATORS = {">=": "≥", "<=": "≤", "=": "=", "+%": "+%", "-%": "−%"}


def _targets(dossier: Dossier, ways: _Ways) -> Sheet:
    columns = _columns(
        (say("指标", "target"), "text"),
        (say("比较", "comparison"), "text"),
        (say("目标值", "value"), "number", 2),
        (say("单位", "unit"), "text"),
        (say("目标年", "year"), "text"),
        (say("基年", "base year"), "text"),
        (say("衡量", "measures"), "text"),
        (say("条款", "clause"), "text"),
    )
    names = {s.id: name_of(s) for c in dossier.assessment.chains for s in c.gaps.segments}
    names |= {c.gaps.chain: chain_name(dossier, c.gaps) for c in dossier.assessment.chains}
    targets = {(t.id, t.goal): t for _, way in ways for t in way.targets}
    rows = tuple(
        (
            t.name,
            _COMPARATORS[t.comparator],
            t.value,
            t.unit,
            str(t.year or ""),
            str(t.base_year or ""),
            names.get(t.goal, t.goal),
            t.path,
        )
        for _, t in sorted(targets.items())
    )
    return _sheet(dossier, say("指标", "targets"), Table(columns, rows))


def _outages(dossier: Dossier) -> Sheet:
    columns = _columns(
        (say("产业链", "chain"), "text"),
        (say("中断的是", "what falls out"), "text"),
        (say("类别", "kind"), "text"),
        (say("最多损失", "loss"), "percent", 1),
        (say("登记供给归零的环节", "links left without supply"), "text"),
        (say("供给减少的环节（剩余）", "links that are cut (left)"), "text"),
        (say("口径", "measured by"), "text"),
    )
    rows: list[_Row] = []
    for chain in dossier.assessment.chains:
        for kind, word in removed_kinds().items():
            rows += [
                (
                    chain_name(dossier, chain.gaps),
                    removed(dossier, chain, kind, k.id),
                    word,
                    k.loss,
                    *hit_links(chain, k),
                    weighing_text(chain.outages.weighed),
                )
                for k in getattr(chain.outages, kind)
            ]
    lines = [
        say(
            "带 ※ 的环节本地情况不明，按靠外部供给计算。",
            "Links marked ※ are not known and taken to come from outside. ",
        )
        + bound_text()
    ]
    return _sheet(dossier, _names()["outages"], Table(columns, tuple(rows)), lines)


def _coverage(dossier: Dossier) -> Sheet:
    columns = _columns(
        (say("产业链", "chain"), "text"),
        (say("环节", "link"), "text"),
        (say("口径", "measured by"), "text"),
        (say("本地能配套", "made here"), "percent", 1),
        (say("不清楚", "not known"), "percent", 1),
        (say("对外依存度", "outside dependence"), "percent", 1),
        (say("来源集中度", "concentration of origins"), "number", 2),
        (say("来源地", "origins"), "text"),
        (say("成本份额", "cost shares"), "text"),
    )
    rows: list[_Row] = []
    for chain in dossier.assessment.chains:
        for covered in (chain.coverage, chain.measured_coverage):
            if covered is not None:
                rows += _covered(dossier, chain, covered)
        names = {s.id: name_of(s) for s in chain.gaps.segments}
        rows += [
            (
                chain_name(dossier, chain.gaps),
                names[d.segment],
                say(*BASIS_NAMES[d.basis]),
                1 - d.delta,
                None,
                d.delta,
                d.concentration,
                joined(f"{o} {share(part)}" for o, part in d.origins),
                None,
            )
            for d in chain.dependence
        ]
    lines = [
        say(
            "“全链”一行是该链整体的配套率；其余各行是一个环节的投入有多大部分本地能供给。",
            "The row of the whole chain is its local coverage; the others are those of one link's inputs.",
        )
    ]
    return _sheet(dossier, say("配套率", "coverage"), Table(columns, tuple(rows)), lines)


def _covered(dossier: Dossier, chain: ChainAssessment, covered: ChainCoverage) -> list[_Row]:
    """Coverage of the chain and of every link made here."""
    names: dict[str, str] = {s.id: name_of(s) for s in chain.gaps.segments}
    name, basis = chain_name(dossier, chain.gaps), say(*BASIS_NAMES[covered.basis])
    rows: list[_Row] = []
    if covered.total is not None:
        rows.append(
            (
                name,
                say("全链", "whole chain"),
                basis,
                covered.total.value,
                covered.total.unknown,
                None,
                None,
                None,
                None,
            )
        )
    assumed = say("登记不全，按平均分", "not all on record, equal shares")
    rows += [
        (
            name,
            names[user],
            basis,
            c.value,
            c.unknown,
            None,
            None,
            None,
            assumed if user in covered.assumed else say("有登记", "on record"),
        )
        for user, c in covered.users.items()
    ]
    return rows


def _unknown(dossier: Dossier) -> Sheet:
    columns = _columns(
        (say("类别", "kind"), "text"),
        (say("产业链", "chain"), "text"),
        (say("环节", "link"), "text"),
        (say("企业", "firm"), "text"),
        (say("说明", "what is not known"), "text"),
        (say("证据截至", "as of"), "text"),
        (say("等权时的影响", "loss, links weighing the same"), "percent"),
    )
    rows: list[_Row] = []
    for chain in dossier.assessment.chains:
        name = chain_name(dossier, chain.gaps)
        rows += [
            (say("全链没有做的检验", "test not applied to the chain"), name, None, None, say_reason(test), None, None)
            for test in chain.not_applied
        ]
        for s in chain.gaps.segments:
            if s.status is Status.UNKNOWN:
                rows.append(
                    (
                        say("情况不明的环节", "link not known"),
                        name,
                        name_of(s),
                        None,
                        say_reason(s.basis),
                        None,
                        s.criticality,
                    )
                )
            rows += _not_counted(chain, s, name)
    return _sheet(dossier, say("未知与待核", "unknown"), Table(columns, tuple(rows)))


def _not_counted(chain: ChainAssessment, segment: SegmentGap, name: str) -> list[_Row]:
    live = set(live_makers(segment.makers, chain.gaps.stages))
    return [
        (
            say("登记了但不计入", "on record, not counted"),
            name,
            name_of(segment),
            maker_name(m),
            joined(remarks(m)),
            m.as_of,
            None,
        )
        for m in dict.fromkeys(segment.makers)
        if m not in live
    ]


def _method(dossier: Dossier) -> Sheet:
    columns = _columns((say("项目", "item"), "text"), (say("规则、阈值、权重", "rule, thresholds, weights"), "text"))
    rows: list[_Row] = [(status, text) for status, text in status_rules(dossier)]
    rows += [(line.label, line.text) for line in method_lines(dossier)]
    version = dossier.version
    rows.append(
        (
            say("数据版本", "version of the data"),
            say(
                f"{version.datasets} 个数据集，校验码 {version.digest}，载入 {version.loaded_at}",
                f"{version.datasets} datasets, digest {version.digest}, loaded {version.loaded_at}",
            ),
        )
    )
    return _sheet(dossier, say("方法与阈值", "method"), Table(columns, tuple(rows)))


def _sources(dossier: Dossier) -> Sheet:
    columns = _columns(
        (say("序", "#"), "integer"),
        (say("文件", "document"), "text"),
        (say("文号、发布者、日期", "number, publisher, date"), "text"),
        (say("引用的条款", "clauses cited"), "text"),
        (say("网址", "address"), "text"),
        (say("编号", "id"), "text"),
        (say("核对说明", "how checked"), "text"),
    )
    return _sheet(dossier, _names()["sources"], Table(columns, tuple(source_rows(dossier))))
