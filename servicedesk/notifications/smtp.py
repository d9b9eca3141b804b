"""The mail server: how to reach it, and what its answers mean for a mail.

Unless the address says `?starttls=no`, nothing leaves unencrypted: a server that offers no STARTTLS, or shows a
certificate that is not good for its name, gets neither password nor mail.
"""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from servicedesk.config import SettingError

#: Seconds for each step of the conversation; all of them together stay below the outbox' lease.
TIMEOUT = 20
#: The server's words that are kept as the reason.
REASON_LENGTH = 300

Send = Callable[[EmailMessage], None]


class DeliveryError(Exception):
    """The mail has not left; says why, for a person."""


class ServerTroubleError(DeliveryError):
    """The server cannot be used now: true for every mail, not just for this one."""


class PostponedError(DeliveryError):
    """The server does not take this mail now, but may later."""


class RefusedMailError(DeliveryError):
    """The server will never take this mail."""


@dataclass(frozen=True)
class Server:
    """What SERVICEDESK_SMTP_URL says."""

    host: str
    port: int
    is_tls: bool
    starts_tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Reads smtp://user:password@host:port or smtps://…; raises SettingError."""
        parts = urlsplit(url)
        is_tls = parts.scheme == "smtps"
        options = dict(parse_qsl(parts.query))
        starttls = options.pop("starttls", "yes")
        if options or starttls not in ("yes", "no"):
            raise SettingError("SERVICEDESK_SMTP_URL may only end in ?starttls=yes or ?starttls=no")
        server = cls(
            host=parts.hostname or "",
            port=_port(url) or (465 if is_tls else 25),
            is_tls=is_tls,
            starts_tls=not is_tls and starttls == "yes",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )
        if server.user and not (server.is_tls or server.starts_tls):
            raise SettingError("SERVICEDESK_SMTP_URL has a password that ?starttls=no would send in clear")
        return server


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError as error:
        raise SettingError("SERVICEDESK_SMTP_URL has a port that is no number from 0 to 65535") from error


class Post:
    """Sends mails over one connection, opened with the first; a context manager that ends it."""

    def __init__(self, server: Server, greeting: str) -> None:
        self._server = server
        #: What we call ourselves: never the machine's own name, which is nobody's business outside.
        self._greeting = greeting
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()

    def send(self, message: EmailMessage) -> None:
        """Returns when the server has taken the mail; raises DeliveryError."""
        try:
            connection = self._connection = self._connection or self._connect()
        except OSError as error:
            raise ServerTroubleError(_told(error)) from error
        try:
            connection.send_message(message, to_addrs=[message["To"].addresses[0].addr_spec])
        except OSError as error:
            self._hang_up()
            raise _meaning(error) from error

    def _connect(self) -> smtplib.SMTP:
        server, context = self._server, ssl.create_default_context()
        connection: smtplib.SMTP
        if server.is_tls:
            connection = smtplib.SMTP_SSL(server.host, server.port, self._greeting, timeout=TIMEOUT, context=context)
        else:
            connection = smtplib.SMTP(server.host, server.port, self._greeting, timeout=TIMEOUT)
        try:
            if server.starts_tls:
                connection.starttls(context=context)
            if server.user:
                connection.login(server.user, server.password)
        except OSError:
            connection.close()
            raise
        return connection

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except OSError:
            connection.close()


def _meaning(error: OSError) -> DeliveryError:
    """What an answer to a mail says about the mail."""
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return RefusedMailError(_told(error))
    code = _code(error)
    if isinstance(error, smtplib.SMTPSenderRefused) and code != 552:
        # We are not welcome, whatever the mail; only "too large" is about this one.
        return ServerTroubleError(_told(error))
    if code is None or code == 421:
        return ServerTroubleError(_told(error))
    return RefusedMailError(_told(error)) if code >= 500 else PostponedError(_told(error))


def _code(error: OSError) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _ in error.recipients.values()), None)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None


def _told(error: OSError) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        words = "; ".join(f"{code} {_text(said)}" for code, said in error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        words = f"{error.smtp_code} {_text(error.smtp_error)}"
    else:
        words = str(error) or type(error).__name__
    return words[:REASON_LENGTH]


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
