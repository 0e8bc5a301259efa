"""How the service is set up: address, threads, limits and the key, checked once at the start.

In: what `riskwatch serve` was given, and the environment. Out: one frozen ``Options`` object.
"""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from riskwatch.errors import SettingsError

#: Holds the key of the control routes, so that no list of processes shows it.
KEY_VARIABLE = "RISKWATCH_CONTROL_KEY"


class Options(BaseModel):
    """Everything about the service that can be set; sizes are in bytes, times in seconds.

    Without ``control_key`` the routes that change something are refused. ``config``, ``seed``
    and ``data`` are passed on to the commands that those routes start. For ``drain_seconds``
    a service that was told to stop says so, and still answers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65535)
    threads: int = Field(default=192, ge=2, le=900)
    most_active: int = Field(default=128, ge=1, le=900)
    control_key: SecretStr | None = Field(default=None, min_length=16)
    controls_per_minute: int = Field(default=6, ge=1, le=1000)
    most_body_bytes: int = Field(default=2**20, ge=1024)
    most_cached_bytes: int = Field(default=16 * 2**20, ge=0)
    receive_seconds: float = Field(default=10, gt=0)
    command_seconds: float = Field(default=30, gt=0)
    drain_seconds: float = Field(default=1, ge=0, le=60)
    config: Path | None = None
    seed: int | None = None
    data: tuple[Path, ...] = ()


def build_options(values: dict[str, Any]) -> Options:
    """Check ``values`` and return options.

    Parameters
    ----------
    values : dict
        By the names of `Options`; None takes the default.

    Returns
    -------
    Options

    Raises
    ------
    SettingsError
        A value has the wrong type or range; the text names it, and never shows a key.
    """
    try:
        return Options.model_validate(
            {name: value for name, value in values.items() if value is not None})
    except ValidationError as err:
        first = err.errors(include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        name = KEY_VARIABLE if key == "control_key" else key
        raise SettingsError(f"{name}: {first['msg']}") from err


def places_of(options: Options) -> int:
    """Return how many requests may be in work: some threads stay free, to refuse the others."""
    return max(1, min(options.most_active, options.threads * 2 // 3))
