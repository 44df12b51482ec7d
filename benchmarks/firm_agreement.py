"""How far the firm base agrees with ChainKnowledgeGraph: stock codes, names, products.

    python benchmarks/firm_agreement.py [FOLDER]

FOLDER holds the files of that data set (company.json, company_product.json.gz; default: ``shared/chainkg``
beside the checkout). It is from 2021 and states no licence, so it is only compared with, never copied from.
Firms listed later are not in it, and firms renamed since have their old name there: neither is an error
of ours, but each disagreement is listed so that somebody looks at it.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from rich.console import Console
from rich.table import Table

DATA = Path(__file__).parents[1] / "data"
PEER = Path(__file__).parents[2] / "shared" / "chainkg"
#: Product names of that data set that are lines of bookkeeping.
BOOKKEEPING = ("平衡项目", "分部间抵销", "抵销", "调整项目", "其他")
MAINLAND = ("SH", "SZ", "BJ")


@dataclass
class Company:
    """A company of the other data set; a renamed one has several names."""

    names: set[str] = field(default_factory=set)
    full_names: set[str] = field(default_factory=set)
    products: set[str] = field(default_factory=set)


@dataclass
class Firm:
    """A listed firm of ours with the product words of the segments that it works on."""

    id: str
    code: str
    names: set[str]
    full_names: set[str]
    words: set[str] = field(default_factory=set)


@dataclass
class Agreement:
    """What was compared, how much of it agreed, and what did not."""

    counts: dict[str, tuple[int, int]]
    disagreements: list[tuple[str, str, str, str]]
    absent: list[str]


def plain(name: str) -> str:
    """A name without the differences that mean nothing: width, blanks, stars and ST marks."""
    text = unicodedata.normalize("NFKC", name).replace(" ", "").replace("*", "").upper()
    return text.removeprefix("ST")


def read_peer(folder: Path) -> dict[str, Company]:
    """Companies by six-digit code."""
    companies: dict[str, Company] = defaultdict(Company)
    for row in _rows(folder / "company.json"):
        company = companies[_digits(row["code"])]
        company.names.add(plain(row["name"]))
        company.full_names.add(plain(row["fullname"]))
    for row in _rows(folder / "company_product.json.gz"):
        if not row["product_name"].startswith(BOOKKEEPING):
            companies[_digits(row["company_code"])].products.add(row["product_name"])
    return dict(companies)


def read_ours(data: Path) -> list[Firm]:
    """Firms with a mainland stock code."""
    words = segment_words(data / "chains")
    firms: dict[str, Firm] = {}
    for row in _table(data / "firms.csv"):
        code, _, exchange = row["stock_code"].partition(".")
        if exchange in MAINLAND:
            aliases = [alias for alias in row["aliases"].split(";") if alias]
            names = {plain(name) for name in [row["name"], *aliases]}
            full = {plain(row["full_name"])} if row["full_name"] else set()
            firms[row["id"]] = Firm(row["id"], code, names, full | names)
    for row in _table(data / "operations.csv"):
        if row["firm"] in firms:
            firms[row["firm"]].words |= words.get(row["segment"], set())
    return list(firms.values())


def segment_words(chains: Path) -> dict[str, set[str]]:
    """The name and aliases of every segment."""
    words: dict[str, set[str]] = {}
    for path in sorted(chains.glob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            for segment in (document or {}).get("segments") or []:
                words[segment["id"]] = {segment["name"], *(segment.get("aliases") or [])}
    return words


def matches(words: set[str], products: set[str]) -> bool:
    """Whether a product name contains one of the words, or is (two characters or more) part of one."""
    return any(word in product or (len(product) > 1 and product in word) for product in products for word in words)


def compare(ours: list[Firm], peer: dict[str, Company]) -> Agreement:
    """Count, for the firms that both have, where code, names and products agree."""
    both = [firm for firm in ours if firm.code in peer]
    rows: list[tuple[str, str, str, str]] = []
    hits = {"full name": 0, "short name": 0, "products": 0}
    with_products = 0
    for firm in both:
        other = peer[firm.code]
        for what, mine, theirs in (
            ("full name", firm.full_names, other.full_names),
            ("short name", firm.names, other.names),
        ):
            if mine & theirs:
                hits[what] += 1
            else:
                rows.append((firm.id, what, "、".join(sorted(mine)), "、".join(sorted(theirs))))
        if other.products:
            with_products += 1
            if matches(firm.words, other.products):
                hits["products"] += 1
            else:
                theirs_shown = "、".join(sorted(other.products, key=len)[:8])
                rows.append((firm.id, "products", "、".join(sorted(firm.words)[:8]), theirs_shown))
    counts = {
        "code exists": (len(both), len(ours)),
        "full name agrees": (hits["full name"], len(both)),
        "short name agrees": (hits["short name"], len(both)),
        "a product fits a segment": (hits["products"], with_products),
    }
    return Agreement(counts, rows, [firm.id for firm in ours if firm.code not in peer])


def show(agreement: Agreement, console: Console) -> None:
    """Print the counts, the disagreements and the firms that the other data set lacks."""
    summary = Table("what", "agree", "of", "share", title="Firm base against ChainKnowledgeGraph (2021)")
    for what, (agree, total) in agreement.counts.items():
        summary.add_row(what, str(agree), str(total), f"{agree / total:.1%}" if total else "-")
    console.print(summary)
    listing = Table("firm", "what", "ours", "theirs", title="Disagreements", show_lines=False)
    for row in agreement.disagreements:
        listing.add_row(*row)
    console.print(listing)
    console.print("Not there (listed or recorded later): " + ", ".join(agreement.absent))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """The JSON objects of a file, one a line, gzipped or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _digits(code: str) -> str:
    return code.partition(".")[0]


def main(arguments: list[str]) -> int:
    """Compare and print; 2 if the other data set is not there."""
    folder = Path(arguments[0]) if arguments else PEER
    missing = [name for name in ("company.json", "company_product.json.gz") if not (folder / name).is_file()]
    if missing:
        print(f"ChainKnowledgeGraph is not at {folder}: {', '.join(missing)} missing. Give its folder as argument.")
        return 2
    show(compare(read_ours(DATA), read_peer(folder)), Console())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
