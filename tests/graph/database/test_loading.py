"""Loading: whole or not at all, twice is once, in any order, and nothing lost when it is cut off. On both backends."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from graph.database import changes, writing
from graph.database.store import Store
from graph.database.writing import UnfinishedLoadError, load, remove, resume, roll_back, unfinished
from graph.errors import LiantuError, StoreError
from graph.facts import Facts
from graph.schema import (
    BOOKKEEPING,
    Chain,
    Firm,
    HasSegment,
    Leads,
    LocatedIn,
    OperatesIn,
    Region,
    Segment,
    Supplies,
    label_of,
)
from graph.settings import settings
from tests.conftest import Database, books, contents, facts_of, load_each, plain, said

TOP = Path(__file__).resolve().parents[3]


def the_chain() -> Facts:
    return facts_of(
        "chain",
        Chain(id="chain:a", name="甲链", aliases=["甲"], sources=["doc:x"]),
        Segment(id="seg:a/1", name="料", position="upstream", order=1),
        Segment(id="seg:a/2", name="件", position="midstream", order=2, as_of="2023"),
        HasSegment(start="chain:a", end="seg:a/1"),
        HasSegment(start="chain:a", end="seg:a/2"),
        Supplies(start="seg:a/1", end="seg:a/2", via="prod:料", cost_share=0.6),
    )


def the_firms() -> Facts:
    """Names a region and a segment that it does not describe."""
    return facts_of(
        "firms",
        Firm(id="firm:one", name="一公司", honours=["专精特新小巨人"], method="imported"),
        Firm(id="firm:two", name="二公司", active=False),
        LocatedIn(start="firm:one", end="region:510100"),
        OperatesIn(start="firm:one", end="seg:a/1", capacity=2.5, unit="GW/年", as_of="2024-06"),
        OperatesIn(start="firm:two", end="seg:a/1", place="region:510100"),
    )


def the_policy() -> Facts:
    """Speaks of the chain, the region and a firm of the others, each otherwise than they do."""
    return facts_of(
        "policy",
        Region(id="region:510100", name="成都市", level="city"),
        Chain(id="chain:a", name="甲产业链", name_en="Chain A", method="extracted", sources=["clause:p/1"]),
        Firm(id="firm:one", name="壹公司", full_name="壹有限公司", honours=["单项冠军"], as_of="2022"),
        Leads(start="firm:one", end="chain:a", region="region:510100", role="链主企业"),
        OperatesIn(start="firm:one", end="seg:a/1", capacity=2, method="extracted", sources=["clause:p/1"]),
    )


def all_three() -> list[Facts]:
    return [the_chain(), the_firms(), the_policy()]


# --- what a load does ------------------------------------------------------------------------------


def test_a_load_stores_what_the_facts_say(store: Store) -> None:
    load(store, [the_chain()])
    facts = the_chain()
    expected_nodes = {
        i: {"label": label_of(i), **n.properties(), "datasets": ["dataset:chain"]} for i, n in facts.nodes.items()
    }
    expected_relationships = {
        i: (r.start, r.end, {"type": r.type(), **r.properties(), "datasets": ["dataset:chain"]})
        for i, r in facts.relationships.items()
    }
    assert contents(store) == (expected_nodes, expected_relationships)


def test_counts_are_those_of_the_facts(store: Store) -> None:
    result = load(store, [the_chain()])
    assert said(result) == {
        "created": {"Chain": 1, "Segment": 2, "HAS_SEGMENT": 2, "SUPPLIES": 1},
        "updated": {},
        "removed": {},
    }
    assert result.total == 6
    assert books(store) == [
        {
            "id": "dataset:chain",
            "name": "chain",
            "method": "curated",
            "datasets": ["dataset:chain"],
            "labels": ["Chain", "Segment"],
            "types": ["HAS_SEGMENT", "SUPPLIES"],
            "node_count": 3,
            "relationship_count": 3,
        }
    ]


def test_twice_is_once(store: Store) -> None:
    load(store, all_three())
    once, once_books = contents(store), books(store)
    again = load(store, all_three())
    assert said(again) == {"created": {}, "updated": {}, "removed": {}}
    assert again.total == 0
    assert (contents(store), books(store)) == (once, once_books)


def test_a_changed_source_replaces_what_it_said_and_nothing_else(store: Store) -> None:
    load_each(store, all_three())
    before_nodes, before_relationships = contents(store)
    changed = facts_of(
        "firms",
        Firm(id="firm:one", name="一公司", honours=["专精特新小巨人"], method="imported"),
        Firm(id="firm:three", name="三公司"),
        LocatedIn(start="firm:one", end="region:510100"),
        OperatesIn(start="firm:one", end="seg:a/1", capacity=3, unit="GW/年", as_of="2024-06"),
    )
    result = load(store, [changed])
    assert said(result) == {
        "created": {"Firm": 1},
        "updated": {"OPERATES_IN": 1},
        "removed": {"Firm": 1, "OPERATES_IN": 1},
    }
    nodes, relationships = contents(store)
    assert nodes.keys() == before_nodes.keys() - {"firm:two"} | {"firm:three"}
    assert {i for i in before_nodes.keys() & nodes if nodes[i] != before_nodes[i]} == set()
    gone = OperatesIn(start="firm:two", end="seg:a/1", place="region:510100").id
    altered = OperatesIn(start="firm:one", end="seg:a/1").id
    assert before_relationships.keys() - relationships.keys() == {gone}
    assert {i for i, r in relationships.items() if r != before_relationships[i]} == {altered}
    assert relationships[altered][2]["capacity"] == 3


def test_two_sources_of_one_node_are_united_and_taken_apart_again(store: Store) -> None:
    load_each(store, [the_chain(), the_policy()])
    chain = contents(store)[0]["chain:a"]
    assert {k: v for k, v in chain.items() if k not in BOOKKEEPING} == {
        "label": "Chain",
        "id": "chain:a",
        "name": "甲链",
        "name_en": "Chain A",
        "aliases": ["甲", "甲产业链"],
        "sources": ["clause:p/1", "doc:x"],
        "method": "curated",
    }
    assert chain["datasets"] == ["dataset:chain", "dataset:policy"]
    remove(store, ["dataset:policy"])
    only = contents(store)
    wiped_and_loaded = facts_of("chain", *the_chain().nodes.values(), *the_chain().relationships.values())
    assert load(store, [wiped_and_loaded]).total == 0
    assert contents(store) == only
    assert only[0]["chain:a"] == {
        "label": "Chain",
        **the_chain().nodes["chain:a"].properties(),
        "datasets": ["dataset:chain"],
    }


def test_a_fact_that_no_source_states_any_more_goes(store: Store) -> None:
    load(store, [the_chain()])
    shorter = facts_of("chain", the_chain().nodes["chain:a"])
    assert said(load(store, [shorter]))["removed"] == {"Segment": 2, "HAS_SEGMENT": 2, "SUPPLIES": 1}
    nodes, relationships = contents(store)
    assert (set(nodes), relationships) == ({"chain:a"}, {})


def test_what_another_source_still_states_stays(store: Store) -> None:
    load_each(store, [the_chain(), the_policy()])
    load(store, [facts_of("chain")])
    nodes, _ = contents(store)
    assert nodes["chain:a"]["name"] == "甲产业链"
    assert nodes["chain:a"]["datasets"] == ["dataset:policy"]
    assert "statements" not in nodes["chain:a"]


def test_placeholders_appear_and_vanish(store: Store) -> None:
    load(store, [the_firms()])
    nodes, _ = contents(store)
    waiting = {i: n for i, n in nodes.items() if n.get("placeholder")}
    assert waiting == {
        "region:510100": {
            "label": "Region",
            "id": "region:510100",
            "name": "510100",
            "datasets": [],
            "placeholder": True,
        },
        "seg:a/1": {"label": "Segment", "id": "seg:a/1", "name": "a/1", "datasets": [], "placeholder": True},
    }
    load(store, [the_chain()])
    segment = contents(store)[0]["seg:a/1"]
    assert segment == {
        "label": "Segment",
        **the_chain().nodes["seg:a/1"].properties(),
        "datasets": ["dataset:chain"],
    }
    remove(store, ["dataset:chain"])
    assert {i: n for i, n in contents(store)[0].items() if n.get("placeholder")} == waiting
    remove(store, ["dataset:firms"])
    assert contents(store) == ({}, {})


def test_remove_takes_back_all_that_a_dataset_said(store: Store) -> None:
    load(store, [the_chain()])
    before = contents(store), books(store)
    load_each(store, [the_firms(), the_policy()])
    remove(store, ["dataset:policy", "dataset:firms"])
    assert (contents(store), books(store)) == before
    result = remove(store, ["dataset:chain"])
    assert said(result)["removed"] == {"Chain": 1, "Segment": 2, "HAS_SEGMENT": 2, "SUPPLIES": 1}
    assert (contents(store), books(store)) == (({}, {}), [])


def test_removing_what_was_never_loaded_changes_nothing(store: Store) -> None:
    load(store, [the_chain()])
    before = contents(store), books(store)
    assert remove(store, ["dataset:nobody"]).total == 0
    assert (contents(store), books(store)) == before


def test_parallel_relationships_are_told_apart_by_their_key(store: Store) -> None:
    def parallel(capacity: float) -> Facts:
        return facts_of(
            "parallel",
            Firm(id="firm:one", name="一公司"),
            Segment(id="seg:a/1", name="料", position="upstream", order=1),
            *(OperatesIn(start="firm:one", end="seg:a/1", place=p) for p in (None, "region:1", "park:x")),
            OperatesIn(start="firm:one", end="seg:a/1", place="region:2", capacity=capacity),
        )

    load(store, [parallel(1)])
    assert len(contents(store)[1]) == 4
    result = load(store, [parallel(2)])
    assert said(result) == {"created": {}, "updated": {"OPERATES_IN": 1}, "removed": {}}
    places = {r[2].get("place"): r[2].get("capacity") for r in contents(store)[1].values()}
    assert places == {None: None, "region:1": None, "park:x": None, "region:2": 2}


# --- in any order ----------------------------------------------------------------------------------


def test_any_order_gives_the_same_graph(store: Store) -> None:
    load(store, all_three())
    at_once = contents(store), books(store)
    for order in permutations(all_three()):
        remove(store, [f.dataset.id for f in order])
        assert contents(store) == ({}, {})
        load_each(store, order)
        assert (contents(store), books(store)) == at_once, [f.dataset.id for f in order]


def test_reloading_in_any_order_gives_the_same_graph(store: Store) -> None:
    """Old versions first, some of them twice: what they leave behind must not depend on the order either."""
    load(store, all_three())
    expected = contents(store)
    old = [
        facts_of("firms", Firm(id="firm:old", name="旧公司"), LocatedIn(start="firm:old", end="region:1")),
        facts_of("policy", Chain(id="chain:a", name="旧名"), Leads(start="firm:old", end="chain:a")),
    ]
    for order in permutations([*old, the_chain()]):
        remove(store, ["dataset:chain", "dataset:firms", "dataset:policy"])
        load_each(store, [*order, *reversed(all_three())])
        assert contents(store) == expected


def test_the_files_of_data_may_come_one_at_a_time_in_any_order(
    database: Database, shipped_facts: Callable[[], list[Facts]]
) -> None:
    expected = contents(database.shipped()), books(database.store)
    order = list(shipped_facts())
    random.Random(20_220_528).shuffle(order)
    load_each(database.empty(), order)
    assert (contents(database.store), books(database.store)) == expected


# --- whole or not at all ---------------------------------------------------------------------------


def everything(store: Store) -> tuple[Any, ...]:
    """All that is on record, the books and the lock with them."""
    lock = store.read("MATCH (s:LoadState) RETURN s.state AS state, s.load_id AS load_id")
    return contents(store), books(store), lock, store.read("MATCH (n) RETURN count(n) AS n")


def test_a_load_that_fails_in_the_middle_leaves_the_graph_as_it_was(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_each(store, [the_chain(), the_firms()])
    before = everything(store)
    real = changes.apply
    done: list[int] = []

    def half_then_fail(tx: Any, planned: Any, batch_rows: int) -> None:
        half = len(planned) // 2
        real(tx, planned[:half], batch_rows)
        done.append(half)
        raise StoreError("the database said no")

    monkeypatch.setattr(writing, "apply", half_then_fail)
    with pytest.raises(StoreError, match="the database said no"):
        load(store, [the_policy()])
    assert done and done[0] > 0
    assert everything(store) == before


def test_a_plan_that_does_not_fit_what_is_there_is_refused_whole(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if someone had deleted a node between plan and write."""
    load(store, [the_chain()])
    before = everything(store)
    real = changes.apply

    def with_a_ghost(tx: Any, planned: Any, batch_rows: int) -> None:
        ghost = changes.Change("Firm", "firm:ghost", {"id": "firm:ghost"}, {"id": "firm:ghost", "name": "鬼"})
        real(tx, changes.in_order([*planned, ghost]), batch_rows)

    monkeypatch.setattr(writing, "apply", with_a_ghost)
    with pytest.raises(StoreError, match="updated Firm: 1 expected, 0 done; nothing was changed"):
        load(store, [the_firms()])
    assert everything(store) == before


def test_a_constraint_keeps_a_second_node_of_one_id_out(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    load(store, [the_chain()])
    before = everything(store)
    real = changes.apply

    def twice(tx: Any, planned: Any, batch_rows: int) -> None:
        again = changes.Change("Chain", "chain:a", None, {"id": "chain:a", "name": "又一条"})
        real(tx, changes.in_order([*planned, again]), batch_rows)

    monkeypatch.setattr(writing, "apply", twice)
    with pytest.raises(StoreError):
        load(store, [the_firms()])
    assert everything(store) == before


# --- large loads in batches ------------------------------------------------------------------------


class CutOffError(Exception):
    """The test's own way of ending a load."""


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "single_transaction_facts", 3)
    monkeypatch.setattr(settings, "batch_rows", 3)
    monkeypatch.setattr(settings, "home", tmp_path)


def cut_off_after(batches: int) -> Callable[[str, int, int], None]:
    def progress(phase: str, done: int, total: int) -> None:
        if phase in ("写入", "撤销") and done == batches:
            raise CutOffError

    return progress


def begin_and_cut_off(store: Store, batches: int) -> dict[str, Any]:
    """Load a first graph whole, then cut off the load of the others; what the store says of it."""
    with pytest.raises(CutOffError):
        load(store, [the_firms(), the_policy()], cut_off_after(batches))
    state = unfinished(store)
    assert state is not None
    return state


def load_whole(store: Store, facts: list[Facts], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(settings, "single_transaction_facts", 60_000)
        load(store, facts)


@pytest.mark.usefixtures("small_batches")
class TestBatches:
    def test_a_load_in_batches_is_the_load_in_one(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        load_whole(store, all_three(), monkeypatch)
        expected = contents(store), books(store)
        remove(store, [f.dataset.id for f in all_three()])
        steps: list[tuple[str, int, int]] = []
        result = load(store, all_three(), lambda *step: steps.append(step))
        assert (contents(store), books(store)) == expected
        assert said(result)["created"] == {
            "Chain": 1,
            "Segment": 2,
            "Region": 1,
            "Firm": 2,
            "HAS_SEGMENT": 2,
            "SUPPLIES": 1,
            "LOCATED_IN": 1,
            "OPERATES_IN": 2,
            "LEADS": 1,
        }
        written = [s for s in steps if s[0] == "写入"]
        total = -(-16 // settings.batch_rows)  # thirteen facts and three datasets
        assert written == [("写入", n, total) for n in range(1, total + 1)]
        assert unfinished(store) is None
        assert list((settings.home / "loads").iterdir()) == []
        assert load(store, all_three()).total == 0

    @pytest.mark.parametrize("batches", [1, 2, 4])  # of four: the last one written, its end not yet noted
    def test_it_is_resumed_where_it_was_cut_off(
        self, store: Store, monkeypatch: pytest.MonkeyPatch, batches: int
    ) -> None:
        load_whole(store, all_three(), monkeypatch)
        expected = contents(store), books(store)
        remove(store, ["dataset:firms", "dataset:policy"])
        state = begin_and_cut_off(store, batches)
        assert (state["state"], state["done"]) == ("running", batches)
        assert state["total"] == 4
        result = resume(store)
        assert (contents(store), books(store)) == expected
        assert unfinished(store) is None
        assert said(result)["created"]["Firm"] == 2  # the whole load is counted, not only its rest
        assert load(store, all_three()).total == 0

    def test_until_then_no_other_load_is_let_in(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        load_whole(store, [the_chain()], monkeypatch)
        state = begin_and_cut_off(store, 1)
        cut = everything(store)
        small = facts_of("small", Firm(id="firm:x", name="某公司"))
        message = "有一次分批载入尚未完成（仍在进行，或已中断）：若已中断，用 liantu load --resume 完成或 liantu load --rollback 撤销"
        for attempt in (
            lambda: load(store, [small]),
            lambda: load(store, all_three()),
            lambda: remove(store, ["dataset:chain"]),
        ):
            with pytest.raises(UnfinishedLoadError) as refused:
                attempt()
            assert str(refused.value) == message
        assert everything(store) == cut
        assert unfinished(store) == state

    @pytest.mark.parametrize("batches", [1, 2, 4])
    def test_it_is_rolled_back(self, store: Store, monkeypatch: pytest.MonkeyPatch, batches: int) -> None:
        load_whole(store, [the_chain(), facts_of("firms", *the_policy().nodes.values())], monkeypatch)
        before = contents(store), books(store)
        stamps = store.read("MATCH (d:Dataset) RETURN d.id AS id, d.loaded_at AS at ORDER BY id")
        begin_and_cut_off(store, batches)
        assert contents(store) != before[0]
        roll_back(store)
        assert (contents(store), books(store)) == before
        assert store.read("MATCH (d:Dataset) RETURN d.id AS id, d.loaded_at AS at ORDER BY id") == stamps
        assert unfinished(store) is None
        assert list((settings.home / "loads").iterdir()) == []
        load(store, [the_firms(), the_policy()])  # the way is free again

    def test_a_roll_back_that_was_cut_off_is_finished_too(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        load_whole(store, [the_chain()], monkeypatch)
        before = contents(store), books(store)
        begin_and_cut_off(store, 3)
        with pytest.raises(CutOffError):
            roll_back(store, cut_off_after(1))
        state = unfinished(store)
        assert state is not None and (state["state"], state["done"]) == ("rolling_back", 2)
        resume(store)
        assert (contents(store), books(store)) == before
        assert unfinished(store) is None

    def test_without_its_journal_it_says_so(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        load_whole(store, [the_chain()], monkeypatch)
        begin_and_cut_off(store, 1)
        for journal in (settings.home / "loads").iterdir():
            journal.unlink()
        for attempt in (resume, roll_back):
            with pytest.raises(StoreError, match="本机没有这次载入的日志"):
                attempt(store)

    def test_there_is_nothing_to_resume_after_a_whole_load(self, store: Store) -> None:
        load(store, all_three())
        for attempt in (resume, roll_back):
            with pytest.raises(LiantuError, match="没有中断的载入"):
                attempt(store)


# --- several at once -------------------------------------------------------------------------------


def some_firms(name: str, count: int) -> Facts:
    """Firms of one dataset; all datasets speak of the same region."""
    facts = facts_of(name, Region(id="region:510100", name="成都市", level="city"))
    for number in range(count):
        facts.add(
            Firm(id=f"firm:{name}-{number}", name=f"{name} {number}"),
            LocatedIn(start=f"firm:{name}-{number}", end="region:510100"),
        )
    return facts


def test_loads_of_several_threads_all_land(store: Store) -> None:
    sources = [some_firms(f"thread{n}", 20) for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda f: load(store, [f]), sources))
    assert [r.created["Firm"] for r in results] == [20] * 4
    at_the_same_time = contents(store), books(store)
    remove(store, [f.dataset.id for f in sources])
    load_each(store, sources)
    assert at_the_same_time == (contents(store), books(store))


LOADER = """
import sys
from graph.database.writing import load
from graph.database.store import Store
from tests.graph.database.test_loading import some_firms
with Store.open() as store:
    for _ in range(3):
        load(store, [some_firms(sys.argv[1], 0)])
        load(store, [some_firms(sys.argv[1], 20)])
"""


def test_loads_of_several_processes_all_land(database: Database, environment: Callable[..., dict[str, str]]) -> None:
    store = database.empty()
    load(store, [some_firms("here", 1)])
    names = ["left", "right"]
    command = [sys.executable, "-c", LOADER]
    processes = [
        subprocess.Popen([*command, name], cwd=TOP, env=environment(database), stderr=subprocess.PIPE, text=True)
        for name in names
    ]
    ended = [(p.wait(timeout=120), p.communicate()[1]) for p in processes]
    assert ended == [(0, ""), (0, "")]
    together = contents(store), books(store)
    remove(store, ["dataset:here", *(f"dataset:{n}" for n in names)])
    load_each(store, [some_firms("here", 1), *(some_firms(n, 20) for n in names)])
    assert together == (contents(store), books(store))


def test_plain_sees_every_difference(embedded_store: Store) -> None:
    """The comparison itself: a property, a relationship or a node more is another graph."""
    from graph.database.projection import whole_graph

    load(embedded_store, all_three())
    graph = whole_graph(embedded_store)
    for spoil in (
        lambda g: g.nodes["firm:one"].update(name="x"),
        lambda g: g.remove_node("firm:two"),
        lambda g: g.remove_edge(*next(iter(g.edges))),
    ):
        copy = graph.copy()
        spoil(copy)
        assert plain(copy) != plain(graph)
