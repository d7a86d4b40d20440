"""A form that is sent twice does what it does once, and the second answer is the first's."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cluster_portal.models import Answer
from members.models import Company, Organisation, Theme
from projects.models import Funding
from tests.admin_rows import form_of, organisation, programme, project
from tests.test_admin_directory import former_name_left, messages, row

pytestmark = pytest.mark.django_db
WORK = {"name": "Nouvelle", "slug": "nouvelle", "status": "draft", "country": "FR"}


def signed_in(name="root") -> Client:
    user, _made = get_user_model().objects.get_or_create(username=name, is_superuser=True)
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def root():
    return signed_in()


def opened(client, address: str) -> dict:
    """A form as a browser has it, its token included."""
    page = client.get(address)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    form = form_of(page) if "adminform" in (page.context or {}) else {}
    return form | {"csrfmiddlewaretoken": token[1]}


def change(one) -> str:
    return reverse(f"admin:{one._meta.label_lower.replace('.', '_')}_change", args=[one.pk])


ADD = reverse("admin:members_company_add")


def test_a_new_record_sent_twice_is_made_once_and_both_answers_are_the_same(root):
    form = opened(root, ADD) | WORK
    first = root.post(ADD, form)
    told = messages(root.get(first.url))
    second = root.post(ADD, form)
    assert first.status_code == second.status_code == 302 and first.url == second.url
    assert messages(root.get(second.url)) == told != []
    assert Company.objects.count() == LogEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_funding_is_stored_once_however_close_the_clicks(root):
    work = project()
    form = opened(root, change(work)) | row("fundings", 0, programme=programme().pk, amount="5", date="2020-01-01")
    clicks = 4
    together = Barrier(clicks)

    def click(_number):
        client = signed_in()
        client.cookies = root.cookies
        together.wait()
        try:
            return client.post(change(work), form)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(clicks) as threads:
        answers = list(threads.map(click, range(clicks)))
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, answers[0].url)] * clicks
    assert Funding.objects.count() == 1 and LogEntry.objects.count() == 1


def test_the_same_form_opened_again_is_another(root):
    work, paying = project(), programme()
    for _time in range(2):
        form = opened(root, change(work))
        total = int(form["fundings-TOTAL_FORMS"])
        assert (
            root.post(change(work), form | row("fundings", total, programme=paying.pk, date="2020-01-01")).status_code
            == 302
        )
    assert Funding.objects.count() == 2


def test_going_back_to_change_something_saves_it_and_then_the_first_again(root):
    one = organisation("Avant")
    form = opened(root, change(one))
    for name in ("Première", "Deuxième", "Première"):
        renamed = former_name_left(one, name)
        answer = root.post(change(one), form | {"name": name} | renamed)
        if answer.status_code == 200:  # her own change since she was given the form: she is asked
            again = form_of(answer) | {"csrfmiddlewaretoken": answer.context["csrf_token"]}
            answer = root.post(change(one), again | renamed)
        assert answer.status_code == 302
        one.refresh_from_db()
        assert one.name == name


def test_a_form_that_is_refused_is_looked_at_again(root):
    form = opened(root, ADD) | WORK | {"siren": "552100554"}
    known = organisation("Première", siren="552100554")
    for _time in range(2):
        answer = root.post(ADD, form)
        assert answer.status_code == 200 and "already has this SIREN" in answer.text
    known.delete()
    assert root.post(ADD, form).status_code == 302


def test_a_deletion_sent_twice_is_answered_twice(root):
    theme = Theme.objects.create(name_fr="Énergie", name_en="Energy", slug="energie")
    address = reverse("admin:members_theme_delete", args=[theme.pk])
    form = opened(root, address) | {"post": "yes"}
    answers = [root.post(address, form) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302] and answers[0].url == answers[1].url
    assert LogEntry.objects.count() == 1
    assert "was deleted" in " ".join(messages(root.get(answers[1].url)))


def test_an_action_sent_twice_reports_what_the_first_did(root):
    draft = organisation(status="draft")
    address = reverse("admin:members_organisation_changelist")
    form = opened(root, address) | {"action": "submit_for_review", "_selected_action": [draft.pk], "confirmed": "1"}
    root.post(address, form)
    root.get(address)
    assert messages(root.post(address, form, follow=True)) == ["1 submitted for review. Undo"]


def test_an_action_at_an_address_that_the_database_refuses_is_led_back_to_the_list(root):
    address = reverse("admin:members_organisation_changelist")
    form = opened(root, address) | {"action": "publish", "_selected_action": [organisation(status="draft").pk]}
    answer = root.post(f"{address}?id__exact={10**30}&founding_year__regex=(", form)
    assert answer.status_code in (302, 400)
    assert Organisation.objects.get().status == "draft"


def test_a_row_added_in_a_window_for_one_box_is_made_once(root):
    address = f"{reverse('admin:members_theme_add')}?_popup=1"
    form = opened(root, address) | {"_popup": "1", "name_fr": "Énergie", "slug": "energie-2"}
    answers = [root.post(address, form) for _time in range(2)]
    assert answers[0].text == answers[1].text and "data-popup-response" in answers[1].text
    assert Theme.objects.count() == 1


def test_files_belong_to_what_was_sent(root, settings, tmp_path):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.test_uploads import picture

    settings.MEDIA_ROOT = tmp_path
    form = opened(root, ADD) | WORK
    assert root.post(ADD, form | {"logo": SimpleUploadedFile("a.gif", b"GIF89a")}).status_code == 200
    for _time in range(2):
        assert root.post(ADD, form | {"logo": SimpleUploadedFile("a.png", picture())}).status_code == 302
    assert Company.objects.count() == 1
    other = root.post(ADD, form | {"logo": SimpleUploadedFile("a.png", picture(size=(41, 20)))})
    assert other.status_code == 200, "another picture is another sending, and its address is taken"


def test_forms_of_two_people_are_two_though_one_sends_the_others_token(root):
    form = opened(root, ADD) | WORK
    other = signed_in("other")
    other.cookies["csrftoken"] = root.cookies["csrftoken"].value
    assert root.post(ADD, form).status_code == 302
    answer = other.post(ADD, form)
    assert answer.status_code == 200 and Company.objects.count() == 1, "she is told that the address is taken"


def test_what_is_done_and_that_it_was_done_are_saved_together_or_not_at_all(root, monkeypatch):
    form = opened(root, ADD) | WORK
    with monkeypatch.context() as broken:
        broken.setattr(Answer, "save", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            root.post(ADD, form)
    assert not Company.objects.exists()
    assert root.post(ADD, form).status_code == 302 and Company.objects.count() == 1


def test_answers_are_kept_for_a_day(root):
    form = opened(root, ADD) | WORK
    root.post(ADD, form)
    kept = Answer.objects.get()
    for hours, there in ((23, True), (25, False)):
        Answer.objects.filter(pk=kept.pk).update(at=timezone.now() - timedelta(hours=hours))
        root.post(reverse("admin:members_theme_add"), opened(root, reverse("admin:members_theme_add")))
        assert Answer.objects.filter(pk=kept.pk).exists() is there


def test_nothing_that_was_typed_can_be_read_in_what_is_kept(root):
    address = reverse("admin:members_person_add")
    words = {"password1": "sehr-geheim-1789", "password2": "sehr-geheim-1789", "usable_password": "true"}
    assert root.post(address, opened(root, address) | {"username": "neue"} | words).status_code == 302
    assert get_user_model().objects.get(username="neue").check_password("sehr-geheim-1789")
    root.post(ADD, opened(root, ADD) | WORK | {"description_fr": "Zanzibarine"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(a::text, ' ') FROM portal_answer a")
        kept = cursor.fetchone()[0]
    assert "geheim" not in kept and "Zanzibarine" not in kept


def test_signing_in_and_out_and_the_language_are_no_such_forms(client):
    get_user_model().objects.create_superuser("root", password="juste")
    client = Client(enforce_csrf_checks=True)
    login = reverse("admin:login")
    form = opened(client, login)
    assert client.post(login, form | {"login": "root", "password": "juste"}).status_code == 302
    home = reverse("admin:index")
    for language in ("en", "fr", "en", "fr"):
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(home).text)[1]
        client.post(reverse("admin:language"), {"language": language, "csrfmiddlewaretoken": token})
        assert f'lang="{language}"' in client.get(home).text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(home).text)[1]
    client.post(reverse("account_logout"), {"csrfmiddlewaretoken": token})
    assert client.get(home).status_code == 302


def test_a_refusal_that_comes_with_the_commit_is_still_a_sentence(root):
    """Numbers that two organisations would share are looked at last of all."""
    owner, other = organisation("Propriétaire"), organisation("Autre")
    owner.sites.create(city="Vif", siret="55210055400013")
    form = opened(root, change(other)) | row("sites", 0, city="Vif", siret="55210055400013", country="FR")
    answer = root.post(change(other), form, follow=True)
    assert "already has this SIRET" in answer.text
    assert not Organisation.objects.get(pk=other.pk).sites.exists()
