"""Whether a website answers: asked of addresses that anybody may have written, and so never inside the operator's network.

A name is resolved once, every address that it has must be public, and the connection goes to one of these addresses and
nowhere else: what the name says a moment later does not matter. Each redirect is looked at in the same way.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from .asking import cut_off

SECONDS = 10.0  # for one question and all its redirects
MOST_REDIRECTS = 3
GONE = (http.HTTPStatus.NOT_FOUND, http.HTTPStatus.GONE)
REDIRECTS = (301, 302, 303, 307, 308)
# What stands for an address of the older sort, which may be a private one; what is private by another name, or answered from
# within: addresses of sites, those that protocols keep for themselves, and that of the machine under a hosted one.
NOT_OUTSIDE = [
    ipaddress.ip_network(one)
    for one in (
        "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "fec0::/10", "3fff::/20",
        "192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32",
    )
]  # fmt: skip
Allowed = Callable[[str, int], bool]


class Met(TextChoices):
    """What was met in place of an answer."""

    NOWHERE = "nowhere", _("Its name leads nowhere.")
    PRIVATE = "private", _("It leads to an address that is not public.")
    AWAY = "away", _("Nothing answers there.")
    SLOW = "slow", _("It took more than ten seconds.")
    CERTIFICATE = "certificate", _("Its certificate is not valid.")
    ERROR = "error", _("It answers with an error, or that there is no such page.")
    CIRCLE = "circle", _("It leads on and on.")


class NotReached(Exception):
    def __init__(self, met: Met) -> None:
        super().__init__(met.value)
        self.met = met


@dataclass(frozen=True)
class Place:
    """Where a web address leads: the address of the machine, looked at already."""

    host: str
    address: str
    port: int
    secure: bool


def is_public(address: str, port: int = 0) -> bool:
    """Whether an address of a machine is one of the internet at large."""
    try:
        one = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    one = getattr(one, "ipv4_mapped", None) or one
    if any(one in network for network in NOT_OUTSIDE):
        return False
    return one.is_global and not one.is_multicast and not one.is_reserved


def visit(url: str, allowed: Allowed | None = None, seconds: float = SECONDS) -> Met | None:
    """Nothing where it answers; else what was met. A page that is refused to robots is there all the same."""
    met = None
    for method in ("HEAD", "GET"):  # some servers answer an error to a question for the head alone
        try:
            return _follow(method, url, allowed or is_public, time.monotonic() + seconds)
        except NotReached as error:
            met = error.met
            if met in (Met.NOWHERE, Met.PRIVATE):
                break
    return met


def _follow(method: str, url: str, allowed: Allowed, ends: float) -> None:
    for _step in range(MOST_REDIRECTS + 1):
        status, location = _ask(method, url, allowed, ends)
        if status not in REDIRECTS or not location:
            if status in GONE or 500 <= status < 600:
                raise NotReached(Met.ERROR)
            return
        try:
            url = urljoin(url, location)
        except ValueError as error:  # no address at all
            raise NotReached(Met.NOWHERE) from error
    raise NotReached(Met.CIRCLE)


def _ask(method: str, url: str, allowed: Allowed, ends: float) -> tuple[int, str]:
    try:
        parts = urlsplit(url)
        place = _place(parts.scheme, parts.hostname or "", parts.port, allowed, ends)
        path = quote(parts.path or "/", safe="%/:=&~+!$,;'@()*") + (
            f"?{quote(parts.query, safe='%/:=&?~+!$,;@()*')}" if parts.query else ""
        )
        connection = Directly(place, ends)
        try:
            connection.connect()
            with cut_off(connection.sock, ends - time.monotonic()):
                connection.request(method, path, headers={"User-Agent": "cluster-portal", "Connection": "close"})
                with connection.getresponse() as answer:
                    found = answer.status, answer.headers.get("Location", "")
        finally:
            connection.close()
        return found
    except ssl.SSLCertVerificationError as error:
        raise NotReached(Met.CERTIFICATE) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = isinstance(error, TimeoutError) or time.monotonic() >= ends
        raise NotReached(Met.SLOW if late else Met.AWAY) from error


def _place(scheme: str, host: str, port: int | None, allowed: Allowed, ends: float) -> Place:
    if scheme not in ("http", "https") or not host:
        raise NotReached(Met.NOWHERE)
    number = port or (443 if scheme == "https" else 80)
    addresses = _resolved(host, number, ends)
    if not all(allowed(address, number) for address in addresses):
        raise NotReached(Met.PRIVATE)
    first = next((one for one in addresses if ":" not in one), addresses[0])  # not every server reaches the newer sort
    return Place(host, first, number, scheme == "https")


def _resolved(host: str, port: int, ends: float) -> list[str]:
    """Beside this thread, since nothing else bounds how long it takes."""
    found: list[str] = []
    failed: list[Exception] = []

    def ask() -> None:
        try:
            found.extend(str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(max(ends - time.monotonic(), 0))
    if asking.is_alive():
        raise NotReached(Met.SLOW)
    if failed or not found:
        raise NotReached(Met.NOWHERE)
    return found


class Directly(http.client.HTTPConnection):
    """To the address of a place; the name is said to the server, and never resolved again."""

    def __init__(self, place: Place, ends: float) -> None:
        super().__init__(place.host, place.port, timeout=max(ends - time.monotonic(), 0.1))
        self.place, self.ends = place, ends
        self.default_port = 443 if place.secure else 80

    def connect(self) -> None:
        sock = socket.create_connection((self.place.address, self.place.port), timeout=self.timeout)
        self.sock = sock  # closed with the connection, whatever happens next
        if self.place.secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(sock, server_hostname=self.place.host, do_handshake_on_connect=False)
            with cut_off(self.sock, self.ends - time.monotonic()):
                self.sock.do_handshake()
