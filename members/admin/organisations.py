"""Organisations of the three kinds: one admin for all, and one for each that shows only what the kind has."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override as translation_override

from cluster_portal.admin import PublicationAdmin
from cluster_portal.admin.base import link
from cluster_portal.admin.completeness import Wanted
from cluster_portal.admin.forms import ChosenForm
from cluster_portal.admin.scope import keeps
from cluster_portal.admin.search import DocumentSearch
from cluster_portal.records.publication import Status
from cluster_portal.records.questions import Question
from members.countries import HOME, country_name
from members.models import (
    Cluster,
    Company,
    ContactPerson,
    Institution,
    Laboratory,
    MatchCandidate,
    Membership,
    Organisation,
    Site,
)  # fmt: skip
from members.models.organisations import SUPERVISORS_IN_CIRCLE
from members.querysets import a_year_ago, not_verified
from members.rights import rights_of

from .at_once import CHANGE_HOST, ON_THEMES, REPLACE_TOWN, SET_LEAD, SET_SIZE, VERIFY
from .countries import WithCountry, WithTheList
from .exports import WithContacts
from .filters import (
    ORGANISATION_NEEDS,
    WANTED_OF_ORGANISATIONS,
    ClusterOfOrganisation,
    FormerClusterOfOrganisation,
    OrganisationNeeds,
    RegionOfOrganisation,
    ThemeFilter,
)  # fmt: skip
from .former_names import AsksForFormerName, KeepsFormerNames
from .identifiers import WithIdentifiers
from .inlines import (
    ContactInline,
    FurtherNumberInline,
    MembershipInline,
    NameInline,
    SiteInline,
    UnitNumberInline,
)  # fmt: skip
from .lookalikes import lookalikes, told_to
from .own import cluster_worked_for
from .register import FromTheRegister
from .two_of_one import OfTwoOne

WANTED_ON_THE_FORM = (
    Wanted(_("theme"), ORGANISATION_NEEDS["theme"][1], "id_themes"),
    Wanted(_("site"), ORGANISATION_NEEDS["site"][1], "sites-group"),
    Wanted(_("description in French"), ORGANISATION_NEEDS["description_fr"][1], "id_description_fr"),
    Wanted(_("website"), lambda: Q(website=""), "id_website"),
    Wanted(_("official number"), ORGANISATION_NEEDS["identifier"][1], "id_siren"),
    Wanted(_("description in English"), ORGANISATION_NEEDS["description_en"][1], "id_description_en"),
    Wanted(
        _("coordinates of its town or address"),
        lambda: ORGANISATION_NEEDS["site"][1]() | ORGANISATION_NEEDS["coordinates"][1](),
        "sites-group",
    ),
    Wanted(_("logo"), lambda: Q(logo=""), "id_logo"),
    Wanted(_("verification within a year"), not_verified, "id_verified_on"),
)

ALIKE = _("It may be here already. Look at these first; if it is none of them, tick the box and save again.")


class OrganisationForm(AsksForFormerName, ChosenForm):
    """Asks when what is being created looks like something that is there."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and (kind := getattr(self._meta.model._default_manager, "kind", "")):
            self.instance.kind = kind

    def _get_validation_exclusions(self):
        """The kind of a proxy is no field of its form, and constraints that speak of it still hold."""
        return super()._get_validation_exclusions() - ({"kind"} - set(self.fields))

    def clean(self):
        cleaned = super().clean()
        for body in self.cleaned_data.get("supervisors") or ():
            if self.instance.pk and Organisation.objects.supervises(self.instance.pk, body.pk):
                self.add_error("supervisors", SUPERVISORS_IN_CIRCLE)
                break
        return cleaned

    def questions(self):
        yield from super().questions()
        if self.instance.pk is not None:
            return
        values = {name: self.cleaned_data.get(name) or "" for name in ("name", "acronym", "siren", "website")}
        found = lookalikes(**values)
        if found:
            told, hidden = told_to(self.asked_of, found)
            lines = format_html_join(
                "",
                '<li><a href="{}" target="_blank" rel="noopener">{}</a> ({}, {})</li>',
                ((one.url, one.organisation.name, one.organisation.get_kind_display(), one.why) for one in told),
            )
            lines += format_html_join("", "<li>{}</li>", ((line,) for line in hidden))
            yield Question(
                "lookalikes",
                (*values.values(), *(str(organisation.pk) for organisation, _why in found)),
                format_html('{}<ul class="lookalikes">{}</ul>', ALIKE, lines),
                ("name",),
                _("It is none of these: create it."),
            )


@admin.register(Organisation)
class OrganisationAdmin(
    OfTwoOne,
    FromTheRegister,
    WithContacts,
    KeepsFormerNames,
    WithIdentifiers,
    WithCountry,
    DocumentSearch,
    PublicationAdmin,
):
    form = OrganisationForm
    country_widget = WithTheList
    own_choices = ("verified_by",)
    needs_filter = OrganisationNeeds
    wanted_for_publishing = WANTED_OF_ORGANISATIONS
    wanted = WANTED_ON_THE_FORM
    list_display = ["name", "sort", "state", "places", "clusters_today", "missing", "updated", "page"]
    list_filter = [
        OrganisationNeeds, "status", "kind", "size", RegionOfOrganisation, ClusterOfOrganisation,
        FormerClusterOfOrganisation, ThemeFilter,
    ]  # fmt: skip
    search_fields = ["sort_name"]
    search_help_text = _("Name, acronym, former name, town, theme, cluster, SIREN or SIRET")
    slug_from = ("name",)
    more_tools = ((_("Bring a file in"), "admin:members_importbatch_add"),)
    verbs = (*PublicationAdmin.verbs, *ON_THEMES, SET_SIZE, VERIFY, SET_LEAD, REPLACE_TOWN, CHANGE_HOST)
    inlines = [SiteInline, MembershipInline, NameInline, UnitNumberInline, FurtherNumberInline, ContactInline]

    identity = (None, {"fields": [("name", "acronym"), "slug", ("status", "publish_on"), "lead_cluster"]})
    presentation = (_("Presentation"), {"fields": ["description_fr", "description_en", "themes"]})
    contact = (_("Contact"), {"fields": ["website", ("email", "phone"), "logo"]})
    everywhere = ["founding_year", ("national", "country")]
    company = (_("Company"), {"fields": [("siren", "naf_code"), ("size", "headcount")]})
    laboratory = (_("Laboratory"), {"fields": ["rnsr_id", "supervisors"]})
    institution = (_("Institution"), {"fields": ["institution_type", "uai_code"]})
    verification = (_("Verification"), {"fields": [("verified_on", "verified_by"), "verified_source"]})
    end = (_("End"), {"fields": [("closed_on", "successor")], "classes": ["collapse"]})

    def all_fieldsets(self, obj):
        """All kinds; the proxies show theirs alone."""
        identity = (None, {"fields": ["kind", *self.identity[1]["fields"]]})
        facts = (_("Facts"), {"fields": [*self.everywhere, "ror_id"]})
        kinds = [
            (self.company[0], {**self.company[1], "description": _("For companies only, except the SIREN.")}),
            (self.laboratory[0], {**self.laboratory[1], "description": _("The RNSR number is for laboratories only.")}),
            (self.institution[0], {**self.institution[1], "description": _("For institutions only.")}),
        ]
        return [
            identity, self.presentation, self.contact, facts, *kinds, self.verification, self.end, self.record,
        ]  # fmt: skip

    def add_url(self, request, typed):
        """By the short form, for whoever works for a cluster."""
        if cluster_worked_for(request) is None:
            return super().add_url(request, typed)
        return f"{reverse('admin:members_membership_new')}?{urlencode({'q': typed})}"

    # --- whose it is --------------------------------------------------------------------------------------------------
    def get_readonly_fields(self, request, obj=None):
        """Who keeps it, the network decides."""
        fixed = super().get_readonly_fields(request, obj)
        return fixed if rights_of(request.user).network or "lead_cluster" in fixed else [*fixed, "lead_cluster"]

    def get_fieldsets(self, request, obj=None):
        if obj is None or keeps(request.user, obj):
            return super().get_fieldsets(request, obj)
        (title, identity), *others = super().get_fieldsets(request, obj)
        return [(title, {**identity, "description": _kept_by_line(obj)}), *others]

    def save_model(self, request, obj, form, change):
        """What an editor makes is kept by the cluster for which she works."""
        if not change and obj.lead_cluster_id is None:
            obj.lead_cluster_id = cluster_worked_for(request)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        """Where she makes it a member of others of her clusters alone, by the first of them."""
        super().save_related(request, form, formsets, change)
        obj = form.instance
        if change or form.cleaned_data.get("lead_cluster"):
            return
        members_of = list(obj.memberships.order_by("pk").values_list("cluster_id", flat=True))
        if members_of and obj.lead_cluster_id not in members_of:
            obj.lead_cluster_id = members_of[0]
            obj.save(update_fields=["lead_cluster"])

    # --- rows ---------------------------------------------------------------------------------------------------------
    def for_list(self, rows, user):
        memberships = Membership.objects.current().filter(cluster__in=Cluster.objects.selectable_by(user))
        return (
            rows.defer("description_fr", "description_en")
            .annotate(
                has_theme=Exists(Organisation.themes.through.objects.filter(organisation=OuterRef("pk"))),
                is_twice=Exists(
                    MatchCandidate.objects.open().filter(Q(first=OuterRef("pk")) | Q(second=OuterRef("pk")))
                ),
            )
            .prefetch_related(
                Prefetch("sites", Site.objects.select_related("department", "region")),
                Prefetch(
                    "memberships",
                    memberships.select_related("cluster").order_by("cluster__sort_name"),
                    to_attr="memberships_today",
                ),
            )
        )

    def for_form(self, rows):
        return super().for_form(rows).select_related("successor", "verified_by")

    def for_boxes(self, rows):
        return rows.defer("description_fr", "description_en").prefetch_related("sites__department", "sites__region")

    def label_in_boxes(self, obj):
        """With its kind and town, since companies bear the same name."""
        site = next(iter(obj.sites.all()), None)
        where = site.place if site else ""
        return " · ".join(filter(None, [obj.name, obj.get_kind_display(), where]))

    def construct_change_message(self, request, form, formsets, add=False):
        """The history tells that a contact person was added or taken away, and never who: a log outlives an agreement."""
        message = super().construct_change_message(request, form, formsets, add)
        with translation_override(None):  # in which the history is kept
            person = str(ContactPerson._meta.verbose_name)
        for action in (action for actions in message for action in actions.values()):
            if action.get("name") == person:
                action["object"] = "…"
        return message

    # --- columns ------------------------------------------------------------------------------------------------------
    @admin.display(description=_("kind"), ordering="kind")
    def sort(self, obj):
        detail = obj.get_size_display() or obj.get_institution_type_display()
        kind = obj.get_kind_display()
        return format_html(
            '<span class="kind is-{}">{}</span> <span class="second-line">{}</span>', obj.kind, kind, detail
        )

    @admin.display(description=_("places"))
    def places(self, obj):
        sites = obj.sites.all()
        if not sites:
            return _("Nationwide") if obj.national else country_name(obj.country.code) if obj.country != HOME else None
        town = sites[0].place
        if len(sites) > 1:
            town = _("%(town)s and %(number)d more") % {"town": town, "number": len(sites) - 1}
        wider = sites[0].region or sites[0].department or country_name(sites[0].country.code)
        return format_html('{} <span class="second-line">{}</span>', town, wider)

    @admin.display(description=_("clusters today"))
    def clusters_today(self, obj):
        return format_html_join(
            mark_safe(", "),
            '<a href="?cluster={}">{}</a>',
            ((membership.cluster.slug, membership.cluster) for membership in obj.memberships_today),
        ) or None  # fmt: skip

    @admin.display(description=_("missing"))
    def missing(self, obj):
        """What keeps it from being fit to publish."""
        lacks = [
            (not obj.has_theme, _("theme")),
            (not obj.sites.all() and not obj.national and obj.country == "FR", _("site")),
            (obj.kind == "company" and not obj.siren and obj.country == "FR", "SIREN"),
            (not obj.verified_on or obj.verified_on < a_year_ago(), _("verification")),
        ]
        words = [word for lacking, word in lacks if lacking]
        if obj.is_twice:
            pairs = reverse("admin:members_matchcandidate_changelist")
            words.append(link(f"{pairs}?{urlencode({'q': obj.name})}", _("perhaps twice")))
        return (
            format_html('<span class="missing">{}</span>', format_html_join(", ", "{}", ((one,) for one in words)))
            if words
            else None
        )


def _kept_by_line(obj) -> str:
    lead = Organisation.objects.with_lead().values_list("lead", flat=True).get(pk=obj.pk)
    cluster = Cluster.objects.filter(pk=lead, status=Status.PUBLISHED).first() if lead else None
    by = str(cluster) if cluster else gettext("the network")
    return gettext(
        "Kept by %(cluster)s, which alone changes this part. Your cluster’s membership and contacts are yours to edit below."
    ) % {"cluster": by}


OF_EVERY_KIND = tuple(verb for verb in OrganisationAdmin.verbs if verb is not SET_SIZE)


class OneKindAdmin(OrganisationAdmin):
    """The form of one kind. What needs work is told of all kinds together."""

    needs_filter = None
    own_kind: tuple
    own_facts: list = []

    def all_fieldsets(self, obj):
        own = (self.own_kind[0], {"fields": [*self.own_kind[1]["fields"], *self.own_facts, *self.everywhere]})
        return [
            self.identity, self.presentation, self.contact, own, self.verification, self.end, self.record,
        ]  # fmt: skip


@admin.register(Company)
class CompanyAdmin(OneKindAdmin):
    inlines = [inline for inline in OrganisationAdmin.inlines if inline is not UnitNumberInline]
    list_display = ["name", "size", *OrganisationAdmin.list_display[2:]]
    list_filter = [OrganisationNeeds, "status", "size", RegionOfOrganisation, ClusterOfOrganisation, ThemeFilter]
    own_kind = OrganisationAdmin.company
    own_facts = ["ror_id"]


@admin.register(Laboratory)
class LaboratoryAdmin(OneKindAdmin):
    verbs = OF_EVERY_KIND
    list_display = ["name", "acronym", *OrganisationAdmin.list_display[2:]]
    list_filter = [OrganisationNeeds, "status", RegionOfOrganisation, ClusterOfOrganisation, ThemeFilter]
    own_kind = OrganisationAdmin.laboratory
    own_facts = ["ror_id", "siren"]


@admin.register(Institution)
class InstitutionAdmin(OneKindAdmin):
    verbs = OF_EVERY_KIND
    inlines = CompanyAdmin.inlines
    list_display = ["name", "institution_type", *OrganisationAdmin.list_display[2:]]
    list_filter = [
        OrganisationNeeds, "status", "institution_type", RegionOfOrganisation, ClusterOfOrganisation, ThemeFilter,
    ]  # fmt: skip
    own_kind = OrganisationAdmin.institution
    own_facts = ["ror_id", "siren"]
