"""A CSV upload is checked whole, however it is cut into portions, and names its first fault."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from running_service import csv_of
from served_models import POOR, RICH, form

from census.schema import FEATURES, INPUTS
from census.serving.csv_upload import CsvUpload
from census.serving.problems import Problem
from census.serving.scorer import Scorer

SCORER = Scorer(form())
GOOD = csv_of([POOR, RICH, POOR])
ROWS = [[person[name] for name in FEATURES] for person in (POOR, RICH, POOR)]
MARK = "Xyzzy-7f3a"


def take(content: str | bytes, size: int = 1 << 16) -> Any:
    """Feed ``content`` in portions; return the codes of all rows."""
    data = content.encode() if isinstance(content, str) else content
    upload = CsvUpload(SCORER)
    try:
        for start in range(0, len(data), size):
            upload.feed(data[start:start + size])
        upload.finish()
        found = np.concatenate(list(upload.blocks(2)), axis=1)
        assert found.shape == (len(FEATURES), upload.row_count)
        return found
    finally:
        upload.close()


def codes(rows: Sequence[Sequence[Any]]) -> Any:
    """Return the codes of rows of values."""
    return SCORER.encode_columns(list(zip(*rows)))  # type: ignore[arg-type]


def refused(content: str | bytes, size: int = 1 << 16) -> tuple[str, str]:
    """Return the place and the rule of the first fault."""
    with pytest.raises(Problem) as caught:
        take(content, size)
    assert caught.value.status == 422
    place, rule = caught.value.errors[0]
    assert MARK not in place + rule
    return place, rule


@given(st.integers(1, len(GOOD)))
def test_portions_of_any_size_are_the_same_file(size: int) -> None:
    assert np.array_equal(take(GOOD, size), codes(ROWS))


@pytest.mark.parametrize("text", [
    GOOD, GOOD[:-1], GOOD + "\n", GOOD + "\n\n", GOOD + "   \n", GOOD.replace("\n", "\r\n"),
    GOOD.replace(",", ", "), GOOD.replace(",", " ,  "), GOOD.replace(",", ", ") + "\n",
    GOOD.replace("Private", '"Private"'), GOOD.replace("age,", '"age",', 1),
    '"' + GOOD[:-1].replace(",", '","').replace("\n", '"\n"') + '"\n'],
    ids=["plain", "no last break", "an empty line", "two", "blanks", "carriage returns",
         "the public layout", "more blanks", "as published", "quotes", "quoted header", "all"])
def test_layouts_of_the_same_rows_are_the_same(text: str) -> None:
    for size in (1, 100, 1 << 16):
        assert np.array_equal(take(text, size), codes(ROWS))


def test_columns_come_in_any_order_and_the_unused_are_checked_only() -> None:
    people = [{name: person[name] for name in reversed(list(person))} for person in (POOR, RICH)]
    assert np.array_equal(take(csv_of(people)), codes(ROWS[:2]))
    few = [{name: person[name] for name in FEATURES} for person in (POOR, RICH)]
    assert np.array_equal(take(csv_of(few)), codes(ROWS[:2]))
    more = [{**person, "salary": "<=50K"} for person in (POOR, RICH)]
    assert np.array_equal(take(csv_of(more)), codes(ROWS[:2]))


@pytest.mark.parametrize("name", [*INPUTS, "salary"])
@pytest.mark.parametrize("text", [
    MARK, "", "-1", "1.5", "1e5", "nan", "inf", "007", "1_0", "+1", "٣", "1" * 400, "\0",
    "None", "99999999", "\ufeff1", "Private;", "=1+1"])
def test_a_wrong_field_is_named_by_line_and_column(name: str, text: str) -> None:
    people = [{**POOR, "salary": "<=50K"}, {**RICH, "salary": ">50K"}]
    bad = csv_of([people[0], {**people[1], name: text}, people[0]])
    place, rule = refused(bad)
    assert place == f"line 3, column {name}"
    assert rule.startswith("one of " if name not in (
        "age", "fnlgt", "education-num", "capital-gain", "capital-loss",
        "hours-per-week") else "a whole number from ")


@pytest.mark.parametrize(("text", "place"), [
    (GOOD.replace("Mexico", "Mexico,1", 1), "line 2"), (GOOD.replace(",Mexico", "", 1), "line 2"),
    (GOOD.replace("Mexico\n", "Mexico\n\n", 1), "line 4"), (GOOD + "x\n", "line 5"),
    (GOOD.replace("Private", '"Private', 1), "line 2"), ("age\n1\n", "line 1"),
    (GOOD.replace("sex", "race", 1), "line 1"), (GOOD.replace("age", MARK, 1), "line 1"),
    (GOOD.split("\n", 1)[1], "line 1"), ("\ufeff" + GOOD, "line 1"), ("", "line 1"),
    ("\n\n", "line 1"), (GOOD.split("\n", 1)[0] + "\n", "line 2"),
    (GOOD.replace("\n", "\r"), "line 1"), (GOOD.replace("Mexico", "Mex\rico", 1), "line 2"),
    (GOOD.replace("7th-8th", "Masters", 1), "line 2, column education")])
def test_a_wrong_shape_is_named_by_its_line(text: str, place: str) -> None:
    for size in (7, 1 << 16):
        assert refused(text, size)[0].startswith(place)


@pytest.mark.parametrize("content", [
    GOOD.encode("utf-16"), b"\x1f\x8b\x08" + b"x" * 50, GOOD.encode() + b"\xff\n", b"\0" * 100,
    b"PK\x03\x04\n"])
def test_bytes_that_are_no_text_are_refused(content: bytes) -> None:
    refused(content)


def test_an_endless_line_is_refused_before_it_ends() -> None:
    upload = CsvUpload(SCORER)
    with pytest.raises(Problem) as caught:
        for _ in range(1000):
            upload.feed(b"a" * 1000)
    upload.close()
    assert "longer than" in caught.value.errors[0][1]


def test_a_large_upload_waits_on_the_disk_and_comes_back_whole() -> None:
    count = 200_000
    rows = csv_of([POOR]) + csv_of([RICH]).split("\n", 1)[1] * (count - 1)
    upload = CsvUpload(SCORER)
    upload.feed(rows.encode())
    upload.finish()
    blocks = list(upload.blocks(1024))
    upload.close()
    assert upload.row_count == count == sum(block.shape[1] for block in blocks)
    assert np.array_equal(blocks[0][:, :2], codes(ROWS[:2]))
    assert np.array_equal(blocks[-1][:, -1:], codes(ROWS[1:2]))
