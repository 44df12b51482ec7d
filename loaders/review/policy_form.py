"""The accepted rows of a proposal in the form of policy facts entered by hand (docs/data-formats.md)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from loaders.review.clause_matches import Key
from loaders.review.proposal import NEW, NONE, SEPARATOR, Proposal, Row, full_name, stem

#: Kinds of rows that say what a clause is about, and the label of what they name.
CONCERNS = {
    "firms": "Firm",
    "parks": "Park",
    "platforms": "Platform",
    "regions": "Region",
    "chain_gaps": "Segment",
    "city_roles": "Region",
}


def policy_data(proposal: Proposal) -> Row:
    """The accepted rows in the form of policy facts entered by hand (docs/data-formats.md)."""
    return PolicyWriter(proposal).data()


class PolicyWriter:
    """Writes the accepted rows of a proposal."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        about = proposal.about
        # Not of the id on record: what a clause is called may not hang on what was loaded first.
        self.slug = about.get("slug") or stem(about["number"] or about["name"])
        self.declared: dict[str, dict[str, Row]] = {}
        self.accepted = {kind: [r for r in rows if r["accept"]] for kind, rows in proposal.rows.items()}
        self._named: dict[int, str] = {}
        self._name_figures()

    def keys(self, kind: str, row: Row) -> list[Key]:
        """What the facts of an accepted row say, as ``meeting`` keeps it."""
        here = self.clause_id(row["clause"])
        if kind in ("targets", "measures"):
            return [(self._named[id(row)],)]
        if kind == "responsibilities":
            lead, support = (self._ids("Department", row[role] or [], here) for role in ("lead", "support"))
            units = [("lead", i) for i in lead] + [("support", i) for i in support if i not in lead]
            return [(role, here, unit) for role, unit in units]
        concern = self._concern(kind, row, here)
        keys: list[Key] = [("concern", here, concern[0], concern[1])] if concern else []
        if kind == "firms":
            keys += [("LEADS", here, r["firm"], r["chain"]) for r in self._leaders([row], here)]
        if kind == "parks":
            keys += [("CARRIES", here, r["park"], r["chain"]) for r in self._carriers([row], here)]
        return keys

    def _name_figures(self) -> None:
        """Ids of goals and measures: what they say, so that they stay when another row is rejected or comes before."""
        used: set[str] = set()
        for kind, prefix, words in (("targets", "target", _goal_stem), ("measures", "measure", _sum_stem)):
            for row in self.accepted[kind]:
                name = f"{prefix}:{self.clause_id(row['clause']).partition(':')[2]}/{words(row)}"
                again = next(n for n in count(1) if (name if n == 1 else f"{name}~{n}") not in used)
                self._named[id(row)] = name if again == 1 else f"{name}~{again}"
                used.add(self._named[id(row)])

    def data(self) -> Row:
        """The document, what it declares, and clause by clause what it says."""
        about = self.proposal.about
        document = {
            k: about[k]
            for k in ("id", "name", "number", "issued", "effective", "expires", "url", "aliases")
            if about.get(k)
        }
        document["issued_by"] = self._ids("Department", about["issuers"], about["id"])
        document["applies_to"] = [about["region"]] if about["region"] else []
        document["cites"] = self._cites(about["cites"])
        clauses = [self._clause(row) for row in self.proposal.clauses]
        declares = {table: list(rows.values()) for table, rows in self.declared.items()}
        return {"document": document, "declares": declares, "clauses": clauses}

    def _cites(self, cited: list[Row]) -> list[Row]:
        return [
            {
                k: v
                for k, v in (
                    ("id", f"doc:{stem(c['number'] or c['title'])}"),
                    ("name", c["title"]),
                    ("number", c["number"]),
                )
                if v
            }
            for c in cited
        ]

    def clause_id(self, key: str) -> str:
        """The id of a clause."""
        return f"clause:{self.slug}/{stem(key.replace(' ', '/'))}"

    def _clause(self, row: Row) -> Row:
        here = self.clause_id(row["key"])
        mine = {kind: [r for r in rows if r["clause"] == row["key"]] for kind, rows in self.accepted.items()}
        lead = self._departments(mine, "lead", here)
        item: Row = {
            "id": here,
            "number": row["number"],
            "path": row["key"],
            "name": row["name"],
            "span": [row["start"], row["end"]],
            "within": self.clause_id(row["within"]) if row["within"] else None,
            "lead": lead,
            "support": [d for d in self._departments(mine, "support", here) if d not in lead],
            "concerns": self._concerns(mine, here),
            "targets": [self._target(t) for t in mine["targets"]],
            "measures": [self._measure(m) for m in mine["measures"]],
            "leaders": self._leaders(mine["firms"], here),
            "carriers": self._carriers(mine["parks"], here),
        }
        if not item["measures"] and any(item[k] for k in ("lead", "support", "concerns", "targets")):
            item["task"] = {"id": f"task:{here.partition(':')[2]}", "name": row["name"]}
        return {k: v for k, v in item.items() if v not in (None, [])}

    def _departments(self, mine: dict[str, list[Row]], role: str, clause: str) -> list[str]:
        names = [n for row in mine["responsibilities"] for n in (row[role] or [])]
        return list(dict.fromkeys(self._ids("Department", names, clause)))

    def _concerns(self, mine: dict[str, list[Row]], clause: str) -> list[Row]:
        roles_of: dict[tuple[str, str], list[str]] = {}
        for kind in CONCERNS:
            for row in mine[kind]:
                if (concern := self._concern(kind, row, clause)) is not None:
                    node, stance, role = concern
                    roles = roles_of.setdefault((node, stance), [])
                    if role and role not in roles:
                        roles.append(role)
        return [
            {"to": node, "stance": stance, **({"role": SEPARATOR.join(roles)} if roles else {})}
            for (node, stance), roles in roles_of.items()
        ]

    def _concern(self, kind: str, row: Row, clause: str) -> tuple[str, str, str | None] | None:
        """(node, stance, role) of what a row says the clause is about."""
        if kind == "chain_gaps":
            node = self._id("Segment", row["product_or_segment"], clause, row) or (
                self._id("Chain", row["chain"], clause, row) if row["chain"] else None
            )
            return (node, row["stance"], row["product_or_segment"]) if node else None
        if kind == "city_roles":
            node = self._id("Region", row["city_or_place"], clause, row)
            return (node, "strengthen", "：".join(v for v in (row["role"], row["industry"]) if v)) if node else None
        node = self._id(CONCERNS[kind], row["name"], clause, row)
        return (node, "about", row.get("role")) if node else None

    def _target(self, row: Row) -> Row:
        wanted = ("subject", "indicator", "comparator", "value", "unit", "year", "base_year", "kind")
        name = "".join(str(row.get(k) or "") for k in ("subject", "indicator"))
        item = {
            "id": self._named[id(row)],
            "name": name,
            **{k: row.get(k) for k in wanted},
            "note": _quoted(row),
        }
        return {k: v for k, v in item.items() if v is not None}

    def _measure(self, row: Row) -> Row:
        kind, yearly = row.get("amount_is") or "", row.get("per_unit_annual_cap")
        money = {{"fixed": "amount", "fund_size": "total"}.get(kind, "cap"): row.get("amount_max")}
        if kind == "unit" or (kind == "cap" and row.get("amount_max") == yearly):
            money = {}  # the price of one unit, or the most in a year, is not the most for one case
        item = {
            "id": self._named[id(row)],
            "name": row["evidence"][:40],
            "instrument": row["instrument"],
            **{k: None if row.get(k) is None else round(float(row[k]) / 100, 6) for k in ("rate_min", "rate_max")},
            "rate_base": row.get("rate_base"),
            **money,
            "annual_cap": yearly,
            "condition": _with_price(row),
            "beneficiary": row.get("beneficiary"),
            "years": row.get("period_years"),
            "note": _quoted(row),
        }
        return {k: v for k, v in item.items() if v is not None and v != ""}

    def _leaders(self, rows: list[Row], clause: str) -> list[Row]:
        """Firms that the text calls leaders of the chain that the clause is about."""
        region = self.proposal.about["region"]
        leaders = []
        for row in rows:
            firm, chain = (
                self._id("Firm", row["name"], clause, row),
                row["chain"] and self._id("Chain", row["chain"], clause, row),
            )
            if firm and chain and "链主" in (row.get("role") or "") and region:
                leaders.append({"firm": firm, "chain": chain, "region": region, "role": row["role"]})
        return leaders

    def _carriers(self, rows: list[Row], clause: str) -> list[Row]:
        """Parks that the text calls carriers (承载地) of the chain that the clause is about."""
        carriers = []
        for row in rows:
            park, chain = (
                self._id("Park", row["name"], clause, row),
                row["chain"] and self._id("Chain", row["chain"], clause, row),
            )
            if park and park.startswith("park:") and chain and "承载" in row["evidence"]:
                carriers.append({"park": park, "chain": chain, "role": "main"})
        return carriers

    def _ids(self, label: str, names: Iterable[str], source: str) -> list[str]:
        return [i for n in names if (i := self._id(label, n, source, {})) is not None]

    def _id(self, label: str, name: str, source: str, row: Row) -> str | None:
        """The id of what a name means; a new node is declared."""
        link = self.proposal.link_of(label, name)
        if link is None or link == NONE:
            return None
        if link != NEW:
            return link
        table = {
            "Department": "departments",
            "Firm": "firms",
            "Park": "parks",
            "Platform": "platforms",
            "Region": "regions",
        }.get(label)
        if table is None:
            return None
        return self._declare(table, label, name, source, row)

    def _declare(self, table: str, label: str, name: str, source: str, row: Row) -> str:
        region = self.proposal.about["region_name"]
        full = full_name(name, region) if label == "Department" and region and name[0] in "市省县区州" else name
        prefix = {"Department": "dept", "Firm": "firm", "Park": "park", "Platform": "plat", "Region": "region"}[label]
        relative = label == "Department" and full == name
        node = f"{prefix}:{stem(f'{region}/{name}' if relative and region else full)}"
        item: Row = {"id": node, "name": full, "sources": []}
        if full != name:
            item["aliases"] = [name]
        if label in ("Park", "Platform") and row.get("kind"):
            item["kind"] = row["kind"]
        if label == "Region":
            code = row.get("code")
            item |= {"id": f"region:{code}" if code else node, "level": _level(code, row.get("kind"))} | (
                {"code": code} if code else {}
            )
        kept = self.declared.setdefault(table, {}).setdefault(item["id"], item)
        if source not in kept["sources"]:
            kept["sources"].append(source)
        return str(item["id"])


def _level(code: str | None, kind: str | None) -> str:
    if code:
        return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"
    return {"corridor": "corridor", "circle": "circle", "city_group": "circle"}.get(kind or "", "zone")


def _quoted(row: Row) -> str:
    start, end = row["span"]
    return f"原文第{start}–{end}字：{' '.join(str(row['evidence']).split())}"


def _with_price(row: Row) -> str | None:
    """The condition, with what is paid for each unit: 每公斤 15 元."""
    price = row.get("unit_amount")
    words = price_words(row["per"], price) if price is not None and row.get("per") else None
    return "；".join(w for w in (row.get("condition"), words) if w) or None


def price_words(per: str, wan: float) -> str:
    """每公斤 15 元; ``wan``: in 万元."""
    return f"每{per} {wan * 10_000:.10g} 元" if wan < 1 else f"每{per} {wan:.10g} 万元"


def _goal_stem(row: Row) -> str:
    name = stem(f"{row.get('subject') or ''}{row.get('indicator') or ''}")[:40]
    figure = f"{row.get('comparator') or ''}{_plain(row.get('value'))}{row.get('unit') or ''}"
    return "/".join(str(p) for p in (name, row.get("year"), stem(figure)) if p)


def _sum_stem(row: Row) -> str:
    ends = dict.fromkeys(_plain(row.get(k)) for k in ("rate_min", "rate_max") if row.get(k) is not None)
    sums = dict.fromkeys(_plain(row.get(k)) for k in ("amount_max", "per_unit_annual_cap") if row.get(k) is not None)
    figures = [f"{'-'.join(ends)}%"] if ends else []
    return stem("/".join([str(row.get("instrument") or ""), *figures, *(f"{v}万元" for v in sums)]))


def _plain(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, int | float) else str(value or "")
