"""What a rubric may read of a submission: text, as it lies there, and nothing that runs."""

import time
from types import SimpleNamespace

import pytest
from small_rubric import write_rubric, write_submission

from coursekit import fixtures
from coursekit.expect import NotChecked
from coursekit.job import GradingJob


@pytest.fixture(name="desk_of")
def _desk_of(tmp_path):
    """Return a function that makes the desk of a submission without an environment."""
    desks = []

    def make(files=None, **texts):
        root = write_submission(tmp_path / "s", files)
        rubric = write_rubric(tmp_path, **texts)
        job = GradingJob(str(rubric), str(root), str(tmp_path / "outcomes"), None, "none", "a log",
                         "bubblewrap", 3, ("M1-01",), ("2026 me: begun",), ("a note",),
                         time.time() + 60)
        desks.append(fixtures.Desk(job))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


def test_files_are_told_apart(desk_of):
    found = desk_of({"src/code.py": "x = 1\n", "tests/test_it.py": "", "notes/more.py": "",
                     "README.md": "# Title\n", ".venv/lib/x.py": "", "data.csv": "a\n"}).submission
    assert found.files == ["README.md", "data.csv", "notes/more.py", "numbers_library.py",
                           "src/code.py", "test_numbers.py", "tests/test_it.py"]
    assert found.test_files == ["tests/test_it.py"]
    assert "src/code.py" in found.python_files and "tests/test_it.py" not in found.python_files
    assert found.functions == {"double": ["numbers_library:double"]}
    assert (found.problems, found.history, found.notes) == ([], ("2026 me: begun",), ("a note",))


def test_text_is_read_as_far_as_it_can_be(desk_of, monkeypatch):
    found = desk_of().submission
    (found.root / "odd.txt").write_bytes(b"\xef\xbb\xbfa\xff\x00b")
    assert found.text("odd.txt") == "a\ufffd\x00b"
    monkeypatch.setattr(fixtures, "MOST_TEXT", 5)
    (found.root / "long.txt").write_text("x" * 100, encoding="utf-8")
    assert found.text("long.txt") == "xxxxx"


@pytest.mark.parametrize(("name", "text"), [("README.md", "# T"), ("readme.rst", "T"),
                                            ("ReadMe", "t"), ("other.md", "")])
def test_the_readme_may_be_called_in_several_ways(desk_of, name, text):
    assert desk_of({name: text or "no readme"}).submission.readme == text


def test_a_link_is_not_read(desk_of, tmp_path):
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "README.md").symlink_to(tmp_path / "secret")
    found = desk_of().submission
    assert found.readme == "" and "README.md" not in found.files


def test_without_an_environment_there_is_no_sandbox(desk_of):
    desk = desk_of()
    assert (desk.environment.built, desk.environment.log, desk.pool) == (False, "a log", None)
    with pytest.raises(NotChecked):
        desk.probe.call("double", 1)
    with pytest.raises(NotChecked):
        assert desk.suite


def test_what_is_missing_is_what_is_required():
    mapping = SimpleNamespace(required={"functions.a"})
    problems = {name: SimpleNamespace(name=name, problem=problem)
                for name, problem in (("a", "not there"), ("b", "not there"), ("c", None))}
    probe = SimpleNamespace(asked=0)

    def resolve():
        probe.asked += 1
        return problems

    probe.resolve = resolve
    found = fixtures.ContractFound(probe, mapping)
    assert found.missing() == ["a: not there"] == found.missing() and probe.asked == 1


def test_a_rubric_needs_neither_probes_nor_bugs(desk_of):
    desk = desk_of(test_rubric_small__py="")
    (desk.rubric.folder / "probes.py").unlink()
    (desk.rubric.folder / "bugs.py").unlink()
    again = fixtures.Desk(desk.job)
    assert again.probe.source == ""
    again.close()
