"""The generator's door: tables of any size, the written file, and its manifest."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from churn.errors import OutputError, SettingsError
from churn.population import BLOCK_ROWS, draw_block
from churn.schema import COLUMNS, LEFT
from churn.synthetic import Manifest, generate_customers, write_customers

DTYPES = {"integer": "int64", "decimal": "float64", "category": "str"}
SETTINGS_OF_MACHINES = [
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Asia/Tokyo"},
    {"PYTHONHASHSEED": "2", "LC_ALL": "de_DE.UTF-8", "OMP_NUM_THREADS": "4"},
    {"NPY_DISABLE_CPU_FEATURES": "{features}", "OPENBLAS_CORETYPE": "Haswell"},
]
WRITE = ("import sys; from pathlib import Path; from churn.synthetic import write_customers; "
         "print(write_customers(Path(sys.argv[1]), 3000, 7).sha256)")


@pytest.fixture(scope="module", name="written")
def written_fixture(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    """A file of a block and a bit, so that a seam between blocks is in it."""
    path = tmp_path_factory.mktemp("synthetic") / "customers.csv"
    return path, write_customers(path, BLOCK_ROWS + 100, 42)


def read(path: Path) -> pd.DataFrame:
    """Read a written file without the package's own reader."""
    return pd.read_csv(path, index_col=0, keep_default_na=False)


def features_to_disable() -> str:
    """Name the vector instructions that this processor has and NumPy can do without."""
    code = ("from numpy._core._multiarray_umath import __cpu_dispatch__ as d, "
            "__cpu_features__ as f; print(' '.join(x for x in d if f.get(x)))")
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                            check=True)
    return answer.stdout.strip()


@given(rows=st.integers(1, 400), seed=st.integers(0, 2**32 - 1))
def test_any_size_and_seed_has_the_schema(rows: int, seed: int) -> None:
    customers = generate_customers(rows, seed)
    assert list(customers) == [column.name for column in COLUMNS]
    assert customers.index.equals(pd.RangeIndex(rows))
    for column in COLUMNS:
        values = customers[column.name]
        assert str(values.dtype) == DTYPES[column.kind]
        if column.kind == "category":
            assert set(values) <= set(column.allowed)
        else:
            assert values.between(column.minimum, column.maximum).all()


@given(rows=st.integers(1, 3000), seed=st.integers(0, 2**32 - 1))
def test_customer_numbers_are_unique(rows: int, seed: int) -> None:
    assert generate_customers(rows, seed)["CLIENTNUM"].is_unique


@pytest.mark.soak
@pytest.mark.parametrize("rows", [10_000_000 - 1, 10_000_000, 19_999_999])
def test_customer_numbers_are_unique_where_they_are_densest(rows: int) -> None:
    numbers = np.sort(np.concatenate([draw_block(rows, 42, start)["CLIENTNUM"]
                                      for start in range(0, rows, BLOCK_ROWS)]))
    assert (numbers[1:] > numbers[:-1]).all()


def test_customer_numbers_do_not_tell_the_row() -> None:
    numbers = generate_customers(10_127, 42)["CLIENTNUM"]
    assert abs(np.corrcoef(np.arange(10_127), numbers.rank())[0, 1]) < 0.03


def test_the_same_seed_gives_the_same_table_and_another_seed_another() -> None:
    first, again, other = (generate_customers(500, seed) for seed in (3, 3, 4))
    pd.testing.assert_frame_equal(first, again)
    assert (first["Total_Trans_Amt"] != other["Total_Trans_Amt"]).mean() > 0.9


@pytest.mark.parametrize("rows, seed, named", [
    (0, 1, "rows"), (-5, 1, "rows"), (10**11, 1, "rows"), (9, -1, "seed")])
def test_wrong_sizes_and_seeds_are_refused_by_name(rows: int, seed: int, named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        generate_customers(rows, seed)


def test_the_file_holds_the_table_across_blocks(written: tuple[Path, Manifest]) -> None:
    pd.testing.assert_frame_equal(read(written[0]), generate_customers(BLOCK_ROWS + 100, 42),
                                  check_names=False)


def test_one_block_does_not_repeat_another() -> None:
    # Education depends next to nothing on the place in the file: only chance tells it apart.
    education = generate_customers(2 * BLOCK_ROWS, 42)["Education_Level"].to_numpy()
    assert (education[:BLOCK_ROWS] == education[BLOCK_ROWS:]).mean() < 0.25


def test_the_layout_of_the_text_is_that_of_the_true_file(tmp_path: Path) -> None:
    write_customers(tmp_path / "c.csv", 200, 1)
    lines = (tmp_path / "c.csv").read_bytes().decode("ascii").split("\n")
    assert lines[0] == ",".join(["", *(column.name for column in COLUMNS)])
    assert len(lines) == 202 and lines[-1] == ""
    fields = dict(zip(lines[0].split(","), lines[1].split(",")))
    assert fields[""] == "0"
    for column in COLUMNS:
        if column.kind == "decimal":
            whole, part = fields[column.name].split(".")
            assert whole.isdigit() and 1 <= len(part) <= 3


def test_the_manifest_tells_what_is_in_the_file(written: tuple[Path, Manifest]) -> None:
    path, manifest = written
    customers, planted = read(path), manifest.planted
    left = customers["Attrition_Flag"] == LEFT
    assert manifest.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (manifest.file, manifest.rows, manifest.seed) == (path.name, len(customers), 42)
    assert planted.share_left == pytest.approx(left.mean(), abs=1e-6)
    assert {each.column: each.rows for each in planted.unknown} == {
        name: int((customers[name] == "Unknown").sum())
        for name in ("Education_Level", "Marital_Status", "Income_Category")}
    for cluster in planted.amount_clusters:
        inside = customers["Total_Trans_Amt"].between(cluster.lower, cluster.upper,
                                                      inclusive="right")
        assert cluster.share_of_rows == pytest.approx(inside.mean(), abs=1e-6)
        assert cluster.share_left == pytest.approx(left[inside].mean(), abs=1e-6)
    decile = np.arange(len(left)) * 10 // len(left)
    assert planted.share_left_by_row_decile == pytest.approx(
        left.groupby(decile).mean(), abs=1e-6)


def test_the_manifest_stands_beside_the_file_and_is_frozen(
        written: tuple[Path, Manifest]) -> None:
    path, manifest = written
    stored = json.loads((path.parent / "customers.manifest.json").read_text("utf-8"))
    assert stored["sha256"] == manifest.sha256
    assert stored["planted"]["amount_clusters"][3]["share_left"] == 0
    assert len(stored["planted"]["share_left_by_row_decile"]) == 10
    with pytest.raises(FrozenInstanceError):
        manifest.seed = 1  # type: ignore[misc]


def test_a_target_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken.csv").mkdir()
    with pytest.raises(OutputError, match="taken.csv"):
        write_customers(tmp_path / "taken.csv", 100, 1)
    assert [each.name for each in tmp_path.iterdir()] == ["taken.csv"]


def test_a_wrong_size_leaves_an_older_file_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("old")
    with pytest.raises(SettingsError):
        write_customers(tmp_path / "c.csv", 0, 1)
    assert (tmp_path / "c.csv").read_text() == "old"


@pytest.mark.parametrize("machine", SETTINGS_OF_MACHINES, ids=lambda each: next(iter(each)))
def test_other_machines_write_the_same_bytes(tmp_path: Path, machine: dict[str, str]) -> None:
    here = write_customers(tmp_path / "here.csv", 3000, 7)
    features = features_to_disable()
    environment = {key: value.format(features=features) for key, value in machine.items()}
    answer = subprocess.run([sys.executable, "-c", WRITE, str(tmp_path / "there.csv")],
                            capture_output=True, text=True, check=True, cwd=tmp_path,
                            env=os.environ | environment)
    assert answer.stdout.strip() == here.sha256
    assert (tmp_path / "there.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()
