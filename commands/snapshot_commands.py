"""``liantu snapshot`` and ``liantu restore``: the whole graph as one dated file, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from commands.terminal import err, out, print_rows, require_data, wrote
from graph.database import snapshots
from graph.database.snapshot_files import SUFFIX
from graph.database.store import Store
from graph.database.writing import Progress
from graph.errors import LiantuError
from graph.language import say


def snapshot(
    target: Annotated[
        Path | None, typer.Argument(help="文件（.jsonl.gz）或目录；默认存于程序目录 · file or directory")
    ] = None,
    note: Annotated[
        str, typer.Option("--note", help="备注，列表与报告中显示 · a line for the reader of the list")
    ] = "",
    list_: Annotated[bool, typer.Option("--list", "-l", help="列出已有快照 · list the snapshots there are")] = False,
) -> None:
    """快照：整个图谱存为一个带日期的文件 · Write the whole graph to one dated file."""
    if list_:
        if note:
            raise LiantuError(say("--list 与 --note 只能取其一", "give --list or --note, not both"))
        _print_list(target)
        return
    with _shown() as progress, Store.open() as store:
        require_data(store)
        taken = snapshots.take(store, target, note, progress)
    wrote(taken.path)
    out.print(
        say(
            f"{taken.node_count} 节点，{taken.relationship_count} 关系，数据截至 {taken.data_date or '未注明'}",
            f"{taken.node_count} nodes, {taken.relationship_count} relationships, data as of {taken.data_date or 'not stated'}",
        )
    )


def restore(
    name: Annotated[str, typer.Argument(help="快照文件、列表中的名称或日期 · file, name in the list, or date")],
    replace: Annotated[
        bool, typer.Option("--replace", help="图谱非空时替换其全部内容 · replace a graph that is not empty")
    ] = False,
) -> None:
    """恢复：把图谱变回快照时的样子 · Make the graph what a snapshot says."""
    snapshot = snapshots.find(name)
    with _shown() as progress, Store.open() as store:
        result = snapshots.restore(store, snapshot.path, replaced=replace, progress=progress)
    out.print(
        escape(
            say(
                f"已恢复为 {snapshot.label} 的快照（{snapshot.path.name}）：{snapshot.node_count} 节点，{snapshot.relationship_count} 关系；改动 {result.total} 项",
                f"the graph is that of {snapshot.label} ({snapshot.path.name}): {snapshot.node_count} nodes, {snapshot.relationship_count} relationships; {result.total} changes",
            )
        )
    )


def _print_list(folder: Path | None) -> None:
    known = snapshots.listed(folder)
    if not known:
        out.print(say("还没有快照：用 liantu snapshot 存一份", "no snapshot yet: liantu snapshot takes one"))
        return
    headings = [
        say("时间", "made"),
        say("文件", "file"),
        say("数据截至", "data as of"),
        say("节点", "nodes"),
        say("关系", "relationships"),
        say("大小（KB）", "size (KB)"),
        say("备注", "note"),
    ]
    print_rows(
        headings,
        [
            [
                s.made[:16].replace("T", " "),
                s.path.name.removesuffix(SUFFIX),
                s.data_date or "",
                s.node_count,
                s.relationship_count,
                round(s.path.stat().st_size / 1024),
                s.note,
            ]
            for s in known
        ],
    )


@contextmanager
def _shown() -> Iterator[Progress]:
    """What is being done, on the terminal, while it lasts."""
    with err.status("") as line:
        yield lambda phase, done, total: line.update(f"{phase} {done}/{total}")
