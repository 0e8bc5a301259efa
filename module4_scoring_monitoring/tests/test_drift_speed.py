"""Large columns cost little beside scipy's loop, and the statistic stays what it is."""

from collections.abc import Callable

import pytest

from benchmarks.drift import LAWS, large_table, measure_drift


def test_four_times_less_cpu_than_scipy_within_a_thousandth(say: Callable[[str], None]) -> None:
    found = measure_drift(300_000, len(LAWS), 1)
    say(f"drift of {found['rows']:,} x {found['columns']}: {found['ours_cpu_seconds']:.3f} CPU s, "
        f"scipy {found['scipy_cpu_seconds']:.3f}, error {found['largest_error']:.1e}")
    assert found["largest_error"] <= 0.001
    assert found["scipy_over_ours"] >= 4


@pytest.mark.soak
def test_a_million_rows_and_twenty_columns(say: Callable[[str], None]) -> None:
    found = measure_drift()
    say(f"drift of a million rows x 20: {found['ours_cpu_seconds']:.3f} CPU s, scipy "
        f"{found['scipy_cpu_seconds']:.3f}, {found['scipy_over_ours']:.0f} times; error "
        f"{found['largest_error']:.1e}; {found['ours_peak_megabytes']:.0f} MB")
    assert found["largest_error"] <= 0.001 and found["scipy_over_ours"] >= 4
    assert found["ours_peak_megabytes"] < 500


def test_the_tables_hold_every_law() -> None:
    table = large_table(2000, len(LAWS), 1, 0.0)
    different = dict(zip(LAWS, table.nunique()))
    assert different["constant"] == 1 and different["ties"] < 80 < different["normal"]
    assert table.iloc[:, LAWS.index("heavy tails")].abs().max() > 100
