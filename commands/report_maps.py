"""``liantu report maps-and-lists``: the maps and lists of a chain, as a folder and as one .zip."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import require_data, wrote
from graph.database.store import Store
from graph.settings import settings
from reports import maps_and_lists_files
from reports.maps_and_lists_files import Form
from services.maps_and_lists import gather_package


def maps_and_lists_command(
    chain: Annotated[str, typer.Option("--chain", "-c", help="产业链 · chain")],
    region: Annotated[str, typer.Option("--region", "-r", help="地区 · region")] = settings.default_region,
    form: Annotated[
        Form, typer.Option("--form", help="six：六图六清单，five：五图五清单 · which maps and lists")
    ] = Form.SIX,
    output: Annotated[Path, typer.Option("--output", "-o", help="写到哪个目录 · directory to write to")] = Path(),
) -> None:
    """图谱清单：六图六清单（或五图五清单），一个文件夹和一个 .zip · Maps and lists of a chain."""
    with Store.open() as store:
        require_data(store)
        package = gather_package(store, region, chain)
    files = maps_and_lists_files.package_files(package, form)
    name = maps_and_lists_files.folder_name(package, form)
    maps_and_lists_files.write_folder(files, output / name)
    archive = output / f"{name}.zip"
    archive.write_bytes(maps_and_lists_files.zip_bytes(files, name))
    wrote(output / name)
    wrote(archive)
