"""The web front door: navigation, and nothing else. Run it by ``liantu app``."""

from __future__ import annotations

import streamlit as st

from graph.language import say
from views import common, cypher_page, explorer, gap_page, overview
from views.documents import document_review

# A picture of our own: Streamlit would fetch one of its icons from the internet.
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32' fill='none' stroke-width='3'%3E"
    "%3Cpath stroke='%2356B4E9' d='M8 16h8M16 16l8-8M16 16l8 8'/%3E%3Cg fill='%230072B2'%3E%3Ccircle cx='7' cy='16' r='5'/%3E"
    "%3Ccircle cx='25' cy='7' r='5'/%3E%3Ccircle cx='25' cy='25' r='5' fill='%23D55E00'/%3E%3C/g%3E%3C/svg%3E"
)
st.set_page_config(page_title="链图 Liantu", page_icon=ICON, layout="wide")
common.begin()
PAGES = {
    "overview": st.Page(
        overview.page, title=say("总览", "Overview"), icon=":material/dashboard:", url_path="overview", default=True
    ),
    "explorer": st.Page(
        explorer.page, title=say("产业链图谱", "Chain explorer"), icon=":material/account_tree:", url_path="explorer"
    ),
    "gap_report": st.Page(
        gap_page.page, title=say("缺链报告", "Gap report"), icon=":material/rule:", url_path="gap-report"
    ),
    "documents": st.Page(
        document_review.page, title=say("文件审读", "Documents"), icon=":material/fact_check:", url_path="documents"
    ),
    "cypher": st.Page(
        cypher_page.page, title=say("Cypher 查询", "Cypher"), icon=":material/terminal:", url_path="cypher"
    ),
}
page = st.navigation(list(PAGES.values()))
with common.readable_errors():
    common.sidebar(PAGES)
    page.run()
