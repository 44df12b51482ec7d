"""Policy facts (YAML): a document's outline and, clause by clause, what it says.

The format is described in docs/data-formats.md. Every node and relationship that a clause states
gets the clause as its source.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from graph import schema as s
from graph.language import say
from graph.schema import Id, Node, Relationship, Text
from loaders.tables import TABLES, RowReader, TableRow
from loaders.yaml_facts import Builder

_TOP_KEYS = {"document", "declares", "departments", "clauses", "source_file", "source_sha256"}
_LISTS = ("lead", "support", "concerns", "leaders", "carriers", "targets", "measures")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")

    note: Text | None = None
    as_of: s.Date | None = None
    confidence: s.Confidence | None = None


class Concern(_Strict):
    """What a clause is about, and what it wants done there."""

    to: Id
    stance: s.Stance = s.Stance.ABOUT
    role: Text | None = None


class Leader(_Strict):
    """A firm that the clause names as leader of a chain."""

    firm: Id
    chain: Id
    region: Id | None = None
    role: Text | None = None
    tier: Literal["示范库", "培育库", "候选库"] | None = None
    batch: Text | None = None
    valid_from: s.Date | None = None
    valid_to: s.Date | None = None


class Carrier(_Strict):
    """A park that the clause names as carrier of a chain or segment."""

    park: Id
    chain: Id | None = None
    segment: Id | None = None
    role: s.CarrierRole = s.CarrierRole.MAIN
    valid_from: s.Date | None = None
    valid_to: s.Date | None = None


class PolicyBuilder(Builder):
    """Adds the facts of one policy document."""

    def build(self) -> None:
        """Add the document, what it declares, and what its clauses say."""
        data = self.document.data
        self.refuse_unknown(data, _TOP_KEYS)
        document = self._document(data.get("document"))
        if document is None:
            return
        self.defaults = {"sources": [document.id], "as_of": document.properties().get("issued")}
        self._declare("departments", self.items("departments"), "departments")
        declared = data.get("declares") or {}
        if not isinstance(declared, dict):
            self.fault("declares", say("应为一组“表: 行”", "should be a group of 'table: rows'"))
            declared = {}
        for name, rows in declared.items():
            self._declare(name, rows, f"declares.{name}")
        clauses = self.items("clauses")
        clause_ids = {c["id"] for c in clauses if isinstance(c, dict) and isinstance(c.get("id"), str)}
        for number, item in enumerate(clauses):
            self._clause(document, item, f"clauses[{number}]", number, clause_ids)

    def _document(self, item: Any) -> Node | None:
        where = "document"
        issued_by, applies_to, cites = self.take_lists(item, "issued_by", "applies_to", "cites")
        document = self.node(s.Document, {"sources": [item["id"]], **item} if _has_id(item) else item, where)
        if document is None:
            return None
        self.defaults = {"sources": [document.id], "as_of": document.properties().get("issued")}
        for department in issued_by:
            self.relationship(s.IssuedBy, where, start=document.id, end=department)
        for region in applies_to:
            self.relationship(s.AppliesTo, where, start=document.id, end=region)
        for number, cited in enumerate(cites):
            place = f"{where}.cites[{number}]"
            if isinstance(cited, dict):
                described = self.node(s.Document, cited, place)
                if described is None:
                    continue
                cited = described.id  # noqa: PLW2901
            self.relationship(s.Cites, place, start=document.id, end=cited)
        return document

    def _declare(self, name: str, rows: Any, where: str) -> None:
        """Rows of a table that only this document needs."""
        table = TABLES.get(name)
        if table is None:
            known = "、".join(TABLES)
            self.fault("declares", say(f"没有名为 {name} 的表；可用：{known}", f"no table {name}; known: {known}"))
            return
        if not isinstance(rows, list | None):
            self.fault(where, say("应为列表", "should be a list"))
            return
        for number, row in enumerate(rows or []):
            place = f"{where}[{number}]"
            cells = {**self.defaults, **row} if isinstance(row, dict) else row
            if not isinstance(cells, dict):
                self.fault(place, say("应为一组“列: 值”", "should be a group of 'column: value'"))
                continue
            plain = {k: v for k, v in cells.items() if v is not None}
            table_row = TableRow(self.place(place), plain)
            RowReader(self.file, table, table_row, self.lexicon, self.output, self.problems).read()

    def _clause(self, document: Node, item: Any, where: str, order: int, clause_ids: set[str]) -> None:
        if not isinstance(item, dict):
            self.fault(where, say("应为一组“键: 值”", "should be a group of 'key: value'"))
            return
        lists = dict(zip(_LISTS, self.take_lists(item, *_LISTS), strict=True))
        task_item, within, span = (item.pop(k, None) for k in ("task", "within", "span"))
        if isinstance(span, list) and len(span) == 2:
            item["span_start"], item["span_end"] = span
        elif span is not None:
            self.fault(f"{where}.span", say("应为 [起, 止]", "should be [first, last]"))
        clause = self.node(s.Clause, {"order": order, **item}, where)
        if clause is None:
            return
        if within is not None and (not isinstance(within, str) or within not in clause_ids):
            self.fault(f"{where}.within", say(f"没有条款 {within}", f"there is no clause {within}"))
        else:
            self.relationship(s.PartOf, where, start=clause.id, end=within or document.id)
        stated = _ClauseFacts(self, clause, where, lists)
        stated.add(task_item)


class _ClauseFacts:
    """What one clause states; all of it has the clause as source."""

    def __init__(self, builder: PolicyBuilder, clause: Node, where: str, lists: dict[str, list[Any]]) -> None:
        self.builder, self.clause, self.where, self.lists = builder, clause, where, lists
        self.provenance = {**builder.defaults, "sources": [clause.id]}

    def add(self, task_item: Any) -> None:
        task = self._node(s.Task, task_item, "task") if task_item is not None else None
        measures = [m for i, item in enumerate(self.lists["measures"]) if (m := self._measure(item, i))]
        answered_for = [n for n in (task, *measures) if n is not None]
        if not answered_for and any(self.lists[k] for k in ("lead", "support", "concerns", "targets")):
            self.builder.fault(
                self.where,
                say(
                    "有部门、指标或对象的条款须有 task 或 measures",
                    "a clause with departments, targets or concerns needs a task or measures",
                ),
            )
        for node in answered_for:
            for role in ("lead", "support"):
                for place, department in enumerate(self.lists[role], start=1):
                    self._relationship(s.ResponsibleFor, role, start=department, end=node.id, role=role, order=place)
            self._concerns(node, self.lists["concerns"], "concerns")
        self._targets(task)
        self._appointments()

    def _measure(self, item: Any, number: int) -> Node | None:
        place = f"measures[{number}]"
        concerns, lead, support = self.builder.take_lists(item, "concerns", "lead", "support")
        measure = self._node(s.Measure, item, place)
        if measure is not None:
            self._concerns(measure, concerns, f"{place}.concerns")
            for role, departments in (("lead", lead), ("support", support)):
                for order, department in enumerate(departments, start=1):
                    self._relationship(
                        s.ResponsibleFor, place, start=department, end=measure.id, role=role, order=order
                    )
        return measure

    def _concerns(self, node: Node, items: list[Any], place: str) -> None:
        for number, item in enumerate(items):
            concern = self.builder.parse(Concern, item, f"{self.where}.{place}[{number}]")
            if concern is not None:
                self._relationship(
                    s.Concerns,
                    f"{place}[{number}]",
                    start=node.id,
                    end=concern.to,
                    **concern.model_dump(exclude={"to"}, exclude_none=True),
                )

    def _targets(self, task: Node | None) -> None:
        for number, item in enumerate(self.lists["targets"]):
            place = f"targets[{number}]"
            (goals,) = self.builder.take_lists(item, "of")
            target = self._node(s.Target, item, place)
            if target is None:
                continue
            if task is not None:
                self._relationship(s.Sets, place, start=task.id, end=target.id)
            for goal in goals:
                self._relationship(s.Measures, place, start=target.id, end=goal)

    def _appointments(self) -> None:
        for number, item in enumerate(self.lists["leaders"]):
            place = f"leaders[{number}]"
            leader = self.builder.parse(Leader, item, f"{self.where}.{place}")
            if leader is not None:
                self._relationship(
                    s.Leads,
                    place,
                    start=leader.firm,
                    end=leader.chain,
                    **leader.model_dump(exclude={"firm", "chain"}, exclude_none=True),
                )
        for number, item in enumerate(self.lists["carriers"]):
            place = f"carriers[{number}]"
            carrier = self.builder.parse(Carrier, item, f"{self.where}.{place}")
            if carrier is None:
                continue
            carried = [c for c in (carrier.chain, carrier.segment) if c is not None]
            if not carried:
                self.builder.fault(f"{self.where}.{place}", say("须有 chain 或 segment", "needs a chain or a segment"))
            for end in carried:
                self._relationship(
                    s.Carries,
                    place,
                    start=carrier.park,
                    end=end,
                    **carrier.model_dump(exclude={"park", "chain", "segment"}, exclude_none=True),
                )

    def _node(self, model: type[Node], item: Any, place: str) -> Node | None:
        merged = {**self.provenance, **item} if isinstance(item, dict) else item
        return self.builder.node(model, merged, f"{self.where}.{place}")

    def _relationship(self, model: type[Relationship], place: str, **properties: Any) -> None:
        self.builder.relationship(model, f"{self.where}.{place}", **{**self.provenance, **properties})


def _has_id(item: Any) -> bool:
    return isinstance(item, dict) and "id" in item
