"""The course's three branches, under both readings and both editions; on the true files too."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score

from riskwatch.decide_course import CourseFacts, course_branch
from riskwatch.drift import compare_tables
from riskwatch.features import matrix
from riskwatch.gate import Contender, Terms, compare
from riskwatch.models import build_pipeline
from riskwatch.watch_settings import DriftSettings, GateSettings

BASELINE = 0.5714


@pytest.mark.parametrize("reading", ["deployed_model_fell", "newest_model_is_better"])
@pytest.mark.parametrize("edition", ["2026", "2021"])
def test_no_new_file_stops_whatever_the_scores(reading, edition) -> None:
    found = course_branch(CourseFacts(0, BASELINE, 0.0, 1.0), reading, edition)
    assert (found.action, found.writes_reports) == ("stop", False)


@pytest.mark.parametrize(("new", "action"), [(1.0, "keep"), (BASELINE, "keep"), (0.0, "retrain"),
                                             (0.5713, "retrain")])
def test_the_first_reading_asks_whether_the_deployed_model_fell(new: float, action: str) -> None:
    assert course_branch(CourseFacts(1, BASELINE, deployed_f1=new)).action == action


@pytest.mark.parametrize(("new", "action"), [(0.4, "keep"), (BASELINE, "keep"),
                                             (0.6, "retrain")])
def test_the_second_reading_asks_whether_the_newest_model_is_better(new: float, action: str
                                                                    ) -> None:
    found = course_branch(CourseFacts(1, BASELINE, newest_f1=new), "newest_model_is_better")
    assert found.action == action


@pytest.mark.parametrize(("edition", "reports"), [("2026", True), ("2021", False)])
def test_without_drift_only_the_later_edition_reports(edition, reports: bool) -> None:
    assert course_branch(CourseFacts(1, BASELINE, 1.0), edition=edition).writes_reports == reports
    assert course_branch(CourseFacts(1, BASELINE, 0.0), edition=edition).writes_reports


def test_what_was_not_measured_is_not_drift() -> None:
    found = course_branch(CourseFacts(1, BASELINE))
    assert found.action == "keep" and "unknown" in found.reason


# The true files: 26 + 26 + 5 rows, of which the numbers are noise, so mechanics are asserted.

@pytest.fixture(name="table")
def true_table(real_data: Path) -> Callable[[str], pd.DataFrame]:
    """Return the rows of a folder of the true files, each once."""
    def read(folder: str) -> pd.DataFrame:
        files = sorted((real_data / folder).glob("*.csv"))
        assert files
        return pd.concat(map(pd.read_csv, files)).drop_duplicates(ignore_index=True)
    return read


def trained(rows: pd.DataFrame):
    """The course's model."""
    return build_pipeline("course_logistic", 0).fit(matrix(rows), rows["exited"])


def f1_of(model, rows: pd.DataFrame) -> float:
    """F1 of a model on rows."""
    return float(f1_score(rows["exited"], model.predict(matrix(rows))))


@pytest.mark.realdata
def test_the_true_files_go_through_the_three_branches(table, say: Callable[[str], None]) -> None:
    practice, source, test = table("practicedata"), table("sourcedata"), table("testdata")
    assert [len(rows) for rows in (practice, source, test)] == [26, 26, 5]
    deployed = trained(practice)
    baseline = f1_of(deployed, test)
    assert baseline == pytest.approx(0.5714, abs=1e-4)
    assert course_branch(CourseFacts(0, baseline)).action == "stop"
    on_source = f1_of(deployed, source)
    newest = f1_of(trained(source), test)
    say(f"true files: F1 at deployment {baseline:.4f}, on the source rows {on_source:.4f}, "
        f"of a model of the source rows on the test rows {newest:.4f}")
    assert on_source > baseline
    assert course_branch(CourseFacts(2, baseline, deployed_f1=on_source)).action == "keep"
    assert course_branch(CourseFacts(2, baseline, newest_f1=newest),
                         "newest_model_is_better").action == "keep"  # newest is worse
    turned = source.assign(exited=1 - source["exited"])  # as the later edition's drift file
    fallen = f1_of(deployed, turned)
    assert course_branch(CourseFacts(1, baseline, deployed_f1=fallen)).action == "retrain"


@pytest.mark.realdata
def test_the_gate_refuses_what_the_course_would_deploy(table) -> None:
    """Retrained on the source rows the course deploys a model that is worse on its test rows."""
    test = table("testdata")
    old, new = (trained(table(folder)) for folder in ("practicedata", "sourcedata"))
    assert f1_of(new, test) < f1_of(old, test)
    sides = [Contender(name, model.predict_proba(matrix(test))[:, 1])
             for name, model in (("old", old), ("new", new))]
    found = compare(test["exited"], *sides, Terms("f1", GateSettings(), 42))
    assert not found.may_serve and "5 labelled rows" in found.reason
    # Not for want of rows alone: on the same rows twelve times it is told to be no better.
    many = [Contender(side.version, np.tile(side.probability, 12)) for side in sides]
    found = compare(np.tile(test["exited"], 12), *many, Terms("f1", GateSettings(), 42))
    assert not found.may_serve and not found.reason.startswith("unproven")


@pytest.mark.realdata
def test_the_true_files_are_too_small_for_a_verdict_on_their_rows(table) -> None:
    report = compare_tables(table("practicedata"), table("sourcedata"), DriftSettings())
    assert report.verdict() == "not_enough_data"
    assert (report.reference_rows, report.current_rows, report.joint) == (26, 26, None)
