"""A message: the same words as JSON and as mail, one line where one line is due."""

import json
import threading
import time

import pytest
from conftest import NOON

from riskwatch.alert_episodes import Episode
from riskwatch.alert_message import Channel, DeliveryError, Message, message_of, within

EPISODE = Episode("files: refused", "2026-03-01T12:00:00.000000Z", "a\nb.csv: no header",
                  "2026-03-02T12:00:00.000000Z", "the latest files came in")


def test_the_opening_and_the_end_say_what_they_are() -> None:
    opened, resolved = (message_of(EPISODE, event, "here") for event in ("opened", "resolved"))
    assert json.loads(opened.as_json()) == {
        "id": EPISODE.identity("opened"), "source": "here", "event": "opened",
        "incident": "files: refused", "detail": "a\\nb.csv: no header",
        "opened_utc": EPISODE.opened_utc, "resolved_utc": None}
    assert resolved.detail == "the latest files came in"
    assert resolved.resolved_utc == EPISODE.closed_utc and resolved.id != opened.id
    assert opened.subject() == "[here] Alert: files: refused"
    assert "another message follows" in opened.text() and "a\\nb.csv" in opened.text()
    assert "Resolved: 2026-03-02" in resolved.text() and "It is over." in resolved.text()


@pytest.mark.parametrize("text", ["a\nb", "a\r\nBcc: x", "\u2028", "\udcff", "ü€", "\x1b[2J",
                                  "=?utf-8?q?=0d=0aBcc:x?=", "y" * 999])
def test_a_subject_is_one_short_line_of_ascii(text: str) -> None:
    subject = Message("i", "s", "opened", text, "", "").subject()
    assert subject.isascii() and subject.isprintable() and len(subject) <= 120
    assert "=?" not in subject


def test_bytes_that_are_no_text_can_be_told() -> None:
    body = Message("i", "s", "opened", "file \udcff", "d", "").as_json()
    assert json.loads(body)["incident"].startswith("file ")


def test_a_long_detail_is_cut() -> None:
    long = Episode("i", "2026", "x" * 100_000)
    assert len(message_of(long, "opened", "s").as_json()) < 3000


def test_work_that_takes_too_long_is_not_waited_for() -> None:
    over, began = threading.Event(), time.monotonic()
    with pytest.raises(DeliveryError, match="not done within 0.05 s"):
        within(0.05, lambda: over.wait(10) and None)
    assert time.monotonic() - began < 5
    over.set()


def test_what_the_work_raises_is_raised() -> None:
    def fail() -> None:
        raise DeliveryError("it answered 500")

    with pytest.raises(DeliveryError, match="it answered 500"):
        within(5, fail)


def test_a_channel_hands_over_message_and_time() -> None:
    seen: list[object] = []
    message = Message("i", "s", "opened", "t", "d", "")
    Channel("test", 5.0, lambda *given: seen.extend(given)).send(message, NOON)
    assert seen == [message, NOON]
