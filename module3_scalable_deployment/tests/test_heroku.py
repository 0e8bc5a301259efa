"""Deployments and the way back, against a stand-in that refuses what it does not know."""

import os
import subprocess
import sys

import pytest
import requests
from heroku_stand_in import APP, KEY, heroku
from served_models import release_into

from census import heroku as program
from census.heroku import main
from census.release_reader import current_version


@pytest.fixture(name="account")
def account_fixture(monkeypatch):
    """The stand-in; the key is in the environment, and nobody waits."""
    monkeypatch.setenv("HEROKU_API_KEY", KEY)
    monkeypatch.setattr(program, "_SECONDS_BETWEEN", 0.01)
    with heroku() as account:
        yield account


def run(account, *words, out="."):
    """Run the program against the stand-in."""
    return main([*words, "--app", APP, "--api", account.address, "--out", str(out)])


def test_deploy_sends_the_bundle_and_waits_for_its_release(account, tmp_path, capsys):
    version = release_into(tmp_path)
    account.add("old")
    assert run(account, "deploy", out=tmp_path) == 0
    printed = capsys.readouterr().out
    assert f"released v2: {version}" in printed
    assert printed.splitlines()[-1] == f"address: {account.web_url}"
    assert account.calls == [
        "POST /sources", "PUT /store/put", f"POST /apps/{APP}/builds",
        f"GET /apps/{APP}/builds/build-1", f"GET /apps/{APP}/builds/build-1",
        f"GET /apps/{APP}/releases/release-2", f"GET /apps/{APP}"]
    assert {"Procfile", "requirements.txt", ".python-version", "census/cli.py",
            f"releases/{version}/serving.json", "releases/current"} <= account.names()


def test_the_program_is_a_program(account, tmp_path):
    release_into(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "census.heroku", "bundle", "--out", str(tmp_path)], check=True,
        capture_output=True, text=True, env={**os.environ, "HEROKU_API_KEY": ""})
    assert done.stdout.startswith(f"bundle of {current_version(tmp_path)}: ")
    assert not account.calls


def test_a_build_that_fails_is_exit_1_and_releases_nothing(account, tmp_path, capsys):
    release_into(tmp_path)
    account.build_ends = "failed"
    assert run(account, "deploy", out=tmp_path) == 1
    assert "failed; its log stands in Heroku's dashboard" in capsys.readouterr().err
    assert not account.releases


def test_a_build_that_never_ends_is_given_up(account, tmp_path, monkeypatch, capsys):
    release_into(tmp_path)
    account.pending = 10**6
    monkeypatch.setattr(program, "_SECONDS_TO_BUILD", 0.2)
    assert run(account, "deploy", out=tmp_path) == 1
    assert "still pending" in capsys.readouterr().err


def test_rollback_releases_the_code_before_the_current_one(account, capsys):
    for slug in ("one", "two", "three"):
        account.add(slug)
    assert run(account, "rollback") == 0
    assert capsys.readouterr().out == "went back to v2\n"
    now = account.releases[-1]
    assert now["current"] and now["slug"] == {"id": "two"} and now["version"] == 4


def test_rollback_passes_over_settings_failures_and_releases_without_code(account, capsys):
    for slug, status in ((None, "succeeded"), ("one", "succeeded"), ("two", "failed"),
                         ("three", "succeeded"), ("three", "succeeded"), ("four", "failed")):
        account.add(slug, status)
    assert run(account, "rollback") == 0
    assert capsys.readouterr().out == "went back to v2\n"
    assert account.releases[-1]["slug"] == {"id": "one"}


def test_a_second_rollback_goes_to_the_code_before_by_number(account):
    for slug in ("one", "two"):
        account.add(slug)
    assert run(account, "rollback") == 0
    assert run(account, "rollback") == 0
    assert [release["slug"]["id"] for release in account.releases] == ["one", "two", "one", "two"]


@pytest.mark.parametrize("slugs", [[], [None], ["one"], ["one", "one"]])
def test_without_other_code_there_is_no_way_back(account, slugs, capsys):
    for slug in slugs:
        account.add(slug)
    assert run(account, "rollback") == 1
    assert "no earlier release of other code" in capsys.readouterr().err
    assert not [call for call in account.calls if call.startswith("POST")]


def test_a_wrong_key_is_refused_and_not_shown(account, monkeypatch, capsys):
    monkeypatch.setenv("HEROKU_API_KEY", "wrong-" + KEY)
    assert run(account, "rollback") == 1
    printed = capsys.readouterr()
    assert "status 401" in printed.err and KEY not in printed.out + printed.err


@pytest.mark.parametrize(("words", "said"), [
    (["rollback"], "no name of an app"), (["rollback", "--app", "../x"], "no name of an app"),
    (["rollback", "--app", APP, "--api", "http://example.com"], "no https address"),
    (["deploy", "--app", APP, "--out", "nowhere"], "no current release")])
def test_bad_input_is_one_line_and_exit_2(words, said, monkeypatch, capsys):
    monkeypatch.setenv("HEROKU_API_KEY", KEY)
    assert main(words) == 2
    assert said in capsys.readouterr().err


def test_without_a_key_nothing_is_asked(account, monkeypatch, capsys):
    monkeypatch.delenv("HEROKU_API_KEY")
    assert run(account, "rollback") == 2
    assert "HEROKU_API_KEY is not set" in capsys.readouterr().err and not account.calls


def test_nobody_there_is_exit_1(monkeypatch, capsys):
    monkeypatch.setenv("HEROKU_API_KEY", KEY)
    assert main(["rollback", "--app", APP, "--api", "http://127.0.0.1:9"]) == 1
    assert "no answer to GET" in capsys.readouterr().err


def test_the_stand_in_refuses_what_it_does_not_know(account):
    headers = {"Authorization": f"Bearer {KEY}",
               "Accept": "application/vnd.heroku+json; version=3"}
    for method, path, body in (
            ("DELETE", f"/apps/{APP}", None), ("GET", "/account", None),
            ("POST", f"/apps/{APP}/releases", {"slug": "x"}), ("POST", "/sources", {"x": 1}),
            ("POST", f"/apps/{APP}/builds", {"source_blob": {"url": "x"}}),
            ("GET", f"/apps/{APP}/releases", None), ("GET", "/store/put", None)):
        answer = requests.request(method, account.address + path, json=body, headers=headers,
                                  timeout=5)
        assert answer.status_code == 400, (method, path)
