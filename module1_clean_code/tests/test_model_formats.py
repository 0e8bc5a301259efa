"""Every model format that was ever released can still be read, or says plainly why not.

A fixture is a small pipeline stored by the release of its format: the manifest as it was, the
model as text. It is never made again; a new format adds a folder.
"""

import base64
from pathlib import Path

import pytest
import sklearn

from churn.errors import ModelFileError
from churn.manifest import FORMAT, parse_manifest
from churn.store import load_model

FIXTURES = Path(__file__).parent / "fixtures"
#: What the pipeline answered for the row (5, 2) when it was stored.
PROBABILITY = 0.6154424536557435


@pytest.fixture(name="release", params=range(1, FORMAT + 1))
def _release(request, tmp_path):
    """A release unpacked from the fixture of a format."""
    source = FIXTURES / f"model_format_{request.param}"
    (tmp_path / "manifest.json").write_bytes((source / "manifest.json").read_bytes())
    (tmp_path / "model.skops").write_bytes(base64.b64decode(
        (source / "model.skops.base64").read_text(encoding="ascii")))
    return tmp_path


def test_a_model_of_every_format_answers_as_it_did(release):
    stored_with = parse_manifest((release / "manifest.json").read_bytes()).versions["scikit-learn"]
    if stored_with.split(".")[:2] != sklearn.__version__.split(".")[:2]:
        with pytest.raises(ModelFileError, match="scikit-learn"):
            load_model(release)
        return
    stored = load_model(release)
    assert stored.facts.model_name == "logistic_regression"
    assert stored.model.predict_proba([[5.0, 2.0]])[0, 1] == pytest.approx(PROBABILITY, abs=1e-9)
