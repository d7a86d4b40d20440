"""The portal’s own rows for staff: its texts, and the addresses that lead on."""

from django.contrib import admin
from django.db.models import BooleanField, Case, Exists, Model, OuterRef, Value, When
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin.base import PortalAdmin, link
from cluster_portal.models import FormerSlug, Page

MARKDOWN = _(
    "Markdown: a blank line between paragraphs, ## before a heading, - before each line of a list, "
    "**bold**, *italic*, [text](https://address). Unsafe HTML is removed."
)


@admin.register(Page)
class PageAdmin(PortalAdmin):
    list_display = ["key", "title_fr", "title_en", "updated_at", "page"]
    search_fields = ["key", "title_fr", "title_en", "body_fr", "body_en"]
    ordering = ["key"]
    readonly_fields = ["updated_at"]
    fieldsets = [
        (None, {"fields": ["key"]}),
        (_("French"), {"fields": ["title_fr", "standfirst_fr", "body_fr"]}),
        (_("English"), {"fields": ["title_en", "standfirst_en", "body_en"]}),
    ]

    def has_delete_permission(self, request, obj=None):
        """A page of the portal stands on each: leave a text blank rather than delete it."""
        return False

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        return [*fieldsets, (_("Record"), {"fields": ["updated_at"]})] if obj else fieldsets

    def get_readonly_fields(self, request, obj=None):
        """The key names the place where the text appears: templates ask for it."""
        return ["key", *self.readonly_fields] if obj else self.readonly_fields

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name.startswith("body_"):
            field.help_text = MARKDOWN
            field.widget.attrs.update(rows=24, lang=db_field.name[-2:])
        return field

    def view_on_site(self, obj):
        """The page of this text, or of the text that it is a part of."""
        names = {"what-is-a-cluster": "about", "definitions": "projects:figures"}
        key = next((known for known in names if obj.key.startswith(known)), obj.key)
        try:
            return reverse(names.get(key, key))
        except NoReverseMatch:
            return None

    @admin.display(description=_("on the site"))
    def page(self, obj):
        url = self.view_on_site(obj)
        return link(url, _("View")) if url else None


@admin.register(FormerSlug)
class FormerSlugAdmin(PortalAdmin):
    """Written by the database whenever an address changes: to be read, not edited."""

    list_display = ["slug", "model", "leads_to", "changed_at"]
    list_filter = ["model"]
    search_fields = ["slug"]
    ordering = ["model", "slug"]
    fields = readonly_fields = ["model", "slug", "leads_to", "changed_at"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def for_list(self, rows, user):
        return self.for_form(rows)

    def for_form(self, rows):
        """With whether it is still there: the address of what was deleted leads nowhere."""
        there = [
            When(Exists(model._default_manager.filter(pk=OuterRef("object_id"))), model=name, then=Value(True))
            for name, model in self._models().items()
        ]
        return rows.annotate(still_there=Case(*there, default=Value(False), output_field=BooleanField()))

    def _models(self) -> dict[str, type[Model]]:
        return {model._meta.model_name: model for model in self.admin_site._registry if not model._meta.proxy}

    @admin.display(description=_("leads to"))
    def leads_to(self, obj):
        """The form of what bears another slug now."""
        if not obj.still_there:
            return None
        label = self._models()[obj.model]._meta.label_lower
        return link(reverse(f"admin:{label.replace('.', '_')}_change", args=[obj.object_id]), _("Open"))
