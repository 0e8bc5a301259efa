"""What people are told: one message, in the words of a webhook and of a mail.

In: an episode of an incident. Out: JSON bytes, a subject of one line, a text. Texts of files and
columns stand in them, so nothing that ends a line gets into a subject.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from riskwatch.alert_episodes import Episode, Event
from riskwatch.errors import RiskwatchError

_LONGEST_SUBJECT, _LONGEST_DETAIL = 120, 2000


class DeliveryError(RiskwatchError):
    """A place could not be told; the text holds no address, no secret, no answer of a server."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message; the same ``id`` twice is the same message, sent again in doubt."""

    id: str
    source: str
    event: Event
    incident: str
    detail: str
    opened_utc: str
    resolved_utc: str | None = None

    def as_json(self) -> bytes:
        """Return what is posted: one object, sorted keys, UTF-8."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False).encode(
            "utf-8", "backslashreplace")

    def subject(self) -> str:
        """Return the subject of a mail, one line of ASCII."""
        word = "Resolved" if self.event == "resolved" else "Alert"
        text = f"[{self.source}] {word}: {self.incident}"
        plain = "".join(char if " " <= char <= "~" else ascii(char)[1:-1] for char in text)
        plain = plain.replace("=?", "= ?")  # else a reader of mails decodes it, to anything
        return plain if len(plain) <= _LONGEST_SUBJECT else plain[:_LONGEST_SUBJECT - 3] + "..."

    def text(self) -> str:
        """Return the text of a mail."""
        lines = [self.incident, "", self.detail, "", f"Opened: {self.opened_utc}"]
        if self.resolved_utc is not None:
            lines.append(f"Resolved: {self.resolved_utc}")
        told = "It is over." if self.event == "resolved" else (
            "You are told once; another message follows when it is over.")
        return "\n".join([*lines, "", told, f"Message {self.id}", ""])


@dataclass(frozen=True, slots=True)
class Channel:
    """A place that can be told.

    ``most_seconds`` is how long that may take at the very most; ``deliver`` raises
    `DeliveryError` where nobody took the message.
    """

    name: str
    most_seconds: float
    deliver: Callable[[Message, datetime], None]

    def send(self, message: Message, now: datetime) -> None:
        """Tell it, within its time, or raise `DeliveryError`."""
        within(self.most_seconds, lambda: self.deliver(message, now))


def message_of(episode: Episode, event: Event, source: str) -> Message:
    """Return what is to be told of an episode.

    Parameters
    ----------
    episode : Episode
    event : str
        ``opened`` or ``resolved``.
    source : str
        Who tells it.

    Returns
    -------
    Message
    """
    detail = episode.detail if event == "opened" else episode.end
    return Message(episode.identity(event), source, event, _one_line(episode.incident),
                   _one_line(detail)[:_LONGEST_DETAIL], episode.opened_utc,
                   episode.closed_utc if event == "resolved" else None)


def within(seconds: float, work: Callable[[], None]) -> None:
    """Do some work, but do not wait for it longer than that.

    A timeout of a socket begins anew with each byte, so a server that answers a byte at a time
    could hold a cycle for ever.

    Parameters
    ----------
    seconds : float
    work : callable

    Raises
    ------
    DeliveryError
        It was not done in time, or raised that itself.
    """
    raised: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as err:  # pylint: disable=broad-exception-caught  # told below
            raised.append(err)

    thread = threading.Thread(target=guarded, daemon=True, name="alert")
    thread.start()
    thread.join(seconds)
    if raised:
        raise raised[0]
    if thread.is_alive():
        raise DeliveryError(f"not done within {seconds:g} s")


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
