"""The model in service changes as a whole, or not at all."""

from pathlib import Path

import pytest
from served_models import NOON, facts, form, release_files, release_into

from census.manifest import ReleaseFacts
from census.release import make_release, promote
from census.schema import FEATURES
from census.serving.holder import Holder
from census.serving.metrics import Metrics
from census.serving.problems import Problem
from census.serving_form import form_to_bytes


def holder(folder: Path) -> Holder:
    """Return a holder that has looked once."""
    found = Holder(folder, Metrics(lambda: 0))
    found.refresh()
    return found


def version_of(found: Holder) -> str:
    """Return the version in service."""
    return found.model().signature.version


def test_without_a_release_there_is_no_model(tmp_path: Path) -> None:
    found = holder(tmp_path)
    assert not found.is_ready
    with pytest.raises(Problem) as caught:
        found.model()
    assert caught.value.status == 503


def test_a_promotion_is_taken_over(tmp_path: Path) -> None:
    first = release_into(tmp_path, 0)
    found = holder(tmp_path)
    held = found.model()
    second = release_into(tmp_path, 1)
    found.refresh()
    assert version_of(found) == second and held.signature.version == first
    promote(tmp_path, first)
    found.refresh()
    assert version_of(found) == first


@pytest.mark.parametrize("name", ["serving.json", "slices.json", "manifest.json"])
@pytest.mark.parametrize("content", [b"", b"{}", b"[" * 100_000])
def test_a_damaged_release_changes_nothing_until_a_good_one_comes(
        tmp_path: Path, name: str, content: bytes) -> None:
    release_into(tmp_path, 0)
    found = holder(tmp_path)
    first = version_of(found)
    bad = release_into(tmp_path, 1)
    (tmp_path / "releases" / bad / name).write_bytes(content)
    for _ in range(3):
        found.refresh()
    assert version_of(found) == first
    third = release_into(tmp_path, 2)
    found.refresh()
    assert version_of(found) == third


@pytest.mark.parametrize("documents", [
    {"slices.json": b"no json"}, {"slices.json": b"NaN"}, {"serving.json": b"{}"}])
def test_a_release_of_wrong_content_with_right_digests_is_refused(
        tmp_path: Path, documents: dict[str, bytes]) -> None:
    make_release(tmp_path, {**release_files(), **documents}, facts(), NOON)
    assert not holder(tmp_path).is_ready


def test_a_release_needs_no_documents_to_serve(tmp_path: Path) -> None:
    make_release(tmp_path, {"model.skops": b"", "serving.json": form_to_bytes(form())},
                 ReleaseFacts("x", {}, .4, {}, "ab" * 32, 1), NOON)
    model = holder(tmp_path).model()
    assert not model.documents and model.signature.threshold == form().threshold
    assert list(model.scorer.reference) and set(model.scorer.reference) == set(FEATURES)
