"""Reading files as people have them: encodings, YAML with line numbers, datasets named after files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from charset_normalizer import from_bytes

from graph.errors import Problem
from graph.language import say
from graph.schema import Dataset
from graph.settings import settings

#: What text in the right encoding does not hold: Big5 read as GB18030 comes out in private-use characters.
_FOREIGN = re.compile("[\0\ue000-\uf8ff]")
#: Parts of one YAML file once its aliases are written out: a short file can stand for billions.
_MOST_PARTS = 1_000_000


class UnreadableFileError(ValueError):
    """The file's bytes cannot be read as what its name says; carries the place and reason."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where
        self.message = message

    def problem(self, file: str) -> Problem:
        """The error as a problem of that file."""
        return Problem(file, self.where, self.message)


def read_text(path: Path) -> str:
    """Text in UTF-8 (with or without BOM), UTF-16, GB18030, Big5 or whatever else it is found to be.

    Raises:
        UnreadableFileError: it is no text.
    """
    return decode(path.read_bytes())


def decode(content: bytes) -> str:
    """The text of bytes in the encodings that Chinese offices use.

    Raises:
        UnreadableFileError: they are no text.
    """
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _FOREIGN.search(text):
            return text
    guess = from_bytes(content).best()
    if guess is None or "\0" in str(guess):
        raise UnreadableFileError("", say("不是文本文件，或编码无法识别", "is no text, or in an unknown encoding"))
    return str(guess)


def dataset_of(path: Path, name: str | None = None) -> Dataset:
    """The dataset that a file is."""
    label = _label(path, name)
    return Dataset(
        id=dataset_id(path, name),
        name=label,
        path=_label(path, None) if _is_shipped(path) else str(path.resolve()),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        sources=[],
    )


def dataset_id(path: Path, name: str | None = None) -> str:
    """The id of the dataset that a file is."""
    slug = re.sub(r"[\s|]+", "_", _label(path, name))
    return f"{Dataset.prefix}:{slug}"


def _label(path: Path, name: str | None) -> str:
    """A dataset's name: of a shipped one its place in data/, of others the file's name."""
    shipped = f"liantu/{path.resolve().relative_to(settings.data.resolve()).as_posix()}" if _is_shipped(path) else ""
    return name or shipped or path.name


def _is_shipped(path: Path) -> bool:
    return path.resolve().is_relative_to(settings.data.resolve())


@dataclass
class YamlDocument:
    """One document of a YAML file: its data, and the line of every part."""

    data: dict[str, Any]
    lines: dict[str, int] = field(default_factory=dict)

    def line_of(self, where: str) -> int | None:
        """The line of a place such as ``segments[2].inputs[0].from``, or of what it is part of."""
        while where:
            if where in self.lines:
                return self.lines[where]
            where = re.sub(r"(\.[^.\[]+|\[\d+\]|^[^.\[]+)$", "", where)
        return None

    def fresh(self) -> YamlDocument:
        """A copy that may be taken apart."""
        return YamlDocument(_copy(self.data), self.lines)


def _copy(value: Any) -> Any:
    """A copy in which nothing is shared, not even what an alias repeats."""
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


def read_yaml(path: Path) -> list[YamlDocument]:
    """The documents of a YAML file.

    Raises:
        UnreadableFileError: the YAML is broken; says where.
    """
    text = read_text(path)
    try:
        nodes = [n for n in yaml.compose_all(text, Loader=_Loader) if n is not None]
        _refuse_too_many_parts(nodes)
        documents = [d for d in yaml.load_all(text, Loader=_Loader) if d is not None]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = say(f"第{mark.line + 1}行", f"line {mark.line + 1}") if mark else ""
        raise UnreadableFileError(where, say(f"YAML 有误：{error.problem}", f"broken YAML: {error.problem}")) from error
    except (yaml.YAMLError, ValueError) as error:
        raise UnreadableFileError("", say(f"YAML 有误：{_line(error)}", f"broken YAML: {_line(error)}")) from error
    except RecursionError as error:
        raise UnreadableFileError("", say("YAML 有误：嵌套过深", "broken YAML: nested too deep")) from error
    result = []
    for node, data in zip(nodes, documents, strict=True):
        if not isinstance(data, dict):
            raise UnreadableFileError("", say("应为一组“键: 值”", "should be a group of 'key: value'"))
        lines: dict[str, int] = {}
        _collect_lines(node, "", lines)
        result.append(YamlDocument(data, lines))
    return result


class _Loader(yaml.SafeLoader):
    """Safe YAML in which a date stays text (2022-04-22 is not turned into an object), and a key stands once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise yaml.constructor.ConstructorError(
                    None, None, say("键应为文字", "a key should be text"), key_node.start_mark
                )
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, say(f"键 {key!r} 重复", f"key {key!r} stands twice"), key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _refuse_too_many_parts(nodes: Iterable[yaml.Node]) -> None:
    """Count the parts as if every alias were written out.

    Raises:
        yaml.YAMLError: there are too many, or one holds itself.
    """
    counted: dict[int, int] = {}

    def count(node: yaml.Node) -> int:
        if id(node) not in counted:
            counted[id(node)] = _MOST_PARTS  # for one that holds itself
            parts = [p for pair in node.value for p in pair] if isinstance(node, yaml.MappingNode) else node.value
            counted[id(node)] = 1 + (0 if isinstance(node, yaml.ScalarNode) else sum(map(count, parts)))
        return counted[id(node)]

    if sum(map(count, nodes)) > _MOST_PARTS:
        raise yaml.YAMLError(say("引用（*）展开后过大", "too large once its aliases (*) are written out"))


def _line(error: Exception) -> str:
    return " ".join(str(error).split())


def _collect_lines(node: yaml.Node, where: str, lines: dict[str, int]) -> None:
    if where:
        lines[where] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _collect_lines(value, f"{where}.{key.value}" if where else str(key.value), lines)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _collect_lines(value, f"{where}[{number}]", lines)
