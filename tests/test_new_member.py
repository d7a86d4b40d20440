"""The short form of a new member: what a business card says, in nine boxes, saved whole or not at all."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.models import ContactPerson, Department, Membership, Organisation, Region, Site
from tests.admin_rows import organisation, places
from tests.test_admin_directory import messages
from tests.test_admin_scope import CAST, NETWORK, SECRET, net, sign_in, url  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db
NEW, ALIKE = reverse("admin:members_membership_new"), reverse("admin:members_membership_alike")
CARD = {
    "name": "Volca Mobilités",
    "kind": "company",
    "siren": "552 100 554",
    "website": "volca.example",
    "site-postcode": "38920",
    "site-city": "Crolles",
    "site-department": "",
    "membership-category": "PME",
    "membership-joined_on": "2026-03-05",
    "contact-name": "Ada Lovelace",
    "contact-role": "Directrice",
    "contact-email": "ada@volca.example",
    "contact-phone": "04 76 00 00 00",
    "status": "published",
}
BLANK = dict.fromkeys(
    (*(name for name in CARD if name.partition("-")[0] in ("site", "contact")), "siren", "website"), ""
)


def fill(browser, of, **values):
    return browser.post(NEW, {**CARD, "cluster": of.pk, **values}, follow=True)


def rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Organisation, Site, Membership, ContactPerson))


def rhone_and_ain() -> tuple[Department, Department]:
    region = places().region
    make = Department.objects.create
    return (
        make(name="Rhône", slug="rhone", insee_code="69", region=region),
        make(name="Ain", slug="ain", insee_code="01", region=region),
    )


def test_what_a_business_card_says_is_saved_at_once(sign_in, net):  # noqa: F811
    places()
    cara = sign_in("cara")
    answer = fill(cara, net.cara)
    made = Organisation.objects.get(name="Volca Mobilités")
    assert (made.kind, made.siren, made.website, made.slug, made.status) == (
        "company", "552100554", "https://volca.example", "volca-mobilites", "published",
    )  # fmt: skip
    assert made.lead_cluster == net.cara and made.created_by.username == made.updated_by.username == "cara"
    site, membership, contact = made.sites.get(), made.memberships.get(), made.contacts.get()
    assert (site.postcode, site.city, site.department, site.region) == (
        "38920", "Crolles", places(), places().region,
    )  # fmt: skip
    assert (membership.cluster, membership.category, membership.joined_on) == (net.cara, "PME", date(2026, 3, 5))
    assert (contact.name, contact.cluster, contact.agreed_on) == ("Ada Lovelace", net.cara, None)
    said = messages(answer)
    assert "“Volca Mobilités” is a member of CARA from" in said[0]
    assert f'<a href="{url(Organisation, "change", made.pk)}">Open its whole form</a>' in answer.text and len(said) == 1
    assert answer.request["PATH_INFO"] == reverse("admin:index")
    assert "Volca Mobilités" in cara.get(reverse("admin:index")).text, "among her last changes"


def test_name_and_kind_are_enough_and_a_draft_says_that_it_is_one(sign_in, net):  # noqa: F811
    answer = fill(sign_in("cara"), net.cara, **BLANK, **{"membership-category": "", "status": "draft"})
    made = Organisation.objects.get(name="Volca Mobilités")
    assert (made.status, made.sites.count(), made.contacts.count()) == ("draft", 0, 0)
    assert made.memberships.get().cluster == net.cara
    assert any("It is a draft" in line for line in messages(answer))


def test_it_begins_with_what_was_typed_and_today(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    page = cara.get(NEW, {"name": "L’Œuvre"})
    assert 'value="L’Œuvre"' in page.text
    assert f'name="membership-joined_on" value="{timezone.localdate().isoformat()}"' in page.text
    assert 'name="siren" value="552100554"' in cara.get(NEW, {"siren": "552100554"}).text
    assert 'name="siren" value="552100554"' in cara.get(NEW, {"q": "552 100 554"}).text


@pytest.mark.parametrize("name", ["cara", "network"])
def test_at_most_nine_boxes_are_open_and_they_stand_in_the_order_of_the_task(sign_in, net, name):  # noqa: F811
    page = sign_in(name).get(NEW, {"cluster": net.cara.pk}).text
    form = page.partition('class="new-member"')[2].partition("</form>")[0]
    folded = form.partition("<details")[2].partition("</details>")[0]
    assert "open" not in folded.partition(">")[0]
    seen = re.findall(r'<(?:input|select)\b(?![^>]*type="hidden")[^>]*\bname="([^"]+)"', form.replace(folded, ""))
    assert seen == [
        "name", "kind", "siren", "website", "site-postcode", "site-city", "site-department",
        "membership-category", "membership-joined_on",
    ]  # fmt: skip
    assert len(re.findall(r'name="contact-', folded)) == 4
    assert form.index("contact-phone") < form.index('value="published"') < form.index('value="draft"')


@pytest.mark.parametrize("name", CAST)
def test_who_makes_members_of_which_cluster(sign_in, net, name):  # noqa: F811
    browser = sign_in(name)
    for of, those in ((net.cara, {"cara", "manager", "both"}), (net.minalogic, {"minalogic", "both"})):
        before = rows()
        made = fill(browser, of, name=f"Nouvelle de {of}", **BLANK)
        if name in those | set(NETWORK):
            assert Organisation.objects.get(name=f"Nouvelle de {of}").lead_cluster == of, made.text
        else:
            assert made.status_code == 404 and rows() == before
            assert browser.get(NEW, {"cluster": of.pk}).status_code == 404


def test_whoever_works_for_two_adds_to_the_one_she_works_for_now(sign_in, net):  # noqa: F811
    both = sign_in("both")
    assert "Member of CARA" in both.get(NEW).text
    both.post(reverse("admin:members_cluster_work_for"), {"cluster": net.minalogic.pk})
    assert "Member of Minalogic" in both.get(NEW).text


def test_the_network_chooses_a_cluster_first_or_takes_the_whole_form(sign_in, net):  # noqa: F811
    network = sign_in("network")
    page = network.get(NEW, {"name": "Volca"})
    assert f'<option value="{net.cara.pk}">CARA</option>' in page.text and 'name="kind"' not in page.text
    assert '<input type="hidden" name="name" value="Volca">' in page.text
    assert reverse("admin:members_organisation_add") in page.text
    assert 'value="Volca"' in network.get(NEW, {"name": "Volca", "cluster": net.cara.pk}).text
    before = rows()
    assert network.post(NEW, CARD).status_code == 200 and rows() == before


WRONG = [
    ({"name": ""}, "This field is required"),
    ({"kind": ""}, "This field is required"),
    ({"kind": "cluster"}, "Select a valid choice"),
    ({"siren": "123456789"}, "123456789 is not a SIREN"),
    ({"website": "http://localhost"}, "everybody can open"),
    ({"site-postcode": "3892", "site-city": "Crolles"}, "A French postcode has five digits."),
    ({"site-department": "999999"}, "Select a valid choice"),
    ({"membership-joined_on": "le 5"}, "Write the day with its year in four figures"),
    ({"contact-name": "", "contact-email": "ada@volca.example"}, "This field is required"),
    ({"contact-email": "ada"}, "Enter a valid email address"),
    ({"contact-phone": "abc"}, "telephone"),
    ({"status": "gone"}, "Select a valid choice"),
    ({"status": ""}, "This field is required"),
]


@pytest.mark.parametrize(("values", "sentence"), WRONG)
def test_what_is_wrong_saves_nothing_and_everything_typed_is_kept(sign_in, net, values, sentence):  # noqa: F811
    places()
    before = rows()
    answer = fill(sign_in("cara"), net.cara, **values)
    assert answer.status_code == 200 and sentence in answer.text and rows() == before
    for name, typed in (CARD | values).items():
        if name not in ("kind", "status", "site-department") and typed:
            assert f'name="{name}" value="{typed}"' in answer.text, name
    assert '<option value="company" selected>' in answer.text or values.get("kind") is not None
    assert "<details open>" in " ".join(answer.text.split()), "what was typed of the contact is seen"


def test_nothing_is_half_saved(sign_in, net, monkeypatch):  # noqa: F811
    """Not even when the database refuses the last of the rows."""
    places()
    before = rows()
    monkeypatch.setattr(ContactPerson, "save", lambda self, **_: ContactPerson.objects.bulk_create([
        ContactPerson(organisation_id=self.organisation_id, name="")]))  # fmt: skip
    answer = fill(sign_in("cara"), net.cara)
    assert answer.status_code == 200 and rows() == before
    assert 'value="Volca Mobilités"' in answer.text and "errorlist" in answer.text


def test_the_department_follows_from_the_postcode(sign_in, net):  # noqa: F811
    rhone, _ain = rhone_and_ain()
    fill(sign_in("cara"), net.cara, **{"site-postcode": "69 200", "site-city": "Vénissieux"})
    site = Site.objects.get(city="Vénissieux")
    assert (site.postcode, site.department) == ("69200", rhone)


def test_a_department_that_contradicts_the_postcode_is_asked_about(sign_in, net):  # noqa: F811
    _rhone, ain = rhone_and_ain()
    cara, before = sign_in("cara"), rows()
    values = {"site-postcode": "69200", "site-city": "Vénissieux", "site-department": ain.pk}
    answer = fill(cara, net.cara, **values)
    assert "69200 is in Rhône (69), not Ain (01)." in answer.text and rows() == before
    assert f'<option value="{ain.pk}" selected>' in answer.text
    key = re.search(r'name="site-confirmed" value="(\w+)"', answer.text)[1]
    fill(cara, net.cara, **values, **{"site-confirmed": key})
    assert Site.objects.get(city="Vénissieux").department == ain, "she may know better"


def test_what_is_here_already_is_asked_about_and_led_to(sign_in, net):  # noqa: F811
    cara, before = sign_in("cara"), rows()
    answer = fill(cara, net.cara, name="Firme de Minalogique", **BLANK)
    assert rows() == before and "It is none of these: create it." in answer.text
    join = f"{reverse('admin:members_membership_join')}?organisation={net.stranger.pk}&amp;cluster={net.cara.pk}"
    assert join in answer.text and "Make it a member of CARA" in answer.text
    key = re.search(r'name="confirmed" value="(\w+)"', answer.text)[1]
    fill(cara, net.cara, name="Firme de Minalogique", **BLANK, confirmed=key)
    assert Organisation.objects.filter(name="Firme de Minalogique").exists()


def test_a_siren_that_is_taken_leads_to_whose_it_is(sign_in, net):  # noqa: F811
    Organisation.objects.filter(pk=net.stranger.pk).update(siren="552100554")
    before = rows()
    answer = fill(sign_in("cara"), net.cara)
    assert "Another company already has this SIREN." in answer.text and rows() == before
    assert "Firme de Minalogic" in answer.text and "same SIREN" in answer.text


@pytest.mark.parametrize("name", CAST)
def test_while_it_is_typed_names_of_others_drafts_are_never_told(sign_in, net, name):  # noqa: F811
    browser = sign_in(name)
    hers = name in ("minalogic", "both", *NETWORK)
    Organisation.objects.filter(pk=net.secret.pk).update(siren="552100554", website="https://zanz.example")
    for asked in ({"name": f"{SECRET} SAS"}, {"siren": "552 100 554"}, {"website": "zanz.example"}):
        part = browser.get(ALIKE, asked).text
        assert ("one more, not yet published, known to Minalogic" in part) == (not hers), asked
        assert (f"{SECRET} SAS" in part) == hers
    assert "Firme de Minalogic" in browser.get(ALIKE, {"name": "firme de minalogic"}).text
    assert browser.get(ALIKE).text.strip() == "" == browser.get(ALIKE, {"name": "\0", "siren": "x"}).text.strip()
    before = rows()
    answer = fill(browser, {"minalogic": net.minalogic}.get(name, net.cara), name=f"{SECRET} SAS", **BLANK)
    assert rows() == before and (f"({SECRET} SAS" in answer.text or f">{SECRET} SAS</a>" in answer.text) == hers


def test_what_is_alike_and_a_member_already_says_since_when(sign_in, net):  # noqa: F811
    part = sign_in("cara").get(ALIKE, {"name": "Firme de CARA"}).text
    assert "A member of CARA since" in part and "Make it a member" not in part.partition("Firme de CARA")[2][:200]


def test_a_click_too_many_makes_one(sign_in, net):  # noqa: F811
    places()
    cara = sign_in("cara")
    values = CARD | {"cluster": net.cara.pk, "csrfmiddlewaretoken": "a" * 64}
    first, second = cara.post(NEW, values), cara.post(NEW, values)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"]) == (302, "/admin/")
    assert Organisation.objects.filter(name="Volca Mobilités").count() == 1


def test_two_of_one_name_have_each_an_address(sign_in, net):  # noqa: F811
    organisation("Autre", slug="volca-mobilites")
    fill(sign_in("cara"), net.cara, **BLANK)
    assert Organisation.objects.get(name="Volca Mobilités").slug == "volca-mobilites-2"
    fill(sign_in("cara"), net.cara, **BLANK, name="日本")
    assert Organisation.objects.get(name="日本").slug == "company"


def test_it_asks_few_questions(sign_in, net):  # noqa: F811
    rhone_and_ain()
    for name, values in (("cara", {}), ("both", {}), ("network", {"cluster": net.cara.pk})):
        browser = sign_in(name)
        for address, asked in ((NEW, values), (ALIKE, {"name": "Firme de Minalogic", **values})):
            browser.get(address, asked)
            with CaptureQueriesContext(connection) as queries:
                browser.get(address, asked)
            assert len(queries) <= 15, (name, address, [one["sql"][:90] for one in queries])


# --- the same in the sites of the long form ---------------------------------------------------------------------------
OVERSEAS = [
    ("20000", "2A"), ("20137", "2A"), ("20200", "2B"), ("20600", "2B"), ("20090", "2A"), ("97100", "971"),
    ("97133", "977"), ("97150", "978"), ("97500", "975"), ("97600", "976"), ("98600", "986"), ("98713", "987"),
    ("98800", "988"), ("01000", "01"), ("69200", "69"), ("98000", None), ("00000", None),
]  # fmt: skip


@pytest.mark.parametrize(("postcode", "code"), OVERSEAS)
def test_a_site_is_in_the_department_of_its_postcode(postcode, code):
    region = Region.objects.create(name="Quelque part", slug="quelque-part", insee_code="99")
    for number, known in enumerate({code for _postcode, code in OVERSEAS if code}):
        Department.objects.create(name=f"Lieu {number}", slug=f"lieu-{number}", insee_code=known, region=region)
    site = Site(organisation=organisation(), postcode=postcode, city="Ville")
    site.full_clean()
    assert (site.department and site.department.insee_code) == code
    assert list(site.questions()) == []


def test_what_is_known_or_abroad_is_left_alone():
    rhone, ain = rhone_and_ain()
    known = organisation()
    for values, department in (
        ({"postcode": "69200", "department": ain}, ain),
        ({"postcode": "69200", "region": rhone.region}, None),
        ({"postcode": "69200", "country": "IT"}, None),
        ({"postcode": "6920"}, None),
        ({"postcode": ""}, None),
    ):
        site = Site(organisation=known, city="Ville", **values)
        site.follow_postcode()
        assert site.department == department, values
