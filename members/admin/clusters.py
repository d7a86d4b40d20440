from django.contrib import admin
from django.db.models import Prefetch, Q
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin import DatedRows, PortalTabularInline, PublicationAdmin
from cluster_portal.admin.base import link
from cluster_portal.admin.completeness import Wanted
from cluster_portal.admin.counts import counted
from cluster_portal.admin.forms import ChosenForm
from cluster_portal.admin.search import Fold
from members.models import Cluster, ClusterName, ClusterRegion, LabelPeriod, Membership, Role, Succession
from members.rights import rights_of

from . import quality, team
from .at_once import CHANGE_HOST, ON_THEMES, REPLACE_TOWN_OF_CLUSTER
from .exports import ClustersExported
from .filters import CLUSTER_NEEDS, WANTED_OF_CLUSTERS, ClusterNeeds, LabelledToday, RegionOfCluster, ThemeFilter
from .former_names import AsksForFormerName, KeepsFormerNames
from .own import work_for


class LabelPeriodRows(DatedRows):
    first, last, last_included = "start", "end", True
    constraint = "members_labelperiod_no_overlap"


class RegionInline(PortalTabularInline):
    model = ClusterRegion
    fields = ["region", "rank"]
    fetched = ("region",)


class NameInline(PortalTabularInline):
    model = ClusterName
    fields = ["name", "kind", "until"]


class LabelPeriodInline(PortalTabularInline):
    model = LabelPeriod
    formset = LabelPeriodRows
    fields = ["phase", "start", "end", "probationary", "source"]


class SuccessorInline(PortalTabularInline):
    model = Succession
    fk_name = "predecessor"
    fields = ["successor", "kind", "date", "year"]
    fetched = ("predecessor", "successor")
    verbose_name = _("what became of it")
    verbose_name_plural = _("what became of it")


class OriginInline(PortalTabularInline):
    model = Succession
    fk_name = "successor"
    fields = ["predecessor", "kind", "date", "year"]
    fetched = ("predecessor", "successor")
    verbose_name = _("where it comes from")
    verbose_name_plural = _("where it comes from")


WANTED_ON_THE_FORM = (
    Wanted(_("presentation in French"), lambda: Q(presentation_fr=""), "id_presentation_fr"),
    Wanted(_("theme"), CLUSTER_NEEDS["theme"][1], "id_themes"),
    Wanted(_("website"), lambda: Q(website=""), "id_website"),
    Wanted(_("label period"), CLUSTER_NEEDS["label"][1], "label_periods-group"),
    Wanted(_("presentation in English"), lambda: Q(presentation_en=""), "id_presentation_en"),
    Wanted(_("coordinates of its head office"), lambda: Q(latitude=None), "id_latitude"),
    Wanted(_("logo"), lambda: Q(logo=""), "id_logo"),
    Wanted(_("general e-mail"), lambda: Q(email=""), "id_email"),
)


class ClusterForm(AsksForFormerName, ChosenForm):
    pass


@admin.register(Cluster)
class ClusterAdmin(ClustersExported, KeepsFormerNames, PublicationAdmin):
    form = ClusterForm
    list_display = ["name", "acronym", "state", "label", "places", "members_number", "updated", "page"]
    needs_filter = ClusterNeeds
    wanted = WANTED_ON_THE_FORM
    wanted_for_publishing = WANTED_OF_CLUSTERS
    verbs = (*PublicationAdmin.verbs, *ON_THEMES, REPLACE_TOWN_OF_CLUSTER, CHANGE_HOST)
    list_filter = [ClusterNeeds, "status", LabelledToday, RegionOfCluster, ThemeFilter]
    list_per_page = 100
    search_fields = ["name", "acronym", "city"]
    search_help_text = _("Name, acronym, former name or town")
    slug_from = ("acronym", "name")
    change_form_template = "admin/cluster_change_form.html"
    inlines = [RegionInline, LabelPeriodInline, NameInline, SuccessorInline, OriginInline]
    fieldsets = [
        (None, {"fields": [("name", "acronym"), "slug", ("status", "publish_on")]}),
        (_("Presentation"), {"fields": ["presentation_fr", "presentation_en", "themes"]}),
        (_("Contact"), {"fields": ["website", ("email", "phone"), "logo", "founding_year"]}),
        (_("Head office"), {"fields": [("city", "department"), ("latitude", "longitude")]}),
        PublicationAdmin.record,
    ]

    def for_list(self, rows, user):
        labels = LabelPeriod.objects.covering()
        return rows.defer("presentation_fr", "presentation_en").prefetch_related(
            "regions", Prefetch("label_periods", labels, to_attr="labels_today")
        ).annotate(members_count=counted(Membership, "cluster", Membership.objects.current()))  # fmt: skip

    def get_urls(self):
        return [
            path("work-for/", self.admin_site.admin_view(work_for), name="members_cluster_work_for"),
            *team.addresses(self.admin_site),
            *quality.addresses(self.admin_site),
            *super().get_urls(),
        ]

    def for_form(self, rows):
        return super().for_form(rows).select_related("department")

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        manages = obj and rights_of(request.user).gives(Role.CLUSTER_EDITOR, obj.pk)
        context["team_address"] = team.address_of(obj) if manages else ""
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_search_results(self, request, queryset, search_term):
        """Other names too: “LUTB” finds CARA."""
        found, repeated = super().get_search_results(request, queryset, search_term)
        named = ClusterName.objects.annotate(folded=Fold("name"))
        words = self.searched_words(search_term)
        for word in words:
            named = named.filter(Q(folded__startswith=word) | Q(folded__contains=f" {word}"))
        if not words:
            return found, repeated
        return queryset.filter(Q(pk__in=found.order_by().values("pk")) | Q(pk__in=named.values("cluster"))), repeated

    @admin.display(description=_("label today"))
    def label(self, obj):
        if not obj.labels_today:
            return None
        period = obj.labels_today[0]
        text = _("Phase %(phase)s, on probation") if period.probationary else _("Phase %(phase)s")
        return text % {"phase": period.get_phase_display()}

    @admin.display(description=_("regions"))
    def places(self, obj):
        return ", ".join(region.name for region in obj.regions.all()) or None

    @admin.display(description=_("members today"), ordering="members_count")
    def members_number(self, obj):
        url = f"{reverse('admin:members_organisation_changelist')}?cluster={obj.slug}"
        return format_html('<a href="{}">{}</a>', url, obj.members_count) if obj.members_count else link("", "0")
