"""Staff are told by mail of what waits for them, and of what was refused of theirs: at once or in one mail each morning,
and never twice of one thing.

Nobody who makes something wait need say so: each minute the worker looks for what nobody was told of yet.
"""

from collections.abc import Iterable, Iterator
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

from . import letters
from .models import ChangeProposal, Matter, Notice, NoticeChoice, NoticeLanguage, NoticeTime
from .querysets import MORNING
from .refusals import Refused, refused_lately
from .waiting import Waits, what_waits

AT_FIRST = NoticeTime.MORNING
FORGOTTEN_AFTER = timedelta(days=400)  # older than anything that waits


def tell_staff() -> int:
    """How many mails were made."""
    choices: dict[tuple[int, str], str] = {
        (user, matter): time for user, matter, time in NoticeChoice.objects.values_list("user", "matter", "time")
    }
    refused = refused_lately()
    _tell_senders(refused)
    return sum(_tell(user, choices, refused) for user in _staff())


def _staff():
    """Whoever works here today; with an address."""
    working = RoleAssignment.objects.at_work().values("user")
    return get_user_model()._default_manager.filter(pk__in=working).exclude(email="").order_by("pk")


def _tell_senders(refused: list[Refused]) -> None:
    """Of what they proposed, that the draft which was made of it was refused, once: staff may go back and forth."""
    for one in refused:
        with transaction.atomic():
            for proposal in ChangeProposal.objects.that_made(one.record):
                letters.not_published(proposal, one.reason)


def _hers(user, refused: list[Refused]) -> list[Refused]:
    """What she submitted and somebody else refused, as far as she may open it."""
    rows = [one for one in refused if one.author == user.pk and one.by != user.pk]
    return [
        one for one in rows if type(one.record)._default_manager.editable_by(user).filter(pk=one.record.pk).exists()
    ]


def _tell(user, choices: dict[tuple[int, str], str], refused: list[Refused]) -> int:
    """In one transaction for each person: what was noted is sent, and the other way round."""
    rows: list[Waits | Refused] = [*what_waits(user), *_hers(user, refused)]
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


def _note(user, rows: Iterable[Waits | Refused], choices: dict[tuple[int, str], str]) -> None:
    wanted = [row for row in rows if _time(user, row.matter, choices) != NoticeTime.NEVER]
    known = set(Notice.objects.filter(user=user).values_list("about", flat=True))
    new = [Notice(user=user, matter=row.matter, about=row.about) for row in wanted if row.about not in known]
    Notice.objects.bulk_create(new, ignore_conflicts=True)


def _is_morning_for(user, rows: list[Waits | Refused]) -> bool:
    """From seven o'clock on, once a day."""
    now = timezone.localtime()
    if now.hour < MORNING:
        return False
    matters = {row.matter for row in rows}
    last = Notice.objects.filter(user=user, matter__in=matters).aggregate(last=Max("sent_at"))["last"]
    return last is None or timezone.localdate(last) < now.date()


def _forget_what_waits_no_more(user, rows: list[Waits | Refused]) -> None:
    """From the next day on: a record that was refused may be in review again, and is another thing then."""
    waits = [row.about for row in rows]
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    Notice.objects.filter(user=user, sent_at__lt=today).exclude(about__in=waits).delete()


def _mail(user, rows: list[Waits | Refused]) -> None:
    waiting = [row for row in rows if isinstance(row, Waits)]
    refused = [row for row in rows if isinstance(row, Refused)]
    hers = NoticeLanguage.objects.filter(user=user).values_list("language", flat=True).first()
    language = hers or settings.LANGUAGE_CODE
    with override(language):
        letter = Letter(
            subject=" · ".join(_subjects(len(waiting), len(refused))),
            lines=[
                *(
                    (str(matter.label), str(count))
                    for matter in Matter
                    if (count := sum(row.matter == matter for row in waiting))
                ),
                *(
                    (_("Refused: %(name)s.") % {"name": one.record}, one.reason or _("No reason was given."))
                    for one in refused
                ),
            ],
            link=_way_on(waiting, refused),
            end=_("You choose on the page “Notices by mail” of which things you are told, and when."),
        )
    queue(letter, user.email, language=language, kind="notice")


def _subjects(waiting: int, refused: int) -> Iterator[str]:
    if waiting:
        yield ngettext("%(number)d thing waits for you", "%(number)d things wait for you", waiting) % {
            "number": waiting
        }
    if refused:
        yield ngettext(
            "%(number)d record that you submitted was refused",
            "%(number)d records that you submitted were refused",
            refused,
        ) % {"number": refused}


def _way_on(waiting: list[Waits], refused: list[Refused]) -> tuple[str, str] | None:
    """To the queue, or to the form of what was refused. Where the operator gave no address of the site: by the one at which
    somebody reached it, for the worker has none of its own."""
    keys = [row.pk for row in waiting if row.model == ChangeProposal._meta.label_lower]
    sent = ChangeProposal.objects.filter(pk__in=keys).exclude(sent_from="")
    site = settings.SITE_URL or sent.values_list("sent_from", flat=True).first()
    if not site:
        return None
    if waiting:
        return _("What waits for a decision"), site + reverse("admin:contributions_queue")
    record = refused[0].record
    name = f"admin:{record._meta.app_label}_{record._meta.model_name}_change"
    return str(record), site + reverse(name, args=[record.pk])


def forget_old() -> int:
    return Notice.objects.filter(sent_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()[0]
