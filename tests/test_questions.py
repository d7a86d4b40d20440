"""Questions where a person may be right: a box appears with the question, and what was confirmed is not asked again."""

from datetime import date

import pytest

from cluster_portal.models import Confirmation
from cluster_portal.records.questions import Question
from members.models import Cluster, Company, LabelPeriod, Membership, Organisation, Site
from tests.admin_rows import cluster, organisation, places
from tests.test_admin_directory import add, errors, opened, row, save, staff  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db
TICK = "It is right as it is."


def asked(page) -> dict:
    """The boxes that the page shows beside its questions, ticked as a browser would send them."""
    found = {}
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += inline.formset.forms
    for form in forms:
        for key in _keys(str(form.errors)):
            found.setdefault(form.add_prefix("confirmed"), []).append(key)
    return found


def _keys(markup: str) -> list[str]:
    return [
        part.split('"')[0] for part in markup.split('type="checkbox" name="')[1:] for part in part.split('value="')[1:2]
    ]


def site(**values) -> dict:
    values = {"department": places().pk, "city": "Grenoble", "postcode": "", "country": "FR", **values}
    return row("sites", 0, **values)


ASKED = [
    (site, {"postcode": "69001"}, "The postcode 69001 is not one of Isère (38)."),
    (site, {"latitude": "5.72", "longitude": "45.18", "precision": "city"}, "seem to be swapped"),
    (site, {"latitude": "48.85", "longitude": "2.35", "precision": "city"}, "are far from Isère (38)"),
]


@pytest.mark.parametrize(("of", "values", "sentence"), ASKED)
def test_a_question_is_asked_once_and_the_answer_is_remembered(staff, admin_user, of, values, sentence):  # noqa: F811
    company = organisation()
    page = save(staff, company, **of(**values))
    assert sentence in errors(page) and TICK in page.text and not Site.objects.exists()
    page = save(staff, company, **of(**values), **asked(page))
    assert Site.objects.count() == 1, errors(page)
    assert Confirmation.objects.get().confirmed_by == admin_user
    other = organisation("Autre")
    save(staff, other, **of(**values))
    assert other.sites.count() == 1, "the same values are not asked about again"
    wrong_again = {name: {"69001": "75001", "5.72": "5.73", "48.85": "48.86"}.get(v, v) for name, v in values.items()}
    assert TICK in errors(save(staff, organisation("Encore"), **of(**wrong_again)))


@pytest.mark.parametrize(
    "values",
    [
        {"postcode": "38000"},
        {"latitude": "45.18", "longitude": "5.72", "precision": "city"},
        {"latitude": "45.9", "longitude": "5.2", "precision": "city"},
    ],
)
def test_what_is_ordinary_is_asked_nothing(staff, values):  # noqa: F811
    company = organisation()
    save(staff, company, **site(**values))
    assert company.sites.count() == 1 and not Confirmation.objects.exists()


def test_a_member_from_before_the_cluster_is_a_question(staff):  # noqa: F811
    company, known = organisation(), cluster(founding_year=2005)
    joined = row("memberships", 0, cluster=known.pk, joined_on="1900-01-01")
    page = save(staff, company, **joined)
    assert "A member since 1900, while Énergies Alpines dates from 2005?" in errors(page)
    save(staff, company, **joined, **asked(page))
    assert company.memberships.get().joined_on == date(1900, 1, 1)
    page = add(staff, Membership, organisation=organisation("Autre").pk, cluster=known.pk, joined_on="1900-01-01")
    assert TICK in errors(page), "another organisation is another question"


def test_the_first_label_of_a_cluster_stands_for_its_founding(staff):  # noqa: F811
    known = cluster()
    LabelPeriod.objects.create(cluster=known, phase=1, start=date(2005, 7, 12))
    ones = {"cluster": known.pk, "organisation": organisation(founding_year=1990).pk}
    assert "dates from 2005" in errors(add(staff, Membership, **ones, joined_on="2004-01-01"))
    add(staff, Membership, **ones, joined_on="2005-01-01")
    assert Membership.objects.count() == 1


def test_a_member_from_before_it_was_founded_is_a_question(staff):  # noqa: F811
    ones = {"cluster": cluster(founding_year=2005).pk, "organisation": organisation(founding_year=2015).pk}
    page = add(staff, Membership, **ones, joined_on="2010-01-01")
    assert "dates from 2015" in errors(page)


def test_several_questions_are_answered_together_or_one_by_one(staff):  # noqa: F811
    company = organisation()
    values = site(postcode="69001", latitude="48.85", longitude="2.35", precision="city")
    page = save(staff, company, **values)
    assert errors(page).count(TICK) == 2
    boxes = asked(page)
    one = {name: keys[:1] for name, keys in boxes.items()}
    page = save(staff, company, **values, **one)
    assert errors(page).count(TICK) == 1
    save(staff, company, **values, **asked(page))
    assert company.sites.count() == 1


def test_an_answer_is_kept_though_something_else_is_wrong(staff):  # noqa: F811
    company = organisation()
    page = save(staff, company, **site(postcode="69001"))
    page = save(staff, company, **site(postcode="69001"), **asked(page), website="http://localhost")
    assert "everybody can open" in errors(page) and TICK not in errors(page)
    save(staff, company, **site(postcode="69001"))
    assert company.sites.count() == 1


def test_a_box_that_was_ticked_for_other_values_answers_nothing(staff):  # noqa: F811
    company = organisation()
    boxes = asked(save(staff, company, **site(postcode="69001")))
    page = save(staff, company, **site(postcode="75001"), **boxes)
    assert "75001 is not one of" in errors(page) and not Confirmation.objects.exists()


def test_a_row_that_was_there_is_asked_about_when_that_is_changed(staff):  # noqa: F811
    """An import may have brought it; who mends a telephone is not asked about a postcode."""
    company = organisation()
    Site.objects.create(organisation=company, department=places(), postcode="69001", city="Grenoble")
    save(staff, company, **{"sites-0-city": "Vif"})
    assert company.sites.get().city == "Vif"
    assert TICK in errors(save(staff, company, **{"sites-0-postcode": "69002"}))


def test_the_head_office_of_a_cluster_is_asked_about_too(staff):  # noqa: F811
    known = cluster(department=places())
    page = save(staff, known, latitude="48.85", longitude="2.35")
    assert "are far from Isère (38)" in errors(page)
    save(staff, known, latitude="48.85", longitude="2.35", **asked(page))
    assert Cluster.objects.get().latitude is not None


def test_whoever_writes_rows_can_ask_without_a_form(django_user_model):
    """As an import will: no request, no form, the same answers."""
    row = Site(organisation=organisation(), department=places(), postcode="69001")
    (question,) = Confirmation.objects.unanswered(row.questions())
    Confirmation.objects.confirm([question, question])
    assert Confirmation.objects.unanswered(row.questions()) == []
    assert Confirmation.objects.count() == 1


def test_questions_are_told_apart_by_each_of_their_values():
    one = Question("code", ("a", "b"), "", ("name",))
    others = [
        Question("code", ("ab",), "", ()),
        Question("code", ("b", "a"), "", ()),
        Question("edoc", ("a", "b"), "", ()),
    ]
    Confirmation.objects.confirm([one])
    assert Confirmation.objects.unanswered([one, *others]) == others
    assert len({question.key for question in (one, *others)}) == 4


def test_none_of_these_is_an_answer_like_any_other(staff):  # noqa: F811
    organisation("Hélios Énergies")
    new = {"name": "Hélios Énergies", "slug": "nouvelle", "status": "draft", "country": "FR"}
    page = add(staff, Company, **new)
    assert "same name" in errors(page) and "It is none of these: create it." in page.text
    add(staff, Company, **new, **asked(page))
    assert Organisation.objects.filter(slug="nouvelle").exists()
