"""Generated drops: the manifest tells the truth, and ingest agrees with it file by file."""

import hashlib
import json
from pathlib import Path

import pytest

from riskwatch.ingest import ingest
from riskwatch.ledger import Ledger
from riskwatch.schema import HEADER
from riskwatch.settings import SyntheticSettings
from riskwatch.synthetic import Manifest, write_drops
from riskwatch.workplace import Workplace

SETTINGS = SyntheticSettings(drops=40)


@pytest.fixture(scope="module", name="story")
def story_fixture(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    """Forty days of drops."""
    folder = tmp_path_factory.mktemp("story")
    return folder, write_drops(folder, SETTINGS, 7)


def test_ingest_finds_exactly_what_was_planted(story: tuple[Path, Manifest], place: Workplace,
                                               ledger: Ledger) -> None:
    folder, manifest = story
    for day in sorted({file.day for file in manifest.files}):
        result = ingest(place, ledger, [folder / f"day_{day:03d}"])
        found = {entry.record.name: entry.record for entry in (
            *result.accepted, *result.refused, *result.copies)}
        planted = {Path(file.path).name: file for file in manifest.files if file.day == day}
        assert found.keys() == planted.keys()
        for name, file in planted.items():
            record = found[name]
            assert (record.status, record.sha256, record.period) == (
                file.must_be, file.sha256, file.period)
            if file.must_be == "accepted":
                assert (record.rows, record.repeated_rows, record.impossible_rows,
                        record.missing_values, record.unlabelled_rows) == (
                    file.rows, file.repeated_rows, file.impossible_rows, file.missing_values,
                    file.unlabelled_rows), name


def test_the_manifest_beside_the_drops_is_the_one_returned(story: tuple[Path, Manifest]) -> None:
    folder, manifest = story
    kept = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert (kept["seed"], kept["drops"]) == (7, 40)
    assert [file["path"] for file in kept["files"]] == [file.path for file in manifest.files]
    for file in manifest.files:
        content = (folder / file.path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file.sha256
        if file.must_be != "refused":
            assert content.decode().splitlines()[0] == HEADER
            assert len(content.splitlines()) == file.rows + 1
    assert len(list(folder.glob("day_*/*.csv"))) == len(manifest.files)


def test_every_kind_of_fault_and_every_era_is_there(story: tuple[Path, Manifest]) -> None:
    files = story[1].files
    assert {file.kind for file in files} == {"drop", "broken", "mended", "copy", "changed",
                                             "labels"}
    assert {file.era for file in files} == {"stable", "covariate_drift", "concept_drift",
                                            "recovery"}
    assert sum(file.is_late for file in files) == 1
    for name in ("repeated_rows", "impossible_rows", "missing_values", "unlabelled_rows"):
        assert sum(getattr(file, name) > 0 for file in files) >= 3, name
    assert all(50 <= file.rows <= 330 for file in files)


def test_labels_that_come_late_are_the_rows_with_their_answers(story: tuple[Path, Manifest]
                                                               ) -> None:
    folder, manifest = story
    labels = [file for file in manifest.files if file.kind == "labels"]
    for file in labels:
        first = next(other for other in manifest.files
                     if other.kind == "drop" and other.period == file.period)
        before, after = ((folder / which.path).read_text(encoding="utf-8").splitlines()[1:]
                         for which in (first, file))
        assert file.day == first.day + SETTINGS.label_delay_drops
        assert [line[:-1] for line in after] == before
        assert {line[-1] for line in after} == {"0", "1"}


def test_seed_and_settings_decide_every_byte(tmp_path: Path) -> None:
    small = SyntheticSettings(drops=3)
    one, same, other = (write_drops(tmp_path / name, small, seed)
                        for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    assert one == same != other
    longer = write_drops(tmp_path / "a", SyntheticSettings(drops=30), 1)  # over the old ones
    history = [file.sha256 for file in longer.files if file.day == 0]
    assert history == [file.sha256 for file in one.files if file.day == 0]
    assert len(list((tmp_path / "a").glob("day_*/*.csv"))) == len(longer.files)
