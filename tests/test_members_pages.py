"""The pages of organisations, clusters, regions and themes: what a visitor reads, and what nobody may."""

import json
import re
from datetime import date, timedelta
from html import escape, unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from cluster_portal.models import FormerSlug
from members.counts import MemberCounts
from members.models import (
    Cluster,
    ClusterName,
    ContactPerson,
    Department,
    LabelPeriod,
    Membership,
    Organisation,
    OrganisationName,
    Region,
    Site,
    Succession,
    Theme,
    UnitNumber,
)

HIDDEN = ["draft", "in_review"]


def member(name="Quorvex", cluster="cara", **values) -> Organisation:
    given = {"kind": "company", "status": "published", "slug": f"own-{name.lower().replace(' ', '-')}", **values}
    one = Organisation.objects.create(name=name, **given)
    if cluster:
        Membership.objects.create(organisation=one, cluster=Cluster.objects.get(slug=cluster))
    return one


@pytest.fixture
def read(network, client):
    def read(url, status=200, **headers) -> str:
        response = client.get(url, headers=headers)
        assert response.status_code == status, (url, response.status_code)
        return unescape(response.content.decode())

    return read


def page_of(thing, language="en") -> str:
    with translation.override(language):
        return thing.get_absolute_url()


# Nothing that is not published ------------------------------------------------------------------------


def everywhere(client, word) -> list[str]:
    """The public pages that contain a word."""
    with translation.override("en"):
        names = [
            "home",
            "members:organisation-list",
            "members:cluster-list",
            "members:region-list",
            "members:theme-list",
        ]
        pages = [reverse(name) for name in names]
        pages += [
            reverse("members:organisation-list") + query
            for query in (f"?q={word}", "?former=1&sort=newest", "?sort=verified", "?region=bretagne")
        ]
        pages += [
            reverse("suggest") + f"?q={word}",
            "/en/clusters/cara/",
            "/en/clusters/cara/members/",
            "/en/regions/bretagne/",
        ]
        pages += [theme.get_absolute_url() for theme in Theme.objects.all()[:3]]
        pages += ["/sitemap-members.xml", "/sitemap-clusters.xml"]
    return [page for page in pages if word.lower() in client.get(page).content.decode().replace(f"q={word}", "").replace(f'value="{word}"', "").replace(f"“{word}”", "").lower()]  # fmt: skip


@pytest.mark.parametrize("status", HIDDEN)
def test_a_draft_appears_nowhere(read, client, status):
    one = member("Quorvexdraft", verified_on=date(2026, 11, 1))
    one.themes.set(Theme.objects.all()[:3])
    Site.objects.create(organisation=one, city="Quorvexdraft", department=Department.objects.get(insee_code="29"))
    similar = member("Zyblor")
    similar.themes.set(Theme.objects.all()[:3])
    assert "Quorvexdraft" in read(page_of(similar)) and len(everywhere(client, "Quorvexdraft")) > 3
    before = len(MemberCounts().everyone)
    Organisation.objects.filter(pk=one.pk).update(status=status)
    assert len(MemberCounts().everyone) == before - 1
    read(page_of(one), status=404)
    assert everywhere(client, "Quorvexdraft") == []
    assert "Quorvexdraft" not in read(page_of(similar))


@pytest.mark.parametrize("status", HIDDEN)
def test_a_cluster_that_is_not_published_appears_nowhere(read, client, status):
    hidden = Cluster.objects.create(name="Quorvexcluster", slug="quorvexcluster", status="published")
    hidden.themes.set(Cluster.objects.get(slug="cara").themes.all())
    hidden.cluster_regions.create(region=Region.objects.get(slug="bretagne"))
    Succession.objects.create(predecessor=hidden, successor=Cluster.objects.get(slug="cara"), kind="merger")
    one = member("Zyblor", verified_on=date(2026, 1, 1), verified_by=hidden)
    Membership.objects.create(organisation=one, cluster=hidden)
    other = Cluster.objects.create(name="Zyblorcluster", slug="zyblorcluster", status="published")
    Succession.objects.create(predecessor=other, successor=hidden, kind="merger")
    Cluster.objects.filter(pk=hidden.pk).update(status=status)
    read(page_of(hidden), status=404)
    read("/en/clusters/quorvexcluster/members/", status=404)
    pages = [page_of(one), page_of(other), "/en/clusters/cara/", "/en/clusters/", "/en/clusters/?region=bretagne"]
    assert [page for page in pages if "quorvexcluster" in read(page).lower()] == []
    assert everywhere(client, "Quorvexcluster") == []


def test_an_organisation_whose_cluster_is_a_draft_is_not_a_member_through_it(network):
    one = member()
    Cluster.objects.filter(slug="cara").update(status="draft")
    assert one.pk not in MemberCounts().everyone


# Archived, closed, departed ----------------------------------------------------------------------------


def test_an_archived_page_answers_with_a_dated_notice_and_its_successor(read, client):
    after = member("Zyblor")
    one = member(successor=after, description_fr="Secretissime", website="https://quorvex.example/")
    Organisation.objects.filter(pk=one.pk).archive()
    page = read(page_of(one))
    assert "This page was archived on" in page and str(timezone.localdate().year) in page
    assert f'href="{page_of(after)}"' in page and "Secretissime" not in page and "quorvex.example" not in page
    assert '<meta name="robots" content="noindex,follow">' in page
    french = read(page_of(one, "fr"))
    assert "archivée" in french
    assert everywhere(client, "own-quorvex") == []


def test_an_archived_cluster_answers_with_a_notice_and_what_it_became(read, client):
    lutb = Cluster.objects.create(name="Quorvexcluster", slug="quorvexcluster", status="published")
    Succession.objects.create(predecessor=lutb, successor=Cluster.objects.get(slug="cara"), kind="renaming")
    Cluster.objects.filter(pk=lutb.pk).archive()
    page = read(page_of(lutb))
    assert "This page was archived on" in page and 'href="/en/clusters/cara/"' in page
    response = client.get("/en/clusters/quorvexcluster/members/?kind=company")
    assert response.status_code == 302 and response["Location"] == "/en/clusters/quorvexcluster/"


def test_a_former_cluster_says_what_became_of_it(read):
    succession = (
        Succession.objects.filter(predecessor__status="published", successor__status="published")
        .select_related("predecessor", "successor")
        .first()
    )
    page = read(page_of(succession.predecessor))
    assert f'href="{page_of(succession.successor)}"' in page and "alert-warning" in page
    listed = read("/en/clusters/")
    assert "Followed by" in listed


def test_a_closed_member_keeps_its_page_with_a_dated_banner_and_leaves_the_list(read, client):
    one = member(closed_on=date(2026, 3, 1))
    assert "This organisation closed on 1 March 2026." in read(page_of(one))
    assert client.get("/en/members/?q=quorvex").context["listing"].total == 0
    card = client.get("/en/members/?q=quorvex&former=1").context["organisations"][0]
    assert card.state == "Closed" and "1 March 2026" in card.note


def test_a_departed_member_keeps_its_page_with_a_dated_banner_and_leaves_the_list(read, client):
    one = member()
    one.memberships.update(left_on=date(2025, 6, 30))
    page = read(page_of(one))
    assert "No longer a member of a cluster since 30 June 2025." in page
    assert client.get("/en/members/?q=quorvex").context["listing"].total == 0
    assert client.get("/en/members/?q=quorvex&former=1").context["organisations"][0].state == "Not a member"


def test_who_left_a_cluster_is_one_link_away_from_its_list(read, client):
    one = member()
    one.memberships.update(left_on=date(2025, 6, 30))
    for path in ("/en/clusters/cara/members/", "/en/members/"):
        beyond = client.get(f"{path}?q=quorvex").context["listing"].beyond
        assert beyond["count"] == 1 and beyond["url"] == f"{path}?former=1&q=quorvex"
        assert "Show the organisation that meets these criteria without being a member" in read(f"{path}?q=quorvex")
        found = client.get(beyond["url"]).context
        assert [card.name for card in found["organisations"]] == ["Quorvex"] and found["listing"].beyond is None
    plain, wider = client.get("/en/members/").context["listing"], client.get("/en/members/?former=1").context["listing"]
    assert plain.beyond["count"] == wider.total - plain.total > 0


def test_a_closure_that_is_to_come_is_not_said_to_be_past(read, client):
    later = timezone.localdate() + timedelta(days=40)
    one = member(closed_on=later)
    assert "closed on" not in read(page_of(one)).lower()
    card = client.get("/en/members/?q=quorvex").context["organisations"][0]
    assert card.state == "" and card.note == ""


def test_a_membership_that_is_to_come_is_not_said_to_have_ended(read):
    one = member()
    Membership.objects.create(
        organisation=one, cluster=Cluster.objects.exclude(slug="cara").published().first(),
        joined_on=timezone.localdate() + timedelta(days=40),
    )  # fmt: skip
    page = read(page_of(one))
    assert "Ended" not in page and "Member of one cluster" in page


def test_an_organisation_that_never_was_a_member_has_a_page_and_is_in_no_default_list(read, client):
    one = member(cluster=None)
    assert "Quorvex" in read(page_of(one))
    assert client.get("/en/members/?q=quorvex").context["listing"].total == 0


# Persons -----------------------------------------------------------------------------------------------


def test_no_person_is_shown_who_did_not_agree_and_no_address_is_printed(read, client):
    one = member(email="bureau@quorvex.example")
    ContactPerson.objects.create(
        organisation=one, name="Zyblor Private", email="private@quorvex.example", phone="+33199009900"
    )
    shown = ContactPerson.objects.create(
        organisation=one,
        name="Zyblor Public",
        role="Direction",
        email="public@quorvex.example",
        agreed_on=date(2026, 1, 1),
    )
    page = read(page_of(one))
    assert shown.name in page and "Zyblor Private" not in page and "0199009900" not in page
    assert "quorvex.example" not in page and "mailto:" not in page
    assert f'href="{page_of(one)}write/"' in page  # one writes to it by a form


# Slugs --------------------------------------------------------------------------------------------------


def moved(client, url, to, query="?kind=company&q=a+b%C3%A9"):
    response = client.get(url + query)
    assert (response.status_code, response["Location"]) == (301, to + query)
    assert client.get(to).status_code in (200, 404)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_changed_slug_redirects_for_good_and_keeps_the_filters(network, client, language):
    one = member()
    theme, region = Theme.objects.first(), Region.objects.get(slug="bretagne")
    cluster = Cluster.objects.get(slug="cara")
    for thing in (one, theme, region, cluster):
        before = page_of(thing, language)
        thing.slug = f"new-{thing.slug}"
        thing.save()
        moved(client, before, page_of(thing, language))
    members = {"fr": "membres", "en": "members"}[language]
    moved(client, f"/{language}/clusters/cara/{members}/", f"/{language}/clusters/new-cara/{members}/")


@pytest.mark.parametrize("path", ["/en/members/", "/en/clusters/cara/members/", "/en/projects/"])
def test_a_filter_by_an_old_slug_goes_on_filtering(network, client, path):
    Region.objects.filter(slug="bretagne").update(slug="breizh")
    Theme.objects.filter(slug="hydrogen").update(slug="h2")
    response = client.get(f"{path}?q=a&region=bretagne&region=corse&theme=hydrogen&page=2")
    assert (response.status_code, response["Location"]) == (
        301,
        f"{path}?page=2&q=a&region=breizh&region=corse&theme=h2",
    )
    assert client.get(response["Location"]).status_code == 200
    assert client.get(f"{path}?region=unknown&theme=unknown").context["listing"].total == 0


def test_a_filter_never_tells_the_new_slug_of_a_draft(network, client):
    hidden = Cluster.objects.create(name="Quorvex", slug="quorvex-old", status="published")
    Cluster.objects.filter(pk=hidden.pk).update(slug="quorvex-secret", status="draft")
    response = client.get("/en/members/?cluster=quorvex-old")
    assert response.status_code == 200 and "quorvex-secret" not in response.content.decode()


def test_an_old_slug_leads_on_through_several_changes_and_back(network, client):
    one = member()
    for slug in ("second", "third"):
        Organisation.objects.filter(pk=one.pk).update(slug=slug)
    for old in ("own-quorvex", "second"):
        moved(client, f"/en/members/{old}/", "/en/members/third/")
    Organisation.objects.filter(pk=one.pk).update(slug="own-quorvex")
    assert client.get("/en/members/own-quorvex/").status_code == 200
    moved(client, "/en/members/third/", "/en/members/own-quorvex/")


@pytest.mark.parametrize("old", ["members", "en", "clusters", "fr"])
def test_an_old_slug_that_is_a_word_of_the_address_redirects_too(network, client, old):
    one = member(slug=old)
    Organisation.objects.filter(pk=one.pk).update(slug="quorvex-new")
    moved(client, f"/en/members/{old}/", "/en/members/quorvex-new/")


def test_an_old_slug_taken_by_another_page_is_that_page(network, client):
    one = member()
    Organisation.objects.filter(pk=one.pk).update(slug="quorvex-new")
    other = member("Zyblor", slug="own-quorvex")
    assert client.get("/en/members/own-quorvex/").context["organisation"] == other


def test_an_old_slug_of_a_draft_leads_nowhere(network, client):
    one = member()
    Organisation.objects.filter(pk=one.pk).update(slug="secret-new-slug", status="draft")
    response = client.get("/en/members/own-quorvex/")
    assert response.status_code == 404 and "secret-new-slug" not in response.content.decode()


def test_renaming_keeps_the_slug(network):
    one = member()
    one.name = "Another name"
    one.save()
    assert (
        Organisation.objects.get(pk=one.pk).slug == "own-quorvex"
        and not FormerSlug.objects.filter(slug="own-quorvex").exists()
    )


@pytest.mark.parametrize(
    "path", ["members/nobody/", "clusters/none/", "clusters/none/members/", "regions/none/", "themes/none/"]
)
def test_what_never_was_is_not_found(network, client, path):
    assert client.get(f"/en/{path}").status_code == 404


# The page ------------------------------------------------------------------------------------------------


def test_the_breadcrumb_leads_back_to_the_same_search(network, client):
    url = page_of(member())
    back = client.get(url, headers={"Referer": "http://testserver/en/members/?kind=company&page=2"}).context
    assert back["crumbs"][0]["url"] == "/en/members/?kind=company&page=2"
    inside = client.get(url, headers={"Referer": "http://testserver/en/clusters/cara/members/?size=sme"}).context
    assert inside["crumbs"][0]["url"] == "/en/clusters/cara/members/?size=sme"
    for referer in (
        "",
        "https://elsewhere.example/en/members/?kind=company",
        "http://testserver/en/",
        "http://[",
        "javascript:alert(1)",
        "http://testserver/en/members/",
    ):
        crumbs = client.get(url, headers={"Referer": referer}).context["crumbs"]
        assert crumbs[0]["url"] == "/en/members/", referer


def test_identity_shows_every_name_and_number(read):
    one = member(acronym="QZX", siren="552100554", size="sme", headcount="12", naf_code="29.10Z", founding_year=1987)
    OrganisationName.objects.create(organisation=one, name="Zyblor SA", kind="former", until=2011)
    OrganisationName.objects.create(organisation=one, name="ZybloTrade", kind="trade")
    page = re.sub(r"[\u202f\u00a0]", " ", read(page_of(one)))
    for words in (
        "QZX",
        "formerly Zyblor SA (until 2011)",
        "also known as ZybloTrade",
        "552 100 554",
        "29.10Z",
        "1987",
        "SME",
        "20 to 49 people",
    ):
        assert words in page, words


def test_a_text_that_is_missing_in_a_language_falls_back_visibly(read):
    one = member(description_fr="Une phrase en français.")
    assert 'lang="fr"><p>Une phrase en français.' in read(page_of(one))
    assert '<div class="lede" ><p>Une phrase en français.' in read(page_of(one, "fr"))


def test_a_page_says_when_by_whom_and_from_what_it_was_verified(read):
    one = member(
        verified_on=date(2026, 3, 12), verified_by=Cluster.objects.get(slug="cara"), verified_source="annual survey"
    )
    page = read(page_of(one))
    assert "Verified on 12 March 2026 by CARA" in page and "Source: annual survey" in page
    assert "Not verified yet" in read(page_of(member("Zyblor")))


def test_a_nationwide_organisation_says_so(read):
    one = member(national=True)
    assert "Works nationwide" in read(page_of(one))
    assert "the whole of France" in read("/en/members/?q=quorvex&region=corse")
    Site.objects.create(organisation=one, city="Brest", department=Department.objects.get(insee_code="29"))
    assert "Works nationwide" in read("/en/members/?q=quorvex&region=corse")


def test_coordinates_have_a_dot_whatever_the_language(read):
    one = member()
    Site.objects.create(
        organisation=one, city="Brest", department=Department.objects.get(insee_code="29"),
        latitude="48.39", longitude="-4.49", precision="city",
    )  # fmt: skip
    numbers = re.findall(r'<circle[^>]* c[xy]="([^"]+)"', read(page_of(one, "fr")))
    assert numbers and not any("," in number for number in numbers)


def test_hostile_texts_of_staff_are_only_text(network, client):
    text = "<script>alert(1)</script>"
    website = f'https://quorvex.example/"{text}'
    one = member(f"Quorvex {text}", slug="hostile", description_fr=text, acronym="<b>Q</b>", website=website)
    OrganisationName.objects.create(organisation=one, name=text)
    for url in (page_of(one), "/en/members/?q=quorvex", "/en/clusters/cara/"):
        raw = client.get(url).content.decode()
        assert "<script>alert(1)" not in raw and "<b>Q</b>" not in raw, url


@pytest.mark.parametrize("kind", ["company", "laboratory", "institution"])
def test_structured_data_of_a_member_is_valid_and_says_what_it_is(read, client, kind):
    one = member('Quorvex </script><script>"', slug="quorvex-json", kind=kind, siren="552100554")
    Site.objects.create(organisation=one, city="Brest", department=Department.objects.get(insee_code="29"))
    raw = client.get(page_of(one)).content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', raw, re.S)[1])
    types = {"company": "Corporation", "laboratory": "ResearchOrganization", "institution": "Organization"}
    assert data["@type"] == types[kind] and data["name"] == one.name and data["identifier"]["value"] == "552100554"
    assert data["url"] == f"http://testserver{page_of(one)}" and data["address"][0]["addressLocality"] == "Brest"


def test_structured_data_of_a_cluster_is_valid(client, network):
    raw = client.get("/fr/clusters/cara/").content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', raw, re.S)[1])
    assert data["@context"] == "https://schema.org" and data["areaServed"] and data["knowsAbout"]


# Clusters, regions, themes ------------------------------------------------------------------------------


def test_every_number_of_a_cluster_is_the_total_of_its_list(read, client):
    for slug in ("cara", "minalogic"):
        page = read(f"/en/clusters/{slug}/")
        links = re.findall(rf'<a href="(/en/clusters/{slug}/members/[^"]*)">([\d,]+)</a>', page)
        assert len(links) >= 2
        for url, number in links:
            assert client.get(url).context["listing"].total == int(number.replace(",", "")), url


@pytest.mark.parametrize("path", ["regions/bretagne/", "regions/corse/", "regions/ile-de-france/", "THEME"])
def test_every_number_of_a_region_or_theme_is_the_total_of_its_list(read, client, path):
    theme = Theme.objects.filter(parent=None, themes__organisations__isnull=False).first()
    page = read(f"/en/{path.replace('THEME', f'themes/{theme.slug}/')}")
    links = re.findall(r'<a href="(/en/members/\?[^"]*)">([\d,]+)</a>', page)
    assert len(links) >= 3
    for url, number in links:
        assert client.get(url).context["listing"].total == int(number.replace(",", "")), url


def test_the_clusters_list_narrows_by_region_and_theme_and_by_day(read, client):
    everyone = client.get("/en/clusters/").context
    assert len(everyone["clusters"]) > 50
    here = client.get("/en/clusters/?region=bretagne").context["clusters"]
    assert 0 < len(here) < 15 and all("Bretagne" in cluster.regions for cluster in here)
    assert client.get("/en/clusters/?region=unknown").context["clusters"] == []
    assert client.get("/en/clusters/?theme=unknown").context["clusters"] == []


def test_fifty_five_clusters_held_the_label_on_27_march_2023(client, network):
    assert len(client.get("/en/clusters/?on=2023-03-27").context["clusters"]) == 55
    assert len(client.get("/en/clusters/?on=2004-01-01").context["clusters"]) == 0


@pytest.mark.parametrize("day", ["2021-02-30", "x", "31/12/2021", "\x00", "9" * 50])
def test_a_day_that_is_not_understood_is_said(client, network, day):
    response = client.get("/en/clusters/", {"on": day})
    assert "The date was not understood" in response.content.decode() and response.context["clusters"]


def test_a_former_name_of_a_cluster_is_on_its_page(read):
    name = ClusterName.objects.filter(cluster__status="published").first()
    assert name.name in read(page_of(name.cluster))


# Cost ---------------------------------------------------------------------------------------------------


def pages_of_members() -> list[str]:
    organisation = Organisation.objects.published().members().order_by("-memberships").first()
    theme = Theme.objects.exclude(parent=None).filter(organisations__isnull=False).first()
    with translation.override("fr"):
        names = [
            "home",
            "about",
            "legal",
            "members:organisation-list",
            "members:cluster-list",
            "members:region-list",
            "members:theme-list",
        ]
        pages = [reverse(name) for name in names]
    pages += [page_of(organisation, "fr"), page_of(theme, "fr"), page_of(theme.parent, "fr")]
    pages += ["/fr/clusters/cara/", "/fr/clusters/cara/membres/", "/fr/regions/bretagne/", "/fr/regions/ile-de-france/"]
    lists = [
        "q=hydrogene",
        "q=entreprize",
        "kind=company&region=bretagne&theme=health-and-biotechnology",
        "page=400",
        "sort=newest",
        "sort=verified",
        "on=2020-01-01",
        "former=1",
    ]
    return pages + [f"/fr/membres/?{query}" for query in lists] + ["/fr/suggestions/?q=ca"]


def test_no_page_of_members_costs_more_than_12_queries(network, client):
    costs = {}
    for url in pages_of_members():
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200, url
        costs[url] = len(captured)
    assert max(costs.values()) <= 12, {url: cost for url, cost in costs.items() if cost > 12}


def test_an_organisation_costs_the_same_with_more_of_everything(network, client):
    small = member("Zyblor")
    big = member("Quorvex")
    OrganisationName.objects.create(organisation=small, name="Nom")
    ContactPerson.objects.create(organisation=small, name="P", agreed_on=date(2026, 1, 1))
    big.themes.set(Theme.objects.all()[:10])
    for number, department in enumerate(Department.objects.all()[:8]):
        Site.objects.create(organisation=big, city=f"Ville {number}", department=department)
        OrganisationName.objects.create(organisation=big, name=f"Nom {number}")
        ContactPerson.objects.create(organisation=big, name=f"P {number}", agreed_on=date(2026, 1, 1))
    Membership.objects.bulk_create(
        Membership(organisation=big, cluster=cluster) for cluster in Cluster.objects.exclude(slug="cara")[:10]
    )
    costs = []
    for one in (small, big):
        client.get(page_of(one))
        with CaptureQueriesContext(connection) as captured:
            client.get(page_of(one))
        costs.append(len(captured))
    assert costs[1] <= costs[0] + 3, costs  # what was just written is read anew, hence no limit here


def test_a_page_is_only_read(network, client):
    for url in pages_of_members()[:14]:
        assert client.post(url).status_code == 405, url
        assert client.head(url).status_code == 200, url


def test_a_cluster_list_without_results_says_so_and_not_zero_of_zero(network, client):
    page = client.get("/fr/clusters/?region=nowhere").content.decode()
    assert re.search(r"<h1[^>]*>Aucun pôle</h1>", page)
    assert "dont 0" not in page


# Texts and addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize("blank_line", ["\n\n", "\r\n\r\n"])
def test_a_description_keeps_its_paragraphs(read, blank_line):
    text = blank_line.join(["First <b>line", "second line", "third"])
    theme = Theme.objects.create(name_fr="Quorvexologie", slug="quorvexologie", description_fr=text)
    cluster = Cluster.objects.create(name="Pôle Zyblor", slug="zyblor", status="published", presentation_fr=text)
    for shown in (member(description_fr=text), theme, cluster):
        page = re.sub(r">\s+<", "><", read(page_of(shown, "fr")))
        assert "<p>First <b>line</p>" in page and "<p>second line</p><p>third</p>" in page


def test_an_address_in_capitals_leads_to_the_page(client, network):
    one = member()
    for path, target in (
        (page_of(one).replace("quorvex", "QuorVex"), page_of(one)),
        ("/en/clusters/CARA/", "/en/clusters/cara/"),
        ("/en/clusters/CARA/members/?kind=company", "/en/clusters/cara/members/?kind=company"),
        ("/fr/regions/Bretagne/", "/fr/regions/bretagne/"),
        ("/fr/regions/Bretagne/chiffres-cles/", "/fr/regions/bretagne/chiffres-cles/"),
        ("/en/themes/HYDROGEN/", "/en/themes/hydrogen/"),
    ):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (301, target)
    Organisation.objects.filter(pk=one.pk).update(slug="zyblor")
    assert client.get("/en/members/OWN-QUORVEX/")["Location"] == "/en/members/zyblor/"
    Organisation.objects.filter(pk=one.pk).update(status="draft")
    for path in ("/en/members/ZYBLOR/", "/en/members/NOBODY/"):
        assert client.get(path).status_code == 404


def test_unit_numbers_are_shown_as_such(read):
    one = member(kind="laboratory")
    UnitNumber.objects.create(organisation=one, label="UMR", number="5506")
    assert ">UMR 5506" in re.sub(r">\s+", ">", read(page_of(one)))
    assert "Numéro d’unité" in read(page_of(one, "fr"))


def test_a_body_names_its_laboratories_and_their_list_is_as_long(read, client):
    cnrs = member("Centre Quorvex", kind="institution", acronym="CQX", cluster=None)
    laboratories = [member(f"Labo {n:02}", kind="laboratory", cluster="cara" if n == 7 else None) for n in range(12)]
    cnrs.supervised.set([*laboratories, member("Brouillon", kind="laboratory", status="draft")])
    page = read(page_of(cnrs))
    assert "Supervises 12 laboratories" in page and "Labo 07" in page and "Brouillon" not in page
    link = re.search(r'href="(/en/members/\?[^"]*supervisor=[^"]*)"', page)[1]
    answer = client.get(link)
    assert answer.context["listing"].total == 12
    assert "12 laboratories supervised by CQX" in unescape(client.get(link + "&kind=laboratory").content.decode())


def test_many_supervising_bodies_fold_and_few_do_not(read):
    bodies = [member(f"Tutelle {n:02}", kind="institution", cluster=None) for n in range(48)]
    one = member(kind="laboratory")
    one.supervisors.set(bodies[:7])
    assert "<details" not in read(page_of(one)).partition("<aside")[2]
    one.supervisors.set(bodies)
    aside = read(page_of(one)).partition("<aside")[2]
    shown, folded = aside.split("<details")[:2]
    assert shown.count("Tutelle ") == 6 and "and 42 others" in folded and folded.count("Tutelle ") == 42


def test_establishments_in_one_town_are_told_apart(read):
    one = member(siren="552100554")
    lyon = {"organisation": one, "city": "Lyon", "department": Department.objects.get(insee_code="69")}
    for siret in ("55210055400013", "55210055400021"):
        Site.objects.create(siret=siret, **lyon)
    Site.objects.create(siret="55210055400039", address="3 rue des Forges", **lyon)
    page = re.sub(r"[\u202f\u00a0]", " ", read(page_of(one)))
    sites = page.partition('id="h-sites"')[2].partition("</section>")[0]
    assert "SIRET 552 100 554 00013" in sites and "SIRET 552 100 554 00021" in sites
    assert "00039" not in sites  # its address tells it
    assert "Quorvex in Lyon<" in page or 'Quorvex in Lyon"' in page


def test_a_long_description_folds_after_its_first_paragraph(read):
    paragraphs = ["Premier. " * 40, "Deuxième. " * 40, "Troisième. " * 40]
    one = member(description_fr="\n\n".join(paragraphs))
    page = read(page_of(one, "fr"))
    lede = page.partition('class="lede"')[2].partition("</div>")[0]
    assert lede.count("<p>") == 3
    assert "Deuxième" not in lede.partition("<details")[0] and "Deuxième" in lede.partition("<details")[2]
    short = member("Zyblor", description_fr="Un.\n\nDeux.\nTrois.")
    assert "<p>Deux.<br>Trois.</p>" in read(page_of(short, "fr"))


def test_a_description_of_one_long_paragraph_folds_between_two_sentences(read):
    sentence = "Une phrase de trente-neuf signes, au plus. "
    one = member(description_fr=(sentence * 60).strip())
    lede = read(page_of(one, "fr")).partition('class="lede"')[2].partition("</div>")[0]
    shown, folded = (part.split("<p>")[1].partition("</p>")[0] for part in lede.split("<details"))
    assert shown.endswith("au plus.") and folded.startswith("Une phrase")
    assert shown.count("Une phrase") == 900 // len(sentence)
    assert shown.count("Une phrase") + folded.count("Une phrase") == 60
    endless = member("Zyblor", description_fr="sans fin " * 200)
    assert "<details" not in read(page_of(endless, "fr")).partition('class="lede"')[2].partition("</div>")[0]


def test_places_known_in_part_are_said_as_far_as_they_are_known(read, client):
    regional, overseas, abroad, townsman = (member(name) for name in ("Aa", "Bb", "Cc", "Dd"))
    Site.objects.create(organisation=regional, region=Region.objects.get(slug="bretagne"))
    Site.objects.create(organisation=overseas, city="Nouméa", department=Department.objects.get(insee_code="988"))
    Site.objects.create(organisation=abroad, city="Madrid", postcode="28040", country="ES")
    Site.objects.create(organisation=townsman, city="Trifouilly")
    assert "<strong>Bretagne</strong>" in read(page_of(regional))
    assert 'href="/en/members/?department=nouvelle-caledonie">Nouvelle-Calédonie<' in read(page_of(overseas))
    page = read(page_of(abroad, "fr"))
    assert "28040 Madrid" in page and 'href="/fr/membres/?country=ES">Espagne<' in page
    data = json.loads(re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.S)[1])
    assert data["address"][0]["addressCountry"] == "ES" and data["address"][0]["addressLocality"] == "Madrid"
    assert "<strong>Trifouilly</strong>" in read(page_of(townsman))
    for name, query in {
        "Aa": "region=bretagne", "Bb": "region=overseas", "Cc": "country=ES", "Dd": "region=none",
    }.items():  # fmt: skip
        listed = unescape(client.get(f"/en/members/?{query}&q={name}").content.decode())
        assert f">{name}</a>" in listed, query
    assert "Spain" in unescape(client.get("/en/members/?q=Cc").content.decode())


def test_a_foreign_organisation_says_its_country_by_its_name(read):
    one = member(country="DE", cluster=None)
    assert ">Germany</a>" in re.sub(r">\s+", ">", read(page_of(one)))
    assert "Allemagne" in read(page_of(one, "fr"))


def test_the_filters_of_clusters_count_what_a_click_gives(network, client):
    """Former clusters stand apart below the list; they are counted neither in its heading nor beside a choice."""
    context = client.get("/en/clusters/").context
    for name in ("theme", "region"):
        offered = [option for option in context[f"{name}_options"] if option["count"]]
        assert len(offered) > 10
        for option in offered:
            shown = client.get(f"/en/clusters/?{name}={option['value']}").context["clusters"]
            assert len(shown) == option["count"], option


def test_the_lineage_of_a_cluster_reads_forwards_and_names_its_sources(network, client):
    after = client.get("/en/clusters/cara/").content.decode()
    assert re.search(r"Lyon Urban Truck &amp; Bus</a>\s*</strong>\s*<br>\s*becomes CARA\.", after)
    before = client.get("/en/clusters/lutb/").content.decode()
    assert re.search(r"CARA[^<]*</a>\s*</strong>\s*<br>\s*is what [^<]+ becomes\.", before)
    label = LabelPeriod.objects.filter(cluster__slug="cara").exclude(source="").first()
    assert f'<a href="{escape(label.source)}" rel="noopener">' in after
