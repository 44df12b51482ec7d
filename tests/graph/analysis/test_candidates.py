"""Firms elsewhere and parks here: every reason with its points by hand, the order, and what is not applied."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.candidates import (
    Criterion,
    Customer,
    FirmCandidate,
    FirmElsewhere,
    LocalPlant,
    Neighbour,
    ParkHere,
    Site,
    Surroundings,
    distance_km,
    rank_firms,
    rank_parks,
)
from graph.settings import CandidateWeights, ParkWeights
from reports.words import say_reason

WEIGHTS = CandidateWeights(
    customers=0.25,
    customers_full=3,
    beside=0.15,
    beside_full=2,
    sisters=0.20,
    sisters_full=2,
    leader=0.15,
    stage=0.10,
    under_construction=0.5,
    planned=0.25,
    honours=0.10,
    honour_values={"单项冠军": 1.0, "小巨人": 0.8},
    listed=0.5,
    distance=0.05,
    distance_far=2000,
    near=300,
    shown=12,
)
PARKS = ParkWeights(
    carries=0.5, chain_share=0.7, supporting=0.6, neighbours=0.35, neighbours_full=3, in_district=0.5, targets=0.15
)
CALB = Customer("firm:calb", "中创新航", "电芯", cities={"region:320400": "常州市"})
EVE = Customer("firm:eve", "亿纬锂能", "电芯", cities={"region:441300": "惠州市", "region:420800": "荆门市"})
AROUND = Surroundings("成都市", (CALB, EVE), 2, (), 30.66, 104.06)
CHANGZHOU = Site(
    "region:320400", "常州市", city="region:320400", lat=31.77, lon=119.95, as_of="2023-12-31", confidence="high"
)


def firm(name: str = "a", *sites: Site, **properties: Any) -> FirmElsewhere:
    return FirmElsewhere(f"firm:{name}", name, sites or (CHANGZHOU,), **properties)


def one(found: FirmElsewhere, around: Surroundings = AROUND, weights: CandidateWeights = WEIGHTS) -> FirmCandidate:
    return rank_firms([found], around, weights)[0]


def reason(found: FirmCandidate, kind: str) -> Criterion:
    return next(r for r in found.reasons if r.kind == kind)


# --- the reasons, one by one -------------------------------------------------------------------------


def test_customers_here_count_up_to_three() -> None:
    assert reason(one(firm()), "customers").points == pytest.approx(0.25 * 2 / 3)
    assert say_reason(reason(one(firm()), "customers").text) == "本地下游客户 2 家：中创新航（电芯）、亿纬锂能（电芯）"
    many = replace(AROUND, customers_total=40)
    assert reason(one(firm(), many), "customers").points == 0.25
    none = replace(AROUND, customers=(), customers_total=0)
    assert reason(one(firm(), none), "customers").points == 0
    assert say_reason(reason(one(firm(), none), "customers").text) == "成都市的下游环节没有在产企业登记"


def test_plants_beside_a_local_buyer_elsewhere() -> None:
    found = reason(one(firm()), "beside")
    assert found.points == pytest.approx(0.15 / 2)
    assert say_reason(found.text) == "在外地与本地客户同城设厂：中创新航（常州市）"
    huizhou = Site("region:441300", "惠州市", city="region:441300")
    assert reason(one(firm("b", CHANGZHOU, huizhou)), "beside").points == pytest.approx(0.15)
    assert reason(one(firm("b", replace(CHANGZHOU, city=None))), "beside").points == 0


def test_a_firm_is_not_beside_itself() -> None:
    assert reason(one(firm("calb")), "beside").points == 0


def test_plants_here_of_the_firm_or_its_group() -> None:
    own = LocalPlant("firm:a", "a", "seg:x/1", "储氢容器")
    group = LocalPlant("firm:b", "b", "seg:x/2", "薄膜", stage="planned")
    found = one(firm(plants_here=(own, group)))
    assert reason(found, "sisters").points == pytest.approx(0.20 * 1.5 / 2)
    assert say_reason(reason(found, "sisters").text) == "本地已有本企业或同一集团的业务：a·储氢容器、b·薄膜（规划）"
    assert found.here
    twice = one(firm(plants_here=(own, own)))
    assert reason(twice, "sisters").points == pytest.approx(0.10)
    assert reason(one(firm()), "sisters").points == 0


def test_a_leader_that_buys_the_link() -> None:
    assert reason(one(firm(), replace(AROUND, leaders=("通威",))), "leader").points == 0.15
    assert reason(one(firm()), "leader").points == 0


@pytest.mark.parametrize(
    ("stages", "points"),
    [
        (("operating",), 0.10),
        (("planned", "operating"), 0.10),
        (("under_construction", "planned"), 0.05),
        (("planned",), 0.025),
    ],
)
def test_the_best_stage_counts(stages: tuple[str, ...], points: float) -> None:
    sites = [replace(CHANGZHOU, stage=s, name=s) for s in stages]
    assert reason(one(firm("a", *sites)), "stage").points == pytest.approx(points)


def test_what_is_not_finished_is_told_with_its_date() -> None:
    building = replace(CHANGZHOU, stage="under_construction", name="宜宾市", as_of="2023-06-27")
    assert say_reason(reason(one(firm("a", building)), "stage").text) == "在建 1 处（宜宾市，截至 2023-06-27）"


@pytest.mark.parametrize(
    ("properties", "points"),
    [
        ({"honours": ("国家级制造业单项冠军示范企业",)}, 0.10),
        ({"honours": ("专精特新小巨人",)}, 0.08),
        ({"honours": ("专精特新小巨人", "制造业单项冠军"), "stock_code": "1.SZ"}, 0.10),
        ({"stock_code": "300568.SZ"}, 0.05),
        ({"honours": ("绿色工厂",)}, 0.0),
    ],
)
def test_the_best_honour_counts(properties: dict[str, Any], points: float) -> None:
    assert reason(one(firm(**properties)), "honours").points == pytest.approx(points)


def test_distance_of_the_nearest_live_site() -> None:
    km = distance_km(31.77, 119.95, 30.66, 104.06)
    assert one(firm()).distance == pytest.approx(km)
    assert reason(one(firm()), "distance").points == pytest.approx(0.05 * (1 - km / 2000))
    near = Site("region:511500", "宜宾市", stage="under_construction", lat=28.77, lon=104.62)
    found = one(firm("a", CHANGZHOU, near))
    assert found.distance == pytest.approx(km)
    assert [(s.name, round(k)) for s, k in found.nearby] == [("宜宾市", 217)]
    assert found.nearby_note is not None
    assert say_reason(found.nearby_note) == "近处已有布局，可能就近供应：宜宾市（在建，217 公里）"
    assert one(firm()).nearby_note is None


def test_known_distances() -> None:
    assert distance_km(0, 0, 0, 90) == pytest.approx(10_007.557, abs=0.01)  # a quarter of the equator
    assert distance_km(0, 0, 0, 180) == pytest.approx(20_015.115, abs=0.01)
    assert distance_km(39.90, 116.40, 31.23, 121.47) == pytest.approx(1068, abs=2)  # Beijing - Shanghai


_DEGREES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(_DEGREES, _DEGREES)
def test_distance_is_symmetric_and_within_half_the_globe(a: tuple[float, float], b: tuple[float, float]) -> None:
    assert 0 <= distance_km(*a, *b) <= 20_015.2
    assert distance_km(*a, *b) == pytest.approx(distance_km(*b, *a), abs=1e-6)
    assert distance_km(*a, *a) == 0


# --- score and order ---------------------------------------------------------------------------------


def test_a_whole_score_by_hand() -> None:
    found = one(firm(stock_code="1.SZ", plants_here=(LocalPlant("firm:a", "a", "seg:x/1", "x"),)))
    km = distance_km(31.77, 119.95, 30.66, 104.06)
    points = 0.25 * 2 / 3 + 0.15 / 2 + 0.20 / 2 + 0 + 0.10 + 0.05 + 0.05 * (1 - km / 2000)
    assert found.applied == pytest.approx(1.0)
    assert found.score == pytest.approx(points)


def test_a_test_without_data_is_listed_and_leaves_the_score() -> None:
    unknown = Surroundings("某区")
    found = one(firm("a", Site(None, "地点未登记")), unknown)
    assert [say_reason(t).partition("：")[0] for t in found.not_applied] == [
        "本地客户",
        "与本地客户在外地同城",
        "链主的供应商",
        "称号",
        "距离",
    ]
    assert {r.kind for r in found.reasons} == {"sisters", "stage"}
    assert found.score == pytest.approx(0.10 / 0.30)
    known = one(firm("a", Site(None, "地点未登记"), honours=("绿色工厂",)), unknown)
    assert known.score == pytest.approx(0.10 / 0.40)  # an honour that is known to count nothing is no gap in the data


def test_equal_ones_come_by_newest_evidence_then_by_id() -> None:
    sites = {n: replace(CHANGZHOU, as_of=d) for n, d in (("a", "2022"), ("c", "2024"), ("b", "2024"))}
    found = rank_firms([firm(n, s) for n, s in sites.items()], AROUND, WEIGHTS)
    assert [c.firm for c in found] == ["firm:b", "firm:c", "firm:a"]
    assert len({c.score for c in found}) == 1


def test_confidence_is_that_of_the_least_sure_site_and_every_source_is_kept() -> None:
    sites = [
        replace(CHANGZHOU, confidence="high", sources=("doc:b",)),
        replace(CHANGZHOU, confidence="medium", sources=("doc:a",)),
    ]
    plant = LocalPlant("firm:a", "a", "seg:x/1", "x", sources=("doc:c",))
    found = one(firm("a", *sites, plants_here=(plant,)))
    assert (found.confidence, found.sources) == ("medium", ("doc:a", "doc:b", "doc:c"))
    assert one(firm("a", replace(CHANGZHOU, confidence=None))).confidence is None


_FIRMS = st.builds(
    lambda n, stock, plants, stages: firm(
        str(n),
        *(replace(CHANGZHOU, stage=s) for s in stages),
        stock_code="1.SZ" if stock else None,
        plants_here=tuple(LocalPlant(f"firm:{i}", "x", "seg:x/1", "x") for i in range(plants)),
    ),
    st.integers(0, 10**6),
    st.booleans(),
    st.integers(0, 4),
    st.lists(st.sampled_from(["operating", "under_construction", "planned"]), min_size=1, max_size=3),
)


@given(st.lists(_FIRMS, max_size=6, unique_by=lambda f: f.id), st.randoms())
def test_scores_are_fractions_and_the_order_does_not_hang_on_the_order_given(
    firms: list[FirmElsewhere], random: Any
) -> None:
    found = rank_firms(firms, AROUND, WEIGHTS)
    assert all(0 <= c.score <= 1 + 1e-9 for c in found)
    assert all(0 <= r.points <= r.most for c in found for r in c.reasons)
    shuffled = list(firms)
    random.shuffle(shuffled)
    assert rank_firms(shuffled, AROUND, WEIGHTS) == found


@given(_FIRMS)
def test_one_more_plant_here_never_lowers_a_score(found: FirmElsewhere) -> None:
    more = replace(found, plants_here=(*found.plants_here, LocalPlant("firm:new", "新", "seg:x/9", "新")))
    assert one(more).score >= one(found).score


# --- parks -------------------------------------------------------------------------------------------


def park(**properties: Any) -> ParkHere:
    return ParkHere(**{"id": "park:a", "name": "甲园", "district": "金堂县", **properties})


@pytest.mark.parametrize(
    ("roles", "points"),
    [
        ({"carries_link": "main"}, 0.5),
        ({"carries_link": "supporting"}, 0.3),
        ({"carries_chain": "main"}, 0.35),
        ({"carries_chain": "supporting"}, 0.21),
        ({"carries_link": "supporting", "carries_chain": "main"}, 0.35),
    ],
)
def test_the_better_appointment_counts(roles: dict[str, str], points: float) -> None:
    (found,) = rank_parks([park(**roles)], PARKS)
    assert found.reasons[0].points == pytest.approx(points)


def test_neighbours_inside_count_whole_and_in_the_district_half() -> None:
    here = (
        Neighbour("firm:1", "一", "电芯", True),
        Neighbour("firm:1", "一", "模组", False),
        Neighbour("firm:2", "二", "电芯", False),
    )
    (found,) = rank_parks([park(neighbours=here)], PARKS)
    assert found.reasons[1].points == pytest.approx(0.35 * 1.5 / 3)
    assert (
        say_reason(found.reasons[1].text)
        == "园内本环节与相邻环节：一（电芯）；所在金堂县本环节与相邻环节：一（模组）、二（电芯）"
    )


def test_a_park_without_a_reason_of_its_own_is_left_out() -> None:
    next_door = park(neighbours=(Neighbour("firm:1", "一", "电芯", False),))
    assert rank_parks([next_door, park()], PARKS) == ()


def test_a_park_whose_district_is_not_on_record_is_not_told_to_have_no_neighbours() -> None:
    (found,) = rank_parks([park(district=None, carries_chain="main")], PARKS)
    assert [say_reason(t).partition("：")[0] for t in found.not_applied] == ["相邻环节", "目标"]
    assert found.score == pytest.approx(0.7)
    (known,) = rank_parks([park(carries_chain="main")], PARKS)
    assert known.score == pytest.approx(0.35 / 0.85)


def test_parks_come_by_score() -> None:
    found = rank_parks([park(id="park:b", targets=("产值",)), park(carries_link="main", targets=("产值",))], PARKS)
    assert [p.park for p in found] == ["park:a", "park:b"]
    assert found[0].score == pytest.approx(0.65)
