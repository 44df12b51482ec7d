"""Extraction: the facts of policy documents against hand-made annotations, where those are beside the repository."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.extraction_score import PAIRS, score
from loaders.extraction import extract_file
from loaders.extraction.known_names import shipped_vocabulary

needs_gold = pytest.mark.skipif(
    not all(g.is_file() and d.is_file() for g, d in PAIRS), reason="未适用：库旁没有人工标注"
)

#: F1 that extraction must reach, by type of fact.
BARS = {
    "clauses": 0.98,
    "responsibilities": 0.98,
    "targets": 0.95,
    "measures": 0.9,
    "firms": 0.9,
    "parks": 0.9,
    "platforms": 0.9,
    "city_roles": 0.85,
    "regions": 0.85,
}


@pytest.fixture(scope="module")
def counts() -> dict[str, list[int]]:
    """Right, found, wanted of both documents by type."""
    totals: dict[str, list[int]] = {}
    for gold, document in PAIRS:
        scores = score(
            json.loads(gold.read_text(encoding="utf-8")), extract_file(document, shipped_vocabulary()).as_json()
        )
        for kind, (right, found, wanted, _, _) in scores.items():
            before = totals.setdefault(kind, [0, 0, 0])
            totals[kind] = [a + b for a, b in zip(before, (right, found, wanted), strict=True)]
    return totals


@needs_gold
@pytest.mark.parametrize("kind", BARS)
def test_f1_reaches_the_bar(kind: str, counts: dict[str, list[int]]) -> None:
    right, found, wanted = counts[kind]
    assert wanted > 0
    assert 2 * right / (found + wanted) >= BARS[kind]


@needs_gold
def test_every_item_has_its_characters_in_the_source() -> None:
    for _, document in PAIRS:
        raw = document.read_text(encoding="utf-8")
        data: dict[str, Any] = extract_file(document, shipped_vocabulary()).as_json()
        for kind, items in data.items():
            for item in items if kind != "document" else ():
                start, end = item["span"]
                assert 0 <= start < end <= len(raw), (kind, item)


@needs_gold
def test_spans_hold_the_words_of_the_source() -> None:
    _, document = PAIRS[0]
    raw = document.read_text(encoding="utf-8")
    for firm in extract_file(document, shipped_vocabulary()).as_json()["firms"]:
        start, end = firm["span"]
        assert firm["name"] in raw[start:end]


def test_keys_of_the_result(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("关于推进产业发展的实施方案\n\n一、总体要求\n\n推进产业建设，加快企业发展。\n", encoding="utf-8")
    assert list(extract_file(file, shipped_vocabulary()).as_json()) == [
        "document",
        "clauses",
        "responsibilities",
        "targets",
        "measures",
        "firms",
        "parks",
        "platforms",
        "regions",
        "chain_gaps",
        "city_roles",
        "damaged",
    ]
