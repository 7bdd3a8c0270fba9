"""Settings, read from the environment once, checked together, and used as plain values."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from training_hub.errors import WrongSettings

MAIL_SECURITY = ("starttls", "tls", "none")
SHORTEST_KEY = 32


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """The mail server that takes our emails. Without one, emails wait in the outbox."""

    server: str
    port: int = 587
    security: str = "starttls"
    username: str | None = None
    password: str | None = None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that can differ between installations."""

    data: Path
    database_url: str
    base_url: str
    secret_key: str
    partnership_name: str = "Cheshire West and Chester Safeguarding Children Partnership"
    contact_email: str = "training@example.org"
    mail: MailSettings | None = None
    mail_from: str = "training@example.org"
    trusted_proxies: int = 0

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is an SQLite file, which allows one writer at a time."""
        return self.database_url.startswith("sqlite")

    @property
    def database_file(self) -> Path | None:
        """The SQLite file. None if the database is on a server."""
        name = make_url(self.database_url).database if self.is_sqlite else None
        return Path(name) if name else None


def settings_from(environment: Mapping[str, str]) -> Settings:
    """The settings that `environment` describes. Raises WrongSettings, naming every wrong one at once."""
    read = _Reader(environment)
    data = Path(environment.get("TRAINING_HUB_DATA") or "training-hub-data").absolute()
    contact = read.address("CONTACT_EMAIL", Settings.contact_email)
    settings: dict[str, Any] = {
        "database_url": read.database_url(data),
        "base_url": read.base_url(),
        "partnership_name": read.text("PARTNERSHIP", Settings.partnership_name),
        "contact_email": contact,
        "mail": read.mail(),
        "mail_from": read.address("MAIL_FROM", contact),
        "trusted_proxies": read.number("TRUSTED_PROXIES", 0, least=0, most=5),
    }
    key = environment.get("TRAINING_HUB_SECRET_KEY", "")
    if key and len(key) < SHORTEST_KEY:
        read.refuse("SECRET_KEY", f"must be at least {SHORTEST_KEY} characters long")
    if data.exists() and not data.is_dir():
        read.refuse("DATA", f"is {data}, which is a file; it must be a folder")
    if read.wrong:
        raise WrongSettings("These settings cannot be used: " + "; ".join(read.wrong) + ".")
    return Settings(data=data, secret_key=key or _stored_key(data), **settings)


class _Reader:
    """Reads settings, and notes which of them cannot be used."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.wrong: list[str] = []

    def refuse(self, name: str, why: str) -> None:
        self.wrong.append(f"TRAINING_HUB_{name} {why}")

    def text(self, name: str, default: str = "") -> str:
        return self.environment.get(f"TRAINING_HUB_{name}", "").strip() or default

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        text = self.text(name, str(default))
        if text.isascii() and text.isdigit() and least <= int(text) <= most:
            return int(text)
        self.refuse(name, f"must be a whole number from {least} to {most}")
        return default

    def address(self, name: str, default: str) -> str:
        text = self.text(name)
        try:
            return validate_email(text, check_deliverability=False).normalized if text else default
        except EmailNotValidError:
            self.refuse(name, "is not an email address")
            return default

    def database_url(self, data: Path) -> str:
        text = self.text("DATABASE_URL")
        if not text:
            return f"sqlite:///{data / 'training-hub.sqlite'}"
        try:
            url = make_url(text)
        except ArgumentError:
            self.refuse("DATABASE_URL", "is not a database address, such as postgresql://user@host/name")
            return ""
        # Hosting providers write addresses without the driver's name. Ours is psycopg 3.
        if url.drivername in {"postgres", "postgresql"}:
            url = url.set(drivername="postgresql+psycopg")
        if url.drivername not in {"sqlite", "postgresql+psycopg"}:
            self.refuse("DATABASE_URL", "must name SQLite or PostgreSQL")
        return url.render_as_string(hide_password=False)

    def base_url(self) -> str:
        text = self.text("BASE_URL").rstrip("/") or "http://127.0.0.1:8000"
        parts = urlsplit(text)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query:
            self.refuse("BASE_URL", "must be an address such as https://training.example.org")
        return text

    def mail(self) -> MailSettings | None:
        server, security = self.text("MAIL_SERVER"), self.text("MAIL_SECURITY", "starttls").lower()
        if security not in MAIL_SECURITY:
            self.refuse("MAIL_SECURITY", "must be one of starttls, tls, none")
        usual = {"tls": 465, "none": 25}.get(security, 587)
        port = self.number("MAIL_PORT", usual, least=1, most=65535)
        if not server:
            return None
        return MailSettings(
            server=server,
            port=port,
            security=security,
            username=self.environment.get("TRAINING_HUB_MAIL_USERNAME") or None,
            password=self.environment.get("TRAINING_HUB_MAIL_PASSWORD") or None,
        )


def _stored_key(data: Path) -> str:
    """The key in the data folder. It is made on the first run, and only its owner can read it."""
    file = data / "secret-key"
    data.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        # Written to another file and then moved, so that a process starting at the same moment cannot read half a key.
        written = data / f"secret-key.{secrets.token_hex(8)}"
        with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as handle:
            handle.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(written, file)
        written.unlink()
    key = file.read_text(encoding="ascii").strip()
    if len(key) < SHORTEST_KEY:
        raise WrongSettings(
            f"The key in {file} is too short to keep sign-ins safe. Put the file back from a backup, or delete it "
            "and a new one is made: everyone then signs in again, and links in earlier emails no longer open."
        )
    return key
