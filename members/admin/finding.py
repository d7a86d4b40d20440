"""Find or add a member: what is there already is made a member of one's own cluster in one step; what is not, is added.

Nobody types an organisation a second time: it is looked for as people type, and by what looks like it, before a form of
something new is offered.
"""

from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Prefetch
from django.forms import HiddenInput
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cluster_portal.admin.refusals import refusal
from cluster_portal.admin.search import documents_matching, nearest_first
from cluster_portal.models import SearchWord
from cluster_portal.records.search import clean_query, identifier_in
from cluster_portal.records.spelling import Readings
from cluster_portal.records.transactions import refused_at_once
from cluster_portal.writing.typography import date_short
from members.countries import HOME, country_name
from members.models import Cluster, Membership, Organisation, Site
from members.rights import rights_of

from .lookalikes import address_for, lookalikes, told_to, with_whose
from .own import cluster_worked_for

SHOWN = 15  # of what is found by its words; a name of two words leaves few
FEW = 5  # found by its words, beside which what merely looks alike is shown too
TRIED = 2  # other readings of words that find nothing,
MOST_WORDS = 2  # of a query of so many words
LONGEST = 250  # letters of a name
JOINING = ("organisation", "cluster", "category", "joined_on")


@dataclass
class Found:
    """An organisation as the page shows it to somebody who works for ``cluster``."""

    organisation: Organisation
    url: str
    cluster: Cluster | None
    why: str = ""
    form: object = None
    own: Membership | None = field(init=False)
    others: str = field(init=False)

    def __post_init__(self) -> None:
        known = self.organisation.memberships_known
        ours = [one for one in known if self.cluster and one.cluster_id == self.cluster.pk]
        self.own = next((one for one in ours if one.left_on is None or one.left_on > timezone.localdate()), None)
        self.others = ", ".join(str(one.cluster) for one in known if one.is_current() and one not in ours)

    @property
    def is_hers(self) -> str:
        """In a sentence, since when it is a member of her cluster."""
        if self.own is None:
            return ""
        since = self.own.joined_on
        if since is None:
            return _("A member of %(cluster)s.") % {"cluster": self.cluster}
        return _("A member of %(cluster)s since %(day)s.") % {"cluster": self.cluster, "day": date_short(since)}

    @property
    def membership_url(self) -> str:
        return reverse("admin:members_membership_change", args=[self.own.pk]) if self.own else ""

    @property
    def join_url(self) -> str:
        """To a page on which it is made one."""
        asked = {"organisation": self.organisation.pk, **({"cluster": self.cluster.pk} if self.cluster else {})}
        return f"{reverse('admin:members_membership_join')}?{urlencode(asked)}"

    @property
    def place(self) -> str:
        site = next(iter(self.organisation.sites.all()), None)
        if site:
            return site.place
        abroad = self.organisation.country != HOME
        return country_name(self.organisation.country.code) if abroad else ""


def cluster_asked(request: HttpRequest, *, of_now: bool = False) -> Cluster | None:
    """For which of her clusters she is at work: the one that was sent along, or else the one she works for now. None for
    whoever edits the whole network and has not said.

    ``of_now``: a page that she opens is for the one she works for now, whatever stands in its address: she may have
    changed on that very page. A form that she sends is for the one for which it was opened.
    """
    sent = request.POST.get("cluster", "") if request.method == "POST" else request.GET.get("cluster", "")
    now = cluster_worked_for(request)
    key = number(sent) if sent else now
    if key is None:
        return None
    own = Cluster.objects.editable_by(request.user).in_bulk({key, now} - {None})
    if key not in own:
        raise Http404
    return own[now] if of_now and request.method != "POST" and now is not None else own[key]


def number(text: str) -> int:
    """Of a row, as it was sent; no number leads to no row."""
    if not (text.isascii() and text.isdecimal() and len(text) < 18):
        raise Http404
    return int(text)


def found_by(rows, text: str) -> list[int]:
    """The keys of what the words find, the nearest first."""
    return list(nearest_first(documents_matching(rows, text), text).values_list("pk", flat=True)[: SHOWN + 1])


def read_otherwise(rows, text: str) -> tuple[list[int], str]:
    """The keys of what was likely meant by words that find nothing, and those words. Of a name of many words that is asked
    no more: what is nearly the same is found by its letters (``lookalikes``)."""
    if identifier_in(text) or len(text.split()) > MOST_WORDS:
        return [], ""
    for reading in islice(Readings(SearchWord.objects.all(), rows, text), TRIED):
        if keys := found_by(rows, reading):
            return keys, reading
    return [], ""


def as_shown(rows, user):
    """With what a line of the page tells."""
    memberships = Membership.objects.filter(cluster__in=Cluster.objects.selectable_by(user)).select_related("cluster")
    return rows.defer("description_fr", "description_en").prefetch_related(
        Prefetch("sites", Site.objects.select_related("department", "region")),
        Prefetch("memberships", memberships.order_by("cluster__sort_name", "pk"), to_attr="memberships_known"),
    )


def joining_form(model_admin: ModelAdmin, request: HttpRequest):
    """The form of a membership's own page, of which the organisation and the cluster are known already."""
    form = model_admin.get_form(request, fields=JOINING)
    for name in ("organisation", "cluster"):
        form.base_fields[name].widget = HiddenInput()
    form.base_fields["joined_on"].initial = timezone.localdate
    return form


def found_for(request: HttpRequest, cluster: Cluster | None, reasons: dict[int, str], form) -> list[Found]:
    """In the order of ``reasons``, which says of some why they are shown."""
    rows = with_whose(Organisation.objects.selectable_by(request.user), request.user).filter(pk__in=list(reasons))
    known = {one.pk: one for one in as_shown(rows, request.user)} if reasons else {}
    return [
        Found(known[pk], address_for(known[pk], known[pk].is_hers), cluster, why, _blank(form, known[pk], cluster))
        for pk, why in reasons.items()
        if pk in known
    ]


def _blank(form, organisation: Organisation, cluster: Cluster | None):
    initial = {"organisation": organisation.pk, "cluster": cluster.pk if cluster else None}
    return form(initial=initial, auto_id=f"id_{organisation.pk}_%s")


def find(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """What is found by the words that were typed, and at the end the way to add what is not there."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    cluster = cluster_asked(request, of_now=True)
    typed = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST]
    text = clean_query(typed)
    reasons: dict[int, str] = {}
    hidden: list[str] = []
    meant, more = "", False
    if text:
        hers = Organisation.objects.selectable_by(request.user).order_by()
        keys = found_by(hers, text)
        if not keys:
            keys, meant = read_otherwise(hers, text)
        few = len(keys) <= FEW and not meant
        alike, hidden = told_to(request.user, lookalikes(**as_asked(typed)) if few else [])
        more, reasons = len(keys) > SHOWN, dict.fromkeys(keys[:SHOWN], "")
        for one in alike:
            reasons.setdefault(one.organisation.pk, one.why)
    context = {
        "title": _("Find or add a member"),
        "typed": typed,
        "meant": meant,
        "found": found_for(request, cluster, reasons, joining_form(model_admin, request)),
        "more": more,
        "hidden": hidden,
        "add_url": new_member_url(typed, cluster),
    }
    return _page(model_admin, request, cluster, context)


def as_asked(typed: str) -> dict[str, str]:
    """What somebody typed, as the boxes of an organisation that it would be: a SIREN, a web address or else a name."""
    numbers = identifier_in(typed)
    if numbers.isdecimal():  # a SIRET begins with the SIREN
        return {"name": "", "siren": numbers[:9]}
    if typed.lower().startswith(("http://", "https://", "www.")) and " " not in typed:
        return {"name": "", "website": typed if "://" in typed else f"https://{typed}"}
    return {"name": "" if numbers else typed}


def new_member_url(typed: str, cluster: Cluster | None) -> str:
    values = {name: value for name, value in as_asked(typed).items() if value}
    if cluster:
        values["cluster"] = str(cluster.pk)
    return f"{reverse('admin:members_membership_new')}?{urlencode(values)}"


def _page(model_admin: ModelAdmin, request: HttpRequest, cluster: Cluster | None, context: dict) -> HttpResponse:
    whole = rights_of(request.user).network
    context = {
        **model_admin.admin_site.each_context(request),
        "subtitle": None,
        "opts": model_admin.opts,
        "cluster": cluster,
        "along": cluster.pk if cluster and cluster_worked_for(request) is None else "",
        "clusters": list(Cluster.objects.order_by("sort_name", "pk")) if whole else [],
        **context,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/find_member.html", context)


def join(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Makes what is there a member of one's own cluster. Where the form of it is refused or asks something, it comes back
    alone on a page; so it does for whoever follows a link to it."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    sent = request.POST if request.method == "POST" else request.GET
    cluster, key = cluster_asked(request), number(sent.get("organisation", ""))
    form_class = joining_form(model_admin, request)
    (line,) = found_for(request, cluster, {key: ""}, form_class) or (None,)
    if line is None:
        raise Http404
    if request.method == "POST":
        line.form = form_class(request.POST)
        if line.form.is_valid() and (answer := _joined(model_admin, request, line)):
            return answer
        line.own = None  # the form comes back with what is wrong with it
    typed = " ".join(sent.get("q", "").replace("\0", " ").split())[:LONGEST]
    context = {
        "title": _("Make it a member"), "typed": typed or line.organisation.name, "meant": "", "found": [line],
        "more": False, "hidden": [], "add_url": "",
    }  # fmt: skip
    return _page(model_admin, request, cluster, context)


def _joined(model_admin: ModelAdmin, request: HttpRequest, line: Found) -> HttpResponseRedirect | None:
    membership = line.form.save(commit=False)
    try:
        with refused_at_once():
            model_admin.save_model(request, membership, line.form, change=False)
            model_admin.log_addition(request, membership, [{"added": {}}])
    except IntegrityError as error:  # somebody did the same a moment ago
        line.form.add_error(None, refusal(error, Membership))
        return None
    model_admin.message_user(request, joined_sentence(line.organisation, membership), messages.SUCCESS)
    typed = request.POST.get("q", "") or line.organisation.name
    return HttpResponseRedirect(
        f"{reverse('admin:members_membership_find')}?{urlencode({'q': typed, 'cluster': membership.cluster_id})}"
    )


def joined_sentence(organisation: Organisation, membership: Membership):
    """That it is a member now, with the way to its whole form."""
    since: date | None = membership.joined_on
    words = {"name": organisation.name, "cluster": membership.cluster, "day": date_short(since) if since else ""}
    sentence = (
        _("“%(name)s” is a member of %(cluster)s from %(day)s.")
        if since
        else _("“%(name)s” is a member of %(cluster)s.")
    )
    url = reverse("admin:members_organisation_change", args=[organisation.pk])
    return format_html('{} <a href="{}">{}</a>', sentence % words, url, _("Open its whole form"))
