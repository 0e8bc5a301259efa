"""Options are checked at the start, and a wrong one is named."""

from pathlib import Path
from typing import Any

import pytest

from census.errors import SettingsError
from census.serving.options import build_options


def test_what_is_not_given_takes_its_default(tmp_path: Path) -> None:
    options = build_options({"folder": tmp_path, "port": None})
    assert options.host == "127.0.0.1" and options.port == 0 and options.api_key is None
    assert options.most_json_bytes == 2**20 and options.most_csv_bytes == 64 * 2**20


@pytest.mark.parametrize(("values", "named"), [
    ({"port": 70_000}, "port"), ({"port": -1}, "port"), ({"most_active": 0}, "most_active"),
    ({"unknown": 1}, "unknown"), ({"body_seconds": 0}, "body_seconds"),
    ({"api_key": "short"}, "CENSUS_API_KEY"), ({"api_key": ""}, "CENSUS_API_KEY")])
def test_a_wrong_option_is_named(tmp_path: Path, values: dict[str, Any], named: str) -> None:
    with pytest.raises(SettingsError, match=f"^{named}: "):
        build_options({"folder": tmp_path, **values})


def test_the_key_is_shown_nowhere(tmp_path: Path) -> None:
    options = build_options({"folder": tmp_path, "api_key": "a secret of sixteen"})
    assert "secret" not in repr(options) + str(options.model_dump())
    with pytest.raises(SettingsError) as caught:
        build_options({"folder": tmp_path, "api_key": "secret"})
    assert "secret" not in str(caught.value)
