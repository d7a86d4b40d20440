"""The short form of a new member, in the order of the task: what it is, where, since when it is a member, whom to speak to.

What it is made of are the forms of the long one, with a few of their boxes, so that whatever is refused or asked there is
refused and asked here. One transaction saves them all.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.forms.models import modelform_factory
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cluster_portal.admin.forms import ChosenForm
from cluster_portal.admin.refusals import refusal
from cluster_portal.admin.slugs import free_slug
from cluster_portal.exchange.asking import NoAnswer
from cluster_portal.records.publication import Status
from cluster_portal.records.transactions import refused_at_once
from members.models import Cluster, ContactPerson, Department, Membership, Organisation, Site
from members.positions import department_of
from members.register import is_asked, look_up

from .finding import as_asked, cluster_asked, found_for, joined_sentence, joining_form
from .inlines import ContactInline, SiteInline
from .lookalikes import lookalikes, told_to

PREFILLED = ("name", "siren", "website")
PLACE, MEMBERSHIP, CONTACT = "site", "membership", "contact"
FILL = "fill"  # the button that asks the register and saves nothing


@dataclass
class NewMember:
    """The four forms of the page, of rows that are not saved yet and know one another."""

    organisation: forms.ModelForm
    site: forms.ModelForm
    membership: forms.ModelForm
    contact: forms.ModelForm

    def __iter__(self) -> Iterator[forms.ModelForm]:
        return iter((self.organisation, self.site, self.membership, self.contact))

    def is_valid(self) -> bool:
        """Asked of each, so that what is wrong with any is told at once."""
        return False not in [form.is_valid() for form in self]

    @property
    def media(self) -> forms.Media:
        return sum((form.media for form in self), forms.Media(js=["admin/js/core.js"]))


@dataclass
class Filled:
    """What the boxes hold before anybody sends them: what was typed, and in the blank ones what the register says."""

    typed: dict[str, str]
    said: str = ""
    values: dict[str, str] = field(default_factory=dict)

    def of(self, prefix: str) -> dict[str, str]:
        begins = f"{prefix}-" if prefix else ""
        found = {name.removeprefix(begins): value for name, value in self.typed.items() if name.startswith(begins)}
        more = {name.removeprefix(begins): value for name, value in self.values.items() if name.startswith(begins)}
        return found | {name: value for name, value in more.items() if not found.get(name, "").strip()}


def filled(typed: dict[str, str]) -> Filled:
    """Asked by the SIREN, or the SIRET, in the box of the SIREN."""
    made = Filled(typed)
    number = typed.get("siren", "")
    if not is_asked() or not number.strip():
        return made
    try:
        entry = look_up(number)
    except NoAnswer as error:
        made.said = error.sentence
        return made
    if entry is None:
        made.said = _("The register of companies has nothing under this number.")
        return made
    made.typed = {**typed, "siren": entry.siren}
    made.values = {"name": entry.name, f"{PLACE}-postcode": entry.postcode, f"{PLACE}-city": entry.city}
    if entry.postcode:
        department = Department.objects.filter(insee_code=department_of(entry.postcode)).first()
        made.values[f"{PLACE}-department"] = str(department.pk) if department else ""
    made.said = (
        _("The register of companies says that it has closed.")
        if entry.closed
        else _("The blank boxes are filled from the register of companies. Nothing is saved yet.")
    )
    return made


def forms_of(
    model_admin: ModelAdmin, request: HttpRequest, cluster: Cluster, before: Filled | None = None
) -> NewMember:
    """``before``: instead of what was sent, with which nothing is to be done yet."""
    site = model_admin.admin_site
    organisations, sites, contacts = (
        site._registry[Organisation],
        *(inline(Organisation, site) for inline in (SiteInline, ContactInline)),
    )
    identity = organisations.get_form(request, fields=("name", "kind", "siren", "website", "status"))
    place = _few(sites, request, ("postcode", "city", "department"))
    place.base_fields["department"] = forms.ModelChoiceField(
        Department.objects.all(), required=False, label=place.base_fields["department"].label
    )
    membership = joining_form(model_admin, request)
    for known in ("organisation", "cluster"):
        del membership.base_fields[known]
    person = _few(contacts, request, ("name", "role", "email", "phone"))
    data = request.POST if before is None else None
    made = Organisation(lead_cluster=cluster)
    before = before or Filled({})
    return NewMember(
        identity(data, instance=made, initial=before.of(""), use_required_attribute=False),
        place(
            data,
            instance=Site(organisation=made),
            initial=before.of(PLACE),
            prefix=PLACE,
            empty_permitted=True,
            use_required_attribute=False,
        ),
        membership(
            data,
            instance=Membership(organisation=made, cluster=cluster),
            initial={"joined_on": timezone.localdate(), **before.of(MEMBERSHIP)},
            prefix=MEMBERSHIP,
            use_required_attribute=False,
        ),
        person(
            data,
            instance=ContactPerson(organisation=made, cluster=cluster),
            initial=before.of(CONTACT),
            prefix=CONTACT,
            empty_permitted=True,
            use_required_attribute=False,
        ),
    )


def _few(inline, request: HttpRequest, fields: tuple[str, ...]) -> type[forms.ModelForm]:
    form = modelform_factory(
        inline.model,
        form=ChosenForm,
        fields=fields,
        formfield_callback=partial(inline.formfield_for_dbfield, request=request),
    )
    form.asked_of = request.user
    return form


def new(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    organisations = model_admin.admin_site._registry[Organisation]
    if not (model_admin.has_add_permission(request) and organisations.has_add_permission(request)):
        raise PermissionDenied
    cluster = cluster_asked(request, of_now=True)
    if cluster is None:  # whoever edits the whole network says first for which
        return _page(model_admin, request, {"clusters": list(Cluster.objects.order_by("sort_name", "pk"))})
    before = _before(request)
    member = forms_of(model_admin, request, cluster, before)
    if before is None and member.is_valid() and (answer := _saved(model_admin, request, member, cluster)):
        return answer
    alike: dict = {}
    if request.method == "POST":
        data = request.POST
        alike = likeness(model_admin, request, cluster, {name: data.get(name, "") for name in PREFILLED})
    contact = member.contact
    context = {
        "cluster": cluster,
        "member": member,
        "media": member.media,
        "told": alike.get("told", []),
        "hidden": alike.get("hidden", []),
        "contact_is_open": (contact.is_bound and (contact.has_changed() or bool(contact.errors)))
        or (before is not None and any(before.of(CONTACT).values())),
        "errors": before is None,
        "register_says": before.said if before else "",
        "fill": FILL if is_asked() else "",
        "draft": Status.DRAFT,
        "published": Status.PUBLISHED,
        "long_url": reverse("admin:members_organisation_add"),
        "alike_url": f"{reverse('admin:members_membership_alike')}?{urlencode({'cluster': cluster.pk})}",
    }
    return _page(model_admin, request, context)


def _before(request: HttpRequest) -> Filled | None:
    """What the boxes hold at first; nothing where what was sent is to be saved."""
    if request.method == "POST":
        return filled(_without_nul(request.POST.items())) if FILL in request.POST and is_asked() else None
    asked = _without_nul((name, request.GET.get(name, "")) for name in PREFILLED)
    if not any(asked.values()):
        asked |= as_asked(request.GET.get("q", "").replace("\0", ""))
    return filled(asked)


def _without_nul(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name: str(value).replace("\0", "") for name, value in pairs}


def _page(model_admin: ModelAdmin, request: HttpRequest, context: dict) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("New member"),
        "subtitle": None,
        "opts": model_admin.opts,
        "asked": {name: request.GET.get(name, "") for name in PREFILLED},
        "member": None,
        "errors": False,
        **context,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/new_member.html", context)


def _saved(
    model_admin: ModelAdmin, request: HttpRequest, member: NewMember, cluster: Cluster
) -> HttpResponseRedirect | None:
    """All of it, or nothing and what stood in the way."""
    organisations = model_admin.admin_site._registry[Organisation]
    made = member.organisation.save(commit=False)
    made.slug = free_slug(Organisation, made.name) or free_slug(Organisation, made.kind)
    try:
        with refused_at_once():
            organisations.save_model(request, made, member.organisation, change=False)
            for form in (member.site, member.membership, member.contact):
                if form is member.membership or form.has_changed():
                    row = form.save(commit=False)
                    row.organisation = made
                    row.save()
            organisations.log_addition(request, made, [{"added": {}}])
    except IntegrityError as error:  # somebody saved the same a moment ago
        made.pk, made._state.adding = None, True
        member.organisation.add_error(None, refusal(error, Organisation))
        return None
    model_admin.message_user(request, joined_sentence(made, member.membership.instance), messages.SUCCESS)
    if made.status != Status.PUBLISHED:
        model_admin.message_user(request, _("It is a draft, which nobody sees yet but you and your colleagues."))
    return HttpResponseRedirect(reverse("admin:index"))


# --- while the name is typed ------------------------------------------------------------------------------------------
def likeness(model_admin: ModelAdmin, request: HttpRequest, cluster: Cluster | None, values: dict[str, str]) -> dict:
    """What may be the same thing already, as lines with the way to make it a member."""
    form = model_admin.admin_site._registry[Organisation].get_form(request, fields=PREFILLED)
    read = {}
    for name in PREFILLED:
        try:
            read[name] = form.base_fields[name].to_python(values.get(name, "").replace("\0", "")) or ""
        except forms.ValidationError:
            read[name] = ""
    alike, hidden = told_to(request.user, lookalikes(**read))
    reasons = {one.organisation.pk: one.why for one in alike}
    told = found_for(request, cluster, reasons, joining_form(model_admin, request))
    return {"told": told, "hidden": hidden}


def alike(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The same as a part of the page, for whoever is still typing."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    cluster = cluster_asked(request)
    values = {name: request.GET.get(name, "") for name in PREFILLED}
    context = {**likeness(model_admin, request, cluster, values), "cluster": cluster}
    return TemplateResponse(request, "admin/_alike.html", context)
