"""Proposals in the staff's pages: the queue, each with its difference, what was decided, and what one asks of others."""

from functools import partial

from django.contrib import admin
from django.http import Http404, HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cluster_portal.admin.base import WrittenByTheSite
from cluster_portal.writing.typography import date_short
from contributions.models import ChangeProposal, Matter
from contributions.models.proposals import ProposalState
from contributions.waiting import MINE, OVERDUE, Asked, numbers, what_waits

from . import asking, deciding, notices, queue


@admin.register(ChangeProposal)
class ChangeProposalAdmin(WrittenByTheSite):
    """The list is of all that was ever sent, for whoever looks for one; what waits has its own page."""

    list_display = ["about", "kind", "how_far", "sent", "decided"]
    list_filter = ["state", "kind"]
    search_fields = ["sender_email", "sender_name", "organisation__name"]
    search_help_text = _("Sender, or words of the organisation")
    ordering = ["-created_at", "-pk"]
    exclude = ["assigned_to", "reviewer", "sent_by"]
    more_tools = ((_("What waits for a decision"), "admin:contributions_queue"),)

    def get_urls(self):
        return [
            path("queue/", self._page(queue.queue), name="contributions_queue"),
            path("asked/", self._page(asking.asked), name="contributions_asked"),
            path("ask/<str:label>/<str:pk>/", self._page(asking.ask), name="contributions_ask"),
            path("ask-import/<str:pk>/", self._page(asking.ask_import), name="contributions_ask_import"),
            path("notices/", self._page(notices.page), name="contributions_notices"),
            *super().get_urls(),
        ]

    def _page(self, view):
        return self.admin_site.admin_view(partial(view, self))

    def get_queryset(self, request):
        """What its sender has not confirmed is nobody's business yet."""
        return super().get_queryset(request).exclude(state=ProposalState.UNCONFIRMED)

    def for_list(self, rows, user):
        return rows.select_related("organisation", "cluster", "project").defer("values", "based_on", "note")

    def for_form(self, rows):
        return rows.select_related(
            "organisation", "cluster", "project", "from_cluster", "sent_by", "reviewer", "assigned_to"
        )

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None):
        proposal = self.get_object(request, object_id)
        if proposal is None:
            raise Http404
        return deciding.page(self, request, proposal)

    def history_view(self, request, object_id, extra_context=None):
        """What a proposal wrote is told where it was written."""
        raise Http404

    def waiting_on_home(self, request: HttpRequest) -> dict:
        """For the first page: how much waits, by matter, and the way there."""
        rows = what_waits(request.user)
        counts, address = numbers(rows), reverse("admin:contributions_queue")
        lines = [
            (matter.label, counts[matter], f"{address}?what={matter.value}") for matter in Matter if matter in counts
        ]
        overdue = len(Asked("", OVERDUE).among(rows, request.user))
        mine = len(Asked("", MINE).among(rows, request.user))
        if mine:
            lines.append((_("in my hand"), mine, f"{address}?only={MINE}"))
        return {
            "url": address,
            "lines": lines,
            "overdue": ngettext("%(number)d overdue", "%(number)d overdue", overdue) % {"number": overdue}
            if overdue
            else "",
            "overdue_url": f"{address}?only={OVERDUE}",
        }

    # --- columns ------------------------------------------------------------------------------------------------------
    @admin.display(description=_("about"))
    def about(self, obj):
        return queue.name_of_subject(obj)

    @admin.display(description=_("state"), ordering="state")
    def how_far(self, obj):
        return obj.get_state_display()

    @admin.display(description=_("sent"), ordering="created_at")
    def sent(self, obj):
        return date_short(obj.created_at)

    @admin.display(description=_("decided on"), ordering="decided_at")
    def decided(self, obj):
        return date_short(obj.decided_at) if obj.decided_at else None
