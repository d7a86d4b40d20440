"""Write to an organisation, or to the coordinator of a project, without learning an address."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cluster_portal.pages.former_slugs import follows_former_slugs, get_by_slug
from cluster_portal.pages.this_page import PERMUTATION
from contributions import relaying
from contributions.forms import MessageForm
from contributions.links import NO_MORE_MESSAGES, said_by
from contributions.models import UnwantedMail, no_more_to
from contributions.views.follow import HIDDEN, worthless
from contributions.views.send import TOO_MANY, is_taken
from members.models import Organisation
from projects.models import Project


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@follows_former_slugs
def write(request: HttpRequest, slug: str, model: type[Organisation | Project]) -> HttpResponse:
    record = get_by_slug(model.objects.with_a_page, slug)
    if record.is_archived:
        return HttpResponseRedirect(record.get_absolute_url())
    receiver = relaying.receiver_of(record)
    form = MessageForm(record, request.POST or None)
    stopped = relaying.what_stops_it(receiver) if receiver else relaying.not_reached(record)
    if form.is_valid():
        if stopped:
            form.add_error(None, stopped)
        elif receiver and is_taken(request, form):
            about = record if isinstance(record, Project) else None
            relaying.write(request, receiver, form.cleaned_data, form.cleaned_data["text"], about)
            return HttpResponseRedirect(reverse("contributions:sent"))
    context = {
        "title": f"{_('Write a message')} – {record}",
        "heading": _("Write to %(name)s") % {"name": receiver or record},
        "lede": _lede(record, receiver),
        "form": form if form.is_bound or not stopped else None,
        "stopped": stopped,
        "crumbs": [{"label": str(record), "url": record.get_absolute_url()}],
        "robots": PERMUTATION,
    }
    status = 429 if form.is_bound and TOO_MANY() in form.non_field_errors() else 200
    return render(request, "contributions/write.html", context, status=status)


def _lede(record: Organisation | Project, receiver: Organisation | None) -> str:
    if receiver is None:
        return ""
    if isinstance(record, Project):
        return _("It coordinates the project %(project)s. Your message is sent on by mail.") % {"project": record}
    return _("Your message is sent on to it by mail.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Opening the link changes nothing, for programs open links; the button does."""
    message = relaying.message_behind(request.GET.get("t", ""))
    if message is None:
        return worthless(request)
    if request.method == "POST":
        stopped = relaying.pass_on(message)
        if not stopped:
            return HttpResponseRedirect(request.get_full_path())
    else:
        stopped = "" if message.passed_on_at else relaying.what_stops_it(message.organisation)
    title = _("Your message has left") if message.passed_on_at else _("Confirm your message")
    context = {"title": title, "message": message, "stopped": stopped, "robots": HIDDEN}
    return render(request, "contributions/confirm_message.html", context)


@csrf_exempt  # a mail program asks it for its reader, by RFC 8058; the link itself is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def no_more(request: HttpRequest) -> HttpResponse:
    digest = said_by(request.GET.get("t", ""), NO_MORE_MESSAGES)
    if digest is None:
        return worthless(request)
    done = request.method == "POST"
    if done:
        no_more_to(digest, UnwantedMail.MESSAGES)
    title = _("You get no more messages") if done else _("No more messages")
    return render(request, "contributions/no_more_messages.html", {"title": title, "done": done, "robots": HIDDEN})
