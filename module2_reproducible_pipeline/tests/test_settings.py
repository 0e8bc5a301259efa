"""Settings: typed, frozen, and each with a rule that its default keeps."""

from dataclasses import FrozenInstanceError

import pytest

from rentals.setting_parts import leaves_with_rules
from rentals.settings import Settings


def test_settings_cannot_be_changed_later():
    with pytest.raises(FrozenInstanceError):
        Settings().seed = 1  # type: ignore[misc]


def test_every_number_has_bounds_and_every_default_keeps_them():
    for key, value, rules in leaves_with_rules(Settings()):
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            assert rules["least"] <= value <= rules["most"], key
