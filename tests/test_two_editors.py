"""Two people with the same form open: what one did not touch stays as the other left it; where both changed the same
thing, nothing is saved before the second has seen both values."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from time import sleep

import pytest
from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cluster_portal.models import FormerSlug, OutgoingMail, Page, SecurityEvent, UnsentMail
from contributions.models import ChangeProposal, Correspondence, SavedAnswer
from members.models import (
    Cluster,
    Company,
    ContactExport,
    ContactPerson,
    ImportBatch,
    MatchCandidate,
    Membership,
    Organisation,
    Person,
    RoleAssignment,
    Site,
    Theme,
)  # fmt: skip
from projects.models import Funding, Participation, Project
from tests.admin_rows import a_network, cluster, form_of, organisation, places, programme, project
from tests.test_admin_directory import errors, former_name_left, messages, row
from tests.test_uploads import picture

pytestmark = pytest.mark.django_db
# written by the site, and read; or step by step on pages of their own (test_import_pages)
NOBODY_S = (
    ChangeProposal,
    OutgoingMail,
    ContactExport,
    FormerSlug,
    ImportBatch,
    MatchCandidate,
    SecurityEvent,
    UnsentMail,
)
FORMS = [model for model in admin.site._registry if model not in NOBODY_S]


def somebody(name: str) -> Client:
    user, _made = get_user_model().objects.get_or_create(username=name, is_superuser=True)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def anna():
    return somebody("anna")


@pytest.fixture
def berthe():
    return somebody("berthe")


def address(one, model=None) -> str:
    return reverse(f"admin:{(model or type(one))._meta.label_lower.replace('.', '_')}_change", args=[one.pk])


def opened(client, one, model=None) -> dict:
    return form_of(client.get(address(one, model)))


def send(client, one, form, /, model=None, **changed):
    form = {name: value for name, value in (form | changed).items() if value is not None}
    if isinstance(one, (Cluster, Organisation)) and form.get("name"):
        form |= former_name_left(one, form["name"])
    return client.post(address(one, model), form)


def saved(client, one, form, /, model=None, **changed) -> None:
    answer = send(client, one, form, model, **changed)
    assert answer.status_code == 302, errors(answer)


def asked(client, one, form, /, model=None, **changed):
    """The form that comes back with a question, and nothing saved."""
    answer = send(client, one, form, model, **changed)
    assert answer.status_code == 200
    return answer


# --- every form -------------------------------------------------------------------------------------------------------
def boxes(page) -> dict[str, forms.BoundField]:
    """One box of each kind on the form itself, and two of the first row of each sort."""
    context = page.context
    every = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        every += inline.formset.initial_forms[:1]
    found: dict = {}
    for form in every:
        for bound in form:
            fixed = bound.is_hidden or bound.field.disabled or isinstance(bound.field, forms.FileField)
            enough = form.prefix and sum(prefix == form.prefix for prefix, _kind in found) == 2
            if not (fixed or enough or bound.name == "DELETE"):
                found.setdefault((form.prefix, type(bound.field)), bound)
    return {bound.html_name: bound for bound in found.values()}


def another(bound: forms.BoundField, number: int):
    """Some other value of its kind; None: there is none."""
    field, value = bound.field, bound.value()
    if isinstance(field, forms.ModelMultipleChoiceField):
        chosen = {getattr(one, "pk", one) for one in value or ()}
        free = list(field.queryset.exclude(pk__in=chosen).order_by("pk")[:3])
        return [str(pk) for pk in chosen] + [str(free[number].pk)] if len(free) > number else None
    if isinstance(field, forms.ModelChoiceField):
        free = list(field.queryset.exclude(pk=value).order_by("-pk")[: number + 1])
        return str(free[number].pk) if len(free) > number else None
    if isinstance(field, forms.BooleanField):
        return ("on" if not value else None) if number == 0 else None
    if isinstance(field, forms.ChoiceField):
        values = [str(key) for key, _label in field.choices if str(key) not in ("", str(value))]
        return values[number] if len(values) > number else None
    if isinstance(field, forms.DateField):
        return str((value or date(2012, 3, 4)) + timedelta(days=1 + number))
    if isinstance(field, (forms.IntegerField, forms.DecimalField)):
        return str((Decimal(str(value)) if value else Decimal(2010)) + 1 + number)
    if isinstance(field, forms.URLField):
        return f"https://ailleurs-{number}.example/"
    if isinstance(field, forms.EmailField):
        return f"bureau-{number}@ailleurs.example"
    if isinstance(field, forms.SlugField):
        return f"{value or 'nouvelle'}-{number}"
    return f"{value or 'Nouveau'} {'bis' if number == 0 else 'ter'}"


def filled() -> None:
    """Rows for every form, with blanks in them to be filled."""
    company, known, work = a_network(2)
    for kind in ("laboratory", "institution"):
        organisation(f"Une {kind}", kind=kind)
    organisation("Rachetée", successor=None)
    SavedAnswer.objects.create(cluster=known, title="Registre", text="Le registre dit autre chose.")
    Correspondence.objects.create(cluster=known)
    user = Person.objects.create(username="cara")
    RoleAssignment.objects.create(user=user, role="cluster_editor", cluster=known, valid_from=date(2026, 1, 1))
    Project.objects.filter(pk=work.pk).update(title_fr="Un titre", start=date(2020, 1, 1))


def row_of(model):
    most = {Organisation: "Société 0", Company: "Société 0", Cluster: "Énergies Alpines"}
    return model._default_manager.get(name=most[model]) if model in most else model._default_manager.order_by("-pk")[0]


def values_of(page) -> dict[str, str]:
    """What stands in the boxes, those of rows by the row: its place may be another after a change."""
    form = form_of(page)
    rows = {name[:-3]: value for name, value in form.items() if re.fullmatch(r"\w+-\d+-id", name)}
    return {keyed(name, rows): value for name, value in form.items() if name != "given"}


def keyed(name: str, rows: dict[str, str]) -> str:
    place, _dash, box = name.rpartition("-")
    return f"{place.split('-')[0]} {rows[place]} {box}" if place in rows else name


def in_rows(form: dict, name: str) -> str:
    """The name of a box of her form, as `values_of` calls it."""
    return keyed(name, {key[:-3]: value for key, value in form.items() if key.endswith("-id")})


@pytest.mark.parametrize("model", FORMS, ids=lambda model: model.__name__)
def test_on_every_form_what_one_did_not_touch_stays_as_the_other_left_it(anna, berthe, model):
    filled()
    one = row_of(model)
    page = berthe.get(address(one, model))
    form, before, every = form_of(page), values_of(page), boxes(page)
    tried: list[tuple[str, str]] = []
    names = list(every)
    pairs = (
        zip(names, names[1:] + names[:1], strict=True)
        if len(names) < 12
        else zip(names[:: 2 * fewer(model)], names[1 :: 2 * fewer(model)], strict=False)
    )
    for first, second in pairs:
        hers, theirs = another(every[second], 1) or another(every[second], 0), another(every[first], 0)
        if hers is None or theirs is None:
            continue
        with transaction.atomic():
            if send(anna, one, form, model, **{first: theirs}).status_code == 302:
                between = values_of(anna.get(address(one, model)))
                if send(berthe, one, form, model, **{second: hers}).status_code == 302:
                    after = values_of(anna.get(address(one, model)))
                    changed = {name for name in after | between if after.get(name) != between.get(name)}
                    a, b = in_rows(form, first), in_rows(form, second)
                    assert changed <= also(b), (first, second)
                    assert after.get(b) != before.get(b), second
                    assert after.get(a) == between.get(a) != before.get(a), first
                    tried.append((first, second))
            transaction.set_rollback(True)
    assert len(tried) >= min(2, len(every) // 2), (tried, list(every))


def fewer(model) -> int:
    """Of the boxes that the forms of the three kinds share with that of all organisations, each some others."""
    return 2 if issubclass(model, Organisation) and model is not Organisation else 1


def also(name: str) -> set[str]:
    """What follows from a box by itself: a department's region."""
    return {name, name.replace("department", "region")}


@pytest.mark.parametrize("model", FORMS, ids=lambda model: model.__name__)
def test_on_every_form_the_same_thing_changed_by_two_is_asked_about_and_the_second_save_wins(anna, berthe, model):
    filled()
    one = row_of(model)
    page = berthe.get(address(one, model))
    form, before, every = form_of(page), values_of(page), boxes(page)
    tried = []
    for name, bound in list(every.items())[:: (1 + len(every) // 16) * fewer(model)]:
        theirs, hers = another(bound, 0), another(bound, 1)
        if hers is None or theirs is None or isinstance(bound.field, forms.ModelMultipleChoiceField):
            continue
        with transaction.atomic():
            if send(anna, one, form, model, **{name: theirs}).status_code == 302:
                between, box = values_of(anna.get(address(one, model))), in_rows(form, name)
                if between.get(box) == before.get(box):
                    continue  # the database knows better: a department's region
                answer = asked(berthe, one, form, model, **{name: hers})
                assert "contested" in answer.text, name
                assert values_of(anna.get(address(one, model))) == between, "nothing was saved"
                again = form_of(answer)
                assert values_of(answer)[box] == hers, "her own stands in the box"
                assert shown(answer, every[name], between[box]), name
                if send(berthe, one, again, model).status_code == 302:
                    after = values_of(anna.get(address(one, model)))
                    assert after[box] not in (between[box], form.get(name)), name
                    tried.append(name)
            transaction.set_rollback(True)
    assert len(tried) >= min(2, len(every) - 1), (tried, list(every))


def shown(answer, bound, value: str) -> bool:
    """Whether an error names the value that stands there, as people read it."""
    (said,) = re.findall(r'<div class="contested">.*?<q>(.*?)</q>', answer.text, re.S)
    if isinstance(bound.field, forms.ModelChoiceField):
        return unescape(said) == bound.field.label_from_instance(
            bound.field.queryset.model._default_manager.get(pk=value)
        )
    if isinstance(bound.field, forms.ChoiceField):
        return unescape(said) == str({str(key): label for key, label in bound.field.choices}[value])
    return bound.field.to_python(unescape(said)) == bound.field.to_python(value)


# --- a field ----------------------------------------------------------------------------------------------------------
def test_a_theme_added_meanwhile_stays_when_a_telephone_is_saved(anna, berthe):
    one, theme = organisation(), Theme.objects.create(name_fr="Énergie", slug="energie")
    form = opened(berthe, one)
    saved(anna, one, opened(anna, one), themes=[str(theme.pk)])
    saved(berthe, one, form, phone="04 76 00 00 00")
    one.refresh_from_db()
    assert list(one.themes.all()) == [theme] and one.phone == "+33476000000"


def test_themes_that_two_people_add_and_take_away_come_together(anna, berthe):
    old, taken, hers, theirs = (Theme.objects.create(name_fr=name, slug=name) for name in ("a", "b", "c", "d"))
    one = organisation()
    one.themes.set([old, taken])
    form = opened(berthe, one)
    saved(anna, one, opened(anna, one), themes=[str(old.pk), str(taken.pk), str(theirs.pk)])
    saved(berthe, one, form, themes=[str(old.pk), str(hers.pk)])
    assert set(one.themes.all()) == {old, hers, theirs}


def test_an_acronym_saved_from_an_older_form_leaves_a_published_record_published(anna, berthe):
    one = organisation(status="draft")
    form = opened(berthe, one)
    saved(anna, one, opened(anna, one), status="published", description_fr="Une description.\r\n\r\nEn deux parties.")
    saved(berthe, one, form, acronym="EDV")
    one.refresh_from_db()
    assert (one.status, one.acronym) == ("published", "EDV")
    assert one.description_fr == "Une description.\r\n\r\nEn deux parties."
    assert history(one) == {"anna": "Changed Status and Description in French.", "berthe": "Changed Acronym."}


def history(one) -> dict[str, str]:
    """What the history says that each did last."""
    return {
        entry.user.username: entry.get_change_message()
        for entry in LogEntry.objects.filter(object_id=one.pk).select_related("user")
    }


def test_both_values_are_seen_before_one_is_saved_over_the_other(anna, berthe):
    one = organisation("Avant")
    form = opened(berthe, one)
    saved(anna, one, opened(anna, one), name="De <b>Anna</b>", acronym="A")
    page = asked(berthe, one, form, name="De Berthe", website="https://berthe.example/")
    today = f"{timezone.localdate():%-d %b %Y}"
    assert re.search(rf"anna changed this on {today}, \d\d:\d\d, while you had the form open\.", page.text)
    assert "De &lt;b&gt;Anna&lt;/b&gt;" in page.text and 'value="De Berthe"' in page.text
    one.refresh_from_db()
    assert (one.name, one.website) == ("De <b>Anna</b>", "")
    again = form_of(page)
    assert again["acronym"] == "A", "what she left alone is shown as it is by now"
    saved(berthe, one, again)
    one.refresh_from_db()
    assert (one.name, one.acronym, one.website) == ("De Berthe", "A", "https://berthe.example/")
    assert history(one)["berthe"] == "Changed Name and Website."


def choose(form: dict, whose: str, *names: str) -> dict:
    return form | {f"take-{name}": whose for name in names}


def test_she_takes_theirs_of_one_box_and_hers_of_another(anna, berthe):
    one = organisation("Avant", acronym="AV")
    form = opened(berthe, one)
    saved(anna, one, opened(anna, one), name="D’Anna", acronym="ANNA")
    page = asked(berthe, one, form, name="De Berthe", acronym="BERTHE", website="https://berthe.example/")
    for name in ("name", "acronym"):
        assert re.findall(f'name="take-{name}" value="(mine|theirs)"( checked)?>', page.text) == [
            ("mine", " checked"), ("theirs", ""),
        ]  # fmt: skip
    saved(berthe, one, choose(choose(form_of(page), "theirs", "name"), "mine", "acronym"))
    one.refresh_from_db()
    assert (one.name, one.acronym, one.website) == ("D’Anna", "BERTHE", "https://berthe.example/")
    assert history(one)["berthe"] == "Changed Acronym and Website."


def test_theirs_is_what_stands_there_when_she_chooses(anna, berthe):
    one = organisation("Avant")
    form = opened(berthe, one)
    saved(anna, one, opened(anna, one), name="Première")
    again = form_of(asked(berthe, one, form, name="De Berthe"))
    saved(anna, one, opened(anna, one), name="Deuxième")
    saved(berthe, one, choose(again, "theirs", "name"))
    one.refresh_from_db()
    assert one.name == "Deuxième"


def test_she_takes_theirs_of_a_row(anna, berthe):
    one, known = organisation(), cluster()
    membership = Membership.objects.create(organisation=one, cluster=known, joined_on=date(2010, 1, 1))
    form = opened(berthe, one)
    saved(anna, one, opened(anna, one), **{"memberships-0-category": "D’Anna", "memberships-0-joined_on": "2011-01-01"})
    names = ("memberships-0-category", "memberships-0-joined_on")
    page = asked(berthe, one, form, **dict(zip(names, ("De Berthe", "2012-01-01"), strict=True)))
    assert page.text.count("anna changed this on") == 2
    saved(berthe, one, choose(choose(form_of(page), "theirs", names[0]), "mine", names[1]))
    membership.refresh_from_db()
    assert (membership.category, membership.joined_on) == ("D’Anna", date(2012, 1, 1))


def test_who_changed_it_is_who_changed_that_box_and_not_whoever_saved_last(anna, berthe):
    one = organisation("Avant")
    form = opened(berthe, one)
    saved(anna, one, opened(anna, one), name="D’Anna")
    carla = somebody("carla")
    saved(carla, one, opened(carla, one), acronym="C")
    page = asked(berthe, one, form, name="De Berthe")
    assert "anna changed this on" in page.text and "carla changed this" not in page.text


def test_of_what_nobody_said_who_wrote_it_no_name_is_told(anna, berthe):
    one = organisation("Avant")
    form = opened(berthe, one)
    saved(anna, one, opened(anna, one), acronym="A")
    Organisation.objects.filter(pk=one.pk).update(name="Par personne")
    page = asked(berthe, one, form, name="De Berthe")
    assert "Somebody changed this while you had the form open." in page.text and "anna" not in errors(page)


def test_of_a_row_deleted_or_changed_meanwhile_it_says_who_did_it(anna, berthe):
    one, known = organisation(), cluster()
    Membership.objects.create(organisation=one, cluster=known, joined_on=date(2010, 1, 1))
    form = opened(berthe, one)
    saved(anna, one, opened(anna, one), **{"memberships-0-category": "D’Anna"})
    assert "was changed by anna on" in asked(berthe, one, form, **{"memberships-0-DELETE": "on"}).text
    saved(anna, one, opened(anna, one), **{"memberships-0-DELETE": "on"})
    assert "was deleted by anna on" in asked(berthe, one, form, **{"memberships-0-category": "De Berthe"}).text


def test_a_third_change_while_she_thinks_is_asked_about_again(anna, berthe):
    one = organisation("Avant")
    form = opened(berthe, one)
    saved(anna, one, opened(anna, one), name="Première")
    again = form_of(asked(berthe, one, form, name="De Berthe"))
    saved(anna, one, opened(anna, one), name="Deuxième")
    assert "Deuxième" in asked(berthe, one, again).text


def test_both_writing_the_same_is_no_question(anna, berthe):
    one = organisation("Avant")
    form = opened(berthe, one)
    saved(anna, one, opened(anna, one), name="Après")
    saved(berthe, one, form, name="Après", acronym="B")
    one.refresh_from_db()
    assert (one.name, one.acronym) == ("Après", "B")


def test_another_error_on_her_form_does_not_turn_back_what_others_saved(anna, berthe):
    one = organisation()
    form = opened(berthe, one, Company)
    saved(anna, one, opened(anna, one), description_fr="D’Anna.")
    page = asked(berthe, one, form, Company, siren="123456789")
    assert "is not a SIREN" in errors(page)
    saved(berthe, one, form_of(page), Company, siren="")
    one.refresh_from_db()
    assert one.description_fr == "D’Anna."


def test_a_form_opened_in_one_language_and_sent_in_the_other_changes_nothing_by_itself(anna, berthe):
    work = project(start=date(2020, 3, 1), total_cost=Decimal("1234567.50"))
    Funding.objects.create(project=work, programme=programme(), amount=Decimal("1234.50"), date=date(2020, 6, 1))
    french = {"accept-language": "fr"}
    form = form_of(berthe.get(address(work), headers=french))
    saved(anna, work, opened(anna, work), total_cost="2,345,678.50", **{"fundings-0-date": "2021-01-02"})
    saved(berthe, work, form, title_fr="Un titre", **{"fundings-0-amount": "2000,50"})
    work.refresh_from_db()
    funding = work.fundings.get()
    assert (work.start, work.total_cost, work.title_fr) == (date(2020, 3, 1), Decimal("2345678.50"), "Un titre")
    assert (funding.amount, funding.date) == (Decimal("2000.50"), date(2021, 1, 2))


def test_a_logo_replaced_by_two_is_asked_about(anna, berthe, settings, tmp_path):
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.MEDIA_ROOT = tmp_path
    one = organisation()
    form = opened(berthe, one)
    saved(anna, one, opened(anna, one), logo=SimpleUploadedFile("anna.png", picture()))
    saved(berthe, one, form, acronym="B")
    one.refresh_from_db()
    assert one.logo.name.endswith("anna.png"), "who chose no file changes none"
    page = asked(berthe, one, form, logo=SimpleUploadedFile("berthe.png", picture()))
    assert "anna.png" in errors(page)
    saved(berthe, one, form_of(page), logo=SimpleUploadedFile("berthe.png", picture()))
    one.refresh_from_db()
    assert one.logo.name.endswith("berthe.png")


# --- at the same moment -----------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("of", ["the record", "a row of it"])
def test_what_another_is_saving_at_this_moment_is_waited_for(berthe, of):
    one, known = organisation("Avant"), cluster()
    membership = Membership.objects.create(organisation=one, cluster=known, category="PME")
    form = opened(berthe, one)

    def save():
        try:
            name = "name" if of == "the record" else "memberships-0-category"
            return send(berthe, one, form, **{name: "De Berthe"})
        finally:
            connections.close_all()

    with ThreadPoolExecutor() as threads:
        with transaction.atomic():
            if of == "the record":
                Organisation.objects.filter(pk=one.pk).update(name="D’Anna")
            else:
                Membership.objects.filter(pk=membership.pk).update(category="D’Anna")
            saving = threads.submit(save)
            sleep(1)
            assert not saving.done()
        answer = saving.result()
    assert answer.status_code == 200 and "D’Anna" in errors(answer)


# --- rows -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def work():
    made = project()
    for number in range(3):
        partner = organisation(f"Partenaire {number}")
        Participation.objects.create(project=made, organisation=partner, cost=100, public_funding=10)
    return made


def costs(work) -> dict[str, object]:
    return {part.organisation.name: part.cost for part in work.participations.all()}


def index(form: dict, one) -> int:
    """At which place of the form a row stands."""
    prefix = "participations"
    return next(n for n in range(50) if form[f"{prefix}-{n}-id"] == str(one.pk))


def part(work, number: int) -> Participation:
    return work.participations.get(organisation__name=f"Partenaire {number}")


def test_rows_that_two_people_change_are_both_changed(anna, berthe, work):
    form = opened(berthe, work)
    saved(anna, work, opened(anna, work), **{f"participations-{index(form, part(work, 0))}-cost": "200"})
    saved(berthe, work, form, **{f"participations-{index(form, part(work, 2))}-cost": "300"})
    assert costs(work) == {"Partenaire 0": 200, "Partenaire 1": 100, "Partenaire 2": 300}
    assert history(work)["berthe"].startswith("Changed Cost for participation “Partenaire 2")


def test_the_same_value_written_otherwise_is_no_question(anna, berthe, work):
    form = opened(berthe, work)
    saved(anna, work, opened(anna, work), total_cost="2500000")
    saved(berthe, work, form, total_cost="2.5 M€", title_fr="Titre de Berthe")
    work.refresh_from_db()
    assert (work.total_cost, work.title_fr) == (2_500_000, "Titre de Berthe")


def test_two_boxes_of_one_row_are_both_changed_and_the_same_box_is_asked_about(anna, berthe, work):
    form = opened(berthe, work)
    place = f"participations-{index(form, part(work, 1))}"
    saved(anna, work, opened(anna, work), **{f"{place}-cost": "200"})
    saved(berthe, work, form, **{f"{place}-public_funding": "20"})
    assert (part(work, 1).cost, part(work, 1).public_funding) == (200, 20)
    page = asked(berthe, work, form, **{f"{place}-cost": "300"})
    assert "200.00" in page.text and part(work, 1).cost == 200
    saved(berthe, work, form_of(page))
    assert (part(work, 1).cost, part(work, 1).public_funding) == (300, 20)


def test_rows_that_two_people_add_are_both_there(anna, berthe, work):
    form = opened(berthe, work)
    for client, name, role in ((anna, "D’Anna", "coordinator"), (berthe, "De Berthe", "partner")):
        new = row("participations", 3, organisation=organisation(name).pk, role=role, cost="7")
        saved(client, work, form, **new)
    assert costs(work)["D’Anna"] == costs(work)["De Berthe"] == 7 and len(costs(work)) == 5


def test_rows_added_meanwhile_are_held_against_hers(anna, berthe, work):
    form = opened(berthe, work)
    saved(anna, work, form, **row("participations", 3, organisation=organisation("D’Anna").pk, role="coordinator"))
    new = row("participations", 3, organisation=organisation("De Berthe").pk, role="coordinator")
    page = asked(berthe, work, form, **new)
    assert "A project has one coordinator." in errors(page) and len(costs(work)) == 4


def test_a_row_deleted_meanwhile_is_quietly_gone_unless_she_wrote_in_it(anna, berthe, work):
    form = opened(berthe, work)
    gone = part(work, 1)
    place = f"participations-{index(form, gone)}"
    saved(anna, work, form, **{f"{place}-DELETE": "on"})
    saved(berthe, work, form, title_fr="Un titre")
    assert costs(work) == {"Partenaire 0": 100, "Partenaire 2": 100}
    saved(berthe, work, form, **{f"{place}-DELETE": "on"}, title_en="A title")
    page = asked(berthe, work, form, **{f"{place}-cost": "50"})
    assert "“Partenaire 1 · Partner” was deleted by anna on" in errors(page)
    assert len(costs(work)) == 2
    saved(berthe, work, form_of(page))
    assert costs(work)["Partenaire 1"] == 50 and len(costs(work)) == 3


def test_a_row_that_was_changed_is_not_deleted_unasked(anna, berthe, work):
    form = opened(berthe, work)
    place = f"participations-{index(form, part(work, 1))}"
    saved(anna, work, form, **{f"{place}-cost": "55"})
    page = asked(berthe, work, form, **{f"{place}-DELETE": "on"}, title_fr="Un titre")
    assert "“Partenaire 1 · Partner” was changed by anna on" in errors(page)
    assert costs(work)["Partenaire 1"] == 55
    again = form_of(page)
    assert again[f"{place}-cost"] == "55.00" and again[f"{place}-DELETE"] == "on"
    saved(berthe, work, again)
    work.refresh_from_db()
    assert "Partenaire 1" not in costs(work) and work.title_fr == "Un titre"


def test_a_membership_saved_on_its_own_page_stays(anna, berthe):
    one, known = organisation(), cluster()
    membership = Membership.objects.create(organisation=one, cluster=known, joined_on=date(2010, 1, 1))
    form = opened(berthe, one)
    saved(anna, membership, opened(anna, membership), left_on="2020-01-01")
    saved(berthe, one, form, acronym="B")
    membership.refresh_from_db()
    assert membership.left_on == date(2020, 1, 1)


def test_roles_of_a_person_are_no_exception(anna, berthe):
    user = Person.objects.create(username="cara")
    role = RoleAssignment.objects.create(user=user, role="network_editor", valid_from=date(2026, 1, 1))
    form = opened(berthe, user)
    saved(anna, user, form, **{"role_assignments-0-valid_until": "2026-06-30"})
    saved(berthe, user, form, email="cara@example.org")
    role.refresh_from_db()
    user.refresh_from_db()
    assert role.valid_until == date(2026, 6, 30) and user.email == "cara@example.org"
    page = asked(berthe, user, form, **{"role_assignments-0-valid_until": "2026-07-31"})
    assert "contested" in page.text


def test_whoever_only_reads_the_rows_of_others_saves_her_own(anna):
    keeper, mine = cluster("Minalogic", "MINALOGIC"), cluster("CARA", "CARA")
    one = organisation(lead_cluster=keeper)
    for known in (keeper, mine):
        Membership.objects.create(organisation=one, cluster=known, joined_on=date(2020, 1, 1))
    gone, moved = (Site.objects.create(organisation=one, department=places(), city=city) for city in ("Crolles", "Vif"))
    user = get_user_model().objects.create(username="editor")
    RoleAssignment.objects.create(user_id=user.pk, role="cluster_editor", cluster=mine)
    editor = Client(headers={"accept-language": "en"})
    editor.force_login(user)
    form = opened(editor, one)
    for name in [name for name in form if re.fullmatch(r"sites-\d-(?!id|organisation).*", name)]:
        del form[name]  # what is shown as text is not sent
    place = next(
        name[:-3]
        for name, value in opened(anna, one).items()
        if re.fullmatch(r"sites-\d-id", name) and value == str(gone.pk)
    )
    other = "sites-1" if place == "sites-0" else "sites-0"
    deleted = {f"{place}-DELETE": "on", f"{other}-city": "Voiron"}
    saved(anna, one, opened(anna, one), **deleted, **row("contacts", 0, name="D’Anna"))
    saved(editor, one, form, **{"memberships-0-category": "PME"}, **row("contacts", 0, name="Ada", cluster=mine.pk))
    assert one.memberships.get(cluster=mine).category == "PME"
    assert [(site.pk, site.city) for site in Site.objects.all()] == [(moved.pk, "Voiron")]
    assert set(ContactPerson.objects.values_list("name", "cluster")) == {("D’Anna", None), ("Ada", mine.pk)}


# --- what is no longer there, what was not given ------------------------------------------------------------------------
def test_a_record_deleted_meanwhile_is_named(anna, berthe):
    page = Page.objects.create(key="texte", title_fr="Un texte")
    one = Theme.objects.create(name_fr="Énergie", name_en="Energy", slug="energie")
    form = opened(berthe, one)
    anna.post(reverse("admin:members_theme_delete", args=[one.pk]), {"post": "yes"})
    answer = berthe.post(address(one), form | {"name_fr": "Énergies"}, follow=True)
    assert messages(answer) == ["Theme “Energy” was deleted meanwhile: nothing was saved."]
    assert berthe.post(address(one), form | {"given": "x"}).status_code == 404, "who was given nothing learns nothing"
    assert Page.objects.get() == page


@pytest.mark.parametrize("given", [None, "", "x", "x:y:z", "\0"])
def test_a_form_that_tells_not_what_it_gave_is_taken_as_it_is(berthe, given):
    one = organisation("Avant")
    form = opened(berthe, one)
    Organisation.objects.filter(pk=one.pk).update(acronym="X")
    saved(berthe, one, form, given=given, name="Après")
    one.refresh_from_db()
    assert (one.name, one.acronym) == ("Après", "")


def test_what_was_given_to_somebody_else_or_of_something_else_counts_for_nothing(anna, berthe):
    one, other = organisation("Une"), organisation("Autre")
    Organisation.objects.filter(pk=one.pk).update(acronym="X")
    theirs = opened(anna, one)["given"]
    of_other = opened(berthe, other)["given"]
    form = opened(berthe, one)
    for given in (theirs, of_other):
        Organisation.objects.filter(pk=one.pk).update(acronym="Y")
        saved(berthe, one, form, given=given, acronym="X")
        one.refresh_from_db()
        assert one.acronym == "X"


def test_a_new_form_gives_nothing(berthe):
    assert 'name="given"' not in berthe.get(reverse("admin:members_company_add")).text
    assert 'name="given"' not in berthe.get(reverse("admin:members_person_add")).text
