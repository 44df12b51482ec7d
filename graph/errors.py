"""Every error that Liantu raises on purpose; one root, so that the front doors catch one class."""

from __future__ import annotations

from dataclasses import dataclass

from graph.language import say


class LiantuError(Exception):
    """Something that the user can understand and mend; its text is one readable line."""


class SettingsError(LiantuError):
    """A setting in the environment has a value that means nothing."""


class EngineError(LiantuError):
    """The embedded engine cannot start, be reached or be stopped."""


class StoreError(LiantuError):
    """The database refuses or cannot be reached."""


class QueryError(LiantuError):
    """A Cypher query of the user's is wrong, writes, or runs too long."""


class NotFoundError(LiantuError):
    """No region, chain or query of that name is on record."""


@dataclass(frozen=True)
class Problem:
    """One fault in an input file: where it is and what is expected there.

    Parameters
    ----------
    file: name of the file.
    where: row and column, or clause; "" where the whole file is meant.
    message: what is wrong and what is expected.
    """

    file: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.file} {self.where}: {self.message}" if self.where else f"{self.file}: {self.message}"


class LoadError(LiantuError):
    """An input has faults; nothing of it was loaded. All of them come at once."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        first = str(problems[0])
        more = len(problems) - 1
        tail = say(f"（另有 {more} 处）", f" (and {more} more)") if more else ""
        super().__init__(first + tail)
