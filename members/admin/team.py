"""The people of a cluster, for whoever manages them: who works for it, who is invited, whose role ends.

The same pages without a cluster are the network's: its editors and the administrators.
"""

from datetime import datetime, timedelta
from functools import partial

from allauth.core.internal import ratelimit
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q, Window
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cluster_portal.admin.refusals import refusal
from cluster_portal.records.transactions import refused_at_once
from cluster_portal.sign_in import second_factor
from cluster_portal.sign_in.views import way_out
from members import leaving
from members.joining import invite, name_of, revoke, send
from members.models import Cluster, Invitation, Role, RoleAssignment
from members.rights import OF_A_CLUSTER, rights_now, rights_of, rights_without

OF_THE_NETWORK = (Role.NETWORK_EDITOR, Role.ADMINISTRATOR)
LIMIT = {"letters": "100/h/key"}  # of one person: a stolen session sends no mail to the whole world
MOST_FORMER = 50
NAMED = 10  # of what is handed over


def addresses(site) -> list:
    """Under the address of the list of clusters."""

    def page(view, **fixed):
        return site.admin_view(partial(view, site, **fixed))

    return [
        path("people/", page(overview), name="members_people"),
        path("people/network/", page(people_of, cluster=None), name="members_people_of_network"),
        path("<int:cluster>/people/", page(people_of), name="members_people_of"),
        path("people/end/<int:pk>/", page(end_role), name="members_role_end"),
        path("people/invitations/<int:pk>/", page(answer_invitation), name="members_invitation"),
        path(
            "people/network/hand-over/<int:person>/",
            page(hand_over, cluster=None),
            name="members_hand_over_of_network",
        ),
        path("<int:cluster>/people/hand-over/<int:person>/", page(hand_over), name="members_hand_over"),
    ]


def address_of(place: Cluster | None) -> str:
    if place is None:
        return reverse("admin:members_people_of_network")
    return reverse("admin:members_people_of", args=[place.pk])


def address_of_hand_over(place: Cluster | None, person: int) -> str:
    if place is None:
        return reverse("admin:members_hand_over_of_network", args=[person])
    return reverse("admin:members_hand_over", args=[place.pk, person])


def manages_people(user) -> bool:
    rights = rights_of(user)
    return rights.administrator or bool(rights.managed)


def _place(request: HttpRequest, cluster: int | None) -> Cluster | None:
    """The cluster of an address, if its people are hers to manage; else there is no such page."""
    if cluster is None:
        if not rights_of(request.user).administrator:
            raise Http404
        return None
    found = Cluster.objects.managed_by(request.user).filter(pk=cluster).first() if cluster < 2**63 else None
    if found is None:
        raise Http404
    return found


def _answer(site, request, template: str, title, **context):
    about = {**site.each_context(request), "title": title, "subtitle": None, "opts": None}
    return TemplateResponse(request, template, {**about, **context})


# --- who works where --------------------------------------------------------------------------------------------------
def overview(site, request):
    """Every cluster whose people she manages; straight to it where it is one."""
    if not manages_people(request.user):
        raise Http404
    at_work = RoleAssignment.objects.at_work()
    there = at_work.filter(cluster=OuterRef("pk")).order_by().values("cluster")
    invited = Invitation.objects.open().filter(cluster=OuterRef("pk")).order_by().values("cluster")
    clusters = (
        Cluster.objects.managed_by(request.user)
        .exclude(status="archived")
        .annotate(
            team=there.annotate(n=Count("user", distinct=True)).values("n"),
            invited=invited.annotate(n=Count("pk")).values("n"),
        )
        .order_by("sort_name", "pk")
    )
    administrator = rights_of(request.user).administrator
    if not administrator and len(clusters) == 1:
        return HttpResponseRedirect(address_of(clusters[0]))
    return _answer(
        site, request, "admin/people.html", _("Teams"), clusters=clusters, administrator=administrator,
        of_the_network=at_work.of(None).values("user").distinct().count() if administrator else 0,
    )  # fmt: skip


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"))

    def __init__(self, *args, cluster: Cluster | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.cluster = cluster
        offered = OF_A_CLUSTER if cluster else OF_THE_NETWORK
        self.fields["role"].choices = [(role.value, role.label) for role in offered]

    def clean(self):
        cleaned = super().clean()
        email, role = cleaned.get("email"), cleaned.get("role")
        if email and role:
            asked = {"role": role, "cluster": self.cluster}
            held = RoleAssignment.objects.at_work().filter(user__email__iexact=email, **asked)
            if held.filter(valid_until=None).exists():
                self.add_error("email", _("Whoever has this address has this role already."))
            elif Invitation.objects.open().filter(email__iexact=email, **asked).exists():
                self.add_error("email", _("This address is invited already; the letter can be sent again below."))
        return cleaned


def people_of(site, request, cluster=None):
    place = _place(request, cluster)
    form = InviteForm(request.POST if request.method == "POST" else None, cluster=place)
    if request.method == "POST" and form.is_valid() and _may_send(request):
        try:
            with refused_at_once():
                invitation = invite(request, form.cleaned_data["email"], form.cleaned_data["role"], place)
        except IntegrityError as error:  # a colleague invited the same person at the same moment
            form.add_error("email", refusal(error, Invitation))
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": invitation.email})
            return HttpResponseRedirect(address_of(place))
    left = leaving.left_behind(place)
    names = {one.pk: name_of(one) for one in get_user_model().objects.filter(pk__in=left)} if left else {}
    behind = [
        (names[pk], number, address_of_hand_over(place, pk)) for pk, number in sorted(left.items()) if pk in names
    ]
    roles = list(_roles(place))
    return _answer(
        site, request, "admin/people_of.html", _title(place), place=place, form=form, behind=behind,
        several=rights_of(request.user).administrator or len(rights_of(request.user).managed) > 1,
        roles=_with_last_seen([role for role in roles if not role.ended]),
        former=[role for role in roles if role.ended][:MOST_FORMER],
        invitations=Invitation.objects.unanswered().of(place).select_related("invited_by", "cluster"),
    )  # fmt: skip


def _title(place: Cluster | None) -> str:
    return _("People of %(cluster)s") % {"cluster": place} if place else _("People of the network")


def _roles(place: Cluster | None):
    """Those of today and to come by name, then those that are over, the last one first."""
    factor = Exists(second_factor.every_factor().filter(user=OuterRef("user")))
    over = RoleAssignment.objects.over().filter(pk=OuterRef("pk"))
    rows = RoleAssignment.objects.of(place).filter(Q(pk__in=RoleAssignment.objects.not_over()) | Q(Exists(over)))
    rows = rows.select_related("user", "granted_by").annotate(has_factor=factor, ended=Exists(over))
    return rows.order_by("ended", "-valid_until", "user__last_name", "user__username", "pk")


def _with_last_seen(roles: list[RoleAssignment]) -> list[RoleAssignment]:
    """A session is prolonged while somebody works (``session_goes_on``): its end tells when that was."""
    people = {role.user_id for role in roles}
    owners = dict(UserSession.objects.filter(user__in=people).values_list("session_key", "user"))
    length, seen = timedelta(seconds=settings.SESSION_COOKIE_AGE), {}
    for key, ends in Session.objects.filter(pk__in=owners).values_list("pk", "expire_date"):
        seen[owners[key]] = max(ends - length, seen.get(owners[key], ends - length))
    for role in roles:
        times: list[datetime] = [one for one in (role.user.last_login, seen.get(role.user_id)) if one]
        role.last_seen = max(times, default=None)
    return roles


def _may_send(request) -> bool:
    usage = ratelimit.consume(request, app=__name__, action="letters", config=LIMIT, key=str(request.user.pk))
    if not usage:
        messages.error(request, _("You have sent many invitations within an hour. Try again later."))
    return bool(usage)


def answer_invitation(site, request, pk: int):
    """Sent again, or withdrawn."""
    if request.method != "POST":
        raise Http404
    known = Invitation.objects.unanswered().editable_by(request.user).select_related("cluster")
    with transaction.atomic():
        found = known.select_for_update(of=("self",)).filter(pk=pk).first() if pk < 2**63 else None
        if found is None:
            raise Http404
        if request.POST.get("do") == "again":
            if _may_send(request):
                send(request, found)
                sentence = _("A new letter is on its way to %(email)s; the link in the earlier one no longer works.")
                messages.success(request, sentence % {"email": found.email})
        elif request.POST.get("do") == "withdraw":
            revoke(request, found)
            messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": found.email})
        else:
            raise Http404
    return HttpResponseRedirect(address_of(found.cluster))


# --- who leaves -------------------------------------------------------------------------------------------------------
class HandOverForm(forms.Form):
    """``to`` where there is anybody to hand something over to; ``sure`` where somebody ends her own role."""

    to = forms.TypedChoiceField(label=gettext_lazy("Who takes over"), coerce=int)
    sure = forms.BooleanField(label=gettext_lazy("Yes, I end my own role"))

    def __init__(self, *args, rows: list, cluster: Cluster | None, person, by, own: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        first = [row for some in rows for row in some.annotate(of_all=Window(Count("pk")))[:NAMED]]
        self.named = [str(row) for row in first[:NAMED]]
        self.number = sum({type(row): row.of_all for row in first}.values())
        self.unnamed = self.number - len(self.named)
        network = rights_of(by).administrator
        people = [(one.pk, name_of(one)) for one in leaving.colleagues(cluster, person, network=network)]
        self.alone = not people
        if by.pk in dict(people):
            self.fields["to"].choices, self.fields["to"].initial = people, by.pk
        else:
            self.fields["to"].choices = [("", "---------"), *people]
        if not people or not self.number:
            del self.fields["to"]
        if not own:
            del self.fields["sure"]

    @property
    def to_nobody(self) -> bool:
        return bool(self.number) and "to" not in self.fields


def end_role(site, request, pk: int):
    """Asks first, and who takes over what she has in hand."""
    known = RoleAssignment.objects.editable_by(request.user).select_related("user", "cluster")
    with transaction.atomic():
        found = known.select_for_update(of=("self",)).filter(pk=pk).first() if pk < 2**63 else None
        if found is None:
            raise Http404
        back = HttpResponseRedirect(address_of(found.cluster))
        name = name_of(found.user)
        if found.is_over():
            messages.info(request, _("The role of %(name)s has ended already.") % {"name": name})
            return back
        if leaving.is_last_administrator(found):
            text = _("%(name)s is the last administrator: give the role to somebody else first.")
            messages.error(request, text % {"name": name})
            return back
        left = rights_without(found.user, found.pk)
        rows = leaving.in_hand(found.user, found.cluster, left) if found.is_running() else []
        own = found.user_id == request.user.pk
        sent = request.POST if request.method == "POST" else None
        form = HandOverForm(sent, rows=rows, cluster=found.cluster, person=found.user, by=request.user, own=own)
        if form.is_valid():
            leaving.end(request, found, form.cleaned_data.get("to"))
            messages.success(request, _("The role of %(name)s has ended.") % {"name": name})
            if own and not rights_now(request.user).any:
                return way_out(request)
            return HttpResponseRedirect(reverse("admin:index")) if own and not _still(request, found) else back
    return _answer(
        site, request, "admin/end_role.html", _("End the role of %(name)s?") % {"name": name}, place=found.cluster,
        place_address=address_of(found.cluster), place_title=_title(found.cluster), role=found, name=name, form=form, own=own,
        nothing_left=not left.any, alone=_nobody_else(request, found, form),
    )  # fmt: skip


def _nobody_else(request, found: RoleAssignment, form: HandOverForm) -> bool:
    if not rights_of(request.user).administrator:  # who is offered nobody but those who work for the cluster
        return form.alone
    return not leaving.colleagues(found.cluster, found.user, network=False).exists()


def _still(request, ended: RoleAssignment) -> bool:
    """Whether the page from which she ended her own role is still hers to see."""
    return rights_now(request.user).gives(ended.role, ended.cluster_id)


def hand_over(site, request, person: int, cluster=None):
    """What somebody left in hand who works here no longer."""
    place = _place(request, cluster)
    left_in_hand = leaving.left_behind(place)
    if person not in left_in_hand:
        raise Http404
    leaver = get_user_model().objects.get(pk=person)
    name = name_of(leaver)
    rows = leaving.in_hand(leaver, place, rights_now(leaver), leaves=False)
    form = HandOverForm(
        request.POST if request.method == "POST" else None, rows=rows, cluster=place, person=leaver, by=request.user
    )
    if form.is_valid():
        leaving.tell_handed_over()
        number = leaving.hand_over(request, rows, form.cleaned_data.get("to"))
        text = ngettext("%(number)d draft handed over.", "%(number)d drafts handed over.", number)
        messages.success(request, text % {"number": number})
        return HttpResponseRedirect(address_of(place))
    return _answer(
        site, request, "admin/hand_over.html", _("Drafts of %(name)s") % {"name": name}, place=place, name=name,
        place_address=address_of(place), place_title=_title(place), form=form,
    )  # fmt: skip
