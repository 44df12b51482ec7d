"""Regions side by side and relatedness: known answers on small graphs, on both engines, and the shipped data."""

from __future__ import annotations

import pytest

from graph.analysis.assessment import ChainGaps
from graph.analysis.reasons import Reason, reason
from graph.database.store import Store
from graph.database.writing import load
from graph.errors import LiantuError
from graph.facts import Facts
from graph.schema import Chain, Dataset, Fact, Firm, HasSegment, LocatedIn, OperatesIn, Park, PartOf, Region, Segment
from graph.settings import SpecialisationThresholds, StatusThresholds, settings
from reports.words import say_reason
from services.gaps import assess_chain
from services.regions import Relatedness, compare_regions, ease_of, members, relatedness
from tests.conftest import facts_of

A, B = "seg:t/a", "seg:t/b"


def _region(code: str, level: str, parent: str | None = None) -> list[Fact]:
    node: list[Fact] = [Region(id=f"region:{code}", name=f"地区{code}", code=code, level=level)]
    return node + ([PartOf(start=f"region:{code}", end=f"region:{parent}")] if parent else [])


def _firm(name: str, *operations: tuple[str, str | None], home: str = "region:210000", **more: object) -> list[Fact]:
    firm = f"firm:{name}"
    return [
        Firm(id=firm, name=name, **more),
        LocatedIn(start=firm, end=home),
        *(OperatesIn(start=firm, end=segment, place=place) for segment, place in operations),
    ]


def _facts(*groups: list[Fact]) -> Facts:
    chain: list[Fact] = [
        Chain(id="chain:t", name="测试链"),
        *(Segment(id=s, name=s[-1].upper(), position="upstream", order=1) for s in (A, B)),
        *(HasSegment(start="chain:t", end=s) for s in (A, B)),
    ]
    return facts_of("t", *chain, *(fact for group in groups for fact in group))


def _two_cities() -> Facts:
    """City 1 with a district and a park in it, city 2; a firm in two places of city 1 counts there once."""
    return _facts(
        _region("100000", "country"),
        _region("210000", "province", "100000"),
        _region("210100", "city", "210000"),
        _region("210101", "county", "210100"),
        _region("210200", "city", "210000"),
        [Park(id="park:p", name="园"), LocatedIn(start="park:p", end="region:210101")],
        _firm("two-places", (A, "region:210101"), (A, "park:p"), owner="甲"),
        _firm("same-owner", (A, "region:210100"), owner="甲"),
        _firm("at-home", (A, None), home="park:p"),
        _firm("other", (A, "region:210200"), (B, "region:210200")),
        _firm("everywhere", (B, "region:100000")),
        _firm("closed", (B, "region:210101"), active=False),
        [
            *_firm("doubtful", home="region:210100"),
            OperatesIn(start="firm:doubtful", end=B, place="region:210100", confidence="low"),
            *_firm("to-come", home="region:210100"),
            OperatesIn(start="firm:to-come", end=B, place="region:210100", stage="planned"),
        ],
    )


@pytest.fixture
def no_least(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quotients of small numbers too."""
    monkeypatch.setattr(settings, "status", StatusThresholds(benchmark_min_makers=1, region_min_operations=1))


@pytest.mark.usefixtures("no_least")
def test_what_two_cities_have(store: Store) -> None:
    """City 1 has a from 3 firms, 2 of one owner: 1/HHI = 9/5; nation a 4 b 2: LQ (3/3)/(4/6) = 1.5, (1/2)/(4/6) = 0.75."""
    load(store, [_two_cities()])
    chain = compare_regions(store, ["region:210100", "地区210200"], ["测试链"]).chains[0]
    a, b = chain.links
    one, two = a.presence["region:210100"], a.presence["region:210200"]
    assert (a.nation, b.nation) == (4, 2)
    assert (one.makers, two.makers) == (3, 1)
    assert one.effective_owners == pytest.approx(1.8)
    assert (one.quotient, two.quotient) == pytest.approx((1.5, 0.75))
    assert (one.rank, two.rank) == (1, 2)
    # the province has 4 of a and 1 of b: (3/3)/(4/5)
    assert one.parent_quotient == pytest.approx(1.25)
    assert b.presence["region:210100"].makers == 0
    assert b.presence["region:210100"].effective_owners is None
    assert b.presence["region:210100"].rank is None
    assert b.presence["region:210200"].quotient == pytest.approx(1.5)
    assert b.holders == ("region:210200",)
    first, second = chain.regions
    assert (first.held, first.completeness, first.operations) == (1, 0.5, 3)
    assert (second.held, second.completeness, second.operations) == (2, 1, 2)
    assert first.specialised == (A,)
    assert second.specialised == (B,)
    assert first.parent_name == "地区210000"


@pytest.mark.usefixtures("no_least")
def test_a_place_counts_in_every_region_around_it(store: Store) -> None:
    load(store, [_two_cities()])
    found = compare_regions(store, ["region:210101", "region:210100", "region:210000", "region:100000"], ["chain:t"])
    a, b = found.chains[0].links
    assert [p.makers for p in a.presence.values()] == [2, 3, 4, 4]
    assert [p.makers for p in b.presence.values()] == [0, 0, 1, 2]


def test_no_quotient_of_small_numbers(store: Store) -> None:
    load(store, [_two_cities()])
    chain = compare_regions(store, ["region:210100", "region:210200"], ["chain:t"]).chains[0]
    assert all(p.quotient is None and p.rank is None for link in chain.links for p in link.presence.values())
    assert chain.links[0].not_applied == reason("few_in_nation", makers=4, least=5)
    assert chain.regions[0].not_applied == reason("few_in_region", operations=3, least=5)


def test_a_comparison_needs_two_regions(embedded_store: Store) -> None:
    load(embedded_store, [_two_cities()])
    with pytest.raises(LiantuError, match="至少两个"):
        compare_regions(embedded_store, ["region:210100", "地区210100"], ["chain:t"])


def test_members_of_a_region(store: Store) -> None:
    load(store, [_two_cities()])
    assert members(store, "region:210000") == ("region:210100", "region:210200")
    assert members(store, "region:210000", "county") == ("region:210101",)
    with pytest.raises(LiantuError, match="没有"):
        members(store, "region:210200")
    with pytest.raises(LiantuError, match="没有下一级"):
        members(store, "region:210101")


# --- relatedness --------------------------------------------------------------------------------------


def _three_cities() -> Facts:
    """R1 has a, b, c; R2 a, b; R3 a only: the nested matrix of tests/test_specialisation.py."""
    c = "seg:t/c"
    extra: list[Fact] = [
        Segment(id=c, name="C", position="upstream", order=1),
        HasSegment(start="chain:t", end=c),
    ]
    cells = {"210100": {A: 2, B: 3, c: 6}, "210200": {A: 4, B: 4}, "210300": {A: 6}}
    firms = [
        _firm(f"{city}{segment[-1]}{i}", (segment, f"region:{city}"))
        for city, row in cells.items()
        for segment, count in row.items()
        for i in range(count)
    ]
    cities = [_region(city, "city", "210000") for city in (*cells, "210400")]
    return _facts(_region("100000", "country"), _region("210000", "province", "100000"), *cities, extra, *firms)


def test_relatedness_by_hand(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """LQ of a: 0.4, 1.1, 2.1; b: 0.97, 1.79, 0; c: 2.27, 0, 0. So R1 has c, R2 a and b, R3 a: a and b go together half the time."""
    monkeypatch.setattr(settings, "specialisation", SpecialisationThresholds(min_regions=3))
    load(store, [_three_cities()])
    found = relatedness(store, "地区210300")
    assert isinstance(found, Relatedness)
    assert (found.regions, found.segments, found.level) == (3, 3, "city")
    assert [(link.id, link.density, link.makers) for link in found.links] == [(B, 1.0, 0), (A, 0.0, 6)]
    assert found.links[0].because == ((A, 0.5),)
    assert found.absent == (found.links[0],)
    assert isinstance(found.complexity, Reason)
    assert "2 块" in say_reason(found.complexity)
    assert ease_of(store, "region:210300") == {B: 1.0, A: 0.0}


@pytest.mark.parametrize(
    ("region", "least", "why"),
    [
        ("region:210300", 30, "仅 3 个"),
        ("region:210400", 3, "登记仅 0 家次"),
        ("region:100000", 3, "没有同级"),
    ],
)
def test_relatedness_is_refused(
    embedded_store: Store, monkeypatch: pytest.MonkeyPatch, region: str, least: int, why: str
) -> None:
    monkeypatch.setattr(settings, "specialisation", SpecialisationThresholds(min_regions=least))
    load(embedded_store, [_three_cities()])
    found = ease_of(embedded_store, region)
    assert isinstance(found, Reason)
    assert why in say_reason(found)


def test_relatedness_of_an_empty_graph_is_refused(embedded_store: Store) -> None:
    load(embedded_store, [Facts(Dataset(id="dataset:r", name="r"))])
    load(embedded_store, [facts_of("r", *_region("100000", "country"), *_region("210000", "province", "100000"))])
    assert isinstance(relatedness(embedded_store, "region:210000"), Reason)


# --- the shipped data ---------------------------------------------------------------------------------


def test_cities_carry_relatedness_and_provinces_and_districts_do_not(shipped_embedded: Store) -> None:
    city = relatedness(shipped_embedded, "成都市")
    assert isinstance(city, Relatedness)
    assert city.regions >= settings.specialisation.min_regions
    assert city.absent
    assert all(0 <= link.density <= 1 for link in city.links)
    assert isinstance(relatedness(shipped_embedded, "上海市"), Relatedness)  # a municipality stands among the cities
    for region in ("四川省", "龙泉驿区"):
        refused = relatedness(shipped_embedded, region)
        assert isinstance(refused, Reason)
        assert "少于 30" in say_reason(refused)


def test_figures_are_those_of_the_gap_report(shipped_embedded: Store) -> None:
    """Counted in the database, and counted from every single operation: the same makers, quotients and owners."""
    regions = ("成都市", "宜宾市", "龙泉驿区", "四川省")
    for chain in settings.main_chains:
        compared = compare_regions(shipped_embedded, regions, [chain]).chains[0]
        for region in compared.regions:
            gaps: ChainGaps = assess_chain(shipped_embedded, region.id, chain)
            for segment in gaps.segments:
                found = next(link for link in compared.links if link.id == segment.id).presence[region.id]
                assert found.makers == segment.live
                if segment.live:
                    assert found.quotient == pytest.approx(segment.location_quotient)
            assert region.completeness == pytest.approx(gaps.completeness)
