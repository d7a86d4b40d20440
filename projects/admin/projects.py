"""Projects with all that belongs to them on one form, and their totals checked against the parts."""

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cluster_portal.admin import PortalTabularInline, PublicationAdmin
from cluster_portal.admin.base import link
from cluster_portal.admin.completeness import Wanted
from cluster_portal.admin.counts import counted
from cluster_portal.admin.exporting import Exported, Offered
from cluster_portal.admin.naming import UNNAMED
from cluster_portal.admin.search import DocumentSearch
from cluster_portal.records.ordering import InLanguage
from cluster_portal.writing.typography import euros, euros_in_full
from members.admin.at_once import CHANGE_HOST, ON_THEMES
from members.admin.exports import words_of
from members.admin.own import OfOwnCluster
from members.models import Cluster, Organisation
from projects.columns import PROJECT_COLUMNS
from projects.exports import position, projects_of_staff
from projects.models import Funding, Outcome, Participation, Project, ProjectLabel

from .filters import (
    PROJECT_NEEDS,
    WANTED_OF_PROJECTS,
    LabellingCluster,
    ProgrammeFilter,
    ProjectNeeds,
    StateFilter,
    ThemeOfProject,
)  # fmt: skip
from .sums import checks

WANTED_ON_THE_FORM = (
    Wanted(_("theme"), PROJECT_NEEDS["theme"][1], "id_themes"),
    Wanted(_("summary in French"), lambda: Q(summary_fr=""), "id_summary_fr"),
    Wanted(_("coordinator"), PROJECT_NEEDS["coordinator"][1], "participations-group"),
    Wanted(_("label"), PROJECT_NEEDS["label"][1], "labels-group"),
    Wanted(_("dates"), lambda: Q(start=None) | Q(end=None), "id_start"),
    Wanted(_("total cost"), lambda: Q(total_cost=None), "id_total_cost"),
    Wanted(_("summary in English"), lambda: Q(summary_en=""), "id_summary_en"),
    Wanted(_("official page"), lambda: Q(website=""), "id_website"),
)


class ParticipationInline(PortalTabularInline):
    model = Participation
    fields = ["organisation", "role", "cost", "public_funding"]
    fetched = ("organisation", "project")


class LabelInline(OfOwnCluster, PortalTabularInline):
    model = ProjectLabel
    fields = ["cluster", "role", "date"]
    fetched = ("cluster", "project")


class FundingInline(PortalTabularInline):
    model = Funding
    fields = ["programme", "funder", "amount", "date"]
    fetched = ("programme", "funder", "project")


class OutcomeInline(PortalTabularInline):
    model = Outcome
    fields = ["kind", "title_fr", "title_en", "year", "link"]


@admin.register(Project)
class ProjectAdmin(Exported, DocumentSearch, PublicationAdmin):
    list_display = [
        "name", "state", "progress", "labels_given", "coordinator", "partners_number", "cost", "public", "updated",
        "page",
    ]  # fmt: skip
    needs_filter = ProjectNeeds
    wanted = WANTED_ON_THE_FORM
    wanted_for_publishing = WANTED_OF_PROJECTS
    verbs = (*PublicationAdmin.verbs, *ON_THEMES, CHANGE_HOST)
    list_filter = [ProjectNeeds, "status", StateFilter, LabellingCluster, ProgrammeFilter, ThemeOfProject]
    shown_name = InLanguage("sort_name")
    search_fields = ["acronym"]
    search_help_text = _("Acronym, words of the title, partner, cluster, programme or theme")
    slug_from = ("acronym", "title_fr", "title_en")
    inlines = [ParticipationInline, LabelInline, FundingInline, OutcomeInline]
    readonly_fields = [*PublicationAdmin.readonly_fields, "sums", "private_investment"]
    fieldsets = [
        (None, {"fields": [("acronym", "slug"), "title_fr", "title_en", ("status", "publish_on")]}),
        (_("Presentation"), {"fields": ["summary_fr", "summary_en", "themes", "website"]}),
        (_("Dates and state"), {"fields": [("start", "end"), "national"]}),
        (
            _("A state other than what the dates say"),
            {"fields": [("stated", "stated_on"), "stated_reason"], "classes": ["collapse"]},
        ),
        (_("Money"), {"fields": [("total_cost", "public_funding", "private_investment"), "sums"]}),
        PublicationAdmin.record,
    ]

    def for_list(self, rows, user):
        coordinators = Participation.objects.filter(role="coordinator").select_related("organisation")
        known = Organisation.objects.selectable_by(user).filter(pk=OuterRef("organisation"))
        labels = ProjectLabel.objects.filter(cluster__in=Cluster.objects.selectable_by(user)).select_related("cluster")
        return (
            rows.defer("summary_fr", "summary_en")
            .with_state()
            .annotate(partners_count=counted(Participation, "project"))
            .prefetch_related(
                Prefetch("participations", coordinators.annotate(known=Exists(known)), to_attr="coordinators"),
                Prefetch("labels", labels),
            )
        )

    def file_offered(self, request, changelist):
        return Offered(
            PROJECT_COLUMNS,
            lambda keys, contacts: projects_of_staff(request.user, keys),
            words_of(request.user),
            position,
        )

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for check in checks(Project.objects.get(pk=form.instance.pk)):
            if check.complaint:
                self.message_user(request, check.complaint, messages.WARNING)

    # --- the form -----------------------------------------------------------------------------------------------------
    @admin.display(description=_("sums of the parts"))
    def sums(self, obj):
        """What the rows below add up to, when the form was opened."""
        if not obj.pk:
            return "–"
        lines = []
        for check in checks(obj):
            text = euros_in_full(check.known) if not check.silent else "–"
            if check.unknown and not check.silent:
                text = ngettext(
                    "%(sum)s and %(count)d amount unknown", "%(sum)s and %(count)d amounts unknown", check.unknown
                ) % {"sum": text, "count": check.unknown}
            state = "wrong" if check.complaint else "right"
            verdict = check.complaint or (_("adds up") if not check.silent and check.known == check.total else "")
            lines.append((check.parts_name, text, state, verdict))
        cells = format_html_join("", '<dt>{}</dt><dd>{} <span class="sum-{}">{}</span></dd>', lines)
        return format_html('<dl class="sums">{}</dl>', cells)

    # --- columns ------------------------------------------------------------------------------------------------------
    @admin.display(description=_("project"), ordering=InLanguage("sort_name"))
    def name(self, obj):
        if obj.acronym and obj.title:
            return format_html('{} <span class="quiet">{}</span>', obj.acronym, obj.title)
        return obj.acronym or obj.title

    @admin.display(description=_("state"), ordering="state")
    def progress(self, obj):
        return Project.State(obj.state).label

    @admin.display(description=_("labelled by"))
    def labels_given(self, obj):
        return format_html_join(
            mark_safe(", "),
            '<a href="?cluster={}">{}</a>',
            ((label.cluster.slug, label.cluster) for label in obj.labels.all()),
        ) or None  # fmt: skip

    @admin.display(description=_("coordinator"))
    def coordinator(self, obj):
        for participation in obj.coordinators:
            organisation = participation.organisation
            if organisation.has_a_page:
                return link(organisation.get_absolute_url(), organisation)
            return organisation if participation.known else UNNAMED
        return None

    @admin.display(description=_("partners"), ordering="partners_count")
    def partners_number(self, obj):
        return obj.partners_count

    @admin.display(description=_("total cost"), ordering="total_cost")
    def cost(self, obj):
        return euros(obj.total_cost) or None

    @admin.display(description=_("public funding"), ordering="public_funding")
    def public(self, obj):
        return euros(obj.public_funding) or None
