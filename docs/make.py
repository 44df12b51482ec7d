"""Write docs/ontology.md from graph/schema.py, and the tables of thresholds in docs/methods.md from graph/settings.py: ``make docs``.

Tests keep both pages in step.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from graph.database.dialect import constraint_statements
from graph.schema import (
    NODE_TYPES,
    RELATIONSHIP_TYPES,
    VALUE_NAMES,
    Fact,
    Node,
    Relationship,
    enum_of,
)
from graph.settings import Settings
from loaders.tables import TABLES

HERE = Path(__file__).parent


def ontology_page() -> str:
    """The page, as Markdown."""
    return "\n".join([*_head(), *_nodes(), *_relationships(), *_values(), *_tables(), *_constraints()]) + "\n"


def _head() -> Iterator[str]:
    yield "<!-- Generated from graph/schema.py by docs/make.py; do not edit. -->"
    yield "# Ontology\n"
    yield inspect.cleandoc(
        """
        Every label, relationship type, property and key of the graph. Every node and relationship carries where it comes
        from: `sources` (ids of documents or clauses, or file and row), `method`, `as_of`, `confidence`, `note`. The store
        adds `datasets` (which files state it) and, where several do, `statements` (what each of them says, as JSON,
        parallel to `datasets`); `placeholder` marks a node that is only referred to.
        """
    )
    yield "\n## Common properties\n"
    yield from _property_rows(Fact, ())


def _nodes() -> Iterator[str]:
    yield "\n## Nodes\n"
    yield "All have `id`, `name`, `name_en`, `aliases`.\n"
    for label, node_type in NODE_TYPES.items():
        yield f"\n### {label} {node_type.zh}\n"
        yield f"{inspect.getdoc(node_type)} Ids begin with `{node_type.prefix}:`." + (
            " Internal: the store's books." if node_type.internal else ""
        )
        own = [n for n in node_type.model_fields if n not in Node.model_fields]
        if own:
            yield ""
            yield from _property_rows(node_type, tuple(own))


def _relationships() -> Iterator[str]:
    yield "\n## Relationships\n"
    yield "`id` is start, type, end and key, joined by bars: parallel relationships differ in their key.\n"
    for kind, rel_type in RELATIONSHIP_TYPES.items():
        yield f"\n### {kind} {rel_type.zh}\n"
        ends = ", ".join(f"{a} → {b}" for a, b in rel_type.ends)
        key = f" Key: {', '.join(f'`{k}`' for k in rel_type.key)}." if rel_type.key else ""
        yield f"{inspect.getdoc(rel_type)} {ends}.{key}"
        own = [n for n in rel_type.model_fields if n not in Relationship.model_fields]
        if own:
            yield ""
            yield from _property_rows(rel_type, tuple(own))


def _property_rows(model: type[Fact], names: tuple[str, ...]) -> Iterator[str]:
    yield "| property | 中文 | holds |"
    yield "|---|---|---|"
    for name in names or tuple(model.model_fields):
        field = model.model_fields[name]
        enum = enum_of(field.annotation)
        values = f" ({enum.__name__})" if enum else ""
        required = " **required**" if field.is_required() else ""
        yield f"| `{name}` | {field.title} | {field.description}{values}{required} |"


def _values() -> Iterator[str]:
    yield "\n## Values\n"
    yield "| set | values |"
    yield "|---|---|"
    for enum, names in VALUE_NAMES.items():
        yield f"| {enum.__name__} | {', '.join(f'`{value}` {zh}' for value, zh in names.items())} |"


def _tables() -> Iterator[str]:
    yield "\n## Tables\n"
    yield "Columns by English name; the Chinese headings are the titles above.\n"
    yield "| table | a row is | columns |"
    yield "|---|---|---|"
    for table in TABLES.values():
        columns = ", ".join(f"`{c}`" for c in table.columns() if c not in Fact.model_fields)
        yield f"| {table.name} {table.zh} | {table.about} | {columns} |"


def _constraints() -> Iterator[str]:
    yield "\n## Constraints\n"
    yield "```cypher"
    yield from (f"{statement};" for statement in constraint_statements())
    yield "```"


#: From the comment that names a group of settings to the one that ends its table.
_THRESHOLDS = re.compile(r"(<!-- thresholds: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
#: Every group of settings by its name: each has a table in docs/methods.md.
GROUPS = {name: field.default for name, field in Settings.model_fields.items() if isinstance(field.default, BaseModel)}


def methods_page(page: str) -> str:
    """The page with its tables of thresholds as graph/settings.py has them."""
    return _THRESHOLDS.sub(lambda found: found[1] + "\n".join(_threshold_rows(found[2])) + "\n" + found[3], page)


def _threshold_rows(group: str) -> Iterator[str]:
    yield f"| `LIANTU_{group.upper()}__…` | default | what it is |"
    yield "|---|---:|---|"
    for name, field in type(GROUPS[group]).model_fields.items():
        yield f"| `{name}` | {_written(field.default)} | {field.description} |"


def _written(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {part:g}" for key, part in value.items())
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


if __name__ == "__main__":
    (HERE / "ontology.md").write_text(ontology_page(), encoding="utf-8")
    methods = HERE / "methods.md"
    methods.write_text(methods_page(methods.read_text(encoding="utf-8")), encoding="utf-8")
