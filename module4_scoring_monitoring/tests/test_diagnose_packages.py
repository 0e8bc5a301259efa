"""Packages: required, installed, newest when somebody can be asked, and known holes."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from riskwatch.diagnose_packages import (Package, both, known_vulnerabilities,
                                         listed_packages, newest_versions, package_checks,
                                         required_packages)
from riskwatch.errors import InputError

GOOD, OLD = Package("pandas", ">=3.0,<4", "3.1.1", True), Package("flask", ">=3.1", "2.0", False)
GONE = Package("duckdb", ">=1.4", None, None)


def test_the_requirements_of_this_program_are_installed_and_fit() -> None:
    found = {package.name: package for package in required_packages()}
    assert {"duckdb", "flask", "scikit-learn"} <= {name.lower() for name in found}
    assert "psycopg" not in found  # an extra
    assert all(package.is_within for package in found.values())


@pytest.mark.parametrize(("wanted", "installed", "is_within"), [
    (">=3.0,<4", "3.0", True), (">=3.0,<4", "4.0.0", False), (">=2.10", "2.9", False),
    (">=1.4,<2", "1.4.0rc1", True), ("==2", "2.0.0", True), ("!=2.0", "2", False),
    (">1", "1.0", False), ("", "9", True), ("<4,>=3.1", "3.1", True), ("~=3", "3", False)])
def test_versions_are_compared_as_numbers(monkeypatch: pytest.MonkeyPatch, wanted: str,
                                          installed: str, is_within: bool) -> None:
    monkeypatch.setattr("importlib.metadata.requires", lambda _: [f"thing {wanted}".strip()])
    monkeypatch.setattr("importlib.metadata.version", lambda _: installed)
    assert required_packages("any")[0].is_within == is_within


def test_absent_old_and_vulnerable_packages_fail() -> None:
    found = {one.subject: one for one in package_checks(
        (GOOD, OLD, GONE), {"pandas": "3.2"}, {"pandas": ("PYSEC-1",)})}
    assert {one.status for one in found.values()} == {"failed"}
    assert "newest 3.2, vulnerabilities PYSEC-1" in found["pandas"].detail
    assert "installed nothing" in found["duckdb"].detail
    one = next(package_checks((GOOD,), {"pandas": "3.2"}, {}))
    assert (one.status, "vulnerabilities none" in one.detail) == ("ok", True)


def test_the_list_of_a_server_is_read_as_pip_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    assert not listed_packages(path)
    path.write_text("# set up in May\n--index-url here\nflask ==0.12.2  # old\n"
                    "requests[socks]>=2 ; python_version > '3' --hash=sha256:0 \\\n"
                    "    --hash=sha256:1\nno-such-thing ==1\n", encoding="utf-8")
    found = {package.name: package for package in listed_packages(path)}
    assert {name: package.is_within for name, package in found.items()} == {
        "flask": False, "requests": True, "no-such-thing": None}
    assert found["flask"].required == "==0.12.2"


def test_a_list_that_cannot_be_read_is_a_plain_fault(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "requirements.txt")
    with pytest.raises(InputError, match="regular file"):
        listed_packages(tmp_path / "requirements.txt")


def test_of_two_lists_the_one_that_does_not_fit_is_told() -> None:
    stale, fine = Package("pandas", "==1", "3.1.1", False), Package("flask", "", "2.0", True)
    assert both((GOOD, OLD), (stale, fine, GONE)) == (GONE, OLD, stale)
    assert both((GOOD,), ()) == (GOOD,)


def test_what_nobody_was_asked_is_unknown() -> None:
    one = next(package_checks((GOOD,), None, None))
    assert one.status == "ok"
    assert one.detail.endswith("installed 3.1.1, newest unknown, vulnerabilities unknown")


def answering(monkeypatch: pytest.MonkeyPatch, stdout: str, code: int = 0, stderr: str = ""
              ) -> None:
    """Let tools answer so."""
    def run(words: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        assert words[1] == "-m" and options["timeout"] == 120
        return subprocess.CompletedProcess(words, code, stdout, stderr)
    monkeypatch.setattr("subprocess.run", run)


def test_answers_of_pip_and_pip_audit_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, json.dumps([{"name": "Flask", "version": "1", "latest_version": "2"}]))
    assert newest_versions() == {"flask": "2"}
    answering(monkeypatch, json.dumps({"dependencies": [
        {"name": "Flask", "vulns": [{"id": "A"}, {"id": "B"}]}, {"name": "b", "vulns": []}]}), 1)
    assert known_vulnerabilities() == {"flask": ("A", "B")}


@pytest.mark.parametrize(("stdout", "code", "stderr"), [
    ("[]", 0, "WARNING: Retrying after connection broken"), ("", 1, ""), ("no json", 0, ""),
    ("[]", 2, ""), ('"text"', 0, "")])
def test_without_an_index_nothing_is_known_and_not_all_well(
        monkeypatch: pytest.MonkeyPatch, stdout: str, code: int, stderr: str) -> None:
    answering(monkeypatch, stdout, code, stderr)
    assert newest_versions() is None
    assert known_vulnerabilities() is None


def test_a_tool_that_hangs_or_is_absent_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    for fault in (subprocess.TimeoutExpired("pip", 1), FileNotFoundError()):
        def run(*_: object, fault: Exception = fault, **__: object) -> None:
            raise fault
        monkeypatch.setattr("subprocess.run", run)
        assert newest_versions() is None and known_vulnerabilities() is None
