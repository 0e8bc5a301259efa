"""The course's flow: a first deployment, then three branches, under both readings and editions."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from course_folders import FIRST, SECOND, copied, generated, layout_of, lines, put

from riskwatch import course_flow
from riskwatch.course_flow import Choices, full_process
from riskwatch.course_layout import Layout, read_production
from riskwatch.errors import InputError

NO_GATE = Choices(gate=None)
NEWEST = Choices("newest_model_is_better")
#: On the rows of the test a model does as well as at its deployment; on others like them it does
#: worse every other time, and the course's rule calls that drift.
AS_GOOD = lines(3, 200)


@pytest.fixture(name="second")
def after_the_first_run(tmp_path: Path) -> Layout:
    """Folders after a first deployment, with the course's second configuration."""
    assert full_process(layout_of(generated(tmp_path), FIRST)).action == "deploy"
    return layout_of(tmp_path, SECOND)


def deployed_files(layout: Layout) -> dict[str, bytes]:
    """What is in production."""
    return {path.name: path.read_bytes() for path in layout.prod_deployment_path.iterdir()}


def test_the_first_run_deploys_and_the_same_files_again_stop(tmp_path: Path) -> None:
    layout = layout_of(generated(tmp_path), FIRST)
    run = full_process(layout)
    assert (run.action, run.writes_reports, run.ending) == ("deploy", True, "")
    before = deployed_files(layout)
    run = full_process(layout)
    assert (run.action, run.lines, run.writes_reports) == ("stop", ("stop: no new file",), False)
    assert deployed_files(layout) == before


def test_files_are_known_by_content_and_not_by_name(second: Layout) -> None:
    practice = second.input_folder_path.with_name("practicedata")
    for path in sorted(practice.iterdir()):
        (second.input_folder_path / f"renamed_{path.name}").write_bytes(path.read_bytes())
    assert full_process(second).action == "stop"
    put(second.input_folder_path, "dataset1.csv", AS_GOOD)  # a known name, other content
    assert full_process(second).action == "keep"


def test_new_rows_without_drift_keep_the_model_and_report(second: Layout) -> None:
    before = deployed_files(second)
    put(second.input_folder_path, "dataset3.csv", AS_GOOD)
    run = full_process(second)
    assert run.action == "keep" and run.writes_reports and run.ending == "2"
    assert deployed_files(second) == before
    record = (second.output_folder_path / "ingestedfiles.txt").read_text("utf-8")
    assert [line.split()[0] for line in record.splitlines()] == [
        "dataset1.csv", "dataset2.csv", "dataset3.csv"]
    assert len(pd.read_csv(second.output_folder_path / "finaldata.csv")) == 200
    assert full_process(second).action == "stop"


def test_the_edition_of_2021_does_not_report_then(second: Layout) -> None:
    put(second.input_folder_path, "dataset3.csv", AS_GOOD)
    assert not full_process(second, Choices(edition="2021")).writes_reports


def test_drift_retrains_and_the_gate_refuses_a_worse_model(second: Layout) -> None:
    before = deployed_files(second)
    put(second.input_folder_path, "drift.csv", lines(6, is_turned=True))
    run = full_process(second)
    assert run.action == "retrain" and run.writes_reports
    assert "not deployed: " in run.lines[1] and deployed_files(second) == before
    assert (second.output_model_path / "trainedmodel.skops").exists()


def test_without_the_gate_the_worse_model_is_deployed_as_the_course_does(second: Layout) -> None:
    before = read_production(second)
    put(second.input_folder_path, "drift.csv", lines(6, is_turned=True))
    assert "deployed as the course does" in full_process(second, NO_GATE).lines[1]
    after = read_production(second)
    assert before is not None and after is not None and after.f1 < before.f1
    assert len(after.known) == len(before.known) + 1


def test_drift_retrains_and_a_better_model_passes_the_gate(second: Layout) -> None:
    """What is true has changed for good: rows and test rows say the opposite."""
    put(second.input_folder_path, "drift.csv", lines(6, 400, is_turned=True))
    put(second.test_data_path, "testdata.csv", lines(7, 400, is_turned=True))
    run = full_process(second)
    assert run.action == "retrain" and "; deployed: " in run.lines[1]
    after = read_production(second)
    assert after is not None and len(after.known) == 3
    assert deployed_files(second)["trainedmodel.skops"] == (
        second.output_model_path / "trainedmodel.skops").read_bytes()


def test_the_other_reading_asks_whether_the_newest_model_is_better(second: Layout) -> None:
    put(second.input_folder_path, "drift.csv", lines(6, is_turned=True))
    run = full_process(second, NEWEST)  # a worse one is no reason under this reading
    assert run.action == "keep" and "newest model" in run.lines[0]


def test_a_refused_file_changes_nothing_and_is_not_known_afterwards(second: Layout) -> None:
    before = deployed_files(second)
    record = (second.output_folder_path / "ingestedfiles.txt").read_bytes()
    put(second.input_folder_path, "wrong.csv", ["abcd,1,2,3,7"])
    for _ in range(2):
        with pytest.raises(InputError, match="wrong.csv, line 2, column exited"):
            full_process(second)
    assert deployed_files(second) == before
    assert (second.output_folder_path / "ingestedfiles.txt").read_bytes() == record


def test_who_is_killed_before_the_record_does_it_again(second: Layout,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    put(second.input_folder_path, "dataset3.csv", AS_GOOD)
    with monkeypatch.context() as patched:
        patched.setattr(course_flow, "score_model", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            full_process(second)
    assert full_process(second).action == "keep"


@pytest.mark.realdata
@pytest.mark.parametrize("choices", [Choices(), NEWEST])
def test_the_true_files_go_through_the_three_branches(tmp_path: Path, real_data: Path,
                                                      choices: Choices,
                                                      say: Callable[[str], None]) -> None:
    root = copied(tmp_path, real_data)
    first = layout_of(root, FIRST)
    said = [*full_process(first, choices).lines]
    deployed = read_production(first)
    assert deployed is not None and deployed.f1 == pytest.approx(0.5714, abs=1e-4)
    assert full_process(first, choices).action == "stop"  # practice again
    second = layout_of(root, SECOND)
    run = full_process(second, choices)
    assert run.action == "keep"
    said += run.lines
    turned = pd.read_csv(root / "sourcedata" / "dataset3.csv")
    turned["exited"] = 1 - turned["exited"]
    turned.to_csv(root / "sourcedata" / "drift.csv", index=False)
    run = full_process(second, choices)
    said += run.lines
    if choices.reading == "deployed_model_fell":
        assert run.action == "retrain" and "5 labelled rows" in run.lines[1]
    after = read_production(second)
    assert after is not None and after.model == deployed.model
    say(f"course on the true files, {choices.reading}: {'; '.join(said)}")
