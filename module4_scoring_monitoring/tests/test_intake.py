"""One file at a time: known by its content, checked, and staged whole or not at all."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from poison_drops import GOOD, HEADER

from riskwatch.errors import InputError
from riskwatch.intake import fresh_folder, is_seen, period_of, printable_name, take_in
from riskwatch.plain import Counts
from riskwatch.settings import ReadingSettings
from riskwatch.staging import Staging

LIMITS = ReadingSettings(block_bytes=100)


@pytest.fixture(name="stage")
def opened(tmp_path: Path) -> Iterator[Staging]:
    """Return an empty stage."""
    (tmp_path / "work").mkdir()
    with Staging(tmp_path / "work") as stage:
        yield stage


@pytest.mark.parametrize("is_probably_known", [False, True])
def test_a_known_content_is_not_staged(tmp_path: Path, stage: Staging,
                                       is_probably_known: bool) -> None:
    path = tmp_path / "a.csv"
    for number, content in enumerate((GOOD.encode(), GOOD.replace("\n", "\r\n").encode()), 1):
        path.write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        arrival = take_in(path, stage, LIMITS, set(), is_probably_known=is_probably_known)
        assert (arrival.sha256, arrival.byte_count, arrival.rows) == (sha256, len(content), 8)
        known = take_in(path, stage, LIMITS, {sha256}, is_probably_known=is_probably_known)
        assert (known.counts, known.sha256, stage.rows) == (None, sha256, 8 * number)
    one, two = stage.part(0, 8), stage.part(8, 16)
    assert (one.names == two.names).all() and (one.counts == two.counts).all()


def test_what_is_noteworthy_is_counted(tmp_path: Path, stage: Staging) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{HEADER}\nabcd,3,2,1,0\nabcd,3,,1,\nabcd,,,,\nabcd,2,2,,1\n",
                    encoding="utf-8")
    found = take_in(path, stage, LIMITS, set(), is_probably_known=False).counts
    assert found == Counts(rows=4, impossible_rows=1, missing_values=5, unlabelled_rows=2)


def test_a_fault_far_down_leaves_the_stage_as_it_was(tmp_path: Path, stage: Staging) -> None:
    good, bad = tmp_path / "a.csv", tmp_path / "b.csv"
    good.write_text(GOOD, encoding="utf-8")
    take_in(good, stage, LIMITS, set(), is_probably_known=False)
    before = stage.part(0, 8)
    bad.write_text(f"{HEADER}\n" + "abcd,1,2,3,0\n" * 100 + "bad\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 102"):
        take_in(bad, stage, LIMITS, set(), is_probably_known=False)
    assert stage.rows == 8
    take_in(good, stage, LIMITS, set(), is_probably_known=False)
    for part in (stage.part(0, 8), stage.part(8, 16)):
        assert (part.names == before.names).all() and (part.labels == before.labels).all()


@pytest.mark.parametrize(("name", "period"), [
    ("activity_2026-03-01.csv", "2026-03-01"), ("2026-03-01.csv", "2026-03-01"),
    ("x12026-03-01.csv", None), ("activity_2026-03-011.csv", None), ("dataset1.csv", None)])
def test_the_period_stands_in_the_name(name: str, period: str | None) -> None:
    assert period_of(name) == period


def test_names_can_be_printed_and_stay_apart() -> None:
    names = ["a.csv", "\x1b[2J.csv", "new\nline.csv", os.fsdecode(b"\xff.csv"), "日本.csv"]
    shown = [printable_name(Path(name)) for name in names]
    assert all(name.isprintable() for name in shown) and len(set(shown)) == 5
    assert shown[0] == "a.csv" and shown[4] == "日本.csv"
    assert all(name.encode() for name in shown)


def test_name_and_size_hint_that_a_file_is_known(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"12345")
    assert is_seen(tmp_path / "a.csv", "a.csv", {("a.csv", 5)})
    assert not is_seen(tmp_path / "a.csv", "a.csv", {("a.csv", 4)})
    assert not is_seen(tmp_path / "none", "none", {("none", 5)})


def test_a_fresh_folder_is_empty(tmp_path: Path) -> None:
    (tmp_path / "work" / "deep").mkdir(parents=True)
    (tmp_path / "work" / "x").touch()
    assert not list(fresh_folder(tmp_path / "work").iterdir())
