"""The pages in a real browser: all of it is text, nothing is fetched, a phone shows it whole."""

import os
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_report import EVIL, small_report

from coursekit import report, report_page
from coursekit.report_side import write_side

CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser",
                                   "/usr/bin/google-chrome") if os.path.exists(path)), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
#: No browser can break this anywhere by itself.
LONG = "/a" + "x" * 400
HOSTILE = (EVIL + LONG + "\n::error::boom\n \t::add-mask::e\n::stop-commands::x\r::error file=a::b"
           "\nin a line ##[error]boom" + "<style>body{display:none}</style><a href='//x'>y</a>"
           "<svg onload=alert(1)>\"' onclick=alert(1) {{ 7 * 7 }} javascript:alert(1)")
#: How the last part of a path may end.
NAME = "\x1b[31m##[error]x<img src=x onerror=alert(1)>" + "y" * 200
PIECES = st.sampled_from(["::", "##[", "#", "[", "\x1b", "\x1b[31m", "\x1b]0;x\x07", "\r", "\n",
                          "\r\n", " ", "\t", "\u00a0", "\u2028", "\u202e", "\x00", "\x85", "error",
                          "x", "\ud800", "\u200b"])


def hostile_report():
    """Return a report with hostile text wherever a submission can put some."""
    found = small_report()
    for entry in found["criteria"]:
        entry["reason"], entry["evidence"] = HOSTILE, [HOSTILE, LONG]
        entry["reproduce"] = f"coursekit grade 1 {LONG} --only M1-01"
        entry["failures"] = [dict.fromkeys(("test", "ran", "expected", "got"), HOSTILE)]
    found["criteria"] += [{**found["criteria"][0], "id": f"M1-0{number}", "state": state}
                          for number, state in ((4, "not_checked"), (5, "error"))]
    found["counts"] |= {"not_checked": 1, "error": 1}
    found |= {"submission": LONG, "sha256": "ab" * 32, "notes": [HOSTILE], "faults": [HOSTILE],
              "environment": {"name": LONG, "built": False, "log": HOSTILE},
              "canary": [{"tried": "a way out", "blocked": True, "ended": LONG}],
              "similarity": [{"file": LONG, "reference": LONG, "share": 0.5}],
              "changes": {"started_utc": HOSTILE, "same_files": False, "criteria": [
                  {"id": "M1-01", "title": "t", "before": LONG, "now": "fail"}]}}
    return found


@pytest.fixture(name="pages", scope="module")
def _pages(tmp_path_factory):
    """Return the files of two pages: one submission, and three side by side."""
    folder = tmp_path_factory.mktemp("pages")
    graded = [(folder / name, {**hostile_report(), "submission": f"/home/{name}{NAME}"})
              for name in ("first", "second_with_a_long_name", "third")]
    for place, found in graded:
        report.write_reports(found, place)
    write_side(graded, folder)
    return [folder / "first" / "grade.html", folder / "index.html"]


@pytest.fixture(name="open_page", scope="module")
def _open_page():
    """Return a function that opens a page at a width and notes what it says and fetches."""
    from playwright.sync_api import sync_playwright  # pylint: disable=import-outside-toplevel
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        def open_page(path, width, scheme="light"):
            page = browser.new_context(viewport={"width": width, "height": 800},
                                       color_scheme=scheme).new_page()
            page.said = []
            page.on("console", lambda message: page.said.append(message.text))
            page.on("dialog", lambda dialog: page.said.append(dialog.message))
            page.on("request", lambda request: page.said.append(request.url)
                    if request.url != path.as_uri() else None)
            page.goto(path.as_uri())
            return page

        yield open_page
        browser.close()


@needs_chromium
@pytest.mark.parametrize("which", [0, 1], ids=["one", "side"])
@pytest.mark.parametrize("width", [320, 390, 1200])
def test_no_width_makes_one_scroll_sideways(pages, open_page, which, width):
    page = open_page(pages[which], width)
    # Closed parts are opened too.
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.body.getBoundingClientRect().width") <= width
    assert page.said == []


@needs_chromium
@pytest.mark.parametrize("which", [0, 1], ids=["one", "side"])
def test_hostile_text_is_shown_and_does_nothing(pages, open_page, which):
    page = open_page(pages[which], 800)
    assert page.evaluate("document.querySelectorAll('script, svg, iframe, link, base, [onload], "
                         "[onerror], [onclick], [src]:not(.pictures img)').length") == 0
    widths = page.evaluate("[...document.images].map(shot => shot.naturalWidth)")
    assert widths == [[1], []][which]
    assert page.evaluate("document.querySelectorAll('style').length") == 1
    assert page.evaluate("[...document.links].every(link => !link.href.startsWith('http') && "
                         "!link.href.startsWith('javascript'))")
    text = page.inner_text("body")
    if which == 0:
        assert "<script>alert(1)</script>" in text and "{{ 7 * 7 }}" in text
    assert page.is_visible("h1") and page.said == []


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_by_day_and_by_night(pages, open_page, scheme):
    page = open_page(pages[0], 390, scheme)
    paper, ink = (
        page.evaluate(
            f"getComputedStyle(document.body).{name}.match(/\\d+/g).slice(0, 3)"
            ".map(Number).reduce((a, b) => a + b)") for name in (
            "backgroundColor", "color"))
    assert abs(paper - ink) > 450 and (paper > ink) == (scheme == "light")


@needs_chromium
def test_every_link_of_the_page_leads_somewhere(pages, open_page):
    page = open_page(pages[0], 800)
    lost = page.evaluate(
        "[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))"
        ".filter(h => !h.startsWith('#') || !document.getElementById(h.slice(1)))")
    assert lost == []
    side = open_page(pages[1], 800)
    links = side.evaluate("[...document.links].map(link => link.getAttribute('href'))")
    assert len(links) == 3 and all((pages[1].parent / link).is_file() for link in links)


def test_the_pages_name_no_address(pages):
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<[^>]*(?:src|href)=[\"']?(?:https?:)?//|@import|url\(", text)
        assert "Content-Security-Policy" in text and "default-src 'none'" in text


def test_no_form_says_a_workflow_command(pages):
    for path in [*pages[0].parent.iterdir(), pages[1]]:
        text = path.read_text(encoding="utf-8")
        assert "##[" not in text and "\x1b" not in text, path.name
        assert not re.search(r"^\s*::", text, re.M), path.name


def test_a_value_that_a_template_lacks_is_an_error():
    with pytest.raises(Exception, match="undefined"):
        report_page.render("grade.html.j2", {"report": {}})


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join))
def test_no_text_keeps_a_command(text):
    clean = report.harmless({text: [text]})
    (key, (value,)), = clean.items()
    assert key == value == report.harmless(value)
    assert "##[" not in value and "\x1b" not in value and "\r" not in value
    assert not any(line.strip().startswith("::") for line in value.splitlines())
    assert value.encode("utf-8") is not None
