"""The pages in a real browser: the form is filled in, the answer and its reasons are seen."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from running_service import Running, fresh_service, service
from served_models import RICH, form, release_into

from census.schema import FEATURES
from census.serving.scorer import Scorer

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="module", name="running")
def running_fixture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service to look at."""
    with fresh_service(tmp_path_factory) as found:
        yield found


@pytest.fixture(scope="module", name="browser")
def browser_fixture() -> Iterator[Any]:
    """A real Chromium."""
    if BROWSER is None:
        pytest.skip("no chromium here; `make doctor` says how to get it")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=BROWSER, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(name="page")
def page_fixture(browser: Any, running: Running) -> Iterator[Any]:
    """A page that must ask nothing of any other host and log no error."""
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    foreign, errors = list[str](), list[str]()
    page.on("request", lambda request: request.url.startswith((
        running.address, "data:")) or foreign.append(request.url))
    page.on("console", lambda message: message.type == "error"
            and "Failed to load resource" not in message.text and errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert not foreign and not errors


def test_a_person_is_asked_about_and_the_reasons_are_shown(page: Any, running: Running) -> None:
    page.goto(running.address + "/ui")
    page.wait_for_selector("#native-country")
    for name in FEATURES:
        field = page.locator(f"[id='{name}']")
        if isinstance(RICH[name], int):
            field.fill(str(RICH[name]))
        else:
            field.select_option(RICH[name])
    page.click("button[type=submit]")
    page.wait_for_selector("#answer:not([hidden])")
    scorer = Scorer(form())
    whole = scorer.probability([RICH[name] for name in FEATURES])
    assert page.inner_text("#label") == ">50K"
    assert page.inner_text("#probability").startswith(f"{100 * whole:.1f} %")
    points = {row.get_attribute("data-field"): row.locator("td.number").inner_text()
              for row in page.locator("#reasons tr").all()}
    expected = {}
    for name in FEATURES:
        other = RICH | {name: scorer.reference[name]}
        difference = 100 * (whole - scorer.probability([other[each] for each in FEATURES]))
        expected[name] = f"{difference:+.1f}"
    assert {name: float(text) for name, text in points.items()} == {
        name: float(text) for name, text in expected.items()}
    sizes = [abs(float(text)) for text in points.values()]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] > 1


def test_the_page_cannot_be_sent_without_a_value(page: Any, running: Running) -> None:
    page.goto(running.address + "/ui")
    page.fill("#age", "")
    page.click("button[type=submit]")
    assert page.locator("#age:invalid").count() == 1 and page.is_hidden("#answer")


def test_a_refusal_is_shown_in_words(page: Any, running: Running) -> None:
    page.goto(running.address + "/ui")
    page.wait_for_selector("#age")
    page.route("**/v1/predictions", lambda route: route.fulfill(
        status=503, content_type="application/problem+json", body=json.dumps(
            {"detail": "Too many requests.", "errors": [{"pointer": "/age", "rule": "x < y"}]})))
    page.click("button[type=submit]")
    page.wait_for_selector("#refusal:not([hidden])")
    assert page.inner_text("[role=alert]") == "Too many requests. /age: x < y"
    assert page.is_hidden("#answer")
    page.unroute("**/v1/predictions")
    page.click("button[type=submit]")
    page.wait_for_selector("#answer:not([hidden])")
    assert page.is_hidden("#refusal")


def test_the_documentation_works_without_the_internet(page: Any, running: Running) -> None:
    page.goto(running.address + "/docs")
    page.wait_for_selector("#operations-predictions-predict_csv")
    page.click("#operations-predictions-predict .opblock-summary")
    page.wait_for_selector("text=one person")
    page.click("#operations-predictions-predict .try-out__btn")
    page.click("#operations-predictions-predict .execute")
    page.wait_for_selector(".live-responses-table")
    assert "model_version" in page.inner_text(".live-responses-table")


def test_a_service_with_a_key_is_asked_with_it(browser: Any, tmp_path: Path) -> None:
    release_into(tmp_path)
    with service(tmp_path, environment={"CENSUS_API_KEY": "a key of the tests"}) as running:
        page = browser.new_page()
        page.goto(running.address + "/ui")
        page.wait_for_selector("#refusal:not([hidden])")
        assert "X-API-Key" in page.inner_text("#refusal")
        page.click("summary")
        page.fill("#key", "a key of the tests")
        page.locator("#key").blur()
        page.wait_for_selector("#age")
        page.click("button[type=submit]")
        page.wait_for_selector("#answer:not([hidden])")
        page.close()
