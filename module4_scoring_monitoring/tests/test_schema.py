"""The schema says everything once."""

import re

from riskwatch import schema


def test_the_header_is_the_courses() -> None:
    assert schema.HEADER == ("corporation,lastmonth_activity,lastyear_activity,"
                             "number_of_employees,exited")
    assert schema.FEATURES == (schema.LAST_MONTH, schema.LAST_YEAR, schema.EMPLOYEES)
    assert schema.BY_NAME[schema.TARGET].maximum == 1 and schema.NAMES[0] == schema.CORPORATION


def test_the_digest_is_pinned_to_the_version() -> None:
    """Whoever changes a column must raise SCHEMA_VERSION, since stored models depend on it."""
    assert (schema.SCHEMA_VERSION, schema.schema_digest()[:16]) == (1, "3dba7deeeedc5620")
    assert re.fullmatch("[0-9a-f]{64}", schema.schema_digest())


def test_numbers_fit_into_what_stores_them() -> None:
    assert all(0 <= column.minimum < column.maximum < 2**31 - 1 for column in schema.COLUMNS)
