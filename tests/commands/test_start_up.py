"""What starts before anything is asked: light, complete, and plain about nonsense in the environment."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

import cli
from commands.lazy import LazyCommand

TOP = Path(__file__).resolve().parents[2]
HEAVY = {
    *("arcadedb_embedded", "docx", "fontTools", "jieba", "jpype", "neo4j", "networkx", "numpy", "opencc", "openpyxl"),
    *("pandas", "pydantic", "pypdfium2", "pypinyin", "rapidfuzz", "reportlab", "resvg_py", "streamlit", "xlsxwriter"),
    *("graph.database", "graph.schema", "loaders", "services", "reports", "views"),
}


def _run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=TOP,
        env={**os.environ, "PYTHONPATH": str(TOP), "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def _commands(group: TyperGroup, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], LazyCommand]]:
    listed: list[tuple[tuple[str, ...], LazyCommand]] = []
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            listed += _commands(command, (*path, name))
        else:
            assert isinstance(command, LazyCommand), name
            listed.append(((*path, name), command))
    return listed


GROUP = typer.main.get_command(cli.app)
assert isinstance(GROUP, TyperGroup)
COMMANDS = _commands(GROUP)


@pytest.mark.parametrize("arguments", [["--help"], ["report", "--help"], ["no-such-command"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    ended = _run(
        "import atexit, sys, cli\n"
        f"sys.argv = ['liantu', *{arguments!r}]\n"
        "atexit.register(lambda: print('LOADED', *sorted(sys.modules)))\n"
        "cli.main()"
    )
    loaded = set(ended.stdout.rpartition("LOADED")[2].split())
    assert "typer" in loaded, ended.stderr
    # what comes after the first --help passes through the callback, which reads the settings
    assert loaded & HEAVY <= (set() if arguments == ["--help"] else {"pydantic"})


def test_every_command_is_listed_with_its_line() -> None:
    ended = _run("import sys, cli; sys.argv = ['liantu', '--help']; cli.main()", COLUMNS="200")
    for path, command in COMMANDS:
        if len(path) == 1:
            row = next(line for line in ended.stdout.splitlines() if line.split()[1:2] == [path[0]])
            assert str(command.help).splitlines()[0].rstrip(".") in row


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[" ".join(path) for path, _ in COMMANDS])
def test_every_command_is_where_it_is_said_to_be(path: tuple[str, ...], command: LazyCommand) -> None:
    function = getattr(import_module(command.module), command.function)
    assert command.help == function.__doc__


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LIANTU_BATCH_ROWS", "0"),
        ("LIANTU_QUERY_ROWS", "-1"),
        ("LIANTU_QUERY_SECONDS", "-5"),
        ("LIANTU_ENGINE_START_SECONDS", "soon"),
        ("LIANTU_ENGINE_HEAP", "much"),
        ("LIANTU_STATUS__LIVE_DAYS", "-1"),
        ("LIANTU_STATUS__NO_SUCH", "1"),
        ("LIANTU_LANGUAGE", "fr"),
    ],
)
def test_a_setting_that_means_nothing_is_one_line_with_its_name(variable: str, value: str) -> None:
    ended = _run("import sys, cli; sys.argv = ['liantu', 'stop']; cli.main()", **{variable: value})
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith(f"✗ {variable}: ")
    assert ended.stderr.count("\n") == 1


def test_no_import_ends_the_process_or_reads_the_settings() -> None:
    ended = _run("import graph.settings, graph.language, graph.errors; print('fine')", LIANTU_BATCH_ROWS="0")
    assert ended.stdout == "fine\n"


def test_the_language_comes_from_the_environment(tmp_path: Path) -> None:
    code = "import sys, cli; sys.argv = ['liantu', 'status']; cli.main()"
    ended = _run(code, LIANTU_LANGUAGE="en", LIANTU_HOME=str(tmp_path), NEO4J_URI="")
    assert "not running" in ended.stdout
