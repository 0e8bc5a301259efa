"""The workflow `grade` runs a command that grades, and leaves report and summary where it says."""

import json
import os
import re
import subprocess
import textwrap
from pathlib import Path

import pytest
from small_rubric import needs_bubblewrap

ROOT = Path(__file__).resolve().parents[3]
WORKFLOW = ROOT / ".github" / "workflows" / "grade.yml"


def step_of(name):
    """Return the shell text of a step of the workflow."""
    text = WORKFLOW.read_text(encoding="utf-8")
    variables = r"(?: +env:\n(?: +\w+: .*\n)+)?"
    found = re.search(rf"- name: {name}\n{variables} +run: \|\n((?: {{10}}.*\n)+)", text)
    assert found, f"{WORKFLOW} has no step {name} with a script"
    return textwrap.dedent(found[1])


@needs_bubblewrap
@pytest.mark.skipif(not (ROOT / "module1_clean_code" / ".venv" / ".ready").exists(),
                    reason="needs module 1's environment: make setup-1")
def test_the_step_grades_what_it_is_given(tmp_path):
    (tmp_path / "course").symlink_to(ROOT, target_is_directory=True)
    (tmp_path / "submission").mkdir()
    summary = tmp_path / "summary.md"
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step_of("grade")], cwd=tmp_path, check=False,
        capture_output=True, text=True, timeout=200, stdin=subprocess.DEVNULL, env={
            **{key: value for key, value in os.environ.items() if not key.startswith("MAKE")},
            "MODULE": "1", "SUBMISSION": str(tmp_path / "submission"), "SEED": "7",
            "GITHUB_WORKSPACE": str(tmp_path), "GITHUB_STEP_SUMMARY": str(summary)})
    assert done.returncode == 2 and "not all required criteria are met" in done.stdout, done
    report = json.loads((tmp_path / "grade" / "grade.json").read_text(encoding="utf-8"))
    assert (report["seed"], report["verdict"], report["faults"]) == (7, "fail", [])
    assert (tmp_path / "grade" / "grade.html").is_file()
    assert "not met" in summary.read_text(encoding="utf-8")


def test_nothing_is_written_and_no_secret_is_asked_for():
    text = WORKFLOW.read_text(encoding="utf-8")
    assert re.findall(r"^ *(\w+): write", text, re.M) == []
    assert "secrets." not in text and "secrets:" not in text
    for use in re.findall(r"uses: (\S+)", text):
        assert re.search(r"@[0-9a-f]{40}$", use), use
