"""The lists of the maps-and-lists package: one table a list, each row with its source and its date.

A table holds what is on record and nothing else; what a list ought to have and the graph does not carry is said in its notes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from graph.analysis.assessment import SegmentGap
from graph.analysis.candidates import FirmCandidate, ParkCandidate, Site
from graph.database.rows import (
    ChainFirm,
    ChainMeasure,
    ChainOperation,
    ChainTargetValue,
    ChainTask,
    ListedPark,
    RegionCarrier,
    RegionLeader,
    RegionPlatform,
)
from graph.language import say
from graph.schema import INSTRUMENT_NAMES, CarrierRole, Confidence, Position, Stage, Stance
from reports.formats.blocks import Cell, Column, Table, Value, cell_of
from reports.gap.gap_table import formula_text
from reports.gap.gap_words import remarks
from reports.words import STATUS_COLOURS, say_reason, status_name, value_name
from services.maps_and_lists import Package

_MOST_CANDIDATES = 5
#: The place of firms that work all over the country.
_NATION = "region:100000"
#: Instruments of the sub-lists of demand; the rest are support by policy.
_TALENT, _FINANCE = ("talent",), ("fund", "loan")
T = TypeVar("T")
#: Rows that name their sources.
_Sourced = ChainFirm | ChainOperation | ListedPark | RegionCarrier | RegionLeader | RegionPlatform


@dataclass(frozen=True)
class NamedList:
    """A list: its name, its table, and what a reader must know of it; ``missing`` says what it lacks."""

    name: str
    table: Table
    notes: tuple[str, ...] = ()
    missing: str = ""


def six_lists(package: Package) -> list[NamedList]:
    """重点事项, 重点园区, 重点企业, 重点项目, 重点创新平台, 重点短板需求 with its four sub-lists."""
    makers = (tasks, parks, firms, projects, platforms, gaps, technology, talent, finance, policy)
    return [make(package) for make in makers]


def five_lists(package: Package) -> list[NamedList]:
    """企业, 项目, 集群, 问题, 政策."""
    named = (
        (firms, "企业", "firms"),
        (projects, "项目", "projects"),
        (clusters, "集群", "clusters"),
        (gaps, "问题", "problems"),
        (measures, "政策", "policies"),
    )
    return [_renamed(make(package), say(f"{zh}清单", en)) for make, zh, en in named]


def _listed(
    name: str,
    columns: tuple[Column, ...],
    rows: Iterable[tuple[Value | Cell, ...]],
    notes: tuple[str, ...] = (),
    missing: str = "",
) -> NamedList:
    """A list without the columns that no row fills; they are named as missing."""
    rows = tuple(rows)
    filled = [not rows or any(cell_of(row[c]).value not in (None, "") for row in rows) for c in range(len(columns))]
    empty = say("、", ", ").join(c.heading for c, full in zip(columns, filled, strict=True) if not full)
    if empty:
        lacking = say(f"{empty}：各行均未登记", f"{empty}: on record for no row")
        missing = f"{missing}{say('；', '; ')}{lacking}" if missing else lacking
    kept = tuple(tuple(v for v, full in zip(row, filled, strict=True) if full) for row in rows)
    return NamedList(
        name, Table(tuple(c for c, full in zip(columns, filled, strict=True) if full), kept), notes, missing
    )


def _renamed(named: NamedList, name: str) -> NamedList:
    return NamedList(name, named.table, named.notes, named.missing)


# --- what is done ----------------------------------------------------------------------------------------


def tasks(package: Package) -> NamedList:
    """Tasks of documents in force that are about the chain, its links or products."""
    columns = (
        Column(say("事项", "task")),
        Column(say("内容摘要", "summary")),
        Column(say("对象", "concerns")),
        Column(say("取向", "stance")),
        Column(say("牵头部门", "leads")),
        Column(say("配合部门", "supports")),
        Column(say("目标年", "year")),
        Column(say("条款", "clause")),
        Column(say("文件", "document")),
        Column(say("文件有效期至", "in force until")),
        Column(say("截至", "as of")),
    )
    rows = tuple(
        (
            row.name,
            row.summary,
            _joined(row.goals),
            _joined(value_name(Stance, s) for s in row.stances),
            _joined(row.leads),
            _joined(row.supports),
            row.year and str(row.year),
            row.path,
            _document(row),
            row.expires,
            row.as_of,
        )
        for row in sorted(package.lists.tasks.values(), key=lambda r: (r.document, r.place or 0, r.id))
    )
    note = say(
        "在本地有效的文件中，针对本链、其环节或产品的任务。牵头或配合部门为空的，文件未载明。",
        "Tasks of documents in force here that are about the chain, its links or products. Where no department stands, the document names none.",
    )
    return _listed(say("重点事项", "tasks"), columns, rows, (note,))


def projects(package: Package) -> NamedList:
    """Operations that are planned or being built."""
    columns = (
        Column(say("企业", "firm")),
        Column(say("环节", "link")),
        Column(say("地点", "place")),
        Column(say("区县", "district")),
        Column(say("阶段", "stage")),
        Column(say("产能", "capacity"), kind="number", digits=2),
        Column(say("单位", "unit")),
        Column(say("说明", "note")),
        Column(say("可信度", "confidence")),
        Column(say("截至", "as of")),
        Column(say("来源", "source")),
    )
    unfinished = [o for o in package.lists.operations.values() if o.stage != Stage.OPERATING]
    rows = tuple(
        (
            _name(o, "firm"),
            _name(o, "segment"),
            o.place_name,
            o.region_name,
            value_name(Stage, o.stage),
            o.capacity,
            o.unit,
            o.note,
            _sure(o),
            o.as_of,
            _sources(o, package=package),
        )
        for o in sorted(unfinished, key=lambda o: (o.stage != Stage.UNDER_CONSTRUCTION, o.id))
    )
    note = say(
        "在建与规划的项目；阶段以“截至”日期为准，之后可能已变化。",
        "What is being built or planned; the stage is that of the date in the row.",
    )
    missing = say(
        "投资额、开工与竣工日期、进度、包联领导：图谱未登记",
        "investment, dates of start and completion, progress, sponsor: not on record",
    )
    return _listed(say("重点项目", "projects"), columns, rows, (note,), missing)


# --- who and where ------------------------------------------------------------------------------------------


def firms(package: Package) -> NamedList:
    """Firms of the chain in the region, chain leaders first, then by the number of links they work on."""
    columns = (
        Column(say("企业", "firm")),
        Column(say("全称", "registered name")),
        Column(say("链主", "chain leader")),
        Column(say("环节（计入）", "links, counted")),
        Column(say("登记而不计入的环节（原因）", "links on record, not counted (why)")),
        Column(say("区县", "districts")),
        Column(say("所属集团", "owner")),
        Column(say("称号", "honours")),
        Column(say("证券代码", "stock code")),
        Column(say("统一社会信用代码", "credit code")),
        Column(say("产值（亿元）", "output (100m yuan)"), kind="number", digits=2),
        Column(say("存续", "active")),
        Column(say("截至", "as of")),
        Column(say("来源", "source")),
    )
    operations = _by(package.lists.operations.values(), "firm")
    leads = _by(package.lists.leaders.values(), "firm")

    def row(firm: ChainFirm) -> tuple[Value | Cell, ...]:
        works = operations[firm.id]
        running = [o for o in works if package.counts(o)]
        rest = [o for o in works if not package.counts(o)]
        return (
            say(firm.name, firm.name_en or firm.name),
            firm.full_name,
            _joined(_appointment(a) for a in leads[firm.id]),
            _joined(_name(o, "segment") for o in running),
            _joined(f"{_name(o, 'segment')}（{why_not(o, package)}）" for o in rest),
            _joined(o.region_name for o in works if o.region_name),
            firm.owner,
            _joined(firm.honours),
            firm.stock_code,
            firm.credit_code,
            _total(o.output for o in works),
            None if firm.active is None else say("是", "yes") if firm.active else say("否", "no"),
            max((o.as_of for o in works if o.as_of), default=None),
            _sources(*works, firm, package=package),
        )

    ordered = sorted(package.lists.firms.values(), key=lambda f: (not leads[f.id], -len(operations[f.id]), f.id))
    notes = (
        say(
            "链主企业在前，其余按在本链从事的环节数排列，不代表规模或实力。未列出的企业不等于不存在。",
            "Chain leaders first, then by the number of links; the order says nothing of size. A firm that is not listed may exist.",
        ),
        say(
            "“计入”的口径与缺链报告相同：在产、存续、证据未过期、可信度不低；不计入的另列原因。",
            "Counted as in the gap report: operating, active, evidence neither too old nor of low confidence; the others with the reason.",
        ),
    )
    missing = say("营收、纳税、研发投入、就业：图谱未登记", "revenue, taxes, research, jobs: not on record")
    return _listed(say("重点企业", "firms"), columns, tuple(map(row, ordered)), notes, missing)


def parks(package: Package) -> NamedList:
    """Parks that carry the chain or a link, or hold a firm of it."""
    columns = (
        Column(say("园区（载体）", "park")),
        Column(say("类型", "kind")),
        Column(say("所在地区", "region")),
        Column(say("承载", "carries")),
        Column(say("任命条款", "clause")),
        Column(say("本链企业数（计入）", "firms counted"), kind="integer"),
        Column(say("本链企业与环节", "firms and links")),
        Column(say("登记而不计入", "on record, not counted")),
        Column(say("说明", "note")),
        Column(say("截至", "as of")),
        Column(say("来源", "source")),
    )
    operations, carriers = _by(package.lists.operations.values(), "park"), _by(package.lists.carriers.values(), "park")

    def row(park: ListedPark) -> tuple[Value | Cell, ...]:
        works, roles = operations[park.id], carriers[park.id]
        running = [o for o in works if package.counts(o)]
        return (
            say(park.name, park.name_en or park.name),
            park.kind,
            _joined(park.regions),
            _joined(f"{c.goal_name}（{value_name(CarrierRole, c.role or CarrierRole.MAIN)}）" for c in roles),
            _joined(clause for c in roles for clause in c.clauses),
            len({o.firm for o in running}),
            _joined(f"{_name(o, 'firm')}（{_name(o, 'segment')}）" for o in running),
            _joined(_not_counted(o, package) for o in works if not package.counts(o)),
            park.note,
            park.as_of,
            _sources(*roles, park, package=package),
        )

    ordered = sorted(package.lists.parks.values(), key=lambda p: (not carriers[p.id], -len(operations[p.id]), p.id))
    note = say(
        "文件任命承载本链或其环节的载体在前，其后为有本链企业的载体；“承载”为空即没有任命在案。",
        "Parks that a document appointed first, then those that hold a firm of the chain; where nothing is carried, no appointment is on record.",
    )
    missing = say("面积、可用土地、标准厂房、园区产值：图谱未登记", "area, free land, workshops, output: not on record")
    return _listed(say("重点园区", "parks"), columns, tuple(map(row, ordered)), (note,), missing)


def clusters(package: Package) -> NamedList:
    """Firms of the chain by district: what is on record of clusters."""
    columns = (
        Column(say("区县", "district")),
        Column(say("企业数（计入）", "firms counted"), kind="integer"),
        Column(say("环节数（计入）", "links counted"), kind="integer"),
        Column(say("企业", "firms")),
        Column(say("环节", "links")),
        Column(say("登记而不计入", "on record, not counted")),
        Column(say("载体", "parks")),
        Column(say("截至", "as of")),
        Column(say("来源", "source")),
    )
    park_names = {p.id: p.name for p in package.lists.parks.values()}
    rows = []
    for district, works in _by(package.lists.operations.values(), "region_name").items():
        running = [o for o in works if package.counts(o)]
        rows.append(
            (
                district or say("未注明", "not stated"),
                len({o.firm for o in running}),
                len({o.segment for o in running}),
                _joined(_name(o, "firm") for o in running),
                _joined(_name(o, "segment") for o in running),
                _joined(_not_counted(o, package) for o in works if not package.counts(o)),
                _joined(park_names[o.park] for o in works if o.park),
                max((o.as_of for o in works if o.as_of), default=None),
                _sources(*works, package=package),
            )
        )
    rows.sort(key=lambda r: (-r[1], r[0]))
    note = say(
        "按区县汇总的登记企业；集群认定（国家级、省级）未登记。",
        "Firms on record by district; no recognition of clusters is on record.",
    )
    return _listed(say("集群清单", "clusters"), columns, tuple(rows), (note,))


def platforms(package: Package) -> NamedList:
    """Platforms of the region; those that a task joins to the chain first."""
    columns = (
        Column(say("平台", "platform")),
        Column(say("类型", "kind")),
        Column(say("所在地", "place")),
        Column(say("与本链的关系", "joined to the chain by")),
        Column(say("相关任务与措施", "tasks and measures")),
        Column(say("条款", "clause")),
        Column(say("说明", "note")),
        Column(say("截至", "as of")),
        Column(say("来源", "source")),
    )
    rows = tuple(
        (
            say(p.name, p.name_en or p.name),
            p.kind,
            _joined(p.places),
            _joined(p.tasks) or say("未载明", "not stated"),
            _joined(p.all_tasks),
            _joined(p.clauses),
            p.note,
            p.as_of,
            _sources(p, package=package),
        )
        for p in sorted(package.lists.platforms.values(), key=lambda p: (not p.tasks, p.id))
    )
    note = say(
        "位于本地的平台；同一任务既点名平台又针对本链的在前。其余与本链的关系未载明，供核对。",
        "Platforms here; those that one task names together with the chain first. Of the rest no relation to the chain is on record.",
    )
    missing = say("依托单位、研发方向、设备、成果：图谱未登记", "host, subjects, equipment, results: not on record")
    return _listed(say("重点创新平台", "platforms"), columns, rows, (note,), missing)


# --- what is lacking -----------------------------------------------------------------------------------------


def gaps(package: Package) -> NamedList:
    """Links that are missing, weak or single-sourced, most urgent first, each with its way out."""
    columns = (
        Column(say("环节", "link")),
        Column(say("位置", "position")),
        Column(say("状态", "status")),
        Column(say("依据", "reason")),
        Column(say("本地企业数", "live firms"), kind="integer"),
        Column(say("关键度", "criticality"), kind="percent"),
        Column(say("得分", "score"), kind="number", digits=2),
        Column(say("政策取向", "stance")),
        Column(say("条款", "clause")),
        Column(say("可研究对接的企业（本地无该业务）", "firms that do not make it here")),
        Column(say("此类企业登记数", "such firms, all"), kind="integer"),
        Column(say("可承接载体（任命条款）", "parks (clause)")),
        Column(say("牵头部门（按条款）", "leads, by clause")),
        Column(say("数据截至", "as of")),
    )
    rows = tuple(_gap_row(gap, package) for gap in package.gaps.gaps)
    unknown = sum(s.status.value == "unknown" for s in package.gaps.segments)
    notes = (
        say(
            f"短板按得分排列，与缺链报告相同。{formula_text(package.gaps.ranking)}",
            f"Gaps come by score, as in the gap report. {formula_text(package.gaps.ranking)}".strip(),
        ),
        say(
            "“本地无该业务的企业”按登记事实排序，未经询问；各地点由近到远，括号内为阶段、直线距离、证据截至。依据与阈值见缺链报告。",
            "Firms that do not make it here are ranked by what is on record; nobody has asked them. Their places, nearest first, with stage, distance and date.",
        ),
        say(
            f"另有 {unknown} 个环节未知：没有企业登记不等于没有企业，需先普查。",
            f"{unknown} more links are unknown: no firm on record does not mean that there is none.",
        ),
    )
    return _listed(say("重点短板需求", "gaps"), columns, rows, notes)


def _gap_row(gap: SegmentGap, package: Package) -> tuple[Value | Cell, ...]:
    way = package.remedies[gap.id]
    duties = (*way.duties, *way.chain_duties)
    return (
        say(gap.name, gap.name_en),
        value_name(Position, gap.position),
        Cell(status_name(gap.status), STATUS_COLOURS[gap.status]),
        say_reason(gap.basis),
        gap.live,
        gap.criticality,
        None if gap.score is None else round(gap.score, 2),
        _joined(value_name(Stance, s.stance) for s in gap.stances),
        _joined(s.cited for s in gap.stances),
        say("；", "; ").join(candidate_text(c, package) for c in way.candidates.firms[:_MOST_CANDIDATES]),
        way.candidates.total,
        _joined(park_text(p) for p in way.parks[:_MOST_CANDIDATES]),
        say("；", "; ").join(dict.fromkeys(f"{d.path}{say('：', ': ')}{_joined(d.lead)}" for d in duties if d.lead)),
        package.gaps.as_of,
    )


def technology(package: Package) -> NamedList:
    """What clauses want of each gap: the nearest to a list of technology needs that is on record."""
    columns = (
        Column(say("环节", "link")),
        Column(say("状态", "status")),
        Column(say("取向", "stance")),
        Column(say("条款点名的内容", "what the clause names")),
        Column(say("条款", "clause")),
        Column(say("标题", "heading")),
        Column(say("文件", "document")),
    )
    rows = tuple(
        (
            say(gap.name, gap.name_en),
            Cell(status_name(gap.status), STATUS_COLOURS[gap.status]),
            value_name(Stance, stance.stance),
            stance.role,
            stance.path or stance.clause,
            stance.heading,
            f"{stance.document} {stance.number or ''}".strip(),
        )
        for gap in package.gaps.gaps
        for stance in gap.stances
    )
    missing = say(
        "企业填报的技术需求、攻关榜单：图谱未登记；此表为条款对短板环节的要求",
        "technology needs of firms: not on record; the table holds what clauses want",
    )
    return _listed(say("短板-技术", "gaps, technology"), columns, rows, (), missing)


def talent(package: Package) -> NamedList:
    """Measures on talent."""
    missing = say(
        "企业填报的人才需求：图谱未登记；此表为可用的人才政策",
        "talent needs that firms reported: not on record; the table holds measures on talent",
    )
    return _support(say("短板-人才", "gaps, talent"), package, lambda kind: kind in _TALENT, missing)


def finance(package: Package) -> NamedList:
    """Funds and loans."""
    missing = say(
        "企业填报的融资需求：图谱未登记；此表为可用的基金与贷款政策",
        "finance needs that firms reported: not on record; the table holds funds and loans",
    )
    return _support(say("短板-金融", "gaps, finance"), package, lambda kind: kind in _FINANCE, missing)


def policy(package: Package) -> NamedList:
    """The other measures."""
    missing = say(
        "企业填报的政策诉求：图谱未登记；此表为可用的其他政策措施",
        "policy needs that firms reported: not on record; the table holds the other measures",
    )
    return _support(say("短板-政策", "gaps, policy"), package, lambda kind: kind not in _TALENT + _FINANCE, missing)


def measures(package: Package) -> NamedList:
    """All measures that may apply."""
    return _support(say("政策清单", "measures"), package, lambda _: True, "")


def _support(name: str, package: Package, wanted: Callable[[str], bool], missing: str) -> NamedList:
    columns = (
        Column(say("措施", "measure")),
        Column(say("工具", "instrument")),
        Column(say("适用", "for")),
        Column(say("比例下限", "lowest rate"), kind="percent"),
        Column(say("比例上限", "highest rate"), kind="percent"),
        Column(say("比例基数", "rate of")),
        Column(say("单项上限（万元）", "cap (10k yuan)"), kind="number"),
        Column(say("定额（万元）", "amount (10k yuan)"), kind="number"),
        Column(say("年度上限（万元）", "yearly cap (10k yuan)"), kind="number"),
        Column(say("总额（万元）", "total (10k yuan)"), kind="number"),
        Column(say("条件", "condition")),
        Column(say("对象", "beneficiary")),
        Column(say("说明", "note")),
        Column(say("条款", "clause")),
        Column(say("文件", "document")),
    )
    rows = tuple(
        (
            m.name,
            say(INSTRUMENT_NAMES[m.instrument], m.instrument),
            _scope(m, package),
            m.rate_min,
            m.rate_max,
            m.rate_base,
            m.cap,
            m.amount,
            m.annual_cap,
            m.total,
            m.condition,
            m.beneficiary,
            m.note,
            m.path,
            m.document_name,
        )
        for m in package.lists.measures.values()
        if wanted(m.instrument)
    )
    note = say(
        "在本地有效、针对本链或未限定产业链的措施；能否享受由主管部门按条件认定。空白为文件未规定。",
        "Measures in force here for the chain or for any; whether one applies is for the department to decide. Blank: the document does not say.",
    )
    return _listed(name, columns, rows, (note,), missing)


def _scope(measure: ChainMeasure, package: Package) -> str:
    names = {s.id: say(s.name, s.name_en) for s in package.gaps.segments}
    parts = [names[p] for p in measure.parts if p in names]
    if parts:
        return _joined(parts)
    return package.gaps.chain_name if measure.whole_chain else say("未限定产业链", "any chain")


# --- words ------------------------------------------------------------------------------------------------


def _joined(words: Iterable[str | None] | None) -> str:
    """Each word once, in the order given."""
    return say("、", ", ").join(dict.fromkeys(w for w in words or () if w))


def _total(values: Iterable[float | None]) -> float | None:
    """The sum of what is known; None where nothing is."""
    known = [v for v in values if v is not None]
    return sum(known) if known else None


def _by(rows: Iterable[T], column: str) -> defaultdict[str, list[T]]:
    groups: defaultdict[str, list[T]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, column)].append(row)
    return groups


def _name(row: ChainOperation, what: str) -> str:
    name: str = getattr(row, f"{what}_name")
    return say(name, getattr(row, f"{what}_name_en") or name)


def _document(row: ChainTask | ChainTargetValue) -> str:
    return f"{row.document_name} {row.document_number or ''}".strip()


def _sure(row: ChainOperation) -> str | None:
    return value_name(Confidence, row.confidence) if row.confidence else None


def _sources(*rows: _Sourced, package: Package) -> str:
    names = (package.sources.get(s, s) for row in rows for s in row.sources or ())
    return say("；", "; ").join(dict.fromkeys(names))


def _appointment(row: RegionLeader) -> str:
    """示范库 成都市任命（行动方案 三（一）1)."""
    words = [
        row.tier or row.role or say("链主", "chain leader"),
        row.region_name or "",
        _joined(row.clauses),
    ]
    return " ".join(w for w in words if w)


def why_not(operation: ChainOperation, package: Package) -> str:
    """Why an operation on record does not count: 在建, 可信度低; "" where it counts."""
    maker = package.maker(operation)
    return "" if package.counts(operation) else _joined(remarks(maker) if maker else [say("未核", "not checked")])


def _not_counted(operation: ChainOperation, package: Package) -> str:
    words = f"{_name(operation, 'segment')}{say('，', ', ')}{why_not(operation, package)}"
    return f"{_name(operation, 'firm')}（{words}）"


def sites_text(candidate: FirmCandidate, package: Package) -> str:
    """All places where a firm elsewhere works on the link, nearest first: 长寿区（已投产，300 公里，截至 2025-04）."""
    sites = [(s, km) for s, km in package.sites_of(candidate) if s.name and s.place != _NATION]
    return _joined(_site(s, km) for s, km in sites) or _joined(candidate.home)


def _site(site: Site, km: float | None) -> str:
    words = [
        value_name(Stage, site.stage),
        say(f"{km:.0f} 公里", f"{km:.0f} km") if km is not None else "",
        say(f"截至 {site.as_of}", f"as of {site.as_of}") if site.as_of else "",
    ]
    return f"{say_reason(site.name)}（{say('，', ', ').join(w for w in words if w)}）"


def candidate_text(candidate: FirmCandidate, package: Package) -> str:
    """A firm elsewhere with all its places."""
    places = sites_text(candidate, package)
    name = say(candidate.name, candidate.name_en or candidate.name)
    return f"{name}{say('：', ': ')}{places}" if places else name


def park_text(park: ParkCandidate) -> str:
    """A park that could take it, with the clauses that name it for the link or chain."""
    name = say(park.name, park.name_en or park.name)
    return f"{name}（{_joined(park.clauses)}）" if park.role and park.clauses else name
