"""The deploy folder: its Procfile is run by honcho, its image's steps are done, its words hold."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from image_steps import Image, instructions, one, pins
from part_files import whole_rows, write_part
from running_service import free_port, started
from served_models import release_into

import census
from census.bundle import make_bundle
from census.cli import main
from census.release_reader import current_version

MODULE = Path(__file__).parents[1]
DEPLOY = MODULE / "deploy"
STEPS = instructions((DEPLOY / "Containerfile").read_text("utf-8"))
README = (DEPLOY / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.M | re.S)
RUN_BY_TEST = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines()]
SHOWN = [line for kind, text in BLOCKS if kind == "text" for line in text.splitlines()]


@pytest.fixture(scope="module", name="reader")
def reader_fixture(tmp_path_factory):
    """A folder with a release in `build`, and the bundle made of it."""
    folder = tmp_path_factory.mktemp("reader")
    release_into(folder / "build")
    make_bundle(folder / "build", folder / "build" / "bundle")
    return folder


@pytest.fixture(scope="module", name="image")
def image_fixture(reader, tmp_path_factory):
    """What the steps of the Containerfile make."""
    return Image(STEPS, reader, tmp_path_factory.mktemp("image"))


def test_honcho_starts_the_procfile_of_the_bundle_and_the_live_client_passes(
        reader, image, tmp_path, capsys):
    bundle, port = reader / "build" / "bundle", free_port()
    # A dyno has the packages of requirements.txt and no others; `python` is then its own.
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -S "$@"\n', "utf-8")
    python.chmod(0o755)
    environment = {"PATH": f"{python.parent}:/usr/bin:/bin", "CENSUS_HOST": "127.0.0.1",
                   "PYTHONPATH": str(image.root / "packages"), "HOME": "/nonexistent"}
    command = [sys.executable, "-m", "honcho", "start", "-p", str(port), "web"]
    with started(command, port, tmp_path / "log", cwd=bundle, env=environment) as (address, _):
        assert main(["live", address]) == 0
        printed = capsys.readouterr().out
    assert printed.startswith("status code: 200\nresult: ")
    answer = json.loads(printed.partition("result: ")[2])
    assert answer["model_version"] == current_version(reader / "build")
    assert f"listening on http://127.0.0.1:{port}" in (tmp_path / "log").read_text("utf-8")


def test_the_procfile_is_valid_and_binds_the_port_it_is_given():
    done = subprocess.run([sys.executable, "-m", "honcho", "check", "-f",
                           str(DEPLOY / "Procfile")], check=True, capture_output=True, text=True)
    assert "Valid procfile detected (web)" in done.stdout + done.stderr
    assert (DEPLOY / "Procfile").read_text("utf-8").rstrip().endswith("--port $PORT")


def test_the_image_answers_with_its_own_packages_alone(image, tmp_path, reader):
    port = free_port()
    with started(image.command(port), port, tmp_path / "log",
                 env=image.environment()) as (address, process):
        for asked, is_well in ((port, True), (free_port(), False)):
            done = subprocess.run(image.health_check(asked), env=image.environment(),
                                  check=False, capture_output=True)
            assert (done.returncode == 0) is is_well
        assert main(["live", address]) == 0
        found = requests.get(f"{address}/v1/model", timeout=5).json()["version"]
        assert found == current_version(reader / "build")
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0


def test_files_are_scored_with_the_packages_of_the_service_alone(image, tmp_path):
    write_part(tmp_path / "rows" / "a.csv", whole_rows(40, seed=1))
    words = ["-S", "-m", "census.cli", "score", "--data", str(tmp_path / "rows"), "--scores",
             str(tmp_path / "scores"), "--out", f"{image.root}/opt/census"]
    subprocess.run([sys.executable, *words], env=image.environment(), check=True,
                   capture_output=True)
    assert (tmp_path / "scores" / "a.csv").read_bytes().count(b"\r\n") == 41


def test_the_image_holds_only_what_the_service_needs(image):
    held = {path.name for path in (image.root / "packages").iterdir()}
    assert {"numpy", "fastapi", "uvicorn"} <= held
    assert not {"sklearn", "pandas", "pyarrow", "dvc", "aequitas", "pytest", "requests"} & held


def test_the_image_is_run_by_a_user_without_rights_from_a_pinned_base():
    assert STEPS[0][0] == "ARG" and re.fullmatch(r"BASE=python:3\.12\.\d+-slim-\w+", STEPS[0][1])
    assert STEPS[1] == ("FROM", "${BASE}")
    assert one(STEPS, "USER") == "10001:10001"
    assert [name for name, _ in STEPS].index("USER") > max(
        number for number, (name, _) in enumerate(STEPS) if name in ("RUN", "COPY"))
    assert "ADD" not in {name for name, _ in STEPS}


def test_the_commands_of_the_build_are_commands():
    for words in (words for name, words in STEPS if name == "RUN"):
        subprocess.run(["sh", "-n", "-c", words], check=True)
    install, = (shlex.split(words) for name, words in STEPS if "pip install" in words)
    assert {"--no-deps", "--require-hashes"} <= set(install)


def test_the_builder_is_sent_what_the_steps_copy_and_nothing_else():
    kept = [line[1:] for line in (DEPLOY / "Containerfile.dockerignore").read_text(
        "utf-8").splitlines() if line.startswith("!")]
    assert kept == ["build/bundle"]
    assert all(words.startswith("build/bundle/") for name, words in STEPS if name == "COPY")


def test_the_hosts_install_the_versions_that_the_tests_run(reader):
    ours = pins(reader / "build" / "bundle" / "requirements.txt")
    tested = pins(MODULE / "requirements.lock")
    assert ours and {name: pin for name, pin in ours.items() if tested.get(name) != pin} == {}


def test_the_manifest_of_the_app_says_what_heroku_knows():
    manifest = json.loads((DEPLOY / "app.json").read_text("utf-8"))
    # The fields of app.json that this file may hold, by Heroku's documentation.
    assert set(manifest) <= {"name", "description", "stack", "buildpacks", "formation", "env"}
    assert re.fullmatch(r"heroku-2[246]", manifest["stack"])
    assert manifest["buildpacks"] == [{"url": "heroku/python"}]
    processes = re.findall(r"^(\w+):", (DEPLOY / "Procfile").read_text("utf-8"), re.M)
    assert list(manifest["formation"]) == processes == ["web"]
    assert manifest["formation"]["web"] == {"quantity": 1, "size": "basic"}
    assert manifest["env"]["CENSUS_API_KEY"]["generator"] == "secret"


def test_the_python_of_the_app_is_the_one_of_the_lock_and_the_image():
    version = (DEPLOY / ".python-version").read_text("utf-8").strip()
    assert version == "3.12"  # the reference Python, on which `dvc.lock` was made
    assert STEPS[0][1].startswith(f"BASE=python:{version}.")


def test_the_commands_of_the_readme_do_what_it_says(reader, tmp_path):
    assert [line.split()[:2] for line in RUN_BY_TEST] == [
        ["python", "-m"], ["cd", "build/bundle"], ["census", "live"]]
    bundle, start, live = RUN_BY_TEST
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    shutil.rmtree(reader / "build" / "bundle")
    subprocess.run(["sh", "-ec", bundle], cwd=reader, env=environment, check=True)
    assert (reader / "build" / "bundle" / "Procfile").is_file()
    port = str(free_port())
    assert "5000" in start and "5000" in live
    with started(["sh", "-ec", start.replace("5000", port)], port, tmp_path / "log", cwd=reader,
                 env=environment):
        done = subprocess.run(["sh", "-ec", live.replace("5000", port)], cwd=reader, check=True,
                              env=environment, capture_output=True, text=True)
    assert done.stdout.startswith("status code: 200")


def test_what_the_readme_only_shows_names_files_programs_and_versions_that_exist():
    words = [word for line in SHOWN for word in shlex.split(line, comments=True)]
    for word in words:
        if word.startswith("deploy/"):
            assert (MODULE / word).exists(), word
    assert {word for word in words if re.fullmatch(r"census:[\d.]+", word)} == {
        f"census:{census.__version__}"}
    assert {line.split()[0] for line in SHOWN} <= {
        "podman", "heroku", "gh", "python", "HEROKU_API_KEY=…"}
