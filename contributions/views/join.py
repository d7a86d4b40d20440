"""Ask to become a member of a cluster, or to have a project taken up by it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cluster_portal.pages.former_slugs import Moved, follows_former_slugs, get_by_slug
from cluster_portal.pages.this_page import PERMUTATION
from contributions import proposing
from contributions.forms import JoinAgainForm, NewRecordForm
from contributions.models import ChangeProposal
from contributions.views.send import is_taken, page
from members.admin.finding import as_asked
from members.admin.lookalikes import lookalikes
from members.models import Cluster, Organisation
from projects.models import Project

LONGEST = 250


@require_http_methods(["GET", "HEAD", "POST"])
@follows_former_slugs
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Its name or number first: is it one of these? Then what the directory would say of it."""
    cluster = get_by_slug(Cluster.objects.with_a_page, slug)
    if cluster.is_archived or not Cluster.objects.labelled().filter(pk=cluster.pk).exists():
        return HttpResponseRedirect(cluster.get_absolute_url())
    if chosen := request.GET.get("organisation", ""):
        try:
            organisation = get_by_slug(Organisation.objects.published, chosen)
        except Moved as moved:
            return HttpResponseRedirect(f"?{urlencode({'organisation': moved.slug})}", preserve_request=True)
        return _of_known(request, cluster, organisation)
    asked = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST]
    if "new" in request.GET or request.method == "POST":
        return _of_new(request, cluster, asked)
    context = {
        "title": _("Become a member of %(cluster)s") % {"cluster": cluster},
        "cluster": cluster,
        "asked": asked,
        "found": published_like(asked),
        "new_url": f"?{urlencode({'new': 1, 'q': asked})}",
        "crumbs": [{"label": str(cluster), "url": cluster.get_absolute_url()}],
        "robots": PERMUTATION,
    }
    return render(request, "contributions/join.html", context)


def published_like(asked: str) -> list[Organisation]:
    """What is in the directory already under that name, number or address; drafts are told to nobody."""
    if not asked:
        return []
    known = {organisation.pk for organisation, _why in lookalikes(**as_asked(asked))}
    return list(Organisation.objects.published().filter(pk__in=known).order_by("sort_name", "pk"))


def _of_known(request: HttpRequest, cluster: Cluster, organisation: Organisation) -> HttpResponse:
    form = JoinAgainForm(request.POST or None)
    if form.is_valid() and is_taken(request, form):
        said = {"note": form.cleaned_data["note"]}
        about = {"cluster": cluster, "organisation": organisation}
        proposing.send(request, ChangeProposal.Kind.JOIN, form.cleaned_data, said, **about)
        return HttpResponseRedirect(reverse("contributions:sent"))
    words = {
        "heading": _("Become a member of %(cluster)s") % {"cluster": cluster},
        "lede": _("%(name)s is in the directory already. The team of %(cluster)s reads your request, and answers you.")
        % {"name": organisation, "cluster": cluster},
    }
    return page(request, cluster, form, words)


def _of_new(request: HttpRequest, cluster: Cluster, asked: str) -> HttpResponse:
    known = {f"field-{name}": value for name, value in as_asked(asked).items() if value} if asked else {}
    form = NewRecordForm(Organisation, request.POST or None, initial=known)
    if form.is_valid() and is_taken(request, form):
        said = {"values": form.said, "note": form.cleaned_data["note"]}
        proposing.send(request, ChangeProposal.Kind.JOIN, form.cleaned_data, said, cluster=cluster)
        return HttpResponseRedirect(reverse("contributions:sent"))
    words = {
        "heading": _("Become a member of %(cluster)s") % {"cluster": cluster},
        "lede": _(
            "This is what the directory would say of your organisation. The team of %(cluster)s reads your request, and"
            " answers you; nothing is public before."
        )
        % {"cluster": cluster},
    }
    return page(request, cluster, form, words)


@require_http_methods(["GET", "HEAD", "POST"])
@follows_former_slugs
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """A project that is not in the directory."""
    cluster = get_by_slug(Cluster.objects.with_a_page, slug)
    if cluster.is_archived or not Cluster.objects.labelled().filter(pk=cluster.pk).exists():
        return HttpResponseRedirect(cluster.get_absolute_url())
    form = NewRecordForm(Project, request.POST or None)
    if form.is_valid() and is_taken(request, form):
        said = {"values": form.said, "note": form.cleaned_data["note"]}
        proposing.send(request, ChangeProposal.Kind.PROJECT, form.cleaned_data, said, cluster=cluster)
        return HttpResponseRedirect(reverse("contributions:sent"))
    words = {
        "heading": _("Propose a project"),
        "lede": _("The team of %(cluster)s reads it, and answers you; nothing is public before.")
        % {"cluster": cluster},
    }
    return page(request, cluster, form, words)
