"""The ontology: declared once, complete, and strict about what comes in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from graph import schema
from graph.database.dialect import constraint_statements
from graph.database.store import Store
from graph.schema import (
    NODE_TYPES,
    RELATIONSHIP_TYPES,
    VALUE_NAMES,
    Chain,
    Firm,
    HasSegment,
    Leads,
    Node,
    Observation,
    OperatesIn,
    Segment,
    StatedIn,
    Supplies,
    enum_of,
    label_of,
)


@pytest.mark.parametrize("declared", [*NODE_TYPES.values(), *RELATIONSHIP_TYPES.values()], ids=lambda c: c.__name__)
def test_every_type_says_what_it_is(declared: type[schema.Fact]) -> None:
    assert re.search("[一-龥]", declared.zh)
    assert declared.__doc__ and declared.__doc__.strip().endswith((".", ")", "]"))
    for name, field in declared.model_fields.items():
        assert re.search("[一-龥]", field.title or ""), name
        assert field.description, name


@pytest.mark.parametrize("relationship", RELATIONSHIP_TYPES.values(), ids=lambda c: c.__name__)
def test_every_relationship_joins_declared_labels(relationship: type[schema.Relationship]) -> None:
    assert relationship.ends
    assert {label for pair in relationship.ends for label in pair} <= {*NODE_TYPES, "*"}
    assert set(relationship.key) <= set(relationship.model_fields)


def test_prefixes_and_names_are_unique() -> None:
    for values in (
        [c.prefix for c in NODE_TYPES.values()],
        [c.zh for c in NODE_TYPES.values()],
        [c.zh for c in RELATIONSHIP_TYPES.values()],
        [c.colour for c in NODE_TYPES.values() if not c.internal],
    ):
        assert len(set(values)) == len(values)
    assert all(re.fullmatch("[a-z]+", c.prefix) for c in NODE_TYPES.values())
    assert {label_of(f"{c.prefix}:x") for c in NODE_TYPES.values()} == set(NODE_TYPES)


def test_every_enumerated_value_has_a_chinese_name() -> None:
    used = {
        enum
        for declared in (*NODE_TYPES.values(), *RELATIONSHIP_TYPES.values())
        for field in declared.model_fields.values()
        if (enum := enum_of(field.annotation)) is not None
    }
    for enum in used:
        assert set(VALUE_NAMES[enum]) == {member.value for member in enum}
        assert len(set(VALUE_NAMES[enum].values())) == len(enum)


@pytest.mark.parametrize("bad", ["", "seg:", ":x", "x", "seg:a b", "seg:a|b", "seg:a\n", "Seg:a", "chain:pv", "seg:\t"])
def test_ids_are_checked(bad: str) -> None:
    with pytest.raises(ValidationError):
        Segment(id=bad, name="环节", position="upstream", order=1)


def test_an_id_of_another_label_is_named() -> None:
    with pytest.raises(ValidationError, match="the id of a Chain begins with 'chain:', not 'seg:pv'"):
        Chain(id="seg:pv", name="光伏")
    with pytest.raises(ValueError, match="'nothing:x' begins with none of the known prefixes: chain, "):
        label_of("nothing:x")


def test_ends_of_the_wrong_label_are_refused() -> None:
    with pytest.raises(ValidationError, match="HAS_SEGMENT joins Chain -> Segment, not Firm -> Segment"):
        HasSegment(start="firm:a", end="seg:a")
    assert StatedIn(start="firm:a", end="clause:x").type() == "STATED_IN"  # "*" is any label
    with pytest.raises(ValidationError):
        StatedIn(start="firm:a", end="doc:x")


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Chain, {"name": "  "}),
        (Chain, {"name": None}),
        (Chain, {"colour": "red"}),
        (Chain, {"as_of": "2023-13"}),
        (Chain, {"as_of": "2023-02-30"}),
        (Chain, {"as_of": "23"}),
        (Chain, {"method": "guessed"}),
        (Chain, {"aliases": "光伏"}),
        (Firm, {"credit_code": "123"}),
        (Firm, {"stock_code": "600438"}),
        (Firm, {"active": "perhaps"}),
        (Segment, {"position": "middle"}),
        (Segment, {"order": -1}),
        (Segment, {"order": None}),
        (Observation, {"period": "2024Q5"}),
        (Observation, {"value": float("nan")}),
    ],
)
def test_values_are_checked(model: type[Node], values: dict[str, Any]) -> None:
    good: dict[str, Any] = {"id": f"{model.prefix}:x", "name": "某"}
    good |= {Segment: {"position": "upstream", "order": 1}, Observation: {"period": "2024", "value": 1}}.get(model, {})
    assert model.model_validate(good).properties()["name"] == "某"
    with pytest.raises(ValidationError):
        model.model_validate({**good, **values})


def test_lists_are_sets() -> None:
    one = Chain(id="chain:a", name="甲", aliases=["丙", "乙", "丙"])
    assert one == Chain(id="chain:a", name="甲", aliases=["乙", "丙"])
    assert one.properties() == {"id": "chain:a", "name": "甲", "aliases": ["丙", "乙"], "method": "curated"}


def test_facts_cannot_be_changed() -> None:
    chain = Chain(id="chain:a", name="甲")
    with pytest.raises(ValidationError):
        chain.name = "乙"


KEYS = st.text(min_size=1, max_size=8, alphabet="ab|%2C7:甲 ").map(str.strip).filter(bool)


@given(KEYS, KEYS, KEYS, KEYS)
def test_ids_of_relationships_join_safely(batch: str, region: str, other_batch: str, other_region: str) -> None:
    """Two appointments have one id only if they are one: a bar inside a key is no joint."""
    clean = [f"region:{r.replace('|', '%').replace(' ', '')}x" for r in (region, other_region)]
    one = Leads(start="firm:a", end="chain:a", region=clean[0], batch=batch)
    other = Leads(start="firm:a", end="chain:a", region=clean[1], batch=other_batch)
    assert (one.id == other.id) == ((one.region, one.batch) == (other.region, other.batch))
    assert one.id.count("|") == 2 + len(Leads.key)


def test_parallels_differ_by_their_key_only() -> None:
    one = OperatesIn(start="firm:a", end="seg:a", place="region:1", capacity=1)
    assert one.id == "firm:a|OPERATES_IN|seg:a|region:1"
    assert OperatesIn(start="firm:a", end="seg:a").id == "firm:a|OPERATES_IN|seg:a|"
    assert Supplies(start="seg:a", end="seg:b").id == "seg:a|SUPPLIES|seg:b|"


def test_a_new_node_type_is_one_class(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Declared here and nowhere else, it has a constraint and is loaded, cited and read like the others."""
    from graph.database.writing import load
    from tests.conftest import contents, facts_of

    class Standard(Node):
        """A standard."""

        zh, prefix, colour = "标准", "standard", "#123456"
        number: schema.Text | None = schema.prop("编号", "number of the standard")

    monkeypatch.setitem(NODE_TYPES, "Standard", Standard)
    monkeypatch.setitem(schema._LABEL_OF_PREFIX, "standard", "Standard")
    assert any("FOR (n:Standard)" in s for s in constraint_statements())
    load(
        store,
        [
            facts_of(
                "s",
                Standard(id="standard:a", name="甲标准", number="GB/T 1"),
                StatedIn(start="standard:a", end="clause:x/1"),
            )
        ],
    )
    nodes, relationships = contents(store)
    assert nodes["standard:a"]["label"] == "Standard"
    assert nodes["standard:a"]["number"] == "GB/T 1"
    assert list(relationships) == ["standard:a|STATED_IN|clause:x/1"]
