"""The files beside the code: hooks, owners, templates, citation."""

import re
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from street import MODULE_NAMES, ROOT, folder_name, run

GITHUB = ROOT / ".github"
HOOKS = ROOT / ".pre-commit-config.yaml"


def load(path: Path):
    """Return the content of a YAML file."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def hooks():
    """Return every hook of the configuration."""
    return [hook for repo in load(HOOKS)["repos"] for hook in repo["hooks"]]


def test_pre_commit_accepts_the_configuration(tmp_path):
    program = str(Path(sys.executable).parent / "pre-commit")
    done = run([program, "validate-config", str(HOOKS)], ROOT, PRE_COMMIT_HOME=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hooks_are_local_and_call_verbs():
    assert [repo["repo"] for repo in load(HOOKS)["repos"]] == ["local"]
    assert {hook["language"] for hook in hooks()} == {"system"}
    for hook in hooks():
        assert re.fullmatch(r"make [a-z]+(-[a-z0-9]+)?", hook["entry"])
        assert hook["pass_filenames"] is False


@pytest.mark.parametrize("entry", sorted({hook["entry"] for hook in hooks()}))
def test_the_verb_of_a_hook_exists(entry):
    number = re.search(r"-(\d)$", entry)
    if number and not any(name.startswith(f"module{number[1]}_") for name in MODULE_NAMES):
        assert run(entry.split(), ROOT).returncode == 2
        return
    assert run(["make", "-n", *entry.split()[1:]], ROOT).returncode == 0


@pytest.mark.parametrize("module", MODULE_NAMES)
def test_a_change_in_a_module_is_linted_by_that_modules_verb(module):
    name = f"{module}/src/x.py"
    fired = [hook["entry"] for hook in hooks()
             if "files" in hook and re.search(hook["files"], name)]
    number = module.split("_")[0].removeprefix("module")
    assert fired == [f"make lint-{number}"]


def test_the_owners_file_names_no_one_who_does_not_exist():
    lines = [line.split() for line in (GITHUB / "CODEOWNERS").read_text().splitlines()
             if line and not line.startswith("#")]
    assert lines
    for pattern, *owners in lines:
        assert not owners
        assert pattern == "*" or list(ROOT.glob(pattern.strip("/")))
    own = [line[0].strip("/") for line in lines if line[0] != "*"]
    for name in MODULE_NAMES:
        assert any(fnmatch(name, pattern) for pattern in own), name


def test_the_pull_request_template_has_a_checklist():
    text = (GITHUB / "pull_request_template.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^- \[ \] .+", text, re.M)) >= 5
    assert "make lint" in text and "make test" in text


def test_the_contributing_guide_covers_branches_commits_and_reviews():
    text = (GITHUB / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.M)[1:3] == ["Branches and commits", "Reviews"]


@pytest.mark.parametrize("path", sorted((GITHUB / "ISSUE_TEMPLATE").glob("[!c]*.yml")),
                         ids=folder_name)
def test_an_issue_form_is_complete(path):
    form = load(path)
    assert {"name", "description", "body"} <= set(form)
    identifiers = [field["id"] for field in form["body"]]
    assert len(identifiers) == len(set(identifiers))
    assert all(field["attributes"]["label"] for field in form["body"])


def test_dependabot_waits_before_it_takes_a_release():
    updates = load(GITHUB / "dependabot.yml")["updates"]
    assert [update["package-ecosystem"] for update in updates] == ["github-actions"]
    assert all(update["cooldown"]["default-days"] >= 7 for update in updates)


def test_the_citation_agrees_with_the_licence():
    citation = load(GITHUB / "CITATION.cff")
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert citation["cff-version"] == "1.2.0"
    assert licence.startswith(f"{citation['license']} License")
    assert citation["authors"][0]["name"] in licence
