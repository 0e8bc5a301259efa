"""A refused file is copied once, with a reason that a program can read."""

import json
import os
from pathlib import Path

from poison_drops import GOOD

from riskwatch.errors import InputError, TableError
from riskwatch.quarantine import refuse
from riskwatch.settings import build_settings
from riskwatch.workplace import Workplace


def test_a_known_file_is_not_copied_again(place: Workplace, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(GOOD, encoding="utf-8")
    record = refuse(place, path, TableError(path, "rule", row=3, column="exited"), set())
    assert record and record.status == "refused" and record.byte_count == len(GOOD)
    found = json.loads((place.quarantine / f"{record.sha256[:12]}-a.csv.reason.json").read_text(
        encoding="utf-8"))
    assert found == {"file": "a.csv", "sha256": record.sha256, "bytes": len(GOOD), "line": 3,
                     "column": "exited", "rule": "rule", "reason": record.reason}
    assert refuse(place, path, InputError("x"), {(record.sha256, "a.csv")}) is None


def test_what_is_too_large_is_not_copied(place: Workplace, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(GOOD, encoding="utf-8")
    small = Workplace(place.out, build_settings({"reading": {"max_file_bytes": 10}}))
    record = refuse(small, path, InputError("too large"), set())
    assert record and (record.sha256, record.byte_count) == ("", 0)
    assert [name.endswith(".reason.json") for name in os.listdir(place.quarantine)] == [True]
    assert refuse(small, path, InputError("too large"), {("", "a.csv")}) is None


def test_long_and_odd_names_become_plain_ones(place: Workplace, tmp_path: Path) -> None:
    for name in ("x" * 250 + ".csv", "a b;c&d|e$f.csv", "..csv"):
        path = tmp_path / name
        path.write_text(name, encoding="utf-8")
        assert refuse(place, path, InputError(name), set())
    names = os.listdir(place.quarantine)
    assert len(names) == 6 and all(len(name) < 130 for name in names)
    assert all(name.replace("-", "").replace("_", "").replace(".", "").isalnum()
               for name in names)
