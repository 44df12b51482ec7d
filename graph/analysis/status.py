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
from graph.language import say
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


def status_of(found: Findings, t: StatusThresholds) -> tuple[Status, str]:
    """The status and the rule that fired, in words."""
    if not found.live:
        return _without_makers(found)
    assert found.owners is not None
    firms, quotient, sigma = _count_words(found.live), found.quotient, found.sigma
    if quotient is not None and quotient < t.lq_weak:
        return Status.WEAK, f"{firms}{_quotient_words(quotient)} < {t.lq_weak:g}"
    if sigma is not None and sigma < t.coverage_weak:
        return Status.WEAK, f"{firms}{_coverage_words(sigma)} < {t.coverage_weak:g}"
    leader = next((m for m in found.live if m.leads), None)
    well_represented = quotient is not None and quotient >= t.lq_strong
    why = _quotient_words(quotient) + f" ≥ {t.lq_strong:g}" if quotient is not None else ""
    if well_represented and leader is not None:
        return Status.STRONG, firms + say(f"；链主企业 {leader.name} 在此环节", f"; chain leader {leader.name}") + why
    if found.owners < t.owners_single:
        return Status.SINGLE, firms + _owners_words(found.owners) + f" < {t.owners_single:g}"
    if well_represented and found.owners >= t.owners_strong and (sigma is None or sigma >= t.coverage_strong):
        covered = "" if sigma is None else f"{_coverage_words(sigma)} ≥ {t.coverage_strong:g}"
        return Status.STRONG, firms + why + covered + _owners_words(found.owners) + f" ≥ {t.owners_strong:g}"
    return Status.PRESENT, firms


def _quotient_words(quotient: float) -> str:
    return say(f"；区位商 {quotient:.2f}", f"; location quotient {quotient:.2f}")


def _coverage_words(sigma: float) -> str:
    return say(f"；本地配套率 {sigma:.0%}", f"; local coverage {sigma:.0%}")


def _owners_words(owners: float) -> str:
    return say(f"；有效所有者 {owners:.2f}", f"; effective owners {owners:.2f}")


def _count_words(live: Sequence[Maker]) -> str:
    count = len({m.id for m in live})
    if any(m.stage != "operating" for m in live):
        return say(f"企业 {count} 家（含在建、规划）", f"{count} makers, planned ones and those being built included")
    return say(f"在产企业 {count} 家", f"{count} live maker{'' if count == 1 else 's'}")


def _without_makers(found: Findings) -> tuple[Status, str]:
    if found.surveyed:
        return Status.MISSING, say(
            "登记已声明完整，且无在产企业", "the register is declared complete and holds no live maker"
        )
    wanted = [s for s in found.stances if s.stance in ("attract", "fill")]
    if wanted:
        paths = "、".join(dict.fromkeys(s.cited for s in wanted))
        return Status.MISSING, say(
            f"登记中无在产企业；政策要求招引或补链（{paths}）",
            f"no live maker on record; policy wants it attracted or filled ({paths})",
        )
    return Status.UNKNOWN, say(
        "登记中无在产企业，但登记未声明完整，政策也未要求招引或补链",
        "no live maker on record, but the register is not declared complete and no clause wants it attracted or filled",
    )
