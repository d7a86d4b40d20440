"""On the pages of members and projects: the ways to say what is wrong there, and to take part."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cluster_portal.pages.addresses import address_of
from members import open_pages
from members.counts import MemberCounts
from members.models import Cluster, Organisation
from projects.models import Project
from projects.open_pages import PROJECT


def _ways(model: str, slug: str, more: list[tuple[str, str]] | None = None) -> dict[str, SafeString]:
    ways = [
        (_("Report an error"), address_of(f"contributions:{model}-report", slug)),
        (_("Propose a change"), address_of(f"contributions:{model}-propose", slug)),
        *(more or []),
    ]
    return {"say": render_to_string("contributions/_ways.html", {"ways": ways})}


@open_pages.ORGANISATION.filled_by
def on_organisation(request: HttpRequest, organisation: Organisation) -> dict[str, SafeString]:
    return _ways("organisation", organisation.slug)


@open_pages.CLUSTER.filled_by
def on_cluster(request: HttpRequest, cluster: Cluster) -> dict[str, SafeString]:
    """A former cluster takes no members."""
    ways = _ways("cluster", cluster.slug)
    facts = next((one for one in MemberCounts().clusters.values() if one.pk == cluster.pk), None)
    if facts is None or facts.held_label() is None:
        return ways
    context = {
        "name": str(cluster),
        "join_url": address_of("contributions:cluster-join", cluster.slug),
        "project_url": address_of("contributions:cluster-project", cluster.slug),
    }
    return {"say": render_to_string("contributions/_take_part.html", context) + ways["say"]}


@PROJECT.filled_by
def on_project(request: HttpRequest, project: Project) -> dict[str, SafeString]:
    more = [(_("Propose an outcome"), address_of("contributions:project-outcome", project.slug))]
    return _ways("project", project.slug, more)
