"""Specialisation on data of another making: listed companies by city (read off their registered names) and industry.

The data set is not shipped: without it the test is skipped.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from graph.analysis.reasons import Reason
from graph.analysis.specialisation import Complexity, advantages, carried, complexity, proximity
from graph.settings import SpecialisationThresholds, settings

FOLDER = Path(__file__).parents[4] / "shared" / "chainkg"
needs_data = pytest.mark.skipif(not (FOLDER / "company.json").exists(), reason="未适用：没有上市公司数据 · no data")


def _lines(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def _cities() -> dict[str, str]:
    with (settings.data / "regions.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [
            r
            for r in csv.DictReader(file)
            if r["level"] == "city" or r["code"] in ("110000", "120000", "310000", "500000")
        ]
    return {row["name"].removesuffix("市"): row["name"] for row in rows if len(row["name"].removesuffix("市")) > 1}


@pytest.fixture(scope="module")
def listed() -> pd.DataFrame:
    """Cities x industries (Shenwan, first level), number of listed companies."""
    cities = _cities()
    industry = {row["company_code"][:6]: row["industry_code"][:2] for row in _lines("company_industry.json")}
    pairs = []
    for row in _lines("company.json"):
        found = next((city for name, city in cities.items() if name in row["fullname"][:6]), None)
        if found and (code := industry.get(row["code"][:6])):
            pairs.append((found, code))
    return pd.DataFrame(pairs, columns=["city", "industry"]).value_counts().unstack(fill_value=0)


@needs_data
def test_listed_companies_carry_it(listed: pd.DataFrame) -> None:
    kept = carried(listed, SpecialisationThresholds())
    assert not isinstance(kept, Reason), kept
    found = complexity(advantages(kept))
    assert isinstance(found, Complexity)


@needs_data
def test_density_foretells_what_a_city_has(listed: pd.DataFrame) -> None:
    """The principle of relatedness, out of sample: what goes together in one half of the cities tells what the other has."""
    kept = carried(listed, SpecialisationThresholds())
    assert isinstance(kept, pd.DataFrame)
    held = advantages(kept)
    likelihoods = []
    for first in (0, 1):
        near = proximity(held.iloc[first::2]).fillna(0).to_numpy(copy=True)
        np.fill_diagonal(near, 0)
        other = held.iloc[1 - first :: 2].to_numpy()
        likelihoods.append(float(np.mean([_likelihood(city, near) for city in other])))
    assert min(likelihoods) > 0.5, likelihoods


def _likelihood(has: npt.NDArray[np.bool_], near: npt.NDArray[np.float64]) -> float:
    """Of an industry the city has, taken away from it, and one it has not: how often the first has the higher density."""
    found = []
    for industry in np.flatnonzero(has):
        rest = has.copy()
        rest[industry] = False
        density = rest @ near / np.maximum(near.sum(axis=0), 1e-9)
        found.append((density[industry] > density[~has]).mean() + (density[industry] == density[~has]).mean() / 2)
    return float(np.mean(found))
