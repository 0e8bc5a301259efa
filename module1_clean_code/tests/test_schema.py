"""The schema: one place for every column."""

from churn import schema


def test_the_table_has_21_columns_with_one_id_and_one_target():
    roles = [column.role for column in schema.COLUMNS]
    assert len(roles) == 21
    assert roles.count("id") == 1 and roles.count("target") == 1


def test_no_id_target_index_or_leaking_column_is_a_feature():
    forbidden = {schema.CUSTOMER_ID, schema.TARGET, schema.INDEX_HEADER, *schema.LEAKING_COLUMNS}
    assert len(schema.FEATURES) == 19
    assert not forbidden & set(schema.FEATURES)


def test_every_feature_is_either_categorical_or_numeric():
    assert set(schema.CATEGORICAL_FEATURES) | set(schema.NUMERIC_FEATURES) == set(schema.FEATURES)
    assert not set(schema.CATEGORICAL_FEATURES) & set(schema.NUMERIC_FEATURES)
    assert len(schema.CATEGORICAL_FEATURES) == 5


def test_the_digest_changes_with_the_columns(monkeypatch):
    before = schema.schema_digest()
    assert before == schema.schema_digest()
    monkeypatch.setattr(schema, "COLUMNS", schema.COLUMNS[:-1])
    assert schema.schema_digest() != before
