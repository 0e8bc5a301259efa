"""Bodies become columns or refusals; the live tests send the bad ones."""

import contextlib
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from served_models import POOR, RICH

from census.schema import EDUCATION_LEVELS, FEATURES
from census.serving.payloads import (EXAMPLE, MOST_ROWS, Person, Signature, label_of,
                                     many_answers, one_answer, parse_people)
from census.serving.problems import Problem

SIGNATURE = Signature("20240506T120007Z-00000000", 0.4)


def parse(content: Any) -> Any:
    """Parse a body."""
    return parse_people(json.dumps(content).encode())


def test_one_person_is_a_row_and_several_are_columns() -> None:
    is_list, row = parse(POOR)
    assert not is_list and list(row[:12]) == [POOR[name] for name in FEATURES]
    is_list, columns = parse([POOR, RICH])
    assert is_list and [list(column) for column in columns[:12]] == [
        [POOR[name], RICH[name]] for name in FEATURES]


def test_a_list_of_one_is_a_list() -> None:
    assert parse([POOR])[0]
    assert parse_people(b" \r\n\t[" + json.dumps(POOR).encode() + b"]")[0]


def test_the_example_of_the_documentation_is_a_person() -> None:
    assert Person.model_validate(EXAMPLE).model_dump(by_alias=True) == EXAMPLE
    parse(EXAMPLE)


@pytest.mark.parametrize("number", range(1, 17))
def test_education_must_say_the_same_twice(number: int) -> None:
    for level in EDUCATION_LEVELS:
        person = {**POOR, "education": level, "education-num": number}
        if level == EDUCATION_LEVELS[number - 1]:
            parse(person)
            parse([POOR, person])
            continue
        for content, place in ((person, "/education"), ([POOR, person], "/1/education")):
            with pytest.raises(Problem) as caught:
                parse(content)
            assert caught.value.errors == [(place, "education and education-num disagree")]


@pytest.mark.parametrize("wrap", ["{}", "[{}]"])
@pytest.mark.parametrize("name", POOR)
def test_any_field_named_twice_is_refused(name: str, wrap: str) -> None:
    """With the same value too, and however the name is spelt in JSON."""
    spelt = "".join(f"\\u{ord(char):04x}" for char in name)
    for again in (name, spelt):
        text = json.dumps(POOR)[:-1] + f', "{again}": {json.dumps(POOR[name])}}}'
        with pytest.raises(Problem) as caught:
            parse_people(wrap.replace("{}", text).encode())
        assert caught.value.status == 400


def test_a_whole_number_with_a_point_is_whole_in_lists_too() -> None:
    assert parse([POOR, {**POOR, "age": 20.0}])[1][0] == (19, 20)
    assert isinstance(parse({**POOR, "age": 20.0})[1][0], int)


@pytest.mark.parametrize("change", [
    lambda text: text.replace("19", "1e400"), lambda text: text.replace("19", "NaN"),
    lambda text: text.replace("19", "19.0").replace("4,", "Infinity,"),
    lambda text: text.replace("19", "19.0").replace("0,", "1" * 5000 + ",", 1),
    lambda text: text.replace("19", "19.5")])
def test_numbers_that_are_not_whole_are_refused(change: Callable[[str], str]) -> None:
    with pytest.raises(Problem):
        parse_people(change(json.dumps(POOR)).encode())


@pytest.mark.parametrize("body", [
    b"{" + b",".join(b'"a%d":1' % number for number in range(90_000)) + b"}",
    b"[{" + b",".join(b'"a%d":1' % number for number in range(13_000)) + b"}]",
    b"{" + b'"age":1,' * 120_000 + b'"age":1}', b"[" + b"{}," * 900 + b"{}]",
    b"[" + b"1," * 500_000 + b"1]"], ids=["names", "names in a list", "one name", "objects", "1"])
def test_a_body_of_many_faults_costs_little_beside_a_right_one(body: bytes) -> None:
    """Whoever sends a mebibyte of faults must not keep the others waiting.

    Seen: 13 times a right body at most, and 40 to 60 times without the count of the colons.
    """
    with pytest.raises(Problem) as caught:
        parse_people(body)
    assert caught.value.status == 422 and len(caught.value.errors) <= 20
    right = json.dumps([RICH] * MOST_ROWS).encode()
    costs = [(_cpu_seconds(body), _cpu_seconds(right)) for _ in range(5)]
    assert min(bad for bad, _ in costs) < 25 * min(good for _, good in costs)


def _cpu_seconds(body: bytes) -> float:
    begun = time.process_time()
    with contextlib.suppress(Problem):
        parse_people(body)
    return time.process_time() - begun


def test_answers_are_the_json_they_promise() -> None:
    assert json.loads(one_answer(0.4, SIGNATURE, "id-1")) == {
        "label": ">50K", "probability": 0.4, "threshold": 0.4,
        "model_version": SIGNATURE.version, "request_id": "id-1"}
    assert json.loads(many_answers([0.399999999, 1e-9], SIGNATURE, "id-1")) == {
        "predictions": [{"label": "<=50K", "probability": 0.399999999},
                        {"label": "<=50K", "probability": 1e-9}],
        "threshold": 0.4, "model_version": SIGNATURE.version, "request_id": "id-1"}


def test_the_threshold_itself_is_positive() -> None:
    assert [label_of(value, .5) for value in (.499999999, .5)] == ["<=50K", ">50K"]
