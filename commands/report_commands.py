"""``liantu report``: what an office hands in. Each command opens the graph, has it assessed and has it written."""

from __future__ import annotations

import typer

from commands.lazy import lazy_group

report_app = typer.Typer(
    cls=lazy_group(
        {
            "": {
                "gaps": "report_gaps:gaps",
                "diff": "report_difference:diff",
                "progress": "report_progress:progress",
                "maps-and-lists": "report_maps:maps_and_lists_command",
            }
        }
    ),
    help="报告：缺链报告、图谱清单、变化、进度 · Reports: gaps, maps and lists, changes, progress",
    no_args_is_help=True,
)
