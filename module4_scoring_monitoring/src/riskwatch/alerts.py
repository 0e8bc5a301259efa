"""Alerts: who should know, is told once that something happened, and once that it is over.

In: a workplace and its ledger. Out: rows of `Alert`, and messages to the places of the settings.
A message is claimed in the ledger before it is sent, so two processes never send it both. A
process that is killed between its claim and its word "sent" leaves doubt: then it is sent again
with the same id (at least once, and whoever receives can tell).
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.exc import IntegrityError

from riskwatch.alert_conditions import RUN, Condition, conditions
from riskwatch.alert_episodes import EVENTS, Episode, Event, History, read_history
from riskwatch.alert_message import Channel, DeliveryError, message_of
from riskwatch.alert_places import channels_of
from riskwatch.errors import LedgerError, RiskwatchError
from riskwatch.ledger import Ledger, Query
from riskwatch.records import Alert, Claim
from riskwatch.workplace import Workplace

LOGGER = logging.getLogger(__name__)
#: Beyond the longest that sending can take; then who claimed it is dead.
_SLACK_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Told:
    """What one call did."""

    opened: int = 0
    closed: int = 0
    still_open: int = 0
    sent: int = 0
    failed: int = 0
    channels: int = 0

    def in_words(self) -> str:
        """Return one line."""
        words = f"{self.opened} incidents opened, {self.closed} closed, {self.still_open} open"
        if not self.channels:
            return f"{words}; nobody is to be told"
        late = f", {self.failed} places could not be told, the next cycle tries again"
        return f"{words}; {self.sent} messages sent{late if self.failed else ''}"


def tell(place: Workplace, ledger: Ledger, *, found: Mapping[str, Condition] | None = None,
         run_id: int | None = None) -> Told:
    """Note what began and what ended, and tell the places of the settings.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger
    found : mapping of str to Condition, optional
        Instead of what the ledger says now.
    run_id : int, optional

    Returns
    -------
    Told
        A place that could not be told is no fault of the cycle.
    """
    found = conditions(ledger) if found is None else found
    history = read_history(ledger)
    opened = _note(ledger, history, found, "opened", run_id)
    closed = _note(ledger, history, found, "closed", run_id)
    if opened or closed:
        history = read_history(ledger)
    channels = channels_of(place)
    outcomes = [_tell_channel(place, ledger, channel, history, run_id) for channel in channels]
    return Told(opened, closed, len(history.open_episodes()),
                sum(sent for sent, _ in outcomes), sum(failed for _, failed in outcomes),
                len(channels))


def tell_of_failure(place: Workplace, ledger: Ledger, err: Exception, run_id: int) -> None:
    """Tell that a cycle is about to fail; whatever goes wrong with that is logged only.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger
    err : Exception
    run_id : int
    """
    reason = str(err) if isinstance(err, RiskwatchError) else type(err).__name__
    try:
        told = tell(place, ledger, run_id=run_id,
                    found={RUN: Condition(True, f"run {run_id} failed: {reason}")})
        LOGGER.info("alert: %s", told.in_words())
    except Exception:  # pylint: disable=broad-exception-caught  # the first fault is the news
        LOGGER.exception("nobody could be told that the cycle failed")


def _note(ledger: Ledger, history: History, found: Mapping[str, Condition],
          event: Literal["opened", "closed"], run_id: int | None) -> int:
    noted = 0
    for incident, condition in sorted(found.items()):
        if condition.holds != (event == "opened") or history.is_open(incident) == condition.holds:
            continue
        turn = history.turns.get(incident, 0) + 1
        noted += _claimed(ledger, f"incident {incident} {turn}", run_id, Alert(
            incident=incident, event=event, detail=condition.detail))
    return noted


def _claimed(ledger: Ledger, name: str, run_id: int | None, *records: Alert) -> bool:
    """Write a claim, and what belongs to it, together; False if somebody else was first."""
    try:
        ledger.append(Claim(name=name), *records, run_id=run_id)
        return True
    except LedgerError as err:
        if isinstance(err.__cause__, IntegrityError):
            return False
        raise


def _tell_channel(place: Workplace, ledger: Ledger, channel: Channel, history: History,
                  run_id: int | None) -> tuple[int, int]:
    """Return how many messages were sent, and whether the place failed (0 or 1)."""
    sent = 0
    for episode in history.episodes:
        for event in EVENTS:
            if not episode.owes(event, channel.name) or not _is_ours(
                    place, ledger, channel, (episode, event), run_id):
                continue
            identity = episode.identity(event)
            try:
                channel.send(message_of(episode, event, place.settings.alerts.source),
                             place.clock())
            except DeliveryError as err:
                LOGGER.warning("%s could not be told of %s: %s", channel.name,
                               episode.incident, err)
                ledger.append(Alert(incident=episode.incident, event="send_failed",
                                    channel=channel.name, detail=f"{identity} {event}: {err}"),
                              run_id=run_id)
                return sent, 1  # it is not asked again in this cycle
            ledger.append(Alert(incident=episode.incident, event="sent", channel=channel.name,
                                detail=f"{identity} {event}"), run_id=run_id)
            episode.sent.add((event, channel.name))
            sent += 1
    return sent, 0


def _is_ours(place: Workplace, ledger: Ledger, channel: Channel,
             about: tuple[Episode, Event], run_id: int | None) -> bool:
    """Claim a message; False when another process has it, or had it in the meantime."""
    episode, event = about
    name = f"alert {channel.name} {episode.identity(event)}"
    earlier = [made for text, made in ledger.columns(Claim, "name", "made_utc")
               if text.startswith(name)]
    if earlier and earlier[-1] > episode.failed.get((event, channel.name), ""):
        age = abs((place.clock() - datetime.fromisoformat(earlier[-1])).total_seconds())
        if age < channel.most_seconds + _SLACK_SECONDS:
            return False
    if not ledger.claim(f"{name} {len(earlier) + 1}", run_id):
        return False
    sent = Query(filters={"incident": episode.incident, "event": "sent"})
    return not any(entry.record.channel == channel.name
                   and entry.record.detail.startswith(episode.identity(event))
                   for entry in ledger.entries(Alert, sent))
