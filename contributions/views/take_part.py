"""The ways to take part, for whoever does not come from the page of a cluster or a project."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members.counts import MemberCounts


@require_safe
def take_part(request: HttpRequest) -> HttpResponse:
    context = {
        "title": _("Take part"),
        "description": _("Become a member of a cluster, propose a project, or say what is wrong: without an account."),
        "clusters": MemberCounts().labelled(),
    }
    return render(request, "contributions/take_part.html", context)
