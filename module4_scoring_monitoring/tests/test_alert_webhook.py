"""A webhook is told by one signed POST; what may pass is tried again; no address gets out."""

import time
from typing import Any

import pytest
from alert_servers import PATH, SECRET, free_port, hook, silent_port
from conftest import NOON

from riskwatch.alert_message import DeliveryError, Message
from riskwatch.alert_webhook import webhook_channel
from riskwatch.settings import build_settings
from riskwatch.tell_settings import AlertSettings

MESSAGE = Message("ab" * 16, "riskwatch", "opened", "feed: inbox", "no file for 4 days, söhne\n€",
                  "2026-03-01T12:00:00.000000Z")


def settings(address: str, **others: Any) -> AlertSettings:
    """Settings of a webhook that is asked again at once."""
    return build_settings({"alerts": {"webhook_url": address, "timeout_seconds": 10.0,
                                      "webhook_backoff_seconds": 0.01, **others}}).alerts


def patience(answer: int | str) -> dict[str, float]:
    """Wait a short time only where an answer will not come."""
    return {"timeout_seconds": 1.0} if answer == "slow" else {}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever proxy this machine has, it is not asked."""
    monkeypatch.setenv("NO_PROXY", "*")


def test_the_bytes_that_arrive_are_the_message() -> None:
    with hook() as server:
        webhook_channel(settings(server.address)).send(MESSAGE, NOON)
        assert server.taken == [MESSAGE.as_json()] and not server.complaints
    assert b"s\xc3\xb6hne\\n\xe2\x82\xac" in MESSAGE.as_json()


def test_a_key_signs_body_and_time() -> None:
    with hook(SECRET) as server:
        webhook_channel(settings(server.address), SECRET).send(MESSAGE, NOON)
        assert len(server.taken) == 1
        with pytest.raises(DeliveryError, match="it answered 401"):
            webhook_channel(settings(server.address), "another key").send(MESSAGE, NOON)
        with pytest.raises(DeliveryError, match="it answered 401"):
            webhook_channel(settings(server.address)).send(MESSAGE, NOON)
        assert len(server.taken) == 1 and server.complaints == ["401 another signature"] * 2


@pytest.mark.parametrize("answer", [500, 502, 503, 504, 429, "slow", "cut"])
def test_what_may_pass_is_tried_again(answer: int | str) -> None:
    with hook(answers=(answer, answer)) as server:
        webhook_channel(settings(server.address, **patience(answer))).send(MESSAGE, NOON)
        assert server.tries == 3 and server.taken == [MESSAGE.as_json()]


@pytest.mark.parametrize(("answer", "words"), [
    (500, "it answered 500"), (429, "it answered 429"), ("slow", "no answer within 1 s"),
    ("cut", "no connection, or it was cut off")])
def test_it_is_tried_so_often_and_no_more(answer: int | str, words: str) -> None:
    with hook(answers=(answer,) * 9) as server:
        with pytest.raises(DeliveryError, match=words):
            webhook_channel(settings(server.address, **patience(answer))).send(MESSAGE, NOON)
        assert server.tries == 3 and not server.taken


@pytest.mark.parametrize("answer", [301, 302, 307, 308, 400, 403, 404, 410])
def test_what_will_not_pass_is_tried_once_and_no_redirect_is_followed(answer: int) -> None:
    with hook(answers=(answer,)) as server:
        with pytest.raises(DeliveryError, match=f"it answered {answer}"):
            webhook_channel(settings(server.address)).send(MESSAGE, NOON)
        assert server.tries == 1 and not server.taken


def test_the_server_refuses_what_it_does_not_know() -> None:
    with hook() as server:
        with pytest.raises(DeliveryError, match="it answered 404"):
            webhook_channel(settings(server.address + "x")).send(MESSAGE, NOON)
        with pytest.raises(DeliveryError, match="it answered 400"):
            webhook_channel(settings(server.address), "a key").send(MESSAGE, NOON)
        assert server.complaints == [f"404 no such path {PATH}x", "400 signed by nobody"]


def test_a_server_that_drips_does_not_hold_a_cycle() -> None:
    with hook(answers=("drip",) * 3) as server:
        channel = webhook_channel(settings(server.address, webhook_tries=1,
                                           **patience("slow")))
        began = time.monotonic()
        with pytest.raises(DeliveryError, match="not done within"):
            channel.send(MESSAGE, NOON)
        assert time.monotonic() - began < channel.most_seconds + 3 < 6


def test_nobody_there_and_nobody_who_speaks() -> None:
    address = f"http://127.0.0.1:{free_port()}{PATH}"
    with pytest.raises(DeliveryError) as caught:
        webhook_channel(settings(address)).send(MESSAGE, NOON)
    assert str(caught.value) == "no connection, or it was cut off"
    with silent_port() as port, pytest.raises(DeliveryError, match="no answer") as caught:
        webhook_channel(settings(f"http://127.0.0.1:{port}{PATH}", webhook_tries=1,
                                 **patience("slow"))).send(MESSAGE, NOON)
    with hook() as server, pytest.raises(DeliveryError, match="TLS") as caught:
        webhook_channel(settings(server.address.replace("http", "https"))).send(MESSAGE, NOON)
    with hook() as server, pytest.raises(DeliveryError, match="ca_file") as caught:
        webhook_channel(settings(server.address.replace("http", "https"),
                                 ca_file="/no/such/file")).send(MESSAGE, NOON)


@pytest.mark.parametrize("answer", [500, 404, "slow", "cut"])
def test_no_reason_holds_the_address(answer: int | str) -> None:
    with hook(answers=(answer,) * 9) as server, pytest.raises(DeliveryError) as caught:
        once = settings(server.address, webhook_tries=1, **patience(answer))
        webhook_channel(once).send(MESSAGE, NOON)
    assert "T0KEN" not in str(caught.value) and "127.0.0.1" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_password_file_speaks_for_nobody(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password hidden\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with hook() as server:
        webhook_channel(settings(server.address)).send(MESSAGE, NOON)
        assert server.taken and not server.complaints
