"""Where alerts go: nowhere by default, and never with a secret that shows."""

from dataclasses import replace

from riskwatch.alert_places import channels_of, trial_message
from riskwatch.settings import build_settings
from riskwatch.workplace import Workplace


def test_nobody_is_told_by_default(place: Workplace) -> None:
    assert not channels_of(place)


def test_the_settings_name_the_places(place: Workplace) -> None:
    settings = build_settings({"alerts": {
        "webhook_url": "https://h.example/T0KEN", "mail_host": "m.example",
        "mail_from": "a@example.org", "mail_to": ["b@example.org"]}})
    channels = channels_of(replace(place, settings=settings), {
        "RISKWATCH_WEBHOOK_SECRET": "hidden", "RISKWATCH_SMTP_PASSWORD": "hidden"})
    assert [channel.name for channel in channels] == ["webhook", "mail"]
    # Three tries of a connection and an answer, 10 s each, and pauses; eight steps of a mail.
    assert [channel.most_seconds for channel in channels] == [67.0, 80.0]
    assert "hidden" not in repr(channels) and "T0KEN" not in repr(channels)


def test_a_trial_says_that_nothing_happened(place: Workplace) -> None:
    message = trial_message(place)
    assert "Nothing has happened" in message.detail and message.event == "opened"
    assert trial_message(place).id != message.id
