"""From a document to its facts: every step in order, and the result as plain data."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from graph.language import say
from graph.settings import settings
from loaders.documents import SourceText, read_document
from loaders.extraction.city_roles import CityRole, city_roles
from loaders.extraction.entities import parks, platforms
from loaders.extraction.firms import firms
from loaders.extraction.known_names import Vocabulary
from loaders.extraction.metadata import Metadata, metadata
from loaders.extraction.name_forms import Named
from loaders.extraction.place_names import Region, regions
from loaders.extraction.responsibility import Responsibility, responsibilities
from loaders.extraction.spans import Spans
from loaders.extraction.stances import ChainGap, chain_gaps
from loaders.extraction.support_measures import Measure, measures
from loaders.extraction.table_sentences import with_sentences
from loaders.extraction.targets import Target, targets
from loaders.extraction.word_lists import any_word
from loaders.text import NormalText, normalise
from loaders.text.outline import ClausePath, Outline, OutlineClause, outline

_TITLE = re.compile("《[^《》]{0,200}(?:《[^《》]{0,100}》[^《》]{0,100}){0,3}》(?:（[^（）]*号[^（）]*）)?")


@dataclass(frozen=True)
class Extraction:
    """What was read out of one document; places are those of the normalised text (``normal``)."""

    source: SourceText
    normal: NormalText
    outline: Outline
    metadata: Metadata
    responsibilities: list[Responsibility]
    targets: list[Target]
    measures: list[Measure]
    firms: list[Named]
    parks: list[Named]
    platforms: list[Named]
    regions: list[Region]
    chain_gaps: list[ChainGap]
    city_roles: list[CityRole]
    warnings: list[str]
    vocabulary: Vocabulary

    def span(self, start: int, end: int) -> list[int]:
        """[start, end] in the source of a place in the normalised text."""
        return list(self.normal.text.span(start, end))

    def _as_printed(self, start: int, end: int) -> str:
        """The characters of the source at a place in the normalised text."""
        first, last = self.normal.text.span(start, end)
        text = self.source.text
        return text.text[bisect_left(text.starts, first) : bisect_left(text.starts, last)]

    def as_json(self) -> dict[str, Any]:
        """Plain data in the form of the hand-made annotations; each item with its ``span`` in the source."""
        return {
            "document": self._document(),
            # What is numbered deeper than a path goes belongs to its item.
            "clauses": [self._clause(c) for c in self.outline.clauses if c.number is None or c.depth < 4],
            "responsibilities": [
                {
                    "clause": list(r.clause),
                    "lead": list(r.lead),
                    "support": list(r.support),
                    **self._evidence(r.start, r.end),
                }
                for r in self.responsibilities
            ],
            "targets": [self._target(t) for t in self.targets],
            "measures": [self._measure(m) for m in self.measures],
            "firms": [self._named(n, kind=False) for n in self.firms],
            "parks": [self._named(n) for n in self.parks],
            "platforms": [self._named(n) for n in self.platforms],
            "regions": [
                {
                    "name": r.name,
                    "clause": list(r.clause),
                    "kind": r.kind,
                    "code": r.code,
                    "members": list(r.members),
                    **self._evidence(r.start, r.end),
                }
                for r in self.regions
            ],
            "chain_gaps": [
                {
                    "clause": list(g.clause),
                    "chain": g.chain,
                    "product_or_segment": g.product,
                    "stance": g.stance,
                    **self._evidence(g.start, g.end),
                }
                for g in self.chain_gaps
            ],
            "city_roles": [
                {
                    "clause": list(r.clause),
                    "city_or_place": r.place,
                    "role": r.role,
                    "industry": r.industry,
                    "parent": r.parent,
                    "code": r.code,
                    **self._evidence(r.start, r.end, whole=True),
                }
                for r in self.city_roles
            ],
            "damaged": [
                {
                    "raw": self._as_printed(d.start, d.end),
                    "intended": d.intended,
                    "clause": list(self.outline.path_at(d.start)),
                    "context": self.outline.text[max(0, d.start - 10) : d.end + 10],
                    "span": self.span(d.start, d.end),
                }
                for d in self.normal.damaged
            ],
        }

    def _document(self) -> dict[str, Any]:
        about = self.metadata
        main = (
            about.titles[1]
            if len(about.titles) > 1 and about.titles[0].endswith("通知")
            else about.titles[0]
            if about.titles
            else None
        )
        return {
            "title": main,
            "titles": about.titles,
            "number": about.number,
            "issuer": about.issuers[0] if about.issuers else None,
            "issuers": about.issuers,
            "approved_by": about.approved_by,
            "recipients": about.recipients,
            "issued": about.issued,
            "date": about.issued,
            "effective": about.effective,
            "expires": about.expires,
            "valid_years": about.valid_years,
            "period": about.period,
            "parts": [
                {"name": p.name, "title": p.title, "span": self.span(p.start, p.end)} for p in self.outline.parts
            ],
            "cited_documents": [
                {"title": c.title, "number": c.number, "clauses": [list(p) for p in c.clauses]} for c in about.cited
            ],
            "cited_meetings": about.cited_meetings,
            "source_url": about.source_url,
            "format": self.source.kind,
            "script": "traditional" if self.normal.traditional else "simplified",
            "warnings": self.warnings,
        }

    def _clause(self, clause: OutlineClause) -> dict[str, Any]:
        return {
            "clause": list(clause.path),
            "heading": clause.heading,
            "number": clause.number,
            "depth": clause.depth,
            "span": self.span(clause.start, clause.end),
        }

    def _target(self, target: Target) -> dict[str, Any]:
        item: dict[str, Any] = {
            "clause": list(target.clause),
            "subject": target.subject,
            "indicator": target.indicator,
            "comparator": target.comparator,
            "value": _plain(target.value),
            "unit": target.unit,
            "year": target.year,
            "base_year": target.base_year,
            "kind": target.kind,
        }
        if target.high is not None:
            item["value_max"] = _plain(target.high)
        if target.at_least:
            item["at_least"] = True
        return item | self._evidence(target.start, target.end)

    def _measure(self, measure: Measure) -> dict[str, Any]:
        item: dict[str, Any] = {
            "clause": list(measure.clause),
            "instrument": measure.instrument,
            "amount_max": _plain(measure.amount_max),
            "rate_min": _plain(measure.rate_min),
            "rate_max": _plain(measure.rate_max),
            "rate_base": measure.rate_base,
            "condition": measure.condition,
            "period_years": measure.period_years,
            "beneficiaries": [measure.beneficiary] if measure.beneficiary else [],
        }
        for name in ("amount_is", "per", "unit_amount", "per_unit_annual_cap", "per_unit_cap"):
            if getattr(measure, name) is not None:
                item[name] = getattr(measure, name)
        if measure.annual:
            item["annual"] = True
        return item | self._evidence(measure.start, measure.end)

    def _named(self, named: Named, kind: bool = True) -> dict[str, Any]:
        item: dict[str, Any] = {
            "name": named.name,
            "clause": list(named.clause),
            "chain": named.chain,
            "role": named.role,
        }
        if kind:
            item["kind"] = named.kind
        return item | self._evidence(named.start, named.end, whole=True)

    def _evidence(self, start: int, end: int, whole: bool = False) -> dict[str, Any]:
        """The words of the text that say so (for a name, the part of the sentence it stands in), and their place."""
        text = self.outline.text
        first, last = start, end
        if whole:
            first = max(text.rfind(c, 0, start) for c in "，。；：\n") + 1
            last = min((p for c in "，。；\n" if (p := text.find(c, end)) >= 0), default=len(text))
        return {"evidence": text[first:last], "span": self.span(start, end)}


def extract_file(path: Path, vocabulary: Vocabulary) -> Extraction:
    """The facts of a .txt, .html, .docx or .pdf file.

    Parameters
    ----------
    vocabulary: names that are known: of a graph that is open, else ``shipped_vocabulary()``.

    Raises:
        UnreadableFileError: the file cannot be read.
    """
    return extract(read_document(path), vocabulary)


def extract(source: SourceText, vocabulary: Vocabulary) -> Extraction:
    """The facts of a document; none, and a warning, where the text is no policy document."""
    normal = normalise(replace(source, text=with_sentences(source)))
    text = normal.text.text
    if not is_policy(text):
        empty = Outline(text, [], [])
        warning = say("不像政策文件：未抽取任何内容", "is no policy document by its words: nothing was extracted")
        return Extraction(
            source, normal, empty, metadata(empty, ""), [], [], [], [], [], [], [], [], [], [warning], vocabulary
        )
    read = outline(text, _bold(source, normal))
    about = metadata(read, source.text.text)
    answered = responsibilities(read)
    titles = [m.span() for m in _TITLE.finditer(text)]
    titles += [(p.start, p.start + len(p.title)) for p in read.parts if p.title]
    closed = titles + [(r.start, r.end) for r in answered]
    hidden = Spans(closed)
    paid = measures(read, hidden)
    goals = targets(
        read,
        Spans(q for m in paid for q in m.quantities if m.amount_is != "fund_size"),
        hidden,
        about.year,
        int(about.issued[:4]) if about.issued else None,
    )
    units = [(unit, r.start, r.end) for r in answered for unit in (*r.lead, *r.support)]
    named_parks, named_platforms = parks(read, hidden, vocabulary), platforms(read, hidden, vocabulary)
    named_firms = [
        f for f in firms(read, hidden, units, vocabulary) if not _within(f, [*named_parks, *named_platforms])
    ]
    names = Spans(closed + [(n.start, n.end) for n in (*named_firms, *named_parks, *named_platforms)])
    return Extraction(
        source,
        normal,
        read,
        about,
        answered,
        goals,
        paid,
        named_firms,
        named_parks,
        named_platforms,
        regions(read, names, vocabulary),
        chain_gaps(read, hidden, names, vocabulary),
        city_roles(read, names, vocabulary),
        _warnings(read, about),
        vocabulary,
    )


def is_policy(text: str) -> bool:
    """Whether a text uses the words of the trade often enough to be a policy document."""
    pattern = re.compile(any_word("policy_words"))
    sample = text[:20_000]
    found = sum(1 for _ in pattern.finditer(sample))
    return bool(sample.strip()) and 1000 * found / len(sample) >= settings.documents.least_policy_words


def _within(name: Named, others: list[Named]) -> bool:
    return any(o.start <= name.start and name.end <= o.end for o in others)


def _bold(source: SourceText, normal: NormalText) -> list[int]:
    """Where in the normalised text bold beginnings of paragraphs stand."""
    if not source.bold:
        return []
    wanted = {start for start, _ in source.bold}
    places = [0, *(m.end() for m in re.finditer("\n", normal.text.text))]
    return [p for p in places if p < len(normal.text) and normal.text.starts[p] in wanted]


def _warnings(read: Outline, about: Metadata) -> list[str]:
    found = []
    if not read.clauses:
        found.append(say("没有找到带序号的条款", "no numbered clauses were found"))
    if not about.titles:
        found.append(say("没有找到标题", "no title was found"))
    return found


def _plain(value: float | None) -> float | int | None:
    return int(value) if value is not None and float(value).is_integer() else value


def paths(extraction: Extraction) -> list[ClausePath]:
    """The paths of all clauses."""
    return [c.path for c in extraction.outline.clauses]
