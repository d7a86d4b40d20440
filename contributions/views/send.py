"""Say that something is wrong on a page, or what should stand there instead.

A page with a form is its visitor's own: it bears a sign that she brings back with what she sends, so it is never kept.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cluster_portal.pages.former_slugs import follows_former_slugs, get_by_slug
from cluster_portal.pages.this_page import PERMUTATION
from contributions import limits, proposing
from contributions.fields import Subject
from contributions.forms import CorrectionForm, OpenForm, ReportForm
from contributions.models import ChangeProposal
from members.models import Cluster, Organisation
from projects.models import Project

ABOUT = {Organisation: "organisation", Cluster: "cluster", Project: "project"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@follows_former_slugs
def report(request: HttpRequest, slug: str, model: type[Subject]) -> HttpResponse:
    subject = get_by_slug(model.objects.with_a_page, slug)
    if subject.is_archived:  # its page says what became of it
        return HttpResponseRedirect(subject.get_absolute_url())
    form = ReportForm(subject, request.POST or None)
    if form.is_valid() and is_taken(request, form):
        said = {"note": form.cleaned_data["note"]}
        proposing.send(request, ChangeProposal.Kind.REPORT, form.cleaned_data, said, **{ABOUT[model]: subject})
        return HttpResponseRedirect(reverse("contributions:sent"))
    words = {
        "heading": _("Report an error"),
        "lede": _("On the page of %(name)s. Whoever keeps the page reads it, and answers you.") % {"name": subject},
    }
    return page(request, subject, form, words)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@follows_former_slugs
def propose(request: HttpRequest, slug: str, model: type[Subject]) -> HttpResponse:
    subject = get_by_slug(model.objects.with_a_page, slug)
    if subject.is_archived:
        return HttpResponseRedirect(subject.get_absolute_url())
    form = CorrectionForm(subject, request.POST or None)
    if form.is_valid() and is_taken(request, form):
        said = {**proposing.values_based_on(form.changed, form.stands), "note": form.cleaned_data["note"]}
        proposing.send(request, ChangeProposal.Kind.CORRECTION, form.cleaned_data, said, **{ABOUT[model]: subject})
        return HttpResponseRedirect(reverse("contributions:sent"))
    words = {
        "heading": _("Propose a change"),
        "lede": _(
            "This is what the page of %(name)s says today. Change what is wrong: whoever keeps the page decides, field by"
            " field. What you propose becomes public once it is accepted; your name and address never do."
        )
        % {"name": subject},
    }
    return page(request, subject, form, words)


def is_taken(request: HttpRequest, form: OpenForm) -> bool:
    if limits.too_many(request, form.cleaned_data["sender_email"]):
        form.add_error(None, TOO_MANY())
        return False
    return True


def TOO_MANY() -> str:  # noqa: N802
    return _("That is a lot at once: five an hour are taken from one address. Send this one in an hour.")


def page(request: HttpRequest, subject: Subject, form: OpenForm, words: dict[str, str]) -> HttpResponse:
    context = {
        "title": f"{words['heading']} – {subject}",
        "form": form,
        "crumbs": [{"label": str(subject), "url": subject.get_absolute_url()}],
        "robots": PERMUTATION,
        **words,
    }
    status = 429 if form.is_bound and TOO_MANY() in form.non_field_errors() else 200
    return render(request, "contributions/send.html", context, status=status)
