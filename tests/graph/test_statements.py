"""What several datasets say of one thing is one thing, whatever the order in which they say it."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graph.schema import BOOKKEEPING, Confidence, Method
from graph.statements import combine, separate

TEXT = st.sampled_from(["甲", "乙", "丙", "a|b", '"', "丁\n戊"])
STATEMENT = st.fixed_dictionaries(
    {"id": st.just("firm:x"), "name": TEXT},
    optional={
        "note": TEXT,
        "method": st.sampled_from([m.value for m in Method]),
        "as_of": st.sampled_from(["2021", "2022-04", "2022-04-22", "2023"]),
        "confidence": st.sampled_from([c.value for c in Confidence]),
        "aliases": st.lists(TEXT, min_size=1, unique=True).map(sorted),
        "capacity": st.floats(0, 10),
        "active": st.booleans(),
    },
)
STATEMENTS = st.dictionaries(
    st.sampled_from(["dataset:a", "dataset:b", "dataset:c", "dataset:d"]), STATEMENT, min_size=1
)


@given(STATEMENTS, st.randoms(use_true_random=False))
def test_the_order_does_not_matter(statements: dict[str, Any], shuffle: random.Random) -> None:
    items = list(statements.items())
    shuffle.shuffle(items)
    assert combine(dict(items)) == combine(statements)


@given(STATEMENTS)
def test_what_is_combined_is_separated_again(statements: dict[str, Any]) -> None:
    assert separate(combine(statements)) == statements


@given(STATEMENTS)
def test_nothing_is_made_up_and_no_name_is_lost(statements: dict[str, Any]) -> None:
    whole = combine(statements)
    for name, value in whole.items():
        if name in BOOKKEEPING or name == "aliases":
            continue
        assert value in [said[name] for said in statements.values() if name in said]
    names = {said["name"] for said in statements.values()}
    aliases = {a for said in statements.values() for a in said.get("aliases", [])}
    assert {whole["name"], *whole.get("aliases", [])} == names | aliases
    assert whole["datasets"] == sorted(statements)


def test_separate_of_a_placeholder_is_nothing() -> None:
    assert separate({"id": "firm:x", "name": "x", "datasets": [], "placeholder": True}) == {}
    assert separate({}) == {}


def test_one_statement_is_stored_as_it_is() -> None:
    assert combine({"dataset:a": {"id": "firm:x", "name": "甲"}}) == {
        "id": "firm:x",
        "name": "甲",
        "datasets": ["dataset:a"],
    }


def winner(*statements: dict[str, Any]) -> str:
    """Whose note wins, in either order of their names."""
    named = [{"id": "firm:x", "name": "甲", **s} for s in statements]
    notes = {combine({f"dataset:{n}": s for n, s in zip(names, named, strict=True)})["note"] for names in ("ab", "ba")}
    assert len(notes) == 1
    return notes.pop()


def test_curated_goes_before_imported_before_extracted_before_inferred() -> None:
    methods = ["curated", "imported", "extracted", "inferred"]
    for better, worse in pairwise(methods):
        newest = {"as_of": "2030", "confidence": "high"}
        assert winner({"method": better, "note": better}, {"method": worse, "note": worse, **newest}) == better


def test_then_the_newest() -> None:
    for newer, older in (("2023", "2022"), ("2022-05", "2022-04-22"), ("2022-04-22", "2022-04-21")):
        assert winner({"as_of": newer, "note": newer}, {"as_of": older, "note": older, "confidence": "high"}) == newer
    assert winner({"as_of": "2020", "note": "dated"}, {"note": "undated"}) == "dated"


def test_then_the_surer_one() -> None:
    assert winner({"confidence": "high", "note": "high"}, {"confidence": "medium", "note": "medium"}) == "high"
    assert winner({"note": "unsaid"}, {"confidence": "low", "note": "low"}) == "unsaid"


def test_then_the_first_dataset() -> None:
    said = {d: {"id": "firm:x", "name": d} for d in ("dataset:b", "dataset:a")}
    assert combine(said)["name"] == "dataset:a"


def test_a_property_comes_from_the_best_that_has_it() -> None:
    whole = combine(
        {
            "dataset:a": {"id": "firm:x", "name": "甲", "method": "curated"},
            "dataset:b": {"id": "firm:x", "name": "甲", "method": "inferred", "note": "只有它说"},
        }
    )
    assert (whole["note"], whole["method"]) == ("只有它说", "curated")
    assert "aliases" not in whole


def test_lists_are_united_and_losing_names_become_aliases() -> None:
    whole = combine(
        {
            "dataset:a": {"id": "firm:x", "name": "甲", "aliases": ["丙"], "sources": ["doc:2"], "method": "imported"},
            "dataset:b": {"id": "firm:x", "name": "乙", "aliases": ["丁"], "sources": ["doc:1"]},
        }
    )
    assert whole["name"] == "乙"
    assert whole["aliases"] == sorted(["丙", "丁", "甲"])
    assert whole["sources"] == ["doc:1", "doc:2"]
