"""The same page twice is not made twice, and never stale: what anonymous visitors are given again, and to whom."""

import tracemalloc
from datetime import date
from gzip import decompress

import psycopg
import pytest
import time_machine
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from cluster_portal.serving.kept_pages import KeptPages
from members.models import Cluster, Membership, Organisation
from tests.ours import LABELS

LIST, PAGE = "/fr/membres/", "/fr/membres/vega-mobilites/"


@pytest.fixture
def vega(transactional_db):
    """A member whose pages are asked for; committed, for what a transaction has not committed is never kept."""
    cluster = Cluster.objects.create(name="Alpha", slug="alpha", status="published")
    vega = Organisation.objects.create(kind="company", name="Véga Mobilités", slug="vega-mobilites", status="published")
    Membership.objects.create(organisation=vega, cluster=cluster, joined_on=date(2020, 1, 1))
    return vega


@pytest.fixture
def visitor(vega, settings):
    """Another anonymous visitor at each request, all of one process."""
    settings.KEPT_PAGES_MB = 4
    client = Client()

    def get(path: str = LIST, **headers: str) -> HttpResponse:
        client.cookies.clear()
        return client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    get.client = client
    return get


def from_elsewhere(sql: str) -> None:
    """A statement of another process, committed at once."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute(sql)


def unpacked(response: HttpResponse) -> bytes:
    return decompress(response.content) if response.has_header("Content-Encoding") else response.content


def queries(visitor, path: str = LIST, **headers: str) -> tuple[HttpResponse, int]:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        response = visitor(path, **headers)
    return response, len(asked)


@pytest.mark.parametrize("path", [LIST, PAGE, "/en/", "/fr/suggestions/?q=veg"])
def test_a_page_asked_again_is_the_same_and_costs_one_question_about_changes(visitor, path):
    first, made = queries(visitor, path)
    again, asked = queries(visitor, path)
    assert again.content == first.content and dict(again.items()) == dict(first.items())
    assert asked == 1 < made


@pytest.mark.parametrize(
    ("sql", "path"),
    [
        ("UPDATE members_organisation SET name = 'Altaïr' WHERE slug = 'vega-mobilites'", LIST),
        ("UPDATE members_organisation SET name = 'Altaïr' WHERE slug = 'vega-mobilites'", PAGE),
        ("UPDATE members_cluster SET name = 'Altaïr'", PAGE),
        ("INSERT INTO portal_page (key, title_fr, title_en, standfirst_fr, standfirst_en, body_fr, body_en)"
         " VALUES ('legal', 'Altaïr', '', '', '', '', '')", "/fr/mentions-legales/"),
    ],
)  # fmt: skip
def test_what_another_process_committed_is_on_the_page_of_the_next_visitor(visitor, sql, path):
    if path == "/fr/mentions-legales/":
        from_elsewhere(sql.replace("Altaïr", "Deneb"))
        sql = "UPDATE portal_page SET title_fr = 'Altaïr' WHERE key = 'legal'"
    assert "Altaïr" not in visitor(path).content.decode()
    from_elsewhere(sql)
    assert "Altaïr" in visitor(path).content.decode()


def test_a_page_made_while_something_changed_is_not_given_again(settings, vega):
    settings.KEPT_PAGES_MB = 4
    made = []

    def page(request):
        made.append(len(made))
        if len(made) == 1:
            from_elsewhere("UPDATE members_organisation SET acronym = 'V'")
        response = HttpResponse(f"page {len(made)}")
        response["ETag"] = '"x"'
        return response

    pages = KeptPages(page)
    asked = [pages(RequestFactory().get(LIST)).content for _ in range(4)]
    assert asked == [b"page 1", b"page 2", b"page 2", b"page 2"]


def test_a_visitor_who_has_the_page_is_told_so(visitor):
    first = visitor()
    tag = first["ETag"]
    assert first["Cache-Control"] == "no-cache"
    for _made_then_kept in range(2):
        again = visitor(if_none_match=tag)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    from_elsewhere("UPDATE members_organisation SET name = 'Altaïr'")
    changed = visitor(if_none_match=tag)
    assert changed.status_code == 200 and changed["ETag"] != tag


def test_a_visitor_with_an_old_page_is_given_all_of_the_new_one_even_where_nothing_is_kept(visitor):
    assert visitor(if_none_match='"old"').status_code == 200
    assert visitor().content


def test_what_depends_on_the_visitor_is_not_mixed(visitor):
    whole, part = visitor(), visitor(hx_request="true")
    restored = visitor(hx_request="true", hx_history_restore_request="true")
    assert len(part.content) < len(whole.content) - 1000 < len(restored.content)
    packed = visitor(accept_encoding="gzip")
    assert decompress(packed.content) == whole.content and not whole.has_header("Content-Encoding")
    for _again in range(2):
        assert visitor().content == whole.content
        assert visitor(hx_request="true").content == part.content
        assert visitor(hx_request="true", hx_history_restore_request="true").content == restored.content
        assert visitor(accept_encoding="gzip").content == packed.content
    assert visitor("/en/members/").content != whole.content
    assert visitor(host="localhost").content != whole.content


@pytest.mark.parametrize(
    ("other", "ordinary"),
    [
        # django-htmx unquotes a header that says it is quoted
        ({"hx_request": "%74rue", "hx_request_uri_autoencoded": "true"}, {}),
        ({"hx_request": "true", "hx_history_restore_request": "%74rue",
          "hx_history_restore_request_uri_autoencoded": "true"}, {"hx_request": "true"}),
        ({"accept_encoding": "xgzip"}, {"accept_encoding": "gzip"}),
    ],
)  # fmt: skip
def test_a_header_that_is_read_in_an_odd_way_fills_nobody_elses_page(visitor, other, ordinary):
    expected = visitor(**ordinary)
    from_elsewhere("UPDATE members_organisation SET acronym = acronym")  # all pages are made anew
    odd = visitor(**other)
    found = visitor(**ordinary)
    assert odd.content != expected.content
    assert found.get("Content-Encoding") == expected.get("Content-Encoding")
    assert unpacked(found) == unpacked(expected)


def test_words_in_raw_bytes_fill_nobody_elses_page(visitor):
    raw = visitor.client.get(LIST, QUERY_STRING="q=\u00c3\u00a9clair")  # é, as gunicorn hands its two bytes over
    assert "éclair" in raw.content.decode()
    assert "éclair" not in visitor(LIST + "?q=%C3%83%C2%A9clair").content.decode()


def test_the_way_back_is_each_visitors_own(visitor):
    back = "http://testserver/fr/membres/?kind=company"
    for _again in range(2):
        assert "?kind=company" not in visitor(PAGE).content.decode()
        assert 'href="/fr/membres/?kind=company"' in visitor(PAGE, referer=back).content.decode()


def test_somebody_who_is_signed_in_or_has_a_message_is_given_a_page_of_their_own(visitor, vega):
    visitor()
    visitor.client.force_login(get_user_model().objects.create(username="a", is_staff=True))
    with CaptureQueriesContext(connection) as asked:
        visitor.client.get(LIST)
    assert len(asked) > 1
    visitor.client.cookies.clear()
    visitor.client.cookies["messages"] = "anything"
    with CaptureQueriesContext(connection) as asked:
        visitor.client.get(LIST)
    assert len(asked) > 1


def test_a_cookie_that_says_nothing_of_its_visitor_neither_fills_nor_gets_another_page(visitor):
    plain = visitor().content
    for name, value in {"django_language": "en", "csrftoken": "a" * 32}.items():
        visitor.client.cookies[name] = value
        assert visitor.client.get(LIST).content == plain


@pytest.mark.parametrize("path", ["/admin/login/", "/robots.txt", "/fr/nowhere/", "/fr/membres/nobody/"])
def test_forms_refusals_and_what_has_no_language_in_its_address_are_made_each_time(visitor, path):
    made = []
    for _again in range(2):
        response = visitor(path)
        made.append(response)
    assert made[0] is not made[1]
    pages = KeptPages(lambda request: made.append(1) or made[0])
    before = len(made)
    for _again in range(2):
        pages(RequestFactory().get(path))
    assert len(made) == before + 2


def test_an_answer_that_sets_a_cookie_is_for_one_visitor(settings, vega):
    settings.KEPT_PAGES_MB = 4
    made = []

    def page(request):
        made.append(1)
        response = HttpResponse("yours")
        response["ETag"] = '"x"'
        response.set_cookie("csrftoken", "secret")
        return response

    pages = KeptPages(page)
    assert [pages(RequestFactory().get(LIST)).content for _ in range(2)] == [b"yours"] * 2
    assert len(made) == 2


def test_the_pages_asked_longest_ago_make_room(settings, vega):
    settings.KEPT_PAGES_MB = 1
    made = []

    def page(request):
        made.append(request.path)
        response = HttpResponse("x" * 60_000)
        response["ETag"] = '"x"'
        return response

    pages = KeptPages(page)
    for number in range(40):
        pages(RequestFactory().get(f"/fr/{number}/"))
        pages(RequestFactory().get("/fr/0/"))
    assert made.count("/fr/0/") == 1  # asked all the time
    assert pages.size <= 1024 * 1024
    pages(RequestFactory().get("/fr/39/"))
    pages(RequestFactory().get("/fr/1/"))
    assert (made.count("/fr/39/"), made.count("/fr/1/")) == (1, 2)


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/fr/suggestions/?q=a&n={}" + "x" * 100_000, {}),  # fourteen bytes of content
        ("/fr/{}/" + "x" * 100_000, {"referer": "http://elsewhere/"}),
        ("/fr/vega/", {"referer": "http://elsewhere/?{}" + "x" * 7_000}),
    ],
)
def test_addresses_without_end_take_no_more_room_than_pages(settings, vega, path, headers):
    settings.KEPT_PAGES_MB = 1

    def page(request):
        response = HttpResponse("{}", headers={"ETag": '"x"'})
        if headers:
            response["Vary"] = "Referer"
        return response

    pages, size = KeptPages(page), {}
    tracemalloc.start()
    for number in range(600):
        asked = {name: value.format(number) for name, value in headers.items()}
        pages(RequestFactory().get(path.format(number), headers=asked))
        if number in (299, 599):
            size[number] = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert size[599] - size[299] < 100_000


def test_the_day_turns(visitor):
    with time_machine.travel(date(2026, 11, 23), tick=False):
        visitor("/fr/clusters/alpha/")
    with time_machine.travel(date(2026, 11, 24), tick=False):
        assert "24 novembre 2026" in visitor("/fr/clusters/alpha/").content.decode()


def test_head_is_answered_from_what_is_kept_without_a_body(visitor):
    visitor()
    visitor.client.cookies.clear()
    with CaptureQueriesContext(connection) as asked:
        head = visitor.client.head(LIST)
    assert (len(asked), head.content, head.status_code) == (1, b"", 200)


def test_a_setting_turns_it_off(settings, vega):
    settings.KEPT_PAGES_MB = 0
    client = Client()
    with CaptureQueriesContext(connection) as first:
        client.get(LIST)
    with CaptureQueriesContext(connection) as again:
        client.get(LIST)
    assert len(first) > 1 and len(again) > 1


def test_a_transaction_that_has_changed_something_sees_its_own_page_and_leaves_none(settings, vega):
    settings.KEPT_PAGES_MB = 4
    client = Client()
    before = client.get(PAGE).content.decode()
    with transaction.atomic():
        Organisation.objects.update(name="Altaïr")
        assert "Altaïr" in client.get(PAGE).content.decode()
        transaction.set_rollback(True)
    assert client.get(PAGE).content.decode() == before


# Written by triggers from tables that are in the log, in the same transaction; or shown nowhere in public.
NOT_IN_THE_LOG = {
    "members_searchdocument", "projects_projectdocument", "portal_searchword", "portal_referencerow",
    "members_invitation", "members_contactexport", "members_importbatch", "members_importrow", "members_columnmapping",
    "members_matchcandidate",
    "members_roleassignment", "auth_user", "portal_confirmation", "portal_answer", "portal_securityevent",
    "portal_unsentmail", "portal_bulkchange", "portal_outgoingmail",
    "contributions_changeproposal", "contributions_proposalmessage", "contributions_savedanswer", "contributions_notice",
    "contributions_noticechoice", "contributions_noticelanguage",
    "portal_erasure", "members_qualitysnapshot", "members_websitecheck", "members_registercheck",
    "contributions_internalnote", "contributions_relayedmessage", "contributions_listalert", "contributions_correspondence",
    "contributions_signedlink",
}  # fmt: skip


def test_every_table_that_a_page_could_show_is_in_the_log_of_changes(db):
    models = [model for app in LABELS for model in apps.get_app_config(app).get_models()]
    tables = {model._meta.db_table for model in models if not hasattr(model, "pgh_tracked_model")}
    tables |= {field.m2m_db_table() for model in models for field in model._meta.local_many_to_many}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
            " WHERE proname = 'portal_log_change' GROUP BY 1"
        )
        logged = dict(cursor.fetchall())
    assert tables - set(logged) == NOT_IN_THE_LOG
    assert set(logged.values()) == {4}  # insert, update, delete, truncate
