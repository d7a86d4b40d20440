"""What robots read: sitemaps, robots.txt, canonical addresses, OpenSearch."""

import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from cluster_portal import sitemaps
from cluster_portal.pages.sitemaps import PublishedSection
from members.models import Cluster, Organisation, Region, Theme
from projects.models import Project

NAMESPACES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture
def xml(network, client):
    def xml(path):
        response = client.get(path)
        assert response.status_code == 200, path
        return ElementTree.fromstring(response.content)  # noqa: S314 (our own)

    return xml


def sections(xml) -> list[str]:
    return [
        loc.text.removeprefix("http://testserver")
        for loc in xml("/sitemap.xml").iterfind("s:sitemap/s:loc", NAMESPACES)
    ]


def addresses(xml) -> list[str]:
    return [
        loc.text.removeprefix("http://testserver")
        for section in sections(xml)
        for loc in xml(section).iterfind("s:url/s:loc", NAMESPACES)
    ]


def test_sitemaps_hold_every_published_page_in_both_languages_and_nothing_else(xml):
    found = set(addresses(xml))
    pages = [*Organisation.objects.all(), *Cluster.objects.all(), *Project.objects.all()]
    for language in ("fr", "en"):
        with translation.override(language):
            for thing in pages:
                assert (thing.get_absolute_url() in found) == (thing.status == "published"), thing
            for thing in [*Region.objects.all(), *Theme.objects.all()]:
                assert thing.get_absolute_url() in found
            for name in (
                "home",
                "about",
                "members:organisation-list",
                "members:cluster-list",
                "projects:project-list",
                "projects:figures",
            ):
                assert reverse(name) in found, name


def test_sitemaps_list_only_pages_that_may_be_indexed(xml, client):
    found = addresses(xml)
    assert len(found) == len(set(found)) and not any("?" in address for address in found)
    for address in [*found[:24], *found[24 :: len(found) // 30]]:
        response = client.get(address)
        assert response.status_code == 200, address
        page = response.content.decode()
        assert 'name="robots"' not in page, address
        assert f'<link rel="canonical" href="http://testserver{address}">' in page, address


def test_each_address_names_its_translations(xml):
    known = {f"http://testserver{address}" for address in addresses(xml)}
    for section in sections(xml):
        for url in list(xml(section).iterfind("s:url", NAMESPACES))[:6]:
            links = {link.get("hreflang"): link.get("href") for link in url.iterfind("x:link", NAMESPACES)}
            assert set(links) == {"fr", "en"} and set(links.values()) <= known, section
            assert "/fr/" in links["fr"] and "/en/" in links["en"]
            assert url.find("s:loc", NAMESPACES).text in links.values()


def test_sitemaps_are_split_below_the_limit_of_the_standard(xml, client, monkeypatch):
    assert PublishedSection.keys_in_a_file * len(settings.LANGUAGES) <= 50_000
    whole = addresses(xml)
    monkeypatch.setattr(PublishedSection, "keys_in_a_file", 7)
    assert len(sections(xml)) > len(sitemaps.SITEMAPS)
    assert addresses(xml) == whole
    assert any("?p=2" in section for section in sections(xml))


def test_a_sitemap_is_made_by_few_questions_however_many_rows_there_are(network, client, monkeypatch):
    client.get("/sitemap.xml")
    with CaptureQueriesContext(connection) as of_everything:
        client.get("/sitemap-members.xml")
    monkeypatch.setattr(PublishedSection, "keys_in_a_file", 5)
    with CaptureQueriesContext(connection) as of_a_part:
        client.get("/sitemap-members.xml?p=9")
    assert len(of_everything) == len(of_a_part) <= 2  # what changed since, and the rows


def test_sitemaps_say_when_a_page_last_changed(xml):
    members = [section for section in sections(xml) if "members" in section]
    dates = [date.text for date in xml(members[0]).iterfind("s:url/s:lastmod", NAMESPACES)]
    assert dates and all(re.fullmatch(r"\d{4}-\d\d-\d\d.*", date) for date in dates)


@pytest.mark.parametrize("path", ["/sitemap-nothing.xml", "/sitemap-members.xml?p=999", "/sitemap-members.xml?p=x"])
def test_a_section_that_is_not_there_is_not_found(network, client, path):
    assert client.get(path).status_code == 404


def test_robots_are_kept_from_the_admin_and_shown_the_sitemap(network, client):
    text = client.get("/robots.txt")
    assert text["Content-Type"].startswith("text/plain")
    lines = text.content.decode().splitlines()
    assert "Disallow: /admin/" in lines and "Sitemap: http://testserver/sitemap.xml" in lines
    assert not any(line.startswith("Disallow: /fr/membres") or line == "Disallow: /" for line in lines)


def test_links_outside_the_site_carry_the_address_that_the_operator_gave(network, client, settings):
    settings.SITE_URL = "https://portal.example"
    assert "Sitemap: https://portal.example/sitemap.xml" in client.get("/robots.txt").content.decode()
    page = client.get("/fr/membres/").content.decode()
    assert '<link rel="canonical" href="https://portal.example/fr/membres/">' in page
    sitemap = client.get("/sitemap-pages.xml").content.decode()
    assert "https://portal.example/fr/" in sitemap and "testserver" not in sitemap
    assert "testserver" not in client.get("/sitemap.xml").content.decode()


def test_every_page_names_itself_and_its_translations(network, client):
    organisation = Organisation.objects.published().first()
    for path in ("", "membres/", "clusters/", "clusters/cara/", "regions/", "themes/", f"membres/{organisation.slug}/"):
        page = client.get(f"/fr/{path}").content.decode()
        assert page.count('rel="canonical"') == 1 and f'href="http://testserver/fr/{path}"' in page, path
        english = f"/en/{path.replace('membres', 'members')}"
        assert f'<link rel="alternate" hreflang="en" href="http://testserver{english}">' in page, path
        assert f'<link rel="alternate" hreflang="fr" href="http://testserver/fr/{path}">' in page, path
        assert client.get(english).status_code == 200
        for name in ("og:title", "og:url", "og:site_name", "og:type", "og:locale"):
            assert f'<meta property="{name}"' in page, (path, name)
        assert re.search(r'<meta name="description" content="[^"]{10,}">', page)
        assert len(re.findall(r"<h1[ >]", page)) == 1 and len(re.findall(r"<title>", page)) == 1


def test_opensearch_describes_the_search_of_members(network, client):
    response = client.get("/opensearch.xml", headers={"Accept-Language": "en"})
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    root = ElementTree.fromstring(response.content)  # noqa: S314
    template = root.find("{http://a9.com/-/spec/opensearch/1.1/}Url").get("template")
    assert template.startswith("http://testserver/") and "{searchTerms}" in template
    assert client.get(template.removeprefix("http://testserver").replace("{searchTerms}", "lyon")).status_code == 200


def test_the_root_leads_to_the_language_of_the_visitor(network, client):
    for header, language in (("en-GB,en", "en"), ("fr", "fr"), ("de", "fr"), ("", "fr")):
        response = client.get("/", headers={"Accept-Language": header})
        assert response.status_code == 302 and response["Location"] == f"/{language}/", header


def test_facet_links_and_chips_are_not_followed_but_pages_and_members_are(network, client):
    page = client.get("/en/members/?kind=company").content.decode()
    for link in re.findall(r"<a [^>]*href=\"[^\"]*\?[^\"]*\"[^>]*>", page):
        followed = "nofollow" not in link
        if 'class="chip"' in link:
            assert not followed
    assert re.search(r'<h2><a href="/en/members/[^"?]+/">', page)
