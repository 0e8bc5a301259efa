"""The commands around releases: list, promote, go back."""

from pathlib import Path

import pytest
from served_models import release_into

from census.cli import main
from census.release_reader import current_version


def test_releases_are_listed_and_chosen(tmp_path: Path,
                                        capsys: pytest.CaptureFixture[str]) -> None:
    first, second = release_into(tmp_path, 0), release_into(tmp_path, 1)
    out = ["--out", str(tmp_path)]
    assert main(["releases", *out]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"  {first}  hist_gradient_boosting, threshold 0.4000",
        f"* {second}  hist_gradient_boosting, threshold 0.4000"]
    assert main(["rollback", *out]) == 0 and current_version(tmp_path) == first
    assert main(["rollback", *out]) == 2 and current_version(tmp_path) == first
    assert main(["promote", second, *out]) == 0 and current_version(tmp_path) == second
    assert main(["promote", "nonsense", *out]) == 2 and current_version(tmp_path) == second
    assert "no version of a release" in capsys.readouterr().err


def test_a_damaged_release_is_marked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = release_into(tmp_path, 0), release_into(tmp_path, 1)
    (tmp_path / "releases" / first / "serving.json").write_text("{}")
    assert main(["releases", "--out", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"  {first}  damaged: ")
    assert lines[1].startswith(f"* {second}  hist")
    assert main(["rollback", "--out", str(tmp_path)]) == 2
    assert current_version(tmp_path) == second


def test_without_releases_the_check_says_no(tmp_path: Path,
                                            capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["releases", "--out", str(tmp_path)]) == 1
    assert "no current release" in capsys.readouterr().out


def test_a_wrong_setting_of_the_service_is_named(tmp_path: Path,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--out", str(tmp_path), "--port", "70000"]) == 2
    assert capsys.readouterr().err.startswith("census serve: port: ")
