"""Staff are told by mail of what waits for them: at once or in one mail each morning, and never twice of one thing.

Nobody who makes something wait need say so: each minute the worker looks for what nobody was told of yet.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from cluster_portal.mail import Letter, queue
from members.models import RoleAssignment

from .models import ChangeProposal, Matter, Notice, NoticeChoice, NoticeTime
from .waiting import Waits, what_waits

MORNING = 7  # o'clock, by the site's clock
LANGUAGE = "fr"  # of staff, as long as nobody is asked for hers
AT_FIRST = NoticeTime.MORNING
FORGOTTEN_AFTER = timedelta(days=400)  # older than anything that waits


def tell_staff() -> int:
    """How many mails were made."""
    choices: dict[tuple[int, str], str] = {
        (user, matter): time for user, matter, time in NoticeChoice.objects.values_list("user", "matter", "time")
    }
    return sum(_tell(user, choices) for user in _staff())


def _staff():
    """Whoever works here today; with an address."""
    working = RoleAssignment.objects.at_work().values("user")
    return get_user_model()._default_manager.filter(pk__in=working).exclude(email="").order_by("pk")


def _tell(user, choices: dict[tuple[int, str], str]) -> int:
    """In one transaction for each person: what was noted is sent, and the other way round."""
    rows = what_waits(user)
    with transaction.atomic():
        _note(user, rows, choices)
        unsent = {one.about: one for one in Notice.objects.unsent().filter(user=user).select_for_update()}
        still = [row for row in rows if row.about in unsent]
        at_once = [row for row in still if _time(user, row.matter, choices) == NoticeTime.AT_ONCE]
        morning = [row for row in still if _time(user, row.matter, choices) == NoticeTime.MORNING]
        due = at_once + (morning if morning and _is_morning_for(user, morning) else [])
        gone = [one.pk for about, one in unsent.items() if about not in {row.about for row in still}]
        Notice.objects.filter(pk__in=gone).delete()  # decided meanwhile: nobody is told
        _forget_what_waits_no_more(user, rows)
        if not due:
            return 0
        Notice.objects.filter(pk__in=[unsent[row.about].pk for row in due]).update(sent_at=timezone.now())
        _mail(user, due)
        return 1


def _time(user, matter: str, choices: dict[tuple[int, str], str]) -> str:
    return choices.get((user.pk, matter), AT_FIRST)


def _note(user, rows: Iterable[Waits], choices: dict[tuple[int, str], str]) -> None:
    wanted = [row for row in rows if _time(user, row.matter, choices) != NoticeTime.NEVER]
    known = set(Notice.objects.filter(user=user).values_list("about", flat=True))
    new = [Notice(user=user, matter=row.matter, about=row.about) for row in wanted if row.about not in known]
    Notice.objects.bulk_create(new, ignore_conflicts=True)


def _is_morning_for(user, rows: list[Waits]) -> bool:
    """From seven o'clock on, once a day."""
    now = timezone.localtime()
    if now.hour < MORNING:
        return False
    matters = {row.matter for row in rows}
    last = Notice.objects.filter(user=user, matter__in=matters).aggregate(last=Max("sent_at"))["last"]
    return last is None or timezone.localdate(last) < now.date()


def _forget_what_waits_no_more(user, rows: list[Waits]) -> None:
    """From the next day on: a record that was refused may be in review again, and is another thing then."""
    waits = [row.about for row in rows]
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    Notice.objects.filter(user=user, sent_at__lt=today).exclude(about__in=waits).delete()


def _mail(user, rows: list[Waits]) -> None:
    number = len(rows)
    with override(LANGUAGE):
        subject = ngettext("%(number)d thing waits for you", "%(number)d things wait for you", number)
        letter = Letter(
            subject=subject % {"number": number},
            lines=[
                (str(matter.label), str(count))
                for matter in Matter
                if (count := sum(row.matter == matter for row in rows))
            ],
            link=_way_to_the_queue(rows),
            end=_("You choose on the page “Notices by mail” of which things you are told, and when."),
        )
    queue(letter, user.email, language=LANGUAGE, kind="notice")


def _way_to_the_queue(rows: list[Waits]) -> tuple[str, str] | None:
    """By the address that the operator gave, else by one at which somebody reached the site."""
    keys = [row.pk for row in rows if row.model == ChangeProposal._meta.label_lower]
    senders = ChangeProposal.objects.filter(pk__in=keys).exclude(sent_from="").values_list("sent_from", flat=True)
    site = settings.SITE_URL or senders.first()
    return (_("What waits for a decision"), site + reverse("admin:contributions_queue")) if site else None


def forget_old() -> int:
    return Notice.objects.filter(sent_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()[0]
