"""The firm base: enough firms, every row sourced and resolvable, nothing twice; the comparison with the peer data."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from graph.schema import Document, Firm, OperatesIn

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
LISTS = {"aliases", "sources", "honours", "located_in"}
SICHUAN = "region:510000"
CHENGDU = "region:510100"
#: Firms that the Chengdu document of 2022 names.
NAMED = {
    "firm:tongwei-solar": "通威太阳能",
    "firm:calb": "中创新航",
    "firm:eve-energy": "亿纬锂能",
    "firm:bamo": "巴莫科技",
    "firm:catl": "宁德时代",
    "firm:svolt": "蜂巢能源",
    "firm:gree-titanium": "格力钛",
    "firm:huaneng-sichuan": "四川华能",
    "firm:dongfang-electric": "东方电气",
}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def listed(cell: str) -> list[str]:
    return [part for part in cell.split(";") if part]


def yaml_documents(folder: str) -> Iterator[dict]:
    for path in sorted((DATA / folder).glob("*.yaml")):
        yield from (d for d in yaml.safe_load_all(path.read_text(encoding="utf-8")) if d)


FIRMS = rows("firms.csv")
OPERATIONS = rows("operations.csv")
DOCUMENTS = rows("documents-firms.csv")
SEGMENTS = {s["id"]: d["chain"]["id"] for d in yaml_documents("chains") for s in d.get("segments") or []}
PARENTS = {r["id"]: listed(r["part_of"]) for r in rows("regions.csv")} | {
    r["id"]: listed(r["located_in"]) for r in rows("parks.csv")
}


def above(place: str) -> set[str]:
    """The place and everything that it lies in."""
    found: set[str] = set()
    waiting = [place]
    while waiting:
        current = waiting.pop()
        if current and current not in found:
            found.add(current)
            waiting += PARENTS.get(current, [])
    return found


def known_sources() -> set[str]:
    ids = {row["id"] for path in DATA.glob("documents*.csv") for row in rows(path.name)}
    for policy in yaml_documents("policies"):
        ids.add(policy["document"]["id"])
        cited = policy["document"].get("cites") or []
        ids |= {c["id"] if isinstance(c, dict) else c for c in cited}
        ids |= {clause["id"] for clause in policy.get("clauses") or []}
    return ids


def operators_in(region: str, segment: str | None = None) -> set[str]:
    return {
        o["firm"] for o in OPERATIONS if (segment is None or o["segment"] == segment) and region in above(o["place"])
    }


def build(model: type, row: dict[str, str], **renamed: str):
    """The schema object of a row: the schema refuses what it does not know."""
    values = {renamed.get(k, k): v for k, v in row.items() if v and k not in LISTS}
    lists = {k: listed(row[k]) for k in ("aliases", "sources", "honours") if row.get(k)}
    return model(**values, **lists)


def test_there_are_enough_firms():
    assert len(FIRMS) >= 150
    assert len(operators_in(SICHUAN)) >= 40
    assert len(operators_in(CHENGDU)) >= 20


def test_the_five_main_chains_are_covered():
    by_chain: dict[str, set[str]] = {}
    for operation in OPERATIONS:
        by_chain.setdefault(SEGMENTS[operation["segment"]], set()).add(operation["firm"])
    for chain in ("chain:pv", "chain:lithium", "chain:hydrogen", "chain:storage", "chain:nev"):
        assert len(by_chain[chain]) >= 30, chain


def test_every_row_fits_the_schema():
    for row in FIRMS:
        build(Firm, row)
    for row in OPERATIONS:
        build(OperatesIn, row, firm="start", segment="end")
    for row in DOCUMENTS:
        build(Document, row)


@pytest.mark.parametrize(("firm", "name"), NAMED.items())
def test_firms_of_the_chengdu_document_are_there(firm, name):
    row = next(row for row in FIRMS if row["id"] == firm)
    assert row["name"] == name
    assert any(o["firm"] == firm and CHENGDU in above(o["place"]) for o in OPERATIONS)


def test_sources_exist():
    known = known_sources()
    for row in FIRMS + OPERATIONS + DOCUMENTS:
        assert listed(row["sources"]), row
        assert set(listed(row["sources"])) <= known, row


def test_every_document_is_used():
    used = {source for row in FIRMS + OPERATIONS for source in listed(row["sources"])}
    assert {row["id"] for row in DOCUMENTS} <= used


def test_ends_exist():
    firms = {row["id"] for row in FIRMS}
    for row in OPERATIONS:
        assert row["firm"] in firms, row
        assert row["segment"] in SEGMENTS, row
        assert not row["place"] or row["place"] in PARENTS, row
    for row in FIRMS:
        assert set(listed(row["located_in"])) <= PARENTS.keys(), row


def test_every_firm_works_on_something():
    assert {row["id"] for row in FIRMS} == {row["firm"] for row in OPERATIONS}


def test_confidence_and_date_on_every_row():
    for row in FIRMS + OPERATIONS:
        assert row["confidence"] in {"high", "medium", "low"}, row
        assert row["as_of"], row


def test_what_is_doubtful_says_why():
    for row in OPERATIONS:
        assert row["confidence"] != "low" or row["note"], row


def test_capacity_has_a_unit_and_the_other_way_round():
    for row in OPERATIONS:
        assert bool(row["capacity"]) == bool(row["unit"]), row


def test_nothing_twice():
    keys = Counter((row["firm"], row["segment"], row["place"]) for row in OPERATIONS)
    ids = Counter(row["id"] for row in FIRMS + DOCUMENTS)
    codes = Counter(row["stock_code"] for row in FIRMS if row["stock_code"])
    names = Counter(name for row in FIRMS for name in {row["name"], row["full_name"], *listed(row["aliases"])} if name)
    for counts in (keys, ids, codes, names):
        assert not [what for what, times in counts.items() if times > 1]


def test_stock_codes_belong_to_their_exchange():
    pattern = re.compile(r"(60\d{4}|68\d{4})\.SH|(00\d{4}|30\d{4})\.SZ|(8\d{5}|92\d{4})\.BJ|0\d{4}\.HK")
    for row in FIRMS:
        assert not row["stock_code"] or pattern.fullmatch(row["stock_code"]), row


def test_annual_reports_are_those_of_a_firm_on_record_or_its_parent():
    """The id of an annual report ends in the stock code of the firm that published it."""
    publishers = {row["stock_code"].partition(".")[0]: row for row in FIRMS if row["stock_code"]}
    for row in DOCUMENTS:
        code = row["id"].rpartition("/")[2]
        if row["id"].startswith("doc:annual-report") and code in publishers:
            assert row["publisher"] in {publishers[code]["full_name"], publishers[code]["name"]}, row


def agreement_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("firm_agreement", ROOT / "benchmarks" / "firm_agreement.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_agreement_counts_codes_names_and_products():
    tool = agreement_module()
    ours = [
        tool.Firm("firm:a", "000001", {"甲"}, {"甲公司"}, {"电池片"}),
        tool.Firm("firm:b", "000002", {"乙"}, {"乙公司"}, {"隔膜"}),
        tool.Firm("firm:c", "000003", {"丙"}, {"丙公司"}, {"隔膜"}),
    ]
    peer = {
        "000001": tool.Company({"甲"}, {"甲公司"}, {"单晶电池片"}),
        "000002": tool.Company({"旧乙"}, {"乙公司"}, {"烟标"}),
    }

    result = tool.compare(ours, peer)

    assert result.counts == {
        "code exists": (2, 3),
        "full name agrees": (2, 2),
        "short name agrees": (1, 2),
        "a product fits a segment": (1, 2),
    }
    assert [(firm, what) for firm, what, _, _ in result.disagreements] == [
        ("firm:b", "short name"),
        ("firm:b", "products"),
    ]
    assert result.absent == ["firm:c"]


def test_agreement_reads_codes_with_and_without_suffix(tmp_path):
    companies = [
        {"name": "*ST甲", "fullname": "甲（集团）公司", "code": "000001"},
        {"name": "甲新", "fullname": "甲新公司", "code": "000001.sz"},
    ]
    products = [
        {"company_code": "000001.SZ", "product_name": "隔膜"},
        {"company_code": "000001.SZ", "product_name": "分部间抵销"},
    ]
    (tmp_path / "company.json").write_text("\n".join(map(json.dumps, companies)), encoding="utf-8")
    with gzip.open(tmp_path / "company_product.json.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(map(json.dumps, products)))

    company = agreement_module().read_peer(tmp_path)["000001"]

    assert company.names == {"甲", "甲新"}
    assert company.full_names == {"甲(集团)公司", "甲新公司"}
    assert company.products == {"隔膜"}


def test_agreement_says_in_one_line_that_the_data_are_absent(tmp_path, capsys):
    assert agreement_module().main([str(tmp_path)]) == 2
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert "company.json" in printed
