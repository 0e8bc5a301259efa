"""The image, truly built and run: a long proof that needs a builder and a base image."""

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import requests

from image_steps import instructions, one
from servers import free_port, serving

from rentals.artifacts import Store
from rentals.data import load_listings
from rentals.model_files import load_model

MODULE = Path(__file__).parents[1]
STEPS = instructions((MODULE / "deploy" / "Containerfile").read_text("utf-8"))


def _buildah(*words):
    return subprocess.run(["buildah", *words], check=True, text=True, stdout=subprocess.PIPE,
                          env={**os.environ, "BUILDAH_ISOLATION": "chroot"}).stdout.strip()


@pytest.fixture(name="container")
def container_fixture(home, tmp_path):
    """A container of the image, built as the page says, with the release of a pipeline."""
    base = os.environ.get("CONTAINER_BASE")
    if not base or not shutil.which("buildah"):
        pytest.skip("buildah is not installed, or CONTAINER_BASE names no base image")
    for name in ("src", "deploy"):
        shutil.copytree(MODULE / name, tmp_path / name)
    shutil.copytree(Store(home / "out" / "artifacts").get("release:prod").path,
                    tmp_path / "build" / "image" / "release")
    image = f"rentals-test:{os.getpid()}"
    _buildah("bud", "--format", "docker", "--build-arg", f"BASE={base}",
             *shlex.split(os.environ.get("CONTAINER_BUILD_ARGS", "")),
             "-f", str(tmp_path / "deploy" / "Containerfile"),
             "--ignorefile", str(tmp_path / "deploy" / "Containerfile.dockerignore"),
             "-t", image, str(tmp_path))
    name = _buildah("from", f"localhost/{image}")
    try:
        yield name
    finally:
        _buildah("rm", name)
        _buildah("rmi", f"localhost/{image}")


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_the_image_is_built_and_answers_as_in_process(container, home):
    port = free_port()
    run = ["buildah", "run", "--isolation", "chroot", "--network", "host", container, "--"]
    words = json.loads(one(STEPS, "ENTRYPOINT")) + ["--port", str(port)]
    store = Store(home / "out" / "artifacts")
    table = store.get("test_data.csv").path
    with serving(command=[*run, *words]) as address:
        answer = requests.post(f"{address}/invocations", data=table.read_bytes(), timeout=60,
                               headers={"Content-Type": "text/csv"})
    expected = load_model(store.get("release:prod").path).pipeline.predict(load_listings(table))
    assert answer.json()["predictions"] == pytest.approx(expected.tolist(), abs=1e-6)
    assert subprocess.check_output([*run, "id", "-u"], text=True).strip() == "10001"
