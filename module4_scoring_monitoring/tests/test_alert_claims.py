"""Messages are claimed: processes at the same time send one, a killed one is followed."""

import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from alert_servers import Hook
from conftest import Clock
from test_alerts import a_webhook, at, disk, events  # noqa: F401  pylint: disable=unused-import

from riskwatch.alerts import Told, tell
from riskwatch.ledger import Ledger, open_ledger
from riskwatch.workplace import Workplace


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever proxy this machine has, it is not asked."""
    monkeypatch.setenv("NO_PROXY", "*")


def test_processes_that_tell_at_the_same_time_send_one_message(
        place: Workplace, ledger: Ledger, server: Hook) -> None:
    disk(ledger, "failed")
    barrier, told = threading.Barrier(6), list[Told]()

    def work() -> None:
        there = replace(at(place, server.address), clock=Clock())
        with closing(open_ledger(there)) as own:
            barrier.wait()
            told.append(tell(there, own))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 6 and sum(one.opened for one in told) == 1
    assert sum(one.sent for one in told) <= 1
    tell(at(place, server.address), ledger)
    assert len(server.taken) == 1 and events(ledger) == ["opened", "sent"]


def test_who_was_killed_before_it_could_say_sent_is_followed_by_the_same_message(
        place: Workplace, ledger: Ledger, server: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    there = at(place, server.address)
    disk(ledger, "failed")

    def die(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    appended = ledger.append
    monkeypatch.setattr(ledger, "append", lambda *records, **given: die() if any(
        getattr(record, "event", "") == "sent" for record in records)
        else appended(*records, **given))
    with pytest.raises(KeyboardInterrupt):
        tell(there, ledger)
    monkeypatch.undo()
    monkeypatch.setenv("NO_PROXY", "*")
    assert tell(there, ledger).sent == 0  # somebody may be at it
    place.clock.now += timedelta(minutes=5)  # type: ignore[attr-defined]
    assert tell(there, ledger).sent == 1 and tell(there, ledger).sent == 0
    assert server.taken[0] == server.taken[1] and len(server.taken) == 2
