"""What the sender of a proposal sees: that it was sent, the button that confirms it, and what became of it."""

from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cluster_portal.admin.boxes import TextBox
from cluster_portal.records.publication import Status
from contributions import proposing
from contributions.deciding import Taken, known_fields_of
from contributions.links import CONFIRM, FOLLOW, path_to, proposal_behind
from contributions.models import ChangeProposal, ProposalMessage
from contributions.refusals import Refused, refusals_of

HIDDEN = "noindex,nofollow"


class AnswerForm(forms.Form):
    text = TextBox(label=gettext_lazy("Your answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The same for everybody, whether anything was kept or not."""
    lede = _(
        "Thank you. A mail is on its way to you: confirm with its link what you sent, within 48 hours. Only then does"
        " somebody read it."
    )
    return look_into_your_mails(request, lede)


def look_into_your_mails(request: HttpRequest, lede: str) -> HttpResponse:
    context = {"title": _("Look into your mails"), "lede": lede, "robots": HIDDEN}
    return render(request, "contributions/sent.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Opening the link changes nothing, for programs open links; the button does."""
    proposal = proposal_behind(request.GET.get("t", ""), CONFIRM)
    if proposal is None:
        return worthless(request)
    if request.method == "POST" and proposal.may_be_confirmed:
        proposing.confirm(proposal)
    if proposal.state != ChangeProposal.State.UNCONFIRMED or (request.method == "POST" and proposal.may_be_confirmed):
        return HttpResponseRedirect(path_to(proposal, FOLLOW))
    context = {
        "title": _("Confirm what you sent"),
        "proposal": proposal,
        "lines": lines_of(proposal),
        "left_out": some_left_out(proposal),
        "robots": HIDDEN,
    }
    return render(request, "contributions/confirm.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    proposal = proposal_behind(request.GET.get("t", ""), FOLLOW)
    if proposal is None:
        return worthless(request)
    waits = proposal.state == ChangeProposal.State.WAITING
    form = AnswerForm(request.POST or None) if waits else None
    subject = proposal.subject
    if form is not None and form.is_valid():
        proposing.answer(proposal, form.cleaned_data["text"])
        return HttpResponseRedirect(request.get_full_path())
    context = {
        "title": _("What became of your proposal"),
        "proposal": proposal,
        "state": _("waiting for your answer") if waits else proposal.get_state_display(),
        "lines": lines_of(proposal),
        "left_out": some_left_out(proposal),
        "refused": _refusal_of_what_it_made(proposal),
        "thread": ProposalMessage.objects.filter(proposal=proposal),
        "form": form,
        "page_url": subject.get_absolute_url() if subject.has_a_page else "",  # who joins is a draft at first
        "robots": HIDDEN,
    }
    return render(request, "contributions/follow.html", context)


def _refusal_of_what_it_made(proposal: ChangeProposal) -> Refused | None:
    """Of the draft that it was accepted as, if that is not to be published."""
    made = proposal.project if proposal.kind == ChangeProposal.Kind.PROJECT else proposal.organisation
    if made is None or not ChangeProposal.objects.that_made(made).filter(pk=proposal.pk).exists():
        return None
    return next(refusals_of([made]), None) if made.status == Status.REFUSED else None


def worthless(request: HttpRequest) -> HttpResponse:
    return render(
        request, "contributions/worthless.html", {"title": _("This link leads nowhere"), "robots": HIDDEN}, status=404
    )


@dataclass(frozen=True)
class Line:
    """A field of a proposal, as people read it."""

    label: str
    before: str
    proposed: str
    decision: str


def lines_of(proposal: ChangeProposal) -> list[Line]:
    known = known_fields_of(proposal)
    words = {
        Taken.AS_PROPOSED: _("accepted"),
        Taken.EDITED: _("accepted, in other words"),
        Taken.REFUSED: _("not accepted"),
    }
    return [
        Line(
            str(field.label),
            field.shown(proposal.based_on.get(name, "")) if field.told else _("shown to nobody"),
            field.shown(proposal.values[name]),
            words.get(proposal.decisions.get(name, {}).get("taken", ""), ""),
        )
        for name, field in known.items()
        if name in proposal.values
    ]


def some_left_out(proposal: ChangeProposal) -> bool:
    """Whether it speaks of what is not, or no longer, public."""
    return not known_fields_of(proposal).keys() >= proposal.values.keys()
