"""Tables (CSV and Excel): firms, operations, parks, regions, departments, tasks, targets ...

Each table is declared once in ``TABLES``: the node or relationship that a row is, and the columns that
are relationships of it. Column names, Chinese headings, templates and checks follow from the schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from graph import schema as s
from graph.errors import Problem
from graph.facts import ConflictError, Facts
from graph.language import say
from graph.schema import ID_PATTERN, NODE_TYPES, VALUE_NAMES, Dataset, Fact, Node, Relationship, enum_of
from loaders.lexicon import Lexicon, fold
from loaders.problems import explain

#: 1,200 is a number; 1,5 is not made into one.
_GROUPED_NUMBER = re.compile(r"^-?\d{1,3}(,\d{3})+(\.\d+)?$")


@dataclass(frozen=True)
class Link:
    """A column that names other nodes and becomes relationships of the row's node.

    Parameters
    ----------
    column, zh: heading in English and Chinese.
    type: the relationship.
    labels: what the column may name.
    outward: the relationship starts at the row's node.
    fixed: properties that the relationship gets; ``from_columns`` takes some from other columns.
    """

    column: str
    zh: str
    type: type[Relationship]
    labels: tuple[str, ...]
    outward: bool = True
    fixed: dict[str, Any] = field(default_factory=dict)
    from_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One kind of table.

    Parameters
    ----------
    name, zh: what a file or sheet of it is called.
    node: the node that a row is; None where a row is a relationship.
    links: columns that are relationships of the node.
    relationship, start, end: for a row that is a relationship: its type and the columns of its ends.
    named_by: columns that make the name of a row that gives none.
    filled_first: columns that stand first in a template, because they are what a person fills in.
    """

    name: str
    zh: str
    about: str
    node: type[Node] | None = None
    links: tuple[Link, ...] = ()
    relationship: type[Relationship] | None = None
    start: tuple[str, str, tuple[str, ...]] | None = None
    end: tuple[str, str, tuple[str, ...]] | None = None
    named_by: tuple[str, ...] = ()
    filled_first: tuple[str, ...] = ()

    @property
    def references(self) -> dict[str, tuple[str, ...]]:
        """Property columns that hold the id of a node of these labels."""
        return self.relationship.references if self.relationship is not None else {}

    @property
    def model(self) -> type[Fact]:
        """The schema class of a row."""
        model = self.node or self.relationship
        assert model is not None
        return model

    def columns(self) -> dict[str, tuple[str, str]]:
        """column -> (Chinese heading, what it holds), in the order of a template."""
        columns: dict[str, tuple[str, str]] = {}
        for end in (self.start, self.end):
            if end is not None:
                names = "、".join(NODE_TYPES[label].zh for label in end[2])
                columns[end[0]] = (end[1], say(f"{names}的名称或编号", f"name or id of a {' or '.join(end[2])}"))
        fields = self.model.model_fields
        own = [n for n in fields if n not in (*s.Fact.model_fields, "start", "end")]
        common = list(s.Fact.model_fields)
        for name in own:
            columns[name] = (fields[name].title or name, fields[name].description or "")
        for link in self.links:
            names = "、".join(NODE_TYPES[label].zh for label in link.labels)
            columns[link.column] = (
                link.zh,
                say(f"{names}，多个用 ; 分隔", f"{' or '.join(link.labels)}, divided by ;"),
            )
            for extra in link.from_columns:
                extra_field = link.type.model_fields[extra]
                columns[extra] = (extra_field.title or extra, extra_field.description or "")
        for name in common:
            columns[name] = (fields[name].title or name, fields[name].description or "")
        return {name: columns[name] for name in dict.fromkeys((*self.filled_first, *columns))}


_PLACES = ("Region", "Park")
_CONCERNED = ("Chain", "Segment", "Product", "Park", "Firm", "Region", "Platform")


def _responsible() -> tuple[Link, ...]:
    return (
        Link("lead", "牵头部门", s.ResponsibleFor, ("Department",), outward=False, fixed={"role": "lead"}),
        Link("support", "配合部门", s.ResponsibleFor, ("Department",), outward=False, fixed={"role": "support"}),
        Link("concerns", "针对", s.Concerns, _CONCERNED, from_columns=("stance",)),
    )


TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        Table(
            "documents",
            "文件",
            "政策文件、标准、年报等来源",
            s.Document,
            (
                Link("issued_by", "发布部门", s.IssuedBy, ("Department",)),
                Link("applies_to", "适用地区", s.AppliesTo, ("Region",)),
                Link("cites", "引用文件", s.Cites, ("Document",)),
            ),
        ),
        Table("regions", "地区", "行政区划与经济圈", s.Region, (Link("part_of", "隶属", s.PartOf, ("Region",)),)),
        Table(
            "departments",
            "部门",
            "政府部门与国企平台",
            s.Department,
            (Link("part_of", "隶属", s.PartOf, ("Department",)),),
        ),
        Table("parks", "载体", "园区、功能区、新区", s.Park, (Link("located_in", "位于", s.LocatedIn, _PLACES),)),
        Table(
            "platforms",
            "创新平台",
            "实验室、创新中心、中试基地",
            s.Platform,
            (Link("located_in", "位于", s.LocatedIn, _PLACES),),
        ),
        Table("chains", "产业链", "产业链", s.Chain),
        Table("firms", "企业", "企业登记", s.Firm, (Link("located_in", "位于", s.LocatedIn, _PLACES),)),
        Table(
            "operations",
            "从事",
            "企业在哪里做哪个环节",
            relationship=s.OperatesIn,
            start=("firm", "企业", ("Firm",)),
            end=("segment", "环节", ("Segment",)),
        ),
        Table(
            "inflows",
            "外部供给",
            "地区从外地或国外购入什么、多少",
            relationship=s.BringsIn,
            start=("region", "地区", ("Region",)),
            end=("segment", "环节", ("Segment",)),
        ),
        Table(
            "makes",
            "生产",
            "企业生产什么产品",
            relationship=s.Makes,
            start=("firm", "企业", ("Firm",)),
            end=("product", "产品", ("Product",)),
        ),
        Table(
            "leaders",
            "链主",
            "链主企业的认定",
            relationship=s.Leads,
            start=("firm", "企业", ("Firm",)),
            end=("chain", "产业链", ("Chain",)),
        ),
        Table(
            "carriers",
            "承载",
            "载体承载哪条产业链或环节",
            relationship=s.Carries,
            start=("park", "载体", ("Park",)),
            end=("target", "产业链或环节", ("Chain", "Segment")),
        ),
        Table("tasks", "重点任务", "有部门负责的任务", s.Task, _responsible()),
        Table(
            "targets",
            "指标",
            "量化目标",
            s.Target,
            (
                Link("set_by", "所属任务", s.Sets, ("Task",), outward=False),
                Link("of", "衡量对象", s.Measures, ("Chain", "Region", "Segment")),
            ),
        ),
        Table("measures", "政策措施", "支持措施", s.Measure, _responsible()),
        Table(
            "observations",
            "实绩",
            "指标的实际值（月通报、季调度）",
            s.Observation,
            (Link("target", "指标", s.Observed, ("Target",), outward=False),),
            named_by=("target", "period", "measured"),
            filled_first=("target", "period", "value", "measured"),
        ),
        Table(
            "coverage",
            "登记完整性",
            "哪个地区哪条链的企业登记已完整",
            relationship=s.Surveyed,
            start=("region", "地区", ("Region",)),
            end=("target", "产业链或环节", ("Chain", "Segment")),
        ),
    )
}


def table_named(name: str) -> Table | None:
    """The table that a file or sheet name means: ``firms``, ``企业``, ``documents-firms``, ``企业 2024``."""
    key = name.strip().casefold()
    for table in TABLES.values():
        for title in (table.name, table.zh):
            if key == title or (key.startswith(title) and key[len(title)] in "-_ .（("):
                return table
    return None


@dataclass
class TableRow:
    """One row: where it stands (for messages, and as a source), and its cells by column name, empty ones left out."""

    where: str
    cells: dict[str, Any]
    anchor: str = ""


class TableSource:
    """The rows of one or more tables of one file as a source of facts."""

    def __init__(self, file: str, dataset: Dataset, tables: list[tuple[Table, list[TableRow]]]) -> None:
        self.dataset = dataset
        self._file = file
        self._tables = tables
        for table, rows in tables:
            for row in rows:
                parts = [row.cells[column] for column in table.named_by if column in row.cells]
                if parts:
                    row.cells.setdefault("name", " ".join(parts))

    def declares(self) -> Iterable[tuple[str, Iterable[str]]]:
        """The nodes whose rows give an id."""
        for node, row in self._node_rows():
            if row.cells.get("id", "").startswith(f"{node.prefix}:"):
                yield row.cells["id"], _names(row.cells)

    def gives_ids(self, lexicon: Lexicon) -> Iterable[tuple[str, Iterable[str]]]:
        """The nodes whose rows give none: each is what it names on record, or a new one."""
        for node, row in self._node_rows():
            if "id" not in row.cells and "name" in row.cells:
                row.cells["id"] = _own_id(node, row.cells, lexicon)
                yield row.cells["id"], _names(row.cells)

    def _node_rows(self) -> Iterator[tuple[type[Node], TableRow]]:
        for table, rows in self._tables:
            if table.node is not None:
                yield from ((table.node, row) for row in rows)

    def facts(self, lexicon: Lexicon, problems: list[Problem]) -> Facts:
        """Nodes and relationships of all rows."""
        facts = Facts(self.dataset)
        for table, rows in self._tables:
            for row in rows:
                RowReader(self._file, table, row, lexicon, facts, problems).read()
        facts.add_citations()
        return facts


def _names(cells: dict[str, Any]) -> list[str]:
    columns = ("name", "name_en", "full_name", "credit_code", "stock_code", "code", "number")
    return [*(str(cells[c]) for c in columns if c in cells), *split_list(cells.get("aliases", ""))]


def _own_id(model: type[Node], cells: dict[str, Any], lexicon: Lexicon) -> str:
    """The id of a row that gives none: that of the node it names, or one made from its code or name."""
    for column in ("credit_code", "stock_code", "code", "full_name", "name"):
        matches = lexicon.find(str(cells[column]), [model.label()]) if cells.get(column) else []
        if len(matches) == 1:
            return matches[0]
    stem = cells.get("credit_code") or cells.get("code") or fold(str(cells.get("name", ""))).replace("|", "/")
    return f"{model.prefix}:{stem}"


def split_list(cell: str) -> list[str]:
    """The items of a list cell, divided by ; ； or |."""
    for divider in "；|":
        cell = cell.replace(divider, ";")
    return [item.strip() for item in cell.split(";") if item.strip()]


class RowReader:
    """Turns one row into facts; faults name file, row and column."""

    def __init__(
        self, file: str, table: Table, row: TableRow, lexicon: Lexicon, facts: Facts, problems: list[Problem]
    ) -> None:
        self.file, self.table, self.row = file, table, row
        self.lexicon, self.output, self.problems = lexicon, facts, problems
        self.cells: dict[str, Any] = dict(row.cells)

    def read(self) -> None:
        """Add the row's facts."""
        faults_before = len(self.problems)
        linked = [(link, self._linked(link)) for link in self.table.links]
        extras = {
            name: self.cells.pop(name) for link in self.table.links for name in link.from_columns if name in self.cells
        }
        for column, labels in self.table.references.items():
            if column in self.cells:
                self.cells[column] = self._reference(column, str(self.cells[column]), labels)
        ends = [self._end(end) for end in (self.table.start, self.table.end) if end is not None]
        if len(self.problems) > faults_before:
            return
        values = self._values() | self._provenance()
        if self.table.relationship is not None:
            self._add(self.table.relationship, values | {"start": ends[0], "end": ends[1]})
            return
        assert self.table.node is not None
        node = self._add(self.table.node, {"id": _own_id(self.table.node, values, self.lexicon), **values})
        if node is not None:
            self._add_links(node, linked, extras)

    def _add_links(self, node: Fact, linked: list[tuple[Link, list[str]]], extras: dict[str, Any]) -> None:
        assert isinstance(node, Node)
        given = {k: v for k, v in node.properties().items() if k in ("sources", "method", "as_of", "confidence")}
        for link, others in linked:
            own = {k: self._value(link.type, k, v) for k, v in extras.items() if k in link.from_columns}
            for place, other in enumerate(others, start=1):
                start, end = (node.id, other) if link.outward else (other, node.id)
                placed = {"order": place} if "order" in link.type.model_fields else {}
                self._add(link.type, {**given, **link.fixed, **own, **placed, "start": start, "end": end})

    def _linked(self, link: Link) -> list[str]:
        cell = self.cells.pop(link.column, "")
        items = cell if isinstance(cell, list) else split_list(str(cell))
        return [found for item in items if (found := self._reference(link.column, str(item), link.labels))]

    def _end(self, end: tuple[str, str, tuple[str, ...]]) -> str:
        column, _, labels = end
        cell = self.cells.pop(column, "")
        if not cell:
            self._fault(column, say("必填，未填", "is required"))
            return ""
        return self._reference(column, str(cell), labels)

    def _reference(self, column: str, text: str, labels: tuple[str, ...]) -> str:
        """The id that a cell means; "" and a fault if none or several."""
        matches = self.lexicon.find(text, labels)
        if len(matches) == 1:
            return matches[0]
        kinds = "、".join(NODE_TYPES[label].zh for label in labels)
        if matches:
            self._fault(
                column,
                say(
                    f"“{text}”可指多个：{'、'.join(matches)}；请填编号",
                    f"{text!r} may mean {', '.join(matches)}; give the id",
                ),
            )
            return ""
        if ID_PATTERN.match(text) and any(text.startswith(f"{NODE_TYPES[label].prefix}:") for label in labels):
            return text  # an id not yet on record: a placeholder until some source describes it
        near = "、".join(self.lexicon.similar(text, labels))
        hint = say(f"；是否指：{near}", f"; did you mean {near}?") if near else ""
        self._fault(
            column, say(f"找不到名为“{text}”的{kinds}{hint}", f"no {' or '.join(labels)} is called {text!r}{hint}")
        )
        return ""

    def _values(self) -> dict[str, Any]:
        return {name: self._value(self.table.model, name, cell) for name, cell in self.cells.items()}

    def _value(self, model: type[BaseModel], name: str, cell: Any) -> Any:
        """A cell as its property wants it: lists split, Chinese wording of enumerations and yes/no understood."""
        info = model.model_fields.get(name)
        if info is None or not isinstance(cell, str):
            return cell
        if get_origin(info.annotation) is list:
            return split_list(cell)
        enum = enum_of(info.annotation)
        if enum is not None:
            return {zh: value for value, zh in VALUE_NAMES[enum].items()}.get(cell, cell)
        kinds = (info.annotation, *get_args(info.annotation))
        if bool in kinds:
            return {"是": True, "否": False, "√": True, "×": False}.get(cell, cell)
        if (float in kinds or int in kinds) and _GROUPED_NUMBER.match(cell):
            return cell.replace(",", "")
        return cell

    def _provenance(self) -> dict[str, Any]:
        """Where the row gives no source it is its own; where it gives no method it is an imported one."""
        sources = self.cells.get("sources")
        own = {} if sources else {"sources": [f"{self.file}#{self.row.anchor}"]}
        return own if "method" in self.cells or sources else {**own, "method": "imported"}

    def _add(self, model: type[Fact], values: dict[str, Any]) -> Fact | None:
        try:
            fact = model.model_validate(values)
            self.output.add(fact)
        except ValidationError as error:
            for name, message in explain(error, model):
                self._fault(name, message)
            return None
        except ConflictError as error:
            self._fault("", str(error))
            return None
        return fact

    def _fault(self, column: str, message: str) -> None:
        titles = self.table.columns()
        heading = f"{column}（{titles[column][0]}）" if column in titles else column
        where = (
            say(f"{self.row.where} 列 {heading}", f"{self.row.where} column {heading}") if column else self.row.where
        )
        self.problems.append(Problem(self.file, where, message))
