"""Internal notes: rows on the forms of organisations, clusters and projects, and reminders on the first page."""

from django.contrib import admin
from django.forms.models import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin import PortalStackedInline, RowsOfOneParent
from cluster_portal.admin.reminders import Reminder, reminding
from cluster_portal.admin.site import with_addresses
from contributions.models import InternalNote
from members.admin.own import OfOwnCluster
from members.models import Cluster, Company, Institution, Laboratory, Organisation
from projects.models import Project

SHOWN_OF_A_REMINDER = 200  # characters


class NoteRows(RowsOfOneParent):
    def save_new(self, form: ModelForm, commit: bool = True):
        """Whoever writes it is its author."""
        form.instance.author = form.asked_of
        return super().save_new(form, commit)


class NoteInline(OfOwnCluster, PortalStackedInline):
    model = InternalNote
    formset = NoteRows
    fields = ["text", ("remind_on", "cluster"), "written"]
    readonly_fields = ["written"]
    fetched = ("author", "cluster")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "text":
            field.widget.attrs["rows"] = 3
        return field

    @admin.display(description=_("written"))
    def written(self, obj):
        if obj is None or obj.pk is None:
            return "–"
        return " · ".join(filter(None, [date_format(obj.written_at, "DATE_FORMAT"), obj.author and _name(obj.author)]))


class NoteOnOrganisation(NoteInline):
    fk_name = "organisation"


class NoteOnProject(NoteInline):
    fk_name = "project"


class NoteOnCluster(NoteInline):
    fk_name = "about"


def _name(user) -> str:
    return user.get_full_name() or user.get_username()


for model, inline in {
    **dict.fromkeys((Organisation, Company, Laboratory, Institution), NoteOnOrganisation),
    Project: NoteOnProject,
    Cluster: NoteOnCluster,
}.items():
    model_admin = admin.site._registry[model]
    model_admin.inlines = [*model_admin.inlines, inline]  # of this site's alone: who wrote them knows of no notes


# --- reminders --------------------------------------------------------------------------------------------------------
@reminding
def of_notes(request: HttpRequest):
    due = InternalNote.objects.to_remind(request.user).select_related("organisation", "project", "about")
    for note in due.order_by("remind_on", "pk"):
        model = note.subject._meta
        text = note.text if len(note.text) <= SHOWN_OF_A_REMINDER else f"{note.text[:SHOWN_OF_A_REMINDER].rstrip()}…"
        yield Reminder(
            note.remind_on,
            str(note.subject),
            text,
            reverse(f"admin:{model.app_label}_{model.model_name}_change", args=[note.subject.pk]),
            reverse("admin:note_done", args=[note.pk]),
        )


def done(request: HttpRequest, pk: int) -> HttpResponse:
    """She needs not be reminded any more; the note stays."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    hers = InternalNote.objects.editable_by(request.user).filter(author=request.user.pk)
    if pk >= 2**63 or not hers.filter(pk=pk).update(remind_on=None):
        raise Http404
    return HttpResponseRedirect(reverse("admin:index"))


@with_addresses
def addresses(site) -> list:
    return [path("notes/<int:pk>/done/", site.admin_view(done), name="note_done")]
