"""config.json and the course's folders: nothing outside of them, nothing unread, nothing half."""

import os
from pathlib import Path

import pytest
from course_folders import FIRST, generated, layout_of, put

from riskwatch.course_layout import (MODEL, RECORD, SCORE, load_layout, merged,
                                     put_into_production, read_folder, read_production,
                                     read_record, record_of, write_ingested)
from riskwatch.errors import InputError, ModelFileError, TableError

FILES = {MODEL: b"model", SCORE: b"0.5\n", RECORD: b"a b.csv 12\n"}


@pytest.mark.parametrize(("change", "rule"), [
    ({"input_folder_path": None}, "lacks the key input_folder_path"),
    ({"inptu_folder_path": "x"}, "has the unknown key 'inptu_folder_path'"),
    ({"test_data_path": "../elsewhere"}, "test_data_path: must name a folder inside of"),
    ({"test_data_path": "/etc"}, "test_data_path: must name a folder inside of"),
    ({"test_data_path": "."}, "test_data_path: must name"), ({"test_data_path": 3}, "must name"),
    ({"test_data_path": "out"}, "test_data_path: must name a folder inside of"),
    ({"test_data_path": "a\0b"}, "must name"), ({"test_data_path": ""}, "must name"),
    ({"test_data_path": "practicedata"}, "two keys name the same folder")])
def test_a_wrong_configuration_is_one_line(tmp_path: Path, change: dict[str, str | None],
                                           rule: str) -> None:
    (tmp_path / "out").symlink_to("/etc")
    values = {key: value for key, value in {**FIRST, **change}.items() if value is not None}
    with pytest.raises(InputError) as caught:
        layout_of(tmp_path, values)
    assert rule in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"3", b"[" * 50_000])
def test_what_is_no_configuration_is_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "config.json").write_bytes(content)
    with pytest.raises(InputError, match="config.json: (is no JSON|lacks the key)"):
        load_layout(tmp_path / "config.json")


def test_a_missing_configuration_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="config.json: cannot be opened"):
        load_layout(tmp_path / "config.json")


def test_paths_follow_the_configuration_and_not_the_working_directory(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = layout_of(tmp_path, FIRST)
    monkeypatch.chdir(tmp_path)
    assert load_layout(Path("config.json")) == layout
    assert layout.input_folder_path == tmp_path / "practicedata"


def test_every_file_is_read_and_each_row_is_there_once(tmp_path: Path) -> None:
    files = read_folder(generated(tmp_path) / "practicedata")
    assert [file.name for file in files] == ["dataset1.csv", "dataset2.csv"]
    assert (len(files[0].rows), len(files[1].rows), len(merged(files))) == (120, 140, 240)
    write_ingested(tmp_path / "in", merged(files), {file.sha256: file.name for file in files})
    put(tmp_path / "again", "x.csv", (tmp_path / "in" / "finaldata.csv").read_text(
        "ascii").splitlines()[1:])
    assert merged(read_folder(tmp_path / "again")).equals(merged(files))


def test_a_wrong_value_refuses_the_folder_by_file_line_and_column(tmp_path: Path) -> None:
    put(tmp_path / "in", "good.csv", ["abcd,1,2,3,0"])
    put(tmp_path / "in", "wrong.csv", ["abcd,1,2,3,0", "abcd,1,x,3,0"])
    with pytest.raises(TableError, match="wrong.csv, line 3, column lastyear_activity"):
        read_folder(tmp_path / "in")


def test_no_folder_and_no_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none: cannot be read"):
        read_folder(tmp_path / "none")
    with pytest.raises(InputError, match="no CSV file"):
        merged(())


def test_a_record_keeps_names_with_blanks(tmp_path: Path) -> None:
    known = {"12": "a b.csv", "34": "c.csv"}
    (tmp_path / "record").write_bytes(record_of(known))
    assert read_record(tmp_path / "record") == known
    assert not read_record(tmp_path / "none")


def test_production_changes_in_one_step_and_keeps_what_was(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, FIRST)
    assert read_production(layout) is None
    (tmp_path / "production_deployment").mkdir()
    (tmp_path / "production_deployment" / ".gitkeep").touch()
    put_into_production(layout, FILES)
    first = read_production(layout)
    assert first is not None and (first.model, first.f1, first.known) == (b"model", 0.5, {"12"})
    before = os.readlink(layout.prod_deployment_path)
    put_into_production(layout, {**FILES, MODEL: b"other"})
    assert os.readlink(layout.prod_deployment_path) != before
    assert (tmp_path / before / MODEL).read_bytes() == b"model"


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, FIRST)
    (tmp_path / "production_deployment").mkdir()
    pickle = tmp_path / "production_deployment" / "trainedmodel.pkl"
    pickle.write_bytes(b"x")
    with pytest.raises(InputError, match="holds trainedmodel.pkl of another program"):
        put_into_production(layout, FILES)
    assert pickle.read_bytes() == b"x" and read_production(layout) is None


def test_a_deployment_that_is_not_whole_is_said(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, FIRST)
    put_into_production(layout, FILES)
    (layout.prod_deployment_path / SCORE).write_bytes(b"half")
    with pytest.raises(ModelFileError, match="is not whole"):
        read_production(layout)
