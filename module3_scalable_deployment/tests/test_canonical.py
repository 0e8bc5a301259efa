"""A stored model is a function of the model, and reading it runs nothing of the file's choice."""

import functools
import hashlib
import io
import operator
import os
import subprocess
import sys
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import numpy as np
import pandas as pd
import pytest
import skops.io
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib import format as npy
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from census.canonical import TRUSTED_TYPES, model_from_bytes, model_to_bytes
from census.data import split_target
from census.errors import ModelFileError
from census.model import build_pipeline
from census.settings import BoostingSettings, CandidateName, TrainSettings
from census.synthetic import generate_rows

CANDIDATES: tuple[CandidateName, ...] = ("logistic_regression", "hist_gradient_boosting")


def people() -> pd.DataFrame:
    """Generated rows of the schema."""
    return generate_rows(400, 5)


@functools.cache
def fitted(name: CandidateName) -> Pipeline:
    """A small fitted candidate."""
    settings = TrainSettings(hist_gradient_boosting=BoostingSettings(max_iter=5))
    return build_pipeline(name, settings, seed=3).fit(*split_target(people()))


def digests() -> list[str]:
    """Return the digest of each candidate."""
    return [hashlib.sha256(model_to_bytes(fitted(name))).hexdigest() for name in CANDIDATES]


@pytest.mark.parametrize("which", CANDIDATES, ids=str)
def test_saving_is_a_function_of_the_model(which: CandidateName) -> None:
    """Saved twice, or saved after loading: the same bytes; loaded: the same predictions."""
    model = fitted(which)
    content = model_to_bytes(model)
    assert content == model_to_bytes(model) == model_to_bytes(model_from_bytes(content))
    assert skops.io.dumps(model) != skops.io.dumps(model), "skops is canonical by itself now"
    for loaded in (model_from_bytes(content), skops.io.loads(content, trusted=TRUSTED_TYPES)):
        np.testing.assert_array_equal(loaded.predict_proba(people()),
                                      model.predict_proba(people()))


def test_another_process_with_another_hash_seed_saves_the_same_bytes() -> None:
    """Training and saving again elsewhere gives equal files for all candidates."""
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    elsewhere = subprocess.run(
        [sys.executable, __file__], env={**os.environ, "PYTHONHASHSEED": seed}, check=True,
        capture_output=True, text=True).stdout.split()
    assert elsewhere == digests()
    assert len(set(elsewhere)) == len(CANDIDATES)


def test_every_trusted_type_is_needed() -> None:
    """A type that no candidate holds must not be permitted."""
    refused = {name for which in CANDIDATES for name in
               skops.io.get_untrusted_types(data=model_to_bytes(fitted(which)))}
    assert refused == set(TRUSTED_TYPES)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (st.lists(inner) | st.lists(inner).map(tuple)
                   | st.sets(st.text() | st.integers() | st.tuples(st.text()))
                   | st.dictionaries(st.text() | st.sampled_from(
                       ["__id__", "__loader__", "file", "content"]), inner)
                   | st.lists(st.floats(allow_nan=False)).map(np.array)
                   | st.tuples(inner).map(lambda one: [one[0], one[0], list(one)])),
    max_leaves=8)


@given(VALUES)
def test_any_value_is_read_back_and_saved_again_alike(value: Any) -> None:
    """The law holds for nested containers, shared parts and awkward keys."""
    content = model_to_bytes(value)
    read = model_from_bytes(content)
    np.testing.assert_equal(read, value)
    assert model_to_bytes(read) == content


def test_sharing_of_arrays_is_kept_and_sharing_of_values_is_not_recorded() -> None:
    """One array twice stays one; equal arrays stay two; equal texts are just equal."""
    one, other = np.zeros(3), np.zeros(3)
    shared, apart = [one, one], [one, other]
    read_shared, read_apart = (model_from_bytes(model_to_bytes(v)) for v in (shared, apart))
    assert read_shared[0] is read_shared[1]
    assert read_apart[0] is not read_apart[1]
    text, built = "a long text", "".join(["a long ", "text"])
    assert model_to_bytes([text, text]) == model_to_bytes([text, built])
    assert model_to_bytes(((1, text), (1, text))) == model_to_bytes((pair := (1, text), pair))
    assert model_to_bytes([np.float64(.5)] * 2) == model_to_bytes([np.float64(.5), np.float64(.5)])


def test_the_gaps_between_the_fields_of_a_record_are_not_saved() -> None:
    """Garbage in the padding of a record is no part of its value."""
    kind = np.dtype([("a", "u1"), ("b", "f8")], align=True)
    clean, dirty = np.zeros(2, kind), np.full(2 * kind.itemsize, 255, "u1").view(kind)
    dirty["a"], dirty["b"] = 0, 0
    assert clean.tobytes() != dirty.tobytes()
    assert model_to_bytes([clean]) == model_to_bytes([dirty])


def test_random_generators_come_back_in_their_state() -> None:
    """A generator inside of a model draws on where it stood."""
    rng = np.random.default_rng(1)
    rng.random(3)
    read = model_from_bytes(model_to_bytes([rng, rng]))
    assert read[0] is read[1]
    assert read[0].random() == rng.random()


def test_what_cannot_be_read_back_is_refused_when_it_is_saved() -> None:
    """A set of objects has no lasting order; a foreign function no permission."""
    with pytest.raises(ModelFileError, match="set of objects"):
        model_to_bytes({StandardScaler(), StandardScaler()})
    with pytest.raises(ModelFileError, match=r"Untrusted types.*people"):
        model_to_bytes(Pipeline([("own", FunctionTransformer(people))]))


def _array_of_objects(canary: Path) -> bytes:
    """Return an .npy member that would run a command if objects were allowed in it."""
    buffer = io.BytesIO()
    npy.write_array_header_1_0(
        buffer, {"descr": "|O", "fortran_order": False, "shape": (1,)})  # type: ignore
    return buffer.getvalue() + f"cposix\nsystem\n(S'touch {canary}'\ntR.".encode()


def _with_object_member(canary: Path) -> bytes:
    buffer, content = io.BytesIO(), io.BytesIO(model_to_bytes([np.zeros(2)]))
    with ZipFile(content) as source, ZipFile(buffer, "w", ZIP_STORED) as archive:
        archive.writestr("schema.json", source.read("schema.json"))
        archive.writestr("1.npy", _array_of_objects(canary))
    return buffer.getvalue()


HOSTILE: dict[str, Callable[[Path], Any]] = {
    "partial": lambda canary: functools.partial(os.system, f"touch {canary}"),
    "function": lambda canary: [os.system, f"touch {canary}"],
    "step": lambda canary: Pipeline([("x", FunctionTransformer(
        functools.partial(os.system, f"touch {canary}")))]),
    "method caller": lambda canary: operator.methodcaller("touch", str(canary)),
    "bound method": lambda canary: canary.touch,
}


@pytest.mark.parametrize("name", [*HOSTILE, "array of objects"])
def test_hostile_skops_files_run_nothing(name: str, tmp_path: Path) -> None:
    """Permission is asked before anything is built."""
    canary = tmp_path / "canary"
    content = (skops.io.dumps(HOSTILE[name](canary)) if name in HOSTILE
               else _with_object_member(canary))
    with pytest.raises(ModelFileError, match="not a readable model|Untrusted types found"):
        model_from_bytes(content)
    assert not canary.exists()


def test_packed_members_are_refused_before_they_swell() -> None:
    """A bomb of 200 MB costs less than 5 MB."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", bytes(200_000_000))
    tracemalloc.start()
    with pytest.raises(ModelFileError, match="packed"):
        model_from_bytes(buffer.getvalue())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


if __name__ == "__main__":
    warnings.simplefilter("error")
    print(*digests())
