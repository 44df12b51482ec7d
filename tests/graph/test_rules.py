"""Conditions of measures: the grammar, three-valued answers, and what a user may state."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import LoadError
from graph.rules import (
    FACTS_FILE,
    Comparison,
    Either,
    Every,
    Flag,
    Rule,
    RuleError,
    fact_named,
    holds,
    known_facts,
    leaves,
    missing,
    parse_rule,
    parse_value,
    read_facts,
    rule_text,
)
from graph.schema import Measure, StatedIn
from graph.settings import SHIPPED_DATA, settings
from loaders.sources import read_sources

LARGE = "fixed_investment >= 30 亿元 and new_build and (industry_leader or specialised)"


# --- reading -----------------------------------------------------------------------------------------


def test_a_rule_is_a_tree() -> None:
    assert parse_rule(LARGE) == Every(
        (
            Comparison("fixed_investment", ">=", 300_000.0, "万元", "30 亿元"),
            Flag("new_build"),
            Either((Flag("industry_leader"), Flag("specialised"))),
        )
    )
    assert parse_rule("not new_build") == Flag("new_build", wanted=False)
    assert parse_rule("served_firms>=200家") == Comparison("served_firms", ">=", 200.0, "家", "200 家")


def test_and_binds_closer_than_or() -> None:
    assert parse_rule("new_build or specialised and core_supplier") == Either(
        (Flag("new_build"), Every((Flag("specialised"), Flag("core_supplier"))))
    )


def test_a_chinese_name_words_itself() -> None:
    rule = parse_rule("年用电量 >= 3 万吨 and 属搬迁项目")
    assert rule_text(rule) == "年用电量 ≥ 3 万吨，且属搬迁项目"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "应为事实名或括号"),
        ("   ", "应为事实名或括号"),
        ("fixed_investment", "fixed_investment 是数量，须与数值比较"),
        ("fixed_investment > 3", "数值之后应有单位"),
        ("fixed_investment >= 30 家", "fixed_investment 是以万元计的数量，不能以家比较"),
        ("fixed_investment >= 30%", "不能以%比较"),
        ("fixed_investment >= -30 亿元", "读不懂 '-30 亿元'"),
        ("fixed_investment == 30 亿元", "应为数值"),
        ("new_build >= 3 家", "new_build 是是非事实"),
        ("not fixed_investment >= 3 亿元", "not 之后只能是是非事实"),
        ("new_build and", "应为事实名或括号"),
        ("(new_build", "缺右括号"),
        ("new_build)", "多余的内容"),
        ("new_build specialised", "多余的内容"),
        ("not not new_build", "应为事实名"),
        ("and", "应为事实名"),
        ("no_such_fact", "没有名为 no_such_fact 的事实"),
        ("new_build or __import__('os')", "读不懂"),
        ("new_build; DROP TABLE", "读不懂"),
        ("{new_build}", "读不懂"),
        ("(" * 30 + "new_build" + ")" * 30, "括号超过 20 层"),
        ("new_build or " * 100 + "new_build", "超过 500 个字符"),
        ("fixed_investment >= " + "9" * 400 + " 亿元", "数值太大"),
    ],
)
def test_anything_else_is_refused_in_one_line(text: str, fault: str) -> None:
    with pytest.raises(RuleError) as error:
        parse_rule(text)
    assert fault in str(error.value)
    assert "\n" not in str(error.value)


@given(st.text(alphabet="()andornt >=<30亿元万家%新建_build \n\x00'\";", max_size=60))
def test_no_text_does_anything_but_parse_or_be_refused(text: str) -> None:
    try:
        rule = parse_rule(text)
    except RuleError as error:
        assert str(error)
    else:
        assert list(leaves(rule))


# --- deciding ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "expected", "asked"),
    [
        ({}, None, ("fixed_investment", "new_build", "industry_leader", "specialised")),
        ({"fixed_investment": 299_999.0}, False, ()),
        ({"fixed_investment": 300_000.0}, None, ("new_build", "industry_leader", "specialised")),
        ({"fixed_investment": 300_000.0, "new_build": True, "specialised": True}, True, ()),
        ({"fixed_investment": 300_000.0, "new_build": True, "specialised": False}, None, ("industry_leader",)),
        ({"new_build": False}, False, ()),
        ({"industry_leader": False, "specialised": False}, False, ()),
        (
            {"fixed_investment": True, "new_build": 5.0},
            None,
            ("fixed_investment", "new_build", "industry_leader", "specialised"),
        ),
    ],
)
def test_what_is_not_known_stays_open_unless_the_rest_settles_it(
    known: dict[str, float | bool], expected: bool | None, asked: tuple[str, ...]
) -> None:
    rule = parse_rule(LARGE)
    assert holds(rule, known) is expected
    assert missing(rule, known) == asked


@pytest.mark.parametrize(
    ("sign", "below", "at", "above"),
    [
        (">=", False, True, True),
        ("<=", True, True, False),
        (">", False, False, True),
        ("<", True, False, False),
        ("=", False, True, False),
    ],
)
def test_every_comparator_at_its_limit(sign: str, below: bool, at: bool, above: bool) -> None:
    rule = parse_rule(f"served_firms {sign} 200 家")
    assert [holds(rule, {"served_firms": n}) for n in (199.0, 200.0, 201.0)] == [below, at, above]


_FLAGS = ["new_build", "specialised", "core_supplier", "industry_leader"]
_RULES = st.recursive(
    st.builds(Flag, st.sampled_from(_FLAGS), st.booleans()),
    lambda inner: (
        st.builds(lambda p: Every(tuple(p)), st.lists(inner, min_size=2, max_size=3))
        | st.builds(lambda p: Either(tuple(p)), st.lists(inner, min_size=2, max_size=3))
    ),
    max_leaves=8,
)
_KNOWN = st.dictionaries(st.sampled_from(_FLAGS), st.booleans())


@given(_RULES, _KNOWN, _KNOWN)
def test_what_is_settled_no_further_fact_unsettles(rule: Rule, known: dict[str, bool], more: dict[str, bool]) -> None:
    before = holds(rule, known)
    if before is not None:
        assert holds(rule, {**more, **known}) is before
        assert missing(rule, known) == ()
    everything = {**dict.fromkeys(_FLAGS, False), **more, **known}
    assert holds(rule, everything) is not None


@given(_RULES, _KNOWN)
def test_what_is_undecided_has_a_question_that_is_not_answered_yet(rule: Rule, known: dict[str, bool]) -> None:
    asked = missing(rule, known)
    assert (holds(rule, known) is None) == bool(asked)
    assert not set(asked) & set(known)


# --- what a user states ------------------------------------------------------------------------------


def test_facts_are_stated_in_their_unit() -> None:
    assert parse_value("served_firms", "300") == 300
    assert parse_value("served_firms", "300户") == 300
    assert parse_value("investment_subsidy", "2亿元") == 20_000
    assert parse_value("investment_subsidy", "8,000") == parse_value("investment_subsidy", "８０００ 万") == 8_000
    assert parse_value("new_build", "是") is True
    assert parse_value("new_build", "no") is False
    assert parse_value("年用电量", "5万吨", "万吨") == 5
    assert parse_value("属搬迁项目", "否") is False
    refused = [
        ("served_firms", "是"),
        ("served_firms", "3亿元"),
        ("new_build", "maybe"),
        ("new_build", "3"),
        ("nothing", "1"),
        ("investment_subsidy", "3家"),
        ("investment_subsidy", "是"),
        ("investment_subsidy", "9" * 400),
    ]
    for fact, text in refused:
        with pytest.raises(RuleError):
            parse_value(fact, text)
    with pytest.raises(RuleError):
        parse_value("年用电量", "5家", "万吨")


@pytest.mark.parametrize("text", ["new_build", "是新建项目", "新建项目", " 新建项目 "])
def test_a_fact_goes_by_its_name_and_its_wording(text: str) -> None:
    assert fact_named(text) == "new_build"


def test_a_wording_of_several_facts_is_refused_with_all_of_them() -> None:
    assert fact_named("专精特新") == "specialised"
    with pytest.raises(RuleError, match="可指多个事实"):
        fact_named("生产性服务业企业")
    with pytest.raises(RuleError, match="没有名为"):
        fact_named("nothing")


# --- facts with a wording ----------------------------------------------------------------------------


def test_every_shipped_fact_is_asked_for_by_a_measure_of_the_clauses_that_it_names() -> None:
    asked: dict[str, set[str]] = {}
    for facts in read_sources([SHIPPED_DATA]):
        clauses = {r.start: r.end for r in facts.relationships.values() if isinstance(r, StatedIn)}
        for node in facts.nodes.values():
            if isinstance(node, Measure):
                names = {leaf.fact for leaf in leaves(parse_rule(node.rule))} if node.rule else set()
                for name in names | ({node.rate_of} if node.rate_of else set()):
                    asked.setdefault(name, set()).add(clauses[node.id])
    assert len(known_facts()) == 42
    assert {name: set(words.sources) for name, words in known_facts().items()} == asked


def test_own_facts_go_before_those_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = "jobs: {zh: 新增就业, en: new jobs, unit: 人}\nnew_build: {zh: 是首期项目, en: is a first phase}\n"
    (tmp_path / FACTS_FILE).write_text(own, encoding="utf-8")
    with pytest.raises(LoadError, match="其中的事实尚不可用"):
        read_sources([tmp_path])  # later questions would not know them
    monkeypatch.setattr(settings, "home", tmp_path)
    assert parse_rule("jobs >= 50 人") == Comparison("jobs", ">=", 50.0, "人", "50 人")
    assert rule_text(parse_rule("jobs >= 50 人 and new_build")) == "新增就业 ≥ 50 人，且是首期项目"
    assert parse_value("jobs", "60") == 60
    assert read_sources([tmp_path]) == []
    assert len(known_facts()) == 43


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("- new_build", "应为“事实名"),
        ("Jobs: {zh: 甲, en: a}", "Jobs: 事实名只能用小写字母"),
        ("not: {zh: 甲, en: a}", "事实名只能用"),
        ("jobs: 新增就业", "须有 zh 和 en"),
        ("jobs: {zh: 甲}", "须有 zh 和 en"),
        ("jobs: {zh: 甲, en: a, unit: 亿元}", "unit 应为"),
        ("jobs: {zh: 甲, en: a, units: 人}", "只能有 zh、en、unit、sources"),
        ("jobs: {zh: 甲, en: a, sources: doc}", "只能有 zh、en、unit、sources"),
        ("jobs: {zh", "while"),
    ],
)
def test_a_file_of_facts_with_faults_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / FACTS_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(LoadError) as error:
        read_facts(tmp_path / FACTS_FILE)
    assert fault in str(error.value)
    assert "\n" not in str(error.value)


def test_the_ground_reads_no_facts_before_they_are_asked_for() -> None:
    script = "import graph.schema, graph.rules; assert graph.rules._gathered.cache_info().currsize == 0"
    subprocess.run([sys.executable, "-c", script], check=True)
