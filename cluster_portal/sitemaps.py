"""Sitemaps of what is worth indexing: landing pages, clean lists, and every published page, in each language."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cluster_portal.pages.sitemaps import Listed, Section, sitemapindex, urlset
from members.sitemaps import ClusterSection, OrganisationSection, VocabularySection
from projects.sitemaps import ProjectSection


class LandingSection(Section):
    names = (
        "home",
        "about",
        "members:organisation-list",
        "members:cluster-list",
        "members:region-list",
        "members:theme-list",
        "projects:project-list",
        "projects:figures",
        "projects:shared",
        "contributions:take-part",
    )

    def pages(self, file):
        return [Listed(name) for name in self.names]


SITEMAPS = {
    "pages": LandingSection(),
    "clusters": ClusterSection(),
    "vocabulary": VocabularySection(),
    "members": OrganisationSection(),
    "projects": ProjectSection(),
}


@require_safe
def index(request):
    paths = [
        reverse("sitemap", args=[name]) + (f"?p={file}" if file > 1 else "")
        for name, section in SITEMAPS.items()
        for file in range(1, section.files() + 1)
    ]
    return _xml(sitemapindex(request, paths))


@require_safe
def sitemap(request, section):
    """One file of a section: the first, or that of `?p=`."""
    found, asked = SITEMAPS.get(section), request.GET.get("p", "1")
    file = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
    if found is None or not 1 <= file <= found.files():
        raise Http404
    return _xml(urlset(request, found.pages(file)))


def _xml(text):
    """For robots to read, and to show to nobody."""
    return HttpResponse(text, content_type="application/xml", headers={"X-Robots-Tag": "noindex, noodp, noarchive"})
