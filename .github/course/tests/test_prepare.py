"""The reference environment is locked beside the module, and built before it is needed."""

import re
from pathlib import Path

import pytest

from coursekit import cli, environment
from coursekit.environment import Environment
from coursekit.expect import GraderFault
from coursekit.rubric import load_rubric

ROOT = Path(__file__).resolve().parents[3]
RUBRICS = sorted(path.parent for path in ROOT.glob("module*/rubric/requirements.in"))
MODULE = ROOT / "module1_clean_code" / "rubric"


def pins(path):
    """Return name, version and condition of every line of a lock."""
    return set(re.findall(r"^([a-z0-9][^ ]*==[^\\\n]*)", path.read_text("utf-8"), re.M))


def test_there_is_a_rubric():
    assert MODULE in RUBRICS


@pytest.mark.parametrize("rubric", RUBRICS, ids=lambda rubric: rubric.parent.name)
def test_the_lock_has_the_modules_own_versions_and_what_is_usual(rubric):
    lock, own = pins(rubric / "requirements.lock"), pins(rubric.parent / "requirements.lock")
    assert {pin.strip() for pin in own} <= {pin.strip() for pin in lock}, "run `make lock`"
    wanted = re.findall(r"^([a-z][a-z0-9_-]*)", (rubric / "requirements.in").read_text("utf-8"),
                        re.M)
    assert wanted and set(wanted) <= {pin.split("==")[0] for pin in lock}


@pytest.mark.parametrize("rubric", RUBRICS, ids=lambda rubric: rubric.parent.name)
def test_the_lock_is_hashed_and_names_no_address(rubric):
    text = (rubric / "requirements.lock").read_text("utf-8")
    assert "://" not in text
    for entry in re.split(r"^(?=[a-z0-9])", text, flags=re.M)[1:]:
        assert "--hash=sha256:" in entry, entry


def test_the_command_builds_and_names_it(monkeypatch, capsys, tmp_path):
    asked = []
    monkeypatch.setattr(environment, "_built", lambda *given: asked.append(given) or Environment(
        given[0], True, "", tmp_path))
    assert cli.main(["environment", str(MODULE)]) == 0
    assert asked[0][1] == (MODULE / "requirements.lock").read_text("utf-8")
    assert "module1_clean_code/rubric/requirements.lock) is ready" in capsys.readouterr().out


def test_a_build_that_failed_is_told_in_a_line(monkeypatch, capsys):
    monkeypatch.setattr(environment, "_built", lambda *given: Environment(
        given[0], False, "no such version", None))
    assert cli.main(["environment", str(MODULE)]) == 2
    told = capsys.readouterr().err
    assert "no such version" in told and "Traceback" not in told
    with pytest.raises(GraderFault):
        environment.reference_environment(load_rubric(MODULE), Path("nowhere"))


def test_a_folder_without_a_rubric_or_a_lock(capsys, tmp_path):
    assert cli.main(["environment", str(tmp_path)]) == 2
    (tmp_path / "rubric.toml").write_bytes((MODULE / "rubric.toml").read_bytes())
    assert cli.main(["environment", str(tmp_path)]) == 2
    assert "requirements.lock is missing" in capsys.readouterr().err
