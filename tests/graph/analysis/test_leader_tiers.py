"""Chain leaders: reach and loss by hand, tiers by stated tests, and the comparison with the appointments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import networkx as nx
import pytest

from graph.analysis.leader_tiers import (
    Appointment,
    ChainLeaders,
    LeaderProposal,
    Loss,
    has_ended,
    losses_of,
    propose_leaders,
    reach_of,
    shares_of,
)
from graph.analysis.makers import Basis, Maker
from graph.analysis.outages import supply_model
from graph.database.store import Store
from graph.settings import LeaderThresholds
from reports.words import say_reason
from services.leaders import chain_leaders

T = LeaderThresholds(
    loss_demonstration=0.2,
    loss_cultivation=0.1,
    share_demonstration=0.5,
    share_cultivation=0.25,
    reach_demonstration=8,
    reach_cultivation=3,
    honours_demonstration=("单项冠军",),
    honours_cultivation=("小巨人",),
    min_applied=2,
    tests_demonstration=2,
    tests_cultivation=2,
    tests_candidate=1,
)


def chain(*edges: tuple[str, str]) -> nx.MultiDiGraph[str]:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for a, b in edges:
        graph.add_edge(a, b)
    for node in graph:
        graph.nodes[node]["name"] = node
    return graph


def maker(name: str, **properties: Any) -> Maker:
    return Maker(f"firm:{name}", name, **properties)


LINE = chain(("料", "片"), ("片", "池"), ("池", "组"), ("组", "站"), ("浆", "池"), ("站", "收"), ("收", "料"))
LIVE: Mapping[str, Sequence[Maker]] = {
    "料": [maker("a")],
    "片": [maker("b")],
    "池": [maker("c"), maker("d")],
    "组": [maker("e"), maker("c")],
    "站": [maker("f")],
}


def test_reach_is_two_steps_both_ways_and_ends_on_loops() -> None:
    found = reach_of("firm:c", LINE, LIVE)
    assert [x.segment for x in found.own] == ["池", "组"]
    assert [[x.segment for x in step] for step in found.supplies] == [["站"], ["收"]]
    assert [sorted(x.segment for x in step) for step in found.buys] == [["浆", "片"], ["料"]]
    assert found.partners == {"firm:f": "f", "firm:b": "b", "firm:a": "a"}
    assert reach_of("firm:nobody", LINE, LIVE).partners == {}


def test_a_link_at_one_step_is_not_one_at_two() -> None:
    found = reach_of("firm:a", chain(("x", "y"), ("y", "z"), ("x", "z")), {"x": [maker("a")]})
    assert [[link.segment for link in step] for step in found.supplies] == [["y", "z"], []]


def test_a_share_is_of_quantities_in_one_unit() -> None:
    live = {
        "x": [maker("a", capacity=80.0, unit="GW"), maker("b", capacity=20.0, unit="GW")],
        "y": [maker("a"), maker("b")],
    }
    first, second = shares_of("firm:a", chain(("x", "y")), live)
    assert (first.segment, first.share, first.basis) == ("x", 0.8, Basis.CAPACITY)
    assert (second.share, second.basis) == (0.5, Basis.COUNT)


def propose(
    live: Mapping[str, Sequence[Maker]], losses: Mapping[str, Loss], *appointments: Appointment, **more: Any
) -> ChainLeaders:
    return propose_leaders(LINE, live, losses, appointments, T, **more)


def tier_of(found: ChainLeaders, name: str) -> LeaderProposal:
    return next(p for p in found.firms if p.firm == f"firm:{name}")


@pytest.mark.parametrize(
    ("loss", "honours", "tier"),
    [
        (0.25, ("制造业单项冠军",), "示范库"),
        (0.25, ("专精特新小巨人",), "培育库"),
        (0.10, ("专精特新小巨人",), "培育库"),
        (0.09, ("专精特新小巨人",), "候选库"),
        (0.09, ("绿色工厂",), None),
    ],
)
def test_tiers_by_the_number_of_tests(loss: float, honours: tuple[str, ...], tier: str | None) -> None:
    live = {"站": [maker("x", honours=honours), maker("y")]}
    assert tier_of(propose(live, {"firm:x": Loss(loss, loss)}), "x").tier == tier


def test_a_firm_that_too_little_is_known_of_is_left_open() -> None:
    found = tier_of(propose({"站": [maker("x")]}, {"firm:x": Loss(None, 0.9)}), "x")
    assert (found.tier, found.is_open) == (None, True)
    assert say_reason(found.reason) == "无法提出：只有 1 项检验有数据，少于 2 项"
    assert say_reason(found.not_applied[0]).startswith(
        "断供损失（上界）：所在环节的登记都只有它一家且未声明完整，损失 90% 只是上界"
    )


def test_a_share_by_number_is_no_evidence() -> None:
    by_number = tier_of(propose({"站": [maker("x"), maker("y")]}, {}), "x")
    assert "环节份额：所在环节没有可比的产值或产能登记" in map(say_reason, by_number.not_applied)
    by_output = {"站": [maker("x", output=60.0), maker("y", output=40.0)]}
    share = next(f for f in tier_of(propose(by_output, {}), "x").findings if f.kind == "share")
    assert (share.level, say_reason(share.text)) == (2, "占站（2 家，按产值）60%")


def test_a_sole_maker_counts_only_on_a_complete_register() -> None:
    live = {"站": [maker("x", output=60.0)]}
    assert not any(f.kind == "share" for f in tier_of(propose(live, {}), "x").findings)
    assert any(f.kind == "share" for f in tier_of(propose(live, {}, surveyed={"站"}), "x").findings)


def test_losses_leave_out_links_that_a_firm_is_alone_on() -> None:
    """Without A only 片 falls to .3 and all after it; its own 站, which nobody else is on record for, is the upper bound."""
    held = {"片": {"A": 70.0, "B": 30.0}, "组": {"H": 80.0, "C": 20.0}, "站": {"A": 100.0}}
    graph = chain(("片", "组"), ("组", "站"))
    live = {link: [Maker(f, f, capacity=q, unit="GW") for f, q in firms.items()] for link, firms in held.items()}
    model, _ = supply_model(graph, live, {})
    found = losses_of(model, live)
    assert found["A"].shared == pytest.approx(0.7)
    assert found["A"].whole == pytest.approx(0.8)
    assert found["H"].shared == found["H"].whole == pytest.approx(1.6 / 3)
    assert losses_of(model, live, surveyed={"站"})["A"].shared == pytest.approx(0.8)
    alone = {**live, "组": [Maker("H", "H", capacity=100.0, unit="GW")]}
    assert losses_of(supply_model(graph, alone, {})[0], alone)["H"].shared is None
    assert losses_of(supply_model(graph, {}, {})[0], {}) == {}


def test_appointed_and_proposed_are_compared() -> None:
    live = {
        "站": [
            maker("both", honours=("小巨人",)),
            maker("only", honours=("小巨人",)),
            maker("weak", honours=("绿色工厂",)),
        ]
    }
    losses = {f"firm:{n}": Loss(0.15, 0.15) for n in ("both", "only")} | {"firm:weak": Loss(0.01, 0.01)}
    found = propose(
        live,
        losses,
        Appointment("firm:both", "both"),
        Appointment("firm:weak", "weak"),
        Appointment("firm:gone", "gone"),
        Appointment("firm:only", "only", valid_to="2023"),
        as_of="2024-06",
    )
    assert [p.firm for p in found.both] == ["firm:both"]
    assert [p.firm for p in found.only_appointed] == ["firm:weak"]
    assert [p.firm for p in found.only_proposed] == ["firm:only"]
    assert [a.firm for a in found.absent] == ["firm:gone"]
    assert [a.firm for a in found.ended] == ["firm:only"]


@pytest.mark.parametrize(
    ("end", "as_of", "ended"),
    [
        (None, "2024", False),
        ("2024", None, False),
        ("2024", "2024-06", False),
        ("2023", "2024-06", True),
        ("2024-06-30", "2024-07", True),
    ],
)
def test_an_appointment_holds_to_the_end_of_its_last_year(end: str | None, as_of: str | None, ended: bool) -> None:
    assert has_ended(end, as_of) is ended


def test_nobody_on_record_proposes_nobody() -> None:
    found = propose({}, {})
    assert not found.firms
    assert "没有登记本地该链的链主任命；不等于没有任命" in map(say_reason, found.notes)
    assert "没有登记本地在产企业，无从提出" in map(say_reason, found.notes)


# --- Chengdu --------------------------------------------------------------------------------------------


def test_the_leader_that_chengdu_names_is_compared(shipped: Store) -> None:
    found = chain_leaders(shipped, "成都市", "光伏")
    tongwei = tier_of(found, "tongwei-solar")
    assert [a.clauses for a in tongwei.appointments] == [("行动方案 三（一）1",)]
    assert tongwei in (*found.both, *found.only_appointed)
    assert {x.segment for x in tongwei.reach.own} == {"seg:pv/cell", "seg:pv/module"}
    assert not chain_leaders(shipped, "成都市", "锂电").absent


def test_a_region_without_firms_has_no_proposals(shipped: Store) -> None:
    assert chain_leaders(shipped, "简阳市", "锂电").firms == ()
