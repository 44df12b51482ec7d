"""The worked example of docs/methods.md, loaded as a user would and measured on every backend: its table to three digits."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.analysis.assessment import ChainAssessment
from graph.analysis.makers import Basis
from graph.database.store import Store
from graph.database.writing import load
from loaders.sources import read_sources
from services.gaps import assess
from tests.conftest import Database, Ended

CHAIN = """
chain: {id: chain:example, name: 算例}
segments:
  - {id: seg:example/silicon, name: 硅料, position: upstream, order: 1}
  - {id: seg:example/paste, name: 银浆, position: upstream, order: 2}
  - {id: seg:example/glass, name: 光伏玻璃, position: upstream, order: 3}
  - {id: seg:example/film, name: 胶膜, position: upstream, order: 3}
  - {id: seg:example/inverter, name: 逆变器, position: midstream, order: 4}
  - id: seg:example/wafer
    name: 硅片
    position: midstream
    order: 2
    inputs: [{from: seg:example/silicon, cost_share: 0.6}]
  - id: seg:example/cell
    name: 电池片
    position: midstream
    order: 3
    inputs: [{from: seg:example/wafer, cost_share: 0.7}, {from: seg:example/paste, cost_share: 0.2}]
  - id: seg:example/module
    name: 组件
    position: midstream
    order: 4
    inputs: [{from: seg:example/cell, cost_share: 0.6}, {from: seg:example/glass, cost_share: 0.2}, {from: seg:example/film, cost_share: 0.1}]
  - id: seg:example/plant
    name: 电站
    position: downstream
    order: 5
    inputs: [{from: seg:example/module, cost_share: 0.5}, {from: seg:example/inverter, cost_share: 0.2}]
"""
RECYCLING = CHAIN.replace(
    "{id: seg:example/silicon, name: 硅料, position: upstream, order: 1}",
    "{id: seg:example/silicon, name: 硅料, position: upstream, order: 1, inputs: [{from: seg:example/module}]}",
)
REGIONS = "编号,名称,级别,隶属\nregion:R,本地,city,\nregion:E,外地,city,\n"
FIRMS = "编号,名称,位于\n" + "".join(f"firm:{f},{f}厂,region:R\n" for f in "ABCDEGHIJK")
OPERATIONS = "企业,环节,产能,单位,截至\n" + "".join(
    f"{firm}厂,{segment},{capacity},GW,2024-12-31\n"
    for segment, held in {
        "硅片": {"A": 70, "B": 30},
        "电池片": {"C": 100},
        "光伏玻璃": {"D": 50, "E": 50},
        "胶膜": {"G": 40},
        "组件": {"H": 80, "C": 20},
        "逆变器": {"I": 60, "J": 40},
        "电站": {"K": 100},
    }.items()
    for firm, capacity in held.items()
)
INFLOWS = "地区,环节,来源地,数量,单位\n本地,硅料,外地,100,GW\n本地,银浆,外地,100,GW\n本地,胶膜,外地,60,GW\n"
SEG = {
    "硅料": "silicon",
    "银浆": "paste",
    "光伏玻璃": "glass",
    "胶膜": "film",
    "逆变器": "inverter",
    "硅片": "wafer",
    "电池片": "cell",
    "组件": "module",
    "电站": "plant",
}

#: removed -> (L, q of 组件, q of 电站)
TABLE = {
    "A": (0.438, 0.3, 0.3),
    "B": (0.188, 0.7, 0.7),
    "C": (0.469, 0, 0),
    "D": (0.234, 0.5, 0.5),
    "E": (0.234, 0.5, 0.5),
    "G": (0.150, 0.6, 0.6),
    "H": (0.250, 0.2, 0.2),
    "I": (0.188, 1, 0.4),
    "J": (0.125, 1, 0.6),
    "K": (0.156, 1, 0),
}
OUTSIDE = {"硅料": (0.625, 0, 0), "银浆": (0.469, 0, 0), "胶膜": (0.225, 0.4, 0.4)}


def seg(name: str) -> str:
    return f"seg:example/{SEG[name]}"


def written(folder: Path, chain: str = CHAIN) -> Path:
    (folder / "chains").mkdir()
    (folder / "chains" / "example.yaml").write_text(chain, encoding="utf-8")
    for name, text in {"地区": REGIONS, "企业": FIRMS, "从事": OPERATIONS, "外部供给": INFLOWS}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def measured(store: Store, folder: Path, chain: str = CHAIN) -> ChainAssessment:
    load(store, read_sources([written(folder, chain)]))
    return assess(store, "本地", ["算例"]).chains[0]


@pytest.fixture
def example(store: Store, tmp_path: Path) -> ChainAssessment:
    return measured(store, tmp_path)


def test_what_falls_out_when_a_firm_or_an_outside_source_does(example: ChainAssessment) -> None:
    outages = example.outages
    found = {k.id.removeprefix("firm:"): k for k in outages.firms}
    assert set(found) == set(TABLE)
    for firm, (loss, module, plant) in TABLE.items():
        left = dict(found[firm].links)
        got = found[firm].loss, left.get(seg("组件"), 1), left.get(seg("电站"), 1)
        assert got == pytest.approx((loss, module, plant), abs=5.1e-4), firm
    outside = {k.id: k for k in outages.outside}
    assert set(outside) == {seg(name) for name in OUTSIDE}
    for name, (loss, module, plant) in OUTSIDE.items():
        left = dict(outside[seg(name)].links)
        got = outside[seg(name)].loss, left.get(seg("组件"), 1), left.get(seg("电站"), 1)
        assert got == pytest.approx((loss, module, plant), abs=5.1e-4), name
    assert (outages.weighed, outages.assumed) == (Basis.CAPACITY, ())
    assert [k.id for k in outages.origins] == ["region:E"]
    assert outages.resilience == pytest.approx(1 - 0.46875)


def test_what_stops_the_modules(example: ChainAssessment) -> None:
    stopping = example.outages.stopping[seg("组件")]
    assert stopping.single == ("firm:C",)
    assert stopping.pairs == (("firm:A", "firm:B"), ("firm:D", "firm:E"))


def test_coverage_and_concentration(example: ChainAssessment) -> None:
    coverage = example.measured_coverage
    assert coverage is not None
    assert coverage.basis is Basis.CAPACITY
    found = {name: round(coverage.users[seg(name)].value, 3) for name in ("硅片", "电池片", "组件", "电站")}
    assert found == {"硅片": 0, "电池片": 0.778, "组件": 0.933, "电站": 1}
    assert coverage.total is not None
    assert coverage.total.value == pytest.approx((70 + 84 + 70) / 310)  # λ·Σa·X over Σa·X, each link 100 GW
    by_id = {s.id: s for s in example.gaps.segments}
    hhi = {name: 1 / by_id[seg(name)].effective_owners for name in ("硅片", "组件", "逆变器", "光伏玻璃")}  # type: ignore[operator]
    assert hhi == pytest.approx({"硅片": 0.58, "组件": 0.68, "逆变器": 0.52, "光伏玻璃": 0.5})


def test_size_is_not_criticality(example: ChainAssessment) -> None:
    """H makes four fifths of the modules, yet C matters more."""
    order = [k.id for k in example.outages.firms]
    assert order.index("firm:C") < order.index("firm:H")


def test_what_comes_from_one_place_is_flagged(example: ChainAssessment) -> None:
    found = {d.segment: d for d in example.dependence}
    assert set(found) == {seg("硅料"), seg("银浆"), seg("胶膜")}
    assert all(d.flagged and d.concentration == 1 and d.origins == (("外地", 1.0),) for d in found.values())
    assert found[seg("胶膜")].delta == pytest.approx(0.6)


def test_with_a_recycling_loop_nothing_is_lost_and_b_loses_the_same(store: Store, tmp_path: Path) -> None:
    found = measured(store, tmp_path, RECYCLING).outages
    assert {k.id: k for k in found.firms}["firm:B"].loss == pytest.approx(0.188, abs=5.1e-4)
    assert found.at_random is not None
    assert found.at_random.left[-1] == pytest.approx(0.6 * 40 / 640)  # only the film that is brought in


def test_the_region_has_the_same_in_one_order(store: Store, tmp_path: Path) -> None:
    one = measured(store, tmp_path)
    region = assess(store, "本地", ["算例", "chain:example"])
    assert [c.gaps for c in region.chains] == [one.gaps]
    assert [g.segment.id for g in region.ranked] == [s.id for s in one.gaps.gaps]
    assert region.unranked == ()


def test_the_commands_print_the_table(liantu: Callable[..., Ended], configured: Database, tmp_path: Path) -> None:
    configured.empty()
    assert liantu("load", written(tmp_path)).code == 0
    ended = liantu("knockout", "-r", "本地", "-c", "算例", "-k", "firms", "-l", "组件", "-l", "电站", "-f", "csv")
    assert (ended.code, ended.err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    found = {row["编号"].removeprefix("firm:"): tuple(float(row[c]) for c in ("损失", "组件", "电站")) for row in rows}
    assert set(found) == set(TABLE)
    assert all(found[firm] == pytest.approx(TABLE[firm], abs=5.1e-4) for firm in TABLE)
    everything = json.loads(liantu("knockout", "-r", "本地", "-c", "算例", "-f", "json").out)
    assert everything["stopping"][seg("组件")]["pairs"] == [["firm:A", "firm:B"], ["firm:D", "firm:E"]]
    printed = liantu("knockout", "-r", "本地", "-c", "算例").out
    assert "0.469" in printed
    assert "组件：缺两家即停——A厂、B厂；D厂、E厂" in printed
    covered = json.loads(liantu("coverage", "-r", "本地", "-c", "算例", "-f", "json").out)
    assert covered["capacity"]["users"][seg("电池片")]["lambda"] == pytest.approx(0.778, abs=5.1e-4)
    assert "按产能：全链本地配套率 72%" in liantu("coverage", "-r", "本地", "-c", "算例").out
    assert liantu("knockout", "-r", "本地", "-c", "算例", "-l", "没有").err == "✗ 算例没有环节“没有”\n"
