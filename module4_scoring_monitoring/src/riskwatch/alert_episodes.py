"""Incidents as the ledger tells them: when each opened, when it closed, and who was told.

In: rows of `Alert`. Out: episodes. An incident that comes back is another episode, so people are
told again; what is told has an identity, made of its episode, by which it is known again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from riskwatch.ledger import Ledger
from riskwatch.records import Alert

Event = Literal["opened", "resolved"]
EVENTS: tuple[Event, ...] = ("opened", "resolved")
_COLUMNS = ("made_utc", "incident", "event", "channel", "detail")
_IDENTITY_LENGTH = 32
Row = tuple[str, str, str, str, str]


@dataclass(slots=True)
class Episode:
    """From the opening of an incident to its end.

    ``sent`` holds the event and channel of what was told, ``failed`` the time when that last
    failed.
    """

    incident: str
    opened_utc: str
    detail: str
    closed_utc: str | None = None
    end: str = ""
    sent: set[tuple[Event, str]] = field(default_factory=set)
    failed: dict[tuple[Event, str], str] = field(default_factory=dict)

    def identity(self, event: Event) -> str:
        """Return what tells this message from every other one, on every installation."""
        text = f"{self.incident}\n{self.opened_utc}\n{event}"
        return sha256(text.encode()).hexdigest()[:_IDENTITY_LENGTH]

    def owes(self, event: Event, channel: str) -> bool:
        """Return whether a channel is still to be told of this.

        Of an opening as long as it is open, or when that was tried; of the end only who knows
        of the opening.
        """
        if (event, channel) in self.sent:
            return False
        if event == "opened":
            return self.closed_utc is None or (event, channel) in self.failed
        return self.closed_utc is not None and ("opened", channel) in self.sent


@dataclass(slots=True)
class History:
    """All episodes in the order of their openings, and how many rows each incident has."""

    episodes: list[Episode] = field(default_factory=list)
    turns: dict[str, int] = field(default_factory=dict)
    latest: dict[str, Episode] = field(default_factory=dict)

    def open_episodes(self) -> tuple[Episode, ...]:
        """Return those that have not ended."""
        return tuple(episode for episode in self.episodes if episode.closed_utc is None)

    def is_open(self, incident: str) -> bool:
        """Return whether an incident goes on."""
        episode = self.latest.get(incident)
        return episode is not None and episode.closed_utc is None


def told(rows: Iterable[Row]) -> History:
    """Return what rows of `Alert` tell, oldest first.

    Parameters
    ----------
    rows : iterable of (made_utc, incident, event, channel, detail)

    Returns
    -------
    History
    """
    history = History()
    by_identity: dict[str, tuple[Episode, Event]] = {}
    for made_utc, incident, event, channel, detail in rows:
        if event == "opened":
            episode = Episode(incident, made_utc, detail)
            history.episodes.append(episode)
            history.latest[incident] = episode
            by_identity |= {episode.identity(name): (episode, name) for name in EVENTS}
        elif event == "closed" and incident in history.latest:
            history.latest[incident].closed_utc = made_utc
            history.latest[incident].end = detail
        elif event in ("sent", "send_failed"):
            about = by_identity.get(detail[:_IDENTITY_LENGTH])
            if about is not None and event == "sent":
                about[0].sent.add((about[1], channel))
            elif about is not None:
                about[0].failed[about[1], channel] = made_utc
        if event in ("opened", "closed"):
            history.turns[incident] = history.turns.get(incident, 0) + 1
    return history


def read_history(ledger: Ledger) -> History:
    """Return what the ledger tells.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    History
    """
    return told(ledger.columns(Alert, *_COLUMNS))
