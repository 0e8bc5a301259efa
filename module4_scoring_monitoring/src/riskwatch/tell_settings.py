"""Settings of what tells people: the report, and alerts by webhook and e-mail.

In: nothing. Out: frozen sections of `riskwatch.settings`. Secrets are no settings: the key that
signs and the password of the mail server come from the environment only.
"""

from re import fullmatch
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from riskwatch.watch_settings import Section

_ADDRESS = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$"


class ReportSettings(Section):
    """How many reports stay on the disk; the oldest go first."""

    kept_reports: int = Field(default=30, ge=1, le=100_000)


class AlertSettings(Section):
    """Who is told of incidents; without an address and without a host nobody is.

    The address of a webhook often holds a token, so it is never written down or logged.
    """

    source: str = Field(default="riskwatch", pattern=r"^[\x20-\x7e]{1,60}$")
    timeout_seconds: float = Field(default=10.0, gt=0, le=120)
    ca_file: str = ""
    webhook_url: SecretStr = SecretStr("")
    webhook_tries: int = Field(default=3, ge=1, le=10)
    webhook_backoff_seconds: float = Field(default=1.0, ge=0, le=30)
    mail_host: str = Field(default="", pattern=r"^[A-Za-z0-9.:-]*$")
    mail_port: int = Field(default=587, ge=1, le=65_535)
    mail_security: Literal["starttls", "tls", "none"] = "starttls"
    mail_user: str = ""
    mail_from: str = Field(default="", pattern=rf"^$|{_ADDRESS}")
    mail_to: tuple[str, ...] = Field(default=(), max_length=100)

    @field_validator("webhook_url")
    @classmethod
    def _is_an_address(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        if not text:
            return value
        try:
            parts = urlsplit(text)
            is_good = (parts.scheme in ("http", "https") and bool(parts.hostname)
                       and parts.username is None and parts.port != 0
                       and text.isascii() and text.isprintable() and " " not in text)
        except ValueError:
            is_good = False
        if not is_good:  # never the value itself
            raise ValueError("give http://HOST/PATH or https://HOST/PATH, without a user")
        return value

    @field_validator("mail_to")
    @classmethod
    def _are_addresses(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            if fullmatch(_ADDRESS, value) is None:
                raise ValueError(f"{value!r} is no mail address")
        return values

    @model_validator(mode="after")
    def _is_whole(self) -> "AlertSettings":
        if self.mail_host and not (self.mail_from and self.mail_to):
            raise ValueError("a mail_host needs mail_from and mail_to")
        if self.mail_user and self.mail_security == "none":
            raise ValueError("a mail_user needs mail_security starttls or tls: the password "
                             "would go over the wire as it is")
        return self
