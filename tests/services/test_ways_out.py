"""The way out of a gap from the graph: a small one where every answer is known, the shipped one, and the commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commands import options
from graph.analysis.reasons import reason
from graph.database.rows import R
from graph.database.store import Store
from graph.database.writing import load
from graph.errors import NotFoundError
from graph.schema import (
    Chain,
    Fact,
    Firm,
    HasSegment,
    Leads,
    LocatedIn,
    OperatesIn,
    Park,
    PartOf,
    Region,
    Segment,
    Supplies,
)
from graph.settings import settings
from reports.words import say_reason
from services.gaps import assess_chain
from services.ways_out import gather, of_segment, remedies_of
from tests.conftest import Database, Ended, facts_of

CHENGDU = "region:510100"
Liantu = Callable[..., Ended]


# --- a small graph -------------------------------------------------------------------------------------


def works(firm: str, segment: str, place: str, **properties: object) -> OperatesIn:
    values = {"as_of": "2024-06", "confidence": "high", "sources": [f"doc:{firm}"], **properties}
    return OperatesIn(start=f"firm:{firm}", end=f"seg:c/{segment}", place=place, **values)


def small() -> list[Fact]:
    """膜 goes into 芯, 芯 into 车. Here (region:here, with district and park): 芯 by home and rival; 膜 by nobody."""
    places = [
        Region(id="region:100000", name="中国", level="country"),
        Region(id="region:here", name="本市", level="city", lat=30.0, lon=104.0),
        Region(id="region:district", name="本区", level="county"),
        Region(id="region:far", name="远市", level="city", lat=30.0, lon=105.0),
        Region(id="region:far-county", name="远县", level="county"),
        Region(id="region:province", name="外省", level="province", lat=31.0, lon=110.0),
        PartOf(start="region:district", end="region:here"),
        PartOf(start="region:far-county", end="region:far"),
        Park(id="park:here", name="本园"),
        LocatedIn(start="park:here", end="region:district"),
    ]
    links = [
        Segment(id=f"seg:c/{n}", name=z, position="midstream", order=i)
        for i, (n, z) in enumerate([("film", "膜"), ("cell", "芯"), ("car", "车")], start=1)
    ]
    chain = [
        Chain(id="chain:c", name="某链"),
        *links,
        *(HasSegment(start="chain:c", end=s.id) for s in links),
        Supplies(start="seg:c/film", end="seg:c/cell"),
        Supplies(start="seg:c/cell", end="seg:c/car"),
    ]
    owners = {
        "home": None,
        "rival": "乙",
        "sister": "甲",
        "maker": "甲",
        "plain": None,
        "stale": None,
        "closed": None,
        "mine": None,
        "drafted": None,
        "outsider": None,
    }
    firms = [Firm(id=f"firm:{n}", name=n, owner=o, active=n != "closed") for n, o in owners.items()]
    operations = [
        works("home", "cell", "park:here"),
        works("rival", "cell", "region:here"),
        works("rival", "cell", "region:far-county"),
        works("outsider", "cell", "region:far"),
        works("sister", "car", "region:district", stage="planned"),
        works("maker", "film", "region:province"),
        works("plain", "film", "region:far", confidence="medium"),
        works("plain", "film", "region:100000"),
        works("stale", "film", "region:far", as_of="2010"),
        works("closed", "film", "region:far"),
        works("drafted", "film", "region:far", confidence="low"),
        works("mine", "film", "region:far"),
        works("mine", "film", "park:here", stage="under_construction"),
    ]
    return [*places, *chain, *firms, *operations, Leads(start="firm:rival", end="chain:c", region="region:here")]


@pytest.fixture
def own(store: Store) -> Store:
    load(store, [facts_of("small", *small())])
    return store


def test_every_reason_of_a_small_graph(own: Store) -> None:
    _, _, found = remedies_of(own, "本市", "膜")
    assert (
        found.candidates.total == found.candidates.ranked == 2
    )  # not the stale, closed, unsure one, nor one that builds here
    by_name = {c.name: {r.kind: r.points for r in c.reasons} for c in found.candidates.firms}
    w = settings.candidates
    common = {"customers": w.customers * 2 / 3, "leader": w.leader, "stage": w.stage}
    assert by_name["maker"] == pytest.approx(
        {**common, "beside": 0, "sisters": w.sisters / 4, "distance": by_name["maker"]["distance"]}
    )
    near = w.distance * (1 - 96.3 / w.distance_far)
    assert by_name["plain"] == pytest.approx(
        {**common, "beside": w.beside / 2, "sisters": 0, "distance": near}, abs=1e-4
    )
    assert {c.name: c.confidence for c in found.candidates.firms} == {"maker": "high", "plain": "medium"}
    assert found.candidates.firms[0].not_applied == (reason("honours_none_nor_code"),)


def test_the_nearest_place_of_a_country_is_none(own: Store) -> None:
    _, _, found = remedies_of(own, "本市", "膜")
    plain = next(c for c in found.candidates.firms if c.name == "plain")
    assert {s.name: s.city for s in plain.sites} == {"远市": "region:far", "中国": None}
    assert plain.distance == pytest.approx(96.3, abs=0.1)


def test_a_park_with_a_buyer_inside_is_offered(own: Store) -> None:
    _, _, found = remedies_of(own, "本市", "膜")
    (park,) = found.parks
    assert (park.name, park.places) == ("本园", ("本区",))
    assert say_reason(park.reasons[1].text) == "园内本环节与相邻环节：home（芯）"
    assert remedies_of(own, "远市", "膜")[2].parks == ()


def test_a_group_that_makes_it_here_is_no_second_source(own: Store) -> None:
    load(own, [facts_of("more", works("sister", "film", "region:district"))])
    _, _, found = remedies_of(own, "本市", "膜")
    assert [c.name for c in found.candidates.firms] == ["plain"]
    assert found.candidates.total == 1


def test_without_an_appointment_the_leader_test_is_not_applied(own: Store) -> None:
    load(own, [facts_of("small", *(f for f in small() if not isinstance(f, Leads)))])
    _, _, found = remedies_of(own, "本市", "膜")
    assert all(reason("leader_unknown") in c.not_applied for c in found.candidates.firms)


def test_names_that_mean_nothing_are_refused(own: Store) -> None:
    for names in (("本市", "镜"), ("无此地", "膜"), ("本市", "膜", "无此链")):
        with pytest.raises(NotFoundError):
            remedies_of(own, *names)
    load(
        own,
        [
            facts_of(
                "other",
                Chain(id="chain:d", name="另一链"),
                Segment(id="seg:e/x", name="孤", position="upstream", order=1),
            )
        ],
    )
    with pytest.raises(NotFoundError, match="另一链中没有环节"):
        remedies_of(own, "本市", "膜", "另一链")
    with pytest.raises(NotFoundError, match="任何产业链中没有环节"):
        remedies_of(own, "本市", "孤")


# --- the shipped graph ---------------------------------------------------------------------------------


@pytest.mark.parametrize("region", ["成都市", "龙泉驿区", "宜宾市", "简阳市"])
@pytest.mark.parametrize("chain", ["chain:lithium", "chain:hydrogen"])
def test_candidates_make_it_elsewhere_and_nowhere_here(shipped: Store, region: str, chain: str) -> None:
    gaps = assess_chain(shipped, region, chain)
    asked: list[str] = []

    def rows(kind: type[R], /, **parameters: Any) -> list[R]:
        asked.append(kind.query)
        return shipped.rows(kind, **parameters)

    remedies = gather(rows, gaps)
    assert len(asked) == 11
    for gap in gaps.segments:
        here = {m.id for m in gap.makers if m.confidence != "low"}
        found = of_segment(remedies, gap).candidates
        assert not here & {c.firm for c in found.firms}
        assert len(found.firms) <= min(found.ranked, settings.candidates.shown)
        assert found.ranked <= found.total
        scores = [c.score for c in found.firms]
        assert scores == sorted(scores, reverse=True)
        assert all(c.sites and c.as_of for c in found.firms)


def test_the_separator_of_chengdu(shipped: Store) -> None:
    gaps, gap, found = remedies_of(shipped, "成都市", "隔膜")
    assert (gaps.chain, gap.id) == ("chain:lithium", "seg:lithium/separator")
    names = [c.name for c in found.candidates.firms]
    assert "璞泰来" not in names  # it makes it in 邛崃
    assert names[0] == "中材科技"
    first = found.candidates.firms[0]
    assert {s.name: s.stage for s in first.sites} == {"枣庄市": "operating", "宜宾市": "under_construction"}
    assert [s.name for s, _ in first.nearby] == ["宜宾市"]
    assert "doc:news/sinoma-xinjin-2026" in first.sources
    senior = next(c for c in found.candidates.firms if c.name == "星源材质")
    assert any(r.kind == "beside" and say_reason(r.text).endswith("中创新航（常州市）") for r in senior.reasons)
    # 三（一）5 names three parks for battery materials; two firms of the links next to it are in the fourth.
    parks = {p.name: p.clauses for p in found.parks}
    named = {"四川天府新区半导体材料产业功能区", "淮州新城", "天府智能制造产业园"}
    assert set(parks) == {*named, "成都经济技术开发区"}
    assert all(parks[name] == ("行动方案 三（一）5",) for name in named)
    assert found.parks[0].name == "四川天府新区半导体材料产业功能区"
    assert [d.path for d in found.duties] == ["行动方案 三（一）2", "行动方案 三（一）5"]


def test_parks_that_carry_a_chain_come_with_their_clause(shipped: Store) -> None:
    _, _, found = remedies_of(shipped, CHENGDU, "电解水制氢", "氢能")
    assert found.parks[0].role == "main"
    assert found.parks[0].clauses == ("行动方案 三（一）4",)


# --- the commands ----------------------------------------------------------------------------------------


@pytest.fixture
def filled(configured: Database) -> Database:
    configured.shipped()
    return configured


def test_candidates_on_the_terminal(liantu: Liantu, filled: Database) -> None:
    ended = liantu("candidates", "-r", "成都市", "-s", "隔膜", "--investment", "50亿元")
    assert ended.code == 0
    for expected in (
        "隔膜 · 单一来源",
        "中材科技",
        "近处已有布局",
        "登记并非全国名录",
        "成都经济技术开发区",
        "还要问：",
        "1. 是否新建项目？（政策措施 1）",
    ):
        assert expected in ended.out, expected


def test_candidates_as_data(liantu: Liantu, filled: Database) -> None:
    found = json.loads(liantu("candidates", "-s", "电解液", "-f", "json").out)
    assert (found["segment"], found["status"]) == ("seg:lithium/electrolyte", "missing")
    for firm in found["firms"]:
        assert sum(r["points"] for r in firm["reasons"]) / firm["applied"] == pytest.approx(firm["score"])
        assert firm["sources"]
    assert found["firms_on_record"] >= found["firms_ranked"] >= len(found["firms"])


def test_support_reckons_what_is_stated(liantu: Liantu, filled: Database) -> None:
    stated = (
        "--investment",
        "50亿元",
        "--kind",
        "专精特新",
        "--fact",
        "新建项目=是",
        "--fact",
        "investment_subsidy=2亿元",
    )
    ended = liantu("support", "-r", "成都市", "-c", "锂电", *stated, "--fact", "served_firms=300")
    assert ended.code == 0
    assert "固定资产投资补贴总额 2 亿元 × 50% = 1 亿元" in ended.out
    assert "没有措施用到：平台对外服务的企业数" in ended.out
    found = json.loads(liantu("support", "-c", "锂电", *stated, "-f", "json").out)
    first = found["measures"][0]
    assert (first["verdict"], first["maximum"]["amount"], first["path"]) == ("met", 10_000, "政策措施 1")
    assert found["stated"]["fixed_investment"] == 500_000


_TAKE_INVESTMENT = {
    "support": ("support", "-c", "锂电", "-f", "json"),
    "candidates": ("candidates", "-s", "隔膜", "-f", "json"),
    "report gaps": ("report", "gaps", "-c", "锂电", "--top", "1", "-f", "json"),
}


@pytest.mark.parametrize("command", _TAKE_INVESTMENT)
def test_every_command_takes_the_same_sums(liantu: Liantu, filled: Database, tmp_path: Path, command: str) -> None:
    output = ("-o", tmp_path / "report.json") if command == "report gaps" else ()
    said = set()
    for text in ("30亿元", "30 亿", "300,000万", "３０００００ 万元", "3000000000元"):
        ended = liantu(*_TAKE_INVESTMENT[command], "--investment", text, *output)
        assert ended.code == 0, (text, ended.err)
        said.add((tmp_path / "report.json").read_text(encoding="utf-8") if output else ended.out)
    assert len(said) == 1
    assert "固定资产投资 30 亿元" in said.pop()
    for text in ("30", "30美元", "-30亿元"):
        ended = liantu(*_TAKE_INVESTMENT[command], "--investment", text, *output)
        assert ended.code == 1
        assert f"--investment: 金额应为数值加单位，如 50亿元、8000万 或 300000000元，不是 '{text}'" in ended.err


def test_no_command_declares_an_investment_of_its_own() -> None:
    for path in Path(options.__file__).parent.glob("*.py"):
        assert ('"--investment"' in path.read_text(encoding="utf-8")) is (path.name == "options.py"), path.name


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("support", "-c", "锂电", "--investment", "50"), "金额应为数值加单位"),
        (("support", "-c", "锂电", "--fact", "served_firms"), "--fact 应为 k=v"),
        (("support", "-c", "锂电", "--fact", "nothing=1"), "没有名为 nothing 的事实"),
        (("support", "-c", "锂电", "--fact", "new_build=也许"), "应为“是”或“否”"),
        (("support", "-c", "锂电", "--kind", "生产性服务业企业"), "可指多个事实"),
        (("candidates", "-s", "没有这个环节"), "没有名为"),
        (("leaders", "-c", "没有这条链"), "没有名为"),
    ],
)
def test_a_slip_is_told_in_one_line(liantu: Liantu, filled: Database, arguments: tuple[str, ...], said: str) -> None:
    ended = liantu(*arguments)
    assert ended.code == 1
    assert said in ended.err
    assert "Traceback" not in ended.err


def test_leaders_on_the_terminal_and_as_data(liantu: Liantu, filled: Database) -> None:
    ended = liantu("leaders", "-r", "成都市", "-c", "光伏")
    assert ended.code == 0
    assert "通威太阳能" in ended.out
    assert "行动方案 三（一）1" in ended.out
    found = json.loads(liantu("leaders", "-r", "成都市", "-c", "光伏", "-f", "json").out)
    assert "firm:tongwei-solar" in found["both"] + found["only_appointed"]
    assert found["thresholds"] == json.loads(json.dumps(settings.leaders.model_dump()))
