"""What the commands share: the consoles, tables, files, and the refusal of an empty graph."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as ProgressBars
from rich.table import Column, Table

from graph.errors import LiantuError
from graph.language import say

if TYPE_CHECKING:  # the drivers are not loaded for a line of help
    from graph.database.store import Store
    from graph.database.writing import Progress

out = Console()
err = Console(stderr=True)


def print_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table on the terminal; long cells fold."""
    table = Table(*(Column(escape(column), overflow="fold") for column in columns))
    for row in rows:
        table.add_row(*(escape(str(cell)) for cell in row))
    out.print(table)


def emit(text: str, output: Path | None) -> None:
    """Text into a file, or on the terminal as it is."""
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")


def wrote(path: Path) -> None:
    """Say where the result is, beside it (stderr), so that it does not mix with output."""
    err.print(say(f"已写出 {path}", f"wrote {path}"), markup=False, highlight=False, soft_wrap=True)


def require_data(store: Store) -> None:
    """Refuse to report on an empty graph.

    Raises:
        LiantuError: nothing is loaded.
    """
    if store.is_empty():
        raise LiantuError(say("图中还没有数据：请先运行 liantu build", "the graph is empty: run liantu build first"))


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """One bar a phase of a long job, on the terminal, while it lasts."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with ProgressBars(*columns, console=err, transient=True, disable=not err.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def show(phase: str, done: int, total: int) -> None:
            if phase not in tasks:
                tasks[phase] = bars.add_task(phase, total=total)
            bars.update(tasks[phase], completed=done, total=total)

        yield show
