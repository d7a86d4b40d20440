"""Whether a cluster asks its members if what is published is still right; and the mail, as a member would have it."""

from functools import partial

from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin import PortalAdmin
from cluster_portal.pages.this_page import site_of
from contributions.asking_members import mail_to, parts
from contributions.letters import CHANGED, NO_MORE, YES
from contributions.models import Correspondence
from members.admin.finding import number
from members.admin.own import OfOwnCluster
from members.models import Membership, Organisation

NO_SECRETS = dict.fromkeys((YES, CHANGED, NO_MORE), "…")  # nobody answers for a member, or refuses, by a preview
NO_SITE_URL = _("Nothing is sent yet: whoever runs the site has to set SITE_URL, the address for links in mails.")


@admin.register(Correspondence)
class CorrespondenceAdmin(OfOwnCluster, PortalAdmin):
    list_display = ["cluster", "asks", "most_a_day", "asked", "answered"]
    search_fields = ["cluster__name", "cluster__acronym"]
    search_help_text = _("Name or acronym of the cluster")
    ordering = ["cluster__sort_name", "pk"]
    fieldsets = [
        (None, {"fields": ["cluster", ("asks", "most_a_day"), "reply_to"]}),
        (_("Wording in French"), {"fields": ["subject_fr", "opening_fr"]}),
        (_("Wording in English"), {"fields": ["subject_en", "opening_en"]}),
    ]
    change_form_template = "admin/contributions/correspondence.html"

    def get_urls(self):
        return [
            path(
                "<str:pk>/preview/",
                self.admin_site.admin_view(partial(preview, self)),
                name="contributions_correspondence_preview",
            ),
            *super().get_urls(),
        ]

    def for_list(self, rows, user):
        return rows.select_related("cluster").with_answers()

    def for_form(self, rows):
        return rows.select_related("cluster")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name.startswith("opening"):
            field.widget.attrs["rows"] = 5
        return field

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if obj.asks and not settings.SITE_URL:
            messages.warning(request, NO_SITE_URL)

    @admin.display(description=_("asked in a year"))
    def asked(self, obj):
        return obj.asked

    @admin.display(description=_("of them answered"))
    def answered(self, obj):
        return obj.answered


def preview(model_admin: CorrespondenceAdmin, request: HttpRequest, pk: str) -> HttpResponse:
    """The very mail, in both languages, for the next who is asked, else for some member; its links lead nowhere."""
    row = Correspondence.objects.editable_by(request.user).select_related("cluster").filter(pk=number(pk)).first()
    if row is None:
        raise Http404
    (part,) = parts([row])
    member = _example(row, [one.organisation for one in part.due[:1]])
    site = site_of(request)
    mails = []
    for language, name in settings.LANGUAGES if member else ():
        mails.append((name, mail_to(member, row, NO_SECRETS, language=language, site=site)))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Preview: %(cluster)s") % {"cluster": row.cluster},
        "subtitle": None,
        "opts": model_admin.opts,
        "row": row,
        "form_url": reverse("admin:contributions_correspondence_change", args=[row.pk]),
        "member": member,
        "mails": mails,
        "part": part,
        "warning": "" if settings.SITE_URL else NO_SITE_URL,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/contributions/preview.html", context)


def _example(row: Correspondence, due: list[int]) -> Organisation | None:
    members = Organisation.objects.published().exclude(email="")
    if due:
        return members.filter(pk__in=due).first()
    current = Membership.objects.current().filter(cluster=row.cluster_id).order_by()
    return members.filter(pk__in=current.values("organisation")).in_order().first()
