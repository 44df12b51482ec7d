"""What changed since a snapshot, as a report: plain sentences, counts, and a table of each list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from graph.analysis.assessment import SegmentGap
from graph.analysis.chain_difference import COMPARED, ChainDifference, Change, Kind, LinkChange
from graph.language import language, say
from graph.schema import CarrierRole, Stage, Stance
from reports.formats import output
from reports.formats.blocks import Block, Bullets, Cell, Column, Document, Heading, Note, Paragraph, Table, Value
from reports.formats.sheets import Sheet, workbook
from reports.words import STATUS_COLOURS, say_reason, status_name, value_name
from services.difference import RegionDifference

#: Names of the lists, and what one counts them in.
_LISTS = {
    "firms": ("企业", "firms", "家"),
    "operations": ("经营与项目", "operations", "项"),
    "leaders": ("链主任命", "chain leaders", "项"),
    "carriers": ("承载任命", "carriers", "项"),
    "tasks": ("重点事项", "tasks", "项"),
    "targets": ("指标", "targets", "个"),
    "observations": ("实绩", "observed values", "条"),
    "measures": ("支持措施", "measures", "条"),
    "platforms": ("创新平台", "platforms", "个"),
    "documents": ("政策文件", "documents", "份"),
}
_KINDS = {
    Kind.NEW: ("新增", "new"),
    Kind.GONE: ("移除", "gone"),
    Kind.ENTERED: ("进入", "entered"),
    Kind.LEFT: ("退出", "left"),
    Kind.CHANGED: ("变更", "changed"),
}
_FIELDS = {
    "name": ("名称", "name"),
    "homes": ("所在地", "home"),
    "owner": ("所属集团", "owner"),
    "honours": ("称号", "honours"),
    "active": ("存续", "active"),
    "stage": ("阶段", "stage"),
    "capacity": ("产能", "capacity"),
    "unit": ("单位", "unit"),
    "output": ("产值（亿元）", "output (100m yuan)"),
    "tier": ("梯队", "tier"),
    "role": ("角色", "role"),
    "valid_from": ("起", "from"),
    "valid_to": ("止", "to"),
    "goals": ("对象", "concerns"),
    "stances": ("取向", "stance"),
    "leads": ("牵头", "leads"),
    "supports": ("配合", "supports"),
    "comparator": ("比较", "comparator"),
    "value": ("数值", "value"),
    "measured": ("口径", "measured"),
    "years": ("年限", "years"),
    "year": ("目标年", "year"),
    "base_year": ("基年", "base year"),
    "period": ("期间", "period"),
    "instrument": ("工具", "instrument"),
    "rate_min": ("比例下限", "lowest rate"),
    "rate_max": ("比例上限", "highest rate"),
    "rate_base": ("比例基数", "base of the rate"),
    "cap": ("上限（万元）", "cap (10k yuan)"),
    "amount": ("定额（万元）", "amount (10k yuan)"),
    "total": ("总额（万元）", "total (10k yuan)"),
    "annual_cap": ("年度上限（万元）", "yearly cap (10k yuan)"),
    "condition": ("条件", "condition"),
    "beneficiary": ("对象", "beneficiary"),
    "kind": ("类型", "kind"),
    "places": ("所在地", "place"),
    "tasks": ("相关任务", "tasks"),
    "number": ("文号", "number"),
    "issued": ("印发日期", "issued"),
    "effective": ("施行日期", "effective"),
    "expires": ("失效日期", "expires"),
}
_ENUMS: dict[str, type[StrEnum]] = {"stage": Stage, "stances": Stance}
_MOST_NAMED = 5


def document(difference: RegionDifference) -> Document:
    """The report, for every format of documents."""
    blocks: list[Block] = [
        Heading(1, say("摘要", "Summary")),
        Bullets(tuple(sentences(difference))),
        Note(_how(difference), say("说明", "Note")),
    ]
    if not difference.is_empty:
        blocks.append(_counts_table(difference))
    for chain, name in zip(difference.chains, difference.chain_names, strict=True):
        tables = list(_tables(chain, difference))
        blocks += [Heading(1, name), *([] if tables else [Paragraph(say("没有变化。", "Nothing changed."))])]
        for table in tables:
            blocks += [Heading(2, table.name), table]
    return Document(
        title=say(f"{difference.region_name}产业链变化报告", f"What changed in the chains of {difference.region_name}"),
        subtitle=_span(difference),
        blocks=tuple(blocks),
        facts=_facts(difference),
        contents=False,
        language=language(),
    )


def sentences(difference: RegionDifference) -> list[str]:
    """What changed, a few sentences a chain, only from what was counted."""
    return [
        f"{name}{say('：', ': ')}{_sentence(chain)}"
        for chain, name in zip(difference.chains, difference.chain_names, strict=True)
    ]


def xlsx(difference: RegionDifference) -> bytes:
    """The report as a workbook: a sheet of summary, and a sheet a list."""
    lines = [_span(difference), *sentences(difference), _how(difference)]
    title = say(f"{difference.region_name}产业链变化", f"Changes in {difference.region_name}")
    sheets = [Sheet(say("摘要", "summary"), title, _counts_table(difference), tuple(lines))]
    many = len(difference.chains) > 1
    for chain, name in zip(difference.chains, difference.chain_names, strict=True):
        for table in _tables(chain, difference):
            sheets.append(Sheet(f"{name} {table.name}" if many else table.name, f"{name} {table.name}", table))
    return workbook(sheets)


def as_json(difference: RegionDifference) -> dict[str, Any]:
    """The difference as plain data."""
    return {
        "region": difference.region,
        "region_name": difference.region_name,
        "since": {"made": difference.since.made, "sha256": difference.since.sha256, "as_of": difference.data_before},
        "until": {
            "made": difference.until and difference.until.made,
            "sha256": difference.until and difference.until.sha256,
            "as_of": difference.data_after,
        },
        "stages": list(difference.stages),
        "thresholds": difference.thresholds.model_dump(),
        "chains": [
            {
                "name": name,
                "links": [_link_json(link) for link in chain.links],
                "changes": [{**asdict(change), "row": dict(change.row)} for change in chain.changes],
                "counts": [
                    {"list": table, "kind": kind, "count": n} for (table, kind), n in sorted(chain.counts.items())
                ],
            }
            for chain, name in zip(difference.chains, difference.chain_names, strict=True)
        ],
    }


def file_stem(difference: RegionDifference) -> str:
    """A file name without ending: 成都市-锂电池-变化-2026-10-31至2026-11-30."""
    until = difference.until.made[:10] if difference.until else say("今", "now")
    parts = (
        difference.region_name,
        output.named_chains(difference.chain_names),
        say("变化", "changes"),
        f"{difference.since.made[:10]}{say('至', '-')}{until}",
    )
    return output.file_stem(*parts)


# --- sentences ----------------------------------------------------------------------------------------


def _sentence(chain: ChainDifference) -> str:
    if chain.before is None:
        return say(
            "早先的图谱中没有这个地区或这条链，以下均为新增。",
            "the earlier graph knew no such region or chain; all of it is new.",
        )
    if chain.is_empty:
        return say("没有变化。", "nothing changed.")
    parts = [_links_clause(chain.links)] if chain.links else []
    for table, (zh, en, unit) in _LISTS.items():
        by_word: dict[str, list[Change]] = defaultdict(list)
        for change in chain.of(table):
            by_word[_kind_word(change)].append(change)
        for word, found in by_word.items():
            number = len({c.id for c in found})
            parts.append(
                say(f"{zh}{word} {number} {unit}（{_names(found)}）", f"{en}: {number} {word} ({_names(found)})")
            )
    return say("；", "; ").join(parts) + say("。", ".")


def _links_clause(links: Sequence[LinkChange]) -> str:
    shown = [f"{c.name} {_status(c.before)}→{_status(c.after)}" for c in links[:_MOST_NAMED]]
    more = say(" 等", " ...") if len(links) > _MOST_NAMED else ""
    named = say("、", ", ").join(shown) + more
    return say(f"状态变化的环节 {len(links)} 个（{named}）", f"{len(links)} links with another status ({named})")


def _names(changes: Iterable[Change]) -> str:
    names = list(dict.fromkeys(f"{c.before}→{c.after}" if _is_renamed(c) else _thing(c) for c in changes))
    return say("、", ", ").join(names[:_MOST_NAMED]) + (say(" 等", " ...") if len(names) > _MOST_NAMED else "")


def _span(difference: RegionDifference) -> str:
    until = difference.until.label if difference.until else say("当前图谱", "the graph as it is")
    return say(f"{difference.since.label} → {until}", f"{difference.since.label} to {until}")


def _facts(difference: RegionDifference) -> tuple[tuple[str, str], ...]:
    unknown = say("未注明", "not stated")
    until = difference.until.label if difference.until else say("当前图谱", "the graph as it is")
    return (
        (say("地区", "Region"), difference.region_name),
        (say("产业链", "Chains"), say("、", ", ").join(difference.chain_names)),
        (
            say("早先", "Earlier"),
            say(
                f"快照 {difference.since.label}，数据截至 {difference.data_before or unknown}",
                f"snapshot of {difference.since.label}, data as of {difference.data_before or unknown}",
            ),
        ),
        (
            say("后来", "Later"),
            say(
                f"{until}，数据截至 {difference.data_after or unknown}",
                f"{until}, data as of {difference.data_after or unknown}",
            ),
        ),
    )


def _how(difference: RegionDifference) -> str:
    others = [value_name(Stage, s) for s in difference.stages if s != "operating"]
    counted = (
        say(f"{'、'.join(others)}产能也计入环节状态。", f" Capacity that is {', '.join(others)} counts too.")
        if others
        else ""
    )
    return (
        say(
            "两个时点用同一套规则和阈值评估，差异只来自数据。企业“进入”“退出”指它仍在图谱中、但此前不在或此后不在本地本链；"
            "“新增”“移除”指图谱中此前没有或此后没有。未登记不等于不存在。备注、来源和证据日期的改动不计为变化。",
            "Both times are assessed by the same rules and thresholds; only the data differ. A firm entered or left where the graph "
            "knows it at both times but not on this chain in this region; it is new or gone where the graph did not or does not know it. "
            "Notes, sources and dates of evidence do not count as changes.",
        )
        + counted
    )


# --- tables -------------------------------------------------------------------------------------------


def _counts_table(difference: RegionDifference) -> Table:
    columns = (
        Column(say("产业链", "chain"), 1.4),
        Column(say("清单", "list"), 1.6),
        *(Column(say(*_KINDS[kind]), 0.8, "integer") for kind in Kind),
    )
    rows: list[tuple[Value | Cell, ...]] = []
    for chain, name in zip(difference.chains, difference.chain_names, strict=True):
        if chain.links:
            rows.append((name, say("环节状态", "status of links"), 0, 0, 0, 0, len(chain.links)))
        for table, (zh, en, _) in _LISTS.items():
            counts = [chain.counts.get((table, kind), 0) for kind in Kind]
            if any(counts):
                rows.append((name, say(zh, en), *counts))
    return Table(columns, tuple(rows), say("变化数量", "Number of changes"), name=say("数量", "counts"))


def _tables(chain: ChainDifference, difference: RegionDifference) -> Iterable[Table]:
    if chain.links:
        yield _links_table(chain.links)
    for table in COMPARED:
        if changes := chain.of(table):
            yield _changes_table(table, changes, difference)


def _links_table(links: Sequence[LinkChange]) -> Table:
    columns = (
        Column(say("环节", "link"), 1.4),
        Column(say("原状态", "before"), 1),
        Column(say("原依据", "reason before"), 2.4),
        Column(say("现状态", "after"), 1),
        Column(say("现依据", "reason after"), 2.4),
    )
    rows = tuple(
        (c.name, _status_cell(c.before), _basis(c.before), _status_cell(c.after), _basis(c.after)) for c in links
    )
    name = say("环节状态", "status of links")
    return Table(columns, rows, name=name, row_headings=True)


def _changes_table(table: str, changes: Sequence[Change], difference: RegionDifference) -> Table:
    columns = (
        Column(say(_LISTS[table][0], _LISTS[table][1]), 2),
        Column(say("变化", "change"), 0.8),
        Column(say("属性", "property"), 0.9),
        Column(say("原值", "before"), 1.5),
        Column(say("现值", "after"), 1.5),
        Column(say("出处", "source"), 2),
    )
    rows = tuple(
        (
            _thing(c),
            _kind_word(c),
            say(*_FIELDS[c.field]) if c.field else "",
            *_before_and_after(c),
            _cited(c, difference),
        )
        for c in changes
    )
    return Table(columns, rows, name=say(_LISTS[table][0], _LISTS[table][1]), row_headings=True)


def _before_and_after(change: Change) -> tuple[Value, Value]:
    """What came is described under after, what went under before."""
    if change.field:
        return _value(change.field, change.before), _value(change.field, change.after)
    came = change.kind in (Kind.NEW, Kind.ENTERED)
    return (None, _described(change)) if came else (_described(change), None)


def _thing(change: Change) -> str:
    """What changed, in one name: firm and link of an operation, target and period of an observed value."""
    row = change.row
    if change.table == "operations":
        place = f"，{row['place_name']}" if row.get("place_name") else ""
        return say(
            f"{row['firm_name']}·{row['segment_name']}{place}",
            f"{row['firm_name_en'] or row['firm_name']}: {row['segment_name_en'] or row['segment_name']}",
        )
    if change.table == "observations":
        return f"{row['target_name']} {row['period']}"
    if change.table == "carriers":
        return f"{row['name']} → {row['goal_name']}"
    return say(str(row["name"]), str(row.get("name_en") or row["name"]))


def _kind_word(change: Change) -> str:
    if change.is_start_of_production:
        return say("投产", "started")
    if _is_renamed(change):
        return say("更名", "renamed")
    if change.table == "firms" and change.field == "homes":
        return say("迁址", "moved")
    return say(*_KINDS[change.kind])


def _is_renamed(change: Change) -> bool:
    return change.field == "name"


def _described(change: Change) -> str:
    """What a new or vanished thing is, in a few words."""
    row = change.row
    wanted = {
        "operations": ("stage", "capacity", "unit"),
        "observations": ("value", "unit"),
        "targets": ("value", "unit", "year"),
        "leaders": ("tier", "role"),
        "carriers": ("role",),
        "firms": ("homes",),
        "documents": ("number", "issued"),
        "tasks": ("leads",),
        "measures": ("beneficiary",),
        "platforms": ("kind",),
    }
    described = [_value(name, row.get(name)) for name in wanted[change.table] if row.get(name) not in (None, [], "")]
    return " ".join(str(v) for v in described)


def _value(field: str, value: Any) -> Value:
    if value is None or value == []:
        return None
    if isinstance(value, bool):
        return say("是", "yes") if value else say("否", "no")
    if isinstance(value, list):
        return say("、", ", ").join(str(_value(field, v)) for v in value)
    if field in _ENUMS:
        return value_name(_ENUMS[field], str(value))
    if field == "role" and value in list(CarrierRole):
        return value_name(CarrierRole, str(value))
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def _cited(change: Change, difference: RegionDifference) -> str:
    row = change.row
    if row.get("clauses"):
        return say("、", ", ").join(row["clauses"])
    if row.get("path"):
        return f"{row.get('document_number') or ''} {row['path']}".strip()
    return say("；", "; ").join(difference.sources.get(s, s) for s in row.get("sources") or ())


def _status(segment: SegmentGap | None) -> str:
    return status_name(segment.status) if segment else say("无此环节", "no such link")


def _basis(segment: SegmentGap | None) -> str:
    return say_reason(segment.basis) if segment else ""


def _status_cell(segment: SegmentGap | None) -> Cell:
    return Cell(_status(segment), STATUS_COLOURS[segment.status] if segment else None)


def _link_json(link: LinkChange) -> dict[str, Any]:
    def side(segment: SegmentGap | None) -> dict[str, str] | None:
        return None if segment is None else {"status": segment.status.value, "basis": _basis(segment)}

    return {"id": link.id, "name": link.name, "before": side(link.before), "after": side(link.after)}
