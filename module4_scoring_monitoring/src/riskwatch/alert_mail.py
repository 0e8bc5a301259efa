"""Tell people by e-mail, over a server that the settings name.

In: a message. Out: nothing, or the reason why the server did not take it. TLS is checked, and no
password goes over a wire that is not encrypted.
"""

import smtplib
import ssl
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from riskwatch.alert_message import Channel, DeliveryError, Message
from riskwatch.tell_settings import AlertSettings

PASSWORD_VARIABLE = "RISKWATCH_SMTP_PASSWORD"
#: Connect, greet, encrypt, log in, from, to, the text, the end: each may take the timeout.
_STEPS = 8


def mail_channel(settings: AlertSettings, password: str | None = None) -> Channel:
    """Return the mail server of the settings.

    Parameters
    ----------
    settings : AlertSettings
        With a ``mail_host``.
    password : str, optional
        Of ``mail_user``.

    Returns
    -------
    Channel
        A message counts as delivered when the server took it for everybody.
    """
    def deliver(message: Message, now: datetime) -> None:
        if settings.mail_user and not password:
            raise DeliveryError(f"mail_user is set, and {PASSWORD_VARIABLE} is not")
        _hand_over(mail_of(message, settings, now), settings, password or "")

    return Channel("mail", _STEPS * settings.timeout_seconds, deliver)


def mail_of(message: Message, settings: AlertSettings, now: datetime) -> EmailMessage:
    """Return a message as a mail.

    Parameters
    ----------
    message : Message
    settings : AlertSettings
    now : datetime

    Returns
    -------
    EmailMessage
        Its ``Message-ID`` is the same whenever the same message is sent again.
    """
    mail = EmailMessage()
    mail["Subject"] = message.subject()
    mail["From"], mail["To"] = settings.mail_from, ", ".join(settings.mail_to)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message.id}@riskwatch.invalid>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text().encode("utf-8", "backslashreplace").decode("utf-8"))
    return mail


def _hand_over(mail: EmailMessage, settings: AlertSettings, password: str) -> None:
    try:
        server = _connected(settings, password)
        try:
            refused = server.send_message(mail)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
    except (OSError, ValueError, smtplib.SMTPException) as err:
        raise DeliveryError(_reason(err, settings.timeout_seconds)) from None
    if refused:
        raise DeliveryError(f"the server refused {len(refused)} of "
                            f"{len(settings.mail_to)} recipients")


def _connected(settings: AlertSettings, password: str) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=settings.ca_file or None)
    server: smtplib.SMTP
    if settings.mail_security == "tls":
        server = smtplib.SMTP_SSL(settings.mail_host, settings.mail_port,
                                  timeout=settings.timeout_seconds, context=context)
    else:
        server = smtplib.SMTP(settings.mail_host, settings.mail_port,
                              timeout=settings.timeout_seconds)
    try:
        if settings.mail_security == "starttls":
            server.starttls(context=context)
        if settings.mail_user:
            server.login(settings.mail_user, password)
    except BaseException:
        server.close()
        raise
    return server


def _reason(err: BaseException, seconds: float) -> str:
    """Return why, without what the server said, which may repeat what it was told."""
    code = getattr(err, "smtp_code", "")
    if isinstance(err, smtplib.SMTPServerDisconnected) and isinstance(
            err.__context__, TimeoutError):
        err = err.__context__
    for kind, words in (
            (smtplib.SMTPAuthenticationError,
             f"the server does not take user and password ({code})"),
            (smtplib.SMTPRecipientsRefused, "the server refused all recipients"),
            (smtplib.SMTPResponseException, f"the server answered {code}"),
            (smtplib.SMTPNotSupportedError,
             "the server does not offer what mail_security or mail_user ask for"),
            (ssl.SSLError, "its certificate is not trusted, or it speaks no TLS"),
            (TimeoutError, f"no answer within {seconds:g} s"),
            (OSError, "no connection, or it was cut off")):
        if isinstance(err, kind):
            return words
    return f"{type(err).__name__}: look at the settings of mail and ca_file"
