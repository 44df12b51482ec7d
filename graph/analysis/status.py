"""M1 Status of a link in a region, with the rule that fired.

* unknown 未知: no live maker, and neither a complete register nor a policy clause says that there is none.
* missing 缺: no live maker, and one of them does.
* weak 弱: the region has far less of it than the nation has (location quotient), or than local users need (coverage).
* single 单: one owner holds it.
* strong 强: well represented, local demand met, several owners or a chain leader on the link.
* present 中: the rest.

A test whose data are missing is not applied and listed; missing data never become zero. No status depends on which
other links are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from graph.analysis.makers import Maker
from graph.analysis.reasons import Reason, reason
from graph.schema import Stage, Stance
from graph.settings import StatusThresholds


class Status(StrEnum):
    """Status of a link in a region."""

    MISSING = "missing"
    WEAK = "weak"
    SINGLE = "single"
    UNKNOWN = "unknown"
    PRESENT = "present"
    STRONG = "strong"


GAP_STATUSES = (Status.MISSING, Status.WEAK, Status.SINGLE)


@dataclass(frozen=True)
class PolicyStance:
    """What a clause in force in the region wants of a link."""

    stance: str
    clause: str
    path: str = ""
    heading: str = ""
    document: str = ""
    role: str | None = None
    number: str | None = None

    @property
    def cited(self) -> str:
        """The clause as a reader looks it up: number of the document, where it has one, and path."""
        return f"{self.number or ''} {self.path or self.clause}".strip()


@dataclass(frozen=True)
class Findings:
    """The tests of a link that could be applied.

    ``quotient`` the location quotient, ``owners`` the effective number of owners, ``sigma`` local coverage (0-1) by
    money or capacity; None where the data are missing.
    """

    live: Sequence[Maker]
    surveyed: bool
    stances: Sequence[PolicyStance]
    quotient: float | None = None
    owners: float | None = None
    sigma: float | None = None


def status_of(findings: Findings, t: StatusThresholds) -> tuple[Status, Reason]:
    """The status and the rule that fired, with its numbers."""
    if not findings.live:
        return _without_makers(findings)
    assert findings.owners is not None
    makers, quotient, sigma = _counted(findings.live), findings.quotient, findings.sigma
    if quotient is not None and quotient < t.lq_weak:
        return Status.WEAK, reason("quotient_below", makers=makers, quotient=quotient, threshold=t.lq_weak)
    if sigma is not None and sigma < t.coverage_weak:
        return Status.WEAK, reason("coverage_below", makers=makers, coverage=sigma, threshold=t.coverage_weak)
    leader = next((m for m in findings.live if m.leads), None)
    well_represented = quotient is not None and quotient >= t.lq_strong
    if well_represented and leader is not None:
        return Status.STRONG, reason(
            "leader_on_link", makers=makers, leader=leader.name, quotient=quotient, threshold=t.lq_strong
        )
    if findings.owners < t.owners_single:
        return Status.SINGLE, reason("owners_below", makers=makers, owners=findings.owners, threshold=t.owners_single)
    if well_represented and findings.owners >= t.owners_strong and (sigma is None or sigma >= t.coverage_strong):
        tests = [reason("quotient_reached", quotient=quotient, threshold=t.lq_strong)]
        tests += [reason("coverage_reached", coverage=sigma, threshold=t.coverage_strong)] if sigma is not None else []
        tests.append(reason("owners_reached", owners=findings.owners, threshold=t.owners_strong))
        return Status.STRONG, reason("well_held", makers=makers, tests=tuple(tests))
    return Status.PRESENT, makers


def _counted(live: Sequence[Maker]) -> Reason:
    planned = any(m.stage != Stage.OPERATING for m in live)
    return reason("makers_with_planned" if planned else "live_makers", count=len({m.id for m in live}))


def _without_makers(findings: Findings) -> tuple[Status, Reason]:
    if findings.surveyed:
        return Status.MISSING, reason("surveyed_without_makers")
    wanted = [s for s in findings.stances if s.stance in (Stance.ATTRACT, Stance.FILL)]
    if wanted:
        return Status.MISSING, reason("named_by_policy", clauses=tuple(dict.fromkeys(s.cited for s in wanted)))
    return Status.UNKNOWN, reason("not_surveyed")
