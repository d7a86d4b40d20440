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
from contributions import proposing
from contributions.deciding import Taken, known_fields_of
from contributions.links import CONFIRM, FOLLOW, path_to, proposal_behind
from contributions.models import ChangeProposal, ProposalMessage

HIDDEN = "noindex,nofollow"


class AnswerForm(forms.Form):
    text = TextBox(label=gettext_lazy("Your answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The same for everybody, whether anything was kept or not."""
    return render(request, "contributions/sent.html", {"title": _("Look into your mails"), "robots": HIDDEN})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Opening the link changes nothing, for programs open links; the button does."""
    proposal = proposal_behind(request.GET.get("t", ""), CONFIRM)
    if proposal is None:
        return _worthless(request)
    if request.method == "POST":
        proposing.confirm(proposal)
    if request.method == "POST" or proposal.state != ChangeProposal.State.UNCONFIRMED:
        return HttpResponseRedirect(path_to(proposal, FOLLOW))
    context = {"title": _("Confirm what you sent"), "proposal": proposal, "lines": lines_of(proposal), "robots": HIDDEN}
    return render(request, "contributions/confirm.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    proposal = proposal_behind(request.GET.get("t", ""), FOLLOW)
    if proposal is None:
        return _worthless(request)
    waits = proposal.state == ChangeProposal.State.WAITING
    form = AnswerForm(request.POST or None) if waits else None
    subject = proposal.subject
    if form is not None and form.is_valid():
        proposing.answer(proposal, form.cleaned_data["text"])
        return HttpResponseRedirect(request.get_full_path())
    context = {
        "title": _("What became of your proposal"),
        "proposal": proposal,
        "lines": lines_of(proposal),
        "thread": ProposalMessage.objects.filter(proposal=proposal),
        "form": form,
        "page_url": subject.get_absolute_url() if subject.has_a_page else "",  # who joins is a draft at first
        "robots": HIDDEN,
    }
    return render(request, "contributions/follow.html", context)


def _worthless(request: HttpRequest) -> HttpResponse:
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
            field.shown(proposal.based_on.get(name, "")),
            field.shown(proposal.values[name]),
            words.get(proposal.decisions.get(name, {}).get("taken", ""), ""),
        )
        for name, field in known.items()
        if name in proposal.values
    ]
