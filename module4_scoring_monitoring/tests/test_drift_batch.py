"""A folder of pairs becomes lines of JSON; a bad pair does not stop the good ones."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskwatch.drift_batch import compare_folder, pairs_in, read_table
from riskwatch.errors import InputError
from riskwatch.settings import Settings


def table(seed: int, mean: float = 0.0, rows: int = 120) -> pd.DataFrame:
    """Numbers and text."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame({"x": rng.normal(mean, 1, rows), "t": rng.choice(["NA", "b"], rows)})


@pytest.fixture(name="folder")
def folder_of_pairs(tmp_path: Path) -> Path:
    """One pair that moved, one quiet, one that cannot be read."""
    for name, mean in (("moved", 2.0), ("quiet", 0.0)):
        table(1).to_csv(tmp_path / f"{name}_reference.csv", index=False)
        table(2, mean).to_csv(tmp_path / f"{name}_current.csv", index=False)
    (tmp_path / "nested").mkdir()
    table(1).to_csv(tmp_path / "nested" / "reference.csv", index=False)
    (tmp_path / "nested" / "current.csv").write_text("x,t\n1,b,3\n", encoding="utf-8")
    return tmp_path


def test_each_pair_has_a_line_in_the_order_of_names(folder: Path) -> None:
    lines = [json.loads(line) for line in compare_folder(folder, Settings())]
    assert [(line["pair"], line["verdict"]) for line in lines] == [
        ("moved", "large"), ("nested", "unreadable"), ("quiet", "none")]
    assert "line 2: has 3 fields, the header has 2" in lines[1]["reason"]
    first = lines[0]["columns"][0]
    assert first["name"] == "x" and first["tests"][0]["effect"] > 0.5
    assert lines[0]["joint"]["is_drift"] and lines[0]["cannot_see"]


def test_the_lines_are_the_same_each_time(folder: Path) -> None:
    assert list(compare_folder(folder, Settings())) == list(compare_folder(folder, Settings()))


def test_na_is_a_text_and_an_empty_field_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('\ufeffx,t\n1,NA\n,"b, c"\n', encoding="utf-8")
    found = read_table(path, Settings())
    assert found["t"].tolist() == ["NA", "b, c"] and found["x"].isna().tolist() == [False, True]


@pytest.mark.parametrize(("content", "words"), [
    (b"", "header"), (b"x,x\n1,2\n", "header of different names"), (b"x\n\xff\n", "not UTF-8"),
    (b'x,y\n"1,2\n', "no CSV"), (b"x,y\n1\n", "line 2: has 1 fields")])
def test_a_bad_table_is_refused_by_name(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words) as err:
        read_table(path, Settings())
    assert str(path) in str(err.value)


def test_half_a_pair_no_pair_and_no_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no NAME_reference"):
        pairs_in(tmp_path)
    with pytest.raises(InputError, match="is not a folder"):
        pairs_in(tmp_path / "nowhere")
    (tmp_path / "a_current.csv").write_text("x\n1\n", encoding="utf-8")
    with pytest.raises(InputError, match="a has no reference table"):
        pairs_in(tmp_path)
