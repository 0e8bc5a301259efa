"""A manifest says what a release is, and notices when any of it changed."""

import json
from typing import Any

import pytest
from served_models import NOON, facts, release_files

from census.errors import ModelFileError
from census.manifest import ReleaseFacts, build_manifest, parse_manifest


def manifest() -> tuple[str, bytes]:
    """Return a version and its manifest."""
    return build_manifest(facts(), release_files(), NOON)


def test_what_is_written_is_read_back() -> None:
    version, content = manifest()
    found = parse_manifest(content)
    assert found.facts == facts() and found.version == version
    assert set(found.files) == set(release_files())
    assert found.versions["scikit-learn"] and found.versions["python"]
    assert manifest() == (version, content)


@pytest.mark.parametrize("change", [
    {"threshold": 0.5}, {"extra": 1}, {"format": 2}, {"seed": True}, {"files": {}}])
def test_a_changed_value_is_noticed(change: dict[str, Any]) -> None:
    content = json.loads(manifest()[1]) | change
    with pytest.raises(ModelFileError):
        parse_manifest((json.dumps(content, sort_keys=True, indent=2) + "\n").encode())


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"null", b"\xff", b"[" * 100_000,
                                     b'{"format": 1}'])
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    with pytest.raises(ModelFileError):
        parse_manifest(content)


def test_a_space_more_is_noticed() -> None:
    with pytest.raises(ModelFileError, match="changed after it was written"):
        parse_manifest(manifest()[1] + b" ")


@pytest.mark.parametrize("wrong", [
    ReleaseFacts("x", {}, float("nan"), {}, "ab" * 32, 1),
    ReleaseFacts("x", {}, .5, {"auc": float("inf")}, "ab" * 32, 1),
    ReleaseFacts("x", {}, .5, {}, "short", 1)])
def test_facts_that_are_no_facts_are_refused(wrong: ReleaseFacts) -> None:
    with pytest.raises(ValueError):
        build_manifest(wrong, release_files(), NOON)
