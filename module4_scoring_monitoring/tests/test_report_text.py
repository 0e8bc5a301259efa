"""Setting text: no line is wider than its column, and no letter gets lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskwatch.report_text import column_widths, known_to_font, text_width, wrapped


def test_widths_are_those_of_the_font() -> None:
    assert text_width("iii", 10) < text_width("WWW", 10)
    assert text_width("text", 20) == pytest.approx(2 * text_width("text", 10), rel=0.05)
    assert text_width("text", 10, True) > text_width("text", 10)


@given(st.text(max_size=200), st.sampled_from([20.0, 60.0, 400.0]))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: float) -> None:
    lines = wrapped(text, 8, width)
    assert all(text_width(line, 8) <= width for line in lines) and lines
    assert "".join("".join(lines).split()) == "".join(known_to_font(text).split())


def test_words_stay_whole_where_they_fit() -> None:
    lines = wrapped("the quick brown fox jumps over the lazy dog", 9, 80)
    assert len(lines) > 1 and " ".join(lines) == "the quick brown fox jumps over the lazy dog"


def test_what_the_font_cannot_draw_is_written_as_a_code() -> None:
    assert known_to_font("é€αя") == "é€αя"
    assert known_to_font("漢\n\udcff") == "\\u6f22\\n\\udcff"


def test_columns_get_what_they_need_and_the_widest_the_rest() -> None:
    cells = [("a", "long words " * 30, "bbbb"), ("a", "short", "b")]
    widths = column_widths(cells, 8, 300)
    assert widths[0] == text_width("a", 8, True) and widths[2] == text_width("bbbb", 8, True)
    assert sum(widths) == pytest.approx(300)
    assert sum(column_widths([("a", "b")], 8, 300)) < 30
