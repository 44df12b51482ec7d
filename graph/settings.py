"""Every threshold, weight, limit and path, once. Reports print the ones they used.

Each can be set by an environment variable ``LIANTU_<NAME>`` (nested ones by
``LIANTU_STATUS__LQ_WEAK``); unknown names are refused where they are given in code.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, cast

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableValueError

from graph.errors import SettingsError

_TOP = Path(__file__).resolve().parents[1]
#: The facts that ship with the program: in the source tree, or in the installed package.
SHIPPED_DATA = next((p for p in (_TOP / "data", _TOP / "liantu_data") if p.is_dir()), _TOP / "data")


class StatusThresholds(BaseModel):
    """M1 of docs/methods.md: when a link is weak, single or strong."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    live_days: int = Field(default=365 * 3, ge=0, description="evidence older than this many days makes a maker stale")
    lq_weak: float = Field(default=0.5, ge=0, description="location quotient below which a link is weak")
    lq_strong: float = Field(default=1.0, ge=0, description="location quotient from which a link may be strong")
    coverage_weak: float = Field(default=0.5, ge=0, description="local coverage (fraction) below which a link is weak")
    coverage_strong: float = Field(
        default=1.0, ge=0, description="local coverage (fraction) from which a link may be strong"
    )
    owners_single: float = Field(
        default=1.5, ge=0, description="effective number of owners below which a link is single"
    )
    owners_strong: float = Field(
        default=2.0, ge=0, description="effective number of owners from which a link may be strong"
    )
    benchmark_min_makers: int = Field(
        default=5, ge=0, description="national makers below which no location quotient is taken"
    )
    region_min_operations: int = Field(
        default=5, ge=0, description="makers in the region below which none is taken either"
    )


class DependenceThresholds(BaseModel):
    """M4 of docs/methods.md: when outside dependence is flagged."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    share: float = Field(default=0.5, ge=0, description="share of local demand from outside (fraction) above which")
    concentration: float = Field(
        default=0.4, ge=0, description="and HHI over places of origin above which it is flagged"
    )


class RankingWeights(BaseModel):
    """M5 of docs/methods.md: weights of the criteria of a gap, printed with every ranking."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pull: float = Field(default=0.3, ge=0, description="unmet local demand, or share of local firms that need it")
    risk: float = Field(default=0.3, ge=0, description="what is lost when its source falls out")
    ease: float = Field(default=0.1, ge=0, description="relatedness density")
    stance: float = Field(default=0.3, ge=0, description="what the policy in force asks for")
    top: int = Field(default=10, ge=1, description="stability is the share of weightings with a gap among so many")
    samples: int = Field(default=1000, ge=1, description="weightings drawn for the stability")


class SpecialisationThresholds(BaseModel):
    """Relatedness and complexity, docs/methods.md: what a region x segment matrix must hold to carry them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    min_regions: int = Field(default=30, ge=3, description="regions with enough makers below which nothing is taken")
    region_min_makers: int = Field(default=3, ge=1, description="makers below which a region does not count")
    segment_min_makers: int = Field(default=3, ge=1, description="makers below which a segment does not count")
    advantage: float = Field(default=1.0, gt=0, description="location quotient from which a region has an advantage")


class CandidateWeights(BaseModel):
    """Firms elsewhere that could fill a gap: points of each test, and what gives all of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    customers: float = Field(default=0.25, ge=0, description="live buyers of the link in the region")
    customers_full: int = Field(default=3, ge=1, description="buyers that give all points")
    beside: float = Field(default=0.15, ge=0, description="plants in one city with those of local buyers, elsewhere")
    beside_full: int = Field(default=2, ge=1, description="buyers met that give all points")
    sisters: float = Field(default=0.20, ge=0, description="plants of the firm or its group in the region")
    sisters_full: int = Field(
        default=2, ge=1, description="plants that give all points; one not yet operating counts half"
    )
    leader: float = Field(default=0.15, ge=0, description="a chain leader here works on a link that buys it")
    stage: float = Field(default=0.10, ge=0, description="how far its operation has come; operating gives all points")
    under_construction: float = Field(
        default=0.5, ge=0, le=1, description="share of them where it is still being built"
    )
    planned: float = Field(default=0.25, ge=0, le=1, description="share of them where it is only planned")
    honours: float = Field(default=0.10, ge=0, description="the best of its honours")
    honour_values: dict[str, float] = Field(
        default={"单项冠军": 1.0, "小巨人": 0.8, "专精特新": 0.5, "高新技术企业": 0.3},
        description="share of the points of an honour whose name holds the word",
    )
    listed: float = Field(default=0.5, ge=0, le=1, description="share of the points of a listed firm")
    distance: float = Field(default=0.05, ge=0, description="distance of its nearest live site, falling to 0 points")
    distance_far: float = Field(default=2000, gt=0, description="km from which there are no points")
    shown: int = Field(default=12, ge=1, description="candidates listed for one link")
    near: float = Field(default=300, ge=0, description="km within which its sites are pointed out")


class ParkWeights(BaseModel):
    """Parks that could take a maker of the link: points of each test, and what gives all of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    carries: float = Field(default=0.5, ge=0, description="appointed to carry the link or the chain")
    chain_share: float = Field(default=0.7, ge=0, le=1, description="share of them for the chain as a whole")
    supporting: float = Field(default=0.6, ge=0, le=1, description="share of them for a supporting carrier")
    neighbours: float = Field(default=0.35, ge=0, description="live makers on the link and those next to it")
    neighbours_full: int = Field(default=3, ge=1, description="makers inside the park that give all points")
    in_district: float = Field(default=0.5, ge=0, le=1, description="what a maker in the district counts")
    targets: float = Field(default=0.15, ge=0, description="a quantified target names the park")


class ProgressThresholds(BaseModel):
    """When a target is ahead of its line or behind it, and how old a reported value may be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on_track_points: float = Field(
        default=5.0, ge=0, description="percent points of the way on either side of the line that still are on track"
    )
    equal_share: float = Field(
        default=0.005, ge=0, description="share of a target's value by which a value may miss it and still be equal"
    )
    valid_days: int = Field(
        default=550, ge=0, description="a value older than this, seen from the period, says nothing"
    )


class OrganisationThresholds(BaseModel):
    """When a department's load is worth a remark."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unsupported_tasks: int = Field(
        default=3, ge=1, description="tasks led without any supporting department from which on a department is named"
    )


class DocumentLimits(BaseModel):
    """What a document may be at most to be read (loaders/documents), and what counts as one of the kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    most_bytes: int = Field(default=30 * 2**20, ge=1, description="larger files are refused")
    most_unpacked_bytes: int = Field(default=200 * 2**20, ge=1, description="a .docx that unpacks to more is refused")
    most_pages: int = Field(default=1_000, ge=1, description="a PDF of more pages is refused")
    most_characters: int = Field(default=1_000_000, ge=1, description="longer texts are refused")
    least_characters_a_page: int = Field(default=10, ge=0, description="a PDF with fewer has no text layer")
    least_policy_words: float = Field(
        default=8.0, ge=0, description="words of the trade in 1000 characters below which a text is no policy document"
    )


class LeaderThresholds(BaseModel):
    """Tiers of chain leaders: level of demonstration (示范库) and of cultivation (培育库) of each test."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    loss_demonstration: float = Field(
        default=0.20,
        ge=0,
        description="knock-out loss (fraction) of the chain here, links where it is not alone on record",
    )
    loss_cultivation: float = Field(default=0.10, ge=0, description="the same, for cultivation")
    share_demonstration: float = Field(default=0.50, ge=0, description="largest share (fraction) of a link it works on")
    share_cultivation: float = Field(default=0.25, ge=0, description="the same, for cultivation")
    reach_demonstration: int = Field(default=8, ge=0, description="local firms within two steps up or down the chain")
    reach_cultivation: int = Field(default=3, ge=0, description="the same, for cultivation")
    honours_demonstration: tuple[str, ...] = Field(default=("单项冠军",), description="words of honours of that level")
    honours_cultivation: tuple[str, ...] = Field(
        default=("小巨人", "专精特新"), description="the same, for cultivation"
    )
    min_applied: int = Field(default=2, ge=1, description="tests with data below which nothing is proposed")
    tests_demonstration: int = Field(default=2, ge=1, description="tests at the level of demonstration for 示范库")
    tests_cultivation: int = Field(default=2, ge=1, description="tests at least at cultivation for 培育库")
    tests_candidate: int = Field(default=1, ge=1, description="tests at least at cultivation for 候选库")


class Settings(BaseSettings):
    """The program's settings."""

    model_config = SettingsConfigDict(env_prefix="LIANTU_", env_nested_delimiter="__", extra="ignore")

    home: Path = Field(default_factory=lambda: user_data_path("liantu"), description="where the embedded graph lives")
    data: Path = Field(default=SHIPPED_DATA, description="the facts that ship with the program")
    language: Literal["zh", "en"] = "zh"

    neo4j_uri: str | None = Field(default=None, validation_alias="NEO4J_URI")
    neo4j_user: str = Field(default="neo4j", validation_alias="NEO4J_USER")
    neo4j_password: SecretStr | None = Field(default=None, validation_alias="NEO4J_PASSWORD")
    neo4j_database: str | None = Field(default=None, validation_alias="NEO4J_DATABASE")
    neo4j_read_user: str | None = Field(default=None, validation_alias="NEO4J_READ_USER")
    neo4j_read_password: SecretStr | None = Field(default=None, validation_alias="NEO4J_READ_PASSWORD")

    engine_heap: str = Field(
        default="2g", pattern=r"^[1-9]\d*[kKmMgG]?$", description="Java heap of the embedded engine"
    )
    engine_quick_start: bool = Field(
        default=False,
        description="the embedded engine's Java leaves out its optimising compiler: quicker to start and to load small graphs",
    )
    engine_start_seconds: float = Field(default=90, gt=0, description="how long a start may take")
    batch_rows: int = Field(default=5_000, ge=1, description="rows of one write statement")
    single_transaction_facts: int = Field(
        default=60_000, ge=0, description="a larger load is written in resumable batches, not in one transaction"
    )
    query_seconds: float = Field(default=20, gt=0, description="a read-only query of a user ends after this long")
    query_rows: int = Field(default=5_000, ge=1, description="rows of a user's query that are shown at most")

    default_region: str = Field(default="region:510100", description="the region the app opens on")
    main_chains: tuple[str, ...] = ("chain:pv", "chain:lithium", "chain:hydrogen", "chain:storage", "chain:nev")
    status: StatusThresholds = StatusThresholds()
    dependence: DependenceThresholds = DependenceThresholds()
    ranking: RankingWeights = RankingWeights()
    progress: ProgressThresholds = ProgressThresholds()
    organisation: OrganisationThresholds = OrganisationThresholds()
    candidates: CandidateWeights = CandidateWeights()
    parks: ParkWeights = ParkWeights()
    leaders: LeaderThresholds = LeaderThresholds()
    documents: DocumentLimits = DocumentLimits()
    specialisation: SpecialisationThresholds = SpecialisationThresholds()

    @field_validator("home", "data")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        """The engine works in a directory of its own, where a relative path would mean another place."""
        return path.expanduser().absolute()


def read_settings() -> Settings:
    """The settings of this process, from its environment.

    Raises:
        SettingsError: a value there means nothing.
    """
    try:
        return Settings()
    except ValidationError as error:
        faults = (f"{_variable(*fault['loc'])}: {fault['msg']}" for fault in error.errors())
        raise SettingsError("; ".join(faults)) from error
    except UnreadableValueError as error:  # no JSON where a group of settings is given at once
        raise SettingsError(str(error)) from error


def _variable(name: int | str, *nested: int | str) -> str:
    """The environment variable of a setting (those of the server have names without a prefix)."""
    written = "__".join(map(str, (name, *nested))).upper()
    return written if written.startswith("NEO4J_") else f"LIANTU_{written}"


class _OnFirstUse:
    """Stands for the settings: they are read when one of them is first asked for, not at import."""

    def __getattr__(self, name: str) -> Any:
        if name not in Settings.model_fields:
            raise AttributeError(name)
        vars(self).update({**dict(read_settings()), **vars(self)})  # what was set by hand stays
        return vars(self)[name]


settings = cast(Settings, _OnFirstUse())
