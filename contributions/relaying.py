"""What visitors write to an organisation, or to the coordinator of a project, whose address they are not shown.

A message waits for its sender to confirm it, and leaves by mail with her address to answer to. Of a message that has left,
nothing is kept but that there was one.
"""

import json
from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cluster_portal.pages.this_page import site_of
from cluster_portal.records.compiled import compiled
from cluster_portal.work.knowing import every_day
from contributions import letters
from contributions.links import CONFIRM_MESSAGE, UNCONFIRMED_FOR, said_by
from contributions.models import RelayedMessage, UnwantedMail, is_unwanted
from members.models import Organisation
from projects.models import Participation, Project

MOST_A_DAY = 10  # messages that one address gets, whoever writes them


@compiled
def coordinators_of(project: int):
    return (
        Organisation.objects.published()
        .filter(participations__project=project, participations__role=Participation.Role.COORDINATOR)
        .order_by()
        .only("name", "email", "status")
    )


def receiver_of(record: Organisation | Project) -> Organisation | None:
    """Who reads what is written from a page; nobody where that cannot be: there is no address, or no such mail is wanted."""
    one = coordinators_of.first(record.pk) if isinstance(record, Project) else record
    return one if one is not None and is_reached(one) else None


def is_reached(organisation: Organisation) -> bool:
    published = organisation.has_a_page and not organisation.is_archived
    return bool(published and organisation.email) and not is_unwanted(organisation.email, UnwantedMail.MESSAGES)


def what_stops_it(organisation: Organisation) -> str:
    """A sentence for whoever writes, or nothing."""
    if not is_reached(organisation):
        return not_reached(organisation)
    of_today = RelayedMessage.objects.passed_on(since=timezone.now() - timedelta(days=1))
    if of_today.to_address(organisation.email).count() < MOST_A_DAY:
        return ""
    return _(
        "%(name)s was sent %(number)d messages since yesterday, and gets no more in a day. Send yours tomorrow."
    ) % {
        "name": organisation.name,
        "number": MOST_A_DAY,
    }


def not_reached(record: Organisation | Project) -> str:
    return _("Nobody can be written to from the page of %(name)s.") % {"name": record}


def write(request: HttpRequest, to: Organisation, sender: Mapping[str, str], text: str, about: Project | None) -> None:
    """Keeps it unconfirmed, and mails the link that confirms it. The same once more is mailed a link once more, as long as
    it was not passed on; whoever sends it reads the same thanks."""
    message = RelayedMessage(
        organisation=to,
        project=about,
        sender_name=sender["sender_name"],
        sender_email=sender["sender_email"],
        text=text,
        language=get_language() or "fr",
        sent_from=site_of(request),
    )
    message.fingerprint = fingerprint(message)
    with transaction.atomic():
        RelayedMessage.objects.bulk_create([message], ignore_conflicts=True)
        waiting = RelayedMessage.objects.unconfirmed().with_subject().filter(fingerprint=message.fingerprint)
        if waiting.update(created_at=timezone.now()):
            letters.confirm_message(waiting.get())


def fingerprint(message: RelayedMessage) -> str:
    """Of who writes what to whom. Keyed, so that nobody who reads it can try what was said."""
    said = [message.organisation_id, message.sender_email.lower(), " ".join(message.text.split())]
    return salted_hmac("contributions.message", json.dumps(said), algorithm="sha256").hexdigest()


def message_behind(token: str) -> RelayedMessage | None:
    """Nothing for a link that was altered, or whose message was not confirmed in time."""
    found = RelayedMessage.objects.with_subject().filter(pk=said_by(token, CONFIRM_MESSAGE)).first()
    if found is None or found.passed_on_at:
        return found
    return found if found.created_at > timezone.now() - UNCONFIRMED_FOR else None


def pass_on(message: RelayedMessage) -> str:
    """Queues it for the organisation, once, and forgets its words and its sender; or says what stops it."""
    with transaction.atomic():
        # One after the other, so that the limit holds for those that are confirmed at one moment.
        organisation = Organisation.objects.select_for_update(no_key=True).get(pk=message.organisation_id)
        waiting = RelayedMessage.objects.unconfirmed().with_subject().filter(pk=message.pk)
        found = waiting.select_for_update(of=("self",)).first()
        if found is None:
            return ""  # a second click
        if stopped := what_stops_it(organisation):
            return stopped
        letters.pass_on(found)
        waiting.update(passed_on_at=timezone.now(), sender_name="", sender_email="", text="")
    return ""


@every_day
def forget_what_nobody_confirmed() -> int:
    """And, of what has left, that the same is not to be sent again."""
    before = timezone.now() - UNCONFIRMED_FOR
    RelayedMessage.objects.passed_on(before=before).exclude(fingerprint=None).update(fingerprint=None)
    return RelayedMessage.objects.never_confirmed(before).delete()[0]
