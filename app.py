"""The web front door: navigation, and nothing else. Run it by ``liantu app``."""

from __future__ import annotations

import streamlit as st

from graph.language import say
from views import common


def _overview() -> None:
    from views import overview

    overview.page()


def _explorer() -> None:
    from views import explorer

    explorer.page()


def _gap_report() -> None:
    from views import gap_report

    gap_report.page()


def _cypher() -> None:
    from views import cypher

    cypher.page()


st.set_page_config(page_title="链图 Liantu", page_icon=":material/hub:", layout="wide")
common.begin()
PAGES = {
    "overview": st.Page(
        _overview, title=say("总览", "Overview"), icon=":material/dashboard:", url_path="overview", default=True
    ),
    "explorer": st.Page(
        _explorer, title=say("产业链图谱", "Chain explorer"), icon=":material/account_tree:", url_path="explorer"
    ),
    "gap_report": st.Page(
        _gap_report, title=say("缺链报告", "Gap report"), icon=":material/rule:", url_path="gap-report"
    ),
    "cypher": st.Page(_cypher, title=say("Cypher 查询", "Cypher"), icon=":material/terminal:", url_path="cypher"),
}
page = st.navigation(list(PAGES.values()))
with common.readable_errors():
    common.sidebar(PAGES)
    page.run()
