"""One assessment: the same order and numbers of the same gaps, whoever asks and however many chains are chosen."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import combinations

import pytest

from graph.database.store import Store
from graph.settings import settings
from reports.gap.gap_json import gap_data
from services.dossier import gather_dossier
from services.gaps import assess, assess_chain
from tests.conftest import Ended, in_english

REGIONS = ("region:510100", "region:511500", "region:510112")


@pytest.mark.parametrize("region", REGIONS)
def test_another_chain_changes_neither_a_score_nor_the_order_of_two_gaps(shipped_embedded: Store, region: str) -> None:
    """A gap is a link in a chain: with each further chain its score stays, and so does the order among the gaps there were."""
    chains = settings.main_chains
    every = assess(shipped_embedded, region, chains)
    scores = {(c.gaps.chain, s.id): s.score for c in every.chains for s in c.gaps.gaps}
    order = [g.segment.id for g in (*every.ranked, *every.unranked)]
    assert len(order) == len(set(order))
    for number in (1, 2, 4):
        for chosen in list(combinations(chains, number))[:6]:
            found = assess(shipped_embedded, region, chosen)
            assert {(c.gaps.chain, s.id): s.score for c in found.chains for s in c.gaps.gaps} == {
                key: score for key, score in scores.items() if key[0] in chosen
            }
            assert found.ranking.weights == every.ranking.weights
            kept = {g.segment.id for g in every.ranked if g.chain.chain in chosen}
            assert [g.segment.id for g in found.ranked if g.segment.id in kept] == [i for i in order if i in kept]


def test_command_page_and_report_show_one_order(liantu: Callable[..., Ended], shipped_embedded: Store) -> None:
    region, chain = "region:510100", "chain:lithium"
    printed = json.loads(liantu("gaps", "-r", region, "-c", chain, "-f", "json").out)
    wanted = [(s["id"], s["score"]) for s in printed["segments"] if s["score"] is not None]
    assert wanted
    assert [(s.id, round(s.score or 0, 4)) for s in assess_chain(shipped_embedded, region, chain).gaps] == wanted
    report = gap_data(gather_dossier(shipped_embedded, region, [chain]))
    assert [(g["link"], round(g["score"], 4)) for g in report["ranking"]["gaps"]] == wanted
    whole = assess(shipped_embedded, region, settings.main_chains)
    places = {i: n for n, i in enumerate(g.segment.id for g in whole.ranked)}
    own = [g.segment.id for g in whole.ranked if g.chain.chain == chain]
    assert (
        own == sorted((i for i, _ in wanted if i in own), key=places.__getitem__) == [i for i, _ in wanted if i in own]
    )


def test_an_assessment_has_no_language(shipped_embedded: Store) -> None:
    """The same object in Chinese and in English, so that nothing is computed anew for another reader."""
    chinese = assess(shipped_embedded, "成都市", ["光伏"])
    with in_english():
        assert assess(shipped_embedded, "成都市", ["光伏"]) == chinese
