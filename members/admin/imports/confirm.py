"""The sixth step: a sentence with numbers, and the button."""

from django import forms
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cluster_portal.admin.boxes import DayBox
from cluster_portal.work.life import worker_alive
from cluster_portal.writing.typography import number
from members.imports import tasks, writing
from members.models import ImportBatch
from members.models.imports import Subject

from .once_read import what_was_checked
from .steps import address_of, elsewhere, shown

NAMED = 10  # of those that are missing from the file


class Confirmation(forms.Form):
    publishes = forms.BooleanField(
        label=gettext_lazy("Publish the new ones"),
        required=False,
        help_text=gettext_lazy("Those that have a theme and a site; the others stay drafts, and stand in the list of what needs work."),
    )  # fmt: skip
    ends = forms.BooleanField(
        label=gettext_lazy("End the membership of those that are missing from the file"), required=False
    )
    ends_on = DayBox(
        label=gettext_lazy("on"),
        required=False,
        help_text=gettext_lazy("The first day on which they are no members any more."),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("ends") and not cleaned.get("ends_on") and "ends_on" not in self.errors:
            self.add_error("ends_on", _("Say on which day."))
        return cleaned


def page(model_admin: ModelAdmin, request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    missing = writing.missing(batch).select_related("organisation") if batch.whole else None
    number_missing = missing.count() if missing is not None else 0
    may_end = bool(number_missing) and not why_nobody_leaves(batch)
    form = Confirmation(
        request.POST if request.method == "POST" else None,
        initial={"ends_on": timezone.localdate()},
        label_suffix="",
        use_required_attribute=False,
    )
    if not may_end:
        del form.fields["ends"], form.fields["ends_on"]
    nothing = not (batch.counts["create"] or batch.counts["update"] or may_end)
    if request.method == "POST" and not nothing:
        if request.POST.get("of") != what_was_checked(batch):
            return elsewhere(
                request, batch, _("The numbers changed since that page was shown: look at them once more.")
            )
        if form.is_valid():
            batch.publishes = form.cleaned_data["publishes"]
            batch.ends_on = form.cleaned_data["ends_on"] if form.cleaned_data.get("ends") else None
            tasks.start_import(batch, request.user.pk)
            return HttpResponseRedirect(address_of(batch, "result"))
    named = list(missing.order_by("organisation__sort_name", "pk")[:NAMED]) if missing is not None else []
    context = {
        "form": form,
        "errors": [],
        "of": what_was_checked(batch),
        "written": what_is_written(batch),
        "left": what_is_left(batch),
        "nothing": nothing,
        "missing": number_missing,
        "named": [one.organisation.name for one in named],
        "more": number_missing - len(named),
        "missing_url": f"{address_of(batch, 'check')}?show=missing",
        "nobody_leaves": why_nobody_leaves(batch) if number_missing else "",
        "waits_for": waits_for(batch),
        "worker": worker_alive(),
        "check_url": address_of(batch, "check"),
    }
    return shown(model_admin, request, batch, "confirm", context)


def why_nobody_leaves(batch: ImportBatch) -> str:
    """While lines are open, whoever they speak of only seems to be missing."""
    open_ones = batch.counts.get("ask", 0) + batch.counts.get("refuse", 0)
    if not open_ones:
        return ""
    return ngettext(
        "Their memberships cannot be ended yet: %(count)s line is refused or not decided, and may speak of one of them.",
        "Their memberships cannot be ended yet: %(count)s lines are refused or not decided, and may speak of them.",
        open_ones,
    ) % {"count": number(open_ones)}


def waits_for(batch: ImportBatch) -> str:
    """The sentence of an import that is before this one."""
    other = ImportBatch.objects.before(batch).first()
    if other is None:
        return ""
    return _("Another import for %(cluster)s is under way, of the file %(file)s: this one waits until it is done.") % {
        "cluster": batch.cluster, "file": other.file_name,
    }  # fmt: skip


def what_is_written(batch: ImportBatch) -> list[str]:
    """What would be written, in parts of a sentence."""
    counts = batch.counts
    parts = []
    if batch.subject == Subject.MEMBERS:
        made = counts.get("organisations", 0)
        if made:
            parts.append(
                ngettext(
                    "%(count)s organisation is made and becomes a member of %(cluster)s",
                    "%(count)s organisations are made and become members of %(cluster)s",
                    made,
                )
                % {"count": number(made), "cluster": batch.cluster}
            )
        joining = counts.get("memberships", 0) - made
        if joining > 0:
            parts.append(
                ngettext(
                    "%(count)s organisation that is here already becomes a member of %(cluster)s",
                    "%(count)s organisations that are here already become members of %(cluster)s",
                    joining,
                )
                % {"count": number(joining), "cluster": batch.cluster}
            )
    elif counts["create"]:
        parts.append(
            ngettext("%(count)s line makes something new", "%(count)s lines make something new", counts["create"])
            % {"count": number(counts["create"])}
        )
    if counts["update"]:
        parts.append(
            ngettext("%(count)s line changes what is here", "%(count)s lines change what is here", counts["update"])
            % {"count": number(counts["update"])}
        )
    return parts


def what_is_left(batch: ImportBatch) -> list[str]:
    counts = batch.counts
    parts = []
    for key, sentence in (
        ("ask", ngettext("%(count)s line stays undecided", "%(count)s lines stay undecided", counts["ask"])),
        ("refuse", ngettext("%(count)s line is refused", "%(count)s lines are refused", counts["refuse"])),
        ("skip", ngettext("%(count)s line is skipped", "%(count)s lines are skipped", counts["skip"])),
        (
            "unchanged",
            ngettext("%(count)s line changes nothing", "%(count)s lines change nothing", counts["unchanged"]),
        ),
    ):
        if counts[key]:
            parts.append(sentence % {"count": number(counts[key])})
    return parts
