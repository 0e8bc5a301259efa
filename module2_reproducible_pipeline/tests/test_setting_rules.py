"""A rule stands in the metadata of its field, where the configuration reads it."""

from dataclasses import dataclass, fields

from rentals.setting_rules import bounded, one_of, some_of


@dataclass(frozen=True)
class _Section:
    number: int = bounded(3, 1, 5)
    word: str = one_of("a", "b")
    words: tuple[str, ...] = some_of("x", "y")


def test_defaults_and_rules():
    assert _Section() == _Section(3, "a", ("x", "y"))
    assert [dict(part.metadata) for part in fields(_Section)] == [
        {"least": 1, "most": 5}, {"allowed": ("a", "b")}, {"allowed": ("x", "y")}]
