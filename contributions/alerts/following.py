"""A list is followed, confirmed, kept and no longer followed: what its reader does."""

import hashlib
import json
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from cluster_portal.mail.sending import KEPT_DAYS
from cluster_portal.models import OutgoingMail
from cluster_portal.pages.this_page import site_of
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
                "sent_from": site_of(request),
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
    forget(ListAlert.objects.filter(pk=pk))


def forget(alerts: QuerySet) -> int:
    """Nothing of them is kept, the addresses of their readers neither: mails that were written to them go too. What is
    just being sent goes a month later."""
    with transaction.atomic():
        ended = list(alerts.select_for_update().defer("seen"))
        for alert in ended:
            hers = OutgoingMail.objects.filter(kind__in=letters.KINDS, to__iexact=alert.email)
            waits_or_asks = Q(state=OutgoingMail.State.WAITING) | Q(
                kind=letters.STILL
            )  # who was asked is not asked again
            of_others = waits_or_asks & ~letters.of_alert(alert)
            hers.exclude(of_others | Q(state=OutgoingMail.State.SENDING)).delete()
        ListAlert.objects.filter(pk__in=[alert.pk for alert in ended]).delete()
    return len(ended)


def forget_what_nobody_confirmed() -> int:
    return forget(ListAlert.objects.unconfirmed(timezone.now() - UNCONFIRMED_FOR))


def forget_old_mails() -> int:
    """Of other mails it stays to whom they went."""
    old = OutgoingMail.objects.filter(kind__in=letters.KINDS, queued_at__lt=timezone.now() - timedelta(days=KEPT_DAYS))
    return old.exclude(state__in=(OutgoingMail.State.WAITING, OutgoingMail.State.SENDING)).delete()[0]
