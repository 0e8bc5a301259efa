"""The tables are the record types, and every question has its index."""

from dataclasses import fields

import pytest
from sqlalchemy import inspect, text

from riskwatch import records
from riskwatch.ledger import Ledger, Query
from riskwatch.ledger_engine import reading
from riskwatch.ledger_pages import page_statement
from riskwatch.records import Record
from riskwatch.tables import OWN_COLUMNS, SPECS, TABLES, Spec, trigger_statements


def test_every_record_type_has_its_table() -> None:
    kinds = {kind for kind in vars(records).values() if isinstance(kind, type)
             and issubclass(kind, Record) and kind is not Record}
    assert kinds == set(TABLES)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_columns_are_the_fields(ledger: Ledger, spec: Spec) -> None:
    names = [field.name for field in fields(spec.record)]
    with reading(ledger.engine) as connection:
        columns = inspect(connection).get_columns(spec.name)
    assert [column["name"] for column in columns] == [*OWN_COLUMNS, *names]
    assert set(spec.filters) <= set(names)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_question_is_answered_by_an_index(ledger: Ledger, spec: Spec, ) -> None:
    from conftest import NOON  # pylint: disable=import-outside-toplevel

    for name in (None, "run_id", *spec.filters):
        filters = {} if name is None else {name: 1}
        for since in (None, NOON):
            statement = page_statement(spec.record, Query(filters=filters, since=since), None, 10)
            with reading(ledger.engine) as connection:
                sql = str(statement.compile(connection, compile_kwargs={"literal_binds": True}))
                plan = " ".join(row[-1] for row in connection.execute(
                    text(f"EXPLAIN QUERY PLAN {sql}".replace(":", r"\:"))))
            assert "TEMP B-TREE" not in plan, (name, since, plan)
            if name is not None or since is not None:
                assert "SEARCH" in plan, (name, since, plan)


def test_servers_get_guards_too() -> None:
    statements = trigger_statements("postgresql", "runs")
    assert sum("BEFORE" in statement for statement in statements) == 3
    assert "RAISE EXCEPTION" in statements[0]
