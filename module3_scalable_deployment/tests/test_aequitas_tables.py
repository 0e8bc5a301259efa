"""Aequitas makes its tables, our counts make the same, and its false numbers are gone."""

import logging
import math

import numpy as np
import pandas as pd
import pytest
from audit_tables import by, random_predictions
from hypothesis import given
from hypothesis import strategies as st

from census.errors import InputError
from census.training.aequitas_tables import crosstab_by_aequitas, crosstab_from_counts, judge
from census.training.codes import Coded, Group, combine, encode
from census.training.counts import count, outcomes
from census.training.disparities import Band, find_disparities

CELLS = st.tuples(*[st.integers(0, 12)] * 4).filter(any)
#: Aequitas' verdicts on the ratios that both compare.
PARITIES = {"selection_rate": "Impact Parity", "fpr": "FPR Parity", "fnr": "FNR Parity",
            "recall": "TPR Parity", "precision": "Precision Parity", "for": "FOR Parity"}
RATIOS = {"selection_rate": "pprev", "fpr": "fpr", "fnr": "fnr", "recall": "tpr",
          "precision": "precision", "for": "for"}


def _both(predictions, coded):
    outcome = outcomes(predictions["label"], predictions["predicted"])
    return (crosstab_by_aequitas(coded, predictions["label"], predictions["predicted"]),
            crosstab_from_counts([count(each, outcome) for each in coded]))


def _judged(groups, reference, tolerance=0.8):
    predictions = by("race", groups)
    _, crosstab = _both(predictions, [encode("race", predictions["race"])])
    tables = judge(crosstab, {"race": reference}, tolerance)
    return tables, tables.groups.set_index("attribute_value")


@given(st.dictionaries(st.sampled_from(["NA", "None", "nan", "a", "?"]), CELLS, min_size=1))
def test_the_crosstab_from_counts_is_aequitas_own_in_every_cell(groups):
    predictions = by("race", groups)
    theirs, ours = _both(predictions, [encode("race", predictions["race"])])
    pd.testing.assert_frame_equal(theirs, ours, check_exact=True)


def test_attributes_and_pairs_together_are_equal_too():
    predictions = random_predictions(3000, seed=1)
    sex, race = (encode(name, predictions[name]) for name in ("sex", "race"))
    theirs, ours = _both(predictions, [sex, race, combine(sex, race)])
    pd.testing.assert_frame_equal(theirs, ours, check_exact=True)
    assert len(ours) == 2 + 5 + 10


@given(CELLS, CELLS, CELLS)
def test_aequitas_ratios_and_verdicts_are_the_exact_ones(first, second, reference):
    groups = {"a": first, "b": second, "c": reference}
    predictions = by("race", groups)
    coded = encode("race", predictions["race"])
    counts = count(coded, outcomes(predictions["label"], predictions["predicted"]))
    _, found = _judged(groups, "c")
    for one in find_disparities(counts, "c", Band.of(0.8), 30):
        row = found.loc[one.pair.group]
        ratio, verdict = (row[f"{RATIOS[one.pair.metric]}_disparity"],
                          row[PARITIES[one.pair.metric]])
        assert ratio == pytest.approx(one.ratio.value, abs=1e-9, nan_ok=True)
        if one.verdict == "undefined":
            assert math.isnan(verdict)
        else:
            assert bool(verdict) is (one.verdict == "fair")


def test_a_ratio_over_zero_is_undefined_and_not_ten():
    from aequitas.bias import Bias  # pylint: disable=import-outside-toplevel  # it is heavy

    groups = {"a": (5, 5, 5, 5), "b": (10, 0, 5, 5)}
    predictions = by("race", groups)
    _, crosstab = _both(predictions, [encode("race", predictions["race"])])
    usual = Bias().get_disparity_predefined_groups(crosstab, None, {"race": "b"})
    assert usual.set_index("attribute_value").loc["a", "fpr_disparity"] == 10  # why we do this
    _, found = _judged(groups, "b")
    assert math.isnan(found.loc["a", "fpr_disparity"])
    assert math.isnan(found.loc["a", "FPR Parity"])


def test_a_true_ratio_of_ten_stays_ten():
    _, found = _judged({"a": (0, 10, 5, 5), "b": (9, 1, 5, 5)}, "b")
    assert found.loc["a", "fpr_disparity"] == pytest.approx(10)
    assert found.loc["a", "FPR Parity"] == False  # noqa: E712 pylint: disable=C0121


def test_one_undefined_ratio_does_not_make_two_unfair():
    # FPR is undefined (over 0), recall is equal: Aequitas' own Equalized Odds would say False.
    _, found = _judged({"a": (5, 5, 5, 5), "b": (10, 0, 5, 5)}, "b")
    assert bool(found.loc["a", "TPR Parity"]) is True
    assert math.isnan(found.loc["a", "Equalized Odds"])


def test_one_unfair_ratio_makes_two_unfair_whether_or_not_the_other_is_defined():
    _, found = _judged({"a": (5, 5, 9, 1), "b": (10, 0, 5, 5)}, "b")
    assert math.isnan(found.loc["a", "FPR Parity"])
    assert bool(found.loc["a", "Equalized Odds"]) is False


@pytest.mark.parametrize("hits, among", [(1, 3), (3, 7), (1, 2), (5, 12), (11, 30)])
def test_exactly_four_fifths_is_fair_to_aequitas_too(hits, among):
    cells = (5 * among - 4 * hits, 4 * hits, 1, 1)
    tables, found = _judged({"a": cells, "b": (among - hits, hits, 1, 1)}, "b")
    assert bool(found.loc["a", "FPR Parity"]) is True
    tables, found = _judged({"a": cells, "b": (among - hits, hits, 1, 1)}, "a")
    assert bool(found.loc["b", "FPR Parity"]) is True
    assert set(tables.attributes["attribute_name"]) == {"race"}


def test_the_verdict_of_all_follows_from_the_attributes():
    fair, _ = _judged({"a": (5, 5, 5, 5), "b": (5, 5, 5, 5)}, "b")
    assert set(fair.overall.values()) == {True}
    unfair, _ = _judged({"a": (9, 1, 5, 5), "b": (1, 9, 5, 5)}, "b")
    assert unfair.overall["Overall Fairness"] is False


def test_the_tolerance_is_the_settings():
    groups = {"a": (70, 30, 5, 5), "b": (60, 40, 5, 5)}  # FPR ratio .75
    assert bool(_judged(groups, "b", 0.7)[1].loc["a", "FPR Parity"]) is True
    assert bool(_judged(groups, "b", 0.8)[1].loc["a", "FPR Parity"]) is False


def test_two_groups_of_one_name_are_refused():
    coded = Coded("x & y", (Group(((0, "a & b"), (0, "c"))), Group(((0, "a"), (0, "b & c")))),
                  np.array([0, 1]))
    for function in (lambda: crosstab_by_aequitas([coded], [0, 1], [0, 1]),
                     lambda: crosstab_from_counts([count(coded, outcomes([0, 1], [0, 1]))])):
        with pytest.raises(InputError, match="two groups of x & y have the same name"):
            function()


def test_an_absent_reference_group_is_refused():
    with pytest.raises(InputError, match="bias.reference"):
        _judged({"a": (5, 5, 5, 5)}, "b")


def test_the_root_logger_is_left_as_it_was(monkeypatch):
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # pytest's own
    _judged({"a": (5, 5, 5, 5)}, "a")
    assert not logging.getLogger().handlers
