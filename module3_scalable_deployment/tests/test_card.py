"""The card shows the run's figures, each in its section, and the prose beside them."""

import pytest
from card_run import FINDING, files, write_run

from census.page import Picture
from census.places import Places
from census.training.card import interval, lay_out, number
from census.training.card_facts import read_facts
from census.training.card_prose import SECTIONS

PROSE = {name: (f"Words about {name}.",) for name in SECTIONS}


def _lay_out(tmp_path, content=None, pictures=None):
    facts = read_facts(Places(write_run(tmp_path, content or files())))
    return {section.title: section for section in lay_out(facts, PROSE, pictures or {}).sections}


def _rows(section):
    return [row for table in section.tables for row in table.rows]


def test_every_section_of_the_official_template_is_there_in_order(tmp_path):
    assert tuple(_lay_out(tmp_path)) == (*SECTIONS, "How to reproduce")
    for name in ("Model Details", "Intended Use", "Training Data", "Evaluation Data", "Metrics",
                 "Ethical Considerations", "Caveats and Recommendations"):
        assert name in SECTIONS


def test_every_section_begins_with_its_prose(tmp_path):
    for name, section in _lay_out(tmp_path).items():
        if name in PROSE:
            assert section.paragraphs[0] == f"Words about {name}."


def test_the_model_is_told_with_parameters_versions_and_digest(tmp_path):
    rows = dict(_rows(_lay_out(tmp_path)["Model Details"]))
    assert rows["model"] == "hist_gradient_boosting" and rows["max_iter"] == "77"
    assert rows["threshold"] == "0.390625" and rows["seed"] == "7"
    assert rows["sha256 of the model"] == "b" * 64 and "scikit-learn" in rows["versions"]


def test_generated_rows_are_said_to_be_generated_and_what_was_planted(tmp_path):
    section = _lay_out(tmp_path)["Training Data"]
    assert "generated, seed 7" in section.paragraphs[1]
    assert "A bias of 0.5 against Female was planted: 1,234 answers" in section.paragraphs[1]
    rows = dict(_rows(section))
    assert (rows["rows"], rows["repeated rows removed"], rows["training rows"]) == ("501", "1",
                                                                                    "400")
    assert rows["levels in no training row, taken for missing"] == "Peru (native-country)"


def test_the_users_own_file_is_not_said_to_be_generated(tmp_path):
    content = files()
    content["data/census.manifest.json"] = {"rows": 9, "sha256": "d" * 64, "source": "mine.csv"}
    words = _lay_out(tmp_path, content)["Training Data"].paragraphs[1]
    assert words == "The table of this run is the user's file mine.csv."


def test_metrics_come_with_intervals_and_undefined_ones_say_so(tmp_path):
    figures = {row[0]: row[1:] for row in _rows(_lay_out(tmp_path)["Metrics"])}
    value, ends = figures["area under the ROC curve"]
    assert (value, ends.replace("\xa0", " ")) == ("0.9123", "0.9012 to 0.9237")
    assert figures["precision"] == ("undefined", "undefined")
    assert figures["logistic_regression"] == ("0.9025", "0.6875", "0.2500")


def test_the_test_rows_are_counted(tmp_path):
    assert _lay_out(tmp_path)["Evaluation Data"].paragraphs[1] == (
        "100 test rows, of which 26.0% are above 50K.")


def test_slices_are_counted_and_the_surely_worst_stand_first(tmp_path):
    section = _lay_out(tmp_path)["Slices"]
    assert "4 slices: 2 have fewer than 30 rows, 1 have something undefined" in \
        section.paragraphs[1]
    worst, shown = ([row[0] for row in table.rows] for table in section.tables)
    assert worst == ["sex: Female", "occupation: Sales"]  # by the upper end; no small one
    assert shown == ["sex: Female", "race: Other (small)"]


def test_an_undefined_slice_is_undefined_and_not_zero(tmp_path):
    row = _lay_out(tmp_path)["Slices"].tables[1].rows[1]
    assert row == ("race: Other (small)", "4", "30", *["undefined"] * 6)


def test_what_is_surely_unequal_is_told_with_ratio_interval_and_rows(tmp_path):
    section = _lay_out(tmp_path)["Fairness"]
    assert section.paragraphs[1].startswith(
        "3 comparisons; ratios from 0.8 to 1.25 count as equal. 2 are unequal, 1 of them surely")
    assert section.paragraphs[1].endswith("1 are undefined.")
    (row,) = section.tables[0].rows
    assert [cell.replace("\xa0", " ") for cell in row] == [
        "sex: Female", "false positive rate", "0.125", "Male", "0.500", "0.25", "0.12 to 0.38",
        "60"]


def test_of_many_findings_the_largest_for_certain_are_shown(tmp_path):
    content = files()
    content["bias/fairness.json"]["findings"] = [
        {**FINDING, "group": f"{number}", "ratio_high": number / 100} for number in range(1, 15)
    ] + [{**FINDING, "group": "more", "ratio": 300.0, "ratio_low": 200.0, "ratio_high": 400.0}]
    section = _lay_out(tmp_path, content)["Fairness"]
    shown = [row[0].removeprefix("sex: ") for row in section.tables[0].rows]
    assert shown == ["more", *map(str, range(1, 12))]
    assert "The 12 that are largest for certain" in section.paragraphs[2]


def test_pictures_stand_in_their_sections(tmp_path):
    picture = Picture(b"png", "a picture")
    sections = _lay_out(tmp_path, pictures={"Slices": (picture,)})
    assert sections["Slices"].pictures == (picture,) and not sections["Fairness"].pictures


def test_the_files_behind_the_card_are_listed_with_their_digests(tmp_path):
    assert [row[0] for row in _rows(_lay_out(tmp_path)["How to reproduce"])] == list(files())


@pytest.mark.parametrize("value, shown", [(None, "undefined"), (0.0, "0.000"), (1, "1.000"),
                                          (0.12345, "0.123")])
def test_a_figure_is_shown_as_it_is(value, shown):
    assert number(value) == shown


def test_an_interval_without_an_end_is_undefined():
    assert interval(None, 0.5) == interval(0.5, None) == "undefined"
