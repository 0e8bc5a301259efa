"""Tests of the retraining policy: every row of its table, its limits and its laws."""

import json
import re
from dataclasses import replace
from itertools import permutations
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from churn.drift import ColumnDrift, ColumnTest, DriftReport, Fault, Verdict, compare_tables
from churn.errors import InputError
from churn.policy import ANSWERS, AucEstimate, RetrainingPolicy, drift_figure, drift_json
from churn.settings import DriftSettings

SETTINGS = DriftSettings()
POLICY = RetrainingPolicy(SETTINGS)
REFERENCE_AUC = 0.95


def report(*verdicts: Verdict, rows: int = 1000, absent: tuple[str, ...] = ()) -> DriftReport:
    """Return a report with one column of each verdict, named ``<verdict>_<place>``."""
    columns = []
    for place, verdict in enumerate(verdicts):
        name = f"{verdict}_{place}"
        faults = (Fault("stuck_feed", name, "always 7"),) if verdict == "data_fault" else ()
        columns.append(ColumnDrift(name, verdict, (), faults, ()))
    return DriftReport(1000, rows, SETTINGS, tuple(columns), absent, ())


def auc(value: float, half_width: float = 0.005, rows: int = 500) -> AucEstimate:
    """Return an estimate with an interval of ``half_width`` to both sides."""
    return AucEstimate(value, max(value - half_width, 0), min(value + half_width, 1), rows)


def answer(found: DriftReport, current: AucEstimate | None = None) -> str:
    """Return the answer of the policy by the default settings."""
    return POLICY.decide(found, REFERENCE_AUC, current).answer


TABLE: list[tuple[int, DriftReport, AucEstimate | None, str]] = [
    (1, report("none", "data_fault"), auc(0.95), "ask_person"),
    (1, report("not_enough_data", rows=1, absent=("age",)), None, "ask_person"),
    (2, report("none", rows=49), auc(0.5), "not_enough_data"),
    (3, report("none"), auc(0.80), "ask_person"),
    (4, report("none"), auc(0.90), "retrain"),
    (4, report("large"), auc(0.90), "retrain"),
    (5, report("none"), auc(0.945), "keep"),
    (5, report("large"), auc(0.99), "keep"),
    (6, report("none"), auc(0.92, 0.02), "not_enough_data"),
    (6, report("large"), auc(0.94, 0.02), "not_enough_data"),
    (7, report("small"), auc(0.94, 0.02), "keep"),
    (8, report("large"), None, "ask_person"),
    (9, report("not_enough_data", "not_enough_data"), None, "not_enough_data"),
    (10, report("small", "not_enough_data"), None, "keep"),
    (10, report("none"), None, "keep"),
]


@pytest.mark.parametrize(("row", "found", "current", "expected"), TABLE)
def test_each_row_of_the_table(row: int, found: DriftReport, current: AucEstimate | None,
                               expected: str) -> None:
    assert answer(found, current) == expected, f"row {row}"


def test_the_docstring_states_the_rows_that_are_tested_here() -> None:
    stated = re.findall(r"^ *(\d+) .* (\w+)$", RetrainingPolicy.__doc__ or "", re.MULTILINE)
    assert dict(stated) == {str(row): expected for row, _, _, expected in TABLE}


@pytest.mark.parametrize(("high", "expected"), [
    (0.93, "not_enough_data"), (0.929, "retrain"), (0.85, "retrain"), (0.849, "ask_person")])
def test_an_interval_that_touches_a_limit_is_not_below_it(high: float, expected: str) -> None:
    assert answer(report("none"), AucEstimate(high - 0.01, high - 0.02, high, 500)) == expected


@pytest.mark.parametrize(("reference", "high"), [(0.92, 0.90), (0.94, 0.92), (0.95, 0.93)])
def test_a_drop_of_exactly_the_limit_is_none_in_spite_of_binary_fractions(
        reference: float, high: float) -> None:
    found = POLICY.decide(report("none"), reference, AucEstimate(high, high, high, 500))
    assert found.answer == "keep"


@pytest.mark.parametrize(("rows", "expected"), [(49, "keep"), (50, "retrain")])
def test_a_score_on_too_few_labelled_rows_is_no_score(rows: int, expected: str) -> None:
    assert answer(report("none"), auc(0.90, rows=rows)) == expected


def test_without_the_reference_score_the_current_one_says_nothing() -> None:
    assert POLICY.decide(report("large"), None, auc(0.99)).answer == "ask_person"


@pytest.mark.parametrize(("rows", "expected"), [(49, "not_enough_data"), (50, "keep")])
def test_few_rows_on_either_side_are_too_few(rows: int, expected: str) -> None:
    assert answer(report("none", rows=rows)) == expected
    assert answer(replace(report("none"), reference_rows=rows)) == expected


@pytest.mark.parametrize(("found", "current", "words"), [
    (report("data_fault"), None, "mend the data, do not learn from it: data_fault_0: always 7"),
    (report("none", rows=3), None, "3 current rows; 50 of each are needed"),
    (report("none"), auc(0.90), "from 0.950 to 0.900 (0.895 to 0.905, 500 labelled rows)"),
    (report("large", "small"), None, "large drift in large_0 and small drift in small_1, and no"),
])
def test_the_reason_is_told(found: DriftReport, current: AucEstimate | None, words: str) -> None:
    assert words in POLICY.decide(found, REFERENCE_AUC, current).reason


@pytest.mark.parametrize(("value", "low", "high"), [
    (0.9, 0.95, 0.99), (0.9, 0.8, 0.85), (1.1, 0.9, 1.2), (float("nan"), 0.8, 0.9)])
def test_an_impossible_score_is_refused(value: float, low: float, high: float) -> None:
    with pytest.raises(InputError, match="0 <= low <= value <= high <= 1"):
        AucEstimate(value, low, high, 100)


VERDICTS = st.lists(st.sampled_from(list(get_args(Verdict))), max_size=4)
SCORES = st.tuples(*[st.floats(0, 1)] * 3).map(sorted)


@given(verdicts=VERDICTS, scores=SCORES, worse=SCORES, reference=st.floats(0, 1),
       rows=st.sampled_from([49, 50]))
def test_a_worse_score_never_leads_to_a_milder_answer(
        verdicts: list[Verdict], scores: list[float], worse: list[float], *, reference: float,
        rows: int) -> None:
    found = report(*verdicts, rows=rows)
    below = [min(pair) for pair in zip(scores, worse)]
    milder, graver = (POLICY.decide(found, reference, AucEstimate(value, low, high, 100)).answer
                      for low, value, high in (scores, below))
    assert ANSWERS.index(milder) <= ANSWERS.index(graver)


@given(verdicts=VERDICTS, scores=SCORES, extra=st.sampled_from(["small", "large", "data_fault"]))
def test_more_drift_never_leads_to_a_milder_answer(
        verdicts: list[Verdict], scores: list[float], extra: Verdict) -> None:
    estimate = AucEstimate(scores[1], scores[0], scores[2], 100)
    less, more = (answer(report("none", *verdicts, *more), estimate) for more in ((), (extra,)))
    assert ANSWERS.index(less) <= ANSWERS.index(more)


@pytest.mark.parametrize("current", [None, auc(0.94, 0.02), auc(0.90)])
def test_the_order_of_columns_is_of_no_effect(current: AucEstimate | None) -> None:
    found = report("large", "small", "small")
    decisions = {POLICY.decide(replace(found, columns=order), REFERENCE_AUC, current)
                 for order in permutations(found.columns)}
    assert len(decisions) == 1


def test_two_tables_lead_to_a_decision() -> None:
    before, after = (pd.DataFrame({"card": ["blue"] * 90 + [last] * 30})
                     for last in ("gold", "black"))
    decision = POLICY.decide(compare_tables(before, after, SETTINGS))
    assert decision.answer == "ask_person"
    assert decision.reason.endswith("card: 25.0% of rows hold an unseen category")


def drawn() -> DriftReport:
    """Return a report on one column that moved, one that held, and a constant."""
    rng = np.random.default_rng(1)
    reference, current = (pd.DataFrame({
        "moved": rng.normal(shift, 1, 300), "held": rng.normal(0, 1, 300), "constant": 7})
        for shift in (0, 2))
    return compare_tables(reference, current, SETTINGS)


def test_the_json_holds_verdicts_faults_settings_and_what_cannot_be_seen() -> None:
    content = json.loads(drift_json(replace(drawn(), only_in_reference=("age",))))
    assert {column["name"]: column["verdict"] for column in content["columns"]} == {
        "moved": "large", "held": "none", "constant": "not_enough_data"}
    assert content["faults"][0]["kind"] == "missing_column"
    assert content["settings"]["significance"] == 0.05
    assert len(content["cannot_see"]) == 2


def test_the_json_rounds_to_six_significant_digits_and_stays_ascii() -> None:
    test = ColumnTest("distribution", "chi-squared", (50, 50), 1 / 3, 1.23456789e-30, 1.0)
    text = drift_json(replace(report(), columns=(
        ColumnDrift("größe \ud800", "none", (test,), (), ()),)))
    found = json.loads(text)["columns"][0]["tests"][0]
    assert (found["effect"], found["p_value"]) == (0.333333, 1.23457e-30)
    assert text.isascii()


def test_the_figure_puts_the_largest_effect_on_top_and_marks_the_limits() -> None:
    found = drawn()
    axes = drift_figure(found).gca()
    assert [label.get_text() for label in axes.get_yticklabels()] == ["constant", "held", "moved"]
    effects = {test.effect for column in found.columns for test in column.tests}
    points, limits = ({float(line.get_xdata()[0]) for line in axes.lines
                       if len(line.get_xdata()) == size} for size in (1, 2))
    assert (points, limits) == (effects, {SETTINGS.small_effect, SETTINGS.large_effect})
    assert [text.get_text() for text in axes.texts] == ["not enough data"]
    assert "300 current rows against 300 reference rows" in axes.get_title()


def test_a_report_without_columns_can_be_drawn() -> None:
    assert not drift_figure(report()).gca().get_yticks().size
