"""The course's reports: a picture of the right counts, answers of the real service."""

import json
from pathlib import Path

import pytest
from course_folders import FIRST, SECOND, generated, layout_of, lines, put

from riskwatch.canonical import model_from_bytes
from riskwatch.course import model_predictions
from riskwatch.course_flow import Choices, full_process
from riskwatch.course_layout import Layout, merged, read_folder, read_production
from riskwatch.course_reports import write_reports
from riskwatch.errors import InputError
from riskwatch.workplace import Workplace


def answers(path: Path) -> dict[str, object]:
    """What each route answered."""
    text = path.read_text("utf-8").splitlines()
    assert all(line.endswith(" 200") for line in text[::2])
    return {head.split()[0]: json.loads(body) for head, body in zip(text[::2], text[1::2])}


def predicted(layout: Layout) -> list[int]:
    """What the model in production says of the test rows."""
    deployed = read_production(layout)
    assert deployed is not None
    return model_predictions(merged(read_folder(layout.test_data_path)),
                             model_from_bytes(deployed.model))


def test_answers_and_pictures_are_of_what_is_in_production(tmp_path: Path) -> None:
    layout = layout_of(generated(tmp_path), FIRST)
    place = Workplace(layout.service)
    full_process(layout)
    picture, text = write_reports(layout, place)
    assert (picture.name, text.name) == ("confusionmatrix.png", "apireturns.txt")
    assert picture.read_bytes().startswith(b"\x89PNG")
    found = answers(text)
    assert list(found) == ["/prediction", "/scoring", "/summarystats", "/diagnostics"]
    assert found["/prediction"] == predicted(layout)
    deployed = read_production(layout)
    assert deployed is not None and found["/scoring"]["f1"] == deployed.f1  # type: ignore
    assert found["/summarystats"]["lastmonth_activity"]["median"] > 0  # type: ignore
    checks = {check["check"] for check in found["/diagnostics"]}  # type: ignore
    assert {"timing", "dependency", "missing_share"} <= checks
    # Another model is deployed: the service follows, and the first files stay.
    kept = picture.read_bytes(), text.read_bytes()
    second = layout_of(tmp_path, SECOND)
    put(second.input_folder_path, "drift.csv", lines(6, is_turned=True))
    full_process(second, Choices(gate=None))
    later = write_reports(second, place, "2")
    assert [path.name for path in later] == ["confusionmatrix2.png", "apireturns2.txt"]
    assert answers(later[1])["/prediction"] == predicted(second) != found["/prediction"]
    assert (picture.read_bytes(), text.read_bytes()) == kept


def test_without_a_deployment_there_is_nothing_to_report(tmp_path: Path) -> None:
    layout = layout_of(generated(tmp_path), FIRST)
    with pytest.raises(InputError, match="nothing is deployed"):
        write_reports(layout, Workplace(layout.service))
