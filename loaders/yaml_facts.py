"""Turning parts of a YAML document into nodes and relationships, faults named by their place in the file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from graph.errors import Problem
from graph.facts import ConflictError, Facts
from graph.language import say
from graph.schema import Dataset, Fact, Node, Relationship
from loaders.files import YamlDocument
from loaders.lexicon import Lexicon, names_of
from loaders.problems import explain

M = TypeVar("M", bound=BaseModel)
N = TypeVar("N", bound=Node)


class Builder:
    """Adds facts of one YAML document; ``defaults`` are provenance that every fact gets unless it has its own."""

    def __init__(
        self, file: str, document: YamlDocument, facts: Facts, problems: list[Problem], lexicon: Lexicon
    ) -> None:
        self.file = file
        self.document = document
        self.output = facts
        self.problems = problems
        self.lexicon = lexicon
        self.defaults: dict[str, Any] = {}

    def build(self) -> None:
        """Add the document's facts."""
        raise NotImplementedError

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


class YamlSource:
    """A YAML file as a source of facts; ``builder`` knows what its documents mean."""

    def __init__(self, path: Path, documents: list[YamlDocument], dataset: Dataset, builder: type[Builder]) -> None:
        self.dataset = dataset
        self._path = path
        self._documents = documents
        self._builder = builder

    def declares(self) -> Iterable[tuple[str, Iterable[str]]]:
        """Everything that the file describes, with its names (only what needs no other file)."""
        for node in self.facts(Lexicon(), []).nodes.values():
            yield node.id, names_of(node)

    def gives_ids(self, lexicon: Lexicon) -> Iterable[tuple[str, Iterable[str]]]:
        """Nothing: here every node has its id."""
        del lexicon
        return ()

    def facts(self, lexicon: Lexicon, problems: list[Problem]) -> Facts:
        """The documents' nodes and relationships."""
        facts = Facts(self.dataset)
        for document in self._documents:
            self._builder(self._path.name, document.fresh(), facts, problems, lexicon).build()
        facts.add_citations()
        return facts
