"""The index: whole transactions, and plain words when it cannot be used."""

import sqlite3

import pytest

from rentals.errors import ArtifactError, BusyError, OutputError
from rentals.index import transaction


def _count(folder):
    with transaction(folder) as index:
        return index.execute("SELECT count(*) FROM aliases").fetchone()[0]


def test_a_block_that_ends_well_is_kept_and_one_that_fails_is_not(tmp_path):
    with transaction(tmp_path) as index:
        index.execute("INSERT INTO aliases VALUES ('a', 'b', 1)")
    with pytest.raises(ZeroDivisionError):
        with transaction(tmp_path) as index:
            index.execute("INSERT INTO aliases VALUES ('c', 'd', 1)")
            raise ZeroDivisionError
    assert _count(tmp_path) == 1


def test_a_locked_index_is_said_to_be_busy(tmp_path):
    _count(tmp_path)
    other = sqlite3.connect(tmp_path / "index.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(BusyError, match="another process holds it"):
        with transaction(tmp_path, wait=0.05):
            pass
    other.execute("ROLLBACK")
    other.close()
    assert _count(tmp_path) == 0


def test_a_damaged_index_is_named(tmp_path):
    (tmp_path / "index.sqlite").write_bytes(b"not a database at all, but long enough" * 50)
    with pytest.raises(ArtifactError, match=r"index\.sqlite: is damaged"):
        _count(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="choose another folder"):
        _count(tmp_path / "file" / "store")
