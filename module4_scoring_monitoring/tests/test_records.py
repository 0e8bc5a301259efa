"""Records cannot be changed and must be given by name."""

from dataclasses import FrozenInstanceError, fields, is_dataclass
from typing import get_type_hints

import pytest

from riskwatch import records
from riskwatch.records import Record, Step

KINDS = [kind for kind in vars(records).values()
         if isinstance(kind, type) and issubclass(kind, Record) and kind is not Record]


@pytest.mark.parametrize("kind", KINDS)
def test_records_are_plain_frozen_and_named(kind: type[Record]) -> None:
    assert is_dataclass(kind) and kind.__doc__
    assert all(field.kw_only for field in fields(kind))
    for hint in get_type_hints(kind).values():
        assert "dict" not in str(hint) and "list" not in str(hint)


def test_a_record_cannot_be_changed() -> None:
    step = Step(step="score", outcome="done", seconds=1.0)
    with pytest.raises(FrozenInstanceError):
        step.seconds = 2.0  # type: ignore[misc]
