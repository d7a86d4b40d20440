"""The worker's part: lists that are due are compared with what stood in them, and their readers are told.

A list is read once for all who follow it. What stands in it is kept in the transaction in which its reader's mail is
written: whatever happens in between, nothing is told twice and nothing is passed over.
"""

import logging
import time

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import override

from contributions.alerts import letters
from contributions.alerts.lists import OneList
from contributions.alerts.snapshots import Snapshot
from contributions.models import ListAlert

logger = logging.getLogger(__name__)

AT_ONCE = 20.0  # seconds, after which what else a worker does has its turn


def look_at_lists() -> int:
    """How many mails were made."""
    begun, made = time.monotonic(), 0
    for one, alerts in _due().items():
        try:
            made += _look_at(one, alerts)
        except (OperationalError, InterfaceError):
            raise
        except Exception:  # the other lists do not wait for it
            logger.exception("A list that is followed could not be looked at: %s %s", one.which, one.slug)
        if time.monotonic() - begun > AT_ONCE:
            break
    return made


def _due() -> dict[OneList, list[int]]:
    lists: dict[OneList, list[int]] = {}
    rows = ListAlert.objects.due(timezone.now()).order_by("looked_on", "pk")
    for pk, *one in rows.values_list("pk", "which", "slug", "query"):
        lists.setdefault(OneList(*one), []).append(pk)
    return lists


def _look_at(one: OneList, alerts: list[int]) -> int:
    with override("fr"):  # the digests are the same whoever reads the mail
        whole = one.read()
        now = Snapshot.of(whole) if whole else None
    packed = now.packed() if now else b""
    return sum(_tell(pk, one, now, packed) for pk in alerts)


def _tell(pk: int, one: OneList, now: Snapshot | None, packed: bytes) -> bool:
    at = timezone.now()
    with transaction.atomic():
        alert = ListAlert.objects.due(at).select_for_update(skip_locked=True).filter(pk=pk).first()
        if alert is None:  # another worker was at it, or it is no longer wanted
            return False
        if now is None:
            letters.gone(alert)
            alert.delete()
            return True
        difference = now.since(Snapshot.unpacked(alert.seen)) if alert.seen else None
        alert.seen, alert.looked_on = packed, timezone.localdate(at)
        if difference:
            letters.tell(alert, one, difference)
            alert.sent_at = at
        alert.save(update_fields=["seen", "looked_on", "sent_at"])
    return bool(difference)


def ask_whether_still_wanted() -> int:
    """A month before what nobody was heard of ends; once for each of these times. How many are asked these days."""
    silent = ListAlert.objects.soon_silent(timezone.now())
    for alert in silent:
        letters.still_wanted(alert)
    return len(silent)
