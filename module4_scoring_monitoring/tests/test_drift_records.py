"""A report in rows: nothing that was tested is left out, nothing is said that was not found."""

import pandas as pd
from drift_tables import normal, texts

from riskwatch.drift import compare_tables
from riskwatch.drift_records import JOINT, rule_row, verdict_rows
from riskwatch.records import Score
from riskwatch.score_rules import raw_comparison
from riskwatch.watch_settings import DriftSettings


def test_each_test_fault_and_column_has_its_row() -> None:
    before = pd.DataFrame({"a": normal(1, 200), "b": texts(x=100, y=100), "c": [1.0] * 200})
    after = pd.DataFrame({"a": normal(2, 200, 2), "b": texts(x=100, z=100), "c": [1.0] * 200})
    rows = list(verdict_rows(compare_tables(before, after, DriftSettings()), 7))
    assert {(row.column, row.test): row.verdict for row in rows} == {
        ("a", "distribution"): "drift", ("b", "distribution"): "drift",
        ("b", "new_category"): "drift", ("c", "distribution"): "not_enough_data",
        (JOINT, "joint"): "drift"}
    assert [row.detail for row in rows if row.test == "new_category" and row.p_value is None] == [
        "50.0% of rows hold an unseen category"]
    first = rows[0]
    assert first.file_id == 7 and first.effect is not None and first.effect > 0.5
    assert "PSI" in first.detail and "margin 0.136" in first.detail
    assert first.p_value is not None and first.p_adjusted is not None
    assert first.p_value < first.p_adjusted < 0.01


def test_small_tables_have_rows_without_figures() -> None:
    table = pd.DataFrame({"a": normal(1, 49), "b": normal(2, 49)})
    rows = list(verdict_rows(compare_tables(table, table, DriftSettings()), 1))
    assert {row.verdict for row in rows} == {"not_enough_data"}
    assert all(row.p_value is None and row.effect is None for row in rows)
    assert rows[-1].detail.startswith("cannot see: ")


def test_a_rule_tells_its_figure_and_its_limit() -> None:
    score = Score(model_version="m", subject="drop", file_id=3, rows=60, labelled_rows=50,
                  positive_share=.5, mean_probability=.5, f1=.5, f1_low=.4, f1_high=.6,
                  accuracy=.5, accuracy_low=.4, accuracy_high=.6, roc_auc=.5, roc_auc_low=.4,
                  roc_auc_high=.6)
    row = rule_row("f1", raw_comparison(0.5, 0.6), score, 100)
    assert (row.file_id, row.test) == (3, "raw_comparison")
    assert (row.verdict, row.statistic) == ("drift", 0.5)
    assert (row.reference_rows, row.current_rows) == (100, 50)
    assert row.detail == "100 rows before, limit 0.600000"
