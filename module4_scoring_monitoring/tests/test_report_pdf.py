"""The PDF: real text, nothing over anything else, the same bytes for the same report."""

import re
from dataclasses import replace
from functools import partial
from itertools import combinations

import pytest
from conftest import NOON
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from pdf_text import streams, texts

from riskwatch.report_confusion import Confusion
from riskwatch.report_figures import draw_confusion
from riskwatch.report_paper import HEIGHT, MARGIN, WIDTH
from riskwatch.page import Table
from riskwatch.report_parts import Card, Page, Picture, Section
from riskwatch.report_pdf import pdf_bytes, sheets_of

MATRIX = Picture("m", partial(draw_confusion, confusion=Confusion(4, 3, 1, 2)),
                 "What the model said. " * 12, width=5.4, height=3.6)
TABLE = Table(("column", "value", "in words"), tuple(
    (f"column {row}", f"{row}.5", "some words " * (row % 9 + 1) + "漢$_{" + "x" * 150 * (row == 7))
    for row in range(60)))
PAGE = Page("A report", "What it is about. " * 8, (
    Card("Keep the model", "the decision", "good"), Card("0.828", "ROC AUC " * 9),
    Card("3 failed", "of 44", "bad")), (
    Section("In words", ("A sentence. " * 40, "Another (one) with a \\ in it.")),
    Section("Matrix", ("Text.",), (MATRIX,), (Table(("a",), ()),)),
    Section("Pictures", (), (MATRIX,) * 4), Section("Tables", ("T.",), (), (TABLE,),
                                                    ("A note. " * 30,))), "The foot · run 7")


def test_no_text_leaves_the_sheet_or_covers_another() -> None:
    with rc_context({"text.hinting": "none"}):  # letters stand where a PDF puts them
        _measure_sheets()


def _measure_sheets() -> None:
    sheets = sheets_of(PAGE)
    assert len(sheets) >= 5
    for sheet in sheets:
        sheet.set_dpi(300)
        canvas = FigureCanvasAgg(sheet)
        canvas.draw()
        scale = 72 / sheet.dpi
        boxes = [(text.get_text(), text.get_window_extent(canvas.get_renderer()))
                 for text in sheet.texts]
        boxes += [(label.get_text(), label.get_window_extent(canvas.get_renderer()))
                  for axes in sheet.axes
                  for label in (*axes.get_xticklabels(), *axes.get_yticklabels(),
                                axes.xaxis.label, axes.yaxis.label)]
        for words, box in boxes:
            assert MARGIN - 8 <= box.x0 * scale and box.x1 * scale <= WIDTH - MARGIN + 3, words
            assert 24 <= box.y0 * scale and box.y1 * scale <= HEIGHT - MARGIN + 3, words
        for (one, here), (two, there) in combinations(boxes, 2):
            covered = (min(here.x1, there.x1) - max(here.x0, there.x0),
                       min(here.y1, there.y1) - max(here.y0, there.y0))
            assert min(covered) * scale < 2.5, (one, two)


def test_the_text_is_text() -> None:
    content = pdf_bytes(PAGE, NOON)
    found = texts(content)
    assert content.startswith(b"%PDF") and content.rstrip().endswith(b"%%EOF")
    for words in ("A report", "Keep the model", "0.828", "Another (one) with a \\ in it.",
                  "Matrix", "column 59", "59.5", "stayed", "would leave", "The foot · run 7"):
        assert words in found, words
    assert sum(text == "in words" for text in found) >= 2  # a table has its head on each sheet
    assert any("\\u6f22$_{" in text for text in found)
    assert len(re.findall(rb"/Type /Page\b(?!s)", content)) == len(sheets_of(PAGE))


def test_nothing_is_a_screenshot() -> None:
    content = pdf_bytes(PAGE, NOON)
    images = [(int(width), int(height)) for width, height in re.findall(
        rb"/Subtype /Image\s.*?/Width (\d+).*?/Height (\d+)", content, re.DOTALL)]
    images += [(int(width), int(height)) for height, width in re.findall(
        rb"/Height (\d+)[^>]*?/Subtype /Image[^>]*?/Width (\d+)", content, re.DOTALL)]
    assert all(width * height < 400_000 for width, height in images)  # the colours of a matrix
    assert len(streams(content)) > 5


def test_the_same_report_has_the_same_bytes() -> None:
    assert pdf_bytes(PAGE, NOON) == pdf_bytes(PAGE, NOON)
    assert pdf_bytes(PAGE, NOON) != pdf_bytes(replace(PAGE, title="Another"), NOON)
    assert b"20260301120000" in pdf_bytes(PAGE, NOON)


@pytest.mark.parametrize("page", [
    Page("T", "l", (), (), "f"), Page("T", "", (Card("v", "l"),), (Section("S"),), ""),
    Page("漢\n\udcff", "x" * 5000, (Card("y" * 300, "z" * 300),), (), "w" * 500)])
def test_odd_pages_are_set_too(page: Page) -> None:
    assert pdf_bytes(page, NOON).startswith(b"%PDF")


def test_a_picture_stands_on_the_sheet_of_the_text_that_speaks_of_it() -> None:
    speaking = Section("Speaking", ("It speaks of it. " * 50,), (MATRIX,))
    small = replace(PAGE, cards=())
    for count in range(240, 620, 40):  # so that the sheet ends here and there
        filler = Section("Filler", ("words " * count,))
        found = [sheet for sheet in sheets_of(replace(small, sections=(filler, speaking)))
                 if any(text.get_text() == "Speaking" for text in sheet.texts)]
        assert len(found) == 1 and len(found[0].axes) == 1, count
        assert any("It speaks of it." in text.get_text() for text in found[0].texts)
