"""Filled from an official number: what the register of companies says beside what stands here, for one or for many.

Nothing is taken that is not ticked, and ticked is at first only what is blank here; what staff typed is never written over
but by somebody who reads both. The page asks; what is sent back is what the page showed, so that nobody asks twice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cluster_portal.admin.refusals import refusal
from cluster_portal.admin.scope import keeps
from cluster_portal.admin.verbs import KEPT_BY_OTHERS, with_way_back
from cluster_portal.exchange.asking import NoAnswer
from cluster_portal.history.change_sets import Kind, tell
from cluster_portal.records.search import fold
from cluster_portal.records.transactions import refused_at_once
from cluster_portal.writing.typography import date_short
from members.countries import HOME
from members.likeness import bare_name
from members.models import Organisation, OrganisationName, Site
from members.models.organisations import Kind as KindOfOrganisation
from members.models.organisations import Size
from members.positions import department_of
from members.register import Entry, is_asked, look_up, look_up_many

from .finding import number

MOST = 200  # rows compared at once
SECONDS = 40  # for which they are asked about
OF_COMPANIES = ("naf_code", "headcount", "size")
OF_ITSELF = ("siren", "name", "naf_code", "headcount", "size", "closed_on")
OF_SITE = ("siret", "address", "postcode", "city")
LABEL = gettext_lazy("Compare with the register of companies")
FILL = gettext_lazy("Fill from the register of companies")


@dataclass(frozen=True)
class Line:
    """What stands here and in the register of one box. ``ours`` and ``theirs`` are sent along, the others are read."""

    name: str
    label: str
    ours: str
    theirs: str
    ours_in_words: str
    theirs_in_words: str
    same: bool
    ticked: bool


@dataclass
class Compared:
    """An organisation, and what the register says of it or why it says nothing."""

    organisation: Organisation
    lines: list[Line] = field(default_factory=list)
    site: str = ""  # the key of the one that is compared; blank where it would be a new one
    position: str = ""
    problem: str = ""
    closed: bool = False

    @property
    def differing(self) -> list[Line]:
        return [line for line in self.lines if not line.same]


# --- compared ---------------------------------------------------------------------------------------------------------
def number_of(organisation: Organisation) -> str:
    """By which the register knows it: its SIREN, or that of its first site with a SIRET."""
    return organisation.siren or next((site.siret[:9] for site in organisation.sites.all() if site.siret), "")


def compared(organisation: Organisation, found: Entry | NoAnswer | None) -> Compared:
    one = Compared(organisation)
    if not number_of(organisation):
        one.problem = _("It has no SIREN yet: write it on its form first, and save.")
    elif isinstance(found, NoAnswer):
        one.problem = found.sentence
    elif found is None:
        one.problem = _("The register has nothing under its number.")
    else:
        site = _site_of(organisation, found)
        one.site = str(site.pk) if site else ""
        one.closed = found.closed
        one.position = ",".join(found.position or ())
        one.lines = list(_lines(organisation, found, site))
    return one


def _site_of(organisation: Organisation, found: Entry) -> Site | None:
    """That with the same SIRET, or else the head office or the first."""
    sites = [site for site in organisation.sites.all() if site.country == HOME]
    return next((site for site in sites if found.siret and site.siret == found.siret), sites[0] if sites else None)


def _lines(organisation: Organisation, found: Entry, site: Site | None) -> Iterator[Line]:
    is_company = organisation.kind == KindOfOrganisation.COMPANY
    for name in OF_ITSELF:
        if is_company or name not in OF_COMPANIES:
            yield from _line(organisation, name, getattr(found, name), fits=name != "closed_on")
    fits = site is None or _is_there(site, found)
    for name in OF_SITE:
        yield from _line(site or Site(), name, getattr(found, name), fits=fits)


def _line(row: Organisation | Site, name: str, theirs: Any, *, fits: bool) -> Iterator[Line]:
    """``fits``: whether it belongs to what stands here, so that a gap may be filled."""
    if not theirs:
        return
    model_field = row._meta.get_field(name)
    ours = _as_sent(row, name)
    text = theirs.isoformat() if name == "closed_on" else theirs
    yield Line(
        name=name,
        label=capfirst(str(model_field.verbose_name)),
        ours=ours,
        theirs=text,
        ours_in_words=_in_words(model_field, getattr(row, name)),
        theirs_in_words=_in_words(model_field, theirs),
        same=_same(name, ours, text),
        ticked=fits and not ours,
    )


def _as_sent(row: Organisation | Site, name: str) -> str:
    value = getattr(row, name)
    return value.isoformat() if name == "closed_on" and value else str(value or "")


def _in_words(model_field, value: Any) -> str:
    if not value:
        return ""
    if model_field.name == "closed_on":
        return str(date_short(value))
    return str(dict(model_field.flatchoices).get(value, value))


def _same(name: str, ours: str, theirs: str) -> bool:
    if name == "name":
        return bare_name(ours) == bare_name(theirs)
    if name in ("address", "city"):
        return fold(ours) == fold(theirs)
    if name == "size" and ours == Size.MICRO:  # which the register counts with small and medium-sized ones
        return theirs == Size.SME
    return ours == theirs


def _is_there(site: Site, found: Entry) -> bool:
    """Whether the register speaks of this site, as far as that is known."""
    if site.siret:
        return site.siret == found.siret
    if site.city and fold(site.city) != fold(found.city):
        return False
    if site.postcode and site.postcode != found.postcode:
        return False
    if site.city or site.postcode:
        return True
    return bool(site.department and found.postcode and site.department.insee_code == department_of(found.postcode))


# --- written ----------------------------------------------------------------------------------------------------------
def write(organisation: Organisation, taken: Iterable[str], sent: QueryDict, user) -> list[str]:
    """Writes what was ticked of one organisation, all of it or nothing. Raises ``ValidationError`` or ``IntegrityError``
    where it does not go, and where something else stands here now than the page showed."""
    names = set(taken)
    own = [name for name in OF_ITSELF if name in names]
    of_site = [name for name in OF_SITE if name in names]
    given = partial(_given, sent, organisation.pk)
    with refused_at_once():
        organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
        former = organisation.name
        _fill(organisation, own, given)
        if own:
            organisation.updated_by = user
            organisation.save(update_fields=[*own, "updated_by"])
        if "name" in own:
            _keep_as_trade_name(organisation, former)
        if of_site:
            _write_site(organisation, of_site, given)
    return [*own, *of_site]


def _given(sent: QueryDict, pk: int, name: str) -> str:
    return sent.get(f"{pk}.{name}", "").replace("\0", "")


def _fill(row: Organisation | Site, names: Iterable[str], given) -> None:
    for name in names:
        if _as_sent(row, name) != given(f"{name}.was"):
            raise ValidationError(_("Somebody changed it meanwhile: look at it again."))
        model_field = row._meta.get_field(name)
        try:
            setattr(row, name, model_field.clean(given(name), row))
        except ValidationError as error:
            label = capfirst(str(model_field.verbose_name))
            raise ValidationError([f"{label}: {message}" for message in error.messages]) from error


def _keep_as_trade_name(organisation: Organisation, name: str) -> None:
    """What the network calls it is how it goes on being found."""
    if fold(name) != fold(organisation.name) and not organisation.names.filter(name=name).exists():
        organisation.names.create(name=name, kind=OrganisationName.Kind.TRADE)


def _write_site(organisation: Organisation, names: list[str], given) -> None:
    sites = list(organisation.sites.filter(country=HOME).select_related("department"))
    key = given("site")
    site = next((one for one in sites if str(one.pk) == key), None)
    if site is None and (key or sites):
        raise ValidationError(_("Somebody changed it meanwhile: look at it again."))
    if site is None:
        site = Site(organisation=organisation, head_office=not organisation.sites.filter(head_office=True).exists())
    moves = any(_as_sent(site, name) for name in names if name != "siret")
    _fill(site, names, given)
    if "postcode" in names:
        site.department = site.region = None  # they follow
    if moves:
        site.latitude = site.longitude = None
        site.precision = ""
    latitude, _comma, longitude = given("position").partition(",")
    if longitude and site.latitude is None and {"address", "city"} <= set(names):
        for name, value in (("latitude", latitude), ("longitude", longitude)):
            setattr(site, name, site._meta.get_field(name).clean(value, site))
        site.precision = Site.Precision.ADDRESS
    site.clean()
    site.save()


# --- pages ------------------------------------------------------------------------------------------------------------
def one_page(model_admin, request: HttpRequest, pk: str) -> HttpResponse:
    """Of an organisation that she keeps."""
    rows = _rows(model_admin, request, [number(pk)])
    if not rows or not keeps(request.user, rows[0]):
        raise Http404
    back = reverse("admin:members_organisation_change", args=[rows[0].pk])
    if request.method == "POST":
        return _written(model_admin, request, rows, back)
    found = None
    try:
        found = look_up(number_of(rows[0])) if number_of(rows[0]) else None
    except NoAnswer as error:
        found = error
    return _page(model_admin, request, [compared(rows[0], found)], back, many=False)


def many_page(model_admin, request: HttpRequest) -> HttpResponse:
    """Of those that were ticked in a list: which of them she keeps is found anew."""
    keys = [number(text) for text in request.GET.get("ids", "").split(",")[: MOST + 1]]
    rows = _rows(model_admin, request, keys)
    if not rows or len(rows) != len(set(keys)) or len(rows) > MOST:
        raise Http404
    kept = set(Organisation.objects.kept_by(request.user).filter(pk__in=keys).values_list("pk", flat=True))
    hers = [row for row in rows if row.pk in kept]
    back = reverse("admin:members_organisation_changelist")
    if request.method == "POST":
        return _written(model_admin, request, hers, back)
    asked = [row for row in hers if number_of(row)]
    answers = dict(zip((row.pk for row in asked), look_up_many(map(number_of, asked), SECONDS), strict=True))
    found = [compared(row, answers.get(row.pk)) for row in hers]
    found += [Compared(row, problem=str(KEPT_BY_OTHERS)) for row in rows if row.pk not in kept]
    return _page(model_admin, request, found, back, many=True)


def _rows(model_admin, request: HttpRequest, keys: list[int]) -> list[Organisation]:
    if not is_asked():
        raise Http404
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    return list(
        Organisation.objects.editable_by(request.user)
        .filter(pk__in=keys)
        .order_by("sort_name", "pk")
        .prefetch_related("sites__department")
    )


def _page(model_admin, request: HttpRequest, found: list[Compared], back: str, *, many: bool) -> TemplateResponse:
    differing = [one for one in found if one.differing or (one.closed and not many)]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": str(LABEL if many else FILL),
        "subtitle": None if many else str(found[0].organisation),
        "opts": model_admin.opts,
        "many": many,
        "found": differing if many else [one for one in found if not one.problem],
        "same": [one.organisation for one in found if not one.problem and not one.differing] if many else [],
        "silent": [one for one in found if one.problem],
        "anything": any(one.differing for one in found),
        "back": back,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/register.html", context)


def _written(model_admin, request: HttpRequest, rows: list[Organisation], back: str) -> HttpResponseRedirect:
    taken: dict[int, list[str]] = {}
    for text in request.POST.getlist("take"):
        key, _dot, name = text.partition(".")
        taken.setdefault(number(key), []).append(name)
    if taken.keys() - {row.pk for row in rows}:
        raise Http404
    chosen = [row for row in rows if row.pk in taken]
    tell(Kind.BULK if len(chosen) > 1 else Kind.FORM, FILL)
    written: list[Organisation] = []
    for row in chosen:
        try:
            if write(row, taken[row.pk], request.POST, request.user):
                written.append(row)
        except ValidationError as error:
            _refused(model_admin, request, row, " ".join(error.messages))
        except IntegrityError as error:
            _refused(model_admin, request, row, refusal(error, Organisation))
    if written:
        sentence = ngettext(
            "%(count)d filled from the register of companies.",
            "%(count)d filled from the register of companies.",
            len(written),
        )
        model_admin.message_user(
            request, with_way_back(sentence % {"count": len(written)}), messages.SUCCESS
        )  # fmt: skip
    elif not taken:
        model_admin.message_user(request, _("Nothing was ticked, and nothing is changed."), messages.INFO)
    return HttpResponseRedirect(back)


def _refused(model_admin, request: HttpRequest, row: Organisation, why: str) -> None:
    model_admin.message_user(request, _("%(names)s: %(reason)s") % {"names": row, "reason": why}, messages.ERROR)


# --- ways to them -----------------------------------------------------------------------------------------------------
def compare_rows(model_admin, request: HttpRequest, queryset) -> HttpResponseRedirect | None:
    """The action of a list: on to the page that asks. Asking is done by an address, and holds no transaction."""
    keys = list(queryset.order_by().values_list("pk", flat=True)[: MOST + 1])
    if len(keys) > MOST:
        sentence = _("At most %(most)d can be compared at once: choose fewer.")
        model_admin.message_user(request, sentence % {"most": MOST}, messages.ERROR)
        return None
    ids = ",".join(map(str, keys))
    return HttpResponseRedirect(f"{reverse('admin:members_organisation_registers')}?ids={ids}")


class FromTheRegister:
    """For the admin of organisations and those of each kind. The pages are those of the first."""

    def get_urls(self):
        urls = super().get_urls()
        if self.opts.proxy:
            return urls
        return [
            path("register/", self._of_register(many_page), name="members_organisation_registers"),
            path("<str:pk>/register/", self._of_register(one_page), name="members_organisation_register"),
            *urls,
        ]

    def _of_register(self, view):
        return self.admin_site.admin_view(partial(view, self))

    def get_actions(self, request):
        actions = super().get_actions(request)
        if is_asked() and actions:
            actions["compare_with_register"] = (compare_rows, "compare_with_register", LABEL)
        return actions

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """A way to the page beside the SIREN, for whoever may write what it says."""
        boxes = context["adminform"].form.fields
        if is_asked() and obj is not None and "siren" in boxes and keeps(request.user, obj):
            url = reverse("admin:members_organisation_register", args=[obj.pk])
            boxes["siren"].help_text = format_html('<a href="{}">{}</a>', url, FILL)
        return super().render_change_form(request, context, add, change, form_url, obj)
