"""The story of two releases: the second drop stops release 1.0.0 by design, and 1.0.1 mends it.

In: the two generated drops, whose manifest names every listing that was moved out of the city.
Out: release 1.0.0, which does not look at places when it cleans, is refused at the check; the
rows named are exactly those of the manifest, but for those that went for their price. Release
1.0.1 drops them, and passes. The same with tags of a repository: test_release_tags.py.
"""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from rentals.checks.runner import run_checks
from rentals.plan import CLEAN, StepResult, Task
from rentals.settings import CheckSettings, CleanSettings, Settings
from rentals.steps import check, clean
from rentals.synthetic import (FIRST_DROP_ROWS, SECOND_DROP_ROWS, Manifest, write_listings_drop)

RELEASE_1_0_0 = Settings(clean=CleanSettings(drop_outside_box=False))
RELEASE_1_0_1 = Settings(clean=CleanSettings(drop_outside_box=True))
Cleaned = Callable[[int, Settings], Path]


@pytest.fixture(scope="module", name="drops")
def drops_fixture(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[int, Manifest]]:
    """Both drops in their usual sizes, with their manifests."""
    folder = tmp_path_factory.mktemp("drops")
    return folder, {number: write_listings_drop(folder / f"drop {number}.csv", rows, 42, number)
                    for number, rows in ((1, FIRST_DROP_ROWS), (2, SECOND_DROP_ROWS))}


@pytest.fixture(scope="module", name="cleaned")
def cleaned_fixture(drops: tuple[Path, dict[int, Manifest]]) -> Cleaned:
    """Clean a drop as a release does, once, and return the clean sample."""
    def cleaned(number: int, settings: Settings) -> Path:
        out = drops[0] / f"clean {number} {settings.clean.drop_outside_box}"
        if not out.exists():
            out.mkdir()
            clean.run(Task({"sample": drops[0] / f"drop {number}.csv"}, settings, out))
        return out / CLEAN
    return cleaned


def _checked(cleaned: Cleaned, settings: Settings, out: Path) -> StepResult:
    """Check the second drop against the first, both as a release cleans them."""
    inputs = {"listings": cleaned(2, settings), "reference": cleaned(1, RELEASE_1_0_0)}
    return check.run(Task(inputs, settings, out))


def _planted(manifest: Manifest, sample: Path) -> set[str]:
    """Return the ids of listings outside of the city, without those dropped for their price."""
    planted = {str(outlier.id) for outlier in manifest.planted.coordinate_outliers}
    dropped = pd.read_csv(sample.with_name("dropped_rows.csv"), dtype={"id": str})
    assert set(dropped["reason"]) == {"price below minimum", "price above maximum"}
    kept = planted - set(dropped["id"])
    assert 10 <= len(kept) <= len(planted) <= 30
    return kept


def test_the_first_drop_passes_with_the_settings_of_either_release(cleaned: Cleaned) -> None:
    sample = cleaned(1, RELEASE_1_0_0)
    assert run_checks(sample, sample, CheckSettings()).passed


def test_the_second_drop_stops_release_1_0_0_and_the_rows_are_those_of_the_manifest(
        cleaned: Cleaned, drops: tuple[Path, dict[int, Manifest]]) -> None:
    sample = cleaned(2, RELEASE_1_0_0)
    planted = _planted(drops[1][2], sample)
    report = run_checks(sample, cleaned(1, RELEASE_1_0_0), CheckSettings())
    assert [result.name for result in report.failed] == ["inside_box"]
    found = report.result("inside_box")
    assert {row.listing_id for row in found.offending} == planted
    assert found.offending_count == len(planted)
    lines = sample.read_text(encoding="utf-8").split("\n")
    assert all(lines[row.line - 1].startswith(f"{row.listing_id},") for row in found.offending)


def test_the_step_of_release_1_0_0_refuses_and_its_report_names_every_row(
        cleaned: Cleaned, drops: tuple[Path, dict[int, Manifest]], tmp_path: Path) -> None:
    result = _checked(cleaned, RELEASE_1_0_0, tmp_path)
    assert result.refusal.startswith("1 of 23 checks failed; inside_box: ")
    text = (tmp_path / "check_report" / "report.txt").read_text(encoding="utf-8")
    for number in _planted(drops[1][2], cleaned(2, RELEASE_1_0_0)):
        assert f" id {number} (longitude " in text


def test_the_second_drop_passes_with_the_filter_of_release_1_0_1(
        cleaned: Cleaned, tmp_path: Path) -> None:
    result = _checked(cleaned, RELEASE_1_0_1, tmp_path)
    assert not result.refusal
    assert result.metrics["checks_failed"] == 0
