"""One field: the rule of its column decides, and nothing is guessed."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rentals.fields import BadValue, Values, parse_value
from rentals.schema import BY_NAME


@pytest.mark.parametrize("name, text, value", [
    ("id", "2539", 2539), ("price", "0", 0),
    ("latitude", "40.742709999999995", 40.742709999999995),
    ("longitude", "-73.9", -73.9), ("room_type", "Private room", "Private room"),
    ("name", "", ""), ("name", " Sunny,\n«loft» ✩ ", " Sunny,\n«loft» ✩ "),
    ("host_name", "NA", "NA"), ("host_name", "nan", "nan"), ("last_review", "", ""),
    ("last_review", "2016-02-29", "2016-02-29"), ("reviews_per_month", "0.13", 0.13)])
def test_a_good_text_becomes_its_value(name: str, text: str, value: object) -> None:
    found = parse_value(BY_NAME[name], text)
    assert found == value and isinstance(found, type(value))


def test_a_missing_decimal_is_not_a_number() -> None:
    found = parse_value(BY_NAME["reviews_per_month"], "")
    assert isinstance(found, float) and math.isnan(found)


@pytest.mark.parametrize("name, text, rule", [
    ("id", "", "not a whole number"), ("id", "0", "not between"), ("id", "1.0", "whole"),
    ("price", "-1", "not between"), ("price", "$80", "whole"), ("price", "٣", "whole"),
    ("latitude", "", "finite decimal"), ("latitude", "nan", "finite decimal"),
    ("latitude", "90.5", "not between"), ("longitude", "1e400", "finite decimal"),
    ("reviews_per_month", "NaN", "finite decimal"), ("reviews_per_month", " ", "decimal"),
    ("neighbourhood_group", "Hoboken", "not one of"), ("room_type", "", "not one of"),
    ("neighbourhood", "", "has 0 characters"), ("name", "x" * 1001, "has 1001 characters"),
    ("name", "a\x1b[2J", "control character"), ("host_name", "a\x7f", "control character"),
    ("last_review", "2019-02-29", "not a date"), ("last_review", "20190201", "not a date"),
    ("last_review", "2019-2-1", "not a date"), ("last_review", "0000-01-01", "not a date"),
    ("minimum_nights", "0", "not between"), ("availability_365", "367", "not between")])
def test_a_bad_text_is_refused_with_its_rule(name: str, text: str, rule: str) -> None:
    with pytest.raises(BadValue, match=rule):
        parse_value(BY_NAME[name], text)


@given(st.text(max_size=60), st.sampled_from(sorted(BY_NAME)))
def test_any_text_is_a_value_or_refused_in_one_printable_line(text: str, name: str) -> None:
    try:
        parse_value(BY_NAME[name], text)
    except BadValue as err:
        assert str(err).isprintable() and len(str(err)) < 200


def test_a_long_text_is_shown_in_part() -> None:
    for text in ("😀" * 30, "x" * 900):
        with pytest.raises(BadValue) as caught:
            parse_value(BY_NAME["room_type"], text)
        assert len(str(caught.value)) < 150


def test_each_different_text_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr("rentals.fields.parse_value",
                        lambda column, text: calls.append(text) or int(text))
    values = Values(BY_NAME["price"])
    assert [values[text] for text in ("80", "95", "80")] == [80, 95, 80]
    assert calls == ["80", "95"]
