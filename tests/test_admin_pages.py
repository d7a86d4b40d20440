"""Every page of the staff's site: it answers, asks the database at most fifteen times, however many rows there are."""

import re
from datetime import date

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.forms import ModelChoiceField
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from cluster_portal.admin import PortalAdmin
from cluster_portal.admin.base import PortalInline
from cluster_portal.admin.filters import numbers_of
from cluster_portal.admin.forms import ChosenSelect
from cluster_portal.models import FormerSlug, Page, ReferenceRow, SearchWord
from cluster_portal.records.search import speak_of_today
from members.models import (
    Cluster,
    Department,
    Membership,
    Organisation,
    Person,
    Region,
    RoleAssignment,
    SearchDocument,
    Site,
    Theme,
)  # fmt: skip
from projects.models import Programme
from tests.admin_rows import a_network, cluster, organisation, places, project
from tests.ours import LABELS

pytestmark = pytest.mark.django_db
OURS = [model for model in admin.site._registry if model._meta.app_label in LABELS]
MOST = 15


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def pages_of(model, pk) -> dict[str, str]:
    """Each page of a model by its sort."""
    lists = address(model, "changelist")
    found = {"list": lists, "search": f"{lists}?q=societe", "change": address(model, "change", pk)}
    if model is not FormerSlug:
        found["add"] = address(model, "add")
    if model not in (FormerSlug, Page, Person):
        found["delete"] = address(model, "delete", pk)
    return found


def queries_of_all_pages(client, busiest) -> dict[tuple, int]:
    ContentType.objects.get_for_models(*OURS, for_concrete_models=False)  # kept for the process
    speak_of_today()  # once a day
    numbers = {}
    for model in OURS:
        chosen = next((obj for obj in busiest if isinstance(obj, model._meta.concrete_model)), None)
        pk = chosen.pk if chosen and model._default_manager.filter(pk=chosen.pk).exists() else None
        pk = pk or getattr(model._default_manager.first(), "pk", None)
        if pk is None:
            continue
        for sort, url in pages_of(model, pk).items():
            with CaptureQueriesContext(connection) as captured:
                response = client.get(url)
            assert response.status_code == 200, url
            assert "DatabaseDefault" not in response.text, "a date that nothing has yet"
            numbers[model.__name__, sort] = len(captured)
    return numbers


def test_pages_ask_at_most_fifteen_times_and_no_more_for_more_rows(admin_client):
    numbers = []
    for many in (2, 5):
        with transaction.atomic():
            numbers.append(queries_of_all_pages(admin_client, a_network(many)))
            transaction.set_rollback(True)
    few, more = numbers
    assert {page for page in more if more[page] != few[page]} == set()
    # what is deleted takes along the rows of as many tables as hold it, each of which is asked
    holding = [(name, "delete") for name in ("Cluster", "Organisation", "Company", "Laboratory", "Institution")]
    assert {page: number for page, number in more.items() if number > MOST and page not in holding} == {}
    assert all(more.get(page, 0) <= MOST + 9 for page in holding), {page: more.get(page) for page in holding}
    assert len(more) > 50


def test_the_first_page_counts_what_needs_work(admin_client):
    organisation("Sans rien", status="draft")
    page = admin_client.get(reverse("admin:index"), headers={"accept-language": "en"})
    assert "What needs work" in page.text
    assert f"{address(Organisation, 'changelist')}?needs=draft" in page.text
    listed = admin_client.get(f"{address(Organisation, 'changelist')}?needs=draft")
    assert "Sans rien" in listed.text


@pytest.mark.parametrize(
    ("status", "of_hers", "told"),
    [("draft", True, 1), ("in_review", True, 1), ("draft", False, 0), ("published", True, 0), ("archived", True, 0)],
)
def test_what_is_assigned_to_oneself_waits_first(admin_client, admin_user, django_user_model, status, of_hers, told):
    whose = admin_user if of_hers else django_user_model.objects.create_user("autre")
    for made in (cluster, organisation, project):
        made(status=status, assigned_to=whose)
    lines = admin_client.get(reverse("admin:index")).context["to_do"]
    mine = [line for line in lines if line["url"].endswith("?needs=mine")]
    assert [line["count"] for line in mine] == [1, 1, 1] * told
    for line in mine:
        assert admin_client.get(line["url"]).context["cl"].result_count == 1
    assert admin_client.get(f"{address(Organisation, 'changelist')}?needs=mine").context["cl"].result_count == told


def test_the_first_page_of_whoever_works_for_a_cluster_asks_few_questions(client, django_user_model):
    _company, known, _work = a_network(3)
    user = django_user_model.objects.create_user("cara")
    RoleAssignment.objects.create(user_id=user.pk, role="cluster_manager", cluster=known)
    client.force_login(user)
    client.get(reverse("admin:index"))
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse("admin:index")).context["of_others"]
    assert len(captured) <= MOST - 1  # room for one more thing


def test_every_need_has_its_list(admin_client, admin_user):
    a_network(2)
    organisation("À moi", status="draft", assigned_to=admin_user)
    for model in OURS:
        model_admin = admin.site._registry[model]
        if needs := getattr(model_admin, "needs_filter", None):
            (numbers,) = numbers_of([(needs, model._default_manager.all())], admin_user)
            for need in numbers.keys() | set(needs.told_first or needs.labels()):  # the others: tests/test_quality.py
                found = admin_client.get(f"{address(model, 'changelist')}?needs={need}")
                assert found.context["cl"].result_count == numbers.get(need, 0), (model, need)


def test_every_number_of_a_list_is_the_total_of_the_list_it_links_to(admin_client):
    """With overlapping themes, several sites in a region, several fundings of a project."""
    company, known, _work = a_network(3)
    company.themes.add(*Theme.objects.all())
    Membership.objects.create(organisation=organisation("Partie"), cluster=known, left_on=date(2020, 1, 1))
    Site.objects.create(organisation=organisation("Partout", national=True), department=Department.objects.get())
    organisation("Ailleurs", national=True)
    links = set()
    for model in (Region, Theme, Cluster, Programme):
        listed = admin_client.get(address(model, "changelist")).text
        links |= set(
            re.findall(r'<a href="(/admin/[^"?]+\?(?:region|theme|cluster|programme)=[^"]+)">(\d+)</a>', listed)
        )
    assert len(links) > 15 and any(int(number) > 3 for _url, number in links)
    for url, number in links:
        assert admin_client.get(url).context["cl"].result_count == int(number), url


@pytest.mark.parametrize("value", ["%00", "nothing", "a" * 5000, "1&region=2"])
def test_a_filter_that_means_nothing_finds_nothing(admin_client, value):
    organisation()
    found = admin_client.get(f"{address(Organisation, 'changelist')}?region={value}")
    assert found.status_code == 200 and found.context["cl"].result_count == 0


def test_every_admin_is_scoped_in_one_place():
    assert [model for model in OURS if not isinstance(admin.site._registry[model], PortalAdmin)] == []
    inlines = {inline for model in OURS for inline in admin.site._registry[model].inlines}
    assert [inline for inline in inlines if not issubclass(inline, PortalInline)] == []


def test_what_the_database_derives_is_not_edited():
    assert not {SearchDocument, SearchWord, ReferenceRow} & set(admin.site._registry)


def test_every_foreign_key_is_chosen_by_typing(rf, admin_user):
    """No form has a list of all the organisations."""
    request = rf.get("/")
    request.user = admin_user
    for model in OURS:
        model_admin = admin.site._registry[model]
        forms = [model_admin.get_form(request)]
        forms += [inline.get_formset(request).form for inline in model_admin.get_inline_instances(request)]
        for form in forms:
            for name, field in form.base_fields.items():
                if isinstance(field, ModelChoiceField):
                    box = getattr(field.widget, "widget", field.widget)
                    assert hasattr(box, "optgroups") and "Autocomplete" in "".join(c.__name__ for c in type(box).__mro__), (
                        model, name,
                    )  # fmt: skip
    assert ChosenSelect.known == {}


@pytest.mark.parametrize("term", ["electricite", "ÉLECTRICITÉ", "vercors elec", "812 345 676", "Electricité  du"])
def test_boxes_find_organisations_without_accents_and_by_siren(admin_client, term):
    wanted = organisation("Électricité du Vercors", siren="812345676")
    Site.objects.create(organisation=wanted, department=places(), city="Villard-de-Lans")
    organisation("Autre chose")
    found = admin_client.get(
        reverse("admin:autocomplete"),
        {"term": term, "app_label": "members", "model_name": "membership", "field_name": "organisation"},
        headers={"accept-language": "en"},
    ).json()["results"]
    assert found == [{"id": str(wanted.pk), "text": "Électricité du Vercors · Company · Villard-de-Lans"}]


def test_a_box_offers_first_what_begins_as_it_was_typed(admin_client):
    aura = Region.objects.create(name="Auvergne-Rhône-Alpes", insee_code="84", slug="aura")
    for code, name in {"01": "Ain", "07": "Ardèche", "69": "Rhône", "26": "Drôme"}.items():
        Department.objects.create(name=name, insee_code=code, slug=name.lower(), region=aura)
    asked = {"app_label": "members", "model_name": "site", "field_name": "department"}
    for term, offered in {
        "rhone": ["Rhône", "Ain", "Ardèche", "Drôme"],
        "auv": ["Ain", "Ardèche", "Drôme", "Rhône"],
    }.items():
        found = admin_client.get(reverse("admin:autocomplete"), {"term": term, **asked}).json()["results"]
        assert [one["text"].split(" (")[0] for one in found] == offered
    listed = admin_client.get(address(Department, "changelist"), {"q": "rhone", "o": "-1"}).context["cl"]
    assert [one.name for one in listed.result_list] == ["Rhône", "Drôme", "Ardèche", "Ain"], (
        "the order that was asked for"
    )


def test_lists_find_clusters_by_former_names(admin_client):
    known = cluster("CARA", "CARA")
    known.names.create(name="Lyon Urban Truck & Bus (LUTB)")
    cluster("Autre", "AUTRE")
    for term in ("lutb", "Urban TRUCK", "cara"):
        found = admin_client.get(address(Cluster, "changelist"), {"q": term})
        assert [str(row) for row in found.context["cl"].result_list] == ["CARA"], term


def test_signs_alone_find_nothing_rather_than_everything(admin_client):
    organisation()
    for model in OURS:
        found = admin_client.get(address(model, "changelist"), {"q": "()"})
        assert found.context["cl"].result_count == 0, model


def test_exact_names_come_first(admin_client):
    organisation("Vercors Alpes")
    organisation("Alpes")
    organisation("Alpes Verticales")
    found = admin_client.get(address(Organisation, "changelist"), {"q": "alpes"})
    assert [row.name for row in found.context["cl"].result_list] == ["Alpes", "Alpes Verticales", "Vercors Alpes"]


def test_the_language_is_switched_and_kept(client):
    login = reverse("admin:login")
    assert 'lang="fr"' in client.get(login).text
    answer = client.post(reverse("admin:language"), {"language": "en", "next": login})
    assert answer.status_code == 302 and answer.url == login
    assert 'lang="en"' in client.get(login).text


def test_staff_pages_run_no_inline_code(admin_client):
    work = project()
    for url in (reverse("admin:index"), address(Organisation, "add"), address(type(work), "change", work.pk)):
        page = admin_client.get(url)
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        assert " style=" not in page.text and "<style" not in page.text and " onclick=" not in page.text


def test_a_draft_has_no_link_to_the_site_and_a_published_one_has(admin_client):
    draft, shown = organisation("Brouillon", status="draft"), organisation("Publiée")
    with translation.override("fr"):
        addresses = draft.get_absolute_url(), shown.get_absolute_url()
    page = admin_client.get(address(Organisation, "changelist")).text
    assert addresses[0] not in page and addresses[1] in page
    assert "viewsitelink" not in admin_client.get(address(Organisation, "change", draft.pk)).text
    assert "viewsitelink" in admin_client.get(address(Organisation, "change", shown.pk)).text


@pytest.fixture
def editor(client, django_user_model):
    """An editor of the cluster of every network of these tests: she deletes nothing."""
    client.force_login(django_user_model.objects.create_user("editor"))
    return client


def test_each_text_of_the_portal_leads_to_its_page_and_is_never_deleted(admin_client):
    for key, route in {"what-is-a-cluster": "about", "what-is-a-cluster-offer": "about", "legal": "legal"}.items():
        text = Page.objects.create(key=key, title_fr="Un titre")
        page = admin_client.get(address(Page, "change", text.pk), headers={"accept-language": "fr"})
        with translation.override("fr"):
            assert f'href="{reverse(route)}"' in page.text
        assert admin_client.get(address(Page, "delete", text.pk)).status_code == 403


def test_an_editor_edits_and_deletes_nothing(editor):
    organisation, cluster, project = a_network(2)
    user = get_user_model().objects.get(username="editor")
    for one in (cluster, project.labels.get(role="lead").cluster):
        RoleAssignment.objects.create(user_id=user.pk, role="cluster_editor", cluster=one)
    Organisation.objects.update(lead_cluster=cluster)
    for row in (organisation, cluster, project):
        page = editor.get(address(type(row), "change", row.pk))
        assert page.status_code == 200 and 'name="_save"' in page.text
        assert "deletelink" not in page.text
        assert editor.post(address(type(row), "delete", row.pk), {"post": "yes"}).status_code == 403
        with CaptureQueriesContext(connection) as captured:
            editor.get(address(type(row), "change", row.pk))
        assert len(captured) <= MOST
    assert "What needs work" in editor.get(reverse("admin:index"), headers={"accept-language": "en"}).text


def test_a_stranger_changes_nothing_by_an_action(client, django_user_model):
    user = django_user_model.objects.create_user("reader")
    RoleAssignment.objects.create(user_id=user.pk, role="cluster_editor", cluster=cluster())
    client.force_login(user)
    draft = organisation("Brouillon", status="draft")
    sent = {"action": "publish", "_selected_action": [draft.pk]}
    assert client.post(address(Organisation, "changelist"), sent).status_code == 404
    draft.refresh_from_db()
    assert draft.status == "draft"
    assert client.get(reverse("admin:index")).status_code == 200


def test_strangers_are_asked_to_sign_in(client):
    for model in OURS:
        answer = client.get(address(model, "changelist"))
        assert answer.status_code == 302 and reverse("admin:login") in answer.url
