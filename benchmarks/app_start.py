"""From the start of the command until the chain is drawn in a browser."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from statistics import median

import psutil

from benchmarks.databases import TOP, command, environment, fresh_home, liantu
from tests.browser import Browser, launch

_GIVE_UP = 120.0
#: Whether something stands on the canvas: a pixel that is not transparent.
_DRAWN = """canvas => {
    if (!canvas.width || !canvas.height) return false;
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    for (let i = 3; i < pixels.length; i += 4) if (pixels[i]) return true;
    return false;
}"""


class NothingDrawn(RuntimeError):
    """The page came up without a drawing."""


@dataclass(frozen=True)
class AppStart:
    """Seconds until the server answers, and until the first graph stands on the page."""

    warm_answer: float
    warm_drawn: float
    cold_drawn: float


def app_start(times: int) -> AppStart:
    """Warm: engine up, graph built. Cold: nothing there, ``liantu build`` and ``liantu app`` as by ``make app``.

    Raises:
        BrowserUnavailable: no Chromium.
        NothingDrawn: the page has no drawing.
    """
    answers, warm, cold = [], [], []
    with launch() as browser:
        for _ in range(times):
            with fresh_home() as home:
                where = environment(home)
                began = time.perf_counter()
                liantu(where, "build")
                _, at = _first_drawing(browser, where)
                cold.append(at - began)
                began = time.perf_counter()
                answered, at = _first_drawing(browser, where)
                answers.append(answered - began)
                warm.append(at - began)
    return AppStart(median(answers), median(warm), median(cold))


def _first_drawing(browser: Browser, where: Mapping[str, str]) -> tuple[float, float]:
    """Start the app, open the chain explorer; when it answered and when it had drawn."""
    with _app(where) as url:
        answered = time.perf_counter()
        page = browser.open(f"{url}/explorer")
        try:
            canvas = page.locator("canvas").first
            end = time.perf_counter() + _GIVE_UP
            while not (canvas.count() and canvas.evaluate(_DRAWN)):
                if time.perf_counter() > end:
                    raise NothingDrawn("the explorer page drew nothing")
                page.wait_for_timeout(50)
            return answered, time.perf_counter()
        finally:
            page.close()


@contextmanager
def _app(where: Mapping[str, str]) -> Iterator[str]:
    """``liantu app``, from when it answers until the end of the block."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        command("app", "--no-browser", "--port", str(port)),
        env=dict(where),
        cwd=TOP,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.perf_counter() + _GIVE_UP
        while not _answers(f"{url}/_stcore/health"):
            if process.poll() is not None or time.perf_counter() > end:
                raise NothingDrawn("the app did not come up")
            time.sleep(0.05)
        yield url
    finally:
        _end(process)


def _answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2):
            return True
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the command and the Streamlit server that is its child; the engine is nobody's child here."""
    if process.poll() is not None:
        return
    children = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    for child in children:
        with suppress(psutil.NoSuchProcess):
            child.terminate()
    process.wait(30)
    psutil.wait_procs(children, timeout=10)
