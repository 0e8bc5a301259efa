"""A bundle holds what a host needs, byte for byte the same, and replaces nothing else."""

import io
import shutil
import tarfile
from pathlib import Path

import pytest
from served_models import release_into

from census.bundle import make_bundle, pack
from census.errors import InputError, ModelFileError

MODULE = Path(__file__).parents[1]


@pytest.fixture(name="out")
def out_fixture(tmp_path):
    """A folder with two releases, the second in service."""
    release_into(tmp_path / "build")
    release_into(tmp_path / "build", seed=1)
    return tmp_path / "build"


def names(content):
    """Return the members of a tarball by name."""
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as tar:
        return {member.name: member for member in tar.getmembers()}


def test_it_holds_code_packages_and_the_one_release(out):
    version = make_bundle(out, out / "bundle")
    found = names(pack(out / "bundle"))
    assert {path.split("/")[0] for path in found} == {
        "Procfile", "app.json", ".python-version", "requirements.txt", "census", "releases"}
    assert {path.split("/")[1] for path in found if path.count("/") == 1
            and path.startswith("releases/")} == {version, "current"}
    assert found["releases/current"].linkname == version
    assert (out / "bundle" / "requirements.txt").read_bytes() == (
        MODULE / "requirements-serve.lock").read_bytes()
    assert "census/serving/routes.py" in found
    assert not [path for path in found if "__pycache__" in path or "training" in path]


def test_equal_content_is_equal_bytes_whoever_packs_it(out, tmp_path):
    make_bundle(out, out / "bundle")
    first = pack(out / "bundle")
    shutil.copytree(out / "bundle", tmp_path / "other", symlinks=True)
    (tmp_path / "other" / "Procfile").touch()
    (tmp_path / "other" / "Procfile").chmod(0o600)
    assert pack(tmp_path / "other") == first
    assert all(member.uid == member.mtime == 0 for member in names(first).values())


def test_the_next_bundle_takes_the_place_of_the_last(out):
    make_bundle(out, out / "bundle")
    (out / "bundle" / "census" / "old.py").touch()
    make_bundle(out, out / "bundle")
    assert not (out / "bundle" / "census" / "old.py").exists()


def test_a_folder_of_something_else_is_left_alone(out, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    with pytest.raises(InputError, match="no bundle"):
        make_bundle(out, tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").exists()


def test_a_damaged_release_is_not_bundled(out):
    serving = out / "releases" / "current" / "serving.json"
    serving.write_bytes(serving.read_bytes()[:-1])
    with pytest.raises(ModelFileError, match="digest"):
        make_bundle(out, out / "bundle")
    assert not (out / "bundle").exists()
