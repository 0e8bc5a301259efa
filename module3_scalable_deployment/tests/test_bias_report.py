"""The report says what is unequal, by how much, how surely, and what it cannot say."""

import pytest
from audit_tables import by

from census.settings import BiasSettings
from census.training.bias import audit
from census.training.bias_report import METRIC_WORDS, findings_table, report_text, unequal
from census.training.disparities import COMPARED

SETTINGS = BiasSettings(reference={"race": "White"}, pairs=())
GROUPS = {
    "White": (3000, 1000, 400, 600),
    "Black": (3600, 400, 400, 600),  # FPR .1 against .25: surely unequal
    "Other": (4, 0, 1, 1),           # few rows
    "NA": (20, 0, 0, 0),             # nobody positive, nobody selected
}


@pytest.fixture(name="found", scope="module")
def found_fixture():
    """The audit of the four groups."""
    return audit([by("race", GROUPS)], SETTINGS)


def _section(text, title):
    return text.split(f"## {title}")[1].split("\n## ")[0]


def test_a_sure_inequality_is_a_sentence_with_both_rates_their_rows_and_the_interval(found):
    text = _section(report_text(found), "race, beside White")
    assert ("- race Black: false positive rate is 0.100 (400 of 4,000) against 0.250 (1,000 of "
            "4,000) for White: 0.40 times (0.36 to 0.45), surely unequal.") in text


def test_an_unsure_inequality_says_so_and_that_it_is_small(found):
    line = next(line for line in report_text(found).splitlines()
                if line.startswith("- race Other: selection rate"))
    assert "0.167 (1 of 6) against 0.320 (1,600 of 5,000)" in line
    assert line.endswith("unequal, but not surely; small.")


def test_what_is_undefined_is_listed_with_its_reason_and_nowhere_else(found):
    text = report_text(found)
    undefined = _section(text, "Undefined")
    assert "- race NA: recall: in the group no row is positive." in undefined
    assert "- race NA: precision: in the group no row is predicted positive." in undefined
    assert "race NA: recall" not in text.replace(undefined, "")


def test_the_numbers_in_short_are_those_of_the_table(found):
    table = findings_table(found)
    verdicts = table["verdict"].value_counts()
    sure = ((table["verdict"] == "unequal") & (table["sure"] == "yes")).sum()
    assert (f"- 18 comparisons: {verdicts['unequal']} unequal, of which {sure} surely; "
            f"{verdicts['fair']} fair; {verdicts['undefined']} undefined.") in report_text(found)
    assert len(table) == 18


def test_what_is_most_unequal_for_certain_comes_first(found):
    order = unequal(found)
    # 0 of 20 is a ratio of 0, and yet known less well than .4 of many rows.
    assert [(one.pair.group, one.pair.metric) for one in order[:2]] == [
        ("Black", "fpr"), ("NA", "selection_rate")]
    assert [one.is_sure for one in order] == sorted((one.is_sure for one in order), reverse=True)


def test_aequitas_verdicts_are_shown_in_words(found):
    verdicts = _section(report_text(found), "Aequitas' verdicts")
    assert "| parity | race |" in verdicts and "| FPR Parity | unequal |" in verdicts
    assert "| True |" not in verdicts and "nan" not in verdicts.lower()
    assert "Overall Fairness: unequal." in verdicts


def test_equal_groups_are_reported_as_equal():
    text = report_text(audit([by("race", {"White": (500, 500, 500, 500),
                                          "Black": (500, 500, 500, 500)})], SETTINGS))
    assert "Nothing is unequal." in text and "Overall Fairness: fair." in text
    assert "6 comparisons: 0 unequal" in text and "Nothing." in _section(text, "Undefined")


def test_one_group_alone_is_compared_with_nobody():
    text = report_text(audit([by("race", {"White": (5, 5, 5, 5)})], SETTINGS))
    assert "0 comparisons: 0 unequal" in text and "beside its only group" in text


def test_the_band_is_the_settings():
    text = report_text(audit([by("race", {"White": (5, 5, 5, 5)})],
                             SETTINGS.model_copy(update={"tolerance": 0.9})))
    assert "ratios from 0.9 to 1.111 count as equal" in text


def test_every_compared_metric_has_words():
    assert tuple(METRIC_WORDS) == COMPARED


def test_the_table_holds_the_rows_behind_every_rate(found):
    row = findings_table(found).set_index(["group", "metric"]).loc[("Black", "fpr")]
    assert (row["hits"], row["among"], row["reference_hits"], row["reference_among"]) == (
        400, 4000, 1000, 4000)
    assert (row["rate"], row["reference_rate"], row["ratio"]) == (0.1, 0.25, 0.4)
    assert row["ratio_low"] < 0.4 < row["ratio_high"]
    assert (row["verdict"], row["sure"], row["small"]) == ("unequal", "yes", "no")
