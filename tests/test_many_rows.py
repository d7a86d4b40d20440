"""Many rows at once: those that were ticked, or all that a filter finds, and no other; what really changes, and no more."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event

import pytest
from django.contrib import admin
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cluster_portal.admin import at_once
from cluster_portal.history.tracking import TRACKED
from cluster_portal.models import BulkChange
from cluster_portal.work.knowing import SaidToStaff, known
from members.models import Cluster, Membership, Organisation, RoleAssignment, Site, Theme
from projects.models import Project
from tests.admin_rows import cluster, organisation, places, project
from tests.staff import browser as browser_of_staff
from tests.staff import person
from tests.test_admin_directory import messages
from tests.test_admin_scope import CAST, NETWORK, OF_CARA, SECRET, net, sign_in  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db
LIST = reverse("admin:members_organisation_changelist")
MEMBERSHIPS = reverse("admin:members_membership_changelist")
THEMES = reverse("admin:members_theme_changelist")


@pytest.fixture(autouse=True)
def done_at_once(settings):
    """What is done behind the pages is done by the time that the page is there."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


class Asked:
    """One action on a list, step by step, as a browser sends it."""

    def __init__(self, browser, address: str, action: str, *rows, **values) -> None:
        self.browser, self.address = browser, address
        self.sent = {"action": action, **values}
        if rows:
            self.sent["_selected_action"] = [one.pk for one in rows]
        else:
            self.sent["select_across"] = "1"
        self.page = browser.post(address, {**self.sent, "asked": "1"})

    def confirmed(self, **values):
        form = re.search(r'<form class="confirm" method="post" action="([^"]*)"', self.page.text)
        token = re.search(r'name="confirmed" value="([^"]+)"', self.page.text)
        assert form and token, self.page.text
        assert form[1].replace("&amp;", "&") == self.address, "the filter goes with it"
        return self.browser.post(
            self.address, {**self.sent, "asked": "1", "confirmed": token[1], **values}, follow=True
        )

    @property
    def going(self) -> set[int]:
        return set(self.page.context["plan"].going)


def numbers_of_events() -> dict[str, int]:
    return {label: tracked.events.objects.count() for label, tracked in TRACKED.items()}


def themes_of(*rows) -> list[set[str]]:
    return [set(one.themes.values_list("slug", flat=True)) for one in rows]


@pytest.fixture
def themes():
    return [Theme.objects.create(name_fr=name, slug=name.lower()) for name in ("Eau", "Bois", "Verre")]


@pytest.fixture
def places_and_names(net):  # noqa: F811
    """In and out of a filter and of a search: (those that are found, the others)."""
    department = places()
    found = [net.member(f"Moulin {number}", net.cara, size="sme") for number in range(3)]
    others = [net.member("Moulin ailleurs", net.cara, size="sme"), net.member("Forge", net.cara, size="sme")]
    for one in (*found, others[1]):
        Site.objects.create(organisation=one, department=department, city="Vif")
    return found, others


# --- the filter ---------------------------------------------------------------------------------------------------------
FILTER = f"{LIST}?region=auvergne-rhone-alpes&q=moulin"
VALUES = {
    "publish": {"all": "1"},
    "submit_for_review": {},
    "archive": {"reason": "Essai"},
    "add_themes": {"themes": ["eau"]},
    "remove_themes": {"themes": ["bois"]},
    "set_themes": {"themes": ["verre"]},
    "replace_theme": {"old": "bois", "new": "verre"},
    "set_size": {"size": "large"},
    "verify": {"verified_on": "2026-01-02", "verified_source": "Registre"},
    "set_lead": {"lead_cluster": ""},
    "replace_town": {"old": "vif", "new": "Varces"},
    "change_host": {"old": "www.vif.example", "new": "varces.example"},
}


def state_of(one) -> tuple:
    row = Organisation.objects.filter(pk=one.pk).values(
        "status", "size", "verified_on", "verified_source", "lead_cluster", "website"
    )
    return (tuple(row[0].values()), sorted(themes_of(one)[0]), sorted(one.sites.values_list("city", flat=True)))


def test_every_action_of_the_list_is_tried_here():
    others = {"refuse", "take_back"}  # of what is in review: tests/test_review.py
    assert set(VALUES) | others == {verb.name for verb in admin.site._registry[Organisation].verbs}


@pytest.mark.parametrize("action", VALUES)
def test_all_that_match_are_all_that_the_filter_and_the_search_find(sign_in, net, themes, places_and_names, action):  # noqa: F811
    found, others = places_and_names
    every = [*found, *others, net.own, net.stranger, net.secret]
    status = {"publish": "draft", "submit_for_review": "draft"}.get(action, "published")
    Organisation.objects.exclude(pk=net.secret.pk).update(status=status, website="https://www.vif.example/a")
    for one in every:
        one.themes.add(themes[1])
    before = {one.pk: state_of(one) for one in every}
    asked = Asked(sign_in("network"), FILTER, action, **{k: v for k, v in VALUES[action].items() if k != "all"})
    plan = asked.page.context["plan"]
    assert {*plan.going, *plan.lacking} == {one.pk for one in found}
    assert "All 3 organisations that match: region: Auvergne-Rhône-Alpes, found by “moulin”." in asked.page.text
    assert {one.pk: state_of(one) for one in every} == before, "nothing before it is confirmed"
    asked.confirmed(**VALUES[action])
    changed = {one.pk for one in every if state_of(one) != before[one.pk]}
    assert changed == {one.pk for one in found}


@pytest.mark.parametrize("action", VALUES)
def test_ticked_rows_alone_are_changed_whatever_the_filter_finds(sign_in, net, themes, places_and_names, action):  # noqa: F811
    found, others = places_and_names
    status = {"publish": "draft", "submit_for_review": "draft"}.get(action, "published")
    Organisation.objects.update(status=status, website="https://www.vif.example/a")
    for one in (*found, *others):
        one.themes.add(themes[1])
    before = {one.pk: state_of(one) for one in (*found, *others)}
    Asked(sign_in("network"), FILTER, action, found[0], **VALUES[action]).confirmed(**VALUES[action])
    assert {one.pk for one in (*found, *others) if state_of(one) != before[one.pk]} == {found[0].pk}


@pytest.mark.parametrize(
    "wrong",
    [
        "?status__exact=nothing",
        "?region=nowhere",
        "?needs=nothing",
        "?now=nothing",
        "?foo=bar",
        "?q=zzzz",
        "?labelled=nothing",
    ],
)
def test_a_filter_that_is_wrong_never_means_everything(sign_in, net, wrong):  # noqa: F811
    page = Asked(sign_in("network"), LIST + wrong, "archive", reason="x").page
    assert page.status_code == 302, "there is nothing to be done"
    assert not Organisation.objects.filter(status="archived").exists()


def test_nothing_is_ticked_and_nothing_said_of_all_then_nothing_is_done(sign_in, net):  # noqa: F811
    for across in ("", "0", "false"):
        sent = {
            "action": "archive",
            "select_across": across,
            "reason": "x",
            "asked": "1",
            "confirmed": "1",
            "index": "0",
        }
        sign_in("network").post(LIST, sent)
    assert not Organisation.objects.filter(status="archived").exists()


def test_the_page_of_thousands_bears_no_number_of_theirs(sign_in, net):  # noqa: F811
    for action in ("add_themes", "archive"):
        assert "_selected_action" not in Asked(sign_in("network"), LIST, action).page.text
    assert "_selected_action" not in Asked(sign_in("network"), MEMBERSHIPS, "end_memberships").page.text


def test_without_a_filter_the_page_says_that_it_is_every_row(sign_in, net):  # noqa: F811
    number = Organisation.objects.count()
    page = Asked(sign_in("network"), LIST, "archive").page
    assert f"Every row of the list, without any filter: {number} organisations." in page.text


def test_who_has_no_script_ticks_a_box_for_all_that_match(sign_in, net):  # noqa: F811
    for number in range(60):
        organisation(f"Firme {number}")
    page = sign_in("network").get(LIST)
    assert '<input type="checkbox" name="select_across" value="1">' in page.text
    assert f"All {Organisation.objects.count()} that match" in page.text
    assert 'name="select_across" value="1"' not in sign_in("network").get(f"{LIST}?q=firme+1").text, (
        "one page: tick them"
    )


# --- counted again --------------------------------------------------------------------------------------------------------
def test_when_a_row_has_come_since_it_is_asked_again(sign_in, net, places_and_names):  # noqa: F811
    asked = Asked(sign_in("network"), FILTER, "archive", reason="Essai")
    new = organisation("Moulin neuf")
    new.sites.create(department=places(), city="Vif")
    page = asked.confirmed()
    assert page.status_code == 200 and not Organisation.objects.filter(status="archived").exists()
    assert "there were 3, of which 3 would change; now there are 4 and 4." in page.text
    assert 'value="Essai"' in page.text, "what was typed stays"
    asked.page = page
    assert messages(asked.confirmed()) == ["4 archived. Undo"]


def test_when_one_row_came_and_another_went_it_is_asked_again(sign_in, net, places_and_names):  # noqa: F811
    found, _others = places_and_names
    asked = Asked(sign_in("network"), FILTER, "archive", reason="Essai")
    organisation("Moulin neuf").sites.create(department=places(), city="Vif")
    Organisation.objects.filter(pk=found[0].pk).update(name="Autre")
    page = asked.confirmed()
    assert "The rows have changed since you were told of them" in page.text
    assert not Organisation.objects.filter(status="archived").exists()


def test_of_a_filter_nothing_is_confirmed_that_the_page_did_not_tell(sign_in, net, places_and_names):  # noqa: F811
    for forged in ("1", "yes", "3.3..", ""):
        sent = {"action": "archive", "select_across": "1", "reason": "x", "confirmed": forged}
        assert sign_in("network").post(FILTER, sent).status_code == 200
    assert not Organisation.objects.filter(status="archived").exists()


def test_other_values_than_those_of_the_page_are_told_first(sign_in, net, themes, places_and_names):  # noqa: F811
    found, _others = places_and_names
    asked = Asked(sign_in("network"), FILTER, "add_themes", themes=["eau"])
    page = asked.confirmed(themes=["bois"])
    assert page.status_code == 200 and "have changed" not in page.text
    assert themes_of(*found) == [set()] * 3
    asked.page, asked.sent["themes"] = page, ["bois"]
    asked.confirmed()
    assert themes_of(*found) == [{"bois"}] * 3


# --- what really changes --------------------------------------------------------------------------------------------------
def test_rows_that_have_the_value_get_no_event(sign_in, net, themes):  # noqa: F811
    one, other = organisation("Une", size="sme"), organisation("Deux")
    one.themes.add(themes[0])
    root = sign_in("network")
    before = numbers_of_events()
    answer = Asked(root, LIST, "set_size", one, other, size="sme").confirmed()
    assert messages(answer) == ["1 changed. Undo", "1 left as it was: it is like that already."]
    answer = Asked(root, LIST, "add_themes", one, other, themes=["eau"]).confirmed()
    assert messages(answer) == ["1 changed. Undo", "1 left as it was: it is like that already."]
    now = numbers_of_events()
    grown = {label: now[label] - before[label] for label in now if now[label] != before[label]}
    assert grown == {"members.organisation": 2, "members.organisationthemes": 1}, "an update is two rows"
    for action, values in (("set_size", {"size": "sme"}), ("add_themes", {"themes": ["eau"]})):
        said = Asked(root, LIST, action, one, other, **values).page
        assert said.status_code == 302
    assert numbers_of_events() == now


@pytest.mark.parametrize(
    ("action", "values", "becomes"),
    [
        ("add_themes", {"themes": ["verre", "eau"]}, [{"eau", "verre"}, {"eau", "bois", "verre"}, {"eau", "verre"}]),
        ("remove_themes", {"themes": ["eau", "verre"]}, [set(), {"bois"}, set()]),
        ("set_themes", {"themes": ["eau"]}, [{"eau"}, {"eau"}, {"eau"}]),
        ("replace_theme", {"old": "eau", "new": "bois"}, [{"bois"}, {"bois"}, {"verre"}]),
    ],
)
@pytest.mark.parametrize("model", [Organisation, Cluster, Project])
def test_themes_are_added_removed_set_and_replaced(sign_in, net, themes, action, values, becomes, model):  # noqa: F811
    make = {Organisation: organisation, Cluster: cluster, Project: project}[model]
    rows = [make(f"R{number}", **({"acronym": f"R{number}"} if model is Cluster else {})) for number in range(3)]
    for one, borne in zip(rows, ([0], [0, 1], [2]), strict=True):
        one.themes.set([themes[number] for number in borne])
    before = themes_of(*rows)
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    asked = Asked(sign_in("network"), address, action, *rows, **values)
    assert asked.going == {one.pk for one, was, now in zip(rows, before, becomes, strict=True) if was != now}
    asked.confirmed()
    assert themes_of(*rows) == becomes


def test_a_theme_must_be_chosen_and_one_gives_way_to_another_only(sign_in, net, themes):  # noqa: F811
    one = organisation()
    one.themes.add(themes[0])
    for action, values in (
        ("set_themes", {}), ("set_themes", {"themes": ["nothing"]}), ("replace_theme", {"old": "eau", "new": "eau"}),
    ):  # fmt: skip
        page = Asked(sign_in("network"), LIST, action, one, **values).page
        assert 'class="errorlist' in page.text and 'name="confirmed"' not in page.text
    assert themes_of(one) == [{"eau"}]


def test_only_companies_have_a_size_and_the_others_are_named(sign_in, net):  # noqa: F811
    firm, lab = organisation("Firme"), organisation("Labo", kind="laboratory")
    asked = Asked(sign_in("network"), LIST, "set_size", firm, lab, size="sme")
    assert asked.going == {firm.pk} and "Only companies have a size." in asked.page.text
    assert messages(asked.confirmed()) == ["1 changed. Undo", "Labo: Only companies have a size."]
    of_labs = sign_in("network").get(reverse("admin:members_laboratory_changelist"))
    assert '"set_size"' not in of_labs.text and '"add_themes"' in of_labs.text


def test_what_was_verified_has_its_day_its_source_and_its_cluster(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    form = Asked(cara, LIST, "verify", net.own).page.context["form"]
    assert list(form.fields["verified_by"].queryset) == [net.cara], "her own alone"
    values = {"verified_on": "2026-03-01", "verified_source": "Registre", "verified_by": net.cara.pk}
    Asked(cara, LIST, "verify", net.own, **values).confirmed()
    net.own.refresh_from_db()
    assert (net.own.verified_on, net.own.verified_source, net.own.verified_by) == (
        date(2026, 3, 1),
        "Registre",
        net.cara,
    )
    assert net.own.updated_by.username == "cara"
    for wrong in (
        {"verified_by": net.minalogic.pk}, {"verified_on": (timezone.localdate() + timedelta(days=1)).isoformat()},
    ):  # fmt: skip
        page = Asked(cara, LIST, "verify", net.own, **{**values, **wrong}).page
        assert 'class="errorlist' in page.text and 'name="confirmed"' not in page.text


def test_an_unknown_cluster_and_day_are_values_like_others(sign_in, net):  # noqa: F811
    one = organisation(verified_on=date(2026, 3, 1), verified_source="Registre", verified_by=net.cara)
    root = sign_in("network")
    values = {"verified_on": "2026-03-01", "verified_source": "Registre"}
    Asked(root, LIST, "verify", one, **values).confirmed()
    one.refresh_from_db()
    assert one.verified_by is None
    assert Asked(root, LIST, "verify", one, **values).page.status_code == 302, "like that already"


def test_the_network_says_who_keeps_them_and_nobody_else(sign_in, net):  # noqa: F811
    values = {"lead_cluster": net.minalogic.pk}
    for name in OF_CARA:
        assert "set_lead" not in sign_in(name).get(LIST).text
        sign_in(name).post(
            LIST, {"action": "set_lead", "_selected_action": [net.own.pk], "asked": "1", "confirmed": "1", **values}
        )
        net.own.refresh_from_db()
        assert net.own.lead_cluster == net.cara
    Asked(sign_in("network"), LIST, "set_lead", net.own, **values).confirmed()
    net.own.refresh_from_db()
    assert net.own.lead_cluster == net.minalogic


def test_the_category_of_memberships_is_set_and_replaced(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    rows = list(Membership.objects.filter(cluster=net.cara).order_by("pk"))
    Asked(cara, MEMBERSHIPS, "set_category", *rows[:2], category="PME  industrielle").confirmed()
    assert [one.category for one in Membership.objects.filter(pk__in=[one.pk for one in rows[:2]])] == [
        "PME industrielle"
    ] * 2
    asked = Asked(cara, MEMBERSHIPS, "replace_category", *rows, old="pme INDUSTRIELLE", new="Industrie")
    assert "PME industrielle → Industrie" in asked.page.text and len(asked.going) == 2
    asked.confirmed()
    assert Membership.objects.filter(category="Industrie").count() == 2
    Asked(cara, MEMBERSHIPS, "set_category", *rows, category="").confirmed()
    assert not Membership.objects.exclude(category="").exists()


# --- one text in place of another -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("old", "new", "within", "becomes"),
    [
        (
            "saint-etienne",
            "Saint-Étienne",
            "",
            ["Saint-Étienne", "Saint-Etienne-du-Rouvray", "Ville de St", "St\\1 (C+)"],
        ),
        ("St", "Saint", "", ["Saint-Etienne", "Saint-Etienne-du-Rouvray", "Ville de St", "St\\1 (C+)"]),
        ("St", "Saint", "on", ["Saint-Etienne", "Saint-Etienne-du-Rouvray", "Ville de Saint", "Saint\\1 (C+)"]),
        ("tienne", "x", "on", ["Saint-Etienne", "Saint-Etienne-du-Rouvray", "Ville de St", "St\\1 (C+)"]),
        ("(C+)", "[\\1&]", "on", ["Saint-Etienne", "Saint-Etienne-du-Rouvray", "Ville de St", "St\\1 [\\1&]"]),
        ("Ville de St", "ville de st", "", ["Saint-Etienne", "Saint-Etienne-du-Rouvray", "ville de st", "St\\1 (C+)"]),
    ],
)
def test_towns_give_way_to_others(sign_in, net, old, new, within, becomes):  # noqa: F811
    cities = ["Saint-Etienne", "Saint-Etienne-du-Rouvray", "Ville de St", "St\\1 (C+)"]
    rows = [organisation(f"Firme {number}") for number in range(4)]
    for one, city in zip(rows, cities, strict=True):
        one.sites.create(city=city)
    asked = Asked(sign_in("network"), LIST, "replace_town", *rows, old=old, new=new, within=within)
    expected = {one.pk for one, was, now in zip(rows, cities, becomes, strict=True) if was != now}
    if not expected:
        assert asked.page.status_code == 302
    else:
        assert asked.going == expected
        shown = {row.pk: said for row, said in asked.page.context["going"]["rows"]}
        assert shown == {
            one.pk: f"{was} → {now}" for one, was, now in zip(rows, cities, becomes, strict=True) if was != now
        }
        asked.confirmed()
    assert [one.sites.get().city for one in rows] == becomes


def test_a_letter_with_an_accent_is_part_of_its_word(sign_in, net):  # noqa: F811
    one = organisation()
    one.sites.create(city="École-Valentin")
    assert (
        Asked(sign_in("network"), LIST, "replace_town", one, old="cole", new="x", within="on").page.status_code == 302
    )


def test_what_would_be_too_long_is_refused_by_name(sign_in, net):  # noqa: F811
    short, long = organisation("Courte"), organisation("Longue")
    short.sites.create(city="A b")
    long.sites.create(city="A " + "x" * 78)
    asked = Asked(sign_in("network"), LIST, "replace_town", short, long, old="A", new="Aix", within="on")
    assert asked.going == {short.pk} and "It would be longer than 80 signs." in asked.page.text
    assert messages(asked.confirmed())[1] == "Longue: It would be longer than 80 signs."
    assert short.sites.get().city == "Aix b"


@pytest.mark.parametrize(
    ("address", "becomes"),
    [
        ("https://www.old.example/a?b=www.old.example", "https://new.example/a?b=www.old.example"),
        ("http://WWW.old.example:8080", "http://new.example:8080"),
        ("https://www.old.example", "https://new.example"),
        ("https://www.old.example.org/", None),
        ("https://wwwxold.example/", None),
        ("https://a.www.old.example/", None),
    ],
)
def test_a_website_moves_to_another_host_and_keeps_its_path(sign_in, net, address, becomes):  # noqa: F811
    one = organisation(website=address)
    asked = Asked(sign_in("network"), LIST, "change_host", one, old="https://www.old.example/", new="new.example")
    if becomes:
        assert f"{address} → {becomes}" in asked.page.context["going"]["rows"][0][1]
        asked.confirmed()
    one.refresh_from_db()
    assert one.website == (becomes or address)


@pytest.mark.parametrize("host", ["localhost", "new.example/path", "a b", "new", "x@new.example", "\\1.example"])
def test_what_is_no_host_is_refused(sign_in, net, host):  # noqa: F811
    one = organisation(website="https://www.old.example/")
    page = Asked(sign_in("network"), LIST, "change_host", one, old="www.old.example", new=host).page
    assert 'class="errorlist' in page.text and 'name="confirmed"' not in page.text


# --- a theme that gives way everywhere ------------------------------------------------------------------------------------
def test_what_bears_a_theme_anywhere_is_moved_to_another(sign_in, net, themes):  # noqa: F811
    water, wood, glass = themes
    firm, both, work, pole = organisation("Une"), organisation("Deux"), project("P"), cluster("C", "C")
    for one in (firm, both, work, pole):
        one.themes.add(water)
    both.themes.add(wood)
    firm.themes.add(glass)
    asked = Asked(sign_in("network"), THEMES, "move_bearers", water, to="bois")
    [(row, said)] = asked.page.context["going"]["rows"]
    assert row == water and {"1 cluster", "2 organisations", "1 project"} == set(said.split(", "))
    assert messages(asked.confirmed()) == ["4 changed. Undo"]
    assert themes_of(firm, both, work, pole) == [{"bois", "verre"}, {"bois"}, {"bois"}, {"bois"}]
    assert Theme.objects.filter(pk=water.pk).exists()
    for name in OF_CARA:
        assert sign_in(name).post(THEMES, {"action": "move_bearers", "_selected_action": [wood.pk]}).status_code == 404


# --- whose rows -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", CAST)
@pytest.mark.parametrize("action", [name for name in VALUES if name != "set_lead"])
def test_each_changes_what_she_keeps_and_what_she_only_sees_is_named(sign_in, net, themes, name, action):  # noqa: F811
    every = [net.own, net.own_draft, net.shared, net.stranger, net.secret]
    Organisation.objects.update(website="https://www.vif.example/")
    for one in every:
        one.themes.add(themes[1])
        Site.objects.create(organisation=one, city="Vif")
    keeps = {
        "cara": {net.own, net.own_draft},
        "manager": {net.own, net.own_draft},
        "minalogic": {net.shared, net.stranger, net.secret},
    }.get(name, set(every))
    sees = {"cara": keeps | {net.shared}, "manager": keeps | {net.shared}}.get(name, keeps)
    before = {one.pk: state_of(one) for one in every}
    browser = sign_in(name)
    values = {k: v for k, v in VALUES[action].items() if k != "all"}
    asked = Asked(browser, LIST, action, **values)
    plan = asked.page.context["plan"]
    assert set(plan.chosen) == {one.pk for one in sees}
    assert plan.refused == ({"Another cluster keeps it.": [net.shared.pk]} if sees > keeps else {})
    if net.secret not in sees:
        assert SECRET not in asked.page.text
    due = {*plan.going, *plan.lacking}
    answer = asked.confirmed(**VALUES[action])
    changed = {one.pk for one in every if state_of(one) != before[one.pk]}
    assert changed == due and changed <= {one.pk for one in keeps} and changed
    if sees > keeps:
        assert "Firme des deux: Another cluster keeps it." in messages(answer)


@pytest.mark.parametrize("action", ["archive", "add_themes", "set_lead"])
def test_forged_numbers_of_others_change_nothing(sign_in, net, themes, action):  # noqa: F811
    before = {one.pk: state_of(one) for one in (net.own, net.stranger, net.secret)}
    for ticked in ([net.secret.pk], [net.own.pk, net.stranger.pk]):
        sent = {"action": action, "_selected_action": ticked, "asked": "1", "confirmed": "1", **VALUES[action]}
        assert sign_in("cara").post(LIST, sent).status_code == 404
    assert {one.pk: state_of(one) for one in (net.own, net.stranger, net.secret)} == before


@pytest.mark.parametrize("name", CAST)
@pytest.mark.parametrize("action", ["end_memberships", "set_category"])
def test_memberships_are_those_of_ones_own_clusters(sign_in, net, name, action):  # noqa: F811
    clusters = {"cara": [net.cara], "manager": [net.cara], "minalogic": [net.minalogic]}
    hers = Membership.objects.filter(cluster__in=clusters.get(name, [net.cara, net.minalogic]))
    keys = set(hers.values_list("pk", flat=True))
    values = {"left_on": "2026-06-30"} if action == "end_memberships" else {"category": "PME"}
    Asked(sign_in(name), MEMBERSHIPS, action, **values).confirmed()
    changed = Membership.objects.exclude(left_on=None, category="")
    assert set(changed.values_list("pk", flat=True)) == keys


# --- what the database refuses --------------------------------------------------------------------------------------------
def refuse(*rows) -> None:
    keys = ", ".join(str(one.pk) for one in rows)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.no() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE 'no' USING ERRCODE = 'check_violation', CONSTRAINT = 'members_organisation_company_only'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER no BEFORE UPDATE ON members_organisation FOR EACH ROW"
            f" WHEN (NEW.id IN ({keys})) EXECUTE FUNCTION pg_temp.no()"
        )


def test_of_hundreds_the_one_that_is_refused_is_found_in_few_steps(sign_in, net):  # noqa: F811
    rows = [
        Organisation(name=f"Firme {number:03d}", slug=f"firme-{number}", kind="company", status="published")
        for number in range(300)
    ]
    Organisation.objects.bulk_create(rows)
    refuse(rows[7], rows[211])
    asked = Asked(sign_in("network"), f"{LIST}?q=firme", "set_size", size="sme")
    with CaptureQueriesContext(connection) as queries:
        answer = asked.confirmed()
    told = messages(answer)
    number = len(asked.going) - 2
    assert told[0] == f"{number} changed. Undo"
    assert told[1] == "Firme 007, Firme 211: Size, NAF code and headcount are for companies only."
    assert Organisation.objects.filter(size="sme").count() == number
    assert sum(sql["sql"].startswith("SAVEPOINT") for sql in queries) < 60


# --- behind the pages -----------------------------------------------------------------------------------------------------
@pytest.fixture
def few(monkeypatch):
    """More than two rows are very many."""
    monkeypatch.setattr(at_once, "AT_MOST", 2)


def test_more_than_500_rows_are_changed_behind_the_pages(sign_in, net):  # noqa: F811
    assert at_once.AT_MOST == 500
    Organisation.objects.bulk_create(
        Organisation(name=f"Firme {number}", slug=f"firme-{number}", kind="company") for number in range(501)
    )
    asked = Asked(sign_in("network"), f"{LIST}?status__exact=draft&q=firme", "set_size", size="sme")
    number = len(asked.going)
    assert number > 500
    answer = asked.confirmed()
    change = BulkChange.objects.get()
    assert answer.request["PATH_INFO"] == reverse("admin:bulk_change", args=[change.pk])
    assert change.state == "done" and f"{number} changed." in answer.text
    assert Organisation.objects.filter(size="sme").count() == number
    assert reverse("admin:undo_set", args=[change.key]) in answer.text
    assert f'href="{LIST}?status__exact=draft&amp;q=firme"' in answer.text, "back to the filter"


@pytest.mark.parametrize("name", ["network", "cara"])
@pytest.mark.parametrize("action", VALUES)
def test_every_action_does_the_same_behind_the_pages(sign_in, net, themes, places_and_names, action, name, few):  # noqa: F811
    if (name, action) == ("cara", "set_lead"):
        return
    found, others = places_and_names
    status = {"publish": "draft", "submit_for_review": "draft"}.get(action, "published")
    Organisation.objects.update(status=status, website="https://www.vif.example/a")
    for one in (*found, *others):
        one.themes.add(themes[1])
    before = {one.pk: state_of(one) for one in (*found, *others)}
    values = {k: v for k, v in VALUES[action].items() if k != "all"}
    Asked(sign_in(name), FILTER, action, **values).confirmed(**VALUES[action])
    assert BulkChange.objects.get().state == "done"
    assert {one.pk for one in (*found, *others) if state_of(one) != before[one.pk]} == {one.pk for one in found}


def test_memberships_that_a_filter_finds_end_with_a_reason_and_what_is_alone_is_archived(sign_in, net, few):  # noqa: F811
    for number in range(3):
        net.member(f"Moulin {number}", net.cara)
    today = timezone.localdate().isoformat()
    asked = Asked(sign_in("cara"), f"{MEMBERSHIPS}?cluster=cara", "end_memberships", left_on=today, reason="Dissous")
    answer = asked.confirmed(archive="on")
    assert f"{len(asked.going)} memberships ended." in answer.text and "1 is in another cluster" in answer.text
    assert not Membership.objects.filter(cluster=net.cara, left_on=None).exists()
    assert Membership.objects.filter(cluster=net.minalogic, left_on=None).count() == 3
    own = Organisation.objects.get(pk=net.own.pk)
    assert own.status == "archived" and Organisation.objects.get(pk=net.shared.pk).status == "published"
    history = sign_in("network").get(reverse("admin:members_organisation_history", args=[own.pk]))
    assert "End memberships – Dissous" in history.text


def test_another_day_on_which_others_end_is_told_first(sign_in, net):  # noqa: F811
    asked = Asked(sign_in("cara"), MEMBERSHIPS, "end_memberships", left_on="2026-06-30")
    assert len(asked.going) == 3
    page = asked.confirmed(left_on="2020-06-30")
    assert page.status_code == 200 and "Joins after that day." in page.text
    assert not Membership.objects.exclude(left_on=None).exists()


class Later:
    """In place of the queue: the order stays there until it is asked for."""

    id = "task-1"

    def __init__(self, monkeypatch) -> None:
        monkeypatch.setattr(at_once, "_enqueue", lambda change: None)

    def do(self) -> BulkChange:
        change = BulkChange.objects.get()
        at_once.carry_out.call(change.pk)
        change.refresh_from_db()
        return change


@pytest.fixture
def later(monkeypatch, few):
    return Later(monkeypatch)


def test_while_it_waits_the_page_looks_again_by_itself(sign_in, net, places_and_names, later):  # noqa: F811
    page = Asked(sign_in("network"), FILTER, "archive", reason="Essai").confirmed()
    assert '<meta http-equiv="refresh" content="2">' in page.text and "Waiting" in page.text
    assert "perhaps nobody works" not in page.text
    BulkChange.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    assert "perhaps nobody works" in sign_in("network").get(page.request["PATH_INFO"]).text
    later.do()
    page = sign_in("network").get(page.request["PATH_INFO"])
    assert "http-equiv" not in page.text and "3 archived." in page.text
    assert [one.status for one in places_and_names[0] if one.refresh_from_db() is None] == ["archived"] * 3
    for name in ("boss", "cara"):
        assert sign_in(name).get(page.request["PATH_INFO"]).status_code == 404, "hers alone"


def test_its_history_says_who_and_why(sign_in, net, places_and_names, later):  # noqa: F811
    Asked(sign_in("network"), FILTER, "archive", reason="Liquidées").confirmed()
    later.do()
    page = sign_in("network").get(reverse("admin:members_organisation_history", args=[places_and_names[0][0].pk]))
    assert "Archive – Liquidées" in page.text and "several at once" in page.text and "network" in page.text


def test_rows_that_came_meanwhile_stop_it_and_nothing_is_written(sign_in, net, places_and_names, later):  # noqa: F811
    Asked(sign_in("network"), FILTER, "archive", reason="Essai").confirmed()
    organisation("Moulin neuf").sites.create(department=places(), city="Vif")
    change = later.do()
    assert change.state == "failed" and not change.key
    assert "The rows have changed since you confirmed: nothing was written." in change.told[0][1]
    assert not Organisation.objects.filter(status="archived").exists()


@pytest.mark.parametrize("how", ["role", "account"])
def test_whose_role_ended_meanwhile_changes_nothing(sign_in, net, later, how):  # noqa: F811
    for number in range(3):
        net.member(f"Moulin {number}", net.cara)
    Asked(sign_in("cara"), f"{LIST}?q=moulin", "archive", reason="Essai").confirmed()
    if how == "role":
        RoleAssignment.objects.filter(user__username="cara").update(
            valid_from=date(2020, 1, 1), valid_until=timezone.localdate()
        )
    else:
        type(BulkChange.objects.get().by).objects.filter(username="cara").update(is_active=False)
    change = later.do()
    assert change.state == "failed" and "You may not do this any more" in change.told[0][1]
    assert not Organisation.objects.filter(status="archived").exists()


def test_who_changed_her_cluster_meanwhile_changes_nothing_of_the_first(sign_in, net, later):  # noqa: F811
    for number in range(3):
        net.member(f"Moulin {number}", net.cara)
    Asked(sign_in("cara"), f"{LIST}?q=moulin", "archive", reason="Essai").confirmed()
    RoleAssignment.objects.filter(user__username="cara").update(cluster=net.minalogic)
    assert later.do().state == "failed"
    assert not Organisation.objects.filter(status="archived").exists()


def test_what_fails_says_so_and_writes_nothing(sign_in, net, places_and_names, later, monkeypatch):  # noqa: F811
    Asked(sign_in("network"), FILTER, "archive", reason="Essai").confirmed()
    with monkeypatch.context() as broken:
        broken.setattr("cluster_portal.admin.verbs.Verb.said", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            later.do()
    change = BulkChange.objects.get()
    assert change.state == "failed" and "It failed, and nothing was written." in change.told[0][1]
    assert not Organisation.objects.filter(status="archived").exists()


def test_what_nobody_is_at_any_more_is_interrupted_and_starts_again(sign_in, net, places_and_names, later):  # noqa: F811
    page = Asked(sign_in("network"), FILTER, "archive", reason="Essai").confirmed()
    address = page.request["PATH_INFO"]
    BulkChange.objects.update(state="running", started_at=timezone.now())
    assert "Under way" in sign_in("network").get(address).text, "it has just begun"
    BulkChange.objects.update(started_at=timezone.now() - timedelta(minutes=1))
    page = sign_in("network").get(address)
    assert "Interrupted, nothing was written" in page.text and "Start again" in page.text
    sign_in("network").post(address)
    assert later.do().state == "done"
    sign_in("network").post(address)
    assert BulkChange.objects.get().state == "done", "what is done is not done again"


@pytest.mark.django_db(transaction=True)
def test_what_somebody_is_at_is_not_taken_for_interrupted(later):
    Organisation.objects.bulk_create(
        Organisation(name=f"Moulin {number}", slug=f"moulin-{number}", kind="company") for number in range(3)
    )
    boss = person("boss")
    root = browser_of_staff()
    root.force_login(boss)
    Asked(root, f"{LIST}?q=moulin", "archive", reason="Essai").confirmed()
    change = BulkChange.objects.get()
    address = reverse("admin:bulk_change", args=[change.pk])
    BulkChange.objects.update(state="running", started_at=timezone.now() - timedelta(minutes=1))
    held, let_go = Event(), Event()

    def worker():
        try:
            with transaction.atomic():
                BulkChange.objects.select_for_update().get(pk=change.pk)
                held.set()
                let_go.wait(20)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        at_work = threads.submit(worker)
        held.wait(20)
        said = root.get(address).text
        let_go.set()
        at_work.result()
    assert "Under way" in said and "Start again" not in said
    assert "Start again" in root.get(address).text


def test_the_queue_tells_of_a_worker_that_died(sign_in, net, places_and_names, later):  # noqa: F811
    Asked(sign_in("network"), FILTER, "archive", reason="Essai").confirmed()
    BulkChange.objects.update(task="task-1", state="running")
    queue = known(at_once.carry_out.module_path)
    queue.interrupted("task-2")
    assert BulkChange.objects.get().state == "running"
    queue.interrupted("task-1")
    assert BulkChange.objects.get().state == "interrupted"
    queue.retried("task-1")
    assert later.do().state == "done"
    with pytest.raises(SaidToStaff):
        queue.retried("task-1")
    assert BulkChange.objects.get().state == "done"


def test_an_order_is_carried_out_once(sign_in, net, places_and_names, later):  # noqa: F811
    Asked(sign_in("network"), FILTER, "archive", reason="Essai").confirmed()
    later.do()
    Organisation.objects.filter(status="archived").update(status="published")
    later.do()
    assert not Organisation.objects.filter(status="archived").exists()


# --- and back -------------------------------------------------------------------------------------------------------------
def dump() -> dict[str, list[tuple]]:
    """All rows, but the dates and authors of the last change, and the keys of pairs."""
    found = {}
    for model in (Organisation, Organisation.themes.through, Cluster.themes.through, Site, Membership):
        names = [
            field.attname for field in model._meta.concrete_fields if field.name not in ("updated_at", "updated_by")
        ]
        found[model.__name__] = sorted(map(repr, model._base_manager.values_list(*names)))
    return found


@pytest.mark.parametrize("action", VALUES)
def test_taken_back_everything_is_as_it_was(sign_in, net, themes, places_and_names, action, few):  # noqa: F811
    found, others = places_and_names
    status = {"publish": "draft", "submit_for_review": "draft"}.get(action, "published")
    Organisation.objects.update(status=status, website="https://www.vif.example/a")
    for one in (*found, *others):
        one.themes.add(themes[1])
    before = dump()
    browser = sign_in("network")
    values = {k: v for k, v in VALUES[action].items() if k != "all"}
    Asked(browser, FILTER, action, **values).confirmed(**VALUES[action])
    assert dump() != before
    browser.post(reverse("admin:undo_set", args=[BulkChange.objects.get().key]))
    assert dump() == before


# --- how much it takes ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("action", VALUES)
def test_the_number_of_statements_does_not_grow_with_rows(sign_in, net, themes, action):  # noqa: F811
    statements = []
    status = {"publish": "draft", "submit_for_review": "draft"}.get(action, "published")
    for many in (2, 40):
        rows = [organisation(f"Lot{many} {n}", status=status, website="https://www.vif.example/") for n in range(many)]
        for one in rows:
            one.themes.add(themes[1])
            one.sites.create(city="Vif")
        Organisation.objects.filter(pk__in=[one.pk for one in rows]).update(lead_cluster=net.cara)
        browser, values = sign_in("network"), {k: v for k, v in VALUES[action].items() if k != "all"}
        address = f"{LIST}?q=lot{many}"
        browser.get(address)
        with CaptureQueriesContext(connection) as shown:
            asked = Asked(browser, address, action, **values)
        assert len(asked.going) == many
        with CaptureQueriesContext(connection) as done:
            browser.post(address, {**asked.sent, "asked": "1", "confirmed": asked.page.context["token"]})
        statements.append((len(shown), len(done)))
    assert statements[0] == statements[1]
    assert statements[0][0] <= 15, statements


def test_the_page_asks_at_most_fifteen_questions_of_an_editor_too(sign_in, net, themes):  # noqa: F811
    address = f"{LIST}?cluster=cara&region=auvergne-rhone-alpes&theme=eau&q=firme"
    net.own.themes.add(themes[0])
    Site.objects.create(organisation=net.own, department=places(), city="Vif")
    for action in ("add_themes", "verify", "replace_town", "archive"):
        browser, values = sign_in("cara"), VALUES[action]
        Asked(browser, address, action, **values)
        with CaptureQueriesContext(connection) as shown:
            Asked(browser, address, action, **values)
        asked = [one["sql"] for one in shown if not re.match("SAVEPOINT|RELEASE|SELECT set_config", one["sql"])]
        assert len(asked) <= 15, (action, "\n".join(x[:110] for x in asked))
