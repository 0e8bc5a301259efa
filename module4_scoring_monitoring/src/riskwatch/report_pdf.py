"""Set a report on paper: A4 pages of real text and drawn lines, no screenshots.

In: a `Page`. Out: figures, one a sheet, and the bytes of the PDF, which are the same whenever
the report is.
"""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from riskwatch.report_paper import (BODY, HEIGHT, INK, LEADING, MARGIN, ROOM, SMALL, SOFT, WIDTH,
                                    Paper)
from riskwatch.page import Table
from riskwatch.report_parts import Card, Page, Picture, Section
from riskwatch.report_text import column_widths, known_to_font, wrapped

_LOOKS = {"good": "#00694e", "warn": "#8a5a00", "bad": "#b0301c", "plain": "#d0d6dd"}
_WASH, _CELL, _GAP, _POINTS = "#f1f4f7", 7.6, 9.0, 72.0


def sheets_of(page: Page) -> list[Figure]:
    """Set a report.

    Parameters
    ----------
    page : Page

    Returns
    -------
    list of Figure
        A sheet each.
    """
    paper = Paper(page.footer)
    paper.paragraph(page.title, 19, weight="bold")
    paper.paragraph(page.lead, color=SOFT)
    _set_cards(paper, page.cards)
    for section in page.sections:
        _set_section(paper, section)
    return paper.finish()


def pdf_bytes(page: Page, made: datetime) -> bytes:
    """Return a report as PDF.

    Parameters
    ----------
    page : Page
    made : datetime
        Stands in the file as its date.

    Returns
    -------
    bytes
    """
    buffer = BytesIO()
    with PdfPages(buffer, metadata={"Title": known_to_font(page.title), "Creator": "riskwatch",
                                    "CreationDate": made, "ModDate": made}) as pages:
        for sheet in sheets_of(page):
            pages.savefig(sheet)
    return buffer.getvalue()


def _set_cards(paper: Paper, cards: Sequence[Card]) -> None:
    width = (ROOM - _GAP * (len(cards) - 1)) / max(len(cards), 1)
    values = [wrapped(card.value, 11.5, width - 18, True) for card in cards]
    labels = [wrapped(card.label, 7.5, width - 18) for card in cards]
    high = max((len(lines) for lines in values), default=0) * 11.5 * LEADING
    height = high + max((len(lines) for lines in labels), default=0) * 7.5 * LEADING + 16
    top = paper.y
    for place, card in enumerate(cards):
        x = MARGIN + place * (width + _GAP)
        paper.box(x, top - height, width, height, _WASH)
        paper.box(x, top - height, 3, height, _LOOKS[card.look])
        paper.text(x + 10, top - 7, "\n".join(values[place]), 11.5, weight="bold")
        paper.text(x + 10, top - 9 - high, "\n".join(labels[place]), 7.5, color=SOFT)
    paper.y = top - height - 4


def _set_section(paper: Paper, section: Section) -> None:
    # A heading stays with its text, and a text with the first picture that it speaks of.
    lines = sum(len(wrapped(text, BODY, ROOM)) for text in section.paragraphs)
    first = lines * BODY * LEADING + 20 if section.pictures else 20.0
    first += _picture_height(section.pictures[0]) if section.pictures else 20.0
    paper.y -= 13
    paper.need(30 + first)
    if paper.y < HEIGHT - MARGIN:
        paper.rule(paper.y + 5)
        paper.y -= 3
    paper.paragraph(section.title, 13, weight="bold")
    for text in section.paragraphs:
        paper.paragraph(text)
    for picture in section.pictures:
        _set_picture(paper, picture)
    for table in section.tables:
        _set_table(paper, table)
    for text in section.notes:
        paper.paragraph(text, SMALL, color=SOFT)


def _picture_height(picture: Picture) -> float:
    return picture.height * _POINTS * 0.92 + 30


def _set_picture(paper: Paper, picture: Picture) -> None:
    height = _picture_height(picture)
    paper.need(height)
    inner = height - 30 - 44  # its ticks below, its legend above
    axes = paper.sheets[-1].add_axes((
        (MARGIN + 46) / WIDTH, (paper.y - 16 - inner) / HEIGHT,
        (min(picture.width * _POINTS, ROOM) - 64) / WIDTH, inner / HEIGHT))
    picture.draw(axes)
    paper.y -= height - 26
    paper.paragraph(picture.caption, SMALL, color=SOFT)


def _set_table(paper: Paper, table: Table) -> None:
    if not table.rows:
        return
    widths = column_widths([table.header, *table.rows], _CELL, ROOM - 9 * len(table.header))
    _set_row(paper, table, table.header, widths)
    for row in table.rows:
        cells = [wrapped(cell, _CELL, width) for cell, width in zip(row, widths)]
        if paper.need(max(map(len, cells)) * _CELL * LEADING + 5):
            _set_row(paper, table, table.header, widths)
        _set_row(paper, table, row, widths)
    paper.y -= _GAP


def _set_row(paper: Paper, table: Table, row: Sequence[str], widths: Sequence[float]) -> None:
    is_header = row is table.header
    x, lines = MARGIN, 1
    for cell, width, kind in zip(row, widths, table.classes):
        cut = wrapped(cell, _CELL, width, is_header)
        lines = max(lines, len(cut))
        look = {"weight": "bold" if is_header else "normal", "color": SOFT if is_header else INK}
        at = x + width if kind == "number" else x
        paper.text(at, paper.y, "\n".join(cut), _CELL,
                   ha="right" if kind == "number" else "left", **look)
        x += width + 9
    paper.y -= lines * _CELL * LEADING + 2
    paper.rule(paper.y)
    paper.y -= 3
