"""On the pages of members and projects: the ways to say what is wrong there, to take part, to write to somebody, and to
follow a list."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cluster_portal.listing.address import ListAddress
from cluster_portal.pages.addresses import address, address_of
from cluster_portal.templatetags.portal import icon
from contributions.relaying import receiver_of
from members import open_pages
from members.chosen_clusters import ChosenClusters
from members.counts import MemberCounts
from members.models import Cluster, Organisation
from projects.models import Project
from projects.open_pages import PROJECT, PROJECT_LIST


def _ways(model: str, slug: str, more: list[tuple[str, str]] | None = None) -> dict[str, SafeString]:
    ways = [
        (_("Report an error"), address_of(f"contributions:{model}-report", slug)),
        (_("Propose a change"), address_of(f"contributions:{model}-propose", slug)),
        *(more or []),
    ]
    return {"say": render_to_string("contributions/_ways.html", {"ways": ways})}


def _way_to_write(model: str, record: Organisation | Project, words: str, css: str) -> dict[str, SafeString]:
    """Where somebody reads what is written; the page says no address."""
    if receiver_of(record) is None:
        return {}
    context = {"url": address_of(f"contributions:{model}-write", record.slug), "words": words, "css": css}
    return {"reach": render_to_string("contributions/_write_to.html", context)}


@open_pages.ORGANISATION.filled_by
def on_organisation(request: HttpRequest, organisation: Organisation) -> dict[str, SafeString]:
    way = _way_to_write("organisation", organisation, _("Write to the organisation"), "btn-primary")
    return _ways("organisation", organisation.slug) | way


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
    way = _way_to_write("project", project, _("Write to the coordinator"), "btn-line")
    more = [(_("Propose an outcome"), address_of("contributions:project-outcome", project.slug))]
    return _ways("project", project.slug, more) | way


@open_pages.MEMBER_LIST.filled_by
def on_member_list(request: HttpRequest, asked: ListAddress) -> dict[str, SafeString]:
    return _way_to_follow("members", asked)


@PROJECT_LIST.filled_by
def on_project_list(request: HttpRequest, asked: ListAddress) -> dict[str, SafeString]:
    return _way_to_follow("projects", asked)


@open_pages.CLUSTER_LIST.filled_by
def on_cluster_list(request: HttpRequest, chosen: ChosenClusters) -> dict[str, SafeString]:
    return _follow(address("contributions:clusters-follow"), chosen.address)


def _way_to_follow(which: str, asked: ListAddress) -> dict[str, SafeString]:
    cluster = next(iter(asked.slugs("cluster")), "") if "cluster" in asked.fixed_names else ""
    page = (
        address_of(f"contributions:cluster-{which}-follow", cluster)
        if cluster
        else address(f"contributions:{which}-follow")
    )
    return _follow(page, asked.replacing(sort="").url)


def _follow(page: str, shown: str) -> dict[str, SafeString]:
    """With the filters of the list that is shown."""
    _path, mark, query = shown.partition("?")
    way = '<a class="btn btn-plain btn-sm no-print" href="{}{}{}" rel="nofollow">{} {}</a>'
    return {"ways_on": format_html(way, page, mark, query, icon("mail"), _("Follow this list"))}
