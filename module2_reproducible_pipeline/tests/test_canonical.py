"""A stored model is a function of the model, and reading it runs nothing of the file's choice."""

import functools
import hashlib
import io
import operator
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import numpy as np
import pytest
import skops.io
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib import format as npy
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from listing_rows import SMALL, listings

from rentals.canonical import model_from_bytes, model_to_bytes
from rentals.errors import ModelFileError
from rentals.model import CANDIDATES, TRUSTED, build_model, fit_model

ROWS = listings(300)


@functools.cache
def fitted(name: str) -> Pipeline:
    """A small fitted candidate; made once."""
    return fit_model(build_model(name, SMALL, 3), ROWS, ROWS["price"].to_numpy())


def digests() -> list[str]:
    """Return the digest of each candidate."""
    return [hashlib.sha256(model_to_bytes(fitted(name))).hexdigest() for name in CANDIDATES]


@pytest.mark.parametrize("name", CANDIDATES)
def test_saving_is_a_function_of_the_model(name: str) -> None:
    """Saved twice, or saved after loading: the same bytes; loaded: the same predictions."""
    model = fitted(name)
    content = model_to_bytes(model)
    assert content == model_to_bytes(model) == model_to_bytes(model_from_bytes(content))
    assert skops.io.dumps(model) != skops.io.dumps(model), "skops is canonical by itself now"
    for loaded in (model_from_bytes(content), skops.io.loads(content, trusted=TRUSTED)):
        np.testing.assert_array_equal(loaded.predict(ROWS), model.predict(ROWS))


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
    refused = {kind for name in CANDIDATES for kind in
               skops.io.get_untrusted_types(data=model_to_bytes(fitted(name)))}
    assert refused == set(TRUSTED)


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


def test_what_cannot_be_read_back_is_refused_when_it_is_saved() -> None:
    """A set of objects has no lasting order; a foreign function no permission."""
    with pytest.raises(ModelFileError, match="set of objects"):
        model_to_bytes({StandardScaler(), StandardScaler()})
    with pytest.raises(ModelFileError, match=r"Untrusted types.*listings"):
        model_to_bytes(Pipeline([("own", FunctionTransformer(listings))]))


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
    print(*digests())
