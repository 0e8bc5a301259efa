"""Settings of report and alerts: off by default, secrets hidden, half a place refused."""

import pytest

from riskwatch.errors import SettingsError
from riskwatch.settings import Settings, build_settings


def test_nobody_is_told_by_default() -> None:
    alerts = Settings().alerts
    assert not alerts.webhook_url.get_secret_value() and not alerts.mail_host


def test_the_address_of_a_webhook_does_not_show() -> None:
    settings = build_settings({"alerts": {"webhook_url": "https://hooks.example/T0KEN"}})
    assert "T0KEN" not in f"{settings!r} {settings} {settings.model_dump()}"
    assert settings.alerts.webhook_url.get_secret_value() == "https://hooks.example/T0KEN"


@pytest.mark.parametrize("address", [
    "ftp://host/", "//host/path", "host", "http://", "http://user:T0KEN@host/", "http://h:99999/",
    "http://[::1/", "http://host/a b", "http://host/\nX-Evil: 1", "http://h\u00f6st/",
    "http://h:0/"])
def test_what_is_no_address_is_refused_without_being_shown(address: str) -> None:
    with pytest.raises(SettingsError, match="alerts.webhook_url") as caught:
        build_settings({"alerts": {"webhook_url": address}})
    assert "T0KEN" not in str(caught.value)


@pytest.mark.parametrize(("values", "words"), [
    ({"mail_host": "mail.example"}, "needs mail_from and mail_to"),
    ({"mail_host": "mail.example", "mail_from": "a@example.org"}, "needs mail_from and mail_to"),
    ({"mail_from": "no address"}, "alerts.mail_from"),
    ({"mail_from": "a@example.org\nBcc: b@example.org"}, "alerts.mail_from"),
    ({"mail_to": ["a@example.org", "b@example.org\n"]}, "no mail address"),
    ({"mail_user": "me", "mail_security": "none"}, "needs mail_security"),
    ({"mail_host": "mail.example\r\nQUIT"}, "alerts.mail_host"),
    ({"source": "two\nlines"}, "alerts.source"),
    ({"webhook_tries": 0}, "alerts.webhook_tries"),
])
def test_half_a_place_and_broken_lines_are_refused(values: dict[str, object], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        build_settings({"alerts": values})


def test_a_whole_place_is_taken() -> None:
    alerts = build_settings({"alerts": {
        "mail_host": "mail.example", "mail_from": "a@example.org", "mail_user": "me",
        "mail_to": ["b@example.org", "c+d@example.org"]}}).alerts
    assert alerts.mail_to == ("b@example.org", "c+d@example.org")
    assert (alerts.mail_security, alerts.mail_port) == ("starttls", 587)


def test_at_least_one_report_is_kept() -> None:
    with pytest.raises(SettingsError, match="report.kept_reports"):
        build_settings({"report": {"kept_reports": 0}})
