"""The deploy folder: the Containerfile's steps are done, the README's commands are run."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from image_steps import Image, instructions, one, pins
from servers import free_port, serving

import rentals
from rentals.artifacts import Store
from rentals.data import load_listings
from rentals.model_files import load_model

MODULE = Path(__file__).parents[1]
DEPLOY = MODULE / "deploy"
STEPS = instructions((DEPLOY / "Containerfile").read_text("utf-8"))
README = (DEPLOY / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.M | re.S)
RUN_BY_TEST = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines()]
SHOWN = [line for kind, text in BLOCKS if kind == "text" for line in text.splitlines()]


@pytest.fixture(scope="module", name="reader")
def reader_fixture(home, tmp_path_factory):
    """A folder in which a pipeline has run, as the README says, with a user's listings."""
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(home / "out", folder / "build")
    store = Store(folder / "build" / "artifacts")
    shutil.copyfile(store.get("test_data.csv").path, folder / "listings.csv")
    shutil.copyfile(store.get("release").path / "serving_input_example.json",
                    folder / "request.json")
    return folder


def _shell(line, folder):
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(["sh", "-ec", line], cwd=folder, env={**os.environ, "PATH": path},
                          capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module", name="image")
def image_fixture(reader, tmp_path_factory):
    """The image, its release taken from the registry by the README's command."""
    line, = (line for line in RUN_BY_TEST if "mlflow artifacts" in line)
    _shell(line, reader)
    for name in ("src", "deploy"):
        (reader / name).symlink_to(MODULE / name)
    return Image(STEPS, reader, tmp_path_factory.mktemp("image"))


@pytest.fixture(scope="module", name="container")
def container_fixture(image):
    """The address of what the image runs."""
    port = free_port()
    with serving(command=image.command(port), env=image.environment()) as address:
        assert address.endswith(f":{port}")
        yield address


def test_the_image_answers_as_in_process_with_its_own_packages_alone(container, reader):
    listings = reader / "listings.csv"
    answer = requests.post(f"{container}/invocations", data=listings.read_bytes(), timeout=60,
                           headers={"Content-Type": "text/csv"})
    release = Store(reader / "build" / "artifacts").get("release:prod").path
    expected = load_model(release).pipeline.predict(load_listings(listings))
    assert answer.json()["predictions"] == pytest.approx(expected.tolist(), abs=1e-6)


def test_the_health_check_tells_a_living_service_from_a_dead_one(container, image):
    port = int(container.rpartition(":")[2])
    for asked, is_well in ((port, True), (free_port(), False)):
        done = subprocess.run(image.health_check(asked), env=image.environment(), check=False,
                              capture_output=True)
        assert (done.returncode == 0) is is_well


def test_the_image_holds_only_what_the_service_needs(image):
    held = {path.name for path in (image.root / "packages").iterdir()}
    assert {"sklearn", "mlflow", "fastapi"} <= held
    assert not {"wandb", "hydra", "matplotlib", "pytest", "sqlalchemy", "pyarrow"} & held


def test_the_image_is_run_by_a_user_without_rights_from_a_pinned_base():
    assert STEPS[0][0] == "ARG" and re.fullmatch(r"BASE=python:3\.11\.\d+-slim-\w+", STEPS[0][1])
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
    kept = {line[1:] for line in (DEPLOY / "Containerfile.dockerignore").read_text(
        "utf-8").splitlines() if line.startswith("!")}
    assert kept == {words.split()[0] for name, words in STEPS if name == "COPY"}


def test_the_lock_of_the_image_has_the_versions_that_the_tests_run():
    ours, tested = pins(DEPLOY / "requirements.lock"), pins(MODULE / "requirements.lock")
    assert {name: pin for name, pin in ours.items() if tested.get(name) != pin} == {}
    wanted = [line for line in (DEPLOY / "requirements.in").read_text("utf-8").splitlines()
              if line and not line.startswith("#")]
    assert set(wanted) <= set(ours)
    assert "--hash=sha256:" in (text := (DEPLOY / "requirements.lock").read_text("utf-8"))
    assert "://" not in text


def test_the_commands_of_the_readme_do_what_it_says(reader):
    serve, = (line for line in SHOWN if line.startswith("rentals serve"))
    port = str(free_port())
    words = shlex.split(serve.replace("8080", port))[1:]
    asked = [line.replace("8080", port) for line in RUN_BY_TEST if line.startswith("curl")]
    others = [line for line in RUN_BY_TEST if not line.startswith(("curl", "MLFLOW_"))]
    assert len(asked) == 3 and [line.split()[:2] for line in others] == [["rentals", "predict"]]
    assert "listings by release:v1" in _shell(others[0], reader)
    assert (reader / "prices.csv").read_text("utf-8").startswith("id,price,predicted\n")
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    with serving("rentals.cli", *words, cwd=reader) as address:
        assert address == f"http://127.0.0.1:{port}"
        _, whole, three = (_shell(line, reader) for line in asked)
    assert len(json.loads(whole)["predictions"]) > 100
    assert len(json.loads(three)["predictions"]) == 3


def test_what_the_readme_only_shows_names_files_and_versions_that_exist():
    words = [word for line in SHOWN for word in shlex.split(line)]
    for word in words:
        if word.startswith("deploy/"):
            assert (MODULE / word).exists(), word
    assert {word for word in words if re.fullmatch(r"rentals:[\d.]+", word)} == {
        f"rentals:{rentals.__version__}"}
    assert {line.split()[0] for line in SHOWN} == {"rentals", "podman", "kubectl"}
