"""What changed in a region's chains between a snapshot and now, or between two snapshots.

A snapshot is restored into a temporary embedded engine and asked the same questions by the same code with the same
thresholds as the graph of today: what differs is the data, never the rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from graph.analysis.chain_difference import COMPARED, ChainDifference, ChainState, compare
from graph.database import embedded
from graph.database.rows import FirmOnRecord
from graph.database.snapshot_files import Snapshot
from graph.database.snapshots import restore
from graph.database.store import Store
from graph.database.writing import Progress
from graph.errors import NotFoundError
from graph.schema import counted_stages
from graph.settings import StatusThresholds, settings
from services.chain_lists import cited_sources, gather_lists
from services.gaps import assess_chain


@dataclass(frozen=True)
class RegionDifference:
    """What changed in chains of a region.

    ``since`` and ``until`` are the snapshots compared (``until`` None: the graph as it is), ``data_before`` and
    ``data_after`` the dates of their data.
    """

    region: str
    region_name: str
    since: Snapshot
    until: Snapshot | None
    data_before: str | None
    data_after: str | None
    chains: tuple[ChainDifference, ...]
    chain_names: tuple[str, ...]
    stages: tuple[str, ...]
    thresholds: StatusThresholds
    #: What the documents and clauses are called that the changed rows name as their sources (id -> name).
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed in any of the chains."""
        return all(chain.is_empty for chain in self.chains)


def difference_since(
    store: Store,
    since: Snapshot,
    region: str,
    chains: Sequence[str],
    until: Snapshot | None = None,
    stages: tuple[str, ...] = counted_stages(planned=False),
    progress: Progress = lambda *_: None,
) -> RegionDifference:
    """What is otherwise now (or at ``until``) than it was at ``since``.

    Parameters
    ----------
    region, chains: ids, names or aliases, as the later graph knows them.
    stages: which operations count as makers.

    Raises:
        NotFoundError: the later graph knows no such region or chain.
        SnapshotError: a snapshot is damaged.
        EngineError: no embedded engine can be started to restore it into.
    """
    with ExitStack() as opened:
        new = opened.enter_context(opened_snapshot(until, progress)) if until is not None else store
        place = new.find(region, "Region")
        subjects = list(dict.fromkeys(new.find(chain, "Chain") for chain in chains))
        old = opened.enter_context(opened_snapshot(since, progress))
        differences = tuple(_chain_difference(old, new, place.id, subject.id, stages) for subject in subjects)
        return RegionDifference(
            place.id,
            place.name,
            since,
            until,
            old.data_date(),
            new.data_date(),
            differences,
            tuple(subject.name for subject in subjects),
            stages,
            settings.status,
            _sources(old, new, differences),
        )


@contextmanager
def opened_snapshot(snapshot: Snapshot, progress: Progress = lambda *_: None) -> Iterator[Store]:
    """A store that holds a snapshot, on an engine of its own that ends with it; any graph elsewhere stays as it is."""
    with TemporaryDirectory(prefix="liantu-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        try:
            with Store.open(home) as store:
                restore(store, snapshot.path, progress=progress)
                yield store
        finally:
            embedded.stop(home)


def _chain_difference(old: Store, new: Store, region: str, chain: str, stages: tuple[str, ...]) -> ChainDifference:
    before, after = (_state(store, region, chain, stages) for store in (old, new))
    firms = sorted({*before.tables.get("firms", {}), *after.tables.get("firms", {})})
    before, after = (
        ChainState(state.gaps, state.tables, {row.id: asdict(row) for row in store.rows(FirmOnRecord, ids=firms)})
        for state, store in ((before, old), (after, new))
    )
    return compare(before, after)


def _state(store: Store, region: str, chain: str, stages: tuple[str, ...]) -> ChainState:
    """Empty where the graph of that time knew no such region or chain."""
    try:
        lists = gather_lists(store, region, chain)
        tables = {name: {i: asdict(row) for i, row in getattr(lists, name).items()} for name in COMPARED}
        return ChainState(assess_chain(store, region, chain, stages), tables)
    except NotFoundError:
        return ChainState()


def _sources(old: Store, new: Store, chains: Sequence[ChainDifference]) -> dict[str, str]:
    """Names as the later graph has them, or else the earlier one."""
    wanted = {source for chain in chains for change in chain.changes for source in change.row.get("sources") or ()}
    earlier, later = cited_sources(old, wanted), cited_sources(new, wanted)
    return {source: later[source] if later[source] != source else earlier[source] for source in wanted}
