"""One field at a time: what is a value, and what the message says when it is none."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from census.fields import BadValue, Values, parse_value
from census.schema import Column

COUNT = Column("Count", "integer", "feature", "a count", 0, 999)
SIGNED = Column("Signed", "integer", "feature", "may be below zero", -5, 5)
COLOUR = Column("Colour", "category", "feature", "a colour", levels=("Red", "NA", "None"))


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("7", 7), ("999", 999)])
def test_whole_number_becomes_int(text: str, value: int) -> None:
    found = parse_value(COUNT, text)
    assert found == value and isinstance(found, int)


@pytest.mark.parametrize("text", ["Red", "NA", "None"])
def test_category_stays_text_even_where_others_see_a_hole(text: str) -> None:
    assert parse_value(COLOUR, text) == text


@pytest.mark.parametrize("text", [
    "", " ", " 1", "1 ", "+1", "1.0", "1e2", "1_0", "0x10", "0b1", "١", "１", "²", "½", "−1",
    "NaN", "inf", "None", "1\n", "--1", "-", "1" * 16, "9" * 5000])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="is not a whole number"):
        parse_value(COUNT, text)


@pytest.mark.parametrize("text", [
    "", "red", "RED", "Red ", " Red", "Rot", "na", "nan", "R\u0435d"])
def test_unknown_category_is_refused_with_the_allowed_ones(text: str) -> None:
    with pytest.raises(BadValue, match=re.escape("is not one of Red, NA, None")):
        parse_value(COLOUR, text)


@pytest.mark.parametrize(("column", "text"), [
    (COUNT, "-1"), (COUNT, "1000"), (SIGNED, "-6"), (SIGNED, "6"),])
def test_number_out_of_range_is_refused(column: Column, text: str) -> None:
    with pytest.raises(BadValue, match=f"'{text}' is not between"):
        parse_value(column, text)


@pytest.mark.parametrize(("column", "text"), [
    (COUNT, "0"), (COUNT, "999"), (SIGNED, "-5"), (SIGNED, "5")])
def test_both_ends_of_the_range_belong_to_it(column: Column, text: str) -> None:
    assert parse_value(column, text) == float(text)


@pytest.mark.parametrize("column", [COUNT, COLOUR])
def test_message_shows_hostile_text_escaped_and_cut(column: Column) -> None:
    with pytest.raises(BadValue) as caught:
        parse_value(column, "\x1b[31m\r\n" + "é" * 5000)
    message = str(caught.value)
    assert message.isprintable() and message.isascii() and len(message) < 400
    assert r"\x1b[31m\r\n" in message


@given(st.text(max_size=12))
def test_any_text_is_a_number_in_range_or_is_refused(text: str) -> None:
    try:
        value = parse_value(COUNT, text)
    except BadValue:
        return
    assert isinstance(value, int) and COUNT.minimum <= value <= COUNT.maximum
    assert text.isascii() and value == int(text)


@pytest.mark.parametrize("text", ["5", " 5", "5  ", "  5 "])
def test_blanks_around_a_field_are_cut_off(text: str) -> None:
    assert Values(COUNT)[text] == 5


@pytest.mark.parametrize("text", ["\t5", "5\n", "\u00a05", "5\r", "5 5"])
def test_nothing_but_blanks_is_cut_off(text: str) -> None:
    with pytest.raises(BadValue):
        Values(COUNT)[text]  # pylint: disable=expression-not-assigned


@given(st.integers(0, 999))
def test_every_count_in_range_is_read_back(number: int) -> None:
    assert parse_value(COUNT, str(number)) == number


def test_each_text_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def counting(column: Column, text: str) -> int | str:
        seen.append(text)
        return parse_value(column, text)

    monkeypatch.setattr("census.fields.parse_value", counting)
    values = Values(COUNT)
    assert [values[text] for text in ("5", "5", "6", "5")] == [5, 5, 6, 5]
    assert seen == ["5", "6"]


def test_bad_text_is_never_remembered() -> None:
    values = Values(COUNT)
    for _ in range(2):
        with pytest.raises(BadValue):
            values["x"]  # pylint: disable=pointless-statement
    assert "x" not in values


def test_memory_for_texts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("census.fields._MOST_REMEMBERED", 10)
    values, most = Values(COUNT), 0
    for number in range(999):
        assert values[str(number)] == number
        most = max(most, len(values))
    assert most == 10
