"""Chromium for tests and screenshots, and the app it looks at; nothing leaves the machine.

``with running_app("app.py") as url, launch() as browser: page = browser.open(url)``, and at the end
``browser.outside`` and ``browser.errors`` are empty.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

_TOP = Path(__file__).resolve().parents[1]
_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_LOCAL = {"127.0.0.1", "localhost", "::1"}


class BrowserUnavailable(RuntimeError):
    """There is no Chromium, or no Playwright to drive it; tests are skipped with this reason."""


class AppFailed(RuntimeError):
    """The app did not come up; the text is what it printed."""


@dataclass
class Browser:
    """A running Chromium with a fresh profile, and what it has seen.

    Attributes:
        errors: console errors and uncaught exceptions of every page.
        outside: every request that was not for this machine.
    """

    context: BrowserContext
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def open(self, url: str, *, width: int = 1280, height: int = 800, dark: bool = False) -> Page:
        """A new page at an address."""
        page = self.context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(url)
        return page

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in _LOCAL:
            self.outside.append(request.url)


def chromium() -> str:
    """The path of the browser: ``CHROMIUM`` if set, else Debian's, else what is on the path.

    Raises:
        BrowserUnavailable: there is none.
    """
    found = os.environ.get("CHROMIUM") or next(filter(os.path.exists, ["/usr/bin/chromium"]), None)
    found = found or shutil.which("chromium") or shutil.which("google-chrome")
    if not found or not shutil.which(found):
        raise BrowserUnavailable(f"no Chromium found ({found or '/usr/bin/chromium'}); set CHROMIUM to its path")
    return found


@contextmanager
def launch(**options: Any) -> Iterator[Browser]:
    """A Chromium with a fresh profile, closed at the end.

    Args:
        options: handed to Playwright's context (``accept_downloads``, ``device_scale_factor``, ...).
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise BrowserUnavailable("the Python package playwright is not installed") from error
    path = chromium()
    fresh = tempfile.TemporaryDirectory(prefix="profile-", ignore_cleanup_errors=True)
    with fresh as profile, sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(
            profile, executable_path=path, args=_FLAGS, chromium_sandbox=False, **options
        )
        browser = Browser(context)
        context.on("request", browser._note_request)
        try:
            yield browser
        finally:
            context.close()


@contextmanager
def running_app(
    script: str | Path,
    *,
    env: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
    wait: float = 60,
) -> Iterator[str]:
    """``streamlit run`` on loopback at a free port; gives the address and stops it at the end.

    Args:
        script: the entry script.
        env: environment variables on top of the present ones.
        options: further settings, such as ``{"theme.base": "dark"}``.
        wait: seconds to wait until it answers.

    Raises:
        AppFailed: it ended or did not answer in time.
    """
    port = _free_port()
    settings = {
        "server.address": "127.0.0.1",
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        **(options or {}),
    }
    command = [sys.executable, "-m", "streamlit", "run", str(script), *(f"--{k}={v}" for k, v in settings.items())]
    paths = [str(_TOP), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)} | dict(env or {})
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, env=environment, cwd=_TOP, stdout=log, stderr=subprocess.STDOUT)
        try:
            _await_health(process, port, wait, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_health(process: subprocess.Popen[bytes], port: int, wait: float, log: Any) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + wait
    while time.monotonic() < end and process.poll() is None:
        try:
            with opener.open(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    log.seek(0)
    raise AppFailed(log.read() or f"no answer at port {port} within {wait} s")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
