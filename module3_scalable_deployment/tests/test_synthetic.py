"""The generator's door: tables of any size, the written file, and its manifest."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pandas as pd
import pytest
from census_tables import HEADER, NUMBERS
from hypothesis import given, settings
from hypothesis import strategies as st

from census.data import load_rows
from census.errors import OutputError, SettingsError
from census.population import BLOCK_ROWS
from census.schema import COLUMNS, EDUCATION_LEVELS
from census.synthetic import Manifest, generate_rows, write_rows

ROWS = 32_561
MACHINES = [
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Asia/Tokyo"},
    {"PYTHONHASHSEED": "2", "LC_ALL": "de_DE.UTF-8", "OMP_NUM_THREADS": "4"},
    {"NPY_DISABLE_CPU_FEATURES": "{features}", "OPENBLAS_CORETYPE": "Haswell"},
]
WRITE = ("import sys; from pathlib import Path; from census.synthetic import write_rows; "
         "print(write_rows(Path(sys.argv[1]), 3000, 7, 0.3).sha256)")


@pytest.fixture(scope="module", name="written")
def written_fixture(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    """A file of a block and a bit, so that a seam between blocks is in it."""
    path = tmp_path_factory.mktemp("synthetic") / "census.csv"
    return path, write_rows(path, BLOCK_ROWS + 3000, 42, 0.25)


def features_to_disable() -> str:
    """Name the vector instructions that this processor has and NumPy can do without."""
    code = ("from numpy._core._multiarray_umath import __cpu_dispatch__ as d, "
            "__cpu_features__ as f; print(' '.join(x for x in d if f.get(x)))")
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                            check=True)
    return answer.stdout.strip()


@settings(max_examples=50)
@given(rows=st.integers(1, 400), seed=st.integers(0, 2**32 - 1), bias=st.floats(0, 1))
def test_any_size_seed_and_bias_has_the_schema(rows: int, seed: int, bias: float) -> None:
    people = generate_rows(rows, seed, bias)
    assert list(people) == [column.name for column in COLUMNS]
    assert people.index.equals(pd.RangeIndex(rows))
    for column in COLUMNS:
        values = people[column.name]
        if column.levels:
            assert set(values) <= set(column.levels)
        else:
            assert values.dtype == "int64"
            assert values.between(column.minimum, column.maximum).all()


def test_the_default_table_has_exactly_24_repeated_rows() -> None:
    people = generate_rows(ROWS, 42)
    assert people.duplicated().sum() == 24
    assert (people.groupby(list(people)).size() <= 2).all()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_24_rows_repeat_whatever_the_seed_and_the_bias(seed: int) -> None:
    assert generate_rows(ROWS, seed, 0.5).duplicated().sum() == 24


def test_education_and_its_number_say_the_same() -> None:
    people = generate_rows(ROWS, 42)
    assert [EDUCATION_LEVELS[number - 1] for number in people["education-num"]] \
        == people["education"].tolist()
    assert people["education"].nunique() == 16


def test_nobody_has_an_occupation_without_a_kind_of_employer() -> None:
    people = generate_rows(ROWS, 42)
    without = people["workclass"].isin(["?", "Never-worked"])
    assert (people.loc[without, "occupation"] == "?").all()
    assert not (people.loc[~without, "occupation"] == "?").any()


def test_the_same_seed_gives_the_same_table_and_another_seed_another() -> None:
    first, again, other = (generate_rows(500, seed) for seed in (3, 3, 4))
    pd.testing.assert_frame_equal(first, again)
    assert (first["fnlgt"] != other["fnlgt"]).mean() > 0.99


@pytest.mark.parametrize(("rows", "seed", "bias", "named"), [
    (0, 1, 0.0, "rows"), (-5, 1, 0.0, "rows"), (9, -1, 0.0, "seed"), (9, 1, 1.1, "bias"),
    (9, 1, -0.1, "bias"), (9, 1, float("nan"), "bias")])
def test_wrong_arguments_are_refused_by_name(rows: int, seed: int, bias: float,
                                             named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        generate_rows(rows, seed, bias)


def test_the_file_holds_the_table_across_blocks(written: tuple[Path, Manifest]) -> None:
    pd.testing.assert_frame_equal(load_rows(written[0]),
                                  generate_rows(BLOCK_ROWS + 3000, 42, 0.25))


def test_one_block_does_not_repeat_another() -> None:
    people = generate_rows(2 * BLOCK_ROWS, 42)["fnlgt"].to_numpy()
    assert (people[:BLOCK_ROWS] == people[BLOCK_ROWS:]).mean() < 0.001


def test_the_layout_of_the_text_is_that_of_the_public_file(tmp_path: Path) -> None:
    write_rows(tmp_path / "c.csv", 1000, 1)
    lines = (tmp_path / "c.csv").read_bytes().decode("ascii").split("\n")
    assert lines[0] == HEADER.replace(",", ", ")
    assert len(lines) == 1003 and lines[-2:] == ["", ""]
    fields = lines[1].split(",")
    assert not fields[0].startswith(" ")
    assert all(field.startswith(" ") and field[1] != " " for field in fields[1:])
    assert fields[-1] in (" <=50K", " >50K") and fields[2].strip().isdigit()


def test_a_planted_bias_changes_labels_of_women_and_nothing_else() -> None:
    fair, biased = (generate_rows(ROWS, 42, bias) for bias in (0.0, 0.4))
    columns = [name for name in fair if name != "salary"]
    pd.testing.assert_frame_equal(fair[columns], biased[columns])
    changed = fair["salary"] != biased["salary"]
    assert set(fair.loc[changed, "sex"]) == {"Female"}
    assert set(fair.loc[changed, "salary"]) == {">50K"}
    above = (fair["sex"] == "Female") & (fair["salary"] == ">50K")
    assert changed.sum() / above.sum() == pytest.approx(0.4, abs=0.035)


@pytest.mark.parametrize("bias", [0.0, 1.0])
def test_the_dial_reaches_both_ends(bias: float) -> None:
    people = generate_rows(5000, 42, bias)
    women = people.loc[people["sex"] == "Female", "salary"]
    assert ((women == ">50K").sum() == 0) == (bias == 1.0)


def test_the_manifest_tells_what_is_in_the_file(written: tuple[Path, Manifest]) -> None:
    path, manifest = written
    people, planted = load_rows(path), manifest.planted
    assert manifest.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (manifest.file, manifest.rows, manifest.seed) == (path.name, len(people), 42)
    fair = generate_rows(manifest.rows, manifest.seed)
    assert planted.relabelled_rows == (fair["salary"] != people["salary"]).sum() > 0
    assert planted.repeated_rows == people.duplicated().sum()
    for found, table in ((planted.share_before, fair), (planted.share_after, people)):
        shares = (table["salary"] == ">50K").groupby(table["sex"]).mean()
        assert found == pytest.approx(shares.to_dict(), abs=1e-6)


def test_the_manifest_stands_beside_the_file_and_is_frozen(
        written: tuple[Path, Manifest]) -> None:
    path, manifest = written
    stored = json.loads((path.parent / "census.manifest.json").read_text("utf-8"))
    assert stored["sha256"] == manifest.sha256 and stored["planted"]["bias"] == 0.25
    with pytest.raises(FrozenInstanceError):
        manifest.seed = 1  # type: ignore[misc]


def test_a_target_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken.csv").mkdir()
    with pytest.raises(OutputError, match="taken.csv"):
        write_rows(tmp_path / "taken.csv", 100, 1)
    assert [each.name for each in tmp_path.iterdir()] == ["taken.csv"]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda each: next(iter(each)))
def test_other_machines_write_the_same_bytes(tmp_path: Path, machine: dict[str, str]) -> None:
    here = write_rows(tmp_path / "here.csv", 3000, 7, 0.3)
    features = features_to_disable()
    environment = {key: value.format(features=features) for key, value in machine.items()}
    answer = subprocess.run([sys.executable, "-c", WRITE, str(tmp_path / "there.csv")],
                            capture_output=True, text=True, check=True, cwd=tmp_path,
                            env=os.environ | environment)
    assert answer.stdout.strip() == here.sha256
    assert (tmp_path / "there.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()


def test_numbers_are_whole(tmp_path: Path) -> None:
    write_rows(tmp_path / "c.csv", 100, 1)
    assert all(load_rows(tmp_path / "c.csv")[name].dtype == "int64" for name in NUMBERS)
