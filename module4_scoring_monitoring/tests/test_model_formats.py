"""Every model format that was ever released can still be read, or says plainly why not.

A fixture is a small pipeline stored by the release of its format: the manifest as it was, the
model as text. It is never made again; a new format adds a folder.
"""

import base64
from pathlib import Path

import numpy as np
import pytest
import sklearn

from riskwatch.errors import ModelFileError
from riskwatch.manifest import FORMAT, parse_manifest
from riskwatch.store import load_release
from riskwatch.workplace import Workplace

FIXTURES = Path(__file__).with_name("fixtures")
#: What the pipeline answered for the two rows when it was stored.
ROWS = [[78.0, 1024.0, 12.0], [np.nan, 3.0, 0.0]]
PROBABILITIES = [0.3530108031844302, 0.476028016734882]


@pytest.fixture(name="version", params=range(1, FORMAT + 1))
def unpacked(request: pytest.FixtureRequest, place: Workplace) -> str:
    """A release unpacked from the fixture of a format."""
    source = FIXTURES / f"model_format_{request.param}"
    manifest = (source / "manifest.json").read_bytes()
    # Not by `parse_manifest`: that refuses the manifest of another scikit-learn.
    version = next(line.split('"')[3] for line in manifest.decode("utf-8").splitlines()
                   if line.startswith('  "version":'))
    folder = place.releases / version
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_bytes(manifest)
    (folder / "model.skops").write_bytes(base64.b64decode(
        (source / "model.skops.base64").read_text(encoding="ascii")))
    return version


def test_a_model_of_every_format_answers_as_it_did(version: str, place: Workplace) -> None:
    content = (place.releases / version / "manifest.json").read_text("utf-8")
    stored_with = next(line.split('"')[3] for line in content.splitlines()
                       if '"scikit-learn":' in line)
    if stored_with.split(".")[:2] != sklearn.__version__.split(".")[:2]:
        with pytest.raises(ModelFileError, match="scikit-learn"):
            load_release(place, version)
        return
    stored = load_release(place, version)
    assert stored.facts.model_name == "logistic_regression"
    assert parse_manifest(content.encode()).format in range(1, FORMAT + 1)
    assert stored.model.predict_proba(ROWS)[:, 1] == pytest.approx(PROBABILITIES, abs=1e-9)


def test_there_is_a_fixture_for_every_format() -> None:
    assert {path.name for path in FIXTURES.glob("model_format_*")} == {
        f"model_format_{number}" for number in range(1, FORMAT + 1)}
