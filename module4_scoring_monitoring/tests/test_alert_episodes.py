"""What rows of alerts tell: what is open, who was told, who is still to be told."""

from riskwatch.alert_episodes import EVENTS, Episode, read_history, told
from riskwatch.ledger import Ledger
from riskwatch.records import Alert

FEED, DISK = "feed: inbox", "disk: free"


def row(minute: int, incident: str, event: str, channel: str = "", detail: str = ""
        ) -> tuple[str, str, str, str, str]:
    """A row of the ledger."""
    return (f"2026-03-01T12:{minute:02}:00.000000Z", incident, event, channel, detail)


def identity(minute: int, incident: str, event: str) -> str:
    """The identity of a message."""
    return Episode(incident, row(minute, "", "")[0], "").identity(event)  # type: ignore[arg-type]


def test_an_incident_that_comes_back_is_another_episode() -> None:
    history = told([row(1, FEED, "opened", detail="first"), row(2, DISK, "opened"),
                    row(3, FEED, "closed", detail="end"), row(4, FEED, "opened", detail="again")])
    assert [(one.incident, one.detail, one.end) for one in history.episodes] == [
        (FEED, "first", "end"), (DISK, "", ""), (FEED, "again", "")]
    assert [one.detail for one in history.open_episodes()] == ["", "again"]
    assert history.is_open(FEED) and history.turns == {FEED: 3, DISK: 1}
    assert len({one.identity(event) for one in history.episodes for event in EVENTS}) == 6


def test_each_channel_is_owed_what_it_was_not_told() -> None:
    history = told([row(1, FEED, "opened"),
                    row(2, FEED, "sent", "mail", identity(1, FEED, "opened") + " opened"),
                    row(3, FEED, "send_failed", "webhook", identity(1, FEED, "opened") + ": 500")])
    episode = history.episodes[0]
    assert not episode.owes("opened", "mail") and episode.owes("opened", "webhook")
    assert not episode.owes("resolved", "mail")  # it goes on
    assert episode.failed == {("opened", "webhook"): row(3, "", "")[0]}


def test_the_end_is_owed_to_who_knows_of_the_opening() -> None:
    rows = [row(1, FEED, "opened"),
            row(2, FEED, "sent", "mail", identity(1, FEED, "opened")), row(3, FEED, "closed")]
    episode = told(rows).episodes[0]
    assert episode.owes("resolved", "mail") and not episode.owes("resolved", "webhook")
    assert not episode.owes("opened", "webhook")  # over before anybody set up a webhook
    rows.append(row(4, FEED, "sent", "mail", identity(1, FEED, "resolved")))
    assert not told(rows).episodes[0].owes("resolved", "mail")


def test_an_opening_that_was_tried_in_vain_is_owed_after_the_end() -> None:
    episode = told([row(1, FEED, "opened"),
                    row(2, FEED, "send_failed", "mail", identity(1, FEED, "opened")),
                    row(3, FEED, "closed")]).episodes[0]
    assert episode.owes("opened", "mail") and not episode.owes("resolved", "mail")


def test_rows_of_nothing_known_are_passed_over() -> None:
    history = told([row(1, FEED, "closed"), row(2, FEED, "sent", "mail", "abc")])
    assert not history.episodes and not history.is_open(FEED)


def test_the_ledger_tells_it(ledger: Ledger) -> None:
    opened = ledger.append(Alert(incident=FEED, event="opened", detail="silent"))[0]
    episode = read_history(ledger).episodes[0]
    assert (episode.incident, episode.detail, episode.opened_utc) == (
        FEED, "silent", opened.made_utc)
