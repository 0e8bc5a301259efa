"""The command `grade`: several submissions, wrong arguments, names of folders."""

from pathlib import Path

import pytest
from small_rubric import needs_bubblewrap, our_environment, write_rubric, write_submission

from coursekit import cli, grade, grading

FORMS = {"grade.json", "grade.md", "grade.html", "junit.xml"}


@needs_bubblewrap
@pytest.mark.xdist_group("sandbox")
def test_several_stand_side_by_side(tmp_path, monkeypatch):
    monkeypatch.setattr(grading, "find_environment", our_environment)
    good = write_submission(tmp_path / "good")
    bad = write_submission(tmp_path / "bad", {"numbers_library.py": "x = 1\n"})
    out = tmp_path / "out"
    assert cli.main(["grade", "1", str(good), str(bad), "--out", str(out), "--rubric",
                     str(write_rubric(tmp_path))]) == 1
    text = (out / "index.html").read_text(encoding="utf-8")
    assert "good/grade.html" in text and "bad/grade.html" in text
    assert {path.name for path in (out / "bad").iterdir()} == FORMS


@pytest.mark.parametrize(("more", "said"), [
    (["--only", "M1-77"], "no such criterion"), (["--previous", "nothing.json"], "--previous")])
def test_wrong_arguments_are_told_in_a_line(tmp_path, capsys, more, said):
    rubric = write_rubric(tmp_path)
    assert cli.main(["grade", "1", str(tmp_path), "--out", str(tmp_path / "out"), "--rubric",
                     str(rubric), *more]) == 2
    told = capsys.readouterr().err
    assert said in told and len(told.splitlines()) == 1


def test_reports_of_submissions_of_one_name_do_not_meet(tmp_path):
    found = grade.name_folders(["a/work", "b/work/", "https://host/x.git@v1", ".."], tmp_path)
    assert len(set(found.values())) == 4
    assert all(folder.parent == tmp_path for folder in found.values())
    assert grade.name_folders(["a"], Path("out")) == {"a": Path("out")}


@needs_bubblewrap
def test_what_went_wrong_is_said_without_any_command(tmp_path, capsys):
    assert cli.main(["grade", "1", "::error::\x1b[31m##[add-mask]e", "--out",
                    str(tmp_path / "out"), "--rubric", str(write_rubric(tmp_path))]) == 2
    told = capsys.readouterr().out
    assert "there is no such folder" in told and "\x1b" not in told and "##[" not in told
    assert not any(line.strip().startswith("::") for line in told.splitlines())
