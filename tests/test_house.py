"""The floor plan: a file name stands once, every package has its floor, and the contracts say so in a few layers."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections import Counter
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[1]
CONFIG = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {contract["name"].partition(":")[0]: contract for contract in CONFIG["tool"]["importlinter"]["contracts"]}
#: In the tree beside the floors: they import the program, and nothing of it imports them.
BESIDE = {"tests", "benchmarks", "docs"}
PACKAGES = {path.parent.name for path in TOP.glob("*/*.py")} - BESIDE
#: Names that a folder has to have.
MANY = {"__init__.py", "README.md"}


def _files() -> list[Path]:
    """The files of the tree: what git keeps, or in a copy without git what is not hidden."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [path for line in listed.stdout.splitlines() if (path := Path(line)).suffix and (TOP / path).exists()]
    return [path.relative_to(TOP) for path in TOP.rglob("*.py") if not path.relative_to(TOP).parts[0].startswith(".")]


def _floors(layers: list[str]) -> set[str]:
    return {name for layer in layers for name in re.split(r"\s*[:|]\s*", layer)}


def test_a_file_name_stands_once() -> None:
    names = Counter(path.name for path in _files() if path.suffix in (".py", ".cypher", ".js", ".css", ".yaml", ".md"))
    assert [name for name, count in names.items() if count > 1 and name not in MANY] == []


def test_every_package_has_its_floor() -> None:
    assert set(CONFIG["tool"]["importlinter"]["root_packages"]) == PACKAGES
    assert _floors(CONTRACTS["Floors"]["layers"]) == PACKAGES


def test_every_package_is_checked_and_ships() -> None:
    doors = {"app.py", "cli.py"}
    assert set(CONFIG["tool"]["mypy"]["files"]) == PACKAGES | doors
    shipped = CONFIG["tool"]["hatch"]["build"]["targets"]["wheel"]["include"]
    assert {name.removesuffix("/**") for name in shipped} == PACKAGES | doors


@pytest.mark.parametrize("name", [n for n, contract in CONTRACTS.items() if contract["type"] == "layers"])
def test_a_contract_says_it_in_a_few_layers(name: str) -> None:
    contract = CONTRACTS[name]
    assert len(contract["layers"]) <= 10
    assert name == "Floors" or contract.get("exhaustive") is True  # a new file without a floor fails


def test_nothing_below_knows_the_front_doors() -> None:
    assert set(CONTRACTS["Front doors are imported by nobody"]["source_modules"]) == PACKAGES


def test_every_page_is_behind_the_door() -> None:
    door = (TOP / "app.py").read_text(encoding="utf-8")
    pages = [
        path.stem for path in (TOP / "views").rglob("*.py") if "\ndef page() ->" in path.read_text(encoding="utf-8")
    ]
    assert pages
    assert [page for page in pages if f"{page}.page," not in door] == []


def test_every_command_module_is_behind_the_door() -> None:
    doors = "".join((TOP / name).read_text(encoding="utf-8") for name in ("cli.py", "commands/report_commands.py"))
    modules = [path.stem for path in (TOP / "commands").glob("*_commands.py")]
    assert [module for module in modules if f"{module}:" not in doors and f"{module} import" not in doors] == []


def test_formatting_is_switched_off_nowhere() -> None:
    marks = ("fmt: " + "skip", "fmt: " + "off")
    texts = {path: (TOP / path).read_text(encoding="utf-8") for path in _files() if path.suffix == ".py"}
    assert [str(path) for path, text in texts.items() if any(mark in text for mark in marks)] == []
