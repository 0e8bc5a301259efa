"""Each field is checked by the rule of its column."""

import pytest
from poison_drops import NOT_A_LABEL, NOT_A_NAME, NOT_A_NUMBER, OUT_OF_RANGE

from riskwatch.fields import BadValue, Values, canonical_field
from riskwatch.schema import BY_NAME

MONTH, NAME, LABEL = (BY_NAME[name] for name in ("lastmonth_activity", "corporation", "exited"))


@pytest.mark.parametrize(("column", "text", "kept"), [
    (NAME, "abcd", "abcd"), (MONTH, "0", "0"), (MONTH, "007", "7"), (MONTH, "", ""),
    (MONTH, "999999999", "999999999"), (LABEL, "0", "0"), (LABEL, "1", "1"), (LABEL, "", "")])
def test_good_fields_are_kept_in_one_form(column, text, kept):
    assert canonical_field(column, text) == kept
    assert Values(column)[text] == kept


@pytest.mark.parametrize(("column", "texts"), [
    (NAME, NOT_A_NAME), (MONTH, NOT_A_NUMBER + OUT_OF_RANGE), (LABEL, NOT_A_LABEL)])
def test_bad_fields_are_refused_in_a_line_that_can_be_printed(column, texts):
    for text in texts:
        with pytest.raises(BadValue) as caught:
            canonical_field(column, text)
        assert str(caught.value).isprintable() and len(str(caught.value)) < 400


def test_memory_of_values_is_bounded():
    values = Values(MONTH)
    for number in range(120_000):
        assert values[str(number)] == str(number)
    assert len(values) <= 50_000
