"""Alerts: one message when an incident opens, one when it is over, never two, none lost."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from alert_servers import SECRET, Hook, hook
from mail_servers import FROM, TO, post

from riskwatch.alert_conditions import RUN, Condition
from riskwatch.alerts import tell, tell_of_failure
from riskwatch.errors import DatasetError
from riskwatch.ledger import Ledger, Query
from riskwatch.records import Alert, Claim, Diagnostic
from riskwatch.settings import build_settings
from riskwatch.workplace import Workplace


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever proxy this machine has, it is not asked."""
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(name="server")
def a_webhook() -> Iterator[Hook]:
    """A webhook that takes everything."""
    with hook() as found:
        yield found


def at(place: Workplace, address: str, **alerts: Any) -> Workplace:
    """The workplace, with a webhook."""
    return replace(place, settings=build_settings({"alerts": {
        "webhook_url": address, "webhook_tries": 1, "timeout_seconds": 10.0, **alerts}}))


def disk(ledger: Ledger, status: Any, subject: str = "free") -> None:
    """A check of the disk."""
    ledger.append(Diagnostic(check="disk", subject=subject, status=status, detail=status))


def events(ledger: Ledger) -> list[str]:
    """What the ledger knows of alerts, oldest first."""
    return [entry.record.event for entry in ledger.entries(Alert, Query(newest_first=False))]


def test_an_incident_is_told_once_and_its_end_once(place: Workplace, ledger: Ledger, server: Hook
                                                   ) -> None:
    there = at(place, server.address)
    for status in ("ok", "failed", "failed", "failed", "ok", "ok", "failed", "ok"):
        disk(ledger, status)
        tell(there, ledger)
        tell(there, ledger)
    assert [message["event"] for message in server.messages()] == [
        "opened", "resolved", "opened", "resolved"]
    assert len({message["id"] for message in server.messages()}) == 4
    assert events(ledger) == ["opened", "sent", "closed", "sent"] * 2
    assert not server.complaints


def test_what_is_counted_is_told(place: Workplace, ledger: Ledger, server: Hook) -> None:
    disk(ledger, "failed")
    assert tell(place, ledger).in_words() == (
        "1 incidents opened, 0 closed, 1 open; nobody is to be told")
    assert tell(at(place, server.address), ledger).in_words() == (
        "0 incidents opened, 0 closed, 1 open; 1 messages sent")
    server.answers = [500]
    disk(ledger, "ok")
    assert tell(at(place, server.address), ledger).in_words() == (
        "0 incidents opened, 1 closed, 0 open; 0 messages sent, 1 places could not be told, "
        "the next cycle tries again")


def test_who_sets_up_a_place_is_told_what_is_open_and_not_what_is_over(
        place: Workplace, ledger: Ledger, server: Hook) -> None:
    for status, subject in (("failed", "a"), ("ok", "a"), ("failed", "b")):
        disk(ledger, status, subject)
        tell(place, ledger)
    tell(at(place, server.address), ledger)
    assert [message["incident"] for message in server.messages()] == ["disk: b"]


@pytest.mark.parametrize("fault", [500, 404, "slow", "cut"])
def test_what_could_not_be_sent_is_recorded_and_sent_by_the_next_cycle(
        place: Workplace, ledger: Ledger, server: Hook, fault: int | str) -> None:
    there, server.answers = at(place, server.address, timeout_seconds=1.5), [fault]
    disk(ledger, "failed")
    assert tell(there, ledger).failed == 1 and not server.taken
    failed = ledger.latest(Alert, event="send_failed")
    assert failed is not None and failed.record.channel == "webhook"
    assert "T0KEN" not in failed.record.detail and "127.0.0.1" not in failed.record.detail
    assert tell(there, ledger).sent == 1 and len(server.taken) == 1
    assert tell(there, ledger).sent == 0


def test_an_incident_that_ended_unheard_is_told_with_its_end(
        place: Workplace, ledger: Ledger, server: Hook) -> None:
    there, server.answers = at(place, server.address), [500, 500]
    for status in ("failed", "ok", "ok"):
        disk(ledger, status)
        tell(there, ledger)
    assert [message["event"] for message in server.messages()] == ["opened", "resolved"]


def test_a_place_that_fails_is_asked_once_a_cycle(place: Workplace, ledger: Ledger, server: Hook
                                                  ) -> None:
    server.answers = [503] * 9
    for subject in "abcd":
        disk(ledger, "failed", subject)
    told = tell(at(place, server.address), ledger)
    assert (told.opened, told.sent, told.failed, server.tries) == (4, 0, 1, 1)
    server.answers = []
    assert tell(at(place, server.address), ledger).sent == 4


def test_one_place_that_fails_does_not_silence_the_other(place: Workplace, ledger: Ledger,
                                                         server: Hook) -> None:
    server.answers = [500]
    with post() as mail:
        there = at(place, server.address, mail_host="127.0.0.1", mail_port=mail.port,
                   mail_security="none", mail_from=FROM, mail_to=[TO])
        disk(ledger, "failed")
        assert (tell(there, ledger).sent, len(mail.taken), len(server.taken)) == (1, 1, 0)
        assert (tell(there, ledger).sent, len(mail.taken), len(server.taken)) == (1, 1, 1)


def test_a_cycle_that_fails_is_told_before_it_ends(place: Workplace, ledger: Ledger, server: Hook
                                                   ) -> None:
    there = at(place, server.address)
    tell_of_failure(there, ledger, DatasetError("segment 3 was changed"), 7)
    tell_of_failure(there, ledger, DatasetError("segment 3 was changed"), 8)
    assert [message["detail"] for message in server.messages()] == [
        "run 7 failed: segment 3 was changed"]
    tell(there, ledger, found={RUN: Condition(False, "run 9 ended as done")})
    assert server.messages()[-1]["event"] == "resolved"
    tell_of_failure(there, ledger, ZeroDivisionError("/a/path"), 10)
    assert server.messages()[-1]["detail"] == "run 10 failed: ZeroDivisionError"


def test_a_failure_that_cannot_be_told_raises_nothing(
        place: Workplace, ledger: Ledger, monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("the ledger is gone")

    monkeypatch.setattr(ledger, "columns", broken)
    tell_of_failure(place, ledger, DatasetError("x"), 1)
    assert "nobody could be told" in caplog.text


def test_no_secret_gets_into_the_ledger_or_the_log(
        place: Workplace, ledger: Ledger, monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("RISKWATCH_WEBHOOK_SECRET", SECRET)
    caplog.set_level("DEBUG")
    with hook(SECRET, answers=(500, 302)) as signed:
        there = at(place, signed.address)
        disk(ledger, "failed")
        for _ in range(3):
            tell(there, ledger)
        assert len(signed.taken) == 1 and not signed.complaints
    written = repr([list(ledger.entries(kind)) for kind in (Alert, Claim, Diagnostic)])
    ours = " ".join(record.getMessage() for record in caplog.records
                    if record.name.startswith("riskwatch"))
    for secret in (SECRET, "T0KEN"):
        assert secret not in written and secret not in ours
