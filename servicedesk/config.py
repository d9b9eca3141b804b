"""Settings: read from the environment once, checked, and frozen."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "SERVICEDESK_"
LOCALES = ("da", "en")


class SettingError(ValueError):
    """A setting has a value that cannot work; says which and why."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that differs between installations. docs/settings.md tells what each is for."""

    data_dir: Path = Path("var")
    database_url: str = ""
    secret_key: str = field(default="", repr=False)
    base_url: str = "http://127.0.0.1:8000"
    smtp_url: str = field(default="", repr=False)
    mail_from: str = "servicedesk@localhost"
    timezone: str = "Europe/Copenhagen"
    locale: str = "da"
    organisation: str = "Servicedesk"
    max_attachment_mb: int = 25
    trusted_proxies: int = 0
    log_format: str = "text"
    look_ups_kept_days: int = 730
    access_packages_kept_days: int = 14
    #: Only `servicedesk demo` sets this: a sign-in button for each kind of user.
    is_demo: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Reads SERVICEDESK_* (and a `.env` file, which the environment overrules).

        Raises SettingError for the first value that cannot work.
        """
        given = {**_dotenv(Path(".env")), **os.environ} if environ is None else dict(environ)

        def text(name: str, default: str = "") -> str:
            return given.get(PREFIX + name, "").strip() or default

        data_dir = Path(text("DATA_DIR", "var")).resolve()
        settings = cls(
            data_dir=data_dir,
            database_url=text("DATABASE_URL", f"sqlite:///{data_dir / 'servicedesk.db'}"),
            secret_key=text("SECRET_KEY"),
            base_url=text("BASE_URL", cls.base_url).rstrip("/"),
            smtp_url=text("SMTP_URL"),
            mail_from=text("MAIL_FROM", cls.mail_from),
            timezone=text("TIMEZONE", cls.timezone),
            locale=text("LOCALE", cls.locale),
            organisation=text("ORGANISATION", cls.organisation),
            max_attachment_mb=_number("MAX_ATTACHMENT_MB", text("MAX_ATTACHMENT_MB", "25"), 1, 1024),
            trusted_proxies=_number("TRUSTED_PROXIES", text("TRUSTED_PROXIES", "0"), 0, 10),
            log_format=text("LOG_FORMAT", cls.log_format),
            look_ups_kept_days=_number("LOOK_UPS_KEPT_DAYS", text("LOOK_UPS_KEPT_DAYS", "730"), 30, 3650),
            access_packages_kept_days=_number(
                "ACCESS_PACKAGES_KEPT_DAYS", text("ACCESS_PACKAGES_KEPT_DAYS", "14"), 1, 90
            ),
            is_demo=text("DEMO") == "1",
        )
        settings.check()
        return settings

    def check(self) -> None:
        """Raises SettingError when a value cannot work."""
        _check_database_url(self.database_url)
        _check_url("BASE_URL", self.base_url, ("http", "https"))
        if self.smtp_url:
            _check_url("SMTP_URL", self.smtp_url, ("smtp", "smtps"))
        if "@" not in self.mail_from or any(sign in self.mail_from for sign in "\r\n"):
            raise SettingError(f"{PREFIX}MAIL_FROM is no mail address: {self.mail_from!r}")
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise SettingError(f"{PREFIX}TIMEZONE is no time zone: {self.timezone!r}") from error
        _check_choice("LOCALE", self.locale, LOCALES)
        _check_choice("LOG_FORMAT", self.log_format, ("text", "json"))
        if self.secret_key and len(self.secret_key) < 32:
            raise SettingError(f"{PREFIX}SECRET_KEY is too short: it needs at least 32 characters")
        if self.data_dir.exists() and not self.data_dir.is_dir():
            raise SettingError(f"{PREFIX}DATA_DIR is not a folder: {self.data_dir}")

    @property
    def is_secure(self) -> bool:
        """People come by https, so cookies may insist on it."""
        return self.base_url.startswith("https:")

    @property
    def attachments_dir(self) -> Path:
        return self.data_dir / "attachments"

    def key(self) -> str:
        """The secret that signs cookies: as set, else made once and kept in the data folder."""
        if self.secret_key:
            return self.secret_key
        self.data_dir.mkdir(parents=True, exist_ok=True)
        file = self.data_dir / "secret_key"
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return file.read_text().strip()
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_hex(32))
        return file.read_text().strip()


def _number(name: str, value: str, least: int, most: int) -> int:
    if not value.isdecimal() or not least <= int(value) <= most:
        raise SettingError(f"{PREFIX}{name} must be a whole number from {least} to {most}, not {value!r}")
    return int(value)


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise SettingError(f"{PREFIX}{name} must be one of {', '.join(choices)}, not {value!r}")


def _check_url(name: str, value: str, schemes: tuple[str, ...]) -> None:
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.hostname:
        wanted = " or ".join(f"{scheme}://host" for scheme in schemes)
        raise SettingError(f"{PREFIX}{name} must look like {wanted}, not {value!r}")


def _check_database_url(value: str) -> None:
    try:
        url = make_url(value)
    except ArgumentError as error:
        raise SettingError(f"{PREFIX}DATABASE_URL cannot be read as a database address") from error
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise SettingError(f"{PREFIX}DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://")


def _dotenv(file: Path) -> dict[str, str]:
    """`NAME=value` lines of a .env file; quotes around a value are taken off."""
    if not file.is_file():
        return {}
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    pairs = (line.removeprefix("export ").split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("'\"") for name, value in pairs}
