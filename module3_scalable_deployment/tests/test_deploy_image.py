"""The image, truly built and run: a long proof that needs a builder and a base image."""

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from image_steps import instructions, one
from running_service import free_port, started
from served_models import release_into

from census.bundle import make_bundle
from census.live import ask

MODULE = Path(__file__).parents[1]
STEPS = instructions((MODULE / "deploy" / "Containerfile").read_text("utf-8"))


def _buildah(*words):
    return subprocess.run(["buildah", *words], check=True, text=True, stdout=subprocess.PIPE,
                          env={**os.environ, "BUILDAH_ISOLATION": "chroot"}).stdout.strip()


@pytest.fixture(name="container")
def container_fixture(tmp_path):
    """A container of the image, built as the page says."""
    base = os.environ.get("CONTAINER_BASE")
    if not base or not shutil.which("buildah"):
        pytest.skip("buildah is not installed, or CONTAINER_BASE names no base image")
    release_into(tmp_path / "build")
    make_bundle(tmp_path / "build", tmp_path / "build" / "bundle")
    image = f"census-test:{os.getpid()}"
    _buildah("bud", "--format", "docker", "--build-arg", f"BASE={base}",
             *shlex.split(os.environ.get("CONTAINER_BUILD_ARGS", "")),
             "-f", str(MODULE / "deploy" / "Containerfile"),
             "--ignorefile", str(MODULE / "deploy" / "Containerfile.dockerignore"),
             "-t", image, str(tmp_path))
    name = _buildah("from", f"localhost/{image}")
    try:
        yield name
    finally:
        _buildah("rm", name)
        _buildah("rmi", f"localhost/{image}")


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_the_image_is_built_and_answers(container, tmp_path):
    port = free_port()
    run = ["buildah", "run", "--isolation", "chroot", "--network", "host", container, "--"]
    words = json.loads(one(STEPS, "ENTRYPOINT")) + ["--port", str(port)]
    with started([*run, *words], port, tmp_path / "log") as (address, _):
        assert ask(address, None, 10)[0] == 200
    assert subprocess.check_output([*run, "id", "-u"], text=True).strip() == "10001"
