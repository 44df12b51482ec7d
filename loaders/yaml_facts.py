"""Turning parts of a YAML document into nodes and relationships, faults named by their place in the file."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from graph.errors import Problem
from graph.language import say
from graph.schema import Fact, Node, Relationship
from loaders.facts import ConflictError, Facts
from loaders.files import YamlDocument
from loaders.problems import explain

M = TypeVar("M", bound=BaseModel)
N = TypeVar("N", bound=Node)


class Builder:
    """Adds facts of one YAML document; ``defaults`` are provenance that every fact gets unless it has its own."""

    def __init__(self, file: str, document: YamlDocument, facts: Facts, problems: list[Problem]) -> None:
        self.file = file
        self.document = document
        self.output = facts
        self.problems = problems
        self.defaults: dict[str, Any] = {}

    def fault(self, where: str, message: str) -> None:
        """Record a fault at a place such as ``clauses[3].targets[0]``."""
        self.problems.append(Problem(self.file, self.place(where), message))

    def place(self, where: str) -> str:
        """A place such as ``clauses[3].targets[0]`` with its line."""
        line = self.document.line_of(where)
        return say(f"第{line}行 {where}", f"line {line} {where}") if line else where

    def items(self, name: str) -> list[Any]:
        """A list at the top of the document; a fault if it is something else."""
        value = self.document.data.get(name)
        if value is None or isinstance(value, list):
            return value or []
        self.fault(name, say("应为列表", "should be a list"))
        return []

    def parse(self, model: type[M], item: Any, where: str) -> M | None:
        """The item as the model, or None and a fault for each thing that is wrong."""
        if not isinstance(item, dict):
            self.fault(where, say("应为一组“键: 值”", "should be a group of 'key: value'"))
            return None
        try:
            return model.model_validate(item)
        except ValidationError as error:
            for name, message in explain(error, model):
                self.fault(f"{where}.{name}" if name else where, message)
            return None

    def node(self, model: type[N], item: Any, where: str) -> N | None:
        """Add a node; None and faults if it is not one."""
        node = self.parse(model, {**self.defaults, **item} if isinstance(item, dict) else item, where)
        return node if node is not None and self._add(node, where) else None

    def relationship(self, model: type[Relationship], where: str, **properties: Any) -> Relationship | None:
        """Add a relationship; None and faults if it is not one."""
        relationship = self.parse(model, {**self.defaults, **properties}, where)
        return relationship if relationship is not None and self._add(relationship, where) else None

    def take_lists(self, item: Any, *names: str) -> list[list[Any]]:
        """Remove lists from an item and give them, so that the rest is a node."""
        if not isinstance(item, dict):
            return [[] for _ in names]
        taken = [item.pop(name, None) or [] for name in names]
        return [value if isinstance(value, list) else [value] for value in taken]

    def refuse_unknown(self, item: Any, known: set[str]) -> None:
        """A fault for every key that means nothing here: a mistyped key must not lose its facts."""
        for key in sorted(set(item) - known, key=str) if isinstance(item, dict) else ():
            allowed = "、".join(sorted(known))
            self.fault(str(key), say(f"没有这一项；可用：{allowed}", f"is not known here; known: {allowed}"))

    def _add(self, fact: Fact, where: str) -> bool:
        try:
            self.output.add(fact)
        except ConflictError as error:
            self.fault(where, str(error))
            return False
        return True
