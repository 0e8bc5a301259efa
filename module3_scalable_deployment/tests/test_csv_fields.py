"""One field of a CSV upload: its code, or the rule that it breaks."""

import pytest

from census.schema import BY_NAME
from census.serving.csv_fields import FieldCodes, whole_numbers_hold


def test_a_text_is_looked_at_once() -> None:
    asked: list[object] = []

    class Codes(dict[object, int]):
        """Counts what it is asked for."""

        def __missing__(self, value: object) -> int:
            asked.append(value)
            return 7

    fields = FieldCodes(BY_NAME["age"], Codes())
    assert [fields["40"], fields["40"], fields[" 40 "]] == [7, 7, 7] and asked == [40, 40]


def test_memory_is_bounded() -> None:
    fields = FieldCodes(BY_NAME["capital-gain"], None)
    for number in range(50_000):
        assert fields[str(number)] == 0
    assert len(fields) <= 20_000


@pytest.mark.parametrize(("name", "text", "value"), [
    ("age", "17", 17), ("age", " 120 ", 120), ("capital-gain", "0", 0), ("sex", " Male", "Male"),
    ("occupation", "?", "?")])
def test_good_texts_have_values(name: str, text: str, value: object) -> None:
    assert FieldCodes(BY_NAME[name], None).check(text) == value


@pytest.mark.parametrize(("name", "text"), [
    ("age", "16"), ("age", "121"), ("age", "017"), ("age", "1 7"), ("age", ""), ("age", "１７"),
    ("sex", "male"), ("sex", "Male\t"), ("sex", ""), ("occupation", "nan")])
def test_bad_texts_break_the_rule(name: str, text: str) -> None:
    with pytest.raises(ValueError, match="one of|a whole number from"):
        FieldCodes(BY_NAME[name], None).check(text)


@pytest.mark.parametrize(("texts", "holds"), [
    (["1", "10000000"], True), ([" 5 ", "7"], True), (["0"], False), (["10000001"], False),
    (["1", "x"], False), (["1", ""], False), (["1,2"], False), (["1" * 5000], False),
    (["+1"], False), (["1_0"], False)])
def test_many_whole_numbers_are_checked_at_once(texts: list[str], holds: bool) -> None:
    try:
        assert whole_numbers_hold(BY_NAME["fnlgt"], texts) == holds
    except ValueError:
        assert not holds
