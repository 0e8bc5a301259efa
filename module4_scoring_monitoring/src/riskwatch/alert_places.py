"""The places that the settings name, and a message that only tries them.

In: a workplace, and the environment for its secrets. Out: channels; none by default.
"""

import os
from collections.abc import Mapping

from riskwatch.alert_episodes import Episode
from riskwatch.alert_message import Channel, Message, message_of
from riskwatch.ledger_pages import as_utc_text
from riskwatch.workplace import Workplace


def channels_of(place: Workplace, environ: Mapping[str, str] = os.environ) -> tuple[Channel, ...]:
    """Return the places that the settings name.

    Parameters
    ----------
    place : Workplace
    environ : mapping of str to str
        Holds the secrets.

    Returns
    -------
    tuple of Channel
    """
    # pylint: disable=import-outside-toplevel  # most cycles tell nobody
    settings, found = place.settings.alerts, list[Channel]()
    if settings.webhook_url.get_secret_value():
        from riskwatch.alert_webhook import SECRET_VARIABLE, webhook_channel

        found.append(webhook_channel(settings, environ.get(SECRET_VARIABLE)))
    if settings.mail_host:
        from riskwatch.alert_mail import PASSWORD_VARIABLE, mail_channel

        found.append(mail_channel(settings, environ.get(PASSWORD_VARIABLE)))
    return tuple(found)


def trial_message(place: Workplace) -> Message:
    """Return a message that only shows that messages arrive.

    Parameters
    ----------
    place : Workplace

    Returns
    -------
    Message
    """
    trial = Episode("trial: alert-test", as_utc_text(place.clock()),
                    "Somebody tries whether messages arrive. Nothing has happened.")
    return message_of(trial, "opened", place.settings.alerts.source)
