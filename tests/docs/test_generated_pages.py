"""Pages that are written from the code say what the code says."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

TOP = Path(__file__).resolve().parents[2]
DOCS = TOP / "docs"


@pytest.fixture(scope="module")
def make() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_make", DOCS / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_ontology_is_current(make: ModuleType) -> None:
    assert make.ontology_page() == (DOCS / "ontology.md").read_text(encoding="utf-8"), "run make docs"


def test_the_thresholds_are_current(make: ModuleType) -> None:
    page = (DOCS / "methods.md").read_text(encoding="utf-8")
    assert make.methods_page(page) == page, "run make docs"
    assert "| `lq_weak` | 0.5 |" in page


def test_every_group_of_thresholds_has_its_table(make: ModuleType) -> None:
    page = (DOCS / "methods.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"<!-- thresholds: (\w+) -->", page)) == sorted(make.GROUPS)
    for group, default in make.GROUPS.items():
        for name, field in type(default).model_fields.items():
            assert field.description, f"{group}.{name}"


#: CHANGELOG.md names what has been, too.
PAGES = [path for path in (*DOCS.glob("*.md"), *TOP.glob("*.md")) if path.name != "CHANGELOG.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_files_that_a_page_names_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for path in re.findall(r"`((?:graph|loaders|services|reports|views|commands|docs|tests|data)/[\w./-]+)`", text):
        assert (TOP / path).exists(), path
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (page.parent / link).exists(), link
