"""The course's functions by their names, without the faults of the usual code."""

from pathlib import Path

import pytest
from course_folders import FIRST, generated, layout_of, put

from riskwatch import course
from riskwatch.canonical import model_from_bytes
from riskwatch.course_layout import Layout, merged, read_folder
from riskwatch.errors import InputError
from riskwatch.features import matrix


@pytest.fixture(name="layout")
def generated_layout(tmp_path: Path) -> Layout:
    """Folders of generated rows."""
    return layout_of(generated(tmp_path), FIRST)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_names_are_the_courses() -> None:
    for name in ("merge_multiple_dataframe", "train_model", "score_model",
                 "store_model_into_pickle", "model_predictions", "dataframe_summary",
                 "missing_data", "execution_time", "outdated_packages_list"):
        assert callable(getattr(course, name))


def test_ingestion_to_deployment(layout: Layout) -> None:
    data = course.merge_multiple_dataframe(layout.input_folder_path, layout.output_folder_path)
    assert len(data) == 240
    assert [line.split()[0] for line in (layout.output_folder_path / "ingestedfiles.txt")
            .read_text("utf-8").splitlines()] == ["dataset1.csv", "dataset2.csv"]
    model = course.train_model(data, layout.output_model_path)
    assert model[-1].get_params()["solver"] == "liblinear"
    tests = merged(read_folder(layout.test_data_path))
    f1 = course.score_model(model, tests, layout.output_model_path / "latestscore.txt")
    assert 0.2 < f1 < 1
    course.store_model_into_pickle(layout, {"12": "dataset1.csv"})
    production = layout.prod_deployment_path
    assert sorted(path.name for path in production.iterdir()) == [
        "ingestedfiles.txt", "latestscore.txt", "trainedmodel.skops"]
    assert float((production / "latestscore.txt").read_text("ascii")) == f1
    stored = model_from_bytes((production / "trainedmodel.skops").read_bytes())
    assert (stored.predict(matrix(tests)) == model.predict(matrix(tests))).all()
    assert course.model_predictions(tests, stored) == model.predict(matrix(tests)).tolist()


def test_what_cannot_be_trained_or_scored_is_one_line(layout: Layout, tmp_path: Path) -> None:
    put(tmp_path / "same", "a.csv", ["abcd,1,2,3,0", "abce,1,2,4,0"])
    data = merged(read_folder(tmp_path / "same"))
    with pytest.raises(InputError, match="2 labelled rows, all with the same answer"):
        course.train_model(data, layout.output_model_path)
    model = course.train_model(merged(read_folder(layout.input_folder_path)), tmp_path / "m")
    with pytest.raises(InputError, match="F1 of 0 labelled rows is undefined"):
        course.score_model(model, data.iloc[:0])


def test_rows_without_a_label_are_counted_and_teach_nothing(layout: Layout, tmp_path: Path
                                                            ) -> None:
    data = merged(read_folder(layout.input_folder_path))
    course.train_model(data, tmp_path / "one")
    put(layout.input_folder_path, "unlabelled.csv", ["abcd,999999,1,5,", "abce,,7,,"])
    more = merged(read_folder(layout.input_folder_path))
    course.train_model(more, tmp_path / "two")
    assert (tmp_path / "one" / "trainedmodel.skops").read_bytes() == (
        tmp_path / "two" / "trainedmodel.skops").read_bytes()
    assert course.missing_data(more)["exited"] == 2 / 242
    assert course.missing_data(more)["lastmonth_activity"] == 1 / 242


def test_the_summary_has_mean_median_mode_and_deviation(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", ["abcd,1,2,3,0", "abce,1,4,3,1", "abcf,4,,3,1"])
    found = course.dataframe_summary(merged(read_folder(tmp_path)))
    assert found["lastmonth_activity"] == {"mean": 2.0, "median": 1.0, "mode": 1.0,
                                           "sd": pytest.approx(1.73205)}
    assert found["lastyear_activity"]["mean"] == 3.0


def test_timing_keeps_nothing(layout: Layout, tmp_path: Path) -> None:
    before = contents(tmp_path)
    ingestion, training = course.execution_time(layout)
    assert 0 < ingestion < 60 and 0 < training < 60
    assert contents(tmp_path) == before


def test_packages_are_looked_up_only_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course, "newest_versions", lambda: {"flask": "99.0"})
    found = {name: (installed, newest) for name, installed, newest
             in course.outdated_packages_list()}
    assert len(found) > 10 and {newest for _, newest in found.values()} == {"unknown"}
    online = {name: newest for name, _, newest in course.outdated_packages_list(True)}
    assert online["flask"] == "99.0" and online["pandas"] == found["pandas"][0]


def test_nothing_of_it_is_a_pickle(layout: Layout) -> None:
    course.train_model(merged(read_folder(layout.input_folder_path)), layout.output_model_path)
    content = (layout.output_model_path / "trainedmodel.skops").read_bytes()
    assert content[:4] == b"PK\x03\x04" and b"schema.json" in content
