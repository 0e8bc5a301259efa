"""How the service is set up: addresses, limits and times, checked once and then passed down.

In: what `census serve` was given, and the environment. Out: one frozen ``Options`` object.
"""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from census.errors import SettingsError

#: Holds the key that callers must send, so that no process list shows it.
KEY_VARIABLE = "CENSUS_API_KEY"


class Options(BaseModel):
    """Everything about the service that can be set; times are in seconds, sizes in bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path = Field(description="where the folder `releases` is")
    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65535)
    fd: int | None = Field(default=None, ge=3, description="a socket that listens already")
    api_key: SecretStr | None = Field(default=None, min_length=16)
    access_log: Path | None = None
    most_json_bytes: int = Field(default=2**20, ge=1024)
    most_csv_bytes: int = Field(default=64 * 2**20, ge=1024)
    most_active: int = Field(default=128, ge=1)
    most_uploads: int = Field(default=2, ge=1)
    most_connections: int = Field(default=1000, ge=1)
    header_seconds: float = Field(default=10, gt=0)
    body_seconds: float = Field(default=10, gt=0)
    drain_seconds: float = Field(default=1, ge=0)
    watch_seconds: float = Field(default=0.5, gt=0)


def build_options(values: dict[str, Any]) -> Options:
    """Check ``values`` and return options; `SettingsError` names the key that is wrong.

    Parameters
    ----------
    values : dict
        By the names of `Options`; None takes the default.

    Returns
    -------
    Options
    """
    try:
        return Options.model_validate(
            {name: value for name, value in values.items() if value is not None})
    except ValidationError as err:
        first = err.errors(include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        name = KEY_VARIABLE if key == "api_key" else key
        raise SettingsError(f"{name}: {first['msg']}") from err
