"""Scoring a file: the same answer whatever the blocks, all of it or nothing."""

import errno
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from customer_tables import (LAYOUTS, NAMES, ROWS, frame, many_rows, table_text, with_field,
                             without_target)
from sklearn.pipeline import Pipeline

from churn.data import split_target
from churn.errors import InputError, OutputError, TableError
from churn.models import build_pipeline
from churn.predict import leaving_probability, score_file
from churn.settings import ReadingSettings, TrainingSettings

LIMITS = ReadingSettings()
SMALL_BLOCKS = ReadingSettings(block_bytes=1000)


@pytest.fixture(scope="module", name="pipeline")
def fitted_pipeline() -> Pipeline:
    """A linear model of 240 customers; one fit serves all tests, none changes it."""
    features, has_left = split_target(frame(table_text(rows=many_rows(240))))
    return build_pipeline("logistic_regression", TrainingSettings(), 1).fit(features, has_left)


@pytest.fixture(name="target")
def old_target(tmp_path: Path) -> Iterator[Path]:
    """The place of an older result; afterwards nothing unfinished may stand in its folder."""
    path = tmp_path / "predictions.csv"
    path.write_text("old", encoding="utf-8")
    yield path
    assert not list(tmp_path.glob(".*"))


def _scores(path: Path) -> pd.DataFrame:
    return pd.read_csv(path)


def test_every_customer_is_scored_in_the_order_of_the_file(
        pipeline: Pipeline, target: Path, write_table: Callable[..., Path]) -> None:
    source = write_table()
    found = score_file(pipeline, 0.5, source, target, LIMITS)
    scores = _scores(target)
    assert list(scores.columns) == ["CLIENTNUM", "churn_probability", "make_offer"]
    assert scores["CLIENTNUM"].tolist() == [700_000_000 + n for n in range(1, 13)]
    assert scores["churn_probability"].between(0, 1).all()
    assert (found.rows, found.offers) == (12, scores["make_offer"].sum())


def test_lines_hold_six_decimals_and_end_in_one_newline(
        pipeline: Pipeline, target: Path, write_table: Callable[..., Path]) -> None:
    score_file(pipeline, 0.5, write_table(), target, LIMITS)
    lines = target.read_bytes().decode("ascii").split("\n")
    assert lines[0] == "CLIENTNUM,churn_probability,make_offer" and lines[-1] == ""
    assert len(lines) == 14
    assert all(re.fullmatch(r"7000000\d\d,[01]\.\d{6},[01]", line) for line in lines[1:-1])


def test_rows_of_a_file_are_scored_as_rows_one_by_one(
        pipeline: Pipeline, target: Path, write_table: Callable[..., Path]) -> None:
    score_file(pipeline, 0.5, write_table(), target, LIMITS)
    together, alone = _scores(target), []
    for row in ROWS:
        score_file(pipeline, 0.5, write_table(table_text(rows=(row,))), target, LIMITS)
        alone.append(_scores(target))
    pd.testing.assert_frame_equal(together, pd.concat(alone, ignore_index=True))


def test_probability_is_that_of_the_class_that_left(pipeline: Pipeline,
                                                    many_customers: pd.DataFrame) -> None:
    features, has_left = split_target(many_customers)
    probability = leaving_probability(pipeline, features)
    assert probability[has_left == 1].mean() > 0.5 > probability[has_left == 0].mean()
    np.testing.assert_array_equal(probability, pipeline.predict_proba(features)[:, 1])


def test_columns_are_found_by_name_and_others_not_looked_at(pipeline: Pipeline,
                                                            customers: pd.DataFrame) -> None:
    shuffled = customers.assign(Churn=1)[["Churn", *NAMES[::-1]]]
    np.testing.assert_array_equal(leaving_probability(pipeline, shuffled),
                                  leaving_probability(pipeline, customers))


def test_model_sees_the_features_and_nothing_else(customers: pd.DataFrame) -> None:
    seen: list[list[str]] = []

    def predict_proba(features: pd.DataFrame) -> np.ndarray:
        seen.append(list(features.columns))
        return np.zeros((len(features), 2))

    model: Any = SimpleNamespace(predict_proba=predict_proba)
    leaving_probability(model, customers.assign(Churn=1)[["Churn", *NAMES[::-1]]])
    assert seen == [NAMES[2:]]


def test_size_of_the_blocks_does_not_matter(pipeline: Pipeline, target: Path,
                                            write_table: Callable[..., Path]) -> None:
    source, results = write_table(table_text(rows=many_rows(60))), set()
    for size in (100, 777, 2500, 10**6):
        found = score_file(pipeline, 0.3, source, target, ReadingSettings(block_bytes=size))
        results.add((target.read_bytes(), found.rows, found.offers))
    assert len(results) == 1


@pytest.mark.parametrize("layout", [*LAYOUTS, "no target"])
def test_layout_does_not_matter_nor_does_the_target(layout: str, pipeline: Pipeline, target: Path,
                                                    write_table: Callable[..., Path]) -> None:
    score_file(pipeline, 0.5, write_table(), target, LIMITS)
    expected = target.read_bytes()
    text = without_target(table_text()) if layout == "no target" else table_text(layout)
    score_file(pipeline, 0.5, write_table(text), target, LIMITS)
    assert target.read_bytes() == expected


def test_offer_is_made_from_the_threshold_on_as_the_file_shows_it(
        pipeline: Pipeline, target: Path, write_table: Callable[..., Path]) -> None:
    source = write_table()
    score_file(pipeline, 0.5, source, target, LIMITS)
    threshold = float(_scores(target)["churn_probability"].median().round(6))
    exact = float(_scores(target)["churn_probability"].iloc[4])
    for limit in (threshold, exact, 0.0, 1.0):
        found = score_file(pipeline, limit, source, target, LIMITS)
        scores = _scores(target)
        assert (scores["make_offer"] == (scores["churn_probability"] >= limit)).all()
        assert found.offers == (scores["churn_probability"] >= limit).sum()


@pytest.mark.parametrize("limits", [LIMITS, SMALL_BLOCKS])
def test_fault_in_the_last_row_leaves_the_old_result(
        limits: ReadingSettings, pipeline: Pipeline, target: Path,
        write_table: Callable[..., Path]) -> None:
    source = write_table(with_field(61, "Customer_Age", "NaN", many_rows(60)))
    with pytest.raises(TableError, match="line 61, column Customer_Age"):
        score_file(pipeline, 0.5, source, target, limits)
    assert target.read_text(encoding="utf-8") == "old"


def test_missing_source_leaves_the_old_result(pipeline: Pipeline, target: Path) -> None:
    with pytest.raises(InputError, match="no.csv: cannot be opened"):
        score_file(pipeline, 0.5, target.with_name("no.csv"), target, LIMITS)
    assert target.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("way", ["same name", "symbolic link", "hard link", "other spelling"])
def test_target_that_is_the_source_is_refused(way: str, pipeline: Pipeline, tmp_path: Path,
                                              write_table: Callable[..., Path]) -> None:
    source, target = write_table(), tmp_path / "link.csv"
    before = source.read_bytes()
    if way == "same name":
        target = source
    elif way == "symbolic link":
        target.symlink_to(source)
    elif way == "hard link":
        os.link(source, target)
    else:
        (tmp_path / "folder").mkdir()
        target = tmp_path / "folder" / ".." / source.name
    with pytest.raises(OutputError, match="is the input itself; choose another file with --out"):
        score_file(pipeline, 0.5, source, target, LIMITS)
    assert source.read_bytes() == before


@pytest.mark.parametrize("place", ["below/a/file", "x" * 300, "/proc/x", "/dev/full", "."])
def test_unwritable_target_is_one_plain_line(place: str, pipeline: Pipeline, tmp_path: Path,
                                             write_table: Callable[..., Path]) -> None:
    source, target = write_table(), tmp_path / place
    (tmp_path / "below").write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        score_file(pipeline, 0.5, source, target, LIMITS)
    assert str(caught.value).isprintable() and str(target) in str(caught.value)
    assert sorted(tmp_path.iterdir()) == [tmp_path / "below", source]


def test_disk_found_full_at_the_end_leaves_the_old_result(
        pipeline: Pipeline, target: Path, write_table: Callable[..., Path],
        monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device; free some space"):
        score_file(pipeline, 0.5, write_table(), target, LIMITS)
    assert target.read_text(encoding="utf-8") == "old"
