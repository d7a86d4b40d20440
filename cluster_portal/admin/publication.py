"""The admin of what is published: states, the actions between them, who changed what and when."""

from django.contrib import admin
from django.db.models import Case, Expression, IntegerField, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from cluster_portal.records.publication import UNFINISHED, Status
from cluster_portal.records.scope import EDIT_NETWORK
from cluster_portal.writing.typography import date_short

from .base import PortalAdmin
from .completeness import Completeness
from .filters import NeedsFilter
from .verbs import Verb

RECORD = ("created_at", "created_by", "updated_at", "updated_by", "assigned_to", "archived_on")
# In review first: somebody waits for it. Then drafts, then the rest, each by name.
WORK_FIRST = Case(
    When(status=Status.IN_REVIEW, then=Value(0)),
    When(status=Status.DRAFT, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


PUBLISH = Verb(
    "publish",
    _("Publish"),
    ngettext_lazy("%(count)d published.", "%(count)d published.", "count"),
    only_if_fit=True,
)
SUBMIT = Verb(
    "submit_for_review",
    _("Submit for review"),
    ngettext_lazy("%(count)d submitted for review.", "%(count)d submitted for review.", "count"),
)
REFUSE = Verb(
    "refuse",
    _("Refuse"),
    ngettext_lazy("%(count)d refused.", "%(count)d refused.", "count"),
    with_reason=True,
)
TAKE_BACK = Verb(
    "take_back",
    _("Make it a draft again"),
    ngettext_lazy("%(count)d is a draft again.", "%(count)d are drafts again.", "count"),
)
ARCHIVE = Verb(
    "archive",
    _("Archive"),
    ngettext_lazy("%(count)d archived.", "%(count)d archived.", "count"),
    with_reason=True,
)


class PublicationAdmin(Completeness, PortalAdmin):
    """Archiving keeps addresses alive, so that rows are deleted one by one and never by the page.

    `needs_filter`: the NeedsFilter of the list, which also fills the first page. `wanted_for_publishing`: what a row must
    not lack, as a need -> its condition, to be published with many others."""

    needs_filter: type[NeedsFilter] | None = None
    shown_name: str | Expression = "sort_name"
    verbs = (PUBLISH, SUBMIT, REFUSE, TAKE_BACK, ARCHIVE)
    readonly_fields = RECORD
    record = (_("Record"), {"fields": [RECORD[:2], RECORD[2:4], *RECORD[4:]]})

    def get_ordering(self, request):
        return [WORK_FIRST, self.shown_name, "pk"]

    def for_form(self, rows):
        return self.with_what_lacks(rows).select_related("created_by", "updated_by", "assigned_to")

    def get_fieldsets(self, request, obj=None):
        """What is not saved yet has no dates and no authors."""
        return [fieldset for fieldset in self.all_fieldsets(obj) if obj or fieldset is not self.record]

    def all_fieldsets(self, obj):
        return self.fieldsets

    def view_on_site(self, obj):
        """Drafts have no page yet."""
        return obj.get_absolute_url() if obj.status in (Status.PUBLISHED, Status.ARCHIVED) else None

    def rows_at_work(self, request) -> QuerySet:
        """Hers, for what they need to be counted."""
        rows = self.get_queryset(request)
        if not request.user.has_perm(EDIT_NETWORK):  # the part of one cluster is found once, and not for each need
            keys = getattr(request, "keys_edited", {}).get(self.model)
            keys = list(rows.order_by().values_list("pk", flat=True)) if keys is None else keys
            rows = self.model._default_manager.filter(pk__in=keys)
        return rows

    def to_do(self, numbers: dict[str, int]) -> list[dict]:
        """What is waiting: each need that any row has with its number, and the list behind it."""
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return [
            {
                "model": capfirst(self.opts.verbose_name_plural),
                "label": label,
                "count": numbers[need],
                "url": f"{address}?{self.needs_filter.parameter_name}={need}",
            }
            for need, label in self.needs_filter.labels().items()
            if need in numbers
        ]

    # --- columns ------------------------------------------------------------------------------------------------------
    @admin.display(description=_("status"), ordering="status")
    def state(self, obj):
        return format_html('<span class="state state--{}">{}</span>', obj.status, obj.get_status_display())

    @admin.display(description=_("updated"), ordering="updated_at")
    def updated(self, obj):
        return date_short(obj.updated_at)

    @admin.display(description=_("on the site"))
    def page(self, obj):
        url = self.view_on_site(obj)
        if not url:
            return None
        return format_html('<a href="{}">{}<span class="visually-hidden"> – {}</span></a>', url, _("View"), obj)

    # --- saving -------------------------------------------------------------------------------------------------------
    def save_model(self, request, obj, form, change):
        obj.updated_by = request.user
        if not change:
            obj.created_by = obj.assigned_to = request.user
        if "status" in form.changed_data:
            obj.archived_on = timezone.localdate() if obj.status == Status.ARCHIVED else None
            taken_up_again = form.initial.get("status") not in UNFINISHED and "publish_on" not in form.changed_data
            if change and (obj.status not in UNFINISHED or taken_up_again):
                obj.publish_on = None  # it speaks of the draft that it was said of
        super().save_model(request, obj, form, change)

    def changed_columns(self, obj, form):
        columns = super().changed_columns(obj, form)
        return columns | {"updated_by", "archived_on", "publish_on"} if columns else columns
