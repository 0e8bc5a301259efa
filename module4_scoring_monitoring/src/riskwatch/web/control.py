"""Start what changes something: as a command of its own, never inside the service.

In: which command. Out: that it began, or how it ended. The command takes the lock and writes the
ledger like one that a person types; the service itself stays a reader.
"""

import logging
import os
import subprocess
import sys
import threading
from dataclasses import dataclass

from riskwatch.web.options import KEY_VARIABLE, Options
from riskwatch.web.problems import Problem
from riskwatch.workplace import Workplace

LOGGER = logging.getLogger(__name__)
_DONE, _BAD_INPUT, _BUSY = 0, 2, 75


@dataclass(frozen=True)
class Commands:
    """The words in front of and behind a command."""

    program: tuple[str, ...]
    options: tuple[str, ...]
    data: tuple[str, ...] = ()

    @classmethod
    def of(cls, place: Workplace, options: Options) -> "Commands":
        """Return the words by which a service's own workplace and settings are used."""
        words = ["--out", str(place.out)]
        if options.config is not None:
            words += ["--config", str(options.config)]
        if options.seed is not None:
            words += ["--seed", str(options.seed)]
        return cls((sys.executable, "-m", "riskwatch.cli"), tuple(words),
                   tuple(str(folder) for folder in options.data))


class Control:
    """Starts commands, one cycle at a time.

    Parameters
    ----------
    commands : Commands
    seconds : float
        A roll-back that takes longer is given up.
    """

    def __init__(self, commands: Commands, seconds: float) -> None:
        self._commands, self._seconds = commands, seconds
        self._cycle: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def start_cycle(self) -> None:
        """Start a cycle; `Problem` 409 while the one before goes on."""
        words = ["--trigger", "api"]
        if self._commands.data:
            words += ["--data", *self._commands.data]
        with self._lock:
            if self._cycle is not None and self._cycle.poll() is None:
                raise Problem(409, "A cycle that was asked for here is at work; see /v1/runs.",
                              headers={"Retry-After": "10"})
            # Its own session: it ends its work also when the service stops.
            self._cycle = subprocess.Popen(  # pylint: disable=consider-using-with
                self._words("cycle", *words), env=_environment(), stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        LOGGER.info("a cycle was started through the API")

    def roll_back(self, reason: str) -> None:
        """Go back to the release before; `Problem` 409 when that cannot be."""
        try:
            done = subprocess.run(
                self._words("rollback", f"--reason={reason}"), env=_environment(),
                stdin=subprocess.DEVNULL, capture_output=True, timeout=self._seconds, check=False)
        except subprocess.TimeoutExpired as err:
            raise Problem(503, "The roll-back took too long and was given up; see /v1/runs.",
                          headers={"Retry-After": "30"}) from err
        if done.returncode == _BUSY:
            raise Problem(409, "Another run is at work; try again when it has ended.",
                          headers={"Retry-After": "10"})
        if done.returncode == _BAD_INPUT:
            raise Problem(409, "There is no sound release to go back to; see /v1/runs.")
        if done.returncode != _DONE:
            LOGGER.error("the roll-back ended with %d: %s", done.returncode,
                         done.stderr.decode("utf-8", "replace")[-500:])
            raise Problem(503, "The roll-back failed; the log of the service says why.")
        LOGGER.info("rolled back through the API")

    def _words(self, command: str, *words: str) -> list[str]:
        return [*self._commands.program, command, *self._commands.options, *words]


def _environment() -> dict[str, str]:
    """Return the environment without the key, which no command needs."""
    return {name: value for name, value in os.environ.items() if name != KEY_VARIABLE}
