"""What a person makes of a proposal: its facts one by one with their place in the text, corrected, and as facts to load.

Nothing here asks the database or draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from graph.language import say
from loaders.extraction import Extraction
from loaders.lexicon import Lexicon, fold
from loaders.review.document_source import with_states
from loaders.review.fact_kinds import FACT_KINDS, mentioned
from loaders.review.known_documents import Record
from loaders.review.policy_form import price_words
from loaders.review.proposal import NEW, NONE, Proposal, propose
from loaders.review.reconciliation import State

Row = dict[str, Any]


class Mark(NamedTuple):
    """How a kind of fact is marked in the text: one character in each language, and a colour."""

    zh: str
    en: str
    colour: str


#: Hues as of the nodes that the facts become (graph.schema).
MARKS: dict[str, Mark] = {
    "responsibilities": Mark("责", "R", "#5B6B8C"),
    "targets": Mark("标", "T", "#B8860B"),
    "measures": Mark("措", "M", "#117733"),
    "firms": Mark("企", "F", "#D55E00"),
    "parks": Mark("载", "P", "#009E73"),
    "platforms": Mark("台", "L", "#8B6FC0"),
    "regions": Mark("地", "G", "#CC79A7"),
    "chain_gaps": Mark("链", "C", "#0072B2"),
    "city_roles": Mark("城", "N", "#56B4E9"),
}
#: Names of these become nodes of their own if nothing on record is called so.
CREATED = ("Department", "Firm", "Park", "Platform", "Region")


@dataclass(frozen=True)
class Item:
    """A fact as it was read.

    Parameters
    ----------
    start, end: in the normalised text.
    row: of the proposal: clause, the columns of its kind, evidence, span (in the source).
    """

    id: str
    kind: str
    start: int
    end: int
    row: Row


class Mention(NamedTuple):
    """A name in a document, and the label of what it most probably is."""

    label: str
    name: str

    @property
    def key(self) -> str:
        """One decision holds for the whole document."""
        return f"{self.label}|{fold(self.name)}"


def proposed(extraction: Extraction, lexicon: Lexicon, record: Record, file: str) -> Proposal:
    """The proposal of an uploaded file of that name, against what is on record."""
    proposal = propose(extraction, lexicon, Path(file), record)
    return with_states(replace(proposal, about={**proposal.about, "path": file}), lexicon, record)


def items(extraction: Extraction, proposal: Proposal) -> dict[str, Item]:
    """All facts by id, in the order of the document."""
    every = [
        Item(f"{kind}:{number}", kind, read.start, read.end, row)
        for kind in FACT_KINDS
        for number, (read, row) in enumerate(zip(getattr(extraction, kind), proposal.rows[kind], strict=True))
    ]
    return {i.id: i for i in sorted(every, key=lambda i: (i.start, i.end))}


def mentions(kind: str, values: Mapping[str, Any]) -> Iterator[Mention]:
    """The names in a fact."""
    return (Mention(label, name) for label, name in mentioned(kind, values))


def reviewed(
    proposal: Proposal,
    accepted: Mapping[str, Row],
    about: Row,
    choices: Mapping[str, str],
    lexicon: Lexicon,
    standings: Mapping[str, tuple[State | None, str]] | None = None,
) -> Proposal:
    """The proposal as a person left it.

    Parameters
    ----------
    accepted: id of an item -> what was changed of it; those that are not in it are not accepted.
    about: what was changed of the document's own data.
    choices: key of a mention -> id of a node, ``NEW`` or ``NONE``.
    standings: id of an item -> how it stands to the record, as it was shown.
    """

    def left(item: str, row: Row) -> Row:
        state, words = (standings or {}).get(item, (row.get("state"), row.get("on_record", "")))
        return {**row, **accepted.get(item, {}), "accept": item in accepted, "state": state, "on_record": words}

    rows = {kind: [left(f"{kind}:{n}", row) for n, row in enumerate(every)] for kind, every in proposal.rows.items()}
    data = {**proposal.about, **about}
    names = {Mention(r["label"], r["name"]).key: r for r in proposal.names}
    wanted = [Mention("Department", n) for n in data["issuers"]]
    wanted += [m for kind, every in rows.items() for row in every if row["accept"] for m in mentions(kind, row)]
    for mention in wanted:
        if mention.key not in names:  # a name that a person wrote
            names[mention.key] = {
                "label": mention.label,
                "name": mention.name,
                "link": decided(mention, lexicon),
                "candidates": "",
                "code": None,
            }
    linked = [{**row, "link": choices.get(key, row["link"])} for key, row in names.items()]
    return Proposal(data, proposal.clauses, rows, linked, proposal.damaged)


def decided(mention: Mention, lexicon: Lexicon) -> str:
    """What a name that a person wrote stands for: what alone is called so, else something new."""
    matches = lexicon.find(mention.name, [mention.label])
    return matches[0] if len(matches) == 1 else NEW if mention.label in CREATED else NONE


def titles(kind: str, values: Mapping[str, Any]) -> str:
    """A fact in a few words, for lists."""
    if kind == "responsibilities":
        lead, support = "、".join(values["lead"]), "、".join(values["support"])
        return say(f"牵头：{lead or '—'}；配合：{support or '—'}", f"lead: {lead or '—'}; support: {support or '—'}")
    if kind == "targets":
        signs = {">=": "≥", "<=": "≤", "=": "＝", "+%": "+", "-%": "−"}
        year = f"（{values['year']}）" if values.get("year") else ""
        sign = signs.get(values["comparator"] or "", "")
        return f"{values.get('subject') or ''}{values['indicator'] or ''} {sign}{number_words(values['value'])}{values.get('unit') or ''}{year}"
    if kind == "measures":
        return _measure_title(values)
    if kind == "chain_gaps":
        return f"{value_words(kind, 'stance', values['stance'])}：{values['product_or_segment']}"
    if kind == "city_roles":
        return "：".join(str(values[k]) for k in ("city_or_place", "industry", "role") if values.get(k))
    return " · ".join(str(v) for v in (values["name"], values.get("role") or values.get("kind")) if v)


def _measure_title(values: Mapping[str, Any]) -> str:
    low, high, amount = (values.get(k) for k in ("rate_min", "rate_max", "amount_max"))
    ends = [number_words(v) for v in dict.fromkeys((low, high)) if v is not None]
    rate = f"{'–'.join(ends)}%" if ends else ""
    words = {"cap": say("最高 ", "up to "), "fixed": say("定额 ", "fixed "), "fund_size": say("规模 ", "fund of ")}
    money = f"{words.get(values.get('amount_is') or '', '')}{number_words(amount)} 万元" if amount is not None else ""
    per, price = values.get("per"), values.get("unit_amount")
    if per and price is not None:
        money = "，".join(t for t in (price_words(per, price), money if values.get("amount_is") != "unit" else "") if t)
    instrument = value_words("measures", "instrument", values["instrument"])
    return " · ".join(t for t in (instrument, rate, money, str(values.get("beneficiary") or "")[:24]) if t)


def number_words(value: Any) -> str:
    """1000000 as 1,000,000."""
    return f"{value:,.10g}" if isinstance(value, (int, float)) else str(value or "")


def value_words(kind: str, key: str, value: str | None) -> str:
    """An allowed value in the reader's language."""
    allowed = FACT_KINDS[kind].column(key).holds
    names = allowed if isinstance(allowed, Mapping) else {}
    return say(names.get(value or "", value or ""), (value or "").replace("_", " "))


def all_mentions(wanted: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Mention]:
    """Every name of some (kind, values), each once."""
    return list({m.key: m for kind, values in wanted for m in mentions(kind, values)}.values())
