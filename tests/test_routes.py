"""What somebody who adds a page forgets: that robots are told of it, and that the tests in a browser open it."""

import re

import pytest
from django.test import Client
from django.urls import resolve, reverse
from django.utils import translation

from tests.browser.test_every_page import PAGES
from tests.every_page import public_routes, route_of

NOT_A_PAGE = {"robots", "opensearch", "sitemap-index", "security", "sitemap", "suggest"}
NOT_IN_A_SITEMAP = {
    "legal": "nobody looks for it",
    "accessibility": "nobody looks for it",
    "search": "says nothing until words are typed",
    "projects:compare": "says nothing until clusters are chosen",
    "projects:partners": "a form",
    "members:cluster-members": "the page of the cluster leads to it",
    "projects:cluster-projects": "the page of the cluster leads to it",
    **{
        f"contributions:{name}": "a form, to which the page that it is about leads"
        for name in (
            "organisation-report",
            "organisation-propose",
            "cluster-join",
            "cluster-project",
            "cluster-report",
            "cluster-propose",
            "project-report",
            "project-propose",
            "project-outcome",
            "organisation-write",
            "project-write",
            "members-follow",
            "projects-follow",
            "clusters-follow",
            "cluster-members-follow",
            "cluster-projects-follow",
        )
    },
    **{
        f"contributions:{name}": "somebody’s own, behind a link in a mail"
        for name in (
            "sent",
            "confirm",
            "follow",
            "message-confirm",
            "no-more-messages",
            "alert-sent",
            "alert-confirm",
            "alert-keep",
            "alert-stop",
            "still-right",
            "something-changed",
            "no-more-questions",
        )
    },
    "projects:cluster-figures": "the page of the cluster leads to it",
    "projects:region-figures": "the page of the region leads to it",
    "projects:theme-figures": "the page of the theme leads to it",
}
OPENED_AS = {  # the same view and template as another page that is opened
    "accessibility": "legal",
    "contributions:organisation-report": "contributions:project-report",
    "contributions:cluster-report": "contributions:project-report",
    "contributions:cluster-propose": "contributions:organisation-propose",
    "contributions:project-propose": "contributions:organisation-propose",
    "contributions:cluster-project": "contributions:cluster-join",
    "contributions:confirm": "contributions:sent",  # without a link in a mail they lead nowhere
    "contributions:follow": "contributions:sent",
    "contributions:project-write": "contributions:organisation-write",
    "contributions:message-confirm": "contributions:organisation-write",
    "contributions:no-more-messages": "contributions:organisation-write",
    "contributions:alert-confirm": "contributions:alert-sent",
    "contributions:alert-keep": "contributions:alert-sent",
    "contributions:alert-stop": "contributions:alert-sent",
    "contributions:projects-follow": "contributions:members-follow",
    "contributions:clusters-follow": "contributions:members-follow",
    "contributions:cluster-members-follow": "contributions:members-follow",
    "contributions:cluster-projects-follow": "contributions:members-follow",
    "contributions:still-right": "contributions:no-more-questions",  # likewise
    "contributions:something-changed": "contributions:no-more-questions",
    "projects:region-figures": "projects:cluster-figures",
    "projects:theme-figures": "projects:cluster-figures",
}


def pages() -> set[str]:
    return {name for name, _arguments in public_routes()} - NOT_A_PAGE


def test_every_page_is_in_a_sitemap_or_says_why_not(network):
    client = Client()
    listed = set()
    for sitemap in re.findall(r"<loc>([^<]*)</loc>", client.get("/sitemap.xml").content.decode()):
        addresses = re.findall(r"<loc>http://testserver([^<]*)</loc>", client.get(sitemap).content.decode())
        listed |= {route_of(address).partition(" ")[2] for address in addresses}
    assert pages() - listed == set(NOT_IN_A_SITEMAP)


def test_every_page_is_opened_in_a_browser():
    opened = {route for route, _arguments, _query in PAGES.values()}
    assert pages() - opened == set(OPENED_AS)
    assert set(OPENED_AS.values()) <= opened


@pytest.mark.parametrize(("name", "other"), OPENED_AS.items())
def test_a_page_that_is_not_opened_is_made_like_the_other_one(name, other):
    routes = dict(public_routes())
    assert name in routes and other in routes
    with translation.override("en"):
        views = [resolve(reverse(route, args=["x"] * len(routes[route]))).func for route in (name, other)]
    assert views[0].__module__ == views[1].__module__
