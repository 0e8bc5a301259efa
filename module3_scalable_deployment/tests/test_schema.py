"""The schema: one place for every column, spelt as in the public file."""

import pytest
from census_tables import NAMES

from census import schema
from census.schema import BY_NAME, CATEGORICAL, COLUMNS, FEATURES, NUMERIC


def test_the_table_has_the_public_columns_in_their_order():
    assert [column.name for column in COLUMNS] == NAMES
    assert [column.name for column in COLUMNS if column.role == "target"] == ["salary"]


def test_weight_education_text_and_target_are_no_features():
    assert len(FEATURES) == 12
    assert not {"fnlgt", "education", "salary"} & set(FEATURES)
    assert schema.DROPPED == ("fnlgt", "education")


def test_every_feature_is_either_categorical_or_numeric():
    assert {*CATEGORICAL, *NUMERIC} == set(FEATURES)
    assert not set(CATEGORICAL) & set(NUMERIC)
    assert len(NUMERIC) == 5


@pytest.mark.parametrize(("name", "count", "has_missing"), [
    ("workclass", 9, True), ("education", 16, False), ("marital-status", 7, False),
    ("occupation", 15, True), ("relationship", 6, False), ("race", 5, False), ("sex", 2, False),
    ("native-country", 42, True), ("salary", 2, False)])
def test_levels_are_distinct_and_missing_is_a_level_where_it_occurs(name, count, has_missing):
    levels = BY_NAME[name].levels
    assert len(levels) == len(set(levels)) == count
    assert ("?" in levels) == has_missing
    assert all(level == level.strip() and level for level in levels)


def test_the_digest_changes_with_the_columns(monkeypatch):
    before = schema.schema_digest()
    assert before == schema.schema_digest()
    monkeypatch.setattr(schema, "COLUMNS", schema.COLUMNS[:-1])
    assert schema.schema_digest() != before
