"""月通报 and 季调度: how a region's targets stand in a period and who answers for them, as a document and plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph.analysis.department_load import Body, Item, Load
from graph.analysis.target_progress import Change, Progress, Standing, is_ratio, number
from graph.language import language, say
from graph.schema import VALUE_NAMES, Measured, Target
from reports.formats import output
from reports.formats.blocks import (
    NOT_KNOWN,
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Heading,
    Note,
    Paragraph,
    Table,
    Value,
)
from reports.formats.sheets import Sheet, workbook
from reports.words import STANDING_NAMES, say_reason, say_reasons, say_why
from services.duties import RegionOrganisation, RegionProgress, TargetProgress

#: Colour of a standing: colour-blind safe (after Okabe and Ito), and its word always stands on it.
STANDING_COLOURS: dict[Standing, str] = {
    Standing.BEHIND: "#D55E00",
    Standing.NOT_APPLIED: "#D9D9D9",
    Standing.NO_OBSERVATION: "#D9D9D9",
    Standing.ON_TRACK: "#56B4E9",
    Standing.AHEAD: "#0072B2",
    Standing.MET: "#009E73",
}
_JUDGED = (Standing.BEHIND, Standing.ON_TRACK, Standing.AHEAD, Standing.MET)


# --- words ---------------------------------------------------------------------------------------------


def title_of(report: RegionProgress) -> str:
    """成都市重点产业链指标月通报: what the report is called, by the length of its period."""
    months = report.period.last - report.period.first + 1
    kind = {1: say("月通报", "monthly report"), 3: say("季调度", "quarterly review")}.get(
        months, say("年度通报", "yearly report")
    )
    about = say("、", ", ").join(report.scope.chains.values()) if len(report.scope.chains) in (1, 2) else ""
    return say(
        f"{report.scope.region_name}{about or '重点产业链'}指标{kind}",
        f"{report.scope.region_name}{f', {about}' if about else ''}: {kind} of targets",
    )


def period_words(report: RegionProgress) -> str:
    """2024年6月, 2024年第二季度, 2024年."""
    period = report.period
    months = period.last - period.first + 1
    quarter = "一二三四"[(period.month - 1) // 3]
    ending = {1: f"{period.month}月", 3: f"第{quarter}季度"}.get(months, "")
    return say(f"{period.year}年{ending}", period.label)


def file_stem(report: RegionProgress) -> str:
    """A file name without ending: 成都市-2024-06-月通报."""
    months = report.period.last - report.period.first + 1
    kind = {1: say("月通报", "monthly"), 3: say("季调度", "quarterly")}.get(months, say("年度通报", "yearly"))
    parts = (report.scope.region_name, *list(report.scope.chains.values())[:2], report.period.label, kind)
    return output.file_stem(*parts)


def standing_name(standing: Standing) -> str:
    """The standing in the reader's language."""
    return say(*STANDING_NAMES[standing])


def target_words(target: Target) -> str:
    """What is to be reached: ≥1,000亿元（2025年）, 较2020年下降10%（2025年）."""
    value, unit = number(target.value), target.unit or ""
    by = say(f"（{target.year}年）", f" ({target.year})") if target.year else say("（未写年限）", " (no year)")
    if target.comparator in ("+%", "-%"):
        up = target.comparator == "+%"
        change = say(
            f"较{target.base_year or '基'}年{'增长' if up else '下降'}{value}%",
            f"{'up' if up else 'down'} {value}% on {target.base_year or 'the base year'}",
        )
        return change + by
    sign = {">=": "≥", "<=": "≤", "=": "＝"}[target.comparator]
    return say(f"{sign}{value}{unit}{by}", f"{sign}{value} {unit}{by}")


def reading_words(p: Progress) -> str:
    """The value with its period and span: 400亿元（2024-06，年内累计）; empty without one."""
    value, about = _value_and_period(p)
    return say(f"{value}（{about}）", f"{value} ({about})") if value else ""


def _value_and_period(p: Progress) -> tuple[str, str]:
    if p.reading is None:
        return "", ""
    unit = "" if p.target.comparator in ("+%", "-%") else (p.target.unit or "")
    span = p.reading.measured and say(VALUE_NAMES[Measured][p.reading.measured], p.reading.measured)
    value = say(f"{number(p.reading.value)}{unit}", f"{number(p.reading.value)} {unit}".strip())
    return value, say("，", ", ").join(filter(None, [p.reading.period.label, span]))


def change_words(change: Change | None, target: Target) -> str:
    """+25.0%, or +1.2 percent points of a share; empty where it is not on record."""
    if change is None:
        return ""
    if change.percent is not None:
        return f"{change.percent:+.1f}%"
    points = is_ratio(target) and target.comparator not in ("+%", "-%")
    unit = say("个百分点", " points") if points else (target.unit or "")
    return f"{'+' if change.difference > 0 else ''}{number(change.difference)}{unit}"


def gap_words(p: Progress) -> str:
    """The distance to the line in the target's unit, minus where it is behind."""
    if p.gap is None:
        return ""
    unit = say("个百分点", " points") if is_ratio(p.target) else (p.target.unit or "")
    return f"{'+' if p.gap > 0 else ''}{number(p.gap)}{unit}"


def expected_words(p: Progress) -> str:
    """What the line asks for."""
    if p.expected is None:
        return ""
    unit = "" if p.target.comparator in ("+%", "-%") else (p.target.unit or "")
    return f"{number(p.expected)}{unit}"


def body_name(body: Body) -> str:
    """The department in the reader's language; a group is marked."""
    name = say(body.name, body.name_en or body.name)
    return name + say("〔集体〕", " [group]") if body.is_group else name


def _bodies(bodies: Sequence[Body]) -> str:
    return say("、", ", ").join(body_name(b) for b in bodies)


def _led_by(t: TargetProgress) -> str:
    return _bodies(t.leads) or say("未明确", "not named")


def _chain_names(report: RegionProgress, chains: Sequence[str]) -> str:
    return say("、", ", ").join(report.scope.chain_names.get(c, c) for c in chains)


# --- the document --------------------------------------------------------------------------------------


def document(report: RegionProgress) -> Document:
    """The report as an office hands it in: conclusions, behind ones first, who answers, what is open, how it is reckoned."""
    newest = max((t.progress.reading.period.end for t in report.targets if t.progress.reading), default=None)
    facts = [
        (say("地区", "Region"), report.scope.region_name),
        (
            say("期间", "Period"),
            say(
                f"{period_words(report)}（截至 {report.period.end.isoformat()}）",
                f"{report.period.label} (until {report.period.end.isoformat()})",
            ),
        ),
        (say("产业链", "Chains"), say("、", ", ").join(report.scope.chains.values()) or say("全部", "all")),
        (say("最近一期实绩截至", "Newest value as of"), newest.isoformat() if newest else say("无", "none")),
    ]
    if newest is None and report.targets:
        return Document(
            title_of(report) + say("：实绩催报", ": values due"),
            tuple(_reminder(report)),
            period_words(report),
            tuple(facts),
            contents=False,
            language=language(),
        )
    blocks: list[Block] = [Heading(1, say("结论", "Conclusions")), *_conclusions(report)]
    blocks += _standing_blocks(report)
    blocks += _open_blocks(report)
    blocks += _responsibility_blocks(report)
    blocks += _method_blocks(report)
    return Document(
        title_of(report), tuple(blocks), period_words(report), tuple(facts), contents=False, language=language()
    )


def _reminder(report: RegionProgress) -> list[Block]:
    """Where no value at all is on record: one page that asks each department for its own."""
    over, total = _over(report), len(report.targets)
    text = say(
        f"纳入调度的指标 {total} 项，截至期末均未报实绩，不等于没有进展，本期不作进度判断。",
        f"{total} targets, none with a value by the end of the period, which does not mean no progress; nothing is judged.",
    )
    blocks: list[Block] = [Paragraph(text)]
    if over:
        blocks.append(Paragraph(_over_text(over, len(over)), say("目标年已过", "Due")))
    grouped: dict[str, list[TargetProgress]] = {}
    for t in report.targets:
        grouped.setdefault(_led_by(t), []).append(t)
    columns = (
        Column(say("牵头部门（按文件次序）", "lead"), 2),
        Column(say("项数", "targets"), 0.6, "integer"),
        Column(say("待报指标与目标", "targets to report"), 5),
    )
    ordered = sorted(grouped.items(), key=lambda pair: (not pair[1][0].leads, -len(pair[1]), pair[0]))
    rows = tuple(
        (who, len(ts), say("；", "; ").join(f"{t.progress.target.name} {target_words(t.progress.target)}" for t in ts))
        for who, ts in ordered
    )
    blocks.append(Table(columns, rows, say("待报实绩（按牵头部门）", "Values due, by lead"), name=say("待报", "due")))
    return [*blocks, _how_to_report()]


def _over(report: RegionProgress) -> list[TargetProgress]:
    """The targets whose year has ended by the end of the period."""
    return [t for t in report.targets if t.progress.target.year and t.progress.target.year < report.period.end.year]


def _over_text(over: Sequence[TargetProgress], without: int) -> str:
    return say(
        f"{len(over)} 项指标的目标年已过，其中 {without} 项未报实绩，请先核对实绩。",
        f"The year of {len(over)} targets is over; {without} of them have no value: check these first.",
    )


def _how_to_report() -> Note:
    return Note(
        say(
            "请牵头部门按“实绩”表报送，每个数值一行：指标、期间、实绩值、口径（期末值、年内累计或当期值）。报基年或上年全年值，才能画出进度线。",
            "The leads report one row a value: target, period, value, span. The line needs the value of the base year or of a past year.",
        ),
        say("填报", "To report"),
    )


def _conclusions(report: RegionProgress) -> list[Block]:
    """Sentences made of computed figures only."""
    if not report.targets:
        return [Paragraph(_no_targets(report))]
    counts = report.counts
    kinds = say("、", ", ").join(
        say(f"{standing_name(s)} {counts[s]} 项", f"{counts[s]} {standing_name(s)}")
        for s in (*_JUDGED, *_OPEN)
        if counts[s]
    )
    total = len(report.targets)
    items: list[str | Paragraph] = [
        Paragraph(say(f"纳入调度的指标 {total} 项：{kinds}。", f"{total} targets: {kinds}."), say("总体", "Overall"))
    ]
    if over := _over(report):
        without = sum(t.progress.standing is Standing.NO_OBSERVATION for t in over)
        items.insert(0, Paragraph(_over_text(over, without), say("目标年已过", "Due")))
    behind = report.standing(Standing.BEHIND)
    if behind:
        named = say("；", "; ").join(_behind_words(t) for t in behind[:3])
        more = (
            say(f"；另有 {len(behind) - 3} 项见第二部分", f"; {len(behind) - 3} more in part 2")
            if len(behind) > 3
            else ""
        )
        items.append(Paragraph(f"{named}{more}{say('。', '.')}", say("滞后", "Behind")))
    items += _open_items(report)
    items += _organisation_items(report.organisation)
    return [Bullets(tuple(items))]


_OPEN = (Standing.NOT_APPLIED, Standing.NO_OBSERVATION)


def _no_targets(report: RegionProgress) -> str:
    higher = (
        say(
            f"上级文件另有 {report.left_out} 项指标，未计入。",
            f" {report.left_out} targets are set above the region and are left out.",
        )
        if report.left_out
        else ""
    )
    return say(
        f"图谱中没有{report.scope.region_name}自己的量化指标，本期无从调度。{higher}",
        f"No targets of {report.scope.region_name} itself are on record.{higher}",
    )


def _behind_words(t: TargetProgress) -> str:
    p = t.progress
    by = gap_words(p).removeprefix("-")
    who = say(f"{_led_by(t)}牵头", f"led by {_led_by(t)}") if t.leads else say("牵头部门未明确", "no lead named")
    return say(f"{p.target.name}落后 {by}（{who}）", f"{p.target.name} by {by} ({who})")


def _open_items(report: RegionProgress) -> list[Paragraph]:
    items = []
    unreported, unclear = report.standing(Standing.NO_OBSERVATION), report.standing(Standing.NOT_APPLIED)
    if unreported:
        items.append(
            Paragraph(
                say(
                    f"{len(unreported)} 项指标没有可用实绩，不等于没有进展；名单与牵头部门见第三部分。",
                    f"{len(unreported)} targets have no usable value, which does not mean no progress; see part 3.",
                ),
                say("未报", "Not reported"),
            )
        )
    if unclear:
        items.append(
            Paragraph(
                say(
                    f"{len(unclear)} 项指标有实绩但不能判定，原因逐项列在第三部分。",
                    f"{len(unclear)} targets have a value but cannot be judged; the reasons are in part 3.",
                ),
                say("不能判定", "Not judged"),
            )
        )
    nobody = [t for t in report.targets if not t.leads]
    if nobody:
        items.append(
            Paragraph(
                say(
                    f"{len(nobody)} 项指标没有牵头部门，{_few(t.progress.target.name for t in nobody)}。",
                    f"{len(nobody)} targets have no lead: {_few(t.progress.target.name for t in nobody)}.",
                ),
                say("无人牵头的指标", "Targets without a lead"),
            )
        )
    return items


def _few(names: Any, most: int = 3) -> str:
    listed = list(names)
    shown = say("、", ", ").join(listed[:most])
    if len(listed) == 1:
        return say(f"即{shown}", shown)
    return say(f"如{shown}" if len(listed) > most else f"即{shown}", shown + (" ..." if len(listed) > most else ""))


def _organisation_items(office: RegionOrganisation) -> list[Paragraph]:
    load, items = office.organisation, []
    if load.tasks:
        words = say(
            f"重点任务 {load.tasks} 项，无牵头部门 {len(load.without_lead)} 项；政策措施 {load.measures} 项，无责任部门 {len(load.without_department)} 项。",
            f"{load.tasks} tasks, {len(load.without_lead)} without a lead; {load.measures} measures, {len(load.without_department)} without a department.",
        )
        items.append(Paragraph(words, say("责任", "Responsibility")))
    return items


def _standing_blocks(report: RegionProgress) -> list[Block]:
    judged = report.standing(*_JUDGED)
    blocks: list[Block] = [Heading(1, say("指标进度", "Progress of the targets"))]
    if not judged:
        return [
            *blocks,
            Paragraph(say("本期没有可与进度线比较的指标。", "No target can be held against its line in this period.")),
        ]
    blocks.append(progress_table(judged))
    behind = report.standing(Standing.BEHIND)
    if behind:
        blocks.append(Heading(2, say("滞后指标逐项说明", "The targets that are behind, one by one")))
        for t in behind:
            blocks += _behind_blocks(t)
    return blocks


def progress_table(targets: Sequence[TargetProgress]) -> Table:
    """Value, line, gap, changes and lead of each target, the farthest behind first."""
    columns = (
        Column(say("指标与目标", "target"), 2.5),
        Column(say("实绩", "value"), 2.0),
        Column(say("应达", "expected"), 1.2),
        Column(say("与应达之差", "gap"), 1.2),
        Column(say("进度差", "points"), 0.9, "number", 1),
        Column(say("状态", "standing"), 1.0),
        Column(say("环比 / 同比", "on period / on year"), 1.2),
        Column(say("牵头部门", "lead"), 1.8),
    )
    caption = say(
        "指标进度（滞后在前；差为负即落后，进度差单位为百分点）",
        "Progress (behind first; a negative gap is behind; points are percent points)",
    )
    return Table(
        columns, tuple(_progress_row(t) for t in targets), caption, row_headings=True, name=say("指标进度", "progress")
    )


def _progress_row(t: TargetProgress) -> tuple[Value | Cell, ...]:
    p = t.progress
    standing = Cell(standing_name(p.standing), STANDING_COLOURS[p.standing], bold=p.standing is Standing.BEHIND)
    words = [change_words(change, p.target) or NOT_KNOWN for change in (p.on_period, p.on_year)]
    changes = "\n".join(words) if any(w != NOT_KNOWN for w in words) else None
    return (
        f"{p.target.name}\n{target_words(p.target)}",
        "\n".join(_value_and_period(p)),
        expected_words(p) or None,
        gap_words(p) or None,
        None if p.points is None else round(p.points, 1),
        standing,
        changes,
        _led_by(t),
    )


def _behind_blocks(t: TargetProgress) -> list[Block]:
    p = t.progress
    lines: list[str | Paragraph] = [
        Paragraph(f"{reading_words(p)}{say('；', '; ')}{say_why(p.basis)}", say("判定", "Judged")),
        Paragraph(
            gap_words(p)
            + (say(f"，进度差 {p.points:+.1f} 个百分点", f", {p.points:+.1f} points") if p.points is not None else ""),
            say("差距", "Gap"),
        ),
        Paragraph(
            _led_by(t)
            + (say(f"；配合：{_bodies(t.supports)}", f"; supported by {_bodies(t.supports)}") if t.supports else ""),
            say("牵头", "Lead"),
        ),
    ]
    if t.clause:
        lines.append(Paragraph(t.clause, say("出处", "Clause")))
    if p.remarks:
        lines.append(Paragraph(say_reasons(p.remarks), say("注意", "Note")))
    return [Heading(3, p.target.name), Bullets(tuple(lines))]


def _open_blocks(report: RegionProgress) -> list[Block]:
    if not report.targets:
        return []
    blocks: list[Block] = [Heading(1, say("无实绩与不能判定的指标", "Targets without a value, or not judged"))]
    unclear, unreported = report.standing(Standing.NOT_APPLIED), report.standing(Standing.NO_OBSERVATION)
    if not unclear and not unreported:
        return [*blocks, Paragraph(say("无。全部指标均已报送并判定。", "None: all targets are reported and judged."))]
    if unclear:
        blocks.append(_reason_table(unclear))
    if unreported:
        blocks.append(_unreported_table(unreported))
        blocks.append(_how_to_report())
    return blocks


def _reason_table(targets: Sequence[TargetProgress]) -> Table:
    columns = (
        Column(say("指标", "target"), 2),
        Column(say("目标", "aim"), 1.6),
        Column(say("最近实绩", "last value"), 1.8),
        Column(say("不能判定的原因", "why it is not judged"), 3),
        Column(say("牵头部门", "lead"), 1.8),
    )
    rows = tuple(
        (
            t.progress.target.name,
            target_words(t.progress.target),
            reading_words(t.progress),
            say_why(t.progress.reason),
            _led_by(t),
        )
        for t in targets
    )
    return Table(
        columns,
        rows,
        say("有实绩而不能判定的指标", "Targets with a value that are not judged"),
        name=say("不能判定", "not judged"),
    )


def _unreported_table(targets: Sequence[TargetProgress]) -> Table:
    """By lead, since the leads are the ones to ask; why only where there is an older value."""
    old = any(t.progress.reading for t in targets)
    columns = [
        Column(say("序", "#"), 0.5, "integer"),
        Column(say("牵头部门", "lead"), 2.4),
        Column(say("指标", "target"), 2.4),
        Column(say("目标", "aim"), 2),
        Column(say("出处", "clause"), 1.6),
        Column(say("情况", "state"), 2),
    ]
    ordered = sorted(targets, key=lambda t: (not t.leads, _led_by(t), t.progress.target.name))
    rows = [
        (n, _led_by(t), t.progress.target.name, target_words(t.progress.target), t.clause, say_why(t.progress.reason))
        for n, t in enumerate(ordered, start=1)
    ]
    caption, name = say("没有实绩的指标（按牵头部门）", "Targets without a value, by lead"), say("无实绩", "no value")
    kept = len(columns) if old else len(columns) - 1
    return Table(tuple(columns[:kept]), tuple(row[:kept] for row in rows), caption, name=name)


def _responsibility_blocks(report: RegionProgress) -> list[Block]:
    load = report.organisation.organisation
    blocks: list[Block] = [Heading(1, say("谁负责什么", "Who answers for what"))]
    if not load.tasks and not load.measures:
        return [*blocks, Paragraph(no_tasks(report.organisation))]
    blocks.append(target_load_table(report))
    blocks.append(Heading(2, say("没有落实责任的事项", "What nobody answers for")))
    if load.without_lead or load.without_department:
        blocks.append(open_items_table(report.organisation))
    else:
        blocks.append(Paragraph(say("无：每项任务有牵头部门，每项措施有责任部门。", "None.")))
    if load.unsupported:
        named = say("、", ", ").join(f"{body_name(x.body)}（{len(x.unsupported)}）" for x in load.unsupported)
        blocks.append(
            Paragraph(
                say(
                    f"{named}。括号内为其牵头而没有配合部门的任务数，达到 {load.thresholds.unsupported_tasks} 项的列出。",
                    f"{named}: tasks led without a supporting department, from {load.thresholds.unsupported_tasks} on.",
                ),
                say("牵头多而无配合部门", "Many tasks without support"),
            )
        )
    return blocks


def no_tasks(office: RegionOrganisation) -> str:
    """That the region has no tasks of its own, and how many come from above."""
    higher = (
        say(
            f"上级文件另有任务与措施 {office.left_out} 项，未计入。",
            f" {office.left_out} tasks and measures come from above and are left out.",
        )
        if office.left_out
        else ""
    )
    return say(
        f"图谱中没有{office.scope.region_name}自己的任务与措施。{higher}",
        f"No tasks or measures of {office.scope.region_name} itself.{higher}",
    )


def target_load_table(report: RegionProgress) -> Table:
    """Per department: its targets by standing, and the tasks and measures that it answers for."""
    columns = (
        Column(say("部门", "department"), 2.6),
        Column(say("牵头指标（含共同牵头）", "targets led (joint ones too)"), 1.2, "integer"),
        Column(say("其中滞后", "behind"), 1, "integer"),
        Column(say("其中无实绩", "no value"), 1.1, "integer"),
        Column(say("牵头任务（含共同牵头）", "tasks led (joint ones too)"), 1.2, "integer"),
        Column(say("配合任务", "tasks supported"), 1, "integer"),
        Column(say("牵头措施", "measures led"), 1, "integer"),
        Column(say("配合措施", "measures supported"), 1, "integer"),
    )
    rows = tuple(_target_load(report, load) for load in report.organisation.organisation.loads)
    return Table(
        columns,
        rows,
        say("部门责任与指标情况", "Departments, their targets and load"),
        row_headings=True,
        name=say("部门责任", "departments"),
    )


def _target_load(report: RegionProgress, load: Load) -> tuple[Value | Cell, ...]:
    led = [t.progress.standing for t in report.targets if load.body in t.leads]
    behind = led.count(Standing.BEHIND)
    return (
        body_name(load.body),
        len(led),
        Cell(behind, STANDING_COLOURS[Standing.BEHIND] if behind else None),
        led.count(Standing.NO_OBSERVATION),
        load.tasks_led,
        load.tasks_supported,
        load.measures_led,
        load.measures_supported,
    )


def open_items_table(office: RegionOrganisation) -> Table:
    """Tasks without a lead and measures without a department, with their clause."""
    load = office.organisation
    columns = (
        Column(say("类别", "kind"), 1),
        Column(say("事项", "item"), 3),
        Column(say("情况", "state"), 2.4),
        Column(say("出处", "clause"), 2),
    )
    rows = tuple(_open_row(item, found_names(office)) for item in (*load.without_lead, *load.without_department))
    return Table(
        columns,
        rows,
        say("没有落实责任的任务与措施", "Tasks without a lead, measures without a department"),
        name=say("未落实责任", "open"),
    )


def found_names(office: RegionOrganisation) -> dict[str, str]:
    """Names of the departments that answer for something, by id."""
    return {load.body.id: body_name(load.body) for load in office.organisation.loads}


def _open_row(item: Item, names: dict[str, str]) -> tuple[Value, ...]:
    kind = say("任务", "task") if item.kind == "task" else say("措施", "measure")
    supporting = say("、", ", ").join(names[b] for b in sorted(item.supports))
    state = (
        say(f"只有配合部门：{supporting}", f"support only: {supporting}")
        if supporting
        else say("没有任何部门", "no department")
    )
    return (kind, item.name, state, item.clause)


def _method_blocks(report: RegionProgress) -> list[Block]:
    office, items = report.organisation, method_lines(report)
    if report.left_out or office.left_out:
        items.append(
            say(
                f"上级文件另有指标 {report.left_out} 项、任务与措施 {office.left_out} 项未计入。",
                f"{report.left_out} targets and {office.left_out} tasks and measures from above are left out.",
            )
        )
    documents = sorted({t.document for t in report.targets if t.document})
    blocks: list[Block] = [Heading(1, say("口径与阈值", "Method and thresholds")), Bullets(tuple(items))]
    if documents:
        blocks += [Heading(2, say("指标出自", "The targets are stated in")), Bullets(tuple(documents))]
    return blocks


def method_lines(report: RegionProgress) -> list[str]:
    """How the figures are reckoned, with the thresholds that were used."""
    t = report.thresholds
    return [
        say(
            "进度线为直线：自基期到目标年年底，按月折算。基期用基年全年实绩，没有基年的用首个可比实绩，逐项注明；"
            "目标年当年及以后直接与目标值比较。",
            "The line is straight, by months, from the base to the end of the target year. The base is the value of the base "
            "year, or else the first comparable one, as stated; in the target year and after it the target itself counts.",
        ),
        say(
            "期末值与全年值同进度线比较；年内累计同“当年应达值 × 已过月数/12”（序时进度）比较；当期值与未注明口径的月、季数值不比较，"
            "只算环比、同比；比率不按月分摊。",
            "A value at the end of a period or of a whole year is held against the line; one since January against the year's "
            "line times months gone / 12; one of a month or quarter alone, or of an unstated span, against nothing; ratios are "
            "not split by months.",
        ),
        say(
            "进度差 = 与应达值之差 ÷ 基期到目标值的全程（年内累计为 ÷ 当年应达值）。"
            f"低于 −{t.on_track_points:g} 个百分点为滞后，高于 +{t.on_track_points:g} 为超前，其间为正常；到目标年仍未达标的一律为滞后。",
            "Points = gap / way from base to target (for a value since January: / the year's line). Below "
            f"-{t.on_track_points:g} is behind, above +{t.on_track_points:g} ahead; what is not met when it is due is behind.",
        ),
        say(
            f"早于期末 {t.valid_days} 天的实绩不用；“＝”类指标与目标值相差不超过 {t.equal_share:.1%}，或自基期一侧到达、越过目标值，算达标。",
            f"Values older than {t.valid_days} days are not used; '=' is met within {t.equal_share:.1%}, or once it is reached "
            "from the side of the base.",
        ),
        say(
            "环比：期末值与上期比；年内累计先折成各期新增再比。同比与上年同期同口径比。",
            "On period: values since January are first turned into what each period added. On year: the same period and span "
            "of the year before.",
        ),
        say(
            "部门名后〔集体〕指文件只写了一类单位（如相关区（市）县政府），未写具体是谁。"
            "任务与措施按所载文件的适用地区计入，责任以期末仍有效的为准。",
            "[group]: the document names a kind of body, not which. Tasks and measures count where their document applies; a "
            "responsibility counts if it holds at the end of the period.",
        ),
    ]


# --- the workbook -----------------------------------------------------------------------------------------


def xlsx(report: RegionProgress) -> bytes:
    """A workbook: all targets with real numbers, departments, cooperation, what nobody answers for, method."""
    office = report.organisation
    sheets = [
        Sheet(say("指标进度", "targets"), f"{title_of(report)} {period_words(report)}", target_table(report)),
        Sheet(say("部门责任", "departments"), say("部门责任与指标情况", "Departments"), target_load_table(report)),
        Sheet(
            say("部门合作", "cooperation"),
            say("有共同任务的部门", "Departments with common tasks"),
            _plain_table(pair_headings(), pair_rows(office)),
        ),
        Sheet(
            say("未落实责任", "open"),
            say("没有牵头部门的任务、没有部门的措施", "Tasks without a lead, measures without a department"),
            open_items_table(office),
        ),
        Sheet(
            say("口径与阈值", "method"), say("口径与阈值", "Method and thresholds"), lines=tuple(method_lines(report))
        ),
    ]
    return workbook(sheets)


def target_table(report: RegionProgress) -> Table:
    """Every target of the report in one table, numbers as numbers."""
    columns = (
        Column(say("状态", "standing")),
        Column(say("指标", "target"), 2),
        Column(say("比较", "comparator")),
        Column(say("目标值", "aim"), kind="number", digits=2),
        Column(say("单位", "unit")),
        Column(say("目标年", "year")),
        Column(say("期间", "period")),
        Column(say("口径", "span")),
        Column(say("实绩值", "value"), kind="number", digits=2),
        Column(say("应达值", "expected"), kind="number", digits=2),
        Column(say("与应达之差", "gap"), kind="number", digits=2),
        Column(say("进度差（百分点）", "gap (points)"), kind="number", digits=1),
        Column(say("环比", "on period"), kind="percent", digits=1),
        Column(say("同比", "on year"), kind="percent", digits=1),
        Column(say("牵头部门", "lead"), 2),
        Column(say("配合部门", "support"), 2),
        Column(say("产业链", "chains"), 2),
        Column(say("依据或原因", "basis or reason"), 3),
        Column(say("出处", "clause"), 2),
    )
    return Table(columns, tuple(_target_row(report, t) for t in report.targets), name=say("指标", "targets"))


def _target_row(report: RegionProgress, t: TargetProgress) -> tuple[Value | Cell, ...]:
    p, r = t.progress, t.progress.reading
    span = r and r.measured and say(VALUE_NAMES[Measured][r.measured], r.measured)
    about = say_reasons(filter(None, [p.basis or p.reason, *p.remarks]))
    return (
        Cell(standing_name(p.standing), STANDING_COLOURS[p.standing]),
        p.target.name,
        p.target.comparator,
        p.target.value,
        p.target.unit or "",
        str(p.target.year or ""),
        r.period.label if r else "",
        span or "",
        r.value if r else None,
        p.expected,
        p.gap,
        p.points,
        _percent(p.on_period),
        _percent(p.on_year),
        _led_by(t),
        _bodies(t.supports),
        _chain_names(report, t.chains),
        about,
        t.clause,
    )


def _percent(change: Change | None) -> float | None:
    return None if change is None or change.percent is None else change.percent / 100


def _plain_table(headings: Sequence[str], rows: Sequence[Sequence[Value]]) -> Table:
    """Text first, then counts."""
    kinds = ["integer" if rows and isinstance(rows[0][n], int) else "text" for n in range(len(headings))]
    columns = (
        Column(h, kind="integer" if kind == "integer" else "text") for h, kind in zip(headings, kinds, strict=True)
    )
    return Table(tuple(columns), tuple(tuple(row) for row in rows))


# --- plain data -------------------------------------------------------------------------------------------


def as_json(report: RegionProgress) -> dict[str, Any]:
    """The report as plain data, for ``--format json``."""
    return {
        "region": report.scope.region,
        "region_name": report.scope.region_name,
        "period": report.period.label,
        "until": report.period.end.isoformat(),
        "chains": list(report.scope.chains),
        "counts": {s.value: n for s, n in report.counts.items()},
        "thresholds": report.thresholds.model_dump(),
        "left_out": report.left_out,
        "targets": [_target_json(t) for t in report.targets],
        "organisation": organisation_json(report.organisation),
    }


def _target_json(t: TargetProgress) -> dict[str, Any]:
    p = t.progress
    return {
        "id": p.target.id,
        "name": p.target.name,
        "comparator": p.target.comparator,
        "value": p.target.value,
        "unit": p.target.unit,
        "year": p.target.year,
        "base_year": p.target.base_year,
        "chains": list(t.chains),
        "clause": t.clause,
        "standing": p.standing.value,
        "observation": None
        if p.reading is None
        else {
            "id": p.reading.observation.id,
            "period": p.reading.period.label,
            "value": p.reading.value,
            "measured": p.reading.measured,
            "sources": p.reading.observation.sources,
        },
        "base": None
        if p.base is None
        else {"period": p.base.period.label, "value": p.base.value, "is_base_year": p.base.is_base_year},
        "expected": _rounded(p.expected),
        "gap": _rounded(p.gap),
        "points": _rounded(p.points),
        "basis": say_why(p.basis),
        "reason": say_why(p.reason),
        "remarks": [say_reason(r) for r in p.remarks],
        "on_period": _change_json(p.on_period),
        "on_year": _change_json(p.on_year),
        "leads": [b.id for b in t.leads],
        "supports": [b.id for b in t.supports],
    }


def _change_json(change: Change | None) -> dict[str, Any] | None:
    if change is None:
        return None
    return {"against": change.against, "difference": _rounded(change.difference), "percent": _rounded(change.percent)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def organisation_json(office: RegionOrganisation) -> dict[str, Any]:
    """Load and cooperation as plain data."""
    load = office.organisation
    return {
        "region": office.scope.region,
        "region_name": office.scope.region_name,
        "chains": list(office.scope.chains),
        "on": office.on,
        "tasks": load.tasks,
        "measures": load.measures,
        "left_out": office.left_out,
        "departments": [
            {
                "id": x.body.id,
                "name": x.body.name,
                "group": x.body.is_group,
                "tasks_led": x.tasks_led,
                "tasks_supported": x.tasks_supported,
                "measures_led": x.measures_led,
                "measures_supported": x.measures_supported,
                "by_chain": {c: {"led": led, "supported": supported} for c, (led, supported) in x.by_chain.items()},
                "unsupported_tasks": list(x.unsupported),
                "partners": x.partners,
                "weighted_degree": x.weighted_degree,
                "organisational_betweenness": round(x.betweenness, 4),
            }
            for x in load.loads
        ],
        "pairs": [
            {
                "first": p.first.id,
                "second": p.second.id,
                "shared": p.shared,
                "first_leads": p.first_leads,
                "second_leads": p.second_leads,
                "both_lead": p.both_lead,
                "both_support": p.both_support,
            }
            for p in load.pairs
        ],
        "tasks_without_lead": [{"id": i.id, "name": i.name, "clause": i.clause} for i in load.without_lead],
        "measures_without_department": [
            {"id": i.id, "name": i.name, "clause": i.clause} for i in load.without_department
        ],
    }


# --- tables of load and cooperation ---------------------------------------------------------------------------


def load_headings() -> list[str]:
    """Columns of the load table."""
    return [
        say("部门", "department"),
        say("牵头任务", "tasks led"),
        say("配合任务", "tasks supported"),
        say("牵头措施", "measures led"),
        say("配合措施", "measures supported"),
        say("无配合的牵头任务", "led without support"),
        say("合作部门", "partners"),
        say("共同任务（加权度）", "common tasks (weighted degree)"),
        say("组织中介度", "organisational betweenness"),
        say("按产业链（牵头/配合）", "by chain (led/supported)"),
    ]


def load_rows(office: RegionOrganisation, most: int | None = None) -> list[list[Any]]:
    """One row a department, most led first; ``most`` limits the chains named in the last column."""
    rows = []
    for x in office.organisation.loads:
        chains = sorted(x.by_chain.items(), key=lambda pair: (-sum(pair[1]), pair[0]))
        wanted = [(c, n) for c, n in chains if not office.scope.chains or c in office.scope.chains]
        named = [f"{office.scope.chain_names.get(c, c)} {led}/{supported}" for c, (led, supported) in wanted[:most]]
        more = (
            [say(f"等{len(wanted)}条", f"... {len(wanted)} in all")] if most is not None and len(wanted) > most else []
        )
        rows.append(
            [
                body_name(x.body),
                x.tasks_led,
                x.tasks_supported,
                x.measures_led,
                x.measures_supported,
                len(x.unsupported),
                x.partners,
                x.weighted_degree,
                round(x.betweenness, 3),
                say("、", ", ").join([*named, *more]),
            ]
        )
    return rows


def organisation_lines(office: RegionOrganisation) -> list[str]:
    """What nobody answers for, and how to read the tables, line by line."""
    load = office.organisation
    lines = [
        say(
            f"重点任务 {load.tasks} 项，政策措施 {load.measures} 项。",
            f"{load.tasks} tasks, {load.measures} measures.",
        )
    ]
    for title, items in (
        (say("无牵头部门的任务", "Tasks without a lead"), load.without_lead),
        (say("无责任部门的措施", "Measures without a department"), load.without_department),
    ):
        named = say("；", "; ").join(f"{item.name}（{item.clause}）" if item.clause else item.name for item in items)
        lines.append(f"{title} {len(items)}" + (f"{say('：', ': ')}{named}" if items else ""))
    lines.append(
        say(
            "〔集体〕为文件只写了一类单位。合作按共同任务计（不含措施）；组织中介度是部门协作网络的度量（0–1，不加权），不说明产业链的任何关系。",
            "[group]: a kind of body, not which. Cooperation counts common tasks, not measures; betweenness is of the network of "
            "departments (0-1, unweighted) and says nothing about an industry chain.",
        )
    )
    if office.left_out:
        lines.append(
            say(
                f"上级文件的任务与措施 {office.left_out} 项未计入。",
                f"{office.left_out} tasks and measures from above are left out.",
            )
        )
    return lines


def pair_headings() -> list[str]:
    """Columns of the cooperation table."""
    return [
        say("部门甲", "first"),
        say("部门乙", "second"),
        say("共同任务", "common tasks"),
        say("甲牵头乙配合", "first leads"),
        say("乙牵头甲配合", "second leads"),
        say("共同牵头", "both lead"),
        say("共同配合", "both support"),
    ]


def pair_rows(office: RegionOrganisation) -> list[list[Any]]:
    """One row for two departments with common tasks, most in common first."""
    return [
        [body_name(p.first), body_name(p.second), p.shared, p.first_leads, p.second_leads, p.both_lead, p.both_support]
        for p in office.organisation.pairs
    ]
