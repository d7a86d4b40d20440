"""Two that are one become one, with all that hung on either; what was wrongly one is split; and both can be taken back."""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from time import perf_counter

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from contributions.models import ChangeProposal
from members.admin.lookalikes import lookalikes, told_to
from members.duplicates import fields, relations
from members.duplicates.merging import Refused, merge, plan
from members.models import (
    ContactPerson,
    FurtherNumber,
    LabelPeriod,
    MatchCandidate,
    Membership,
    Organisation,
    OrganisationName,
    Site,
    Theme,
)
from projects.models import Participation
from tests.admin_rows import cluster, form_of, organisation, places, project
from tests.imports import checked, csv, line
from tests.test_admin_scope import net, sign_in  # noqa: F401 (fixtures)
from tests.test_history import nothing_so_far, staff  # noqa: F401 (fixtures)
from tests.test_undo import address, differences, dump, fresh, key_of, undo

pytestmark = pytest.mark.django_db


def merge_url(survivor, other) -> str:
    return f"{reverse('admin:members_merge')}?survivor={survivor.pk}&other={other.pk}&as_given=1"


def confirmed(client, survivor, other, **chosen):
    """Through both pages, as a person does it."""
    url = merge_url(survivor, other)
    assert client.get(url).status_code == 200
    preview = client.post(url, {"preview": "1", **chosen})
    digest = re.search(r'name="digest"\s+value="(\w+)"', preview.text)
    assert digest, [str(message) for message in preview.context["messages"]]
    return client.post(url, {"confirm": "1", "digest": digest[1], **chosen}, follow=True)


def said(answer) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


class Twice:
    """The same company entered twice, with something of every sort on either."""

    def __init__(self) -> None:
        self.cara, self.lyon = cluster("CARA", "CARA"), cluster("Lyon", "LYN")
        self.eau, self.bois = (Theme.objects.create(name_fr=name, slug=name.lower()) for name in ("Eau", "Bois"))
        self.one = organisation("Volta Énergie", website="https://volta.example/", verified_on=date(2020, 1, 1))
        self.two = organisation(
            "Volta Energie SAS", acronym="VES", siren="732829320", description_fr="Des piles.", founding_year=1999,
            email="a@volta.example", verified_on=date(2024, 1, 1), verified_by=self.cara, verified_source="visite",
        )  # fmt: skip
        self.one.themes.set([self.eau])
        self.two.themes.set([self.eau, self.bois])
        for row in (self.one, self.two):
            Site.objects.create(
                organisation=row, department=places(), city="Grenoble", postcode="38000", head_office=True
            )
        Site.objects.create(organisation=self.two, department=places(), city="Voiron", siret="73282932000074")
        Membership.objects.create(organisation=self.one, cluster=self.cara, joined_on=date(2015, 1, 1))
        Membership.objects.create(
            organisation=self.two,
            cluster=self.cara,
            joined_on=date(2010, 5, 1),
            left_on=date(2018, 1, 1),
            category="PME",
        )
        Membership.objects.create(organisation=self.two, cluster=self.lyon, joined_on=date(2012, 1, 1))
        OrganisationName.objects.create(organisation=self.one, name="Pile & Cie")
        OrganisationName.objects.create(organisation=self.two, name="Pile & Cie")
        OrganisationName.objects.create(organisation=self.two, name="Galvani")
        FurtherNumber.objects.create(organisation=self.two, kind="siren", value="552100554")
        for row, names in ((self.one, ("Ada", "Bea")), (self.two, ("Bea", "Cléo"))):
            for name in names:
                ContactPerson.objects.create(
                    organisation=row, cluster=self.cara, name=name, email=f"{name}@volta.example"
                )
        self.both, self.alone = project("AMPERE"), project("OHM")
        Participation.objects.create(project=self.both, organisation=self.one, cost=Decimal(100))
        Participation.objects.create(
            project=self.both, organisation=self.two, role="coordinator", cost=Decimal(250), public_funding=Decimal(80)
        )
        Participation.objects.create(project=self.alone, organisation=self.two)
        self.lab = organisation("Laboratoire des piles", kind="laboratory")
        self.lab.supervisors.set([self.two])
        self.bought = organisation("Pile ancienne", successor=self.two)
        self.proposal = ChangeProposal.objects.create(
            kind="report",
            organisation=self.two,
            note="Le nom",
            sender_email="x@y.example",
            fingerprint="f",
            state="pending",
        )

    @property
    def cost(self) -> str:
        return f"participation-{self.one.participations.get(project=self.both).pk}-cost"


@pytest.fixture
def twice(db):
    return Twice()


# --- merged -----------------------------------------------------------------------------------------------------------


def test_all_that_hung_on_either_hangs_on_the_one_that_stays(staff, twice):  # noqa: F811
    answer = confirmed(staff, twice.one, twice.two, **{twice.cost: "sum"})
    assert "“Volta Energie SAS” was merged into “Volta Énergie”" in said(answer)
    one = fresh(twice.one)
    assert (one.name, one.siren, one.acronym, one.founding_year) == ("Volta Énergie", "732829320", "VES", 1999)
    assert (one.description_fr, one.website, one.email) == ("Des piles.", "https://volta.example/", "a@volta.example")
    assert (one.verified_on, one.verified_by, one.verified_source) == (date(2024, 1, 1), twice.cara, "visite")
    assert sorted(one.names.values_list("name", flat=True)) == ["Galvani", "Pile & Cie", "Volta Energie SAS"]
    assert set(one.themes.all()) == {twice.eau, twice.bois}
    assert sorted(one.sites.values_list("city", "head_office")) == [("Grenoble", True), ("Voiron", False)]
    assert list(one.further_numbers.values_list("value", flat=True)) == ["552100554"]
    assert sorted(one.contacts.values_list("name", flat=True)) == ["Ada", "Bea", "Cléo"]
    assert sorted(one.memberships.values_list("cluster__name", "joined_on", "left_on", "category")) == [
        ("CARA", date(2010, 5, 1), None, "PME"), ("Lyon", date(2012, 1, 1), None, ""),
    ]  # fmt: skip
    assert sorted(one.participations.values_list("project__acronym", "role", "cost", "public_funding")) == [
        ("AMPERE", "coordinator", Decimal(350), Decimal(80)), ("OHM", "partner", None, None),
    ]  # fmt: skip
    assert list(twice.lab.supervisors.all()) == [one] and fresh(twice.bought).successor == one
    assert fresh(twice.proposal).organisation == one


def test_the_address_of_the_other_leads_to_the_one_that_stays(staff, client, twice):  # noqa: F811
    confirmed(staff, twice.one, twice.two, **{twice.cost: "ours"})
    for language in ("fr", "en"):
        page = client.get(f"/{language}/{'membres' if language == 'fr' else 'members'}/{twice.two.slug}/?x=1")
        assert page.status_code == 301 and page["Location"].endswith(f"/{twice.one.slug}/?x=1")
    two = fresh(twice.two)
    assert (two.status, two.merged_into) == ("archived", twice.one)
    assert (
        list(Organisation.objects.answering([two.pk]))
        == [twice.one]
        == list(Organisation.objects.answering_to([two.slug]))
    )


def test_whoever_asks_for_the_other_by_its_name_is_answered_with_the_one_that_stays(staff, client, twice):  # noqa: F811
    """Of lists and their files, of the search for partners, of a request to join."""
    LabelPeriod.objects.create(cluster=twice.lyon, phase=5, start=date(2023, 1, 1))
    old, new = twice.two.slug, twice.one.slug

    def file_of(address: str) -> str:
        return b"".join(client.get(f"{address}&format=csv", follow=True).streaming_content).decode()

    asked = f"/fr/projets/?partner={old}"
    assert twice.alone.slug in file_of(asked)
    confirmed(staff, twice.one, twice.two, **{twice.cost: "ours"})
    assert client.get(asked)["Location"] == f"/fr/projets/?partner={new}"
    assert {slug in file_of(asked) for slug in (twice.both.slug, twice.alone.slug)} == {True}
    page = client.get(f"/fr/membres/?supervisor={old}&former=1&format=csv")
    assert page.status_code == 301 and f"supervisor={new}" in page["Location"]
    assert client.get(f"/fr/partenaires/?organisation={old}").context["sought_for"] == twice.one
    join = reverse("contributions:cluster-join", args=[twice.lyon.slug])
    assert client.get(f"{join}?organisation={old}", follow=True).status_code == 200
    assert client.get(f"{join}?organisation=nobody").status_code == 404
    Organisation.objects.filter(pk=twice.one.pk).update(status="archived")  # which nobody is led to
    assert [client.get(f"/fr/projets/?partner={slug}").status_code for slug in (old, "nobody")] == [200, 200]


def test_what_looks_like_the_other_is_the_one_that_stays(staff, twice):  # noqa: F811
    confirmed(staff, twice.one, twice.two, **{twice.cost: "ours", "siren": "ours"})
    user = get_user_model().objects.first()
    for asked in ({"name": "Volta Energie"}, {"name": "", "siren": "732829320"}):
        told, hidden = told_to(user, lookalikes(**asked))
        assert [one.organisation for one in told] == [twice.one] and hidden == []


def test_what_is_sent_of_the_other_reaches_the_one_that_stays(staff, client, twice):  # noqa: F811
    """A form that was open meanwhile, and a link to it."""
    LabelPeriod.objects.create(cluster=twice.cara, phase=5, start=date(2020, 1, 1))
    confirmed(staff, twice.one, twice.two, **{twice.cost: "ours"})
    propose = reverse("contributions:organisation-propose", args=[twice.two.slug])
    there = reverse("contributions:organisation-propose", args=[twice.one.slug])
    assert client.get(propose).status_code == 301
    answer = client.post(propose, {"note": "Le nom", "opened": "x"}, follow=True)
    assert answer.redirect_chain == [(there, 308)] and "Le nom" in answer.text
    join = reverse("contributions:cluster-join", args=[twice.cara.slug])
    answer = client.post(f"{join}?organisation={twice.two.slug}", {"note": "Nous aussi"}, follow=True)
    assert answer.redirect_chain == [(f"{join}?organisation={twice.one.slug}", 308)] and "Nous aussi" in answer.text


def test_what_was_merged_into_what_is_merged_again_follows(staff, client, twice):  # noqa: F811
    third = organisation("Volta")
    two, former = twice.two, twice.two.slug
    Organisation.objects.filter(pk=two.pk).update(slug="autre")
    confirmed(staff, twice.one, two, **{twice.cost: "ours"})
    confirmed(staff, third, twice.one)
    assert fresh(two).merged_into == fresh(twice.one).merged_into == third
    for slug in (former, "autre", twice.one.slug):
        assert client.get(f"/fr/membres/{slug}/")["Location"] == f"/fr/membres/{third.slug}/"


def test_a_merger_taken_back_gives_the_database_of_before(staff, twice):  # noqa: F811
    one, two = sorted((twice.one.pk, twice.two.pk))
    MatchCandidate.objects.create(first_id=one, second_id=two, score=0.9)
    before = dump()
    key = key_of(lambda: confirmed(staff, twice.one, twice.two, **{twice.cost: "sum"}))
    assert MatchCandidate.objects.get().decision == "same"
    undo(staff, key)
    assert differences(before, dump()) == {}


def test_of_whatever_name_was_chosen_both_go_on_being_found_and_come_back(staff, twice):  # noqa: F811
    before = dump()
    chosen = {twice.cost: "theirs", "name": "theirs", "siren": "theirs", "founding_year": "ours"}
    key = key_of(lambda: confirmed(staff, twice.one, twice.two, **chosen))
    one = fresh(twice.one)
    assert (one.name, one.founding_year) == ("Volta Energie SAS", None)
    assert "Volta Énergie" in one.names.values_list("name", flat=True)
    undo(staff, key)
    assert differences(before, dump()) == {}


def test_what_cannot_stand_for_itself_again_takes_nothing_back(staff):  # noqa: F811
    """Neither of what was merged further, nor of what gave its number to a third."""
    first, second, third = (organisation(name) for name in ("Ohm", "Ohm SAS", "Ohm SA"))
    Organisation.objects.filter(pk=first.pk).update(siren="732829320")
    Site.objects.create(organisation=first, department=places(), city="Vif")
    into_second = key_of(lambda: confirmed(staff, second, first))
    into_third = key_of(lambda: confirmed(staff, third, second))
    before = dump()
    answer = undo(staff, into_second)
    assert "Nothing of it could be taken back" in said(answer) and "as a whole or not at all" in said(answer)
    assert differences(before, dump()) == {}
    undo(staff, into_third)
    Organisation.objects.filter(pk=second.pk).update(siren="")
    other = organisation("Volt", siren="732829320")
    before = dump()
    assert "Another company already has this SIREN" in said(undo(staff, into_second))
    assert differences(before, dump()) == {}
    Organisation.objects.filter(pk=other.pk).update(siren="")
    undo(staff, into_second)
    assert fresh(first).status == "published" and first.sites.exists()


def test_what_was_written_elsewhere_on_the_survivor_since_stays(staff, twice):  # noqa: F811
    key = key_of(lambda: confirmed(staff, twice.one, twice.two, **{twice.cost: "sum"}))
    Organisation.objects.filter(pk=twice.one.pk).update(phone="+33123456789", description_fr="Autre chose.")
    Site.objects.create(organisation=twice.one, department=places(), city="Vif")
    undo(staff, key)
    one, two = fresh(twice.one), fresh(twice.two)
    assert (one.phone, one.description_fr, one.siren, one.acronym) == ("+33123456789", "Autre chose.", "", "")
    assert sorted(one.sites.values_list("city", flat=True)) == ["Grenoble", "Vif"]
    assert (two.status, two.merged_into, two.siren) == ("published", None, "732829320")
    assert sorted(two.sites.values_list("city", flat=True)) == ["Grenoble", "Voiron"]
    assert two.memberships.count() == 2 and two.contacts.count() == 2


def test_a_merger_is_never_taken_back_in_part(staff, twice):  # noqa: F811
    before = dump()
    key = key_of(lambda: confirmed(staff, twice.one, twice.two, **{twice.cost: "sum"}))
    undo(staff, key, of=twice.one)
    assert differences(before, dump()) == {}


def test_a_merger_is_taken_back_for_thirty_days_and_then_says_so(staff, admin_user, twice):  # noqa: F811
    before, today = dump(), timezone.localdate()
    key = key_of(lambda: confirmed(staff, twice.one, twice.two, **{twice.cost: "sum"}))
    history = reverse("admin:members_organisation_history", args=[twice.one.pk])
    pages = [reverse("admin:change_set", args=[key]), history, address(key)]
    with translation.override("en"):
        last_day = date_format(today + timedelta(days=30))
    late = f"A merger can be taken back for 30 days: this one could be until {last_day}."

    def after(days: int):
        return time_machine.travel(datetime.combine(today + timedelta(days=days), time(12), tzinfo=UTC), tick=False)

    for days, is_offered in ((29, True), (30, True), (31, False)):
        with after(days):
            staff.force_login(admin_user)
            for url in pages:
                shown = " ".join(staff.get(url).text.split())
                assert (late in shown) is not is_offered, (days, url)
                assert (f"until {last_day}" in shown and address(key) in shown) is is_offered or url == pages[2]
    with after(31):  # sent from a page that was open
        assert late in " ".join(staff.post(address(key)).text.split())
        assert fresh(twice.two).merged_into_id == twice.one.pk
    with after(30):
        undo(staff, key)
    assert set(differences(before, dump())) == {"auth_user"}  # that she signed in


@pytest.mark.parametrize(
    ("how", "ours", "theirs"),
    [
        ("union", [(2012, 2020)], None),
        ("ours", [(2012, 2014), (2016, 2020)], None),
        ("theirs", [(2013, 2018)], None),
    ],
)
def test_overlapping_memberships_become_what_was_chosen(staff, how, ours, theirs):  # noqa: F811
    one, two, known = organisation("Un"), organisation("Deux"), cluster()
    for row, first, last in ((one, 2012, 2014), (one, 2016, 2020), (two, 2013, 2018)):
        Membership.objects.create(
            organisation=row, cluster=known, joined_on=date(first, 1, 1), left_on=date(last, 1, 1)
        )
    before = dump()
    name = f"membership-{known.pk}-{two.memberships.get().pk}"
    key = key_of(lambda: confirmed(staff, one, two, **{name: how}))
    found = sorted((row.joined_on.year, row.left_on.year) for row in one.memberships.all())
    assert found == ours and not two.memberships.exists()
    undo(staff, key)
    assert differences(before, dump()) == {}


def test_memberships_that_only_touch_are_both_kept(staff):  # noqa: F811
    one, two, known = organisation("Un"), organisation("Deux"), cluster()
    Membership.objects.create(organisation=one, cluster=known, joined_on=date(2012, 1, 1), left_on=date(2014, 1, 1))
    Membership.objects.create(organisation=two, cluster=known, joined_on=date(2014, 1, 1))
    confirmed(staff, one, two)
    assert one.memberships.count() == 2


def test_two_sums_of_one_project_are_asked_about(staff, twice):  # noqa: F811
    answer = staff.post(merge_url(twice.one, twice.two), {"preview": "1"})
    assert "Say what is right: Projects: AMPERE, cost" in said(answer) and 'name="digest"' not in answer.text
    admin = answer.context["user"]
    with pytest.raises(Refused):
        merge(twice.one, twice.two, {}, admin, of_network=True)
    with pytest.raises(Refused, match="Somebody changed"):  # between the page and the lock, too
        merge(twice.one, twice.two, {twice.cost: "ours"}, admin, of_network=True, shown="another")
    assert fresh(twice.two).merged_into is None


def test_what_somebody_changed_meanwhile_is_shown_again(staff, twice):  # noqa: F811
    url = merge_url(twice.one, twice.two)
    answer = staff.post(url, {"confirm": "1", "digest": "0" * 32, twice.cost: "ours"})
    assert "Somebody changed one of them meanwhile" in said(answer) and fresh(twice.two).merged_into is None


def test_the_one_that_is_published_and_has_more_is_proposed_to_stay(staff, twice):  # noqa: F811
    page = staff.get(f"{reverse('admin:members_merge')}?survivor={twice.one.pk}&other={twice.two.pk}")
    assert page.context["survivor"] == twice.two


def test_filled_comes_before_blank_and_verified_later_before_earlier(twice):
    proposed = {line.name: line.proposed for line in plan(twice.one, twice.two, {}, of_network=True).lines}
    assert proposed["website"] == "ours" and proposed["siren"] == "theirs"  # the only ones
    assert proposed["name"] == "ours" and proposed["verified_on"] == "theirs"
    Organisation.objects.filter(pk=twice.one.pk).update(description_fr="Avant.", closed_on=None)
    Organisation.objects.filter(pk=twice.two.pk).update(closed_on=date(2024, 1, 1))
    proposed = {
        line.name: line.proposed for line in plan(fresh(twice.one), fresh(twice.two), {}, of_network=True).lines
    }
    assert proposed["description_fr"] == "theirs"  # verified later
    assert proposed["closed_on"] == "ours"  # that it is open is no gap


def test_what_was_merged_is_never_published_chosen_or_merged_again(staff, twice):  # noqa: F811
    confirmed(staff, twice.one, twice.two, **{twice.cost: "ours"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=twice.two.pk).update(status="published")
    boxes = reverse("admin:autocomplete")
    found = staff.get(f"{boxes}?app_label=members&model_name=membership&field_name=organisation&term=volta").json()[
        "results"
    ]
    keys = {int(one["id"]) for one in found}
    assert twice.one.pk in keys and twice.two.pk not in keys
    assert staff.get(merge_url(twice.one, twice.two)).status_code == 404
    for one in (twice.one, twice.two):  # nor deleted, either of them
        staff.post(reverse("admin:members_company_delete", args=[one.pk]), {"post": "yes"})
    assert Organisation.objects.filter(pk__in=[twice.one.pk, twice.two.pk]).count() == 2


@pytest.mark.parametrize(
    ("ours", "theirs", "comes"),
    [
        ("published", "refused", "published"), ("refused", "published", "published"), ("refused", "refused", "refused"),
        ("draft", "refused", "draft"), ("archived", "in_review", "in_review"), ("archived", "archived", "archived"),
    ],
)  # fmt: skip
def test_two_of_whatever_state_are_merged_and_come_back(staff, ours, theirs, comes):  # noqa: F811
    """And what was to be published on a day no longer is, once it is published or stands for nothing."""
    of = {"archived": {"archived_on": date(2020, 1, 1)}, "draft": {"publish_on": date(2090, 1, 1)}}
    one, two = (organisation("Ohm", status=state, **of.get(state, {})) for state in (ours, theirs))
    Organisation.objects.filter(pk=two.pk).update(publish_on=date(2090, 1, 1))
    before = dump()
    key = key_of(lambda: confirmed(staff, one, two))
    one, two = fresh(one), fresh(two)
    assert (one.status, two.status, two.publish_on) == (comes, "archived", None)
    assert bool(one.publish_on) is (comes == "draft") and bool(one.archived_on) is (comes == "archived")
    undo(staff, key)
    assert differences(before, dump()) == {}


def test_of_every_field_it_is_said_what_a_merger_does_with_it():
    taken = {*fields.FIELDS, *(name for names in fields.TOGETHER.values() for name in names)}
    assert taken | fields.LEFT_ALONE == {one.name for one in Organisation._meta.concrete_fields}


def test_what_the_survivor_bears_already_is_no_further_one_and_its_site_is_filled(staff):  # noqa: F811
    one, two = organisation("Ohm", siren="732829320"), organisation("Ohm SAS", siren="552100554")
    FurtherNumber.objects.create(organisation=two, kind="siren", value="732829320")
    OrganisationName.objects.create(organisation=two, name="OHM")
    Site.objects.create(organisation=one, department=places(), city="Vif")
    at = {"latitude": Decimal("45.05"), "longitude": Decimal("5.67"), "precision": "city"}
    Site.objects.create(organisation=two, department=places(), city="VIF", siret="73282932000074", **at)
    before = dump()
    key = key_of(lambda: confirmed(staff, one, two))
    assert list(one.further_numbers.values_list("value", flat=True)) == ["552100554"]
    assert list(one.names.values_list("name", flat=True)) == ["Ohm SAS"]
    site = one.sites.get()
    assert (site.city, site.siret, site.latitude, site.precision) == (
        "Vif", "73282932000074", Decimal("45.05"), "city",
    )  # fmt: skip
    undo(staff, key)
    assert differences(before, dump()) == {}


def test_a_laboratory_and_a_company_keep_what_their_kind_may_have(staff):  # noqa: F811
    lab = organisation("Labo", kind="laboratory", rnsr_id="199812919F")
    company = organisation("Labo", size="sme")
    confirmed(staff, company, lab)
    assert company.further_numbers.get().value == "199812919F" and fresh(company).size == "sme"


def test_a_merger_with_200_relations_takes_a_second_at_most(staff):  # noqa: F811
    one, two, known = organisation("Un"), organisation("Deux"), cluster()
    work = project("P")
    Site.objects.bulk_create(Site(organisation=two, department=places(), city=f"V{n}") for n in range(100))
    OrganisationName.objects.bulk_create(OrganisationName(organisation=two, name=f"N{n}") for n in range(60))
    ContactPerson.objects.bulk_create(ContactPerson(organisation=two, cluster=known, name=f"C{n}") for n in range(40))
    Participation.objects.create(project=work, organisation=two)
    user = get_user_model().objects.first()
    start = perf_counter()
    merge(one, two, {}, user, of_network=True)
    assert perf_counter() - start < 1
    assert one.sites.count() + one.names.count() + one.contacts.count() + one.participations.count() == 202


# --- a relation of which nobody says anything -------------------------------------------------------------------------


def test_somebody_says_what_becomes_of_every_relation():
    assert [relations.label_of(key) for key in relations.unhandled()] == []


def test_a_relation_that_nobody_handles_stops_the_merger_in_words(staff):  # noqa: F811
    one, two = organisation("Un"), organisation("Deux")

    class ThrownAway(models.Model):
        whose = models.ForeignKey(Organisation, models.CASCADE, related_name="+")

        class Meta:
            app_label = "members"
            verbose_name_plural = "thrown away"

        def __str__(self):
            return "thrown away"

    try:
        assert [relations.label_of(key) for key in relations.unhandled()] == ["members.ThrownAway.whose"]
        page = staff.get(merge_url(one, two))
        assert "thrown away (members.ThrownAway.whose)" in page.text and 'name="preview"' not in page.text
        with pytest.raises(Refused, match="thrown away"):
            merge(one, two, {}, page.context["user"], of_network=True)
    finally:
        del apps.all_models["members"]["thrownaway"]
        apps.clear_cache()


# --- whose it is ------------------------------------------------------------------------------------------------------


def test_whoever_keeps_both_merges_them_and_takes_it_back_with_what_others_hold(net, sign_in):  # noqa: F811
    hers = [organisation(name, lead_cluster=net.cara) for name in ("Ohm", "Ohm SAS")]
    for row in hers:
        Membership.objects.create(organisation=row, cluster=net.cara)
    Membership.objects.create(organisation=hers[1], cluster=net.minalogic)
    ContactPerson.objects.create(organisation=hers[1], cluster=net.minalogic, name="Autre")
    Participation.objects.create(project=project("ELSEWHERE"), organisation=hers[1])
    before = dump()
    key = key_of(lambda: confirmed(sign_in("cara"), *hers))
    assert hers[0].memberships.filter(cluster=net.minalogic).exists() and hers[0].contacts.exists()
    stranger = sign_in("minalogic")
    answer = stranger.get(address(key))
    assert answer.status_code in (200, 404)
    if answer.status_code == 200:
        stranger.post(address(key))
    assert fresh(hers[1]).merged_into == hers[0]
    Organisation.objects.filter(pk=hers[0].pk).update(lead_cluster=net.minalogic)  # now each keeps one of them
    for name in ("cara", "minalogic"):
        sign_in(name).post(address(key))
        assert fresh(hers[1]).merged_into == hers[0] and fresh(hers[1]).status == "archived"
    Organisation.objects.filter(pk=hers[0].pk).update(lead_cluster=net.cara)
    undo(sign_in("cara"), key)
    now = dump()
    for some in (before, now):  # who signs in
        some.pop("auth_user"), some.pop("members_roleassignment")
    assert differences(before, now) == {}


def test_whoever_keeps_both_goes_on_keeping_what_comes_of_them_and_says_nothing_else_of_it(net, sign_in):  # noqa: F811
    """Though the one that stays names a cluster of which it is no member, and gets a membership that is older."""
    one, two = organisation("Ohm", lead_cluster=net.secret_cluster), organisation("Ohm SAS", lead_cluster=net.cara)
    Membership.objects.create(organisation=two, cluster=net.minalogic)
    for row in (one, two):
        Membership.objects.create(organisation=row, cluster=net.cara)
    browser = sign_in("cara")
    key = key_of(lambda: confirmed(browser, one, two))
    user = get_user_model().objects.get(username="cara")
    assert set(Organisation.objects.kept_by(user).filter(pk__in=[one.pk, two.pk])) == {one, two}
    undo(browser, key)
    assert fresh(two).merged_into is None
    Organisation.objects.filter(pk=two.pk).update(lead_cluster=net.secret_cluster)
    Membership.objects.filter(organisation=two, cluster=net.minalogic).delete()
    key = key_of(lambda: confirmed(browser, one, two, lead_cluster="theirs"))  # no box of hers
    assert fresh(one).lead_cluster == net.cara


def test_what_was_said_of_a_pair_is_told_of_what_either_became(staff):  # noqa: F811
    one, two, third = (organisation(name) for name in ("Ohm", "Ohm SAS", "Ohm SA"))
    different = reverse("admin:members_different", args=[f"{two.pk}-{third.pk}"])
    staff.post(different)
    confirmed(staff, one, two)
    sentence = "Somebody said that these are not the same"
    assert sentence in staff.get(merge_url(third, one)).text
    staff.post(reverse("admin:members_different", args=[f"{one.pk}-{third.pk}"]), {"again": "1"})
    assert sentence not in staff.get(merge_url(third, one)).text


def test_of_one_that_others_keep_she_says_that_it_is_not_the_same_and_no_more(net, sign_in):  # noqa: F811
    mine, theirs = organisation("Ohm", lead_cluster=net.cara), organisation("Ohm SAS", lead_cluster=net.minalogic)
    draft = organisation("Ohm SA", lead_cluster=net.minalogic, status="draft")
    browser = sign_in("cara")
    page = browser.get(merge_url(mine, theirs))
    assert "the network merges these" in page.text and 'name="preview"' not in page.text
    browser.post(merge_url(mine, theirs), {"confirm": "1", "digest": page.context["digest"]})
    assert fresh(theirs).merged_into is None
    assert browser.get(merge_url(mine, draft)).status_code == 404
    answer = browser.post(reverse("admin:members_different", args=[f"{theirs.pk}-{mine.pk}"]), follow=True)
    assert "Remembered: these two are not the same" in said(answer)
    assert MatchCandidate.objects.get().decision == "different"
    assert sign_in("minalogic").get(merge_url(mine, draft)).status_code == 200


# --- split ------------------------------------------------------------------------------------------------------------


def test_what_was_wrongly_one_is_split_and_taken_back(staff, twice):  # noqa: F811
    before = dump()
    url = reverse("admin:members_split", args=[twice.two.pk])
    assert "Voiron" in staff.get(url).text
    chosen = {
        "name": "Galvani",
        "memberssiteorganisation": [
            twice.two.sites.get(city="Voiron").pk,
            twice.one.sites.get().pk,
        ],  # one is not its own
        "membersmembershiporganisation": [twice.two.memberships.get(cluster=twice.lyon).pk],
        "projectsparticipationorganisation": [twice.two.participations.get(project=twice.alone).pk],
    }
    assert "nothing was ticked" in said(staff.post(url, {"name": "X"}))
    Site.objects.filter(city="Voiron").update(siret="")
    before = dump()
    key = key_of(lambda: staff.post(url, chosen))
    made = Organisation.objects.get(name="Galvani")
    assert (made.status, made.kind, made.slug) == ("draft", "company", "galvani")
    assert made.sites.get().city == "Voiron" and made.memberships.get().cluster == twice.lyon
    assert made.participations.get().project == twice.alone and twice.one.sites.count() == 1
    undo(staff, key)
    assert differences(before, dump()) == {}


def test_what_another_cluster_says_of_it_is_split_off_by_the_network_alone(sign_in, net):  # noqa: F811
    ours = net.member("Volta et Galvani", net.cara)
    own = Site.objects.create(organisation=ours, city="Voiron")
    theirs = Membership.objects.create(organisation=ours, cluster=net.minalogic)
    url = reverse("admin:members_split", args=[ours.pk])
    chosen = {"name": "Galvani", "memberssiteorganisation": [own.pk], "membersmembershiporganisation": [theirs.pk]}
    cara = sign_in("cara")
    assert f'value="{theirs.pk}"' not in cara.get(url).text
    cara.post(url, chosen)
    made = Organisation.objects.get(name="Galvani")
    assert list(made.sites.all()) == [own] and not made.memberships.exists()
    sign_in("network").post(url, {**chosen, "name": "Galvani Réseau"})
    assert list(Organisation.objects.get(name="Galvani Réseau").memberships.all()) == [theirs]


def test_a_form_that_was_open_while_its_record_was_merged_writes_nothing(staff, twice):  # noqa: F811
    page = staff.get(reverse("admin:members_company_change", args=[twice.two.pk]))
    typed = form_of(page) | {"description_fr": "Quorvex"}
    confirmed(staff, twice.one, twice.two, **{twice.cost: "ours"})
    answer = staff.post(page.request["PATH_INFO"], typed)
    assert answer.status_code == 200 and "Quorvex" in answer.text
    assert "merged into another since" in answer.text or "fusionnée" in answer.text
    assert not Organisation.objects.filter(description_fr="Quorvex").exists()


def test_a_file_that_names_the_other_by_its_address_means_the_one_that_stays(net, sign_in):  # noqa: F811
    hers = [net.member(name, net.cara) for name in ("Ohm", "Ohm SAS")]
    confirmed(sign_in("cara"), *hers)
    user = get_user_model().objects.get(username="cara")
    batch = checked(net.cara, user, csv(("Page address", "Nom"), (hers[1].slug, "Ohm")))
    read = line(batch, 2)
    assert (read.rule, read.match) == ("page", hers[0].pk)
