"""``liantu app``: the web front door, opened from the terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from commands.graph_commands import load_paths, print_load
from commands.terminal import out
from graph.database.store import Store
from graph.language import say
from graph.settings import settings


def open_app(
    port: Annotated[int, typer.Option(help="端口 · port")] = 8501,
    host: Annotated[str, typer.Option(help="监听地址，默认仅本机 · address to listen on")] = "127.0.0.1",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="打开浏览器 · open a browser")] = True,
) -> None:
    """打开网页应用 · Open the web app."""
    with Store.open() as store:
        if store.is_empty():
            print_load(load_paths(store, [settings.data]))
    script = Path(__file__).parents[1] / "app.py"
    # Without a display Streamlit must not look for a browser.
    headless = not browser or (sys.platform.startswith("linux") and not os.environ.get("DISPLAY"))
    options = {
        "server.address": host,
        "server.port": port,
        "server.headless": str(headless).lower(),
        "browser.gatherUsageStats": "false",
        "server.fileWatcherType": "none",
        "client.toolbarMode": "minimal",
        "server.showEmailPrompt": "false",
    }
    command = [sys.executable, "-m", "streamlit", "run", str(script), *(f"--{k}={v}" for k, v in options.items())]
    out.print(say(f"链图：http://{host}:{port}（Ctrl-C 结束）", f"Liantu: http://{host}:{port} (Ctrl-C ends it)"))
    sys.exit(subprocess.run(command, check=False).returncode)
