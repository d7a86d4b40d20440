"""“Is this still right?”: each member of a cluster that asks is sent what is published of it, once a year and a reminder.

Who was asked, and who answered, is read off the links that were sent (``SignedLink``); nobody is written down twice. What
is due is found for all clusters together: an organisation that is a member of two is asked by one of them.
"""

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django_tasks import task

from cluster_portal.mail import queue_all, written
from cluster_portal.models import OutgoingMail
from cluster_portal.work.knowing import called, every_day
from contributions import letters
from contributions.letters import CHANGED, NO_MORE, YES
from contributions.links import NO_MORE_QUESTIONS, signed
from contributions.models import Correspondence, LinkPurpose, SignedLink, UnwantedMail, digest_of, unwanted
from members.models import Membership, Organisation
from members.querysets import not_verified

logger = logging.getLogger(__name__)

AGAIN_AFTER = 365  # days from one question to the next
REMINDED_AFTER, REMINDED_UNTIL = 21, 60  # days after the question; whoever switches it on late reminds of nothing old
AT_ONCE = 200  # mails that are written into the database together
PAGES = {LinkPurpose.CONFIRM: YES, LinkPurpose.CHANGE: CHANGED}


@dataclass(frozen=True)
class Due:
    """An organisation that is to be asked, or reminded, by a cluster (all by their keys)."""

    organisation: int
    email: str
    cluster: int
    reminds: bool


@dataclass(frozen=True)
class Part:
    """What a cluster has to send, and what of it goes today."""

    correspondence: Correspondence
    due: list[Due]
    today: list[Due]


# --- who --------------------------------------------------------------------------------------------------------------
def parts(rows: Iterable[Correspondence]) -> list[Part]:
    """Of these clusters; reminders first, then who was verified longest ago."""
    today = timezone.localdate()
    found: dict[int, list[Due]] = {}
    for one in due(today):
        found.setdefault(one.cluster, []).append(one)
    sent = Counter(
        SignedLink.objects.filter(purpose=LinkPurpose.CONFIRM).sent_on(today, today).values_list("cluster", flat=True)
    )
    return [
        Part(row, theirs, theirs[: max(0, row.most_a_day - sent[row.cluster_id])])
        for row in rows
        for theirs in [found.get(row.cluster_id, [])]
    ]


def due(today: date) -> list[Due]:
    """Of all clusters that ask."""
    asking = Membership.objects.current(today).filter(cluster__in=Correspondence.objects.asking().values("cluster"))
    rows = (
        Organisation.objects.published()
        .exclude(email="")
        .filter(not_verified(), pk__in=asking.order_by().values("organisation"))
        .order_by(F("verified_on").asc(nulls_first=True), "pk")
    )
    found = [(True, *row) for row in _to_remind(rows, today).values_list("pk", "email", "lead_cluster")]
    found += [(False, *row) for row in _to_ask(rows, today).values_list("pk", "email", "lead_cluster")]
    clusters = _clusters_of(asking)
    no_more = unwanted((email for _reminds, _pk, email, _lead in found), UnwantedMail.QUESTIONS)
    return [
        Due(pk, email, lead if lead in clusters[pk] else clusters[pk][0], reminds)
        for reminds, pk, email, lead in found
        if email not in no_more
    ]


def _clusters_of(memberships: QuerySet) -> dict[int, list[int]]:
    """Whichever keeps an organisation asks it, if it does ask; else the first that recorded it."""
    found: dict[int, list[int]] = {}
    for organisation, cluster in memberships.order_by("pk").values_list("organisation", "cluster"):
        found.setdefault(organisation, []).append(cluster)
    return found


def _questions() -> QuerySet:
    return SignedLink.objects.filter(purpose=LinkPurpose.CONFIRM, reminds=False)


def _to_ask(rows: QuerySet, today: date) -> QuerySet:
    asked = _questions().sent_on(today - timedelta(days=AGAIN_AFTER - 1))
    return rows.exclude(pk__in=asked.organisations())


def _to_remind(rows: QuerySet, today: date) -> QuerySet:
    """Asked some weeks ago, and neither answered nor reminded since."""
    first, last = today - timedelta(days=REMINDED_UNTIL), today - timedelta(days=REMINDED_AFTER)
    lately = SignedLink.objects.sent_on(first)
    return (
        rows.filter(pk__in=_questions().sent_on(first, last).organisations())
        .exclude(pk__in=_questions().sent_on(last + timedelta(days=1)).organisations())
        .exclude(pk__in=lately.filter(reminds=True).organisations())
        .exclude(pk__in=lately.filter(used_at__isnull=False).organisations())
    )


# --- asked ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def ask(clusters: Collection[int] | None = None) -> list[Part]:
    """As many as each cluster sends a day, less what it sent today. Of two who ask at once the second finds what the
    first did."""
    locked = Correspondence.objects.asking().select_related("cluster").select_for_update(of=("self",)).order_by("pk")
    found = parts([row for row in locked if clusters is None or row.cluster_id in clusters])
    for part in found:
        rest = iter(part.today)
        while some := list(islice(rest, AT_ONCE)):
            _send(part.correspondence, some)
    return found


def _send(correspondence: Correspondence, some: list[Due]) -> None:
    organisations = Organisation.objects.prefetch_related("themes", "sites").in_bulk([one.organisation for one in some])
    links: list[SignedLink] = []
    mails: list[OutgoingMail] = []
    for one in some:
        organisation = organisations[one.organisation]
        organisation.email = one.email  # to which it is sent, whoever changes it meanwhile
        secrets = {NO_MORE: signed(digest_of(one.email), NO_MORE_QUESTIONS)}
        for purpose in LinkPurpose:
            link = SignedLink(
                organisation=organisation,
                cluster_id=one.cluster,
                purpose=purpose,
                sent_to=one.email,
                reminds=one.reminds,
            )
            secrets[PAGES[purpose]] = link.new_secret()
            links.append(link)
        mails.append(mail_to(organisation, correspondence, secrets, reminds=one.reminds))
    SignedLink.objects.bulk_create(links)
    queue_all(mails)


def mail_to(
    organisation: Organisation,
    correspondence: Correspondence,
    secrets: Mapping[str, str],
    *,
    language: str = "",
    reminds: bool = False,
    site: str = "",
) -> OutgoingMail:
    """The mail, in no queue yet. ``secrets``: what each of its links says, by the name of its page."""
    language = language or letters.language_of(organisation)
    ways = {page: address(page, secret, language, site) for page, secret in secrets.items()}
    letter = letters.still_right(organisation, correspondence, ways, language, reminds=reminds, site=site)
    # RFC 8058: a button of the mail program, which posts to that address
    headers = {"List-Unsubscribe": f"<{ways[NO_MORE]}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return written(
        letter, organisation.email, language=language, kind="still-right", reply_to=correspondence.answers_go_to,
        headers=headers, private=True,
    )  # fmt: skip


def address(page: str, token: str, language: str, site: str = "") -> str:
    with override(language):
        return f"{site or settings.SITE_URL}{reverse(page)}?t={token}"


# --- each day ---------------------------------------------------------------------------------------------------------
@task()
def ask_todays() -> str:
    count = sum(len(part.today) for part in ask())
    return f"{count} asked"


called(ask_todays, _("Questions to members"))


@every_day
def ask_each_day() -> None:
    """Into the queue: whoever looks after tasks that died does not wait for it."""
    if not Correspondence.objects.asking().exists():
        return
    if not settings.SITE_URL:
        logger.warning("Members are not asked: SITE_URL is not set, without which a mail has no link")
        return
    ask_todays.enqueue()
