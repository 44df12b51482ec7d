"""The terminal front door: the ``liantu`` command. It only wires."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer
from rich.markup import escape

from commands.app_commands import open_app
from commands.document_commands import extract, review
from commands.duty_commands import organisation
from commands.gap_commands import gaps
from commands.graph_commands import build, check, export, forget, load, status, stop, template
from commands.knockout_commands import coverage, knockout
from commands.query_commands import queries, query
from commands.region_commands import compare, relatedness
from commands.report_commands import report_app
from commands.snapshot_commands import restore, snapshot
from commands.terminal import err
from commands.way_out_commands import candidates, leaders, support
from graph.errors import LiantuError, LoadError
from graph.language import say, use_language

app = typer.Typer(
    name="liantu",
    help="链图 Liantu：产业链知识图谱 · industry-chain knowledge graph",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_debug = False
_COMMANDS: dict[str, list[Callable[..., None]]] = {
    "图谱 Graph": [build, load, forget, status, stop, check, template, export, snapshot, restore],
    "政策文件 Documents": [extract, review],
    "查询 Questions": [
        *(gaps, candidates, support, leaders, knockout, coverage, compare, relatedness, organisation),
        *(query, queries),
    ],
}
for _panel, _commands in _COMMANDS.items():
    for _command in _commands:
        app.command(rich_help_panel=_panel)(_command)
app.command("app", rich_help_panel="查询 Questions")(open_app)
app.add_typer(report_app, name="report", rich_help_panel="查询 Questions")


def main() -> None:
    """Run the command; an error is one readable line and a non-zero exit (``--debug`` shows the traceback)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console of GBK knows no ✗
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except LiantuError as error:
        if _debug:
            raise
        for line in error.problems if isinstance(error, LoadError) else [error]:
            _print_error(str(line))
        if isinstance(error, LoadError):
            count = len(error.problems)
            err.print(say(f"共 {count} 处问题，未载入任何内容", f"{count} problems; nothing was loaded"))
        sys.exit(1)
    except KeyboardInterrupt:
        err.print(say("已中断", "interrupted"))
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        if _debug:
            raise
        _print_error(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        sys.exit(1)
    except Exception as error:
        if _debug:
            raise
        _print_error(
            say(
                f"程序内部错误（{type(error).__name__}: {error}）；加 --debug 查看详情",
                f"an error inside the program ({type(error).__name__}: {error}); --debug shows more",
            )
        )
        sys.exit(1)


def _print_error(line: str) -> None:
    err.print(f"[red]✗[/] {escape(line)}", soft_wrap=True, highlight=False)


@app.callback()
def common(
    debug: Annotated[
        bool, typer.Option("--debug", help="出错时显示完整调用栈 · show the traceback of an error")
    ] = False,
    english: Annotated[bool, typer.Option("--english", help="英文输出 · messages in English")] = False,
) -> None:
    """链图 Liantu：产业链知识图谱 · industry-chain knowledge graph."""
    global _debug  # noqa: PLW0603
    _debug = debug
    if english:
        use_language("en")


if __name__ == "__main__":
    main()
