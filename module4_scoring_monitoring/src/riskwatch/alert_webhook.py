"""Tell a webhook: one POST of JSON, signed when there is a key.

In: a message. Out: nothing, or the reason why nobody took it. A receiver proves the sender and
the time by ``X-Riskwatch-Signature``: the HMAC-SHA256 of ``TIMESTAMP.BODY`` under the common key,
and drops what it knows by ``Idempotency-Key``.
"""

import hmac
from collections.abc import Iterator
from datetime import datetime

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from riskwatch import __version__
from riskwatch.alert_message import Channel, DeliveryError, Message
from riskwatch.tell_settings import AlertSettings

SECRET_VARIABLE = "RISKWATCH_WEBHOOK_SECRET"
_LONGEST_PAUSE = 30.0
_TRY_AGAIN = (429, 500, 502, 503, 504)


def webhook_channel(settings: AlertSettings, secret: str | None = None) -> Channel:
    """Return the webhook of the settings.

    Parameters
    ----------
    settings : AlertSettings
        With a ``webhook_url``.
    secret : str, optional
        Signs; without it there is no signature.

    Returns
    -------
    Channel
        It takes an answer of 200 to 299 only; what may pass by itself is tried again.
    """
    tries, pause = settings.webhook_tries, settings.webhook_backoff_seconds
    pauses = sum(min(pause * 2 ** number, _LONGEST_PAUSE) for number in range(tries))

    def deliver(message: Message, now: datetime) -> None:
        body = message.as_json()
        _post(settings, body, {
            "Content-Type": "application/json", "User-Agent": f"riskwatch/{__version__}",
            "Idempotency-Key": message.id, **_signature(secret, body, now)})

    return Channel("webhook", tries * 2 * settings.timeout_seconds + pauses, deliver)


def _signature(secret: str | None, body: bytes, now: datetime) -> dict[str, str]:
    if not secret:
        return {}
    moment = str(int(now.timestamp()))
    signed = hmac.new(secret.encode(), moment.encode() + b"." + body, "sha256")
    return {"X-Riskwatch-Timestamp": moment,
            "X-Riskwatch-Signature": f"sha256={signed.hexdigest()}"}


def _post(settings: AlertSettings, body: bytes, headers: dict[str, str]) -> None:
    retry = Retry(total=settings.webhook_tries - 1, redirect=0, allowed_methods=None,
                  status_forcelist=_TRY_AGAIN, raise_on_status=False,
                  backoff_factor=settings.webhook_backoff_seconds, backoff_max=_LONGEST_PAUSE,
                  respect_retry_after_header=False)  # a server must not hold a cycle
    try:
        with requests.Session() as session:
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter(max_retries=retry))
            # An own `auth`, so that no password file speaks for the user here.
            with session.post(settings.webhook_url.get_secret_value(), data=body,
                              headers=headers, timeout=settings.timeout_seconds,
                              allow_redirects=False, stream=True, auth=_nobody,
                              verify=settings.ca_file or True) as answer:
                status = answer.status_code
    except (requests.RequestException, OSError, ValueError) as err:
        raise DeliveryError(_reason(err, settings.timeout_seconds)) from None
    if not 200 <= status < 300:
        raise DeliveryError(f"it answered {status}")


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _reason(err: BaseException, seconds: float) -> str:
    """Return why, without the text of the error, which holds the address."""
    names = " ".join(_names(err))
    if "SSL" in names or "Cert" in names:
        return "its certificate is not trusted, or it speaks no TLS"
    if "Timeout" in names:
        return f"no answer within {seconds:g} s"
    if "NameResolution" in names:
        return "the name of its host is unknown"
    if isinstance(err, requests.ConnectionError):
        return "no connection, or it was cut off"
    return f"{type(err).__name__}: look at webhook_url and ca_file"


def _names(err: object) -> Iterator[str]:
    """Yield the kinds of an error and of those that stand behind it."""
    while isinstance(err, BaseException):
        yield type(err).__name__
        err = getattr(err, "reason", None) or (err.args[0] if err.args else None)
