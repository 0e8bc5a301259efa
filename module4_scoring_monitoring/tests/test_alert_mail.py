"""A mail arrives as it was written, over checked TLS; no line break gets into its head."""

from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from alert_servers import free_port, silent_port
from conftest import NOON
from mail_servers import FROM, PASSWORD, TO, USER, certificate, post

from riskwatch.alert_mail import mail_channel, mail_of
from riskwatch.alert_message import DeliveryError, Message
from riskwatch.settings import build_settings
from riskwatch.tell_settings import AlertSettings

MESSAGE = Message("cd" * 16, "riskwatch", "resolved", "feed: inbox", "söhne came in\u2028x",
                  "2026-03-01T12:00:00.000000Z", "2026-03-02T12:00:00.000000Z")


def settings(port: int, security: str = "none", **others: Any) -> AlertSettings:
    """Settings of a quick mail server."""
    return build_settings({"alerts": {
        "mail_host": "127.0.0.1", "mail_port": port, "mail_security": security,
        "mail_from": FROM, "mail_to": [TO, "bob@example.org"], "timeout_seconds": 10.0,
        **others}}).alerts


def test_the_mail_that_arrives_is_the_mail_that_was_made() -> None:
    with post() as server:
        mail_channel(settings(server.port)).send(MESSAGE, NOON)
        sent = mail_of(MESSAGE, settings(server.port), NOON)
        assert server.taken == [sent.as_bytes(policy=sent.policy.clone(linesep="\r\n"))]
        mail = server.mails()[0]
        assert server.recipients == [[TO, "bob@example.org"]]
    assert mail["Subject"] == "[riskwatch] Resolved: feed: inbox"
    assert (mail["From"], mail["To"]) == (FROM, f"{TO}, bob@example.org")
    assert mail["Message-ID"] == f"<{'cd' * 16}@riskwatch.invalid>"
    assert parsedate_to_datetime(mail["Date"]) == NOON
    assert "söhne came in" in mail.get_content() and "It is over." in mail.get_content()


@pytest.mark.parametrize("incident", [
    "file\nBcc: eve@example.org", "file\r\n\r\nNew body", "file\u2028Bcc: x", "file\x00\x1b[2J",
    "=?utf-8?q?=0aBcc:_eve@example.org?=", "x" * 5000])
def test_no_name_of_a_file_gets_into_the_head(incident: str) -> None:
    message = Message("ef" * 16, "riskwatch", "opened", incident, "d", "2026")
    with post() as server:
        mail_channel(settings(server.port)).send(message, NOON)
        mail = server.mails()[0]
        assert len(server.recipients[0]) == 2
    assert sorted(mail.keys()) == sorted([
        "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "Content-Type",
        "Content-Transfer-Encoding", "MIME-Version"])
    assert mail["Subject"].isprintable() and mail["Subject"].startswith("[riskwatch] Alert: ")


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
@pytest.mark.parametrize("is_wrapped", [False, True])
def test_user_and_password_go_over_tls(tmp_path: Path, is_wrapped: bool) -> None:
    context, trusted = certificate(tmp_path)
    security = "tls" if is_wrapped else "starttls"
    with post(context, is_wrapped=is_wrapped, wants_user=True) as server:
        known = settings(server.port, security, ca_file=str(trusted), mail_user=USER)
        mail_channel(known, PASSWORD).send(MESSAGE, NOON)
        assert len(server.taken) == 1
        with pytest.raises(DeliveryError, match=r"does not take user and password \(535\)"):
            mail_channel(known, "another").send(MESSAGE, NOON)
        with pytest.raises(DeliveryError, match="RISKWATCH_SMTP_PASSWORD is not"):
            mail_channel(known).send(MESSAGE, NOON)
        with pytest.raises(DeliveryError, match="certificate is not trusted"):
            mail_channel(settings(server.port, security, mail_user=USER), PASSWORD).send(
                MESSAGE, NOON)
        assert len(server.taken) == 1


def test_without_tls_nothing_is_said_to_who_should_have_it() -> None:
    with post() as server:
        with pytest.raises(DeliveryError, match="does not offer"):
            mail_channel(settings(server.port, "starttls")).send(MESSAGE, NOON)
        assert not server.taken


def test_what_the_server_refuses_is_told_without_its_words() -> None:
    with post() as server:
        for change, words in (({"mail_from": "eve@example.org"}, "answered 550|refused"),
                              ({"mail_to": ["a@evil.test", TO]}, "refused 1 of 2 recipients"),
                              ({"mail_to": ["a@evil.test"]}, "refused all recipients")):
            with pytest.raises(DeliveryError, match=words) as caught:
                mail_channel(settings(server.port, **change)).send(MESSAGE, NOON)
            assert PASSWORD not in str(caught.value)
        server.refuses_data = True
        with pytest.raises(DeliveryError, match="answered 451"):
            mail_channel(settings(server.port)).send(MESSAGE, NOON)


def test_nobody_there_and_nobody_who_speaks() -> None:
    with pytest.raises(DeliveryError, match="no connection"):
        mail_channel(settings(free_port())).send(MESSAGE, NOON)
    with silent_port() as port, pytest.raises(DeliveryError, match="no answer within 0.3 s"):
        mail_channel(settings(port, timeout_seconds=0.3)).send(MESSAGE, NOON)
    with pytest.raises(DeliveryError, match="no connection"):
        mail_channel(settings(free_port(), "starttls", ca_file="/no/such/file")).send(
            MESSAGE, NOON)
