"""What an administrator sees of the work behind the pages: the queue, who is at what, what failed, and a way to try again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_portal.records.scope import KEEP_ACCOUNTS

from . import queue
from .knowing import SaidToStaff
from .life import worker_alive


def work(site, request: HttpRequest) -> HttpResponse:
    _for_administrators(request)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    context = {
        **site.each_context(request),
        "title": _("Background work"),
        "subtitle": None,
        "alive": worker_alive(),
        "numbers": queue.numbers(),
        "running": queue.running(),
        "failures": queue.failures(),
    }
    return TemplateResponse(request, "admin/work.html", context)


def retry(site, request: HttpRequest, key: str) -> HttpResponse:
    _for_administrators(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        if queue.retry(key):
            messages.success(request, _("The task waits again."))
        else:
            messages.warning(request, _("That task has not failed, or is not there any more."))
    except (ValidationError, ValueError) as error:  # no number of a task
        raise Http404 from error
    except SaidToStaff as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(reverse("admin:work"))


def _for_administrators(request: HttpRequest) -> None:
    """To everybody else there is no such page."""
    if not request.user.has_perm(KEEP_ACCOUNTS):
        raise Http404


def address_of_work(user) -> str:
    return reverse("admin:work") if user.has_perm(KEEP_ACCOUNTS) else ""


def to_do(request: HttpRequest) -> list[str]:
    """What administrators read on their first page when something is wrong, a sentence each."""
    if not request.user.has_perm(KEEP_ACCOUNTS):
        return []
    numbers = queue.numbers()
    lines = []
    if not worker_alive():
        lines.append(_("No worker is running: imports and other long work wait until it is started."))
    if numbers.failed:
        lines.append(
            ngettext("%(number)s task failed this week.", "%(number)s tasks failed this week.", numbers.failed)
            % {"number": numbers.failed}
        )
    return lines
