"""Policy documents: one to be read, its facts marked in place, corrected, loaded; or one that is loaded already."""

from __future__ import annotations

import streamlit as st

from graph.language import language, say
from graph.settings import settings
from loaders.documents import DOCUMENT_SUFFIXES
from loaders.files import UnreadableFileError
from loaders.review.reconciliation import State, state_words
from views import common
from views.common import plain
from views.documents.document_load import draw_loading
from views.documents.document_panes import draw_facts, draw_text
from views.documents.document_record import draw_record
from views.documents.document_state import ACCEPTED, OPEN, REJECTED, SIGNS, Review, ReviewedFile, extracted, review_of

_STYLE = """<style>
@media (max-width: 1180px) {
  :is(.st-key-review-panes, .st-key-record-panes) > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"],
  :is(.st-key-review-panes, .st-key-record-panes) > [data-testid="stHorizontalBlock"] { flex-direction: column; }
  :is(.st-key-review-panes, .st-key-record-panes) [data-testid="stColumn"]:not([data-testid="stColumn"] [data-testid="stColumn"]) { width: 100% !important; flex: 1 1 auto !important; }
}
.st-key-review-card blockquote { margin: 0; }
.st-key-review-panes [data-testid="stButtonGroup"] > div { flex-wrap: wrap; overflow: visible; }
</style>"""
#: Streamlit has no words of its own for the uploader in other languages: they are laid over.
_UPLOADER = """<style>
.st-key-review-upload [data-testid="stFileUploaderDropzone"] button [data-testid="stMarkdownContainer"] p { font-size: 0; }
.st-key-review-upload [data-testid="stFileUploaderDropzone"] button [data-testid="stMarkdownContainer"] p::after { content: "%s"; font-size: 1rem; }
.st-key-review-upload [data-testid="stFileUploaderDropzoneInstructions"] { font-size: 0; }
.st-key-review-upload [data-testid="stFileUploaderDropzoneInstructions"] * { display: none; }
.st-key-review-upload [data-testid="stFileUploaderDropzoneInstructions"]::after { content: "%s"; font-size: .875rem; }
</style>"""


def page() -> None:
    """Draw the page."""
    st.title(say("文件审读", "Documents"))
    st.html(_STYLE)
    _document_page()


@common.fragment
def _document_page() -> None:
    choices = {"read": say("读一份文件", "Read a document"), "record": say("已载入的文件", "Documents on record")}
    chosen = st.segmented_control(
        say("文件", "Document"),
        list(choices),
        format_func=choices.__getitem__,
        default="read",
        required=True,
        label_visibility="collapsed",
        key="review:source",
    )
    if chosen == "record":
        draw_record()
    else:
        _read_a_document()


def _read_a_document() -> None:
    file = _file()
    if file is None:
        _introduce()
        return
    try:
        with st.spinner(say("正在读取并抽取 …", "Reading the document …")):
            extraction = extracted(file)
    except UnreadableFileError as error:
        st.error(plain(str(error.problem(file.name))), icon=":material/error:")
        return
    with st.spinner(say("正在与图谱对照 …", "Setting it against the graph …")):
        review = review_of(file, extraction)
    _heading(review)
    with st.container(key="review-panes"):
        left, right = st.columns([11, 9], gap="medium")
        with left:
            draw_text(review)
        with right:
            draw_facts(review)
    st.divider()
    draw_loading(review)


def _file() -> ReviewedFile | None:
    """The document that was uploaded last; it outlives a visit to another page."""
    most, kinds = settings.documents.most_bytes // 2**20, " ".join(DOCUMENT_SUFFIXES)
    if language() == "zh":
        st.html(_UPLOADER % ("选择文件", f"或拖到此处；{kinds}，不超过 {most} MB"))
    st.file_uploader(
        say("政策文件", "Policy document"),
        type=[suffix.removeprefix(".") for suffix in DOCUMENT_SUFFIXES],
        max_upload_size=most,
        key="review:upload",
        on_change=_uploaded,
    )
    if st.session_state.get("review:upload") is not None:
        _uploaded()
    file: ReviewedFile | None = st.session_state.get("review:file")
    return file


def _uploaded() -> None:
    uploaded = st.session_state.get("review:upload")
    st.session_state["review:file"] = (
        None if uploaded is None else ReviewedFile(_printable(uploaded.name), uploaded.getvalue())
    )


def _printable(name: str) -> str:
    """A file's name as a dataset may be called."""
    return "".join(c for c in name if c.isprintable()).strip() or "document.txt"


def _introduce() -> None:
    st.info(
        say(
            "上传一份政策文件，程序按规则读出责任单位、指标、政策措施、企业、载体、平台、地区、链条取向与城市定位，在原文中逐处标出，并与图谱逐条对照；"
            "您逐条采纳、修改或剔除，最后确认载入图谱。文件只在本机处理，未采纳的内容不会载入。",
            "Upload a policy document: responsible departments, targets, measures, firms, parks, platforms, regions, links of chains and cities named "
            "are read by rules, marked in the text and set against the graph. Accept, edit or reject each, then load. The file stays on this machine; "
            "only what was accepted is loaded.",
        ),
        icon=":material/info:",
    )


def _heading(review: Review) -> None:
    """What the document says of itself, and how far the review has come."""
    about, total = review.about, len(review.items)
    counts = review.count(review.items.values())
    st.markdown(f"**{plain(about['name'] or review.file.name)}**")
    parts = [about["number"], "、".join(about["issuers"] or []), about["issued"], review.file.name]
    if about["known"]:
        parts.append(say("图谱中已有此文件", "on record in the graph"))
    st.caption(" · ".join(plain(p) for p in parts if p))
    for warning in review.extraction.warnings:
        st.warning(plain(warning), icon=":material/warning:")
    if total:
        words: dict[str, str] = {
            ACCEPTED: say("采纳", "accepted"),
            REJECTED: say("剔除", "rejected"),
            OPEN: say("待定", "open"),
            **{s: state_words(s) for s in (State.SAME, State.CONTRARY) if counts[s]},
        }
        told = " · ".join(f"{SIGNS[sign]} {name} {counts[sign]}" for sign, name in words.items())
        settled = total - counts[OPEN] - counts[State.CONTRARY]
        st.progress(settled / total, say(f"共 {total} 条：{told}", f"{total} facts: {told}"))
    elif not review.extraction.warnings:
        st.info(say("没有读出任何事实。", "No fact was found."), icon=":material/info:")
