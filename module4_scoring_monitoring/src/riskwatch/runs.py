"""Every run leaves a row: when it began, and how it ended, even if somebody killed it.

In: a command and its work. Out: the exit code, after the end was written down.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Literal

from riskwatch import __version__
from riskwatch.errors import InputError, RiskwatchError, SettingsError
from riskwatch.ledger import Ledger
from riskwatch.ledger_audit import save_heads
from riskwatch.records import Run, RunEnd
from riskwatch.workplace import Workplace

LOGGER = logging.getLogger(__name__)
Trigger = Literal["person", "cron", "api", "simulation"]
DONE, CHECK_SAID_NO, BAD_INPUT, BUSY = 0, 1, 2, 75


@dataclass(frozen=True)
class Errand:
    """What is run, and who asked for it."""

    command: str
    trigger: Trigger = "person"

    def run(self) -> Run:
        """Return the record of its beginning."""
        return Run(command=self.command, trigger=self.trigger, program_version=__version__,
                   process_id=os.getpid())


def run_recorded(place: Workplace, ledger: Ledger, errand: Errand,
                 work: Callable[[int], int]) -> int:
    """Do some work between the two rows of its run; the caller holds the lock.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger
    errand : Errand
    work : callable
        Takes the number of the run, returns an exit code.

    Returns
    -------
    int
        What ``work`` returned.
    """
    close_killed(ledger)
    run_id = ledger.append(errand.run())[0].id
    started = perf_counter()

    def end(outcome: Literal["done", "check_said_no", "failed", "bad_input"],
            code: int | None, detail: str = "") -> None:
        ledger.append(RunEnd(outcome=outcome, exit_code=code, detail=detail,
                             seconds=round(perf_counter() - started, 6)), run_id=run_id)
        save_heads(place, ledger)

    try:
        code = work(run_id)
    except (InputError, SettingsError) as err:
        end("bad_input", BAD_INPUT, str(err))
        raise
    except RiskwatchError as err:
        end("failed", BAD_INPUT, str(err))
        raise
    except BaseException as err:
        end("failed", None, type(err).__name__)
        raise
    end("done" if code == DONE else "check_said_no", code)
    return code


def record_locked_out(ledger: Ledger, errand: Errand) -> None:
    """Write down that a run found another one at work, and went away."""
    ledger.append_ended(errand.run(), RunEnd(outcome="locked_out", exit_code=BUSY, seconds=0.0,
                                             detail="another run holds the lock"))


def close_killed(ledger: Ledger) -> int:
    """Give an end to runs that were killed; only who holds the lock can know that they were."""
    killed = ledger.unended_runs()
    for run in killed:
        ledger.append(RunEnd(outcome="killed", exit_code=None, seconds=None,
                             detail="no end was written; the next run went on from there"),
                      run_id=run.id)
        LOGGER.warning("run %d of %s had been killed", run.id, run.made_utc)
    return len(killed)
