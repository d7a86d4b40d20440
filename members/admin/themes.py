from django.contrib import admin
from django.db.models import Case, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin import PortalAdmin
from cluster_portal.admin.base import link
from cluster_portal.admin.counts import number_of
from cluster_portal.writing.translated import active_language
from members.models import Cluster, Organisation, Theme

from .at_once import MOVE_BEARERS


@admin.register(Theme)
class ThemeAdmin(PortalAdmin):
    list_display = ["name_in_tree", "name_in_french", "clusters_number", "organisations_number", "focus", "page"]
    list_display_links = ["name_in_tree"]
    list_filter = ["focus"]
    verbs = (MOVE_BEARERS,)
    list_per_page = 200  # the whole tree at a glance
    search_fields = ["name_fr", "name_en", "parent__name_fr", "parent__name_en"]
    slug_from = ("name_en", "name_fr")
    fieldsets = [
        (None, {"fields": ["name_fr", "name_en", "slug", "parent", "focus"]}),
        (_("Description"), {"fields": ["description_fr", "description_en"]}),
    ]

    def get_ordering(self, request):
        name = f"sort_name_{active_language()}"
        first = Case(When(parent=None, then=Value(0)), default=Value(1))
        return [Coalesce(f"parent__{name}", name), first, name, "pk"]

    def for_list(self, rows, user):
        """A domain counts what is on any of its themes, as the lists do to which the numbers lead."""
        outer = OuterRef(OuterRef("pk"))
        below = Theme.objects.filter(Q(pk=outer) | Q(parent=outer))
        clusters, organisations = (
            model.themes.through.objects.filter(theme__in=below) for model in (Cluster, Organisation)
        )
        return rows.select_related("parent").annotate(
            clusters_count=number_of(clusters, "cluster"), organisations_count=number_of(organisations, "organisation")
        )

    def for_form(self, rows):
        return rows.select_related("parent")

    @admin.display(description=_("theme"))
    def name_in_tree(self, obj):
        return format_html('<span class="{}">{}</span>', "under-domain" if obj.parent_id else "domain", obj.name)

    @admin.display(description=_("name in French"), ordering="sort_name_fr")
    def name_in_french(self, obj):
        return obj.name_fr

    @admin.display(description=_("clusters"), ordering="clusters_count")
    def clusters_number(self, obj):
        return link(f"{reverse('admin:members_cluster_changelist')}?theme={obj.slug}", obj.clusters_count)

    @admin.display(description=_("organisations"), ordering="organisations_count")
    def organisations_number(self, obj):
        return link(f"{reverse('admin:members_organisation_changelist')}?theme={obj.slug}", obj.organisations_count)

    @admin.display(description=_("on the site"))
    def page(self, obj):
        return link(obj.get_absolute_url(), _("View"))
