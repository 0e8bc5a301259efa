"""A real mail server that takes what it was told of: senders, recipients, a user."""

# pylint: disable=invalid-name  # aiosmtpd asks for handlers by these names

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from alert_servers import free_port

FROM, TO, USER, PASSWORD = "watch@example.org", "anna@example.org", "watch", "s3cret-password"


@dataclass
class Post:
    """What a mail server took; it knows one sender, and recipients of example.org."""

    port: int = 0
    taken: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    refuses_data: bool = False

    def mails(self) -> list[EmailMessage]:
        """What it took, parsed strictly."""
        return [message_from_bytes(content, policy=policy.strict)  # type: ignore[misc]
                for content in self.taken]

    async def handle_MAIL(self, _: Any, __: Any, envelope: Any, address: str, options: Any
                          ) -> str:
        """Know one sender."""
        if address != FROM:
            return "550 I do not know you"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, ___: Any
                          ) -> str:
        """Know example.org."""
        if not address.endswith("@example.org"):
            return f"550 nobody here; your password is {PASSWORD}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: Any, __: Any, envelope: Any
                          ) -> str:
        """Keep the bytes."""
        if self.refuses_data:
            return "451 later"
        self.taken.append(envelope.content)
        self.recipients.append(envelope.rcpt_tos)
        return "250 OK"


@contextmanager
def post(context: ssl.SSLContext | None = None, *, is_wrapped: bool = False,
         wants_user: bool = False) -> Iterator[Post]:
    """Start a mail server: plain, with STARTTLS, or wrapped in TLS from the first byte."""
    found = Post(free_port())

    def known(_: Any, __: Any, ___: Any, ____: str, data: Any) -> AuthResult:
        return AuthResult(handled=False, success=(data.login, data.password) == (
            USER.encode(), PASSWORD.encode()))

    options: dict[str, Any] = {}
    if context is not None and is_wrapped:
        options["ssl_context"] = context
    elif context is not None:
        options |= {"tls_context": context, "require_starttls": True}
    if wants_user:
        options |= {"auth_required": True, "authenticator": known,
                    "auth_require_tls": not is_wrapped}
    controller = Controller(found, hostname="127.0.0.1", port=found.port, **options)
    controller.start()
    try:
        yield found
    finally:
        controller.stop()


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate of 127.0.0.1; return a server's context, and the file to trust."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl is installed")
    key, file = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-keyout", key, "-out", file, "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"],
        check=True, capture_output=True, timeout=60)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key)
    return context, file
