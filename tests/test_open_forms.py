"""Each form that anybody may send, and each link in a mail: what is wrong is said in a sentence, and loses nothing."""

import re
from datetime import date
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client

from cluster_portal.models import OutgoingMail
from contributions import fields
from contributions.models import ChangeProposal
from members.duplicates.merging import merge
from members.models import LabelPeriod, Organisation, Succession
from projects.models import Project
from tests.admin_rows import cluster, organisation, project
from tests.test_proposals import SECRET, a_morning, link_in_row, net, page_of, sent, typed  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db

# each form with what makes it whole
FORMS = {
    "/en/members/volta/report/": {"note": "Wrong."},
    "/en/members/volta/propose/": {"field-description_en": "Batteries."},
    "/en/clusters/cara/report/": {"note": "Wrong."},
    "/en/clusters/cara/propose/": {"field-presentation_en": "Mobility."},
    "/en/projects/pile/report/": {"note": "Wrong."},
    "/en/projects/pile/propose/": {"field-summary_en": "Batteries."},
    "/en/projects/pile/propose-an-outcome/": {"field-kind": "patent", "field-title_fr": "Un brevet"},
    "/en/clusters/cara/join/?new=1": {"field-kind": "company", "field-name": "Neuvolt"},
    "/en/clusters/cara/join/?organisation=lune": {"note": "Please."},
    "/en/clusters/cara/propose-a-project/": {"field-title_fr": "Batteries"},
}


@pytest.fixture
def root():
    get_user_model().objects.create_superuser("root")
    client = Client(headers={"accept-language": "en"})
    client.force_login(get_user_model().objects.get(username="root"))
    return client


@pytest.fixture(autouse=True)
def ground(net):  # noqa: F811
    cache.clear()
    project("PILE", slug="pile")
    organisation("Lune", slug="lune")


def nothing_was_kept() -> bool:
    return not ChangeProposal.objects.exists() and not OutgoingMail.objects.exists()


def test_each_form_refuses_in_a_sentence_and_shows_what_was_typed(time_machine):
    for address, whole in FORMS.items():
        long = "y" * 1_000_000
        texts = [name for name in whole if name == "note" or "_" in name]
        for changed, said in (
            ({"sender_email": "lea@example.org\nBcc: all@example.org"}, "valid email"),
            ({"sender_name": long}, "at most 120"),
            ({"homepage": "http://spam.example"}, "robot"),
            ({"opened": "open:members.organisation:1:forged"}, "send it again"),
            *(({name: long}, "at most") for name in texts),
        ):
            answer = sent(Client(), address, time_machine, **{**whole, **changed})
            assert answer.status_code == 200 and said in unescape(answer.text), (address, said)
            for name, text in whole.items():
                assert name in changed or answer.context["form"][name].value() == text, (address, name)
        assert nothing_was_kept(), address


def test_each_form_takes_marks_as_text_and_a_name_as_one_line(root, time_machine):
    mark = "<img src=x onerror=alert(1)>"
    for number, (address, whole) in enumerate(FORMS.items()):
        given = {**whole, "note": mark, "sender_name": "Léa\r\nBcc: all@example.org"}
        answer = sent(Client(), address, time_machine, sender_email=f"lea{number}@example.org", **given)
        assert answer.status_code == 302, (address, answer.context and answer.context["form"].errors)
        proposal, letter = ChangeProposal.objects.latest("pk"), OutgoingMail.objects.latest("pk")
        assert proposal.sender_name == "Léa Bcc: all@example.org" and "\n" not in letter.subject
        link = link_in_row(letter)
        pages = [Client().get(link)]
        assert Client().post(link).status_code == 302
        pages += [Client().get(Client().get(link)["Location"]), root.get(page_of(proposal))]
        for page in pages:
            assert page.status_code == 200 and mark not in page.text and "&lt;img src=x" in page.text, address


def test_a_form_is_sent_by_whoever_opened_it_though_others_did_before(time_machine):
    """With all that a browser is asked for, and past the pages that are kept for everybody."""
    for address, whole in FORMS.items():
        for number in range(2):
            visitor = Client(enforce_csrf_checks=True)
            for _again in range(2):  # the second time the browser has the cookie already
                form = typed(visitor, address)
                token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', visitor.get(address).text)
            assert token, address
            time_machine.shift(10)
            sender = {"sender_email": f"a{number}@b.example", "csrfmiddlewaretoken": token[1]}
            answer = visitor.post(address, form | whole | sender)
            assert answer.status_code == 302, (address, answer.status_code)
        cache.clear()


def test_of_a_hundred_in_a_minute_twenty_are_taken(time_machine):
    client = Client()
    opened = [(address, typed(client, address) | whole) for address, whole in FORMS.items()]
    time_machine.shift(4)
    answers = []
    for number in range(100):
        address, form = opened[number % len(opened)]
        sender = {"note": f"No. {number}", "sender_email": f"a{number}@b.example"}
        answers.append(client.post(address, form | sender))
        time_machine.shift(0.5)
    assert [answer.status_code for answer in answers] == [302] * 20 + [429] * 80
    assert "No. 99" in answers[-1].text and "That is a lot at once" in answers[-1].text
    assert ChangeProposal.objects.count() == OutgoingMail.objects.count() == 20


def test_a_page_that_was_open_for_long_is_sent_once_more(time_machine):
    answer = sent(Client(), "/en/members/volta/report/", time_machine, 3 * 24 * 3600, note="Wrong.")
    assert "open for long" in answer.text
    again = {bound.html_name: bound.value() or "" for bound in answer.context["form"]}
    time_machine.shift(10)
    assert Client().post("/en/members/volta/report/", again).status_code == 302


def test_days_and_numbers_are_shown_as_people_write_them(net):  # noqa: F811
    Project.objects.filter(slug="pile").update(start=date(2027, 2, 1))
    Organisation.objects.filter(slug="volta").update(phone="+33476000000")
    shown = typed(Client(), "/fr/projets/pile/proposer/")["field-start"]
    assert typed(Client(), "/en/projects/pile/propose/")["field-start"] == date(2027, 2, 1) == shown
    page = Client().get("/fr/projets/pile/proposer/").text
    assert 'value="01/02/2027"' in page and "2027-02-01" not in page
    known = fields.known_fields(Organisation)["phone"]
    assert known.shown("+33476000000").replace("\u00a0", " ").replace("\u202f", " ") == "04 76 00 00 00"


# --- what became of the record in the meantime ------------------------------------------------------------------------
@pytest.fixture
def into_lune(net, root):  # noqa: F811
    """Merges Volta into Lune."""

    def do() -> Organisation:
        lune = Organisation.objects.get(slug="lune")
        user = get_user_model().objects.get(username="root")
        merge(lune, Organisation.objects.get(slug="volta"), {}, user, of_network=True)
        return lune

    return do


def test_links_and_forms_of_a_merged_organisation_are_those_of_the_survivor(into_lune, root, time_machine):
    visitor = Client()
    assert sent(visitor, "/en/members/volta/report/", time_machine, note="Wrong.").status_code == 302
    began = typed(visitor, "/en/members/volta/propose/") | {
        "sender_email": "lea@example.org",
        "field-phone": "0476000000",
    }
    lune = into_lune()
    link = link_in_row(OutgoingMail.objects.get())
    assert "Lune" in visitor.get(link).text
    follow = visitor.get(visitor.post(link)["Location"]).text
    assert "Lune" in follow and 'href="/en/members/lune/"' in follow
    proposal = ChangeProposal.objects.get()
    assert (proposal.state, proposal.organisation) == ("pending", lune)
    time_machine.shift(10)
    answer = visitor.post("/en/members/volta/propose/", began, follow=True)
    assert answer.redirect_chain == [("/en/members/lune/propose/", 308)]
    assert "has become that of Lune" in answer.text and ChangeProposal.objects.count() == 1
    form = answer.context["form"]
    assert (form["field-phone"].value(), form["field-name"].value()) == ("0476000000", "Lune")
    time_machine.shift(10)
    again = {bound.html_name: bound.value() or "" for bound in form if bound.html_name != "field-themes"}
    assert visitor.post("/en/members/lune/propose/", again).status_code == 302
    assert ChangeProposal.objects.latest("pk").values == {"phone": "+33476000000"}
    join = visitor.get("/en/clusters/cara/join/?organisation=volta", follow=True)
    assert join.redirect_chain == [("/en/clusters/cara/join/?organisation=lune", 301)] and "Lune" in join.text


def test_a_link_about_what_was_archived_says_so(root, time_machine):
    visitor = Client()
    for number in "12":
        sent(visitor, "/en/members/volta/report/", time_machine, note=f"Wrong {number}.")
    confirmed, other = (link_in_row(row) for row in OutgoingMail.objects.order_by("pk"))
    follow = visitor.post(confirmed)["Location"]
    Organisation.objects.filter(slug="volta").update(status="archived", archived_on=date(2026, 11, 25))
    for answer in (visitor.get(other), visitor.post(other)):
        assert answer.status_code == 200 and "was archived since. There is nothing left to confirm." in answer.text
    assert sorted(ChangeProposal.objects.values_list("state", flat=True)) == ["pending", "unconfirmed"]
    assert "was archived since" in visitor.get(follow).text
    Organisation.objects.filter(slug="volta").update(status="draft", archived_on=None)
    assert "/en/members/volta/" not in visitor.get(follow).text, "a draft has no page"


def test_what_became_private_is_left_out_and_both_sides_read_it(net, root, time_machine, monkeypatch):  # noqa: F811
    visitor = Client()
    sent(
        visitor,
        "/fr/membres/volta/proposer/",
        time_machine,
        **{"field-acronym": "VLT", "field-email": SECRET + "@volta.example"},
    )
    link = link_in_row(OutgoingMail.objects.get())
    public = tuple(field for field in fields.CATALOGUES[Organisation] if field.name != "email")
    monkeypatch.setitem(fields.CATALOGUES, Organisation, public)
    page = visitor.get(link).text
    assert "VLT" in page and "n’est pas, ou plus, publique" in page and SECRET not in page
    follow = visitor.post(link)["Location"]
    proposal = ChangeProposal.objects.get()
    assert "It may no longer be proposed" in root.get(page_of(proposal)).text
    root.post(page_of(proposal), {"all": "1"})
    firm = Organisation.objects.get(slug="volta")
    assert (firm.acronym, firm.email) == ("VLT", "bonjour@volta.example")
    assert "Ce champ" in visitor.get(follow).text or "proposer" in ChangeProposal.objects.get().reason


def test_a_former_cluster_names_what_it_has_become_and_takes_along_what_was_typed(net, time_machine):  # noqa: F811
    visitor, old, new = Client(), net["minalogic"], net["cara"]
    address = "/en/clusters/min/join/?new=1&q=Neuvolt"
    began = typed(visitor, address) | {
        "sender_email": "lea@example.org",
        "field-name": "Neuvolt",
        "field-kind": "company",
    }
    LabelPeriod.objects.filter(cluster=old).update(end=date(2026, 11, 24))
    for form in ("join", "propose-a-project"):
        page = visitor.get(f"/en/clusters/min/{form}/")
        assert page.status_code == 200 and "Minalogic holds no label today" in page.text
        assert "any more." in page.text and 'href="/en/take-part/"' in page.text and "Go on with" not in page.text
    time_machine.shift(10)
    kept = visitor.post(address, began)
    assert "Neuvolt" in kept.text and "nothing of it was sent" in kept.text
    between = cluster("Entre-deux", "ENTRE", status="archived", archived_on=date(2026, 1, 1))
    Succession.objects.create(predecessor=old, successor=between, kind="renaming", year=2025)
    later = Succession.objects.create(predecessor=between, successor=new, kind="merger", date=date(2026, 12, 1))
    assert "Go on with" not in visitor.get("/en/clusters/min/join/").text, "it has not come yet"
    Succession.objects.filter(pk=later.pk).update(date=date(2026, 11, 20))
    for slug in ("min", "entre"):
        assert 'href="/en/clusters/cara/join/"' in visitor.get(f"/en/clusters/{slug}/join/").text
    assert 'href="/en/clusters/cara/propose-a-project/"' in visitor.get("/en/clusters/min/propose-a-project/").text
    answer = visitor.post(address, began, follow=True)
    assert answer.redirect_chain == [("/en/clusters/cara/join/?new=1&q=Neuvolt", 307)]
    assert "has become that of CARA" in answer.text and answer.context["form"]["field-name"].value() == "Neuvolt"
    assert nothing_was_kept()
