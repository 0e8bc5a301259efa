"""Sheets of paper: filled from top to bottom, numbered, and nothing beyond their margins."""

from riskwatch.report_paper import HEIGHT, MARGIN, ROOM, WIDTH, Paper


def test_a_sheet_is_a4() -> None:
    sheet = Paper("foot").finish()[0]
    assert [round(float(side) * 25.4) for side in sheet.get_size_inches()] == [210, 297]


def test_a_long_text_goes_on_over_sheets_and_each_is_numbered() -> None:
    paper = Paper("the footer")
    paper.paragraph("word " * 3000)
    sheets = paper.finish()
    assert len(sheets) > 2
    written = [[text.get_text() for text in sheet.texts] for sheet in sheets]
    assert sum(line.count("word") for lines in written for line in lines) == 3000
    assert [lines[-1] for lines in written] == [f"{n + 1} / {len(sheets)}"
                                                for n in range(len(sheets))]
    assert all(lines[-2] == "the footer" for lines in written)


def test_a_sheet_is_turned_only_when_there_is_no_room() -> None:
    paper = Paper("")
    assert not paper.need(600) and len(paper.sheets) == 1
    paper.y = 200
    assert paper.need(600) and len(paper.sheets) == 2 and paper.y == HEIGHT - MARGIN


def test_text_stands_where_it_should_and_means_itself() -> None:
    paper = Paper("")
    paper.text(MARGIN, 500, "$a_b$ $\\frac{", 10, weight="bold")
    text = paper.sheets[0].texts[0]
    assert (text.get_position(), text.get_va()) == ((MARGIN / WIDTH, 500 / HEIGHT), "top")
    assert text.get_text() == "$a_b$ $\\frac{" and not text.get_parse_math()
    paper.finish()[0].draw_without_rendering()


def test_a_rule_goes_from_margin_to_margin() -> None:
    paper = Paper("")
    paper.rule(300)
    box = paper.sheets[0].patches[-1] if paper.sheets[0].patches else paper.sheets[0].artists[-1]
    assert round(box.get_x() * WIDTH) == MARGIN  # type: ignore[attr-defined]
    assert round(box.get_width() * WIDTH) == round(ROOM)  # type: ignore[attr-defined]
