import json
import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation

from cluster_portal.models import Page
from members.models import Membership, Organisation, Theme


@pytest.fixture(params=["fr", "en"])
def home(request, network, client):
    with translation.override(request.param):
        yield client.get(f"/{request.param}/")


def numbers(html: str, path: str) -> list[tuple[str, int]]:
    """(address, number) of each link to a list whose text is a number."""
    found = re.findall(r'<a href="([^"]+)">([\d\u202f,]+)</a>', unescape(html))
    return [(url, int(re.sub(r"\D", "", text))) for url, text in found if path in url]


def test_every_count_of_the_home_page_is_the_total_of_its_list(home, client):
    counted = numbers(home.content.decode(), reverse("members:organisation-list"))
    assert len(counted) >= 3
    for url, number in counted:
        assert client.get(url).context["listing"].total == number, url
    for url, number in numbers(home.content.decode(), reverse("members:cluster-list")):
        assert len(client.get(url).context["clusters"]) == number


def test_the_number_of_each_region_and_theme_is_the_total_of_its_list(home, client):
    assert len(home.context["regions"]) == 18
    for row in [*home.context["regions"][:4], *home.context["themes"][:4]]:
        assert client.get(row.url).context["listing"].total == row.count > 0


def test_the_map_says_the_same_as_the_list_of_regions(home):
    page = unescape(home.content.decode())
    atlas = re.search(r"<svg[^>]*class=\"[^\"]*(?:atlas|map)[^\"]*\".*?</svg>", page, re.S)[0]
    for row in home.context["regions"]:
        assert row.url.replace("&", "&amp;") in atlas or row.url in atlas, row.name


def test_the_search_box_is_a_plain_form(home):
    page = home.content.decode()
    form = re.search(r'<form class="search" role="search" action="([^"]+)">', page)
    assert form[1] == reverse("search") and 'name="q"' in page


def test_newest_members_are_current_and_each_is_shown_once(home):
    newest = [card.pk for card in home.context["newest"]]
    assert 0 < len(newest) == len(set(newest))
    assert Organisation.objects.published().members().filter(pk__in=newest).count() == len(newest)


def test_a_draft_that_has_just_joined_is_not_among_the_newest(network, client):
    membership = Membership.objects.current().public().order_by("-joined_on", "-pk").first()
    shown = [card.pk for card in client.get("/en/").context["newest"]]
    assert membership.organisation_id in shown
    Organisation.objects.filter(pk=membership.organisation_id).update(status="draft")
    shown = [card.pk for card in client.get("/en/").context["newest"]]
    assert membership.organisation_id not in shown


def test_structured_data_is_valid(home):
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', home.content.decode(), re.S)[1]
    data = json.loads(block)
    assert data["@type"] == "WebSite" and "{words}" in data["potentialAction"]["target"]


def test_what_is_a_cluster_is_staffs_text(network, client):
    Page.objects.filter(key="what-is-a-cluster").update(body_fr="## Quorvex\n\nUn **texte** <script>alert(1)</script>")
    page = client.get(translated("about", "fr")).content.decode()
    assert "Quorvex</h2>" in page and "<strong>texte</strong>" in page and "<script>alert" not in page
    english = client.get(translated("about", "en"))
    assert english.status_code == 200


def translated(name: str, language: str) -> str:
    with translation.override(language):
        return reverse(name)


def test_a_text_that_staff_deleted_is_not_found_and_not_an_error(network, client):
    Page.objects.all().delete()
    for name in ("about", "legal", "accessibility"):
        assert client.get(translated(name, "en")).status_code == 404


def test_a_sector_in_focus_shows_its_labelled_clusters(network, client):
    Theme.objects.update(focus=False)
    assert client.get("/en/").context["focus"] is None
    theme = Theme.objects.filter(clusters__slug="cara").first()
    Theme.objects.filter(pk=theme.pk).update(focus=True)
    focus = client.get("/en/").context["focus"]
    assert focus["theme"] == theme.name_en and "CARA" in [tile.name for tile in focus["clusters"]]
