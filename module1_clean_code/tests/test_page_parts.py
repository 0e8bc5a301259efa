"""The page says what the record says, and nothing of the user's can become markup."""

from dataclasses import replace

import pandas as pd

from churn.assess import Assessment
from churn.drift import compare_tables
from churn.evaluate import Measured
from churn.page import render
from churn.policy import Decision
from churn.page_parts import DataFile, assessment_page, drift_section, eda_page
from churn.settings import DriftSettings

DATA = DataFile("<script>alert(1)</script>.csv", "0" * 64, 1234, 0.16)


def test_the_name_of_a_file_cannot_become_markup():
    text = render(eda_page(DATA, {}))
    assert "<script>" not in text and "&lt;script&gt;" in text
    assert "1,234 customers" in text


def test_every_drifted_column_stands_in_the_drift_section():
    rows = 400
    reference = pd.DataFrame({"a": range(rows), "b": range(rows)})
    current = pd.DataFrame({"a": range(rows), "b": [n + 150 for n in range(rows)]})
    report = compare_tables(reference, current, DriftSettings())
    section = drift_section(report, Decision("ask_person", "because"), ())
    verdicts = {row[0]: row[1] for row in section.tables[0].rows}
    assert verdicts["a"] == "none" and verdicts["b"] != "none"
    assert section.paragraphs[0] == "Decision: ask person. Because."


def test_the_page_of_an_assessment_shows_value_and_interval():
    found = Assessment("new rows", 10, (Measured("f1", 0.5, 0.25, 0.75),), 0.1, (), {})
    text = render(assessment_page(found, DATA, {}))
    assert "0.5000" in text and "0.2500 to 0.7500" in text
    assert "new rows" in text
    other = replace(found, figures=(Measured("f1", 0.6, 0.25, 0.75),))
    assert render(assessment_page(other, DATA, {})) != text
