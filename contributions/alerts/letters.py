"""What the reader of an alert is written, in the language in which she last asked for it."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from cluster_portal.mail import Letter, Listed, queue
from cluster_portal.writing.typography import date_in_words, number
from contributions.alerts.lists import OneList
from contributions.alerts.snapshots import Difference
from contributions.links import CONFIRM_ALERT, KEEP_ALERT, STOP_ALERT, path_to
from contributions.models import FollowedList, Frequency, ListAlert
from contributions.querysets import SILENT_FOR

ASK, NEWS, STILL, GONE = KINDS = "alert-confirm", "alert", "alert-keep", "alert-gone"
MOST_NAMED = 20


def of_alert(alert: ListAlert) -> Q:
    """Mails of this alert and of no other of its reader’s."""
    mails = Q(pk__in=[])
    for kind in (ASK, NEWS, STILL):
        mails |= Q(once__startswith=f"{kind}-{alert.pk}-")
    return mails


def stop_path(alert: ListAlert) -> str:
    return path_to(alert, STOP_ALERT)


def keep_path(alert: ListAlert) -> str:
    return path_to(alert, KEEP_ALERT)


def confirm(alert: ListAlert, one: OneList, frequency: str, language: str) -> None:
    """The link without which nothing is ever told."""
    with override(language):
        said = [alert.pk, frequency, language]
        letter = Letter(
            subject=_("Please confirm: follow a list of the directory"),
            paragraphs=[
                _("Somebody, you it seems, wants to be told by mail what changes in this list of the directory:"),
                _without_words(one),
                _("Confirm it within 48 hours; if you do not, nothing is sent, and your address is deleted."),
            ],
            lines=[(_("How often:"), str(Frequency(frequency).label))],
            link=(
                _("Follow this list"),
                _site(alert) + path_to(alert, CONFIRM_ALERT, said, language),
            ),
        )
    once = f"{ASK}-{alert.pk}-{timezone.now().isoformat()}"
    queue(letter, alert.email, language=language, kind=ASK, once=once)


def tell(alert: ListAlert, one: OneList, difference: Difference) -> None:
    """What joined, left and changed: named are those that anybody may see, the others are counted."""
    with override(alert.language):
        whole = one.read()
        if whole is None:
            return
        told = (
            (_joined(len(difference.joined)), difference.joined),
            (_left(len(difference.left)), difference.left),
            (_changed(len(difference.changed)), difference.changed),
        )
        letter = Letter(
            subject=_("News of your list: %(list)s") % {"list": whole.shown.title},
            paragraphs=[whole.shown.title],
            lists=[_listed(alert, heading, keys, whole.named(keys, MOST_NAMED)) for heading, keys in told if keys],
            link=(_("See the list"), _site(alert) + whole.shown.address),
            further=[_no_more(alert)],
        )
    _queue(alert, letter, NEWS, once=f"{NEWS}-{alert.pk}-{timezone.localdate()}")


def still_wanted(alert: ListAlert) -> None:
    """Asked once of each time for which nothing was heard of its reader."""
    heard = alert.answered_at or alert.created_at
    ends = timezone.localdate(heard + SILENT_FOR)
    with override(alert.language):
        one = OneList.of(alert)
        letter = Letter(
            subject=_("Do you still want to follow this list?"),
            paragraphs=[
                one.title,
                _("You follow this list of the directory, and nothing was heard of you for long.")
                + " "
                + _("Unless you say that you want it still, it ends on %(day)s.") % {"day": date_in_words(ends)},
            ],
            link=(_("I want it still"), _site(alert) + keep_path(alert)),
            further=[_no_more(alert)],
        )
    _queue(alert, letter, STILL, once=f"{STILL}-{alert.pk}-{timezone.localdate(heard)}")


def gone(alert: ListAlert) -> None:
    """The last that is sent."""
    with override(alert.language):
        letter = Letter(
            subject=_("A list that you followed is no longer there"),
            paragraphs=[
                _("The directory no longer shows the cluster whose list you followed. Your address is deleted; follow"
                  " another list if you like.")
            ],
            link=(_("See the clusters"), _site(alert) + OneList("clusters").url),
        )  # fmt: skip
    queue(letter, alert.email, language=alert.language, kind=GONE)


def _without_words(one: OneList) -> str:
    """What anybody may have typed is mailed to no address that was not confirmed."""
    return str(FollowedList(one.which).label) if one.has_words else one.title


def _site(alert: ListAlert) -> str:
    return settings.SITE_URL or alert.sent_from


def _no_more(alert: ListAlert) -> tuple[str, str]:
    return _("No more of these mails"), _site(alert) + stop_path(alert)


def _queue(alert: ListAlert, letter: Letter, kind: str, *, once: str) -> None:
    """With what mail programs need for a button of their own (RFC 8058)."""
    headers = {
        "List-Unsubscribe": f"<{_site(alert)}{stop_path(alert)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    queue(letter, alert.email, language=alert.language, kind=kind, once=once, headers=headers)


def _listed(alert: ListAlert, heading: str, keys: Sequence[int], named: list[tuple[str, str]]) -> Listed:
    more = len(keys) - len(named)
    words = ngettext("and %(number)s more", "and %(number)s more", more) % {"number": number(more)}
    return Listed(heading, [(name, _site(alert) + path) for name, path in named], words if named and more else "")


def _joined(count: int) -> str:
    return ngettext("%(number)s joined the list", "%(number)s joined the list", count) % {"number": number(count)}


def _left(count: int) -> str:
    return ngettext("%(number)s left the list", "%(number)s left the list", count) % {"number": number(count)}


def _changed(count: int) -> str:
    return ngettext("%(number)s changed", "%(number)s changed", count) % {"number": number(count)}
