"""A rubric with a fault is refused, and the line at fault is named."""

import pytest
from small_rubric import RUBRIC, write_rubric

from coursekit.expect import GraderFault
from coursekit.rubric import load_rubric


def test_a_rubric_is_read_in_its_order(tmp_path):
    rubric = load_rubric(write_rubric(tmp_path))
    assert [entry.id for entry in rubric.criteria] == ["M1-01", "M1-02", "M1-03", "M1-04"]
    second = rubric.by_id["M1-02"]
    assert (second.points, second.required, second.depends) == (2, True, ("M1-01",))
    assert rubric.criterion_seconds == 40 and rubric.module_folder.name == "module1_small"


def test_what_a_criterion_depends_on_is_checked_too(tmp_path):
    rubric = load_rubric(write_rubric(tmp_path))
    assert rubric.closure(["M1-03"]) == {"M1-01", "M1-03"}
    with pytest.raises(KeyError):
        rubric.closure(["M1-77"])


@pytest.mark.parametrize(("old", "new", "said"), [
    ('id = "M1-02"', 'id = "M1-01"', "comes twice"),
    ('depends = ["M1-01"]', 'depends = ["M1-03"]', "not before it"),
    ('depends = ["M1-01"]', 'depends = "M1-01"', "depends is unknown or of a wrong type"),
    ('how = "probe"', 'how = "magic"', "how is one of"),
    ('rule = "double is found."', "", "rule is missing"),
    ('id = "M1-01"', 'id = "1"', "looks like M1-07"),
    ("module = 1", "", "module"), ("points = 2", 'pionts = 2', "pionts"),
    ("title = ", "title = = ", "TOMLDecodeError")])
def test_a_fault_is_named(tmp_path, old, new, said):
    assert old in RUBRIC
    folder = write_rubric(tmp_path, rubric__toml=RUBRIC.replace(old, new, 1))
    with pytest.raises(GraderFault, match=said):
        load_rubric(folder)


def test_a_missing_rubric_is_the_graders_fault(tmp_path):
    with pytest.raises(GraderFault, match="rubric.toml"):
        load_rubric(tmp_path)
