"""Shares, statistics and history of a drop, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from riskwatch.diagnose_data import integrity, stability, summary_statistics
from riskwatch.records import Diagnostic
from riskwatch.watch_settings import DiagnosisSettings

SETTINGS = DiagnosisSettings()  # missing .2, impossible .1, repeated .5


def drop(**changes: object) -> pd.DataFrame:
    """A good drop of ten rows, with changes."""
    return pd.DataFrame({
        "corporation": [f"aaa{letter}" for letter in "abcdefghij"],
        "lastmonth_activity": [1.0, 2, 2, 3, 4, 5, 6, 7, 8, 9],
        "lastyear_activity": [10.0] * 10, "number_of_employees": [5.0, 5, 6, 6, 7, 8, 9, 1, 2, 3],
        "exited": [0.0, 1] * 5} | changes)


def found(rows: pd.DataFrame) -> dict[tuple[str, str], Diagnostic]:
    """The checks by name."""
    return {(one.check, one.subject): one for one in integrity(rows, SETTINGS)}


def test_a_good_drop_passes_every_check() -> None:
    checks = found(drop())
    assert {one.status for one in checks.values()} == {"ok"}
    assert {check for check, _ in checks} == {"missing_share", "repeated_share",
                                              "out_of_range_share", "impossible_share"}


@pytest.mark.parametrize(("gaps", "status"), [(2, "ok"), (3, "failed")])
def test_missing_values_are_counted_per_column(gaps: int, status: str) -> None:
    values = drop()["number_of_employees"].where(np.arange(10) >= gaps)
    one = found(drop(number_of_employees=values))["missing_share", "number_of_employees"]
    assert (one.value, one.status) == (gaps / 10, status)
    assert one.detail == f"{gaps} of 10 rows, at most 0.2"


def test_labels_may_be_missing_altogether() -> None:
    assert found(drop(exited=np.nan))["missing_share", "exited"].status == "ok"


def test_a_missing_column_is_said() -> None:
    checks = found(drop().drop(columns="number_of_employees"))
    assert checks["missing_column", "number_of_employees"].status == "failed"


@pytest.mark.parametrize(("bad", "status"), [(1, "ok"), (2, "failed")])
def test_rows_with_more_in_a_month_than_in_the_year_are_impossible(bad: int, status: str) -> None:
    month = np.where(np.arange(10) < bad, 11.0, 1.0)
    one = found(drop(lastmonth_activity=month))["impossible_share",
                                                "lastmonth_activity > lastyear_activity"]
    assert (one.value, one.status) == (bad / 10, status)


def test_repeated_rows_are_counted_here_and_from_other_drops() -> None:
    twice = pd.concat([drop().head(4)] * 2, ignore_index=True)
    assert found(twice)["repeated_share", "rows"].value == 0.5
    known = drop().assign(is_repeated=[True] * 6 + [False] * 4)
    one = found(known)["repeated_share", "rows"]
    assert (one.value, one.status) == (0.6, "failed")


def test_values_out_of_range_are_never_passed() -> None:
    checks = found(drop(lastyear_activity=[-1.0] + [10.0] * 9, exited=[2.0] + [0.0] * 9))
    assert checks["out_of_range_share", "lastyear_activity"].status == "failed"
    assert checks["out_of_range_share", "exited"].status == "failed"


def test_mean_median_mode_and_sd_as_worked_by_hand() -> None:
    values = [1.0, 1, 2, 2, 9] * 2
    figures = {one.subject: one.value for one in summary_statistics(drop(
        lastmonth_activity=values))}
    assert figures["lastmonth_activity.mean"] == 3.0
    assert figures["lastmonth_activity.median"] == 2.0
    assert figures["lastmonth_activity.mode"] == 1.0  # the smaller of two
    assert figures["lastmonth_activity.sd"] == pytest.approx(3.19722, abs=1e-5)
    assert len(figures) == 16


def test_statistics_of_nothing_are_unknown() -> None:
    empty = [one for one in summary_statistics(drop(lastmonth_activity=np.nan))
             if one.subject.startswith("lastmonth")]
    assert [(one.status, one.value) for one in empty] == [("unknown", None)] * 4


def median_check(value: float, past: list[float], rows: int = 100) -> list[Diagnostic]:
    """Compare a median with its history."""
    figure = Diagnostic(check="summary_statistics", subject="x.median", status="ok", value=value)
    return list(stability([figure], {("summary_statistics", "x.median"): past}, rows))


@pytest.mark.parametrize(("value", "status"), [(100, "ok"), (160, "ok"), (175, "failed"),
                                               (25, "failed")])
def test_a_median_far_outside_of_its_history_is_flagged(value: float, status: str) -> None:
    """Quartiles 95.5 and 104.5; three ranges, of at least a fifth of the median each."""
    assert median_check(value, [90, 94, 97, 99, 101, 103, 106, 110])[0].status == status


def test_a_short_history_and_a_small_drop_are_not_judged() -> None:
    assert median_check(999, [100.0] * 7)[0].status == "unknown"
    assert not median_check(999, [100.0] * 8, rows=49)


def test_noise_of_stable_drops_is_seldom_flagged() -> None:
    rng = np.random.default_rng(1)
    medians = [float(np.median(rng.lognormal(3, 1.5, 150))) for _ in range(400)]
    flagged = sum(median_check(medians[place], medians[place - 20:place])[0].status == "failed"
                  for place in range(20, 400))
    assert flagged <= 8


def test_more_missing_than_ever_is_flagged_and_less_is_not() -> None:
    for value, status in ((0.25, "failed"), (0.0, "ok")):
        figure = Diagnostic(check="missing_share", subject="x", status="ok", value=value)
        one = next(stability([figure], {("missing_share", "x"): [0.02, 0.03] * 5}, 100))
        assert (one.status, one.subject) == (status, "x.missing_share")
