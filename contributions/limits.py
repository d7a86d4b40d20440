"""How much is taken from one sender: five an hour for an address, twenty a day for a network.

Counted in the cache that all processes share, under a digest, and forgotten with the hour and the day: nothing of where a
visitor came from is written down anywhere else.
"""

import hashlib
from ipaddress import ip_address, ip_network

from allauth.core.internal import ratelimit
from django.http import HttpRequest

APP = "contributions"
PER_HOUR, PER_DAY = 5, 20
RATES = {"sender": f"{PER_HOUR}/h/key", "network": f"{PER_DAY}/d/key"}


def too_many(request: HttpRequest, sender: str) -> bool:
    """Whether this one is above what is taken; counts it otherwise."""
    return not (_counted(request, "network", _network(request)) and _counted(request, "sender", _mailbox(sender)))


def _counted(request: HttpRequest, action: str, key: str) -> bool:
    digest = hashlib.sha256(key.encode(errors="replace")).hexdigest()
    return bool(ratelimit.consume(request, app=APP, action=action, config=RATES, key=digest))


def _mailbox(sender: str) -> str:
    """What comes to the same one by most mail servers: lea@, Lea@, l.ea@, lea+1@."""
    name, _at, domain = sender.lower().rpartition("@")
    return f"{name.partition('+')[0].replace('.', '')}@{domain}"


def _network(request: HttpRequest) -> str:
    """The /24 or /48 of an address: who has one has its neighbours too."""
    try:
        address = ip_address(ratelimit.get_ip(request))
    except ValueError:
        return "unknown"
    return str(ip_network(f"{address}/{24 if address.version == 4 else 48}", strict=False))
