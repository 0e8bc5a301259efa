"""Hostile files: each gets its right verdict in one plain line, quickly, and nothing is left.

The catalogue is in `poison_bytes` and `poison_values`; here stand the verdicts' rules, the places
that are no files, and the run of the whole catalogue under a limit of memory.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from poison_bytes import GOOD, Case, byte_cases
from poison_places import PLACES, link
from poison_values import value_cases
from quick import workplace

from rentals import predict
from rentals.data import load_listings
from rentals.errors import InputError, TableError
from rentals.execution import run_unit
from rentals.plan import units
from rentals.settings import ReadingSettings

# A file that makes the reader wait for ever fails its test, instead of stopping them all.
pytestmark = pytest.mark.timeout(60)
CASES = byte_cases() + value_cases()
BAD = [case for case in CASES if case.rule is not None]
ODD = [case for case in CASES if case.rule is None]
LIMITS = ReadingSettings()
MOST_MEGABYTES = 300  # the promise is 512


@pytest.fixture(name="path")
def path_of_case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """The test's case as a file, removed afterwards, because some have 8 MiB."""
    path = tmp_path / "listings.csv"
    path.write_bytes(request.getfixturevalue("case").whole())
    yield path
    path.unlink()


@pytest.fixture(name="scored")
def scored_fixture(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Path], int]:
    """Predict a file by a model that gives every listing the same price."""
    model: Any = SimpleNamespace(
        pipeline=SimpleNamespace(predict=lambda listings: np.full(len(listings), 100.0)),
        facts=SimpleNamespace(name="same"), sha256="00")
    monkeypatch.setattr(predict, "load_model", lambda folder: model)
    return lambda path: predict.predict_file(tmp_path, path, tmp_path / "predicted.csv", LIMITS)


def _plain(error: Exception, path: Path) -> str:
    """Return the message after checking that it is one printable line that names the file."""
    text = str(error)
    assert text.isprintable() and len(text) < 1000 and str(path) in text
    return text


def test_catalogue_is_large_and_every_case_is_another(say: Callable[[str], None]) -> None:
    assert len({(case.content, case.filler) for case in CASES}) == len(CASES)
    assert len({case.name for case in CASES}) == len(CASES)
    assert len(BAD) >= 250 and len(ODD) >= 15
    say(f"poison: {len(BAD)} hostile and {len(ODD)} odd but good files, "
        f"{len(PLACES)} hostile places")


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_hostile_file_is_refused_by_file_line_and_column(case: Case, path: Path) -> None:
    with pytest.raises(TableError) as caught:
        load_listings(path)
    text = _plain(caught.value, path)
    assert (caught.value.row, caught.value.column) == (case.line, case.column)
    assert case.rule is not None and case.rule in text
    assert case.line is None or f"line {case.line}" in text
    assert case.column is None or f"column {case.column}" in text


@pytest.mark.parametrize("case", ODD, ids=lambda case: case.name)
def test_odd_but_good_file_is_read(case: Case, path: Path) -> None:
    assert len(load_listings(path)) == (1 if case.name == "a single listing" else 12)


def test_hostile_files_leave_the_old_predictions_alone(scored: Callable[[Path], int],
                                                       tmp_path: Path) -> None:
    path, target = tmp_path / "listings.csv", tmp_path / "predicted.csv"
    for case in CASES:
        path.write_bytes(case.whole())
        target.write_text("old", encoding="utf-8")
        if case.rule is None:
            assert scored(path) == len(target.read_text("utf-8").splitlines()) - 1, case.name
        else:
            with pytest.raises(TableError):
                scored(path)
            assert target.read_text(encoding="utf-8") == "old", case.name
        assert sorted(tmp_path.iterdir()) == [path, target], case.name


@pytest.mark.parametrize("case", BAD[::20], ids=lambda case: case.name)
def test_hostile_file_does_not_become_an_artifact(case: Case, path: Path) -> None:
    place = workplace(path.parent / "out", data=str(path))
    with pytest.raises(TableError) as caught:
        run_unit(place, units(place.settings, ["fetch"])[0], {})
    _plain(caught.value, path)
    assert not place.store.has("sample.csv")
    assert not list((path.parent / "out" / "drafts").iterdir())
    assert case.line is None or f"line {case.line}" in str(caught.value)


@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_regular_file_is_refused_at_once(
        place: str, scored: Callable[[Path], int], tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = PLACES[place](tmp_path / "in")
    for read in (lambda: load_listings(path), lambda: scored(path)):
        with pytest.raises(InputError) as caught:
            read()
        assert str(caught.value).isprintable() and str(path) in str(caught.value)
    assert list(tmp_path.iterdir()) == [tmp_path / "in"]


def test_link_to_a_good_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(GOOD, encoding="utf-8")
    assert len(load_listings(link(tmp_path, "good.csv"))) == 12


RUN_ALL = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from poison_bytes import byte_cases
from poison_values import value_cases
from rentals.data import load_listings
from rentals.errors import RentalsError
refused = 0
for case in byte_cases() + value_cases():
    path = Path(sys.argv[2])
    path.write_bytes(case.whole())
    try:
        load_listings(path)
    except RentalsError:
        refused += 1
# On Linux ru_maxrss counts the parent's memory too, so the status file is asked there.
status = Path("/proc/self/status")
if status.exists():
    kilobytes = int(status.read_text().partition("VmHWM:")[2].split()[0])
else:
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(refused, kilobytes // 1024, round(sum(resource.getrusage(0)[:2]), 1))
"""


def test_whole_catalogue_stays_within_its_memory(tmp_path: Path,
                                                 say: Callable[[str], None]) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", RUN_ALL, str(Path(__file__).parent), str(tmp_path / "x.csv")],
        capture_output=True, text=True, check=True, timeout=120)
    assert answer.stderr == ""
    refused, megabytes, seconds = answer.stdout.split()
    assert int(refused) == len(BAD)
    assert int(megabytes) < MOST_MEGABYTES
    say(f"poison: {refused} files refused with at most {megabytes} MiB, {seconds} s CPU")
