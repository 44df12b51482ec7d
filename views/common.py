"""What the pages share: the store, cached reads, the choices kept in the address, tables, chips, error boxes.

Language and choices belong to a browser session. A fragment is run again without the page around it, so it must be
declared by :func:`fragment`, which sets the language anew.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from html import escape
from typing import Any, ParamSpec, Protocol, TypeVar, cast
from weakref import WeakKeyDictionary

import streamlit as st

from graph.analysis.assessment import ChainGaps
from graph.analysis.status import Status
from graph.database import writing
from graph.database.rows import KnownRegion, R
from graph.database.store import Row, Store
from graph.errors import LiantuError, LoadError, NotFoundError, StoreError
from graph.language import Language, language, say, use_language
from graph.schema import counted_stages
from graph.settings import settings
from reports.colours import ink_on
from reports.formats.output import Format, csv_file, sheet_file
from reports.words import STATUS_COLOURS, status_name, status_symbol
from services.gaps import RegionAssessment, assess
from views.network.network import LegendItem

P = ParamSpec("P")
T = TypeVar("T")

#: The choices that stand in the address: ?region=region:510100&chain=chain:pv&lang=zh
_IN_ADDRESS = ("region", "chain", "segment", "lang")
_FRESH_SECONDS = 1.0
_CACHE_SECONDS = 600


# -- the session: language and choices -----------------------------------------------------------


def begin() -> None:
    """Take over what the address says and set the language; first thing in every run of the app."""
    choices = _choices()
    written = st.session_state.setdefault("address", {})
    for name in _IN_ADDRESS:
        asked = st.query_params.get(name)
        if asked and asked != written.get(name):  # a link, or the browser's back button
            choices[name] = asked
    if choices["lang"] not in ("zh", "en"):
        choices["lang"] = settings.language
    use_language(cast(Language, choices["lang"]))
    st.html("<style>.stMainBlockContainer { padding: 2.8rem 2.5rem 4rem; }</style>")  # Streamlit leaves much room


def _choices() -> dict[str, str]:
    first = {
        "region": settings.default_region,
        "chain": settings.main_chains[0],
        "segment": "",
        "lang": settings.language,
    }
    return cast(dict[str, str], st.session_state.setdefault("choices", first))


def write_address() -> None:
    """Put the choices into the address, so that it can be sent to somebody."""
    wanted = {name: value for name, value in _choices().items() if value}
    for name in _IN_ADDRESS:
        if name not in wanted and name in st.query_params:
            del st.query_params[name]
        elif name in wanted and st.query_params.get(name) != wanted[name]:
            st.query_params[name] = wanted[name]
    st.session_state["address"] = wanted


def region() -> str:
    """Id of the region that all pages are about."""
    return _choices()["region"]


def chain() -> str:
    """Id of the chain that was chosen last."""
    return _choices()["chain"]


def segment() -> str:
    """Id of the segment that was chosen last, or an empty string."""
    return _choices()["segment"]


def choose(name: str, value: str) -> None:
    """Set a choice (region, chain, segment); another chain lets go of the segment."""
    choices = _choices()
    if name == "chain" and choices["chain"] != value:
        choices["segment"] = ""
    choices[name] = value


def chooser(
    label: str,
    options: Sequence[str],
    name: str,
    wording: Callable[[str], str],
    *,
    empty: str | None = None,
    **how: Any,
) -> None:
    """A select box that sets a choice and follows it when something else sets it.

    Args:
        options: ids.
        name: which choice: region, chain or segment.
        wording: what is shown for an id.
        empty: shown when nothing is chosen; only then may it be nothing.
        how: further arguments of ``st.selectbox``.
    """
    key = f"chooser:{name}:{language()}"
    shown = {option: wording(option) for option in options}  # now: Streamlit asks again when the language is not set
    current = _choices()[name]
    st.session_state[key] = current if current in options else None
    if empty is None and st.session_state[key] is None and options:
        st.session_state[key] = options[0]
        choose(name, options[0])
    st.selectbox(
        label,
        options,
        index=0 if empty is None else None,
        placeholder=empty,
        format_func=lambda option: shown.get(option, option),
        key=key,
        on_change=lambda: choose(name, st.session_state[key] or ""),
        **how,
    )


def fragment(function: Callable[P, T]) -> Callable[P, T]:
    """``st.fragment`` that keeps the session's language and shows errors as boxes."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        use_language(cast(Language, _choices()["lang"]))
        with readable_errors():
            return function(*args, **kwargs)

    return st.fragment(run)


def sidebar(pages: Mapping[str, Any]) -> None:
    """What all pages share at the side: region, language, date of the data; then warnings about the graph."""
    st.session_state["pages"] = dict(pages)
    with st.sidebar:
        if not is_empty():
            _region_selector()
        choices = _choices()
        key = "language"
        st.session_state[key] = choices["lang"]
        st.segmented_control(
            "语言 Language",
            ["zh", "en"],
            required=True,
            format_func={"zh": "中文", "en": "English"}.__getitem__,
            key=key,
            on_change=lambda: choices.update(lang=st.session_state[key]),
        )
        if newest := date_of_data():
            st.caption(say(f"企业数据截至 {newest}", f"Firm data as of {newest}"))
    write_address()
    _warn()


def _region_selector() -> None:
    known = {place.id: place for place in regions()}
    if region() not in known:
        st.warning(say(f"没有地区 {region()}，改用默认地区", f"no region {region()}; the default is used"))
        choose("region", settings.default_region)
    chooser(
        say("地区", "Region"),
        list(known),
        "region",
        lambda i: _region_words(known[i]),
        help=say("可输入名称检索；下级区县与园区一并计入", "Type to search; districts and parks inside it count too"),
    )


def _region_words(place: KnownRegion) -> str:
    inside = called(place.parent, place.parent_en)
    return naming(place) + (f" · {inside}" if inside else "")


def regions() -> list[KnownRegion]:
    """All regions: the default one, what is in it, groups and provinces, then the others by code."""
    return sorted(rows(KnownRegion), key=_region_order)


def _region_order(place: KnownRegion) -> tuple[int, str]:
    if place.id == settings.default_region:
        return 0, ""
    if place.parent_id == settings.default_region:
        return 1, place.code or place.id
    rank = {"province": 3, "city": 4, "county": 5, "country": 2}.get(place.level, 2)
    return rank, place.code or place.id


def region_name(region_id: str | None = None) -> str:
    """The name of a region, by default the chosen one."""
    wanted = region_id or region()
    return next((naming(place) for place in rows(KnownRegion) if place.id == wanted), wanted)


def go(page: str, label: str, **choices: str) -> None:
    """A link to another page (``explorer``, ``gap_report`` ...) that also sets choices: ``go("explorer", "图谱", chain=id)``."""
    target = st.session_state.get("pages", {}).get(page)
    if target is None:
        return
    wanted = {name: value for name, value in {**_choices(), "segment": "", **choices}.items() if value}
    st.page_link(target, label=plain(label), icon=":material/arrow_forward:", query_params=wanted)


# -- the store and cached reads ------------------------------------------------------------------
# ruff: noqa: ARG001
# What a cache is keyed on is an argument even where the function has no use for it; its name must not begin with an
# underscore, because Streamlit leaves those out of the key.


def store() -> Store:
    """The one connection of all sessions; made anew if the engine or server went away.

    Raises:
        StoreError, EngineError: it cannot be reached.
    """
    return _open(settings.neo4j_uri or "", str(settings.home))


_seen_alive: WeakKeyDictionary[Store, float] = WeakKeyDictionary()


def _alive(opened: Store) -> bool:
    """Whether the database still answers; asked at most once a second."""
    if time.monotonic() - _seen_alive.get(opened, 0.0) < _FRESH_SECONDS:
        return True
    try:
        opened.read("RETURN 1 AS one")
    except StoreError:
        return False
    _seen_alive[opened] = time.monotonic()
    return True


@st.cache_resource(validate=_alive, on_release=Store.close, show_spinner="连接图谱 · Connecting to the graph …")
def _open(uri: str, home: str) -> Store:
    return Store.open()


@dataclass(frozen=True)
class _Loaded:
    """What is loaded: when that was asked, its fingerprint, the number of datasets."""

    asked: float
    key: str
    datasets: int


_loaded: dict[str, _Loaded] = {}


def data_state() -> str:
    """What is loaded, as a key for caches: it changes when any process loads or takes back a dataset."""
    return _what_is_loaded().key


def is_empty() -> bool:
    """Whether nothing has been loaded yet."""
    return _what_is_loaded().datasets == 0


def _what_is_loaded() -> _Loaded:
    """Asked of the database at most once a second."""
    opened = store()
    place = f"{opened.backend.uri} {settings.home}"
    known = _loaded.get(place)
    if known is None or time.monotonic() - known.asked >= _FRESH_SECONDS:
        turns = opened.read("MATCH (s:LoadState) RETURN s.turn AS turn, s.state AS state, s.done AS done")
        sets = opened.read("MATCH (d:Dataset) RETURN d.id AS id, d.loaded_at AS at, d.sha256 AS sha ORDER BY id")
        text = json.dumps([place, turns, sets], sort_keys=True, default=str)
        known = _loaded[place] = _Loaded(time.monotonic(), sha256(text.encode()).hexdigest(), len(sets))
    return known


@st.cache_data(ttl=_CACHE_SECONDS, max_entries=1000, show_spinner=False)
def _named(state: str, name: str, parameters: tuple[tuple[str, Any], ...]) -> list[Row]:
    return store().run_named(name, **dict(parameters))


def rows(kind: type[R], /, **parameters: Any) -> list[R]:
    """All rows of the named query that ``kind`` is a row of, cached until something is loaded."""
    return [kind.of(row) for row in _named(data_state(), kind.query, _as_key(parameters))]


def _as_key(parameters: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(parameters.items()))


def read(cypher: str, **parameters: Any) -> list[Row]:
    """All rows of one of our own queries, cached likewise."""
    return _read(data_state(), cypher, _as_key(parameters))


@st.cache_data(ttl=_CACHE_SECONDS, max_entries=500, show_spinner=False)
def _read(state: str, cypher: str, parameters: tuple[tuple[str, Any], ...]) -> list[Row]:
    return store().read(cypher, **dict(parameters))


def assessment(
    chain_id: str | None = None, region_id: str | None = None, stages: tuple[str, ...] = counted_stages(planned=False)
) -> ChainGaps:
    """The links of a chain in a region (by default the chosen ones), its gaps first, cached until something is loaded."""
    return region_assessment([chain_id or chain()], stages, region_id).chains[0].gaps


def region_assessment(
    chains: Sequence[str],
    stages: tuple[str, ...] = counted_stages(planned=False),
    region_id: str | None = None,
) -> RegionAssessment:
    """All measures of several chains in a region, with the gaps of all in one order; cached likewise."""
    return _region_assessment(data_state(), region_id or region(), tuple(chains), stages)


@st.cache_data(ttl=_CACHE_SECONDS, max_entries=300, show_spinner=False)
def _region_assessment(
    state: str, region_id: str, chains: tuple[str, ...], stages: tuple[str, ...]
) -> RegionAssessment:
    return assess(store(), region_id, chains, stages)


def date_of_data() -> str | None:
    """The date of the newest evidence on firms."""
    return _date_of_data(data_state())


@st.cache_data(ttl=_CACHE_SECONDS, max_entries=10, show_spinner=False)
def _date_of_data(state: str) -> str | None:
    return store().data_date()


# -- errors and warnings -------------------------------------------------------------------------


@contextmanager
def readable_errors() -> Iterator[None]:
    """A ``LiantuError`` as a box that says what is wrong, in place of a traceback."""
    try:
        yield
    except LiantuError as error:
        lines = [str(p) for p in error.problems] if isinstance(error, LoadError) else [str(error)]
        st.error("\n\n".join(plain(line) for line in lines), icon=":material/error:")
        if not isinstance(error, NotFoundError):
            st.button(say("重试", "Try again"), key=f"retry:{abs(hash(str(error)))}")


def _warn() -> None:
    """Say that the graph is empty, or that a load was cut off, with the command that mends it."""
    cut_off = writing.unfinished(store())
    if cut_off:
        st.warning(
            say(
                f"有一次载入中断在第 {cut_off['done']}/{cut_off['total']} 批，图谱内容不完整。继续：`liantu load --resume`；撤销：`liantu load --rollback`",
                f"A load was cut off at batch {cut_off['done']} of {cut_off['total']}: the graph is not complete. "
                "Finish it by `liantu load --resume`, or undo it by `liantu load --rollback`.",
            ),
            icon=":material/warning:",
        )
    if is_empty():
        st.info(
            say("图谱中还没有数据。请在终端运行：", "The graph is empty. Run this in a terminal:"),
            icon=":material/inbox:",
        )
        st.code("liantu build", language="bash")
        st.caption(
            say(
                "随附数据约半分钟载入完毕，之后刷新本页。",
                "The data that ship with the program load in about half a minute; then reload this page.",
            )
        )
        st.stop()


# -- words ---------------------------------------------------------------------------------------

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#+!|~$:^=&])")


def plain(text: object) -> str:
    r"""Text from data inside Markdown: shown as it is, whatever it holds.

    >>> plain("a*b [c](d) :red[e] $f$")
    'a\\*b \\[c\\](d) \\:red\\[e\\] \\$f\\$'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))


class Named(Protocol):
    """What has a name, and may have one in English."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def name_en(self) -> str | None:
        """Its English name."""


def naming(thing: Named) -> str:
    """The name in the reader's language; English falls back on Chinese."""
    return called(thing.name, thing.name_en)


def called(zh: str | None, en: str | None) -> str:
    """A name in the reader's language; English falls back on Chinese.

    >>> called("隔膜", "separator"), called(None, None)
    ('隔膜', '')
    """
    return say(zh or "", en or zh or "")


def unsure() -> str:
    """The chip of a fact of low confidence, as Markdown."""
    return say(":orange-badge[可信度低]", ":orange-badge[low confidence]")


def legend() -> list[LegendItem]:
    """The legend of the statuses, for a drawing."""
    return [LegendItem(status_name(s), STATUS_COLOURS[s], status_symbol(s)) for s in Status]


def chips(items: Sequence[tuple[str, str]]) -> None:
    """Small labels in colours: (text, #RRGGBB)."""
    spans = "".join(
        f'<span style="background:{colour};color:{ink_on(colour)};border-radius:4px;padding:1px 8px;'
        f'margin:0 6px 6px 0;display:inline-block;font-size:0.85rem;white-space:nowrap">{escape(text)}</span>'
        for text, colour in items
    )
    st.html(f"<div>{spans}</div>")


def status_chips(counts: Mapping[str, int] | None = None) -> None:
    """The statuses as chips: with counts (those above zero), or as a legend."""
    wanted = [s for s in Status if counts is None or counts.get(s.value)]
    chips([(status_name(s) + (f" {counts[s.value]}" if counts else ""), STATUS_COLOURS[s]) for s in wanted])


# -- tables and downloads --------------------------------------------------------------------------


def table(
    headings: Sequence[str], rows: Sequence[Sequence[Any]], file: str, *, downloads: bool = True, **how: Any
) -> None:
    """A table, with buttons to save it as CSV and Excel.

    Args:
        headings: all different.
        file: name of the saved files, without ending; also the key, so it must be unique on the page.
        how: further arguments of ``st.dataframe``.
    """
    import pandas as pd

    st.dataframe(pd.DataFrame(list(rows), columns=list(headings)), hide_index=True, **how)
    if downloads:
        save_buttons(headings, rows, file)


def save_buttons(headings: Sequence[str], rows: Sequence[Sequence[Any]], file: str) -> None:
    """Buttons that save a table as CSV and as Excel; the files are made when they are asked for."""
    with st.container(horizontal=True):
        download("CSV", lambda: csv_file(headings, rows), file, Format.CSV)
        download("Excel", lambda: sheet_file(file, headings, rows), file, Format.XLSX)


def download(label: str, made: Callable[[], bytes], stem: str, format: Format, key: str = "") -> None:
    """A button that saves a file; it is made when it is asked for."""
    st.download_button(
        label,
        made,
        f"{stem}.{format}",
        format.media_type,
        key=key or f"{format}:{stem}",
        icon=":material/download:",
        on_click="ignore",
    )
