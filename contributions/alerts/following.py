"""A list is followed, confirmed, kept and no longer followed: what its reader does."""

import hashlib
import json

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from cluster_portal.pages.this_page import absolute
from contributions.alerts import letters
from contributions.alerts.lists import OneList
from contributions.links import UNCONFIRMED_FOR
from contributions.models import ListAlert


def follow(request: HttpRequest, one: OneList, email: str, frequency: str) -> None:
    """Mails the link that confirms it, to whom it may concern: an address that follows the list already confirms how often
    it is told from now on. Whoever asks reads the same in either case."""
    language = get_language() or "fr"
    with transaction.atomic():
        alert, _made = ListAlert.objects.get_or_create(
            fingerprint=fingerprint(one, email),
            defaults={
                "which": one.which,
                "slug": one.slug,
                "query": one.query,
                "email": email,
                "language": language,
                "frequency": frequency,
                "sent_from": absolute(request, "/").rstrip("/"),
            },
        )
        if alert.confirmed_at is None:  # the last mail counts, and has its 48 hours
            ListAlert.objects.filter(pk=alert.pk).update(
                language=language, frequency=frequency, created_at=timezone.now()
            )
        letters.confirm(alert, one, frequency, language)


def fingerprint(one: OneList, email: str) -> str:
    said = [one.which, one.slug, one.query, email.lower()]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def confirm(alert: ListAlert, frequency: str, language: str) -> None:
    now = timezone.now()
    ListAlert.objects.filter(pk=alert.pk, confirmed_at=None).update(confirmed_at=now, answered_at=now)
    ListAlert.objects.filter(pk=alert.pk).update(frequency=frequency, language=language, answered_at=now)


def keep(alert: ListAlert) -> None:
    """Its reader was heard of."""
    ListAlert.objects.filter(pk=alert.pk).exclude(confirmed_at=None).update(answered_at=timezone.now())


def stop(pk: int) -> None:
    """Nothing of it is kept, its reader's address neither."""
    ListAlert.objects.filter(pk=pk).delete()


def forget_what_nobody_confirmed() -> int:
    return ListAlert.objects.unconfirmed(timezone.now() - UNCONFIRMED_FOR).delete()[0]
