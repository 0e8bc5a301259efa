"""The benchmark of the audit runs, compares equal numbers, and counts what it says."""

import json

import pandas as pd
import pytest

from benchmarks import audit, run


def test_the_comparison_writes_its_figures(tmp_path, capsys):
    out = tmp_path / "bench.json"
    assert run.main(["--only", "audit", "--rows", "3000", "--largest", "2000", "--rounds", "1",
                     "--out", str(out)]) == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert set(found) == {"slices and bias", "slices and bias in parts"}
    figures = found["slices and bias"]
    assert figures["rows"] == 3000
    assert figures["aequitas_over_ours_from_codes"] == pytest.approx(
        figures["aequitas_nine_cpu_seconds"] / figures["codes_nine_cpu_seconds"])
    assert found["slices and bias in parts"]["peak_megabytes"] > 50
    assert "aequitas_over_ours_from_text" in capsys.readouterr().out


def test_parts_hold_as_many_rows_as_asked():
    parts = list(audit.make_parts(1_200_000))
    assert [len(part) for part in parts] == [500_000, 500_000, 200_000]
    assert not parts[0][:1000].equals(parts[1][:1000])


def test_unequal_numbers_stop_the_comparison(monkeypatch):
    def wrong(table):
        found = original(table)
        return found.assign(tpr=found["tpr"] + 1e-12)

    original = getattr(audit, "_aequitas")
    monkeypatch.setattr(audit, "_aequitas", wrong)
    with pytest.raises(AssertionError):
        audit.measure_audit(2000, 1)


def test_random_predictions_follow_the_schema():
    table = audit.make_predictions(500, seed=1)
    assert isinstance(table["sex"].dtype, pd.CategoricalDtype)
    assert table["age"].between(17, 120).all()
    assert set(table["label"]) == set(table["predicted"]) == {0, 1}
