"""The rows of the named queries, a dataclass a query: nobody above this floor sees a dict that came from Cypher.

Fields are the columns of the query of that name in ``queries/``; ``None`` is what Cypher calls null. The tests run every
query and hold its columns and values against its dataclass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class QueryRow:
    """One row of a named query: ``class Region(QueryRow, query="regions")`` is a row of ``queries/regions.cypher``."""

    query: ClassVar[str]
    #: Every row type by the name of its query.
    of_query: ClassVar[dict[str, type[QueryRow]]] = {}

    def __init_subclass__(cls, query: str) -> None:
        cls.query = query
        QueryRow.of_query[query] = cls


@dataclass(frozen=True)
class DataDate(QueryRow, query="data_date"):
    """Date of the newest evidence on firms."""

    newest: str | None
