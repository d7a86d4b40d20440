"""Memberships that end, and that are taken up again: one, or many at once, after a page that names them.

What is not possible is said and left, and the others go. Who keeps an organisation follows from its memberships
(``OrganisationScope.with_lead``), so that nothing else is to be written when a lead cluster's ends.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from cluster_portal.admin.boxes import DayBox, LineBox
from cluster_portal.admin.refusals import refusal
from cluster_portal.admin.verbs import KEPT_BY_OTHERS, Plan, ValuesForm, Verb, with_way_back
from cluster_portal.history.change_sets import Kind, tell
from cluster_portal.records.publication import Status
from cluster_portal.records.transactions import refused_at_once
from cluster_portal.sign_in.way_on import leads_to_a_page
from members.models import Membership, Organisation

from .finding import number

NAMED = 10  # in the confirmation, and of each reason
MOST = 2_000_000  # characters of the numbers that are sent along
HAS_NOT_LEFT = gettext_lazy("Is a member, and has not left.")
UNTIL_LATER, CLOSED = gettext_lazy("Was a member until a later day."), gettext_lazy("Has closed.")
END, TAKE_UP = gettext_lazy("End memberships"), gettext_lazy("Take memberships up again")


@dataclass
class Sorted:
    """Memberships that can be ended or taken up again on a day, and by reason those that cannot."""

    possible: list[Membership] = field(default_factory=list)
    refused: dict[str, list[Membership]] = field(default_factory=dict)

    def refuse(self, reason: str, one: Membership) -> None:
        self.refused.setdefault(reason, []).append(one)


def reason_box() -> LineBox:
    return LineBox(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=300,
        widget=forms.TextInput({"class": "vTextField"}),
        help_text=gettext_lazy("Whoever reads the history of one of them reads this too."),
    )


class Ending(forms.Form):
    way, title = "end", END

    left_on = DayBox(
        label=gettext_lazy("Left on"),
        initial=timezone.localdate,
        help_text=gettext_lazy("The first day on which it is no member any more."),
    )
    reason = reason_box()
    archive = forms.BooleanField(
        label=gettext_lazy("Archive those that are then in no cluster"),
        required=False,
        help_text=gettext_lazy("Their page becomes a dated notice. What other clusters keep is left as it is."),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("archive") and (day := cleaned.get("left_on")) and day > timezone.localdate():
            self.add_error("archive", _("They are members until then: archive them when they have left."))
        return cleaned

    @property
    def day(self) -> date:
        return self.cleaned_data["left_on"]

    def sort(self, rows: Iterable[Membership], day: date) -> Sorted:
        found, today = Sorted(), timezone.localdate()
        for one in rows:
            if one.left_on is not None and one.left_on <= today:
                found.refuse(_("Has left already."), one)
            elif one.joined_on is not None and one.joined_on > day:
                found.refuse(_("Joins after that day."), one)
            else:
                found.possible.append(one)
        return found

    def carry_out(self, rows: list[Membership], user) -> Iterable[tuple[int, str]]:
        """Yields what to say of it."""
        left = Membership.objects.filter(pk__in=[one.pk for one in rows])
        organisations, kept = _organisations_of(left, user)
        number_ended = left.update(left_on=self.day)
        yield messages.SUCCESS, with_way_back(ENDED % {"count": number_ended})
        if self.cleaned_data["archive"]:
            yield from _archive(organisations, kept, user)


def _organisations_of(memberships, user) -> tuple[QuerySet, set[int]]:
    """And the keys of those that she keeps, as it is before they leave."""
    keys = list(memberships.order_by().values_list("organisation", flat=True).distinct())
    organisations = Organisation.objects.filter(pk__among=keys)
    return organisations, set(organisations.kept_by(user).order_by().values_list("pk", flat=True))


def _archive(organisations, kept: set[int], user) -> Iterable[tuple[int, str]]:
    """Those that are in no cluster any more. Yields what to say of it."""
    organisations = organisations.exclude(status=Status.ARCHIVED)
    current = Membership.objects.current().values("organisation")
    alone = organisations.exclude(pk__in=current)
    others = [str(one) for one in alone.exclude(pk__in=kept)]
    still = organisations.filter(pk__in=current).count()
    archived = Organisation.objects.filter(pk__in=list(alone.filter(pk__in=kept).values_list("pk", flat=True)))
    if count := archived.archive(by=user):
        yield messages.SUCCESS, ngettext("%(count)d archived.", "%(count)d archived.", count) % {"count": count}
    if still:
        sentence = ngettext(
            "%(count)d is in another cluster, and not archived.",
            "%(count)d are in other clusters, and not archived.",
            still,
        )
        yield messages.INFO, sentence % {"count": still}
    if others:
        yield messages.WARNING, named(others, str(KEPT_BY_OTHERS))


class TakingUp(forms.Form):
    way, title = "take_up", TAKE_UP

    joined_on = DayBox(
        label=gettext_lazy("Member again from"),
        initial=timezone.localdate,
        help_text=gettext_lazy("From the day it left on, it never was away."),
    )
    reason = reason_box()

    @property
    def day(self) -> date:
        return self.cleaned_data["joined_on"]

    def sort(self, rows: Iterable[Membership], day: date) -> Sorted:
        found, rows = Sorted(), list(rows)
        seen: set[tuple[int, int]] = set()
        others = Membership.objects.filter(organisation__in={one.organisation_id for one in rows})
        last: dict[tuple[int, int], Membership] = {}
        for one in others.order_by("joined_on", "pk"):
            key = (one.organisation_id, one.cluster_id)
            if key not in last or (one.left_on or date.max) >= (last[key].left_on or date.max):
                last[key] = one
        for one in rows:
            key = (one.organisation_id, one.cluster_id)
            latest = last.get(key, one)
            if key in seen or latest.left_on is None:
                found.refuse(str(HAS_NOT_LEFT), one)
            elif latest.left_on > day:
                found.refuse(str(UNTIL_LATER), one)
            elif one.organisation.closed_on is not None and one.organisation.closed_on <= day:
                found.refuse(str(CLOSED), one)
            else:
                seen.add(key)
                latest.organisation, latest.cluster = one.organisation, one.cluster
                found.possible.append(latest)
        return found

    def carry_out(self, rows: list[Membership], _user) -> Iterable[tuple[int, str]]:
        count = _taken_up(rows, self.day)
        yield messages.SUCCESS, with_way_back(AGAIN % {"count": count})
        if archived := [str(one.organisation) for one in rows if one.organisation.is_archived]:
            yield messages.WARNING, named(archived, _("Archived, and seen by nobody until it is published."))


def _taken_up(rows: list[Membership], day: date) -> int:
    never_away = [one.pk for one in rows if one.left_on == day]
    again = [
        Membership(organisation=one.organisation, cluster=one.cluster, category=one.category, joined_on=day)
        for one in rows
        if one.left_on != day
    ]
    count = Membership.objects.filter(pk__among=never_away).update(left_on=None)
    return count + len(Membership.objects.bulk_create(again))


# --- of a list --------------------------------------------------------------------------------------------------------
class EndingOfMany(Ending, ValuesForm):
    pass


class TakingUpOfMany(TakingUp, ValuesForm):
    pass


class EndMemberships(Verb):
    def first_values(self):
        return {"left_on": timezone.localdate(), "archive": False, "reason": ""}

    def refusals(self, rows, values):
        yield _("Has left already."), rows.filter(left_on__lte=timezone.localdate())
        yield _("Joins after that day."), rows.filter(joined_on__gt=values["left_on"])

    def due(self, rows, values):
        return rows.filter(Q(left_on=None) | ~Q(left_on=values["left_on"]))

    def write(self, rows, user, values):
        return rows.update(left_on=values["left_on"])

    def carry_out(self, rows, keys, user, values):
        organisations, kept = _organisations_of(rows.filter(pk__among=keys), user)
        done = super().carry_out(rows, keys, user, values)
        if values["archive"]:
            done.lines += _archive(organisations, kept, user)
        return done


class TakeUpAgain(Verb):
    """Of each pair of organisation and cluster the latest membership, whichever was chosen."""

    def first_values(self):
        return {"joined_on": timezone.localdate(), "reason": ""}

    def plan(self, model_admin, queryset, user, values):
        chosen = sorted(set(queryset.order_by().values_list("pk", flat=True)))
        rows = Membership.objects.editable_by(user).filter(pk__among=chosen).order_by("pk")
        latest = Membership.objects.latest_of_pairs(rows)
        day, going, refused, seen = values["joined_on"], [], {}, set()
        for pk, *pair in rows.values_list("pk", "organisation", "cluster"):
            last, left_on, closed_on = latest[tuple(pair)]
            if last in seen or left_on is None:
                refused.setdefault(str(HAS_NOT_LEFT), []).append(pk)
            elif left_on > day:
                refused.setdefault(str(UNTIL_LATER), []).append(pk)
            elif closed_on is not None and closed_on <= day:
                refused.setdefault(str(CLOSED), []).append(pk)
            else:
                seen.add(last)
                going.append(last)
        return Plan(chosen, sorted(going), {}, refused)

    def write(self, rows, user, values):
        return _taken_up(in_order(rows), values["joined_on"])

    def carry_out(self, rows, keys, user, values):
        done = super().carry_out(rows, keys, user, values)
        archived = [
            str(one.organisation) for one in in_order(rows.filter(pk__among=keys)) if one.organisation.is_archived
        ]
        if archived:
            done.lines.append(
                (messages.WARNING, named(archived, _("Archived, and seen by nobody until it is published.")))
            )
        return done


ENDED = ngettext_lazy("%(count)d membership ended.", "%(count)d memberships ended.", "count")
AGAIN = ngettext_lazy("%(count)d is a member again.", "%(count)d are members again.", "count")
END_MEMBERSHIPS = EndMemberships("end_memberships", END, ENDED, form=EndingOfMany, values_are_told=False)
TAKE_UP_AGAIN = TakeUpAgain("take_up_again", TAKE_UP, AGAIN, form=TakingUpOfMany, values_are_told=False)


def named(names: list[str], reason: str) -> str:
    """At most ten names, how many more, and what is said of them."""
    told = ", ".join(names[:NAMED])
    if (more := len(names) - NAMED) > 0:
        sentence = ngettext("%(names)s and %(more)d more", "%(names)s and %(more)d more", more)
        told = sentence % {"names": told, "more": more}
    return _("%(names)s: %(reason)s") % {"names": told, "reason": reason}


def end(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    return _confirmed(model_admin, request, Ending)


def take_up(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    return _confirmed(model_admin, request, TakingUp)


def in_order(rows) -> list[Membership]:
    return list(rows.select_related("organisation", "cluster").order_by("organisation__sort_name", "pk"))


def _rows(request: HttpRequest, *, to_write: bool = False) -> list[Membership]:
    """Those that were sent along, all of them in her scope; of any other it is not said that there is one."""
    sent = request.POST.get("of", "") if request.method == "POST" else request.GET.get("of", "")
    if len(sent) > MOST:  # cut short, it would end with the number of another
        raise Http404
    keys = {number(key) for key in sent.split(",")}
    hers = Membership.objects.editable_by(request.user).filter(pk__in=keys)
    found = in_order(hers.select_for_update(of=("self",)) if to_write else hers)
    if len(found) != len(keys):
        raise Http404
    return found


def _confirmed(model_admin: ModelAdmin, request: HttpRequest, form_class) -> HttpResponse:
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    rows = _rows(request)
    sent = request.POST if request.method == "POST" else request.GET
    back = sent.get(REDIRECT_FIELD_NAME, "")
    back = back if leads_to_a_page(back) else reverse("admin:members_membership_changelist")
    form = form_class(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(model_admin, request, form, rows, back)
    tell(Kind.BULK if len(rows) > 1 else Kind.FORM, form.title, form.cleaned_data["reason"])
    with transaction.atomic():
        found = form.sort(_rows(request, to_write=True), form.day)  # as they are when whoever wrote them is done
        try:
            with refused_at_once():
                said = list(form.carry_out(found.possible, request.user)) if found.possible else []
        except IntegrityError:  # one that is refused must not hold back the others
            found = _without_refused(form, found, request.user)
            said = list(form.carry_out(found.possible, request.user)) if found.possible else []
    for level, sentence in said:
        model_admin.message_user(request, sentence, level)
    for reason, some in found.refused.items():
        model_admin.message_user(request, named([str(one) for one in some], reason), messages.ERROR)
    return HttpResponseRedirect(back)


class Tried(Exception):
    """Takes back what was only tried."""


def _without_refused(form, found: Sorted, user) -> Sorted:
    left = Sorted(refused=dict(found.refused))
    for one in found.possible:
        try:
            with refused_at_once():
                list(form.carry_out([one], user))
                raise Tried
        except Tried:
            left.possible.append(one)
        except IntegrityError as error:
            left.refuse(refusal(error, Membership), one)
    return left


def _page(model_admin: ModelAdmin, request: HttpRequest, form, rows: list[Membership], back: str) -> HttpResponse:
    found = form.sort(rows, timezone.localdate())
    context = {
        **model_admin.admin_site.each_context(request),
        "title": form.title,
        "subtitle": None,
        "opts": Membership._meta,
        "url": reverse(f"admin:members_membership_{form.way}"),
        "form": form,
        "of": ",".join(str(one.pk) for one in rows),
        "back": back,
        "number": len(found.possible),
        "named": found.possible[:NAMED],
        "more": max(len(found.possible) - NAMED, 0),
        "refused": [named([str(one) for one in some], reason) for reason, some in found.refused.items()],
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/confirm_memberships.html", context)
