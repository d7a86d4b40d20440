"""Follow a list by mail: the form, the button that confirms it, the one that keeps it, and the one that ends it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from cluster_portal.pages.former_slugs import follows_former_slugs
from cluster_portal.pages.this_page import PERMUTATION
from contributions import limits
from contributions.alerts import following
from contributions.alerts.letters import keep_path, stop_path
from contributions.alerts.lists import OneList
from contributions.forms import FollowListForm
from contributions.links import CONFIRM_ALERT, KEEP_ALERT, STOP_ALERT, UNCONFIRMED_FOR, said_by
from contributions.models import Frequency, ListAlert
from contributions.views.follow import HIDDEN, look_into_your_mails, worthless


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@follows_former_slugs
def follow(request: HttpRequest, which: str, slug: str = "") -> HttpResponse:
    """The address has the filters of the list as the list’s own page has them."""
    one = OneList.asked(which, slug, request.GET)
    form = None if one.is_of_a_day else FollowListForm(None, request.POST or None)
    refused = False
    if form is not None and form.is_valid():
        refused = limits.too_many(request, form.cleaned_data["sender_email"])
        if not refused:
            following.follow(request, one, form.cleaned_data["sender_email"], form.cleaned_data["frequency"])
            return HttpResponseRedirect(reverse("contributions:alert-sent"))
        form.add_error(None, _("That is a lot at once: five an hour are taken from one address. Try again in an hour."))
    context = {
        "title": _("Follow this list"),
        "list": one.title,
        "list_url": one.url,
        "todays_url": one.of_today.follow_url,
        "form": form,
        "robots": PERMUTATION,
    }
    return render(request, "contributions/follow_list.html", context, status=429 if refused else 200)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The same for everybody, whether the address follows the list already or not."""
    lede = _(
        "A mail is on its way to you: confirm with its link, within 48 hours, that you want to follow the list. Only then"
        " are you told anything."
    )
    return look_into_your_mails(request, lede)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Opening the link changes nothing, for programs open links; the button does."""
    said = said_by(request.GET.get("t", ""), CONFIRM_ALERT, within=UNCONFIRMED_FOR)
    pk, frequency, language = said or (None, "", "")
    alert = ListAlert.objects.filter(pk=pk).first()
    if alert is None:
        return worthless(request)
    if request.method == "POST":
        following.confirm(alert, frequency, language)
        return HttpResponseRedirect(keep_path(ListAlert.objects.get(pk=pk)))
    words = {"title": _("Follow this list"), "button": _("Yes, follow this list"), "often": Frequency(frequency).label}
    return _page(request, alert, words | {"end": _("If it was not you, close this page: nothing happens.")})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest) -> HttpResponse:
    """What is followed; and the button by which its reader says, after long, that she wants it still."""
    alert = (
        ListAlert.objects.exclude(confirmed_at=None).filter(pk=said_by(request.GET.get("t", ""), KEEP_ALERT)).first()
    )
    if alert is None:
        return worthless(request)
    if request.method == "POST":
        following.keep(alert)
        return HttpResponseRedirect(request.get_full_path())
    asks = not alert.is_heard_of
    words = {
        "title": _("You follow this list"),
        "button": _("I want it still") if asks else "",
        "often": alert.get_frequency_display(),
        "stop_url": stop_path(alert),
    }
    return _page(request, alert, words)


@never_cache
@csrf_exempt  # mail programs post it of their own (RFC 8058), and only who has the link can
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest) -> HttpResponse:
    pk = said_by(request.GET.get("t", ""), STOP_ALERT)
    if pk is None:
        return worthless(request)
    if request.method == "POST":
        following.stop(pk)
    alert = ListAlert.objects.filter(pk=pk).first()
    if alert is None:
        context = {"title": _("You no longer follow this list"), "robots": HIDDEN}
        return render(request, "contributions/alert_stopped.html", context)
    words = {"title": _("No more of these mails?"), "button": _("Follow this list no longer")}
    return _page(request, alert, words | {"often": alert.get_frequency_display()})


def _page(request: HttpRequest, alert: ListAlert, words: dict[str, Any]) -> HttpResponse:
    one = OneList.of(alert)
    context = {
        "list": one.title,
        "list_url": one.url,
        "button": "",
        "stop_url": "",
        "end": "",
        "robots": HIDDEN,
        **words,
    }
    return render(request, "contributions/alert.html", context)
