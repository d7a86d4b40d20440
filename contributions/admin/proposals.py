"""The queue of proposals, and the page on which one is decided against what is live."""

from datetime import timedelta

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cluster_portal.admin import PortalAdmin
from cluster_portal.admin.verbs import with_way_back
from cluster_portal.writing.typography import date_short
from contributions import deciding
from contributions.admin.forms import DecisionForm, MemberChosenForm, QuestionForm, ReasonForm
from contributions.models import ChangeProposal, ProposalMessage
from contributions.views.follow import lines_of
from members.admin.finding import number
from members.admin.lookalikes import lookalikes, told_to
from members.models import Organisation

OVERDUE = timedelta(days=14)
Kind, State = ChangeProposal.Kind, ChangeProposal.State
# What a queue shows: its words, and which proposals. The first is what the list shows before anybody chooses.
QUEUES = {
    "waiting": (gettext_lazy("waiting for a decision"), lambda: Q(state=State.PENDING)),
    "overdue": (
        gettext_lazy("waiting for more than two weeks"),
        lambda: Q(state=State.PENDING, confirmed_at__lt=timezone.now() - OVERDUE),
    ),
    "join": (gettext_lazy("requests to become a member"), lambda: Q(state=State.PENDING, kind=Kind.JOIN)),
    "sender": (gettext_lazy("waiting for their senders"), lambda: Q(state=State.WAITING)),
    "decided": (gettext_lazy("decided"), lambda: Q(state__in=ChangeProposal.DECIDED)),
}
ON_THE_FIRST_PAGE = ("waiting", "overdue", "join")


class QueueFilter(SimpleListFilter):
    title = gettext_lazy("queue")
    parameter_name = "queue"

    def lookups(self, request, model_admin):
        return [(key, words) for key, (words, _condition) in QUEUES.items()]

    def choices(self, changelist):
        """Without “all”: what waits is what the list is for."""
        for choice in list(super().choices(changelist))[1:]:
            choice["selected"] = choice["selected"] or (
                self.value() is None and "queue=waiting" in choice["query_string"]
            )
            yield choice

    def queryset(self, request, queryset):
        key = self.value() or "waiting"
        return queryset.filter(QUEUES[key][1]()) if key in QUEUES else queryset.none()


@admin.register(ChangeProposal)
class ChangeProposalAdmin(PortalAdmin):
    """Nothing of it is edited as a form or deleted: each proposal is decided on its page."""

    list_display = ["about", "kind", "sender", "waits_since", "how_far"]
    list_display_links = ["about"]
    list_filter = [QueueFilter]
    search_fields = ["organisation__name", "project__acronym", "cluster__name", "sender_email"]
    search_help_text = gettext_lazy("A name, or the address of a sender")
    exclude = ["assigned_to", "sent_by", "reviewer"]  # no form, and accounts are chosen nowhere
    ordering = ["created_at", "pk"]

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(state=State.UNCONFIRMED)

    def for_list(self, rows, user):
        return rows.with_subject()

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def to_do(self, request) -> list[dict]:
        """First on the first page: somebody waits for an answer."""
        asked = {key: Count("pk", filter=QUEUES[key][1]()) for key in ON_THE_FIRST_PAGE}
        numbers = self.get_queryset(request).order_by().aggregate(**asked)
        address = reverse("admin:contributions_changeproposal_changelist")
        return [
            {
                "model": _("Proposals"),
                "label": QUEUES[key][0],
                "count": numbers[key],
                "url": f"{address}?queue={key}",
                "first": True,
            }
            for key in ON_THE_FIRST_PAGE
            if numbers[key]
        ]

    # --- columns ------------------------------------------------------------------------------------------------------
    @admin.display(description=gettext_lazy("about"))
    def about(self, obj):
        return obj.name

    @admin.display(description=gettext_lazy("from"))
    def sender(self, obj):
        return obj.from_cluster or obj.sender_email

    @admin.display(description=gettext_lazy("since"), ordering="created_at")
    def waits_since(self, obj):
        days = (timezone.now() - (obj.confirmed_at or obj.created_at)).days
        if obj.state in ChangeProposal.DECIDED:
            return date_short(obj.created_at)
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days} if days else _("today")

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def how_far(self, obj):
        return obj.get_state_display()

    # --- the page of one ----------------------------------------------------------------------------------------------
    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None):
        proposal = self._asked(request, object_id)
        page = DecisionPage(self, request, proposal)
        return page.answer() if request.method == "POST" else page.show()

    def history_view(self, request, object_id, extra_context=None):
        """What was written is told where it was written."""
        raise Http404

    def _asked(self, request: HttpRequest, key: str) -> ChangeProposal:
        if not self.has_change_permission(request):
            raise PermissionDenied
        found = self.get_queryset(request).with_subject().select_related("reviewer").filter(pk=number(key)).first()
        if found is None:
            raise Http404
        return found


class DecisionPage:
    """What may be done with a proposal, by what it is: fields against what is live; a member to admit; words to read."""

    def __init__(self, model_admin: ChangeProposalAdmin, request: HttpRequest, proposal: ChangeProposal) -> None:
        self.admin, self.request, self.proposal = model_admin, request, proposal
        sent = request.POST if request.method == "POST" else None
        self.does = sent.get("does", "decide") if sent is not None else ""
        self.lines = deciding.differences(proposal) if proposal.state in ChangeProposal.OPEN else []
        self.decision = DecisionForm(
            self.lines, sent if self.does in ("decide", "all") else None, everything=self.does == "all"
        )
        self.question = QuestionForm(sent if self.does == "ask" else None)
        self.reason = ReasonForm(sent if self.does == "refuse" else None, auto_id="refuse_%s")
        self.alike = self._lookalikes()
        self.member = MemberChosenForm(self.alike, sent if self.does == "admit" else None)

    def _lookalikes(self) -> list:
        if (
            self.proposal.kind != Kind.JOIN
            or self.proposal.organisation_id
            or self.proposal.state not in ChangeProposal.OPEN
        ):
            return []
        said = {name: str(self.proposal.values.get(name, "")) for name in ("name", "acronym", "siren", "website")}
        return told_to(self.request.user, lookalikes(**said))[0]

    def answer(self) -> HttpResponse:
        try:
            done = self._done()
        except deciding.AlreadyDecided as known:
            messages.warning(self.request, deciding.by_whom(known.args[0]))
            return HttpResponseRedirect(self.request.path)
        except deciding.Refused as refused:
            self.decision.tell(refused.args[0])
            return self.show()
        if done is None:
            return self.show()
        messages.success(self.request, done)
        return HttpResponseRedirect(self._next())

    def _done(self) -> str | None:
        """What was done, in a sentence; nothing where the form comes back."""
        proposal, user = self.proposal, self.request.user
        if self.does in ("decide", "all") and self.lines and self.decision.is_valid():
            deciding.decide(
                proposal.pk, user, self.decision.decisions, self.decision.cleaned_data["reason"],
                verified=self.decision.cleaned_data["verified"],
            )  # fmt: skip
            return with_way_back(_("Decided, and the sender is told."))
        if self.does == "refuse" and self.reason.is_valid():
            deciding.settle(proposal.pk, user, accepted=False, reason=self.reason.cleaned_data["reason"])
            return _("Refused, and the sender is told why.")
        if self.does == "done" and not self.lines and proposal.kind in (Kind.REPORT, Kind.CORRECTION):
            deciding.settle(proposal.pk, user, accepted=True)
            return _("Dealt with, and the sender is told.")
        if self.does == "ask" and self.question.is_valid():
            deciding.ask(proposal.pk, user, self.question.cleaned_data["text"])
            return _("Asked. It waits for the answer.")
        if self.does == "admit" and proposal.kind == Kind.JOIN and self.member.is_valid():
            chosen = self.member.cleaned_data["member"]
            one = Organisation.objects.selectable_by(user).get(pk=chosen) if chosen else None
            admitted = deciding.admit(proposal.pk, user, one).organisation
            return with_way_back(_("“%(name)s” is a member now.") % {"name": admitted})
        if self.does == "take_up" and proposal.kind == Kind.PROJECT:
            made = deciding.take_up(proposal.pk, user).project
            return with_way_back(_("“%(name)s” is a draft now.") % {"name": made})
        return None

    def _next(self) -> str:
        """To the next that waits, or to the list."""
        waiting = self.admin.get_queryset(self.request).filter(state=State.PENDING).order_by("created_at", "pk")
        following = waiting.exclude(pk=self.proposal.pk).values_list("pk", flat=True).first()
        if following is None:
            return reverse("admin:contributions_changeproposal_changelist")
        return reverse("admin:contributions_changeproposal_change", args=[following])

    def show(self) -> HttpResponse:
        proposal = self.proposal
        is_open = proposal.state in ChangeProposal.OPEN
        context = {
            **self.admin.admin_site.each_context(self.request),
            "title": proposal.name,
            "subtitle": proposal.get_kind_display(),
            "opts": self.admin.opts,
            "proposal": proposal,
            "is_open": is_open,
            "decision": self.decision,
            "said": lines_of(proposal) if not self.lines else [],
            "member": self.member if proposal.kind == Kind.JOIN and is_open else None,
            "alike": self.alike,
            "is_project": proposal.kind == Kind.PROJECT,
            "question": self.question if is_open and proposal.sender_email else None,
            "reason": self.reason,
            "thread": ProposalMessage.objects.filter(proposal=proposal),
            "by_whom": "" if is_open else deciding.by_whom(proposal),
            "record_url": self._record_url(),
            "list_url": reverse("admin:contributions_changeproposal_changelist"),
        }
        self.request.current_app = self.admin.admin_site.name
        return TemplateResponse(self.request, "admin/contributions/decide.html", context)

    def _record_url(self) -> str:
        subject = self.proposal.subject
        meta = subject._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[subject.pk])
