"""Options that several commands share, each declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from graph.errors import LiantuError
from graph.money import MoneyError, parse_money
from reports.formats.output import Format


def _investment(text: str) -> float:
    try:
        return parse_money(text)
    except MoneyError as error:
        raise LiantuError(f"--investment: {error}") from None


def format_option(*formats: Format, otherwise: str = "") -> Any:
    """``--format`` of a command that knows these; ``otherwise`` says what it takes without."""
    endings = [f.value for f in formats]

    def parse(text: str) -> Format:
        if text not in endings:
            raise typer.BadParameter(f"{text!r}: {', '.join(endings)}")
        return Format(text)

    help = f"输出格式{otherwise} · format"
    return typer.Option("--format", "-f", parser=parse, metavar=f"[{'|'.join(endings)}]", help=help)


Region = Annotated[str, typer.Option("--region", "-r", help="地区：名称、别名、代码或编号 · region")]
Chain = Annotated[str, typer.Option("--chain", "-c", help="产业链 · chain")]
Chains = Annotated[
    list[str] | None, typer.Option("--chain", "-c", help="产业链，可多次；默认五条主链 · chain, repeatable")
]
Planned = Annotated[bool, typer.Option("--planned", help="在建与规划产能也计入 · count what is planned or being built")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="写入文件 · write to a file")]
#: In 万元.
Investment = Annotated[
    float | None,
    typer.Option(
        "--investment",
        "-i",
        parser=_investment,
        metavar="<sum>",
        help="拟投固定资产，用来算政策上限：50亿元、8000万、300000000元 · fixed-asset investment, with unit",
    ),
]
