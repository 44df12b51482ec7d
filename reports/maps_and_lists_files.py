"""N图N清单: the maps and lists of one chain in one region, as a folder and as one .zip of it.

Only what the data carry; whatever else the usual form asks for is named as not available, with the reason. The same
data give the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from graph.database.rows import ChainTargetValue
from graph.errors import LiantuError
from graph.language import language, say
from graph.schema import Stage
from reports.chain_list_tables import NamedList, five_lists, park_text, sites_text, six_lists, why_not
from reports.formats import render_markdown
from reports.formats.blocks import Block, Bullets, Column, Document, Heading, Note, Table, Value
from reports.formats.sheets import Sheet, sheet_names, workbook
from reports.pictures.chain_picture import draw_chain
from reports.pictures.drawing import Drawing
from reports.pictures.maps import (
    FirmAt,
    Imprint,
    LinkRow,
    Milestone,
    PlaceRow,
    RouteRow,
    draw_panorama,
    draw_path,
    draw_places,
    draw_routes,
    draw_tree,
)
from services.maps_and_lists import Package

_MOST_ROUTES = 6
_DPI = 200


class Form(StrEnum):
    """Which maps and lists: six and six, or five and five."""

    SIX = "six"
    FIVE = "five"


@dataclass(frozen=True)
class NamedMap:
    """A map: its name, its pages, and what a reader must know; without pages ``missing`` says why."""

    name: str
    pages: tuple[Drawing, ...] = ()
    note: str = ""
    missing: str = ""


def title(package: Package, form: Form) -> str:
    """成都市锂电池产业链六图六清单."""
    kind = say("六图六清单" if form is Form.SIX else "五图五清单", "maps and lists")
    return say(
        f"{package.gaps.region_name}{package.gaps.chain_name}产业链{kind}",
        f"{package.gaps.chain_name} in {package.gaps.region_name}: {kind}",
    )


def folder_name(package: Package, form: Form) -> str:
    """A name for the folder that every system allows: 成都市-锂电池-六图六清单."""
    kind = say("六图六清单" if form is Form.SIX else "五图五清单", f"{form}-maps-and-lists")
    return "-".join(_safe(part) for part in (package.gaps.region_name, package.gaps.chain_name, kind))


def package_files(package: Package, form: Form) -> dict[str, bytes]:
    """Every file of the package: path in the folder -> bytes."""
    maps = list(_six_maps(package) if form is Form.SIX else _five_maps(package))
    lists = six_lists(package) if form is Form.SIX else five_lists(package)
    files: dict[str, bytes] = {}
    names: dict[str, list[str]] = defaultdict(list)
    for number, one in enumerate(maps, start=1):
        for page, drawing in enumerate(one.pages, start=1):
            tail = f"-{page}" if len(one.pages) > 1 else ""
            stem = f"{say('图', 'maps')}/{number}-{_safe(one.name)}{tail}"
            names[one.name].append(f"{stem}.png")
            files[f"{stem}.svg"] = drawing.svg.encode()
            files[f"{stem}.png"] = drawing.png(_DPI)
            files[f"{stem}.json"] = _json(drawing.data)
    book = say("清单.xlsx", "lists.xlsx")
    contents = _contents(maps, lists, names, book)
    files[book] = workbook([_cover(package, form, contents, lists), *(_sheet(one, package) for one in lists)])
    files[say("说明.md", "README.md")] = render_markdown.render(_explanation(package, form, contents)).encode()
    return dict(sorted(files.items()))


def write_folder(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files into a new folder.

    Raises:
        LiantuError: the folder is there already.
    """
    if folder.exists():
        raise LiantuError(
            say(
                f"{folder} 已存在，不覆盖；请改名或删除，或用 -o 写到别处",
                f"{folder} is there already; move it away or give another place by -o",
            )
        )
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def zip_bytes(files: Mapping[str, bytes], root: str) -> bytes:
    """The files as a .zip, in one folder; without the time, so that the same files are the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{root}/{name}", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return made.getvalue()


# --- maps --------------------------------------------------------------------------------------------------


def _six_maps(package: Package) -> Iterator[NamedMap]:
    links = _links(package)
    yield NamedMap(
        say("树状图", "tree"), draw_tree(links, package.gaps.chain_name, _imprint(package, say("产业链树状图", "tree")))
    )
    yield NamedMap(
        say("现状全景图", "panorama"),
        (
            *_chain(package, say("产业链现状", "as it is")),
            *draw_panorama(links, _imprint(package, say("产业链现状全景图", "panorama"))),
        ),
        say(
            "第一部分为环节状态，第二部分为环节与区县对照；登记而不计入的企业另列原因，不计数",
            "status of the links, then links against districts; those that do not count apart",
        ),
    )
    yield _future(package)
    yield _path(package)
    yield NamedMap(
        say("技术创新图", "technology"),
        missing=say(
            "图谱没有技术路线、专利和攻关项目数据；已登记的平台见“重点创新平台”",
            "no technology routes, patents or research projects on record; platforms are in their list",
        ),
    )
    yield _routes(package)


def _five_maps(package: Package) -> Iterator[NamedMap]:
    yield NamedMap(say("产业链图", "chain"), _chain(package, say("产业链图", "chain")))
    yield NamedMap(
        say("技术路线图", "technology"),
        missing=say("图谱没有技术路线数据", "no technology routes on record"),
    )
    applied = [link for link in _links(package) if link.position == "downstream"]
    name = say("应用领域图", "applications")
    if applied:
        drawn = draw_tree(applied, package.gaps.chain_name, _imprint(package, say("产业链应用领域图", "applications")))
        yield NamedMap(
            name, drawn, say("下游环节及其产品、在产企业", "downstream links, their products and operating firms")
        )
    else:
        yield NamedMap(name, missing=say("图谱中本链没有下游环节", "the chain has no downstream link on record"))
    yield NamedMap(
        say("区域分布图", "places"),
        draw_places(_places(package), _imprint(package, say("产业链区域分布图", "places"))),
        say(
            "图谱没有行政边界，只按政府驻地坐标示意",
            "no boundaries are on record; districts stand at their seats of government",
        ),
    )
    yield _routes(package)


def _chain(package: Package, what: str) -> tuple[Drawing, ...]:
    gaps = package.gaps
    return draw_chain(
        gaps,
        package.graph,
        title=say(f"{gaps.region_name}{gaps.chain_name}{what}", f"{gaps.chain_name} in {gaps.region_name}: {what}"),
    )


def _future(package: Package) -> NamedMap:
    name = say("未来趋势图", "outlook")
    if all(o.stage == Stage.OPERATING for o in package.lists.operations.values()):
        return NamedMap(
            name,
            missing=say(
                "图谱没有本链在建或规划的项目，也没有市场预测",
                "nothing is on record as being built or planned, and there are no forecasts",
            ),
        )
    gaps = package.future
    heading = say(
        f"{gaps.region_name}{gaps.chain_name}产业链：在建与规划项目投产后",
        f"{gaps.chain_name} in {gaps.region_name}: once all that is planned runs",
    )
    note = say(
        "假定登记的在建与规划项目全部投产后各环节的状态（可信度低、证据过期的仍不计）；不是预测，图谱没有市场预测数据",
        "status of the links if all that is being built or planned came to run (uncertain and old evidence still does not count); no forecast",
    )
    return NamedMap(name, draw_chain(gaps, package.graph, title=heading), note)


def _path(package: Package) -> NamedMap:
    name = say("发展路径图", "path")
    milestones = _milestones(package)
    if not milestones:
        return NamedMap(
            name,
            missing=say(
                "在本地有效的文件没有针对本链的任务和指标", "no document in force sets tasks or targets for the chain"
            ),
        )
    years = {m.year for m in milestones if m.year is not None}
    if len(years) < 2:
        when = (
            say(f"只有一个目标年（{min(years)} 年）", f"only one year ({min(years)}) is named")
            if years
            else say("文件没有写年份", "no year is named")
        )
        listed = say("；", "; ").join(m.text for m in milestones if m.kind == say("指标", "targets"))
        told = say(f"。指标：{listed}", f". Targets: {listed}") if listed else ""
        return NamedMap(
            name,
            missing=say(
                f"{when}，画不成路径；任务见“重点事项”{told}", f"{when}: no path to draw; tasks are in their list{told}"
            ),
        )
    drawn = draw_path(milestones, _imprint(package, say("产业链发展路径图", "path")))
    return NamedMap(
        name,
        drawn,
        say(
            "任务与指标来自在本地有效的文件；未载明年份的单列",
            "tasks and targets of documents in force; those without a year stand apart",
        ),
    )


def _routes(package: Package) -> NamedMap:
    name = say("招商路线图", "routes")
    routes = [
        RouteRow(
            say(gap.name, gap.name_en),
            gap.status,
            tuple(FirmAt(c.name, sites_text(c, package)) for c in way.candidates.firms[:_MOST_ROUTES]),
            tuple(park_text(park) for park in way.parks[:_MOST_ROUTES]),
            way.candidates.total,
        )
        for gap in package.gaps.gaps
        for way in [package.remedies[gap.id]]
    ]
    if not routes:
        return NamedMap(name, missing=say("没有可判定的短板", "no gap can be told"))
    note = say(
        "企业为本地没有该业务登记的企业，未经询问；地点由近到远，各注阶段、直线距离、证据截至；园区后为任命条款",
        "firms do not make it here and were not asked; their places nearest first, with stage, distance and date; parks with the clause that names them",
    )
    return NamedMap(name, draw_routes(routes, _imprint(package, say("产业链招商路线图", "routes"))), note)


def _imprint(package: Package, what: str) -> Imprint:
    gaps = package.gaps
    heading = say(f"{gaps.region_name}{gaps.chain_name}{what}", f"{gaps.chain_name} in {gaps.region_name}: {what}")
    return Imprint(
        heading,
        gaps.as_of,
        say("链图图谱，逐条出处见清单", "Liantu; the lists name the source of each row"),
    )


def _links(package: Package) -> list[LinkRow]:
    """The links in the order of the chain, each with the firms on record here; those that do not count with the reason."""
    leaders = {row.firm for row in package.lists.leaders.values()}
    running: dict[str, list[FirmAt]] = defaultdict(list)
    for o in package.lists.operations.values():
        name = say(o.firm_name, o.firm_name_en or o.firm_name)
        firm = FirmAt(name, o.region_name or "", o.firm in leaders, why_not(o, package))
        if firm not in running[o.segment]:
            running[o.segment].append(firm)
    return [
        LinkRow(
            s.id, say(s.name, s.name_en), s.position, s.status, package.products.get(s.id, ()), tuple(running[s.id])
        )
        for s in sorted(package.gaps.segments, key=lambda s: (s.order, s.id))
    ]


def _places(package: Package) -> list[PlaceRow]:
    """Districts that hold a firm or a park of the chain, and the seat of the region."""
    firms: dict[str, set[str]] = defaultdict(set)
    for o in package.lists.operations.values():
        if package.counts(o) and o.region_name:
            firms[o.region_name].add(o.firm)
    parks: dict[str, list[str]] = defaultdict(list)
    for park in package.lists.parks.values():
        for region in park.regions[:1]:
            parks[region].append(park.name)
    carried = {row.park for row in package.lists.carriers.values()}
    main = {p.regions[0] for p in package.lists.parks.values() if p.id in carried and p.regions}
    return [
        PlaceRow(d.name, len(firms[d.name]), d.lat, d.lon, tuple(parks[d.name]), d.name in main)
        for d in package.districts
        if d.name in firms or d.name in parks
    ]


def _milestones(package: Package) -> list[Milestone]:
    milestones = [
        Milestone(say("任务", "tasks"), row.name, row.year, "、".join(row.leads), row.path or "")
        for row in package.lists.tasks.values()
        if row.leads or row.supports or row.summary or not row.targets  # else a heading over its targets
    ]
    milestones += [
        Milestone(say("指标", "targets"), _target(row), row.year, clause=row.path or "")
        for row in package.lists.targets.values()
        if row.kind == "target"
    ]
    return sorted(milestones, key=lambda m: (m.year is None, m.year or 0, m.kind, m.text))


def _target(row: ChainTargetValue) -> str:
    sign = {">=": "≥", "<=": "≤", "=": "", "+%": "+", "-%": "−"}[str(row.comparator)]
    unit = "%" if str(row.comparator).endswith("%") else str(row.unit or "")
    return f"{row.name} {sign}{row.value:g}{unit}"


# --- the workbook and the explanation ------------------------------------------------------------------------


def _contents(
    maps: list[NamedMap], lists: list[NamedList], names: Mapping[str, list[str]], book: str
) -> list[tuple[Value, ...]]:
    """One row a map or list: name, kind, whether it is there, where, how much, what to know."""
    there, not_there = _there(), say("未提供", "not available")
    rows: list[tuple[Value, ...]] = [
        (
            one.name,
            say("图", "map"),
            there if one.pages else not_there,
            "\n".join(names[one.name]) or None,
            len(one.pages),
            one.note or one.missing,
        )
        for one in maps
    ]
    for one, sheet in zip(lists, sheet_names([one.name for one in lists]), strict=True):
        filled = there if one.table.rows else say("无记录", "no row")
        rows.append((one.name, say("清单", "list"), filled, f"{book} › {sheet}", len(one.table.rows), one.missing))
    return rows


def _there() -> str:
    return say("已提供", "there")


def _contents_table(rows: list[tuple[Value, ...]]) -> Table:
    columns = (
        Column(say("名称", "name"), 1.4),
        Column(say("类别", "kind"), 0.6),
        Column(say("提供", "there"), 0.8),
        Column(say("文件或工作表", "file or sheet"), 2),
        Column(say("页数或行数", "pages or rows"), 0.8, "integer"),
        Column(say("说明", "note"), 3),
    )
    return Table(columns, tuple(rows), say("内容", "Contents"))


def _cover(package: Package, form: Form, rows: list[tuple[Value, ...]], lists: list[NamedList]) -> Sheet:
    first = len(rows) - len(lists)
    links = {(first + number, 0): one.name for number, one in enumerate(lists)}
    lines = (_date_line(package), *_rules())
    return Sheet(say("说明", "README"), title(package, form), _contents_table(rows), lines, links)


def _sheet(one: NamedList, package: Package) -> Sheet:
    lines = [_date_line(package), *one.notes]
    if one.missing:
        lines.append(say(f"未提供：{one.missing}。", f"Not available: {one.missing}."))
    heading = say(
        f"{package.gaps.region_name}{package.gaps.chain_name}产业链 {one.name}",
        f"{package.gaps.chain_name} in {package.gaps.region_name}: {one.name}",
    )
    return Sheet(one.name, heading, one.table, tuple(lines))


def _explanation(package: Package, form: Form, rows: list[tuple[Value, ...]]) -> Document:
    absent = [f"{row[0]}{say('：', ': ')}{row[5]}" for row in rows if row[5] and row[2] != _there()]
    absent += [f"{row[0]}{say('：', ': ')}{row[5]}" for row in rows if row[5] and row[1] == say("清单", "list")]
    blocks: list[Block] = [
        Heading(1, say("内容", "Contents")),
        _contents_table(rows),
        Heading(1, say("未提供的内容与原因", "What is not available, and why")),
        Bullets(tuple(absent) or (say("无", "nothing"),)),
        Note(say("", " ").join(_rules()), say("说明", "Note")),
    ]
    facts = (
        (say("地区", "Region"), package.gaps.region_name),
        (say("产业链", "Chain"), package.gaps.chain_name),
        (say("数据截至", "Data as of"), package.gaps.as_of or say("未注明", "not stated")),
    )
    return Document(title(package, form), tuple(blocks), facts=facts, language=language())


def _date_line(package: Package) -> str:
    return say(f"数据截至 {package.gaps.as_of or '未注明'}", f"Data as of {package.gaps.as_of or 'not stated'}")


def _rules() -> tuple[str, ...]:
    return (
        say(
            "只收录图谱中有来源的事实；空白为未登记，不是零，也不等于不存在。",
            "Only facts with a source; blank means not on record, neither zero nor absent.",
        ),
        say(
            "图为 SVG（可无限放大）和 PNG（可插入文档），同名 .json 为图中数据。",
            "Maps are SVG and PNG; the .json beside them holds what is drawn.",
        ),
    )


def _json(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n").encode()


def _safe(name: str) -> str:
    """A file name that every system allows."""
    plain = "".join("_" if c in '\\/:*?"<>|' or ord(c) < 32 else c for c in name).strip(" .")
    return plain[:60] or "_"
