"""Every slice is there, its figures follow from its rows, and nothing perfect is invented."""

import math

import pandas as pd
import pytest
from audit_tables import by, random_predictions, write
from sklearn.metrics import precision_recall_fscore_support

from census.errors import InputError
from census.schema import BY_NAME, CATEGORICAL, INPUTS
from census.settings import SliceSettings
from census.training.predictions import read_predictions
from census.training.slices import ALL, SLICE_METRICS, count_slices, course_text, slice_table

SETTINGS = SliceSettings()


def _table(predictions, settings=SETTINGS):
    return slice_table(count_slices([predictions], settings), settings)


def _slice(table, feature, value):
    found = table[(table["feature"] == feature) & (table["value"] == value)]
    assert len(found) == 1
    return found.iloc[0]


def test_every_value_of_every_category_is_a_slice():
    predictions = random_predictions(500, seed=1)
    table = _table(predictions)
    for name in [name for name in INPUTS if BY_NAME[name].kind == "category"]:
        found = table.loc[table["feature"] == name].set_index("value")["n"].to_dict()
        assert found == predictions[name].value_counts().to_dict()


def test_numbers_are_binned_and_pairs_are_cut():
    table = _table(random_predictions(300, seed=1))
    assert list(table["feature"].unique()) == [
        ALL, "workclass", "education", *[name for name in CATEGORICAL if name != "workclass"],
        *SETTINGS.bins, "sex & race", "sex & marital-status"]
    assert list(table.loc[table["feature"] == "age", "value"]) == [
        "up to 25", "26 to 35", "36 to 45", "46 to 55", "56 to 65", "over 65"]


def test_the_slices_of_a_feature_hold_all_rows():
    table = _table(random_predictions(400, seed=2))
    assert (table.groupby("feature")["n"].sum() == 400).all()
    assert (table[["tn", "fp", "fn", "tp"]].sum(axis=1) == table["n"]).all()
    assert (table["support"] == table["fn"] + table["tp"]).all()


def test_figures_of_a_pair_are_those_of_its_rows():
    predictions = random_predictions(600, seed=3)
    mine = predictions[(predictions["sex"] == "Male") & (predictions["race"] == "Black")]
    wanted = precision_recall_fscore_support(mine["label"], mine["predicted"], average="binary")
    found = _slice(_table(predictions), "sex & race", "Male & Black")
    assert found["n"] == len(mine)
    assert (found["precision"], found["recall"], found["f1"]) == pytest.approx(wanted[:3],
                                                                               abs=1e-6)
    assert found["selection_rate"] == pytest.approx(mine["predicted"].mean(), abs=1e-6)
    assert found["fpr"] == pytest.approx(mine.loc[mine["label"] == 0, "predicted"].mean(),
                                         abs=1e-6)


def test_a_slice_without_any_positive_is_undefined_and_not_perfect():
    predictions = by("workclass", {"Never-worked": (7, 0, 0, 0), "Private": (5, 2, 3, 9)})
    found = _slice(_table(predictions), "workclass", "Never-worked")
    assert all(math.isnan(found[name]) for name in ("precision", "recall", "f1"))
    assert found["undefined"] == (
        "precision: no row is predicted positive; recall: no row is positive; "
        "f1: no row is positive or predicted positive")
    assert (found["fpr"], found["selection_rate"]) == (0, 0) and found["fpr_high"] > 0.3


def test_a_defined_slice_has_no_reason():
    found = _slice(_table(by("workclass", {"Private": (5, 2, 3, 9)})), "workclass", "Private")
    assert found["undefined"] == "" and found[list(SLICE_METRICS)].notna().all()


@pytest.mark.parametrize("rows, small", [(29, "yes"), (30, "no")])
def test_a_slice_of_fewer_rows_than_set_is_marked(rows, small):
    table = _table(by("race", {"Other": (rows - 2, 1, 0, 1), "White": (90, 5, 5, 40)}))
    assert _slice(table, "race", "Other")["small"] == small
    assert _slice(table, "race", "White")["small"] == "no"


def test_intervals_hold_their_value_and_widen_with_the_confidence():
    predictions = random_predictions(300, seed=4)
    usual = _table(predictions)
    wide = _table(predictions, SliceSettings(confidence=0.99))
    for name in SLICE_METRICS:
        known = usual[name].notna()
        assert (usual.loc[known, f"{name}_low"] <= usual.loc[known, name]).all()
        assert (usual.loc[known, name] <= usual.loc[known, f"{name}_high"]).all()
        assert (wide.loc[known, f"{name}_high"] >= usual.loc[known, f"{name}_high"]).all()
        assert wide.loc[0, f"{name}_high"] > usual.loc[0, f"{name}_high"]


@pytest.mark.parametrize("part_rows", [1, 7, 64, 1000])
def test_parts_of_a_file_give_the_slices_of_the_whole(tmp_path, part_rows):
    predictions = random_predictions(130, seed=5)
    path = write(tmp_path / "p.csv", predictions)
    found = slice_table(count_slices(read_predictions(path, part_rows), SETTINGS), SETTINGS)
    pd.testing.assert_frame_equal(found, _table(predictions))


def test_the_order_of_rows_changes_nothing():
    predictions = random_predictions(200, seed=6)
    pd.testing.assert_frame_equal(_table(predictions.sample(frac=1, random_state=1)),
                                  _table(predictions))


def test_groups_named_na_none_and_nan_are_three_slices():
    table = _table(by("race", {"NA": (1, 0, 0, 0), "None": (0, 2, 0, 0), "nan": (0, 0, 3, 0)}))
    assert [_slice(table, "race", name)["n"] for name in ("NA", "None", "nan")] == [1, 2, 3]


def test_the_courses_text_prints_what_is_undefined_as_such():
    predictions = by("workclass", {"?": (600, 100, 100, 300), "Never-worked": (7, 0, 0, 0),
                                   "Private": (1, 1, 1, 1)})
    lines = course_text(count_slices([predictions], SETTINGS)).splitlines()
    assert lines[:6] == [
        "workclass: ?, Count: 1,100", "Precision: 0.7500 | Recall: 0.7500 | F1: 0.7500",
        "workclass: Never-worked, Count: 7",
        "Precision: undefined | Recall: undefined | F1: undefined",
        "workclass: Private, Count: 4", "Precision: 0.5000 | Recall: 0.5000 | F1: 0.5000"]
    assert not any(line.startswith(("age", "sex & race")) for line in lines)


@pytest.mark.parametrize("settings, words", [
    (SliceSettings(bins={"height": (1,)}), "slices.bins: height is no numeric column"),
    (SliceSettings(bins={"sex": (1,)}), "slices.bins: sex is no numeric column"),
    (SliceSettings(bins={"age": (30, 20)}), "the bins of age must rise"),
    (SliceSettings(bins={}, pairs=(("sex", "age"),)), "slices.pairs: sex and age are not both")])
def test_settings_that_cut_nothing_are_refused(settings, words):
    with pytest.raises(InputError, match=words):
        count_slices([random_predictions(5, seed=1)], settings)


def test_no_prediction_is_nothing_to_audit():
    for parts in ([], [random_predictions(3, seed=1)[:0]]):
        with pytest.raises(InputError, match="no prediction to audit"):
            count_slices(parts, SETTINGS)
