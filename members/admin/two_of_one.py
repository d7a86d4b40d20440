"""The ways from an organisation, and from a list of them, to the pages that make one of two, and two of one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Media, Script
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_portal.admin.scope import keeps

MERGE_THESE = gettext_lazy("Merge the two that are ticked")


def address_of_pair(one: int, other: int) -> str:
    return f"{reverse('admin:members_merge')}?{urlencode({'survivor': one, 'other': other})}"


def merge_two(model_admin, request: HttpRequest, queryset) -> HttpResponseRedirect | None:
    keys = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
    if len(keys) != 2:
        model_admin.message_user(request, _("Tick the two organisations that are one and the same."), messages.ERROR)
        return None
    return HttpResponseRedirect(address_of_pair(*keys))


class OfTwoOne:
    """For the admin of organisations and those of each kind."""

    def get_actions(self, request):
        actions = super().get_actions(request)
        if actions:
            actions["merge_two"] = (merge_two, "merge_two", MERGE_THESE)
        return actions

    def has_delete_permission(self, request, obj=None):
        """What was merged is what its address and its number are known by."""
        return super().has_delete_permission(request, obj) and not (obj and obj.merged_into_id)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """What was merged while its form was open is not written any more; what was typed stays to be read."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if not (change and obj is not None and obj.merged_into_id):
            return form

        class FormOfMerged(form):
            def clean(self):
                super().clean()
                raise ValidationError(_("It was merged into another since. Write there what you typed here."), "merged")

        return FormOfMerged

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Beside its name, for whoever keeps it; and what it was merged into. Of a new one, what is alike is shown while it
        is typed (and asked about when it is saved, where scripts do not run)."""
        boxes = context["adminform"].form.fields
        if add and "name" in boxes:
            boxes["name"].widget.attrs["data-alike"] = reverse("admin:members_membership_alike")
            context["media"] += Media(js=[Script("admin-alike.js", defer=True)])  # it looks for the box
        if obj is not None and "name" in boxes and keeps(request.user, obj):
            boxes["name"].help_text = format_html(
                '<a class="split-way" href="{}">{}</a>',
                reverse("admin:members_split", args=[obj.pk]),
                _("Two in one? Split it"),
            )
        if obj is not None and obj.merged_into_id:
            sentence = _("It was merged into another, which answers for it: nothing of it is shown any more.")
            link = format_html(
                '{} <a href="{}">{}</a>',
                sentence,
                reverse("admin:members_organisation_change", args=[obj.merged_into_id]),
                _("Open that one"),
            )
            messages.info(request, link)
        return super().render_change_form(request, context, add, change, form_url, obj)
