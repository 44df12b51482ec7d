"""The terminal front door: the ``liantu`` command. It only wires."""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated

import typer
from rich.markup import escape

from commands.lazy import lazy_group
from commands.report_commands import report_app
from commands.terminal import err
from graph.errors import LiantuError, LoadError
from graph.language import say, use_language

app = typer.Typer(
    name="liantu",
    cls=lazy_group(
        {
            "图谱 Graph": {
                "build": "graph_commands:build",
                "load": "graph_commands:load",
                "forget": "graph_commands:forget",
                "status": "graph_commands:status",
                "stop": "graph_commands:stop",
                "check": "graph_commands:check",
                "template": "graph_commands:template",
                "export": "graph_commands:export",
                "snapshot": "snapshot_commands:snapshot",
                "restore": "snapshot_commands:restore",
            },
            "政策文件 Documents": {
                "extract": "document_commands:extract",
                "review": "document_commands:review",
            },
            "查询 Questions": {
                "gaps": "gap_commands:gaps",
                "candidates": "way_out_commands:candidates",
                "support": "way_out_commands:support",
                "leaders": "way_out_commands:leaders",
                "knockout": "knockout_commands:knockout",
                "coverage": "knockout_commands:coverage",
                "compare": "region_commands:compare",
                "relatedness": "region_commands:relatedness",
                "organisation": "duty_commands:organisation",
                "query": "query_commands:query",
                "queries": "query_commands:queries",
                "app": "app_commands:open_app",
            },
        }
    ),
    help="链图 Liantu：产业链知识图谱 · industry-chain knowledge graph",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(report_app, name="report", rich_help_panel="查询 Questions")
_debug = False


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
    from graph.settings import settings  # not for --help: pydantic takes as long to load as all the rest

    use_language("en" if english else settings.language)


if __name__ == "__main__":
    main()
