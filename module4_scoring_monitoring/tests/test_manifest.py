"""A manifest is a function of its facts, and only an unchanged one of our own is read."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from riskwatch.errors import ModelFileError
from riskwatch.manifest import ModelFacts, build_manifest, parse_manifest
from riskwatch.schema import SCHEMA_VERSION, schema_digest

FACTS = ModelFacts("random_forest", {"max_depth": 12, "max_features": 0.3, "criterion": "gini",
                                     "bootstrap": True, "max_samples": None},
                   0.31, {"auc": 0.99, "f1": 0.91}, "cd" * 32, 40, 99, 7)
VERSION, DIGEST = "20240506T120007Z-01234567", "01234567" * 8


def resealed(**changes: Any) -> bytes:
    """Return a manifest with changed keys and a digest of its own that agrees."""
    values = json.loads(build_manifest(FACTS, VERSION, DIGEST)) | changes
    values = {key: value for key, value in values.items() if value != "gone"}
    del values["manifest_sha256"]
    plain = (json.dumps(values, sort_keys=True, indent=2) + "\n").encode()
    values["manifest_sha256"] = hashlib.sha256(plain).hexdigest()
    return (json.dumps(values, sort_keys=True, indent=2) + "\n").encode()


def test_the_facts_come_back_with_their_types() -> None:
    """Numbers, texts, truth and nothing stay what they were."""
    facts = parse_manifest(build_manifest(FACTS, VERSION, DIGEST)).facts
    assert facts == FACTS
    assert repr(dict(sorted(facts.parameters.items()))) == repr(
        dict(sorted(FACTS.parameters.items())))


def test_equal_facts_give_equal_bytes_in_any_order() -> None:
    """The order in which parameters were found is no part of the manifest."""
    turned = replace(FACTS, parameters=dict(reversed(FACTS.parameters.items())))
    assert build_manifest(turned, VERSION, DIGEST) == build_manifest(FACTS, VERSION, DIGEST)


def test_the_manifest_names_digests_schema_and_versions() -> None:
    """What RELEASE readers look for stands under plain keys."""
    values = json.loads(build_manifest(FACTS, VERSION, DIGEST))
    assert set(values) == {
        "format", "version", "model_sha256", "schema_version", "schema_sha256", "versions",
        "model_name", "parameters", "threshold", "metrics", "data_sha256", "seed",
        "manifest_sha256", "rows", "last_row"}
    assert values["schema_version"] == SCHEMA_VERSION
    assert values["schema_sha256"] == schema_digest()
    assert set(values["versions"]) == {"python", "numpy", "scikit-learn", "skops"}


@pytest.mark.parametrize("facts", [
    replace(FACTS, threshold=float("nan")), replace(FACTS, metrics={"auc": float("inf")}),
    replace(FACTS, data_sha256="short"), replace(FACTS, seed=1.5)])
def test_wrong_facts_are_refused_when_they_are_written(facts: ModelFacts) -> None:
    """A manifest that could not be read back is not written."""
    with pytest.raises(ValueError):
        build_manifest(facts, VERSION, DIGEST)


@pytest.mark.parametrize(("changes", "reason"), [
    ({"format": 2}, "format 1 only"),
    ({"format": "gone"}, "format 1 only"),
    ({"surprise": 1}, "'surprise' is unknown"),
    ({"seed": "gone"}, "'seed' is unknown, missing"),
    ({"seed": "42"}, "'seed' is .* of the wrong kind"),
    ({"threshold": "0.5"}, "'threshold'"),
    ({"model_sha256": "0123"}, "'model_sha256'"),
    ({"version": "../elsewhere"}, "'version'"),
    ({"schema_sha256": "0" * 64, "schema_version": 9},
     "another schema, version 9; this program has"),
    ({"versions": {"scikit-learn": "0.24.2"}}, "written by scikit-learn '0.24.2'"),
    ({"versions": {}}, "written by scikit-learn 'none'"),
])
def test_sealed_manifests_with_wrong_content_are_refused(
        changes: dict[str, Any], reason: str) -> None:
    """A right digest does not make a right manifest; the key is named."""
    assert parse_manifest(resealed()).version == VERSION
    with pytest.raises(ModelFileError, match=reason) as caught:
        parse_manifest(resealed(**changes))
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("content", [
    b"", b"{", b"[]", b"null", b"\xff\xfe", b"\x00" * 9, b"[" * 100_000, b"1" * 10_000,
    b'{"format": NaN}', b'{"format": 1, "seed": NaN}'])
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    """No text of any kind leads to a traceback."""
    with pytest.raises(ModelFileError):
        parse_manifest(content)


@pytest.mark.parametrize("change", [
    lambda text: text.replace(b"0.99", b"0.98"), lambda text: text + b" ",
    lambda text: text.replace(b"\n", b"\r\n"), lambda text: b"\xef\xbb\xbf" + text,
    lambda text: text.replace(b'"seed": 7', b'"seed": 7,\n  "seed": 7'),
    lambda text: text.decode().encode("utf-16")])
def test_any_change_of_the_text_is_detected(change: Any) -> None:
    """A figure, a space, a line end, a doubled key, another encoding."""
    with pytest.raises(ModelFileError):
        parse_manifest(change(build_manifest(FACTS, VERSION, DIGEST)))
