"""Settings read from the environment, refusing what is not understood.

Each variable is declared where it is used, with what it means; the operator's page is checked against these declarations.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")
ON = {"on", "true", "yes", "1"}
OFF = {"off", "false", "no", "0"}
REQUIRED: Any = object()


@dataclass(frozen=True)
class Variable:
    """A variable that the project reads: what it accepts, its default in words, what it means."""

    name: str
    accepts: str
    default: str
    means: str


class Environment:
    """The environment, and what has been declared of it so far."""

    def __init__(self, values: Mapping[str, str] | None = None):
        self.values = os.environ if values is None else values
        self.declared: dict[str, Variable] = {}

    def _read(
        self, name: str, accepts: str, convert: Callable[[str], T], default: T, means: str, says: str | None = None
    ) -> T:
        shown = "required" if default is REQUIRED else _shown(default)
        self.declared[name] = Variable(name, accepts, says or shown, means)
        value = self.values.get(name, "").strip()
        if not value:
            if default is REQUIRED:
                raise ImproperlyConfigured(f"{name} is not set. It accepts {accepts}: {means}")
            return default
        try:
            return convert(value)
        except ValueError as error:
            reason = f" ({error})" if str(error) else ""
            raise ImproperlyConfigured(f"{name} is {value!r}{reason}, but it accepts {accepts}: {means}") from None

    def flag(self, name: str, default: bool, means: str, says: str | None = None) -> bool:
        return self._read(name, "on or off", _flag, default, means, says)

    def text(self, name: str, default: str, means: str, says: str | None = None, accepts: str = "any text") -> str:
        return self._read(name, accepts, str, default, means, says)

    def secret(self, name: str, default: str, means: str, says: str | None = None, shortest: int = 50) -> str:
        """A secret: never repeated in a message."""
        accepts = f"at least {shortest} characters"
        value = self._read(name, accepts, str, default, means, says)
        if value is not default and len(value) < shortest:
            raise ImproperlyConfigured(f"{name} has {len(value)} characters, but it accepts {accepts}: {means}")
        return value

    def words(self, name: str, default: list[str], means: str, says: str | None = None) -> list[str]:
        return self._read(name, "words separated by commas", _words, default, means, says)

    def choice(self, name: str, default: str, accepted: list[str], means: str, says: str | None = None) -> str:
        def convert(value: str) -> str:
            if value.upper() not in accepted:
                raise ValueError
            return value.upper()

        return self._read(name, " or ".join(accepted), convert, default, means, says)

    def number(self, name: str, default: int, means: str, lowest: int, highest: int, says: str | None = None) -> int:
        def convert(value: str) -> int:
            number = int(value) if value.isascii() and value.isdigit() else None
            if number is None or not lowest <= number <= highest:
                raise ValueError
            return number

        return self._read(name, f"a whole number from {lowest} to {highest}", convert, default, means, says)

    def folder(self, name: str, default: Path, means: str, says: str | None = None) -> Path:
        return self._read(name, "a folder", lambda value: Path(value).expanduser().resolve(), default, means, says)

    def origins(self, name: str, default: list[str], means: str, says: str | None = None) -> list[str]:
        accepts = "addresses such as https://example.org separated by commas"
        return self._read(name, accepts, lambda value: [_origin(word) for word in _words(value)], default, means, says)

    def origin(self, name: str, default: str, means: str, says: str | None = None) -> str:
        return self._read(name, "an address such as https://example.org", _origin, default, means, says)

    def service(self, name: str, means: str) -> str:
        """The address of a service that may be asked, without the slash at its end; blank when the variable is unset."""
        accepts = "an address such as https://example.org/service"
        return self._read(name, accepts, _service, "", means, "none: it is not asked")

    def contact(self, name: str, means: str, says: str) -> str:
        """Where somebody is written to, as an address that a browser opens; blank when the variable is unset."""
        return self._read(name, "an e-mail address or an https address", _contact, "", means, says)

    def database(self, name: str, means: str, says: str = "the embedded PostgreSQL") -> dict[str, Any] | None:
        """Django's settings of a PostgreSQL server from its address; None when the variable is unset."""
        accepts = "postgresql://user:password@host:port/name, with options after ?"
        self.declared[name] = Variable(name, accepts, says, means)
        value = self.values.get(name, "").strip()
        if not value:
            return None
        try:
            return _database(value)
        except ValueError as error:
            # the address itself holds a password: it is not repeated
            raise ImproperlyConfigured(f"{name} is not understood ({error}). It accepts {accepts}.") from None

    def mail_address(self, name: str, default: str, means: str, says: str | None = None) -> str:
        accepts = "an e-mail address"
        return self._read(name, accepts, lambda value: _contact(f"mailto:{value}")[7:], default, means, says)

    def mail_server(self, name: str, means: str) -> dict[str, Any] | None:
        """Where mails are handed in, for Django's EMAIL_ settings; None when the variable is unset."""
        accepts = "smtps://user:password@host:port, smtp+tls://... (STARTTLS), or smtp://host:port without a password"
        says = "none: to the console with DEBUG, else to a list that administrators read"
        self.declared[name] = Variable(name, accepts, says, means)
        value = self.values.get(name, "").strip()
        if not value:
            return None
        try:
            return _mail_server(value)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} is not understood ({error}). It accepts {accepts}.") from None


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return "on" if default else "off"
    if isinstance(default, list):
        return ", ".join(default) or "none"
    return str(default) or "none"


def _flag(value: str) -> bool:
    if value.lower() not in ON | OFF:
        raise ValueError
    return value.lower() in ON


def _words(value: str) -> list[str]:
    return [word.strip() for word in value.split(",") if word.strip()]


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError
    return f"{parts.scheme}://{parts.netloc}"


def _service(value: str) -> str:
    parts = urlsplit(value)
    whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port)
    if not whole or parts.query or parts.fragment or "@" in parts.netloc or set(value) & set(" \t\r\n"):
        raise ValueError
    return value.rstrip("/")


def _contact(value: str) -> str:
    address = value.removeprefix("mailto:")
    if value.startswith("https://") and urlsplit(value).hostname and not set(value) & set(" \t\r\n"):
        return value
    if address.count("@") != 1 or address.startswith("@") or address.endswith("@") or set(address) & set(" \t\r\n:/"):
        raise ValueError
    return f"mailto:{address}"


def _database(value: str) -> dict[str, Any]:
    parts = urlsplit(value)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError("only PostgreSQL is supported")
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ValueError("the name of the database is missing")
    options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    return {
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or options.pop("host", "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def _mail_server(value: str) -> dict[str, Any]:
    parts = urlsplit(value)
    if parts.scheme not in MAIL_PORTS:
        raise ValueError("it begins otherwise")
    if not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("it is not a host, with or without a port")
    if parts.scheme == "smtp" and parts.password:
        raise ValueError("a password is sent over TLS alone")
    return {
        "HOST": parts.hostname,
        "PORT": parts.port or MAIL_PORTS[parts.scheme],
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "USE_TLS": parts.scheme == "smtp+tls",
        "USE_SSL": parts.scheme == "smtps",
    }
