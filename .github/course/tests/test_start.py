"""A starter is written whole, outside of the repository, and touches nothing that is there."""

import pytest
from small_rubric import RUBRIC, has_git, write_rubric

from coursekit import cli, facts, start
from coursekit.rubric import load_rubric


@pytest.fixture(name="rubric")
def _rubric(tmp_path):
    folder = write_rubric(tmp_path, rubric__toml=RUBRIC + "\n[starter]\n"
                          'copy = {"notes.txt" = "data/notes.txt"}\n')
    (folder.parent / "notes.txt").write_text("notes", encoding="utf-8")
    (folder / "starter" / "tests").mkdir(parents=True)
    (folder / "starter" / "BRIEF.md").write_text("# Build it\n", encoding="utf-8")
    (folder / "starter" / "tests" / "__pycache__").mkdir()
    return folder


def test_the_starter_is_copied_with_what_the_module_adds(rubric, tmp_path, capsys):
    target = tmp_path / "mine alone" / "project"
    assert cli.main(["start", "1", str(target), "--rubric", str(rubric)]) == 0
    assert (target / "BRIEF.md").is_file() and not (target / "tests" / "__pycache__").exists()
    assert (target / "data" / "notes.txt").read_text(encoding="utf-8") == "notes"
    assert (target / "pylintrc").read_text(encoding="utf-8") == facts.RULES
    assert (target / ".git").is_dir() == has_git()
    told = capsys.readouterr().out
    assert "BRIEF.md" in told and f"make grade M=1 'SUB={target}'" in told
    assert [path.name for path in target.parent.iterdir()] == ["project"]


@pytest.mark.parametrize("place", ["full", "file", "repository"])
def test_nothing_of_the_users_is_touched(rubric, tmp_path, capsys, place):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    target = start.ROOT / "build" / "mine" if place == "repository" else tmp_path / place
    assert cli.main(["start", "1", str(target), "--rubric", str(rubric)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert (tmp_path / "full" / "thesis.txt").read_text(encoding="utf-8") == "mine"
    assert not (start.ROOT / "build" / "mine").exists()


def test_what_is_missing_in_the_module_leaves_nothing_behind(rubric, tmp_path):
    (rubric.parent / "notes.txt").unlink()
    with pytest.raises(OSError):
        start.write_starter(load_rubric(rubric), tmp_path / "new")
    assert not (tmp_path / "new").exists() and not list(tmp_path.glob(".start*"))
