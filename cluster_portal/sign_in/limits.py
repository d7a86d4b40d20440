"""How often a wrong password is taken: five in a row of one account, five from one address, then none for a while.

Counted before the password is looked at, in the cache that all processes share: who sends a hundred at once has five
looked at.
"""

import hashlib

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest

CACHE = settings.CACHES["default"]["LOCATION"]
APP = "cluster_portal.sign_in"
WRONG = 5
MINUTES = 10
RATES = {"account": f"{WRONG}/{MINUTES}m/key", "address": f"{WRONG}/{MINUTES}m/ip"}


class Attempt:
    """A password on its way; ``account`` names whose it should be, whatever was typed for it."""

    def __init__(self, request: HttpRequest, account: str) -> None:
        self.request, self.account = request, account
        self.from_address = self._count("address")
        self.of_account = self._count("account", key=account) if self.from_address else None
        if self.from_address and not self.of_account:
            self.from_address.rollback()  # it was not looked at

    def _count(self, action: str, **key):
        return ratelimit.consume(self.request, app=APP, action=action, config=RATES, **key)

    @property
    def refused(self) -> bool:
        return not self.of_account

    @property
    def first_refusal(self) -> bool:
        """Once for each account and while: what is refused a thousand times is told once."""
        what = (
            hashlib.sha256(self.account.encode()).hexdigest() if self.from_address else ratelimit.get_ip(self.request)
        )
        return cache.add(f"portal:refused:{what}", True, MINUTES * 60)

    def was_right(self) -> None:
        """The row of wrong ones is over for the account. For the address it is not: whoever has an account there could
        wipe out what she tried on others."""
        if self.from_address:
            self.from_address.rollback()
        ratelimit.clear(self.request, app=APP, action="account", config=RATES, key=self.account)


def forget_what_is_over() -> None:
    """Django's cache removes what has expired only when it is full, and counts all of it each time."""
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{CACHE}" WHERE expires < now()')
