"""Options are checked at the start; a refusal names the key of the setting, never the secret."""

import pytest

from riskwatch.errors import SettingsError
from riskwatch.web.options import KEY_VARIABLE, build_options, places_of


def test_defaults_listen_on_this_machine_only_and_change_nothing() -> None:
    options = build_options({"port": None})
    assert (options.host, options.port, options.control_key) == ("127.0.0.1", 0, None)


@pytest.mark.parametrize(("values", "name"), [
    ({"port": 70000}, "port"), ({"port": -1}, "port"), ({"threads": 1}, "threads"),
    ({"moon": 1}, "moon"), ({"control_key": "hunter2"}, KEY_VARIABLE)])
def test_wrong_values_are_named_and_keys_never_shown(values: dict[str, object], name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        build_options(values)
    assert str(caught.value).startswith(f"{name}: ") and "hunter2" not in str(caught.value)


def test_a_key_does_not_show_itself() -> None:
    options = build_options({"control_key": "a-key-of-sixteen-or-more"})
    assert "sixteen" not in repr(options) + str(options.model_dump())


@pytest.mark.parametrize(("threads", "most_active", "places"), [
    (192, 128, 128), (12, 128, 8), (192, 5, 5), (2, 128, 1)])
def test_some_threads_stay_free_to_refuse_what_is_too_much(threads: int, most_active: int,
                                                           places: int) -> None:
    options = build_options({"threads": threads, "most_active": most_active})
    assert places_of(options) == places < threads
