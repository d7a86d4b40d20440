"""Where the links of “Is this still right?” lead. Opening one changes nothing, for programs open links; its button does."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cluster_portal.admin.once import digest
from cluster_portal.pages.this_page import site_of
from contributions import proposing
from contributions.answering import HIDDEN_SINCE, Asked, NotOpen, all_is_right, asked_by, something_changed
from contributions.deciding import CHANGED_AGAIN
from contributions.fields import as_read
from contributions.forms import KnownSenderForm
from contributions.links import FOLLOW, NO_MORE_QUESTIONS, path_to, said_by
from contributions.models import LinkPurpose, LinkState, UnwantedMail, no_more_to
from contributions.views.follow import HIDDEN

GONE = 410


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def still_right(request: HttpRequest) -> HttpResponse:
    """What is published, and a button that says that all of it is right: of what was shown, and of nothing else."""
    asked = asked_by(request.GET.get("t", ""), LinkPurpose.CONFIRM)
    if asked is None or not asked.is_open:
        return _answered(request, asked)
    lines = as_read(asked.organisation)
    seen = digest(repr(lines))
    is_pressed = request.method == "POST"
    if is_pressed and request.POST.get("seen") == seen:
        try:
            all_is_right(asked, site_of(request))
        except NotOpen as now:
            return _answered(request, now.args[0])
        return HttpResponseRedirect(request.get_full_path())
    context = {
        "title": _("Is this still right?"),
        "asked": asked,
        "lines": lines,
        "seen": seen,
        "changed": CHANGED_AGAIN if is_pressed else "",
        "robots": HIDDEN,
    }
    return render(request, "contributions/still_right.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def changed(request: HttpRequest) -> HttpResponse:
    """The form of a change, filled in; its sender is known."""
    asked = asked_by(request.GET.get("t", ""), LinkPurpose.CHANGE)
    if asked is None or not asked.is_open:
        return _answered(request, asked)
    form = KnownSenderForm(asked.organisation, request.POST or None)
    if form.is_valid():
        said = {
            **proposing.values_based_on(form.changed, form.stands),
            "note": form.cleaned_data["note"],
            "sender_name": form.cleaned_data["sender_name"],
        }
        try:
            proposal = something_changed(asked, site_of(request), **said)
        except NotOpen as now:
            return _answered(request, now.args[0])
        return HttpResponseRedirect(path_to(proposal, FOLLOW) if proposal else request.get_full_path())
    context = {
        "title": _("Something changed – %(name)s") % {"name": asked.organisation},
        "heading": _("Something changed"),
        "lede": _(
            "This is what the page of %(name)s says today. Change what is wrong: whoever keeps the page decides, field by"
            " field, and answers %(email)s."
        )
        % {"name": asked.organisation, "email": asked.link.sent_to},
        "form": form,
        "crumbs": [{"label": str(asked.organisation), "url": asked.organisation.get_absolute_url()}],
        "robots": HIDDEN,
    }
    return render(request, "contributions/send.html", context)


@never_cache
@csrf_exempt  # RFC 8058: the button of a mail program posts to this address, and has been on no page of ours
@require_http_methods(["GET", "HEAD", "POST"])
def no_more_questions(request: HttpRequest) -> HttpResponse:
    digest = said_by(request.GET.get("t", ""), NO_MORE_QUESTIONS)
    if not digest:
        return _answered(request, None)
    if request.method == "POST":
        no_more_to(digest, UnwantedMail.QUESTIONS)
    context = {
        "title": _("No more questions"),
        "done": request.method == "POST",
        "robots": HIDDEN,
    }
    return render(request, "contributions/no_more_questions.html", context)


def _answered(request: HttpRequest, asked: Asked | None) -> HttpResponse:
    """Why there is nothing (more) to press, in words."""
    titles = {
        None: _("This link leads nowhere"),
        LinkState.USED: _("Thank you: you have answered"),
        LinkState.NEWER: _("There is a newer mail"),
        LinkState.EXPIRED: _("This link has expired"),
        HIDDEN_SINCE: _("This is not published any more"),
    }
    state = asked.state if asked else None
    context = {"title": titles[state], "asked": asked, "state": state, "robots": HIDDEN}
    status = 404 if asked is None else 200 if state == LinkState.USED else GONE
    return render(request, "contributions/answered.html", context, status=status)
