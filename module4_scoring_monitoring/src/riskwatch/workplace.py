"""Where a run works: the folder of results with its rooms, the settings and the clock.

In: a folder and settings. Out: paths by name. No room joins paths of another by hand, so the
layout of ``build/`` stands here once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from riskwatch.settings import Settings


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Workplace:
    """One folder of results.

    Attributes
    ----------
    out : Path
        Root of everything that is written.
    settings : Settings
    clock : callable
        Returns now, with a time zone; a simulation gives its own.
    ledger_url : str, optional
        Of a PostgreSQL server, as ``postgresql+psycopg://…``; without it the ledger is the
        file ``ledger.sqlite``. It may hold a password: never log it.
    """

    out: Path
    settings: Settings = field(default_factory=Settings)
    clock: Callable[[], datetime] = _now
    ledger_url: str | None = field(default=None, repr=False)

    @property
    def inbox(self) -> Path:
        """Where drops arrive, unless the user names folders of his own."""
        return self.out / "inbox"

    @property
    def quarantine(self) -> Path:
        """Copies of refused files, each with its reason."""
        return self.out / "quarantine"

    @property
    def data(self) -> Path:
        """Rows as Parquet files, which the ledger lists."""
        return self.out / "data"

    @property
    def ledger(self) -> Path:
        """What was done, and why."""
        return self.out / "ledger.sqlite"

    @property
    def heads(self) -> Path:
        """Digests of the last rows of the ledger, to notice rows that were cut off."""
        return self.out / "ledger.heads.json"

    @property
    def releases(self) -> Path:
        """Stored models, and the link ``current`` to the one that serves."""
        return self.out / "releases"

    @property
    def requirements(self) -> Path:
        """What this server was set up from, if it is kept here; diagnostics read it."""
        return self.out / "requirements.txt"

    @property
    def reports(self) -> Path:
        """HTML, PDF and pictures, a folder a run."""
        return self.out / "reports"

    @property
    def logs(self) -> Path:
        """The log of this program, and cron's."""
        return self.out / "logs"
