"""The pictures of the documentation: every page of the app over a fresh graph of data/, in headless Chromium.

python docs/screenshots.py            all of docs/img/*.png
python docs/screenshots.py gaps       only gaps.png
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

TOP = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP))

from graph.database import embedded  # noqa: E402
from graph.database.store import Store  # noqa: E402
from graph.database.writing import load  # noqa: E402
from graph.settings import settings  # noqa: E402
from loaders.sources import read_sources  # noqa: E402
from tests.browser import BrowserUnavailable, launch, running_app  # noqa: E402
from tests.policy_document import HARMLESS  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Page

IMAGES = Path(__file__).with_name("img")
WIDTH, HEIGHT, MOST_BYTES = 1440, 900, 600_000
#: Milliseconds that a page may take on a slow machine.
PATIENCE = 90_000


def at_rest(page: Page) -> None:
    """Wait until the page no longer computes and its drawings stand."""
    ready = """() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
        && !document.querySelector('[data-testid=stSkeleton]')"""
    for _ in range(2):  # a drawing that has loaded may make the page compute once more
        page.wait_for_timeout(1500)
        page.wait_for_function(ready, timeout=PATIENCE)
    page.wait_for_timeout(1000)


def drawn(page: Page) -> None:
    """Wait for the chain drawing."""
    page.locator("canvas").first.wait_for(timeout=PATIENCE)
    at_rest(page)


def reported(page: Page) -> None:
    """The gap report of two chains, so that the summary and the first table fit."""
    page.locator("[data-testid=stTable]").first.wait_for(timeout=PATIENCE)
    for name in ("光伏", "氢能", "储能"):
        page.locator("[data-testid=stMultiSelect]").get_by_role("button", name=name).click()
        at_rest(page)
    page.locator("h1").first.click()
    page.wait_for_timeout(500)


def asked(page: Page) -> None:
    """The supply path query with its drawing in view."""
    editor = page.get_by_label("Cypher", exact=True)
    editor.wait_for(timeout=PATIENCE)
    at_rest(page)
    editor.fill("MATCH p = (:Segment)-[:SUPPLIES*1..3]->(:Segment {id: $segment})\nRETURN p LIMIT 200")
    page.get_by_label("参数（JSON）", exact=True).fill('{"segment": "seg:lithium/cell"}')
    editor.press("Control+Enter")
    drawn(page)
    page.get_by_label("Cypher", exact=True).evaluate("e => e.closest('form, [data-testid=stForm]').scrollIntoView()")
    page.mouse.move(2, 2)
    at_rest(page)


def reviewed(page: Page) -> None:
    """A made-up document under review: a target is looked at, some facts are accepted."""
    file = {"name": "示例-储能行动方案.txt", "mimeType": "text/plain", "buffer": HARMLESS.encode()}
    page.locator("input[type=file]").set_input_files([file])
    page.locator(".text").wait_for(timeout=PATIENCE)
    at_rest(page)
    page.get_by_role("button", name="全部采纳").click()
    at_rest(page)
    page.locator('.fact[data-ids~="measures:0"]').first.click()
    at_rest(page)


#: Picture -> (address, what to wait for or do).
PICTURES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "overview": ("/?lang=zh", at_rest),
    "explorer": ("/explorer?chain=chain:lithium&lang=zh", drawn),
    "explorer-segment": ("/explorer?chain=chain:lithium&segment=seg:lithium/separator&lang=zh", drawn),
    "gaps": ("/gap-report?lang=zh", reported),
    "documents": ("/documents?lang=zh", reviewed),
    "cypher": ("/cypher?lang=zh", asked),
    "explorer-en": ("/explorer?chain=chain:hydrogen&lang=en", drawn),
}
#: Pictures that must show more than the first screen.
TALL = {"explorer-segment": 1480, "overview": 1240, "gaps": 1100, "documents": 1240}


def take(names: list[str]) -> None:
    """Take the pictures over a graph of its own, in twice the resolution where the file stays small enough."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="liantu-") as home:
        settings.home, settings.neo4j_uri = Path(home), None
        try:
            with Store.open() as store:
                load(store, read_sources([settings.data]))
            environment = {"LIANTU_HOME": home, "NEO4J_URI": ""}
            with running_app(TOP / "app.py", env=environment, options={"client.toolbarMode": "minimal"}) as url:
                for scale in (2, 1):
                    names = _take_at(url, names, scale)
        finally:
            embedded.stop(Path(home))


def _take_at(url: str, names: list[str], scale: int) -> list[str]:
    """Take pictures at a scale; those that came out too large are given back."""
    too_large = []
    with launch(device_scale_factor=scale) as browser:
        for name in names:
            address, prepare = PICTURES[name]
            page = browser.open(url + address, width=WIDTH, height=TALL.get(name, HEIGHT))
            page.locator("h1").first.wait_for(timeout=PATIENCE)
            prepare(page)
            path = IMAGES / f"{name}.png"
            page.screenshot(path=path)
            page.close()
            print(f"{path.relative_to(TOP)}: {path.stat().st_size // 1000} kB, scale {scale}")
            if path.stat().st_size > MOST_BYTES:
                too_large.append(name)
    return too_large


if __name__ == "__main__":
    wanted = sys.argv[1:] or list(PICTURES)
    if unknown := set(wanted) - set(PICTURES):
        sys.exit(f"no picture {', '.join(sorted(unknown))}; there are {', '.join(PICTURES)}")
    os.chdir(TOP)
    try:
        take(wanted)
    except BrowserUnavailable as reason:
        sys.exit(str(reason))
