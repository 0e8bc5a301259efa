"""The command `course`: lines, exit codes, files where config.json says, refusals in one line."""

from pathlib import Path

import pytest
from course_folders import FIRST, generated, layout_of

from riskwatch.cli import main
from riskwatch.lock import hold


def test_a_first_run_reports_and_a_second_one_stops(tmp_path: Path,
                                                    capsys: pytest.CaptureFixture[str]) -> None:
    layout_of(generated(tmp_path), FIRST)
    assert main(["course", str(tmp_path / "config.json")]) == 0
    said = capsys.readouterr().out
    assert "the first model is deployed" in said and "apireturns.txt" in said
    for name in ("ingesteddata/finaldata.csv", "ingesteddata/ingestedfiles.txt",
                 "practicemodels/trainedmodel.skops", "practicemodels/latestscore.txt",
                 "practicemodels/confusionmatrix.png", "practicemodels/apireturns.txt",
                 "production_deployment/trainedmodel.skops",
                 "production_deployment/latestscore.txt",
                 "production_deployment/ingestedfiles.txt"):
        assert (tmp_path / name).is_file(), name
    assert main(["course", str(tmp_path / "config.json")]) == 0
    assert capsys.readouterr().out == "stop: no new file\n"


def test_the_configuration_stands_in_the_working_directory_unless_named(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["course"]) == 2
    assert capsys.readouterr().err.startswith("riskwatch course: config.json: cannot be opened")


def test_a_wrong_key_is_one_line_and_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]
                                            ) -> None:
    (tmp_path / "config.json").write_text('{"input_path": "x"}', "utf-8")
    assert main(["course", str(tmp_path / "config.json")]) == 2
    said = capsys.readouterr().err
    assert "lacks the key input_folder_path" in said and said.count("\n") == 1


def test_two_runs_at_a_time_are_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layout = layout_of(generated(tmp_path), FIRST)
    with hold(layout.service):
        assert main(["course", str(tmp_path / "config.json")]) == 75
    assert "another run writes here" in capsys.readouterr().err
    assert not layout.prod_deployment_path.exists()
