"""Precision, recall and F1 of extraction for each type of fact, against hand-made annotations; speed and where the time goes.

    python -m benchmarks.extraction_score [-v] [ANNOTATIONS.json DOCUMENT]...

Without arguments: the annotations of both shipped policy documents beside the repository, where they are there.
An item is right when its clause and its key fields agree: responsibilities both sets; targets the indicator's wording
(one may contain the other), comparator, value, unit, year; measures rate and amount; the others the name.
An annotation may list further values that are right (``accept_names``, ``accept_years``, ...). What is extracted outside
the annotated clauses is not counted. With more than two documents only the sums are printed; ``-v`` prints all, and each
item that was missed or wrong.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from loaders.extraction import extract_file
from loaders.extraction.known_names import shipped_vocabulary

SHARED = Path(__file__).parents[2] / "shared"
PAIRS = [
    (SHARED / "gold" / "chengdu.json", SHARED / "policies" / "chengdu-2022-green-low-carbon.txt"),
    (SHARED / "gold" / "ndrc.json", SHARED / "policies" / "ndrc-2021-1618-demonstration-zones.txt"),
]
Item = dict[str, Any]


def _accepted(gold: Item, field: str, *others: str) -> list[Any]:
    """The values that count as right: the annotated one, and those of its ``accept_...`` lists."""
    names = others or (f"accept_{field}s", f"accept_{field}")
    return [gold.get(field), *(value for name in names for value in gold.get(name, []))]


def _same_clause(gold: Item, extracted: Item) -> bool:
    clause = extracted["clause"]
    if clause in [gold["clause"], *gold.get("accept_clauses", [])]:
        return True
    parts, items = gold.get("accept_parts", []), gold.get("accept_items", [])
    return clause[1:3] == gold["clause"][1:3] and (
        clause[0] in [gold["clause"][0], *parts] and clause[3] in [gold["clause"][3], *items]
    )


def _contains(a: str, b: str) -> bool:
    return a in b or b in a


def _responsibility(gold: Item, extracted: Item) -> bool:
    leads, supports = ([set(units) for units in _accepted(gold, f, f"accept_{f}")] for f in ("lead", "support"))
    return set(extracted["lead"]) in leads and set(extracted["support"]) in supports


def _target(gold: Item, extracted: Item) -> bool:
    amounts = [[v, u] for v in _accepted(gold, "value") for u in _accepted(gold, "unit")] + gold.get(
        "accept_value_units", []
    )
    return (
        any(_contains(name, extracted["indicator"]) for name in _accepted(gold, "indicator"))
        and extracted["comparator"] in _accepted(gold, "comparator")
        and [extracted["value"], extracted["unit"]] in amounts
        and extracted["year"] in _accepted(gold, "year")
    )


def _measure(gold: Item, extracted: Item) -> bool:
    rates = gold.get("accept_rates", [])
    return (
        extracted["amount_max"] in _accepted(gold, "amount_max", "accept_amounts")
        and extracted["rate_min"] in [*_accepted(gold, "rate_min"), *rates]
        and extracted["rate_max"] in [*_accepted(gold, "rate_max"), *rates]
    )


def _named(gold: Item, extracted: Item) -> bool:
    return extracted["name"] in _accepted(gold, "name")


def _gap(gold: Item, extracted: Item) -> bool:
    products = [p.strip("“”") for p in _accepted(gold, "product_or_segment", "accept_names", "accept_segments")]
    return extracted["product_or_segment"].strip("“”") in products and extracted["stance"] in _accepted(gold, "stance")


def _role(gold: Item, extracted: Item) -> bool:
    places = _accepted(gold, "city_or_place", "aliases", "accept_cities", "accept_names")
    return extracted["city_or_place"] in places and any(
        _contains(r, extracted["role"]) for r in _accepted(gold, "role")
    )


def _clause(gold: Item, extracted: Item) -> bool:
    return extracted["heading"] in _accepted(gold, "heading")


def _damage(gold: Item, extracted: Item) -> bool:
    return (
        _contains(gold["intended"].replace("，", ""), (extracted["intended"] or "\0"))
        or extracted["raw"] in gold["raw"]
    )


CHECKS: dict[str, Callable[[Item, Item], bool]] = {
    "clauses": _clause,
    "responsibilities": _responsibility,
    "targets": _target,
    "measures": _measure,
    "firms": _named,
    "parks": _named,
    "platforms": _named,
    "regions": _named,
    "chain_gaps": _gap,
    "city_roles": _role,
    "damaged": _damage,
}


def score(gold: dict[str, Any], extracted: dict[str, Any]) -> dict[str, tuple[int, int, int, list[Item], list[Item]]]:
    """For each type: (right, found, wanted, missed items, wrong items) within the annotated clauses."""
    covered = [c["clause"] for c in gold["clauses"]] + [[None, None, None, None]]
    covered += [c for kind in CHECKS for i in gold.get(kind, []) for c in (i["clause"], *i.get("accept_clauses", []))]
    result = {}
    for kind, same in CHECKS.items():
        if kind not in gold:
            continue
        wanted = list(gold[kind])
        here = [i for i in extracted[kind] if i["clause"] in covered]
        open_items = list(here)
        right, optional, missed = 0, 0, []
        for item in sorted(wanted, key=lambda i: bool(i.get("optional"))):
            hit = next((o for o in open_items if _same_clause(item, o) and same(item, o)), None)
            if hit is not None:
                open_items.remove(hit)
                right += not item.get("optional")
                optional += bool(item.get("optional"))
            elif not item.get("optional"):
                missed.append(item)
        result[kind] = (right, len(here) - optional, right + len(missed), missed, open_items)
    return result


def _row(kind: str, right: int, found: int, wanted: int) -> str:
    precision = right / found if found else 1.0
    recall = right / wanted if wanted else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"{kind:18}{precision:10.3f}{recall:8.3f}{f1:7.3f}{right:7}{found:7}{wanted:7}"


def main(arguments: list[str]) -> None:
    details = "-v" in arguments
    arguments = [a for a in arguments if a != "-v"]
    pairs = list(zip(map(Path, arguments[::2]), map(Path, arguments[1::2]), strict=True)) or PAIRS
    pairs = [(g, d) for g, d in pairs if g.is_file() and d.is_file()]
    if not pairs:
        print("no annotations beside the repository: nothing measured")
        return
    totals: dict[str, list[int]] = {}
    for gold_path, document in pairs:
        brief = len(pairs) > 2 and not details
        scores = score(
            json.loads(gold_path.read_text(encoding="utf-8")), extract_file(document, shipped_vocabulary()).as_json()
        )
        if not brief:
            print(
                f"{document.name}\n{'':18}{'precision':>10}{'recall':>8}{'F1':>7}{'right':>7}{'found':>7}{'wanted':>7}"
            )
        for kind, (right, found, wanted, missed, wrong) in scores.items():
            if not brief:
                print(_row(kind, right, found, wanted))
            totals.setdefault(kind, [0, 0, 0])
            totals[kind] = [a + b for a, b in zip(totals[kind], (right, found, wanted), strict=True)]
            for word, items in (("missed", missed), ("wrong", wrong)) if details else ():
                for item in items:
                    print("   ", word, {k: v for k, v in item.items() if k not in ("span", "_")})
    print(
        "both" if len(pairs) == 2 else "all",
        f"\n{'':18}{'precision':>10}{'recall':>8}{'F1':>7}{'right':>7}{'found':>7}{'wanted':>7}",
    )
    for kind, counts in totals.items():
        print(_row(kind, *counts))
    _speed([d for _, d in pairs])


def _speed(documents: list[Path], rounds: int = 10) -> None:
    for document in documents:
        extract_file(document, shipped_vocabulary())
    started = time.process_time()
    for _ in range(rounds):
        for document in documents:
            extract_file(document, shipped_vocabulary())
    seconds = time.process_time() - started
    print(f"\n{rounds * len(documents) / seconds:.1f} documents a second on one core (warm)")
    profile = cProfile.Profile()
    profile.enable()
    for document in documents:
        extract_file(document, shipped_vocabulary())
    profile.disable()
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    wanted = (
        "read_document",
        "normalise",
        "outline",
        "metadata",
        "responsibilities",
        "measures",
        "targets",
        "firms",
        "parks",
        "platforms",
        "regions",
        "chain_gaps",
        "city_roles",
    )
    rows = [(name, row[3]) for (file, _, name), row in stats.items() if name in wanted and "loaders" in file]
    total = sum(seconds for _, seconds in rows)
    for name, seconds in sorted(rows, key=lambda r: -r[1]):
        print(f"    {name:18}{100 * seconds / total:5.1f} %")


if __name__ == "__main__":
    main(sys.argv[1:])
