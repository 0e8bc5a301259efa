"""The serving form is read exactly, or refused; whatever it holds, reading it runs nothing."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from served_models import form

from census.errors import ModelFileError
from census.serving_form import form_from_bytes, form_to_bytes, leaf_count


def parts() -> dict[str, Any]:
    """Return a form as plain values, to be broken."""
    values: dict[str, Any] = json.loads(form_to_bytes(form(0, 8, 3)))
    return values


def parse(values: Any) -> Any:
    """Read a form from plain values."""
    return form_from_bytes(json.dumps(values).encode())


def test_a_form_is_read_back_exactly_and_written_alike() -> None:
    content = form_to_bytes(form())
    assert form_from_bytes(content) == form()
    assert form_to_bytes(form_from_bytes(content)) == content
    assert leaf_count(form().trees[0]) == 31


def _split(values: dict[str, Any]) -> list[Any]:
    """Return a split by number of the first tree that has one."""
    return next(node for tree in values["trees"] for node in tree
                if len(node) == 4 and isinstance(node[1], float))


def _levels(values: dict[str, Any]) -> list[Any]:
    """Return a split by levels."""
    return next(node for tree in values["trees"] for node in tree
                if len(node) == 4 and isinstance(node[1], list))


def _leaf(values: dict[str, Any]) -> list[Any]:
    return next(node for node in values["trees"][0] if len(node) == 1)


def _put(find: Callable[[Any], Any], key: Any, value: Any) -> Callable[[Any], None]:
    return lambda values: find(values).__setitem__(key, value)


def _itself(values: Any) -> Any:
    return values


BREAKS: dict[str, Callable[[Any], None]] = {
    "another format": _put(_itself, "format", 2),
    "another schema": _put(_itself, "schema_sha256", "0" * 64),
    "other features": lambda v: v["features"].reverse(),
    "an extra key": _put(_itself, "code", "import os"),
    "no threshold": lambda v: v.pop("threshold"),
    "threshold above 1": _put(_itself, "threshold", 1.5),
    "threshold as text": _put(_itself, "threshold", "0.5"),
    "threshold as truth": _put(_itself, "threshold", True),
    "baseline is null": _put(_itself, "baseline", None),
    "baseline is huge": _put(_itself, "baseline", 1e300),
    "no trees": _put(_itself, "trees", []),
    "trees as an object": _put(_itself, "trees", {}),
    "too many trees": lambda v: v.__setitem__("trees", [[[0.5]]] * 5001),
    "an empty tree": _put(lambda v: v["trees"], 0, []),
    "too many nodes": _put(lambda v: v["trees"], 0, [[0.5]] * 128),
    "a node alone": lambda v: v["trees"][0].append([0.5]),
    "a leaf that is whole": _put(_leaf, 0, 1),
    "a leaf that is text": _put(_leaf, 0, "os.system"),
    "a leaf that is huge": _put(_leaf, 0, 1e9),
    "a leaf with two values": lambda v: _leaf(v).append(1.0),
    "a feature too far": _put(_split, 0, 12), "a feature before": _put(_split, 0, -1),
    "a feature as truth": _put(_split, 0, True), "a feature as text": _put(_split, 0, "age"),
    "a child too far": _put(_split, 3, 1000), "a child before": _put(_split, 2, -1),
    "a child that is the parent": _put(_split, 2, 0),
    "one child twice": lambda v: _split(v).__setitem__(2, _split(v)[3]),
    "a loop": lambda v: v["trees"][0][-1].__setitem__(slice(None), [0, 1.0, 0, 1]),
    "levels for a number": _put(_split, 1, [1]),
    "a number for levels": _put(_levels, 1, 1.0),
    "a level too far": lambda v: _levels(v)[1].append(99),
    "a level before": lambda v: _levels(v)[1].insert(0, -1),
    "a level twice": lambda v: _levels(v)[1].append(_levels(v)[1][-1]),
    "a level as truth": _put(_levels, 1, [True]),
    "a reference too few": lambda v: v["reference"].pop("age"),
    "a reference too many": _put(lambda v: v["reference"], "fnlgt", 1),
    "a reference out of range": _put(lambda v: v["reference"], "age", 1000),
    "a reference of no level": _put(lambda v: v["reference"], "sex", "Other"),
    "a reference as truth": _put(lambda v: v["reference"], "education-num", True),
    "a reference as list": _put(lambda v: v["reference"], "sex", ["Male"]),
}


@pytest.mark.parametrize("kind", BREAKS)
def test_a_broken_form_is_refused(kind: str) -> None:
    values = parts()
    before = copy.deepcopy(values)
    parse(values)
    BREAKS[kind](values)
    assert values != before
    with pytest.raises(ModelFileError):
        parse(values)


@pytest.mark.parametrize("content", [
    b"", b"{", b"null", b"[]", b"1", b"\xff\xfe", b"[" * 200_000, b'{"a":' * 100_000,
    b'{"trees": NaN}', b"cos\nsystem\n(S'true'\ntR.", b"PK\x03\x04"])
def test_what_is_no_form_is_refused(content: bytes) -> None:
    with pytest.raises(ModelFileError):
        form_from_bytes(content)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_numbers_that_are_none_are_refused(text: str) -> None:
    content = json.dumps(parts()).replace(json.dumps(parts()["threshold"]), text, 1)
    with pytest.raises(ModelFileError):
        form_from_bytes(content.encode())


def test_a_form_that_cannot_be_read_back_is_not_written() -> None:
    for wrong in (replace(form(), threshold=float("nan")), replace(form(), threshold=2.0),
                  replace(form(), trees=())):
        with pytest.raises(ModelFileError):
            form_to_bytes(wrong)
