"""On the true file the audit finds what is known of it, and slices that nobody can score."""

import pandas as pd
import pytest

from census.data import load_rows, split_target
from census.settings import BiasSettings, Settings, SliceSettings
from census.training.bias import audit
from census.training.bias_report import findings_table
from census.training.slices import count_slices, slice_table
from census.training.train import cross_validate

pytestmark = pytest.mark.realdata


@pytest.fixture(name="predictions", scope="module")
def predictions_fixture(real_data):
    """Out-of-fold predictions on the true file, at threshold one half."""
    rows = load_rows(real_data / "census" / "census.csv").drop_duplicates(ignore_index=True)
    score = cross_validate("hist_gradient_boosting", rows, Settings()).scores
    return rows.assign(label=split_target(rows)[1], score=score,
                       predicted=(score >= 0.5).astype(int))


@pytest.fixture(name="findings", scope="module")
def findings_fixture(predictions):
    """The audit's findings by attribute, group and metric."""
    table = findings_table(audit([predictions], BiasSettings()))
    return table.set_index(["attribute", "group", "metric"])


@pytest.mark.parametrize("metric, ratio, verdict", [
    ("selection_rate", 0.31, "unequal"), ("fpr", 0.23, "unequal"), ("recall", 0.88, "fair")])
def test_women_beside_men_are_as_unequal_as_is_known(findings, say, metric, ratio, verdict):
    found = findings.loc[("sex", "Female", metric)]
    say(f"true file, women over men, {metric}: {found['ratio']:.3f} ({found['ratio_low']:.3f} to "
        f"{found['ratio_high']:.3f})")
    assert found["ratio"] == pytest.approx(ratio, abs=0.03)
    assert (found["verdict"], found["sure"]) == (verdict, "yes")


def test_small_groups_are_not_condemned_by_chance(findings):
    """The recall of two small groups falls out of the band, and the audit is not sure of it."""
    for group in ("Amer-Indian-Eskimo", "Other"):
        found = findings.loc[("race", group, "recall")]
        assert found["ratio"] < 0.8 < found["ratio_high"] and found["sure"] == "no"
    assert findings.loc[("race", "Black", "selection_rate"), "sure"] == "yes"


def test_slices_without_a_high_income_are_undefined_and_not_perfect(predictions, say):
    table = slice_table(count_slices([predictions], SliceSettings()), SliceSettings())
    never = table[(table["feature"] == "workclass") & (table["value"] == "Never-worked")].iloc[0]
    assert never["n"] == 7 and pd.isna(never["f1"])
    assert never["undefined"].endswith("f1: no row is positive or predicted positive")
    nothing = table[(table["support"] == 0) & (table["fp"] == 0)]
    assert nothing[["precision", "recall", "f1"]].isna().all(axis=None)
    say(f"true file: {len(table) - 1} slices, {len(nothing)} without any positive, "
        f"{(table['small'] == 'yes').sum()} small")
