"""Who meets what in the staff's pages: every page of every model, for everybody of the cast, on rows of every sort."""

import re
from datetime import date
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils.text import slugify

from cluster_portal.history.tracking import TRACKED
from cluster_portal.models import FormerSlug, OutgoingMail, Page, SecurityEvent, UnsentMail
from contributions.models import ChangeProposal, Correspondence, SavedAnswer
from members.models import (
    Cluster,
    Company,
    ContactExport,
    ContactPerson,
    Department,
    ImportBatch,
    Institution,
    Laboratory,
    MatchCandidate,
    Membership,
    Organisation,
    OrganisationName,
    Person,
    Region,
    RoleAssignment,
    Site,
    Theme,
)
from projects.models import DeclaredFigure, Funder, Funding, Participation, Programme, Project, ProjectLabel
from tests.admin_rows import cluster, form_of, organisation, places, programme

pytestmark = pytest.mark.django_db
SECRET = "Zanzibarine"  # in whatever a stranger must not read
CAST = ("cara", "manager", "minalogic", "both", "network", "boss", "root")
OF_CARA = ("cara", "manager", "both")
NETWORK = ("network", "boss", "root")
BOSSES = ("boss", "root")
VOCABULARY = (Region, Department, Theme, Programme, Funder, Page, FormerSlug, DeclaredFigure)
OF_MANAGERS = (ContactExport,)
# A new model is put here, or into the test below, before it is shown to anybody.
OF_ACCOUNTS = (Person, SecurityEvent, UnsentMail, OutgoingMail)
KNOWN = {
    Organisation,
    Company,
    Laboratory,
    Institution,
    Membership,
    ImportBatch,
    MatchCandidate,
    ChangeProposal,  # whose: tests/test_proposals.py, tests/test_review.py
    SavedAnswer,
    Correspondence,
    Cluster,
    Project,
    *OF_ACCOUNTS,
    *OF_MANAGERS,
    *VOCABULARY,
}


class Net:
    """CARA and Minalogic, with rows of each that are published and not, and one of both."""

    def __init__(self) -> None:
        self.cara = cluster("CARA", "CARA")
        self.minalogic = cluster("Minalogic", "MINALOGIC")
        self.secret_cluster = cluster(f"{SECRET} Pôle", "ZANZ", status="draft", city="Grenoble")
        self.own = self.member("Firme de CARA", self.cara)
        self.own_draft = self.member("Brouillon de CARA", self.cara, status="draft")
        self.shared = self.member("Firme des deux", self.minalogic)
        Membership.objects.create(organisation=self.shared, cluster=self.cara, joined_on=date(2021, 1, 1))
        self.stranger = self.member("Firme de Minalogic", self.minalogic, slug="firme-de-minalogic")
        self.secret = self.member(f"{SECRET} SAS", self.minalogic, status="draft", slug=f"{SECRET.lower()}-sas")
        self.contacts = {
            name: ContactPerson.objects.create(organisation=self.shared, cluster=known_to, name=name)
            for name, known_to in (("Ada de CARA", self.cara), (f"Zoé {SECRET}", self.minalogic))
        }
        OrganisationName.objects.create(organisation=self.shared, name="Ancien nom")
        Site.objects.create(organisation=self.shared, department=places(), city="Crolles")
        self.led = self.project("MENÉ", lead=self.cara)
        self.co = self.project("CODÉ", "draft", lead=self.minalogic, co=self.cara)
        self.theirs = self.project("LEUR", lead=self.minalogic)
        self.secret_project = self.project(SECRET, "draft", lead=self.minalogic)
        self.programme = programme()
        self.theme = Theme.objects.create(name_fr="Énergie", slug="energie")
        self.page = Page.objects.create(key="texte", title_fr="Un texte")
        self.figure = DeclaredFigure.objects.create(indicator="clusters", value=55, source="Rapport")

    @staticmethod
    def member(name, lead, **values):
        made = organisation(name, lead_cluster=lead, **values)
        Membership.objects.create(organisation=made, cluster=lead, joined_on=date(2020, 1, 1))
        return made

    @staticmethod
    def project(acronym, status="published", **labels):
        made = Project.objects.create(acronym=acronym, slug=slugify(acronym), status=status)
        for role, one in labels.items():
            ProjectLabel.objects.create(project=made, cluster=one, role=role, date=date(2024, 1, 1))
        return made


@pytest.fixture
def net():
    return Net()


@pytest.fixture
def sign_in(net):
    """The name of somebody of the cast -> her browser."""
    roles = {
        "cara": [("cluster_editor", net.cara)],
        "manager": [("cluster_manager", net.cara)],
        "minalogic": [("cluster_editor", net.minalogic)],
        "both": [("cluster_editor", net.cara), ("cluster_editor", net.minalogic)],
        "network": [("network_editor", None)],
        "boss": [("administrator", None)],
        "root": [],
    }

    def browser(name: str) -> Client:
        user, made = get_user_model().objects.get_or_create(username=name, is_superuser=name == "root")
        if made:
            for role, of in roles[name]:
                RoleAssignment.objects.create(user_id=user.pk, role=role, cluster=of)
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        return client

    return browser


def url(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_model_of_the_staffs_pages_is_known_here():
    assert set(admin.site._registry) == KNOWN


def sees(net) -> dict:
    """Who opens which row; nobody else learns that there is one."""
    return {
        net.own: (*OF_CARA, *NETWORK),
        net.own_draft: (*OF_CARA, *NETWORK),
        net.shared: CAST,
        net.stranger: ("minalogic", "both", *NETWORK),
        net.secret: ("minalogic", "both", *NETWORK),
        net.cara: (*OF_CARA, *NETWORK),
        net.minalogic: ("minalogic", "both", *NETWORK),
        net.secret_cluster: NETWORK,
        net.led: (*OF_CARA, *NETWORK),
        net.co: CAST,
        net.theirs: ("minalogic", "both", *NETWORK),
        net.secret_project: ("minalogic", "both", *NETWORK),
        SavedAnswer.objects.create(cluster=net.cara, title="Registre", text="Le registre"): (*OF_CARA, *NETWORK),
        SavedAnswer.objects.create(cluster=net.minalogic, title=SECRET, text=SECRET): ("minalogic", "both", *NETWORK),
        Correspondence.objects.create(cluster=net.cara): (*OF_CARA, *NETWORK),
        Correspondence.objects.create(cluster=net.minalogic, subject_fr=SECRET): ("minalogic", "both", *NETWORK),
        net.own.memberships.get(): (*OF_CARA, *NETWORK),
        net.stranger.memberships.get(): ("minalogic", "both", *NETWORK),
        net.theme: NETWORK,
        net.programme: NETWORK,
        net.programme.funder: NETWORK,
        net.page: NETWORK,
        net.figure: NETWORK,
        places(): NETWORK,
        places().region: NETWORK,
        Person.objects.get(username="minalogic"): BOSSES,
        SecurityEvent.objects.create(kind="signed_in", detail=SECRET): BOSSES,
        UnsentMail.objects.create(to="zoe@minalogic.example", subject=SECRET, text=SECRET): BOSSES,
        OutgoingMail.objects.create(to="zoe@minalogic.example", subject=SECRET, text=SECRET, message_id="1"): BOSSES,
        ContactExport.objects.create(cluster=net.cara, purpose="Lettre", rows=1, people=1): ("manager", *BOSSES),
    }


@pytest.mark.parametrize("name", CAST)
def test_what_is_out_of_scope_is_not_there(sign_in, net, name):
    sign_in("minalogic")
    browser = sign_in(name)
    for row, those in sees(net).items():
        model, allowed = type(row), name in those
        for page in ("change", "history"):
            answer = browser.get(url(model, page, row.pk))
            refused = (404,) if may_view(name, model) else (403, 404)
            assert answer.status_code in ((200,) if allowed else refused), (row, page)
        if not allowed:
            for page in ("change", "delete"):
                answer = browser.post(url(model, page, row.pk), {"post": "yes", "name": "X"})
                assert answer.status_code in (403, 404), (row, page)
            assert model.objects.filter(pk=row.pk).exists()
        kind = ContentType.objects.get_for_model(model).pk
        shown = browser.get(reverse("admin:view_on_site", args=[kind, row.pk]))
        assert shown.status_code != 200 and (allowed or shown.status_code == 404), row
        missing = browser.get(url(model, "change", 2**31 - 1))
        assert missing.status_code in (403, 404)


def may_view(name: str, model) -> bool:
    """Whether she has pages of that model at all."""
    if model in OF_ACCOUNTS:
        return name in BOSSES
    if model in OF_MANAGERS:
        return name in ("manager", *BOSSES)
    return name in NETWORK or model not in VOCABULARY


@pytest.mark.parametrize("name", CAST)
def test_what_is_out_of_scope_is_taken_back_by_nobody(sign_in, net, name):
    """All rows were made in one transaction, which is one change."""
    sign_in("minalogic")
    browser, asked = sign_in(name), 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(pgh_created_at)::text FROM members_organisationevent")
        place = reverse("admin:undo_set", args=[cursor.fetchone()[0]])
    for row, those in sees(net).items():
        label = row._meta.label_lower
        if label in TRACKED:
            address, asked = f"{place}?of={label}:{row.pk}", asked + 1
            answer = browser.get(address)
            assert answer.status_code == (200 if name in those else 404), row
            assert SECRET not in answer.text or name not in ("cara", "manager"), row
            if name not in those:
                assert browser.post(address).status_code == 404 and type(row).objects.filter(pk=row.pk).exists(), row
    assert asked > 15 and (SECRET in browser.get(place).text) == (name not in ("cara", "manager"))
    if name in ("cara", "manager"):  # who deletes no record, deletes none so either
        browser.post(place)
        assert Organisation.objects.count() == 5 and Project.objects.count() == 4 and Cluster.objects.count() == 3


@pytest.mark.parametrize("name", ["cara", "manager"])
def test_no_page_says_a_word_of_what_another_cluster_has_not_published(sign_in, net, name):
    browser = sign_in(name)
    pages = [reverse("admin:index"), *(url(model, "changelist") for model in KNOWN)]
    pages += [
        f"{url(model, 'changelist')}?q={SECRET}" for model in (Organisation, Company, Membership, Cluster, Project)
    ]
    pages += [url(model, "add") for model in (Organisation, Company, Laboratory, Institution, Membership, Project)]
    pages += [
        url(type(row), page, row.pk)
        for row in (net.own, net.shared, net.cara, net.led, net.co)
        for page in ("change", "history")
    ]
    sign_in("minalogic")
    Person.objects.filter(username="minalogic").update(last_name=SECRET)
    pages += pages_of_people(net)
    boxes = [
        (Membership, "organisation"), (Membership, "cluster"), (Organisation, "successor"), (Organisation, "verified_by"),
        (Participation, "organisation"), (ProjectLabel, "cluster"), (Organisation, "supervisors"),
    ]  # fmt: skip
    for model, field in boxes:
        asked = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}&field_name={field}"
        pages += [f"{reverse('admin:autocomplete')}?{asked}&term={term}" for term in (SECRET[:5], "")]
    pages += [
        f"{reverse(f'admin:members_membership_{page}')}?{name}={SECRET}"
        for page, name in (("find", "q"), ("new", "name"), ("new", "q"), ("alike", "name"))
    ]
    read = 0
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code in (200, 403) or "people" in page, page
        text = answer.text
        for echo in (
            f"name={SECRET}",
            f"acronym={SECRET}",
            f"q={SECRET}",
            f"q%3D{SECRET}",
            f'value="{SECRET}"',
            f"“{SECRET}”",
        ):
            text = text.replace(echo, "")
        assert SECRET.lower() not in text.lower(), page
        read += answer.status_code == 200
    assert read > 25
    assert SECRET in sign_in("network").get(url(Organisation, "changelist")).text, "the word is there to be found"


def test_a_box_offers_published_rows_of_others_and_ones_own_clusters_alone(sign_in, net):
    def offered(browser, model, field) -> set[str]:
        asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field}
        return {
            one["text"].split(" · ")[0] for one in browser.get(reverse("admin:autocomplete"), asked).json()["results"]
        }

    cara = sign_in("cara")
    everyone = {"Firme de CARA", "Brouillon de CARA", "Firme des deux", "Firme de Minalogic"}
    assert offered(cara, Membership, "organisation") == offered(cara, Participation, "organisation") == everyone
    for model, field in ((Membership, "cluster"), (ProjectLabel, "cluster"), (Organisation, "verified_by")):
        assert len(offered(cara, model, field)) == 1
        assert len(offered(sign_in("both"), model, field)) == 2
        assert len(offered(sign_in("network"), model, field)) == 3


def send(browser, row, **values):
    address = url(type(row), "change", row.pk)
    return browser.post(address, form_of(browser.get(address)) | values)


def new_row(prefix: str, **values) -> dict:
    return {f"{prefix}-TOTAL_FORMS": "9"} | {f"{prefix}-8-{name}": value for name, value in values.items()}


def test_forged_numbers_save_nothing(sign_in, net):
    cara = sign_in("cara")
    add = url(Membership, "add")
    for values in (
        {"organisation": net.own.pk, "cluster": net.minalogic.pk},
        {"organisation": net.secret.pk, "cluster": net.cara.pk},
        {"organisation": net.own.pk, "cluster": net.secret_cluster.pk},
        {"organisation": 2**31 - 1, "cluster": net.cara.pk},
    ):
        before = Membership.objects.count()
        answer = cara.post(add, values)
        assert "not one of the available choices" in answer.text and Membership.objects.count() == before, values
    for field, value in (("verified_by", net.minalogic), ("successor", net.secret), ("lead_cluster", net.minalogic)):
        send(cara, net.own, **{field: value.pk})
        net.own.refresh_from_db()
        assert getattr(net.own, field) != value, field
    send(cara, net.own, **new_row("memberships", cluster=net.minalogic.pk, joined_on="2024-01-01"))
    assert net.own.memberships.count() == 1
    send(cara, net.led, **new_row("labels", cluster=net.minalogic.pk, role="co", date="2024-01-01"))
    assert net.led.labels.count() == 1
    send(cara, net.led, **new_row("participations", organisation=net.secret.pk, role="partner"))
    assert net.led.participations.count() == 0


def test_whoever_does_not_keep_an_organisation_edits_her_own_rows_of_it_and_no_others(sign_in, net):
    cara = sign_in("cara")
    page = cara.get(url(Organisation, "change", net.shared.pk)).text
    assert "Kept by Minalogic" in page
    assert 'name="name"' not in page and 'name="status"' not in page and "Crolles" in page
    assert "Ada de CARA" in page and SECRET not in page
    membership = net.shared.memberships.get(cluster=net.cara)
    answer = send(
        cara, net.shared, name="Volée", status="archived", description_fr="Volée", **{
            "memberships-0-category": "PME", "sites-0-city": "Volée", "names-0-name": "Volée",
            **new_row("sites", department=places().pk, city="Volée"),
        },
    )  # fmt: skip
    assert answer.status_code == 302
    net.shared.refresh_from_db()
    membership.refresh_from_db()
    assert (net.shared.name, net.shared.status) == ("Firme des deux", "published")
    assert membership.category == "PME"
    assert [site.city for site in net.shared.sites.all()] == ["Crolles"]
    assert [other.name for other in net.shared.names.all()] == ["Ancien nom"]
    assert net.shared.memberships.count() == 2 and net.shared.contacts.count() == 2
    assert cara.get(url(Organisation, "delete", net.shared.pk)).status_code == 403


def test_a_co_labelling_cluster_edits_its_label_and_not_the_project(sign_in, net):
    cara = sign_in("cara")
    assert send(cara, net.co, acronym="VOLÉ", **{"labels-0-date": "2025-05-05"}).status_code == 302
    net.co.refresh_from_db()
    assert net.co.acronym == "CODÉ"
    dates = {label.cluster: label.date for label in net.co.labels.all()}
    assert dates == {net.minalogic: date(2024, 1, 1), net.cara: date(2025, 5, 5)}


def test_actions_on_numbers_sent_by_hand_are_a_404_and_those_on_what_others_keep_are_refused_by_name(sign_in, net):
    cara = sign_in("cara")
    lists = url(Organisation, "changelist")
    for pks in ([net.secret.pk], [net.own.pk, net.secret.pk], [2**31 - 1], ["x"]):
        assert cara.post(lists, {"action": "archive", "_selected_action": pks}).status_code == 404
    assert set(Organisation.objects.values_list("status", flat=True)) == {"published", "draft"}
    sure = {"action": "archive", "confirmed": "1", "reason": "Fermées"}
    answer = cara.post(lists, {**sure, "_selected_action": [net.own.pk, net.shared.pk]}, follow=True)
    assert "1 archived." in answer.text and "Firme des deux: Another cluster keeps it." in answer.text
    assert Organisation.objects.filter(status="archived").get() == net.own
    every = {**sure, "_selected_action": [net.own_draft.pk], "select_across": "1"}
    cara.post(lists, every | {"confirmed": cara.post(lists, every).context["token"]})
    archived = set(Organisation.objects.filter(status="archived"))
    assert archived == {net.own, net.own_draft}, "select all means all that she keeps"


def test_what_an_editor_makes_belongs_to_her_cluster(sign_in, net):
    cara = sign_in("cara")
    address = url(Company, "add")
    values = form_of(cara.get(address)) | {"name": "Nouvelle", "slug": "nouvelle", "status": "draft"}
    assert cara.post(address, values).status_code == 302
    made = Organisation.objects.get(slug="nouvelle")
    assert made.lead_cluster == net.cara
    assert cara.get(url(Company, "change", made.pk)).status_code == 200
    assert sign_in("minalogic").get(url(Company, "change", made.pk)).status_code == 404


def make_company(browser, name: str, **values) -> Organisation:
    address = url(Company, "add")
    values = form_of(browser.get(address)) | {"name": name, "slug": slugify(name), "status": "draft"} | values
    assert browser.post(address, values).status_code == 302
    return Organisation.objects.get(slug=slugify(name))


def test_whoever_works_for_several_clusters_says_for_which_and_what_she_makes_belongs_there(sign_in, net):
    both, switch = sign_in("both"), reverse("admin:members_cluster_work_for")
    header = both.get(reverse("admin:index")).text.partition('class="worked-for"')[2].partition("</form>")[0]
    assert '<span aria-current="true">CARA</span>' in header and f'value="{net.minalogic.pk}"' in header
    assert make_company(both, "Première").lead_cluster == net.cara
    back = url(Membership, "add")
    answer = both.post(switch, {"cluster": net.minalogic.pk, "next": back})
    assert (answer.status_code, answer["Location"]) == (302, back)
    assert f'<option value="{net.minalogic.pk}" selected>' in both.get(back).text
    assert make_company(both, "Seconde").lead_cluster == net.minalogic
    of_cara = {
        "memberships-TOTAL_FORMS": 1,
        "memberships-0-cluster": net.cara.pk,
        "memberships-0-joined_on": "2024-01-01",
    }
    assert make_company(both, "Troisième", **of_cara).lead_cluster == net.cara, "its first membership makes the lead"
    RoleAssignment.objects.filter(user__username="both", cluster=net.minalogic).delete()
    assert make_company(both, "Quatrième").lead_cluster == net.cara


def test_nobody_works_for_a_cluster_that_is_not_hers(sign_in, net):
    switch = reverse("admin:members_cluster_work_for")
    for value in (net.minalogic.pk, net.secret_cluster.pk, 2**40, "x", ""):
        assert sign_in("cara").post(switch, {"cluster": value}).status_code == 404, value
    assert sign_in("both").get(switch).status_code == 405
    answer = sign_in("both").post(switch, {"cluster": net.minalogic.pk, "next": "https://elsewhere.example/"})
    assert answer["Location"] == reverse("admin:index")
    assert make_company(sign_in("cara"), "Nouvelle").lead_cluster == net.cara
    for name, shown in {"cara": "CARA", "network": None}.items():
        page = sign_in(name).get(reverse("admin:index")).text
        assert (f'<span aria-current="true">{shown}</span>' in page) is bool(shown) and switch not in page


def test_the_warning_of_likeness_names_no_draft_of_others(sign_in, net):
    cara = sign_in("cara")
    address = url(Company, "add")
    for name, said, unsaid in (
        (f"{SECRET}", "one more, not yet published, known to Minalogic", f"{SECRET} SAS"),
        ("Firme de Minalogic", "Firme de Minalogic", "not yet published"),
    ):
        answer = cara.post(address, form_of(cara.get(address)) | {"name": name, "slug": "x", "status": "draft"})
        assert answer.status_code == 200 and said in answer.text and unsaid not in answer.text


def test_what_two_people_changed_names_no_draft_of_others(sign_in, net):
    cara, address = sign_in("cara"), url(Organisation, "change", net.own.pk)
    form = form_of(cara.get(address))
    assert send(sign_in("network"), net.own, successor=net.secret.pk).status_code == 302
    answer = cara.post(address, form | {"successor": net.stranger.pk})
    said = answer.text.partition('class="contested"')[2].partition("</div>")[0]
    assert "<q>not yet published</q>" in said and SECRET not in answer.text
    net.own.refresh_from_db()
    assert net.own.successor == net.secret


def test_who_has_no_role_signs_in_nowhere(net, client):
    get_user_model().objects.create_user("ancienne", password="juste", is_staff=True)
    answer = client.post(reverse("admin:login"), {"login": "ancienne", "password": "juste"})
    assert answer.status_code == 200 and "sessionid" not in client.cookies
    client.force_login(get_user_model().objects.get(username="ancienne"))
    assert client.get(reverse("admin:index")).status_code == 302


def test_an_administrator_gives_a_role_and_reads_no_password(sign_in, net):
    boss = sign_in("boss")
    values = {
        "username": "nouveau",
        "usable_password": "true",
        "password1": "tres-long-1789",
        "password2": "tres-long-1789",
    }
    assert boss.post(url(Person, "add"), values).status_code == 302
    person = Person.objects.get(username="nouveau")
    page = boss.get(url(Person, "change", person.pk))
    assert person.password not in page.text and person.password.split("$")[2] not in page.text
    assert boss.get(url(Person, "delete", person.pk)).status_code == 403
    role = new_row("role_assignments", role="cluster_editor", cluster=net.cara.pk, valid_from="2026-01-01")
    assert send(boss, person, **role).status_code == 302
    given = person.role_assignments.get()
    assert (given.role, given.cluster, given.granted_by.username) == ("cluster_editor", net.cara, "boss")
    assert person.check_password("tres-long-1789")
    wrong = new_row("role_assignments", role="network_editor", cluster=net.cara.pk, valid_from="2026-01-01")
    answer = send(boss, person, **wrong)
    assert answer.status_code == 200 and "Cluster editors and managers have a cluster" in answer.text


def entangle(net) -> None:
    """Ties what everybody meets to what others have not published."""
    body = net.member(f"{SECRET} Université", net.minalogic, status="draft", kind="institution")
    known_body = net.member("Université de Minalogic", net.minalogic, kind="institution")
    net.lab = net.member("Labo de CARA", net.cara, kind="laboratory")
    net.shared_lab = net.member("Labo des deux", net.minalogic, kind="laboratory")
    net.kept = net.member("Firme du pôle secret", net.secret_cluster)
    for shared in (net.shared_lab, net.kept):
        Membership.objects.create(organisation=shared, cluster=net.cara, joined_on=date(2021, 1, 1))
    for lab in (net.lab, net.shared_lab):
        lab.supervisors.add(body, known_body)
    archived = organisation("Ancienne firme", status="archived", lead_cluster=net.minalogic)
    ends = {net.own: net.secret, net.shared: net.secret, net.lab: net.stranger, net.stranger: net.own_draft}
    for one, successor in ends.items():
        type(one).objects.filter(pk=one.pk).update(successor=successor, verified_by=net.secret_cluster)
        Membership.objects.create(organisation=one, cluster=net.secret_cluster, joined_on=date(2022, 1, 1))
    for work, coordinator in ((net.led, net.secret), (net.co, net.secret), (net.theirs, net.own_draft)):
        for role, partner in (("coordinator", coordinator), ("partner", net.stranger), ("partner", archived)):
            Participation.objects.create(project=work, organisation=partner, role=role, cost=1)
        ProjectLabel.objects.create(project=work, cluster=net.secret_cluster, role="co", date=date(2024, 1, 1))
        Funding.objects.create(
            project=work, programme=net.programme, funder=net.programme.funder, amount=1, date=date(2024, 1, 1)
        )
    net.coordinated = net.project("COORDONNÉ", lead=net.cara)
    Participation.objects.create(project=net.coordinated, organisation=net.stranger, role="coordinator")
    DeclaredFigure.objects.create(indicator="members", value=1, source="Rapport", cluster=net.secret_cluster)
    Organisation.objects.filter(pk=net.own.pk).update(slug="firme-d-apres")
    gone = organisation("Firme supprimée")
    Organisation.objects.filter(pk=gone.pk).update(slug="supprimee")
    gone.delete()


def pages_of_people(net) -> list[str]:
    """Of every cluster, of the network, and of the end of each role."""
    roles = RoleAssignment.objects.values_list("pk", flat=True)
    return [
        reverse("admin:members_people"),
        reverse("admin:members_people_of_network"),
        *(reverse("admin:members_people_of", args=[pk]) for pk in Cluster.objects.values_list("pk", flat=True)),
        *(reverse("admin:members_role_end", args=[pk]) for pk in roles),
    ]


def links_of(page: str, html: str) -> set[str]:
    """Every address of this site that a page leads to, those included that the script beside a box makes of its choice."""
    found = {unescape(href) for href in re.findall(r"<a\b[^>]*?\shref=\"([^\"]*)\"", html)}
    for box, pattern in re.findall(r"<a\b[^>]*?\sid=\"change_id_([^\"]+)\"[^>]*?data-href-template=\"([^\"]+)\"", html):
        options = re.search(rf'<select name="{box}".*?</select>', html, re.DOTALL)
        for chosen in re.findall(r"<option value=\"(\d+)\" selected", options[0] if options else ""):
            found.add(unescape(pattern).replace("__fk__", chosen))
    here = {urldefrag(urljoin(page, href)).url for href in found}
    return {one for one in here if not urlsplit(one).scheme}


UNSAID = {
    "cara": {SECRET},
    "manager": {SECRET},
    "minalogic": {f"{SECRET} Pôle", "Brouillon de CARA"},
}


@pytest.mark.parametrize("name", ["cara", "manager", "minalogic", "boss"])  # one of each sort of rights
def test_no_link_of_a_page_leads_to_what_its_reader_does_not_meet(sign_in, net, name):
    sign_in("minalogic")
    seen = [row for row, those in sees(net).items() if name in those]
    entangle(net)
    browser = sign_in(name)
    person = Person.objects.get(username=name)
    for row in (net.own, net.stranger, net.secret, net.secret_project):
        kind = ContentType.objects.get_for_model(row)
        LogEntry.objects.create(
            user_id=person.pk, content_type=kind, object_id=row.pk, object_repr="…", action_flag=CHANGE
        )
    whole = name not in NETWORK  # those meet every row, and a few are as good as all
    find, new, alike = (reverse(f"admin:members_membership_{page}") for page in ("find", "new", "alike"))
    pages = [reverse("admin:index"), find, f"{find}?q=firme", new, f"{alike}?name=firme de cara"]
    for model in KNOWN:
        keys = model.objects.order_by("pk").values_list("pk", flat=True)[: None if whole else 2]
        pages += [
            url(model, "changelist"),
            url(model, "add"),
            *(url(model, sort, pk) for pk in keys for sort in ("change", "history")),
        ]
    pages += pages_of_people(net)
    read, links = {}, {}
    for page in pages:
        answer = browser.get(page)
        if answer.status_code == 200:
            read[page] = answer.text
            links |= {link: page for link in links_of(page, answer.text)}
    assert {url(model, "changelist") for model in KNOWN if may_view(name, model)} <= set(read)
    assert not whole or {url(type(row), "change", row.pk) for row in seen} <= set(read)
    elsewhere = {link: page for link, page in links.items() if urlsplit(link).path not in read}
    assert len(links) > 150 and len(elsewhere) > 15
    for link, page in elsewhere.items():
        assert browser.get(link, follow=True).status_code == 200, f"{page} leads to {link}"
    said = {
        (page, word) for page, text in read.items() for word in UNSAID.get(name, ()) if word.lower() in text.lower()
    }
    assert said == set()
    assert ("not yet published" in read[url(Project, "changelist")]) == (name in ("cara", "manager", "minalogic"))


def test_what_others_have_not_published_stays_chosen_without_its_name(sign_in, net):
    entangle(net)
    cara = sign_in("cara")
    assert send(cara, net.own, description_fr="Décrite").status_code == 302
    net.own.refresh_from_db()
    assert (net.own.description_fr, net.own.successor, net.own.verified_by) == (
        "Décrite",
        net.secret,
        net.secret_cluster,
    )
    assert send(cara, net.lab, description_fr="Décrit").status_code == 302
    assert net.lab.supervisors.count() == 2
    address = url(Project, "change", net.led.pk)
    page = cara.get(address)
    assert "not yet published · MENÉ" in page.text
    rows = form_of(page)
    [number] = [key[15] for key, value in rows.items() if key.endswith("-organisation") and value == str(net.secret.pk)]
    refused = cara.post(address, rows | {f"participations-{number}-cost": "beaucoup"})
    assert refused.status_code == 200 and "not yet published · MENÉ" in refused.text
    refused = cara.post(address, rows | {"total_cost": "beaucoup", f"participations-{number}-cost": "5"})
    assert refused.status_code == 200 and "not yet published · MENÉ" in refused.text and SECRET not in refused.text
    assert cara.post(address, rows | {f"participations-{number}-cost": "5"}).status_code == 302
    assert net.led.participations.get(organisation=net.secret).cost == 5
    assert SECRET not in cara.get(url(Project, "history", net.led.pk)).text
    assert Organisation.objects.get(pk=net.secret.pk).name == f"{SECRET} SAS"
    for model in (Organisation, Company):
        assert SECRET in sign_in("minalogic").get(url(model, "change", net.shared.pk)).text


def test_a_history_names_no_draft_of_others(sign_in, net):
    minalogic = sign_in("minalogic")
    partner = {"TOTAL_FORMS": "1", "0-organisation": net.secret.pk, "0-role": "partner"}
    assert (
        send(minalogic, net.co, **{f"participations-{name}": value for name, value in partner.items()}).status_code
        == 302
    )
    assert send(minalogic, net.co, **{"participations-0-cost": "5"}).status_code == 302
    assert send(minalogic, net.co, **{"participations-0-DELETE": "on"}).status_code == 302
    assert net.co.participations.count() == 0
    read = sign_in("cara").get(url(Project, "history", net.co.pk)).text
    assert read.count("Participation: not yet published –") == 3 and SECRET not in read
    assert Organisation.objects.get(pk=net.secret.pk).name == f"{SECRET} SAS"


def test_many_nameless_rows_ask_no_more_than_one(sign_in, net):
    cara, numbers = sign_in("cara"), []
    cara.get(url(Project, "change", net.co.pk))  # what is kept for the process
    for more in (1, 5):
        for number in range(more):
            partner = net.member(f"{SECRET} {more} {number}", net.minalogic, status="draft")
            Participation.objects.create(project=net.co, organisation=partner, role="partner")
        with CaptureQueriesContext(connection) as captured:
            page = cara.get(url(Project, "change", net.co.pk))
        assert page.text.count("not yet published · CODÉ") == Participation.objects.count()
        numbers.append(len(captured))
    assert numbers[0] == numbers[1] <= 15


def test_the_columns_lead_to_lists_and_to_the_public_pages(sign_in, net):
    entangle(net)
    cara = sign_in("cara")
    listed = cara.get(url(Company, "changelist")).text
    assert '<a href="?cluster=cara">CARA</a>' in listed and '<a href="?cluster=minalogic">Minalogic</a>' in listed
    narrowed = cara.get(f"{url(Company, 'changelist')}?cluster=minalogic").context["cl"].result_list
    assert {row.name for row in narrowed} == {"Firme des deux"}
    projects = cara.get(url(Project, "changelist")).text
    assert '<a href="/en/members/firme-de-minalogic/">Firme de Minalogic</a>' in projects
    assert '<a href="?cluster=minalogic">Minalogic</a>' in projects
    assert '<a href="?cluster=cara">CARA</a>' in cara.get(url(Membership, "changelist")).text


def test_the_warning_of_likeness_leads_to_ones_own_form_and_to_the_public_page_of_others(sign_in, net):
    cara = sign_in("cara")
    address = url(Company, "add")
    for row, leads_to in (
        (net.own, url(Organisation, "change", net.own.pk)),
        (net.stranger, "/en/members/firme-de-minalogic/"),
    ):
        answer = cara.post(address, form_of(cara.get(address)) | {"name": row.name, "slug": "x", "status": "draft"})
        assert f'<a href="{leads_to}" target="_blank" rel="noopener">{row.name}</a>' in answer.text


# --- every address ----------------------------------------------------------------------------------------------------
OF_EACH_MODEL = ("changelist", "add", "history", "delete", "change")
# Beside the five pages of each model. A view that is not here, or a line that leads nowhere, fails the test below.
VIEWS = {
    "index": "everybody, of her part: test_no_page_says_a_word_of_what_another_cluster_has_not_published",
    "app_list": "everybody, links alone",
    "autocomplete": "what may be chosen: test_a_box_offers_published_rows_of_others_and_ones_own_clusters_alone",
    "jsi18n": "words of the forms",
    "language": "a choice of one's own",
    "slug": "a proposal for a text that is sent along",
    "view_on_site": "what one edits: test_what_is_out_of_scope_is_not_there",
    "work": "administrators: test_to_editors_there_is_no_such_page",
    "retry_work": "the same",
    "changes": "of what one edits: test_an_editor_reads_the_changes_of_her_part_and_no_name_of_others_drafts",
    "change_set": "the same",
    "bulk_change": "one's own alone: test_while_it_waits_the_page_looks_again_by_itself",
    "undo_set": "of what one edits: test_what_is_out_of_scope_is_taken_back_by_nobody",
    "auth_user_password_change": "administrators: test_an_administrator_gives_a_role_and_reads_no_password",
    "members_organisation_export": "the list's own rows: tests/test_staff_exports.py",
    "members_company_export": "the same",
    "members_laboratory_export": "the same",
    "members_institution_export": "the same",
    "members_membership_export": "the same",
    "members_cluster_export": "the same",
    "projects_project_export": "the same",
    "members_organisation_register": "what one keeps: test_what_others_keep_is_not_filled_by_her",
    "members_organisation_registers": "the same",
    "members_cluster_work_for": "one's own: test_nobody_works_for_a_cluster_that_is_not_hers",
    "members_membership_find": "what may be chosen: tests/test_find_or_add.py",
    "members_membership_join": "one's own clusters: test_forged_numbers_make_nobody_a_member",
    "members_membership_new": "one's own clusters: tests/test_new_member.py",
    "members_membership_alike": "what may be chosen: test_while_it_is_typed_names_of_others_drafts_are_never_told",
    "members_membership_end": "one's own clusters: tests/test_membership_ends.py",
    "members_membership_take_up": "one's own clusters: tests/test_membership_ends.py",
    "members_merge": "what one keeps, and may choose: tests/test_merge.py",
    "members_split": "what one keeps: the same",
    "members_different": "what one keeps, and may choose: tests/test_merge.py",
    "members_import_model": "an invented file",
    **{
        f"members_import_{step}": "one's own clusters: tests/test_import_pages.py"
        for step in ("file", "columns", "values", "check", "confirm", "result", "decide", "decline", "rows")
    },
    "contributions_queue": "of what one decides: test_only_whoever_keeps_a_record_meets_its_proposals",
    "contributions_asked": "one's own clusters': test_who_may_only_read_a_record_asks_for_a_change",
    "contributions_ask": "what one sees and does not keep: test_nobody_asks_about_what_she_does_not_see_or_keeps",
    "contributions_ask_import": "one's own clusters': test_what_an_import_left_is_asked_of_whoever_keeps_it",
    "contributions_notices": "one's own: test_the_times_of_notices_are_ones_own",
    "members_quality": "of the network for whoever edits it: tests/test_quality.py",
    "members_quality_of": "one's own clusters: test_an_editor_reads_of_her_clusters_and_of_no_other",
    "contributions_correspondence_preview": "one’s own clusters: tests/test_ask_members.py",
    "note_done": "one's own notes: test_on_the_day_its_author_is_reminded_and_nobody_else",
    "personal_data": "administrators: test_only_administrators_have_that_page",
    "erasure": "the same",
    "members_people": "managers and administrators: tests/test_people_of_cluster.py",
    "members_people_of": "the same",
    "members_people_of_network": "administrators: tests/test_people_of_cluster.py",
    "members_role_end": "managers of the cluster: test_nobody_ends_what_is_not_hers_to_give",
    "members_invitation": "the same",
    "members_hand_over": "the same",
    "members_hand_over_of_network": "administrators: tests/test_people_of_cluster.py",
}
# Signing in and one's own account, and the way in of an invitation, which is nobody's page yet.
OF_NOBODY_S_WORK = (
    "account_",
    "mfa_",
    "usersessions_",
    "invitation",
    "open_invitation",
    "login",
    "logout",
    "password_change",
)


def addresses(patterns, before="") -> list[tuple[str, str]]:
    """(address, name) of every view under a resolver."""
    found = []
    for one in patterns:
        here = before + str(one.pattern)
        found += addresses(one.url_patterns, here) if hasattr(one, "url_patterns") else [(here, one.name or "")]
    return found


def test_every_address_of_the_staffs_pages_is_known_here():
    of_models = {
        f"{model._meta.app_label}_{model._meta.model_name}_{page}" for model in KNOWN for page in OF_EACH_MODEL
    }
    named = {name for address, name in addresses(get_resolver().url_patterns) if address.startswith("admin/") and name}
    work = {name for name in named - of_models if not name.startswith(OF_NOBODY_S_WORK)}
    assert work == set(VIEWS)


# one of each sort of rights: to a number that is none it does not matter who of them asks
@pytest.mark.parametrize("name", ["cara", "boss"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_fails_whatever_number_it_is_asked_for(sign_in, net, name, method):
    """Every one, by its route: with a stranger's draft, with numbers that are nobody's, and with what is no number."""
    sign_in("minalogic")
    browser = sign_in(name)
    kept = {model: model.objects.count() for model in (Organisation, Project, Cluster, Membership, RoleAssignment)}
    asked = 0
    for route, _view in addresses(get_resolver().url_patterns):
        if not route.startswith("admin/") or "logout" in route or route.startswith("admin/^") or "(?P<url>" in route:
            continue
        for number in (net.secret.pk, 2**31 - 1, 10**30):
            address = "/" + re.sub("<[^>]*>", str(number), route)
            if method == "post" and f"/{number}/delete/" in address:
                continue  # who may delete, does: test_what_is_out_of_scope_is_not_there
            answer = getattr(browser, method)(address, {"name": "x", "reason": "\0", "of": str(number)})
            assert answer.status_code < 500, address
            if name in ("cara", "manager"):
                assert SECRET not in answer.text.replace(f"“{SECRET}”", ""), address
            asked += 1
    assert asked > 300
    if name in ("cara", "manager"):
        assert kept == {model: model.objects.count() for model in kept}
