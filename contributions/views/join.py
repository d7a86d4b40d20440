"""Ask to become a member of a cluster, or propose what it does not know yet: a project, what came of one."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
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
from projects.models import Outcome, Project

LONGEST = 250


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@follows_former_slugs
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Its name or number first: is it one of these? Then what the directory would say of it."""
    cluster = get_by_slug(Cluster.objects.with_a_page, slug)
    if not takes_part(cluster):
        return _closed(request, cluster, "contributions:cluster-join")
    if chosen := request.GET.get("organisation", ""):
        try:
            return _of_known(request, cluster, get_by_slug(Organisation.objects.published, chosen))
        except Moved as moved:  # it was merged, or has another address
            there = f"{request.path}?{urlencode({'organisation': moved.slug})}"
            return HttpResponsePermanentRedirect(there, preserve_request=request.method == "POST")
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


def takes_part(cluster: Cluster) -> bool:
    """Members and projects are of clusters that hold the label today."""
    return Cluster.objects.published().labelled().filter(pk=cluster.pk).exists()


def _closed(request: HttpRequest, cluster: Cluster, form: str) -> HttpResponse:
    """A former cluster, and the same form of what it has become. What was sent here meanwhile goes along, and is looked at
    there once more; where nobody can say to whom, it is shown again."""
    successors = list(Cluster.objects.published().labelled().that_followed(cluster))
    ways = [(str(one), reverse(form, args=[one.slug])) for one in successors]
    if request.method == "POST" and len(ways) == 1:
        return HttpResponseRedirect(f"{ways[0][1]}?{request.GET.urlencode()}", preserve_request=True)
    context = {
        "title": _("%(cluster)s holds no label today") % {"cluster": cluster},
        "ways": ways,
        "typed": [
            text
            for name, texts in request.POST.lists()
            for text in texts
            if text and (name == "note" or name.startswith("field-"))
        ],
        "crumbs": [{"label": str(cluster), "url": cluster.get_absolute_url()}],
        "robots": PERMUTATION,
    }
    return render(request, "contributions/closed.html", context)


def published_like(asked: str) -> list[Organisation]:
    """What is in the directory already under that name, number or address; drafts are told to nobody."""
    if not asked:
        return []
    known = {organisation.pk for organisation, _why in lookalikes(**as_asked(asked))}
    return list(Organisation.objects.published().filter(pk__in=known).order_by("sort_name", "pk"))


def _of_known(request: HttpRequest, cluster: Cluster, organisation: Organisation) -> HttpResponse:
    form = JoinAgainForm(cluster, request.POST or None)
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
    form = NewRecordForm(Organisation, cluster, request.POST or None, initial=known)
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


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@follows_former_slugs
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """A project that is not in the directory."""
    cluster = get_by_slug(Cluster.objects.with_a_page, slug)
    if not takes_part(cluster):
        return _closed(request, cluster, "contributions:cluster-project")
    form = NewRecordForm(Project, cluster, request.POST or None)
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


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@follows_former_slugs
def outcome(request: HttpRequest, slug: str) -> HttpResponse:
    """What came of a project, and its page does not tell."""
    known = get_by_slug(Project.objects.with_a_page, slug)
    if known.is_archived:
        return HttpResponseRedirect(known.get_absolute_url())
    form = NewRecordForm(Outcome, known, request.POST or None)
    if form.is_valid() and is_taken(request, form):
        said = {"values": form.said, "note": form.cleaned_data["note"]}
        proposing.send(request, ChangeProposal.Kind.PROJECT, form.cleaned_data, said, project=known)
        return HttpResponseRedirect(reverse("contributions:sent"))
    words = {
        "heading": _("Propose an outcome"),
        "lede": _(
            "What came of %(name)s: a product, a patent, a publication... Whoever keeps the page reads it, and answers"
            " you; nothing is public before."
        )
        % {"name": known},
    }
    return page(request, known, form, words)
