"""The dashboard in a real browser: no script, no foreign address, light and dark, by keyboard."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from web_story import HOSTILE, Running, service, told

CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser",
                                   "/usr/bin/google-chrome") if os.path.exists(path)), None)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
             "--disable-background-networking", "--disable-component-update"]
PARTS = ["score", "drift", "decisions", "releases", "runs", "health", "lists"]


@pytest.fixture(name="running", scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service that runs."""
    out = tmp_path_factory.mktemp("page") / "out"
    told(out)
    with service(out) as found:
        yield found


@pytest.fixture(name="browser", scope="module")
def started() -> Iterator[Any]:
    """A real Chromium."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    from playwright.sync_api import sync_playwright  # pylint: disable=import-outside-toplevel

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def open_page(browser: Any, running: Running, said: list[str], **options: Any) -> Any:
    """Open the dashboard; what the browser complains of, or asks elsewhere, comes into a list."""
    page = browser.new_context(**options).new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda err: said.append(str(err)))
    page.on("request", lambda request: said.append(request.url) if not request.url.startswith(
        (running.address, "data:")) else None)
    page.goto(running.address)
    return page


def brightness(page: Any) -> float:
    """The mean of red, green and blue behind the page, 0 to 255."""
    color = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(float(part) for part in color[4:-1].split(",")[:3]) / 3


def test_it_shows_every_part_and_the_browser_has_nothing_to_say(running: Running, browser: Any
                                                                ) -> None:
    said: list[str] = []
    page = open_page(browser, running, said)
    for part in PARTS:
        assert page.locator(f"section#{part} h2").is_visible()
    assert page.locator("svg[role=img]").count() == 3
    assert page.locator("svg circle").count() == 11
    assert page.locator("rect.cell.drift").count() == 3
    assert page.locator("#health .state.bad").inner_text() == "failed"
    assert not said


def test_texts_of_strangers_are_texts(running: Running, browser: Any) -> None:
    said: list[str] = []
    page = open_page(browser, running, said)
    assert page.locator("script").count() == 0
    assert page.get_by_text(HOSTILE, exact=False).count() > 0 and not said
    style = page.evaluate("document.styleSheets.length")
    assert style == 1  # the policy let the page's own style in
    page.evaluate("() => { const s = document.createElement('script'); s.text = 'window.x = 1';"
                  " document.body.append(s); }")
    assert page.evaluate("window.x") is None  # and nothing else


def test_light_and_dark_follow_the_system(running: Running, browser: Any, tmp_path: Path) -> None:
    pages = {scheme: open_page(browser, running, [], color_scheme=scheme)
             for scheme in ("light", "dark")}
    assert brightness(pages["light"]) > 230 and brightness(pages["dark"]) < 40
    pictures = [page.screenshot(path=tmp_path / f"{scheme}.png", full_page=True)
                for scheme, page in pages.items()]
    assert pictures[0] != pictures[1]


def test_everything_can_be_reached_by_keyboard(running: Running, browser: Any) -> None:
    page = open_page(browser, running, [])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.getAttribute('href') ||"
                                  " document.activeElement.tagName"))
    assert {"/v1/runs/12", "SUMMARY", "/openapi.json", "DIV"} <= reached
    page.locator("#score summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("#score table").is_visible()


def test_a_telephone_needs_no_sideways_scrolling(running: Running, browser: Any) -> None:
    page = open_page(browser, running, [], viewport={"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
