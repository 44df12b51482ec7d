"""Commands that are registered by name and imported when they are called, so that ``--help`` loads none of them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


class LazyCommand(TyperCommand):
    """Stands for a command until it is called: its name, its panel, and the docstring of its function for ``--help``.

    Parameters
    ----------
    name: as it is typed.
    place: ``module:function`` in ``commands``.
    panel: the heading under which ``--help`` lists it.
    """

    def __init__(self, name: str, place: str, panel: str | None) -> None:
        module, _, self.function = place.partition(":")
        self.module = f"commands.{module}"
        super().__init__(name, help=_docstring(self.module, self.function), rich_help_panel=panel)

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """The context of the command itself, whose module is imported here."""
        alone = typer.Typer(add_completion=False, rich_markup_mode="rich")
        alone.command(self.name)(getattr(import_module(self.module), self.function))
        return typer.main.get_command(alone).make_context(*args, **kwargs)


def lazy_group(panels: Mapping[str, Mapping[str, str]]) -> type[TyperGroup]:
    """A group of such commands: heading -> name -> ``module:function``; "" for no heading of its own."""

    class LazyGroup(TyperGroup):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            lazy = [
                LazyCommand(n, place, panel or None) for panel, names in panels.items() for n, place in names.items()
            ]
            self.commands = {**{str(command.name): command for command in lazy}, **self.commands}

    return LazyGroup


def _docstring(module: str, function: str) -> str | None:
    """What a function says of itself, read from its source without importing it."""
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    defined = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function]
    return ast.get_docstring(defined[0])
