"""What a document proposes to the graph: its facts as rows that a person can correct, names linked to what is known.

A name that the graph knows by one node only is linked; one that may mean several, or that is only like a known one, gets
candidates and is proposed as new, never silently merged. The rows become the facts of a policy document by the same
way as those entered by hand (loaders.policy).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph.schema import Document
from loaders.extraction.extraction import Extraction
from loaders.extraction.known_names import Vocabulary
from loaders.lexicon import Lexicon, fold
from loaders.review.fact_kinds import FACT_KINDS, mentioned
from loaders.review.known_documents import Record

Row = dict[str, Any]
#: What a name is to become: a node of its own, or nothing. Anything else is the id of a node on record.
NEW, NONE = "新建", "不关联"
#: Lists in one cell are parted so.
SEPARATOR = "；"
#: Names are listed in this order.
_ORDER = ("Department", "Firm", "Park", "Platform", "Region", "Segment", "Chain")
#: What a name of a kind may be on record as, first the kind itself.
_LABELS = {"Segment": ("Segment", "Product", "Chain"), "Region": ("Region", "Park"), "Park": ("Park", "Region")}
#: Names of departments that begin so are relative to the place that the document is from.
_RELATIVE = "市省县区州各相有所"
_SIMILAR = 78.0
_NATIONAL = re.compile("国务院|国家|中共中央|工业和信息化部|科技部|财政部|商务部|自然资源部|生态环境部|农业农村部")


@dataclass
class Proposal:
    """What a document proposes.

    Parameters
    ----------
    about: id, slug (begins the ids of its clauses), name, number, issued, effective, expires, url, region (id), issuers,
        cites, path (of the file), known (the graph holds the document already).
    clauses: key (path), within, number, name, start, end.
    rows: for each kind of fact its rows: accept, clause (key), the kind's columns, evidence; state and on_record (what the
        graph says instead) once it has met what is on record.
    names: label, name, link (id, ``NEW`` or ``NONE``), candidates.
    """

    about: Row
    clauses: list[Row]
    rows: dict[str, list[Row]]
    names: list[Row]
    damaged: list[Row] = field(default_factory=list)

    def link_of(self, label: str, name: str) -> str | None:
        """The id or the decision for a name."""
        wanted = fold(name)
        return next((r["link"] for r in self.names if r["label"] == label and fold(r["name"]) == wanted), None)


def propose(extraction: Extraction, lexicon: Lexicon, path: Path, record: Record | None = None) -> Proposal:
    """The rows of an extraction, names linked to what the lexicon knows.

    Parameters
    ----------
    path: of the document; its name stands for one without title and number.
    record: the documents on record.
    """
    data = extraction.as_json()
    about = _about(data["document"], lexicon, path, record or Record(), extraction.vocabulary)
    clauses, keys = _clauses(extraction)
    rows: dict[str, list[Row]] = {}
    for kind, declared in FACT_KINDS.items():
        rows[kind] = []
        for fact, item in zip(getattr(extraction, kind), data[kind], strict=True):
            item = {**item, "beneficiary": SEPARATOR.join(item.get("beneficiaries") or [])}  # noqa: PLW2901
            key = keys(fact.start)
            rows[kind].append(
                {
                    "accept": True,
                    "clause": key,
                    **{c.key: item.get(c.key) for c in declared.columns},
                    "evidence": item["evidence"],
                    "span": item["span"],
                }
            )
    names = _Names(lexicon, about["region_name"], about["known"])
    for label, name, code in _mentions(rows, about):
        names.add(label, name, code)
    return Proposal(about, clauses, rows, names.rows, data["damaged"])


def _about(document: Row, lexicon: Lexicon, path: Path, record: Record, vocabulary: Vocabulary) -> Row:
    title = document["title"] or path.stem
    slug, aliases = stem(document["number"] or title), [t for t in document["titles"] if t != title]
    described = Document.model_construct(
        name=title, number=document["number"], issued=document["issued"], aliases=aliases
    )
    known = record.same(described, document["issuers"])
    region, region_name = _region(document, lexicon, vocabulary)
    return {
        "id": known or f"doc:{slug}",
        "slug": slug,
        "name": title,
        **{k: document[k] for k in ("number", "issued", "effective", "expires")},
        "url": document["source_url"],
        "region": region,
        "region_name": region_name,
        "issuers": document["issuers"],
        "aliases": aliases,
        "cites": [{"title": c["title"], "number": c["number"]} for c in document["cited_documents"]],
        "path": str(path.resolve()),
        "known": known is not None,
    }


def _region(document: Row, lexicon: Lexicon, vocabulary: Vocabulary) -> tuple[str | None, str]:
    """(id, name) of the region that a document is in force in: the one that its issuers or titles begin with."""
    words = [*document["issuers"], *document["titles"]]
    for text in words:
        match = vocabulary.region_pattern.match(re.sub("^中共", "", text))
        if match and vocabulary.region_names[match.group()].code:
            code = vocabulary.region_names[match.group()].code
            full = next(
                (n for n, r in vocabulary.region_names.items() if r.code == code and n[-1] in "省市县区州盟旗"),
                match.group(),
            )
            node = f"region:{code}"
            return (node if node in lexicon else None), full
    if words and _NATIONAL.search(words[0]):
        return ("region:100000" if "region:100000" in lexicon else None), "全国"
    return None, ""


#: Key of the text of a document without parts; in one language, because ids are made from it.
_BODY = "正文"


def _clauses(extraction: Extraction) -> tuple[list[Row], Any]:
    """Rows of the clauses, and a function from a place to the key of its clause."""
    rows: list[Row] = []
    key_of: dict[int, str] = {}
    used: set[str] = set()
    for part in extraction.outline.parts:
        name = part.name or _BODY
        if name not in used and (part.name or part is extraction.outline.parts[0]):
            used.add(name)
            first, last = extraction.span(part.start, part.end if part.name else len(extraction.outline.text))
            rows.append(
                {"key": name, "within": None, "number": None, "name": part.title or name, "start": first, "end": last}
            )
    body = rows[0]["key"] if rows else _BODY
    for index, clause in enumerate(extraction.outline.clauses):
        if clause.number is not None and clause.depth > 3:
            key_of[index] = key_of[clause.parent] if clause.parent is not None else body
            continue
        owner, *steps = clause.path
        key = " ".join(p for p in (owner, "".join(s for s in steps if s)) if p) or body
        if clause.number is None or key in used:
            key = f"{key} {clause.heading or index}"
        if key in used:  # a file that repeats itself: number and heading come again
            key = f"{key} {index}"
        used.add(key)
        key_of[index] = key
        within = key_of[clause.parent] if clause.parent is not None else owner
        start, end = extraction.span(clause.start, clause.last)
        plain = extraction.outline.text[clause.body : clause.body + 24].strip()
        rows.append(
            {
                "key": key,
                "within": within,
                "number": clause.number,
                "name": clause.heading or f"{key} {plain}",
                "start": start,
                "end": end,
            }
        )
    places = {id(c): i for i, c in enumerate(extraction.outline.clauses)}

    def key_at(place: int) -> str:
        clause = extraction.outline.at(place)
        if clause is not None:
            return key_of[places[id(clause)]]
        part = extraction.outline.path_at(place)[0]
        return part if part in used and part else body

    return rows, key_at


def _mentions(rows: dict[str, list[Row]], about: Row) -> Iterable[tuple[str, str, str | None]]:
    """(label, name, code) of every name."""
    for issuer in about["issuers"]:
        yield "Department", issuer, None
    every = [(*m, row.get("code")) for kind in FACT_KINDS for row in rows[kind] for m in mentioned(kind, row)]
    yield from sorted(every, key=lambda mention: _ORDER.index(mention[0]))


class _Names:
    """Decides for each name, once."""

    def __init__(self, lexicon: Lexicon, region: str, known: bool) -> None:
        # Names such as 市经信局 mean another body in another city: by themselves they are linked only for a document
        # that is on record.
        self.lexicon, self.region, self.known = lexicon, region, known
        self.rows: list[Row] = []
        self._seen: set[tuple[str, str]] = set()

    def add(self, label: str, name: str, code: str | None) -> None:
        if (label, fold(name)) in self._seen:
            return
        self._seen.add((label, fold(name)))
        link, candidates = self._decide(label, name, code)
        self.rows.append(
            {"label": label, "name": name, "link": link, "candidates": SEPARATOR.join(candidates), "code": code}
        )

    def _decide(self, label: str, name: str, code: str | None) -> tuple[str, list[str]]:
        if label == "Region" and code and f"region:{code}" in self.lexicon:
            return f"region:{code}", []
        labels = _LABELS.get(label, (label,))
        if label == "Department" and name[0] in _RELATIVE and not self.known:
            matches = self.lexicon.find(full_name(name, self.region), labels) if self.region else []
            relative = self.lexicon.find(name, labels)
            return (matches[0], []) if len(matches) == 1 else (NEW, [*matches, *relative])
        for one in labels:
            matches = self.lexicon.find(name, [one])
            if len(matches) == 1:
                return matches[0], []
            if matches:
                return (NONE if label == "Segment" else NEW), matches
        if label == "Firm" and self.lexicon.find(name, ["Department"]):
            return NONE, self.lexicon.find(name, ["Department"])
        similar = [n for n in self.lexicon.similar(name, labels) if _alike(name, n)]
        if label in ("Segment", "Chain") or (label == "Region" and not code):
            return NONE, similar
        return NEW, similar


def _alike(name: str, other: str) -> bool:
    from rapidfuzz import fuzz

    return fuzz.ratio(fold(name), other) >= _SIMILAR or fold(name) in other or other in fold(name)


def full_name(name: str, region: str) -> str:
    """市经信局 of 成都市 is 成都市经信局; groups and national bodies keep their names."""
    return f"{region}{name[1:]}" if region.endswith(name[0]) else f"{region}{name}" if name[0] in "区县" else name


def stem(name: str) -> str:
    """A name as part of an id."""
    return fold(str(name)).replace("|", "/")


def list_cell(value: Any) -> str:
    """A list in one cell."""
    return SEPARATOR.join(value) if isinstance(value, list) else "" if value is None else str(value)
