"""The page: every part in its place, texts escaped, nothing fetched, light and dark."""

import os
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_report_words import NOTHING, files
from web_story import HOSTILE, score, tell

from riskwatch.ledger import open_ledger
from riskwatch.records import Run
from riskwatch.report_confusion import Confusion
from riskwatch.report_facts import Judged, ReportFacts, build_facts
from riskwatch.report_page import build_page, render
from riskwatch.workplace import Workplace

CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser",
                                   "/usr/bin/google-chrome") if os.path.exists(path)), None)
TITLES = ["In words", "What to do", "Right and wrong answers", "Over time", "Drift",
          "Diagnostics", "Summary statistics", "Dependencies"]


@pytest.fixture(name="facts", scope="module")
def facts_of_a_story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReportFacts]:
    """Facts of a told story."""
    place = Workplace(tmp_path_factory.mktemp("story") / "out")
    with closing(open_ledger(place)) as ledger:
        tell(place, ledger)
        run = ledger.latest(Run)
        assert run is not None
        yield build_facts(ledger, run, Judged(Confusion(4, 3, 1, 2), score("v", None, 0.5), 0.5),
                          0.2)


def test_every_part_is_there_even_of_nothing(facts: ReportFacts) -> None:
    assert [section.title for section in build_page(facts).sections] == TITLES
    empty = build_page(NOTHING)
    assert [section.title for section in empty.sections] == TITLES
    assert all(section.paragraphs for section in empty.sections)
    assert empty.sections[2].paragraphs == ("Nobody can tell now: it is new.",)
    assert [card.value for card in empty.cards] == ["Nothing was decided yet", "None failed"]


def test_cards_say_the_most_important(facts: ReportFacts) -> None:
    assert [(card.value, card.look) for card in build_page(facts).cards] == [
        ("Keep the model", "good"), ("0.500", "plain"), ("No drift", "good"), ("1 failed", "bad")]


def test_the_matrix_is_explained(facts: ReportFacts) -> None:
    section = build_page(facts).sections[2]
    assert "Of those that left it named 67% beforehand." in section.paragraphs[0]
    assert "Of those that it named, 40% did leave." in section.paragraphs[0]
    assert section.tables[0].rows[0] == ("F1", "0.500", "0.400", "0.600", "90")
    assert [picture.name for picture in section.pictures] == ["confusion_matrix"]


def test_the_page_is_one_file_that_fetches_nothing(facts: ReportFacts) -> None:
    html = render(build_page(facts))
    assert not re.search(r"(?:src|href)=\"(?!data:|#)|url\(|@import|<script", html)
    assert len(re.findall(r'src="data:image/png;base64,[A-Za-z0-9+/=]{1000,}"', html)) == 5
    assert len(re.findall(r"<img alt=\"[^\"]{20,}\"", html)) == 5


def test_names_of_files_are_text() -> None:
    html = render(build_page(files({"name": f"{HOSTILE}\udcff", "status": "refused",
                                    "reason": "<b>no</b>"})))
    assert "<script>" not in html and "&lt;script&gt;" in html and "<b>no</b>" not in html
    assert html.encode("utf-8").decode("utf-8") == html


def test_equal_facts_give_the_same_page_and_others_another(facts: ReportFacts) -> None:
    other = replace(facts, judged=Judged(Confusion(4, 1, 3, 2), score("v", None, 0.5), 0.5))
    assert render(build_page(facts)) == render(build_page(facts)) != render(build_page(other))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_readable_in_a_browser(facts: ReportFacts, tmp_path: Path, scheme: Any) -> None:
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    from playwright.sync_api import sync_playwright  # pylint: disable=import-outside-toplevel

    path, said = tmp_path / "report.html", list[str]()
    path.write_text(render(build_page(facts)), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(color_scheme=scheme,
                                   viewport={"width": 390, "height": 800}).new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("request", lambda request: said.append(request.url) if not request.url.startswith(
            ("file:", "data:")) else None)
        page.goto(path.as_uri())
        assert page.locator("h2").all_inner_texts() == TITLES
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 300)")
        paper, ink = (page.evaluate(f"getComputedStyle(document.body).{name}.match(/\\d+/g)"
                                    ".slice(0, 3).map(Number).reduce((a, b) => a + b)")
                      for name in ("backgroundColor", "color"))
        assert (paper > 600 and ink < 200) if scheme == "light" else (paper < 120 and ink > 600)
        browser.close()
    assert not said
