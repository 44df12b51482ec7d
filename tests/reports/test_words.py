"""The words of codes: every code that an analysis gives is said in both languages, with the values that it has."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
import yaml

import graph.analysis
import reports.words
import services
from graph.analysis.reasons import Reason, reason
from graph.rules import parse_rule
from reports.colours import contrast, ink_on
from reports.formats.blocks import Cell
from reports.words import STATUS_COLOURS, as_data, reason_texts, say_reason, status_name
from tests.conftest import in_english

_TEXTS = Path(reports.words.__file__).with_name("reasons.yaml")


def _modules() -> Iterator[ast.Module]:
    for package in (graph.analysis, services):
        for path in Path(package.__path__[0]).glob("*.py"):
            yield ast.parse(path.read_text(encoding="utf-8"))


def _constants() -> set[str]:
    """Every string in the modules that give reasons: codes are chosen by condition too."""
    return {
        n.value
        for module in _modules()
        for n in ast.walk(module)
        if isinstance(n, ast.Constant) and isinstance(n.value, str)
    }


def _given() -> Iterator[tuple[str, set[str]]]:
    """Codes that are given as they stand, with the names of their values."""
    for call in (n for module in _modules() for n in ast.walk(module) if isinstance(n, ast.Call)):
        named = isinstance(call.func, ast.Name) and call.func.id == "reason" and all(k.arg for k in call.keywords)
        if named and isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value), {str(k.arg) for k in call.keywords}


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_code_has_a_text_that_names_only_what_it_holds() -> None:
    codes = dict(_given())
    assert len(codes) > 40
    for code, values in codes.items():
        assert code in reason_texts(), code
        for text in reason_texts()[code].values():
            assert _fields(text) <= values, code


def test_every_text_is_in_both_languages_and_is_used() -> None:
    constants = _constants()
    for code, texts in reason_texts().items():
        assert set(texts) == {"zh", "en"} and all(texts.values()), code
        assert code in constants, f"nothing gives {code}"


def test_no_code_has_two_texts() -> None:
    node = yaml.compose(_TEXTS.read_text(encoding="utf-8"))
    codes = [key.value for key, _ in node.value]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        (
            reason("and_more", names=("甲", "乙", "丙"), total=5, more=2),
            "甲、乙、丙等 5 个",
            "甲, 乙, 丙 and 2 more",
        ),
        (reason("named", zh="电芯", en="cell"), "电芯", "cell"),
        (reason("honours", held=("甲", reason("listed", code="1.SZ"))), "甲、上市公司 1.SZ", "甲、listed 1.SZ"),
        (reason("cap", cap=300_000.0), "上限 30 亿元", "cap 30 ×10⁸ yuan"),
        (reason("carries_link", role="main"), "核心承载：本环节", "main carrier: this link"),
        (
            reason("ask_whether", fact="new_build", cited=("一", "二")),
            "是否新建项目？（一；二）",
            "is it so: is a new project? (一; 二)",
        ),
        (
            reason("rule", rule=parse_rule("new_build and served_firms >= 3 家")),
            "是新建项目，且平台对外服务的企业数 ≥ 3 家",
            "is a new project and firms that the platform serves ≥ 3 家",
        ),
    ],
)
def test_reasons_are_said_in_both_languages(given: Reason, zh: str, en: str) -> None:
    assert say_reason(given) == zh
    with in_english():
        assert say_reason(given) == en
        assert as_data({"a": (given,)}) == {"a": [en]}


def test_a_status_has_one_ink_wherever_it_is_shown() -> None:
    """Badge of the app, box of a picture, cell of a page or sheet: readable (4.5 to 1, WCAG 2.2, 1.4.3), one rule for all."""
    for status, colour in STATUS_COLOURS.items():
        assert contrast(ink_on(colour), colour) >= 4.5
        assert Cell(status_name(status), colour).ink == ink_on(colour)
    top = Path(reports.words.__file__).parents[1]
    rules = [
        p.name for d in ("reports", "views", "commands") for p in (top / d).rglob("*.py") if "0.2126" in p.read_text()
    ]
    assert rules == ["colours.py"]
