"""Tables know which of their columns hold numbers."""

import pytest

from riskwatch.page import Table


@pytest.mark.parametrize(("cells", "kind"), [
    (("1", "2.5", "–"), "number"), (("1,234", "+0.5", "-3"), "number"),
    (("<.001", ".5"), "number"),
    (("1e-05", "0.000"), "number"), (("1", "two"), "words"), (("2026-03-01", "x"), "words"),
    (("",), "words"), ((), "words")])
def test_a_column_of_numbers_is_one(cells: tuple[str, ...], kind: str) -> None:
    assert Table(("h",), tuple((cell,) for cell in cells)).classes == (kind,)
