"""``liantu report``: what an office hands in. Each command opens the graph, has it assessed and has it written."""

from __future__ import annotations

import typer

from commands.report_difference import diff
from commands.report_gaps import gaps
from commands.report_maps import maps_and_lists_command
from commands.report_progress import progress

report_app = typer.Typer(
    help="报告：缺链报告、图谱清单、变化、进度 · Reports: gaps, maps and lists, changes, progress",
    no_args_is_help=True,
)
report_app.command()(gaps)
report_app.command()(diff)
report_app.command()(progress)
report_app.command("maps-and-lists")(maps_and_lists_command)
