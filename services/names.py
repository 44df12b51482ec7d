"""By what names the things on record go."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from graph.database.store import Store
from graph.schema import NODE_TYPES


def names_on_record(
    store: Store, without: Sequence[str] = (), most: int | None = None, named: Collection[str] = ()
) -> Iterator[tuple[str, list[str]]]:
    """Ids and names, first what a thing is called, of what other datasets state.

    Parameters
    ----------
    without: ids of the datasets that are to be loaded anew: a file is read the same the second time as the first.
    most: of a label with more nodes only those called as in ``named`` are given; None gives all.
    """
    for label in (label for label, node_type in NODE_TYPES.items() if not node_type.internal):
        number = ", n.number" if label == "Document" else ""
        where = "any(d IN n.datasets WHERE NOT d IN $reloaded)"
        if most is not None and store.read(f"MATCH (n:{label}) RETURN count(n) AS n")[0]["n"] > most:
            where += " AND (n.name IN $named OR any(a IN n.aliases WHERE a IN $named))"
        for row in store.read(
            f"MATCH (n:{label}) WHERE {where} "
            f"RETURN n.id AS id, [n.name, n.name_en, n.full_name, n.credit_code, n.stock_code, n.code{number}] "
            "+ coalesce(n.aliases, []) AS names",
            reloaded=list(without),
            named=list(named),
        ):
            yield row["id"], [name for name in row["names"] if name]
