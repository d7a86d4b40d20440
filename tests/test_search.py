"""Search as people type: every way of writing a word finds the same members."""

import random

import pytest
from django.db import connection
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import escape

from cluster_portal.models import SearchWord
from cluster_portal.records.search import clean_query, fold
from members.listings import MemberListing
from members.models import (
    Cluster,
    ClusterName,
    ContactPerson,
    Department,
    FurtherNumber,
    Membership,
    Organisation,
    OrganisationName,
    Region,
    SearchDocument,
    Site,
    Theme,
    UnitNumber,
)
from projects.models import Project


def found(words: str) -> list[str]:
    """Names of all that a search for these words lists, the best first."""
    params = QueryDict(mutable=True)
    params["q"] = words
    listing = MemberListing.asked(params, "/")
    listing.page_size = 10_000
    names = dict(Organisation.objects.values_list("pk", "name"))
    return [names[pk] for pk in listing.page_ids]


def member(name: str, *, cluster="cara", **values) -> Organisation:
    values = {"kind": "company", "status": "published", "slug": f"own-{fold(name).replace(' ', '-')[:90]}", **values}
    organisation = Organisation.objects.create(name=name, **values)
    Membership.objects.create(organisation=organisation, cluster=Cluster.objects.get(slug=cluster))
    return organisation


@pytest.mark.parametrize("words", ["électricité", "electricite", "ELECTRICITE", "Électricités", " electricité  "])
def test_accents_case_plural_and_blanks_do_not_matter(network, words):
    one = member("Quorvex", description_fr="Nous produisons de l’électricité verte.")
    assert one.name in found(words)


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("VEHICULE ELECTRIQUE", "véhicules électriques"),  # “véhicule” is in a cluster’s name too
        ("matériau", "materiaux"),
        ("laboratoire", "laboratoires"),
        ("côte", "COTES"),  # in the names of regions
        ("réseau", "réseaux"),
    ],
)
def test_singular_and_plural_find_the_same_members_wherever_the_word_is(network, one, many):
    assert set(found(one)) == set(found(many)) != set()


@pytest.mark.parametrize("words", ["l'innovation", "l’innovation", "innovations", "INNOVATION", "l innovation"])
def test_both_apostrophes_find_the_same(network, words):
    member("Agence de l’innovation du Quorvex")
    member("Maison de l'innovation du Quorvex")
    assert len([name for name in found(f"{words} quorvex") if "Quorvex" in name]) == 2


@pytest.mark.parametrize("words", ["ST Screen", "S.T. Screen", "s.t. screen co", "st. screen", "ST-Screen"])
def test_punctuation_does_not_matter(network, words):
    member("S.T. Screen Co.")
    assert "S.T. Screen Co." in found(words)


@pytest.mark.parametrize("words", ["R&D", "r & d", "Ahm'Édia", "ahm edia", "Ahm’édia R&D"])
def test_initials_and_ampersands(network, words):
    member("Ahm’Édia R&D", description_fr="R & D appliquée")
    assert "Ahm’Édia R&D" in found(words)


@pytest.mark.parametrize("words", ["saint etienne", "St-Étienne", "Saint-Étienne", "st etienne", "SAINT ÉTIENNE"])
def test_every_way_of_writing_the_town_finds_it(network, words):
    one = member("Quorvex")
    Site.objects.create(organisation=one, city="Saint-Étienne", department=Department.objects.get(insee_code="42"))
    assert "Quorvex" in found(words)


def test_strasbourg_is_never_rewritten(network):
    assert fold("Strasbourg") == "strasbourg" and fold("Stéphane Esterel") == "stephane esterel"
    one = member("Quorvex")
    Site.objects.create(organisation=one, city="Strasbourg", department=Department.objects.get(insee_code="67"))
    assert "Quorvex" in found("strasbourg") and "Quorvex" not in found("saintrasbourg")


@pytest.mark.parametrize("words", ["552 100 554", "552100554", "552\u202f100\u202f554", "552.100.554", " 552 100 554 "])
def test_a_siren_typed_with_blanks_works(network, words):
    member("Quorvex", siren="552100554")
    assert found(words)[0] == "Quorvex"


@pytest.mark.parametrize("words", ["552 100 554 00013", "55210055400013"])
def test_a_siret_finds_its_organisation(network, words):
    one = member("Quorvex")
    Site.objects.create(
        organisation=one, city="Poissy", department=Department.objects.get(insee_code="78"), siret="55210055400013"
    )
    assert found(words) == ["Quorvex"]


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("ror_id", "02feahw73", "institution"),
        ("rnsr_id", "199111950H", "laboratory"),
        ("uai_code", "0751717J", "institution"),
    ],
)
def test_other_identifiers_find_their_organisation(network, field, value, kind):
    member("Quorvex", kind=kind, **{field: value})
    assert found(value) == ["Quorvex"]


def test_a_query_of_two_letters_works(network):
    member("Quorvex Énergie", acronym="QZ")
    assert found("qz") == ["Quorvex Énergie"]


def test_an_exact_acronym_ranks_first_without_flooding(network):
    for town in ("Rennes", "Lyon", "Nantes", "Brest", "Rouen"):
        member(f"Centre hospitalier universitaire de {town}", acronym="CHU", kind="institution")
    member("Compagnie des hangars", description_fr="Le CHU est notre client ; le CHU et encore le CHU, un CHU.")
    member("Bureau CHUZ")
    rows = found("CHU Rennes")
    assert rows[0] == "Centre hospitalier universitaire de Rennes"
    assert not any(town in name for name in rows for town in ("Lyon", "Nantes", "Brest", "Rouen"))
    rows = found("CHU")
    assert all("universitaire" in name for name in rows[:5]) and "Compagnie des hangars" in rows[5:]


def test_names_rank_above_descriptions(network):
    member("Zéphyr", description_fr="quorvexia " * 40)
    member("Zéphyr deux", description_fr="Atelier de quorvexia, quorvexia et quorvexia")
    member("Atelier de mécanique générale quorvexia du centre")
    assert found("quorvexia")[0] == "Atelier de mécanique générale quorvexia du centre"


def test_a_word_of_an_address_does_not_outrank_a_word_of_a_name(network):
    place = Department.objects.get(insee_code="59")
    for number in range(3):
        one = member(f"Atelier {number}")
        Site.objects.create(
            organisation=one, city="Leclerc", name="Leclerc", address="12 rue du général Leclerc", department=place
        )
    member("Distribution Leclerc")
    described = member("Zébulon", description_fr="Fournisseur de Leclerc")
    rows = found("leclerc")
    assert rows[0] == "Distribution Leclerc"
    assert rows.index(described.name) < min(rows.index(name) for name in rows if name.startswith("Atelier "))


def test_former_names_find_their_organisation_and_rank_as_names(network):
    one = member("Quorvex")
    OrganisationName.objects.create(organisation=one, name="Établissements Zyblor", kind="former")
    member("Autre", description_fr="Zyblor fut notre fournisseur")
    assert found("zyblor") == ["Quorvex", "Autre"]


def test_the_name_of_a_former_cluster_finds_the_members_of_its_successor(network):
    """LUTB became CARA."""
    one = member("Quorvex")
    assert "Quorvex" in found("LUTB") and "Quorvex" in found("cara")
    Membership.objects.filter(organisation=one).delete()
    assert "Quorvex" not in found("LUTB")


def test_theme_and_domain_words_find_their_members_in_both_languages(network):
    theme = Theme.objects.exclude(parent=None).exclude(name_en="").first()
    one = member("Quorvex")
    one.themes.add(theme)
    for words in (theme.name_fr, theme.name_en, theme.parent.name_fr, theme.parent.name_en):
        assert "Quorvex" in found(words), words


def test_french_and_english_texts_are_found_each_by_its_own_grammar(network):
    member("Quorvex", description_fr="Des véhicules électriques", description_en="Batteries for driving vehicles")
    for words in ("véhicule électrique", "VEHICULES", "battery", "drives", "vehicle"):
        assert "Quorvex" in found(words), words


def test_every_word_must_be_found(network):
    member("Quorvex Zyblor")
    assert found("quorvex zyblor") and found("quorvex")
    assert found("quorvex introuvablement") == []


@pytest.mark.parametrize("words", ["le", "the", "de la", "IT", "et", "!!!", "'", "\x00", "   ", "&|!():*<->"])
def test_words_that_say_nothing_never_fail(network, words):
    member("IT Quorvex", acronym="IT")
    rows = found(words)
    if words == "IT":
        assert "IT Quorvex" in rows


def test_contacts_are_never_searched_not_even_public_ones(network):
    one = member("Quorvex")
    for name, agreed in (("Zyblorine Private", None), ("Zyblorette Public", "2026-01-01")):
        ContactPerson.objects.create(
            organisation=one, name=name, role="Zyblorfonction", email="zyblor@mail.example", agreed_on=agreed
        )
    one.email, one.phone = "zyblor@quorvex.example", "+33199009900"
    one.save()
    for words in ("zyblorine", "zyblorette", "zyblorfonction", "zyblor", "mail", "01 99 00 99 00", "+33199009900"):
        assert "Quorvex" not in found(words), words
    assert not SearchWord.objects.filter(word__startswith="zyblor").exists()


def test_drafts_are_not_searched_and_no_suggestion_betrays_their_words(network):
    """The vocabulary may know the word of a draft; a visitor must not learn it."""
    member("Quorvex", status="draft", description_fr="Secretissimation")
    assert found("quorvex") == [] and found("secretissimation") == []
    for words in ("secretissimatiom", "secret issimation", "quorvexsecretissimation"):
        listing = MemberListing.asked(QueryDict(f"q={words}"), "/")
        assert listing.suggestion is None and not listing.ranked and not listing.as_typed


@pytest.mark.parametrize("hidden", ["quorvexobian", "quorvexobianu"])
def test_a_draft_changes_no_suggestion(network, hidden):
    """Neither its own word nor one that is nearer than the public one: the silence would tell that it is there."""
    member("Quorvex", description_fr="Un quorvexobium public.")

    def answered():
        return MemberListing.asked(QueryDict("q=quorvexobian avec la"), "/").answer.words

    assert answered() == "quorvexobium avec la"
    member("Zyblor", status="draft", description_fr=hidden)
    assert SearchWord.objects.filter(word=hidden).exists()
    assert answered() == "quorvexobium avec la"


@pytest.mark.parametrize(
    ("typed", "meant"), [("entreprize", "entreprise"), ("hydrogéne", "hydrogène"), ("bateries", "batteries")]
)
def test_a_typing_mistake_gets_a_suggestion_that_finds_something(network, client, typed, meant):
    member("Quorvex", description_fr="Une entreprise de batteries à hydrogène.")
    if fold(typed) == fold(meant):  # the accent alone: no mistake at all
        assert "Quorvex" in found(typed)
        return
    response = client.get(reverse("members:organisation-list"), {"q": typed})
    listing, page = response.context["listing"], response.content.decode()
    assert fold(listing.answer.words) == fold(meant) and "Quorvex" in found(typed)
    assert (
        f"“{listing.answer.words}”" in page
        or f"« {listing.answer.words} »".replace(" ", "\u00a0") in page
        or meant in page
    )
    assert escape(listing.as_typed) in page
    as_typed = client.get(listing.as_typed).context["listing"]
    assert as_typed.total == 0 and fold(as_typed.suggestion["text"]) == fold(meant)
    assert client.get(as_typed.suggestion["url"]).context["listing"].total > 0


@pytest.mark.parametrize(
    "typed", ["NANOLKIE", "nanolie", "Nanolikee", "nanolyke", "nano like", "NANO-LIKE", "nanolikes"]
)
def test_a_name_is_found_a_letter_away_and_in_one_word_or_two(network, typed):
    member("Nanolike")
    member("Nano")
    assert found(typed)[0] == "Nanolike"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Créations Zyblor", "CRETAIONS zyblor"),
        ("BioMEMS Zyblor", "bio mems zyblor"),
        ("Quorvex Zyblors", "quorvexzyblors"),
        ("Zyblor Quorvexien de l’Œuvre", "zyblor quorvexiendeloeuvre"),
        ("Creacell", "crea cell"),
    ],
)
def test_words_are_joined_and_split_as_names_are(network, name, typed):
    member(name)
    assert found(typed)[0] == name


def test_joined_words_are_found_beside_those_that_have_both_words(network):
    for number in range(7):
        member(f"Zyblor {number}", description_fr="Bio, mems.")
    member("BioMEMS")
    assert found("bio mems")[0] == "BioMEMS" and len(found("bio mems")) >= 8


def test_a_correction_is_made_for_the_whole_query(network):
    member("Zyblorine Quorvex")
    member("Zyblorane")
    assert found("zyblorene quorvex") == ["Zyblorine Quorvex"]
    assert found("zyblorene quorvex introuvablement") == []


def test_what_was_typed_between_quotation_marks_is_never_read_otherwise(network):
    member("Quorvex")
    assert found("quorvxe") == ["Quorvex"] and found('"quorvxe"') == []


def test_a_rare_word_beside_a_far_likelier_one_is_found_and_the_other_offered(network):
    for number in range(9):
        member(f"Zyblorvision {number}")
    member("Atelier", description_fr="Zyblorvisioon.")
    listing = MemberListing.asked(QueryDict("q=zyblorvisioon"), "/")
    assert found("zyblorvisioon") == ["Atelier"] and listing.suggestion["text"] == "zyblorvision"
    member("Zyblorvisioon")
    assert MemberListing.asked(QueryDict("q=zyblorvisioon"), "/").suggestion is None  # a name is meant


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Zyblor", "ets Zyblor|Zyblor sas|établissements Zyblor|ZYBLOR S.A.R.L."),
        ("Établissements Zyblor SAS", "ets zyblor|zyblor|zyblor sarl"),
        ("Université de Zyblorie", "univ zyblorie|université zyblorie"),
        ("Laboratoire d’informatique de Zyblor", "labo informatique zyblor"),
        ("École supérieure de chimie de Zyblor", "ecole sup chimie zyblor"),
    ],
)
def test_legal_forms_do_not_matter_and_abbreviations_are_understood(network, name, words):
    member(name)
    for typed in words.split("|"):
        assert found(typed)[0] == name, typed


@pytest.mark.parametrize("typed", ["UMR5506", "UMR 5506", "umr-5506", "Umr.5506"])
@pytest.mark.parametrize("written", ["UMR 5506", "UMR5506", "UMR-5506"])
def test_letters_and_digits_are_one_word_or_two(network, written, typed):
    one = member("Quorvex", kind="laboratory")
    OrganisationName.objects.create(organisation=one, name=written)
    assert found(typed) == ["Quorvex"]


@pytest.mark.parametrize("typed", ["Q Z Y", "Q.Z.Y.", "q. z. y.", "QZY", "Q & Z & Y", "q&z&y"])
@pytest.mark.parametrize("written", ["Q.Z.Y.", "QZY", "Q Z Y", "Q&Z&Y"])
def test_initials_are_closed_by_blanks_dots_and_ampersands_alike(network, written, typed):
    member(f"{written} Technologies")
    assert found(f"{typed} technologies")[0] == f"{written} Technologies"


def test_words_that_a_language_calls_empty_mean_something_here(network):
    navy = member("École navale", acronym="EN", kind="institution")
    Site.objects.create(organisation=navy, city="Brest", department=Department.objects.get(insee_code="29"))
    imaging = member("Imagerie artificielle", acronym="AI")
    Site.objects.create(organisation=imaging, city="Lyon", department=Department.objects.get(insee_code="69"))
    for number in range(6):
        other = member(
            f"Grand Brest {number}", description_fr="En grand, grand et grand : il a de l’IT, c’est grand à Lyon."
        )
        Site.objects.create(organisation=other, city="Brest", department=Department.objects.get(insee_code="29"))
    there = member("Quorvex")
    Site.objects.create(organisation=there, city="Metz", department=Department.objects.get(insee_code="57"))
    assert found("EN Brest")[0] == "École navale" and found("AI Lyon")[0] == "Imagerie artificielle"
    assert "Quorvex" in found("Grand Est") and not any("Brest" in name for name in found("Grand Est"))
    alps = {
        organisation.name
        for organisation in Organisation.objects.filter(sites__department__region__slug="auvergne-rhone-alpes")
    }
    assert alps & set(found("AURA"))
    member("Informatique Zyblor", acronym="IT")
    assert found("IT")[0] == "Informatique Zyblor"


@pytest.mark.parametrize(
    ("name", "typed"),
    [("Алгоритм", "алгоритм"), ("Ω", "ω"), ("株式会社", "株式会社"), ("🚀", "🚀"), ("→", "→"), ("Ελλάς ΑΕ", "ελλασ")],
)
def test_names_in_other_scripts_and_signs_are_found_by_themselves(network, client, name, typed):
    member(name, slug="own-other-script")
    assert found(typed) == [name]
    groups = client.get(reverse("suggest"), {"q": typed}).json()["groups"]
    assert name in [item["label"] for group in groups for item in group["items"]]


def test_a_query_that_finds_something_gets_no_suggestion(network):
    member("Quorvex")
    assert MemberListing.asked(QueryDict("q=quorvex"), "/").suggestion is None
    assert MemberListing.asked(QueryDict("q=zzzzqqqqxxxx"), "/").suggestion is None


def test_a_query_is_cleaned_before_it_is_asked():
    assert clean_query("  a\x00b   c ") == "a b c"
    assert len(clean_query("é" * 10_000)) == 200
    assert clean_query("12 345") == "12 345"


@pytest.mark.parametrize(
    "words",
    [
        "442701132", "442-701-132", "442.701.132", "SIREN 442701132", "siren : 442 701 132", "FR12442701132", "FR 12 442 701 132",
        "TVA FR12442701132", "44270113200049", "SIRET 442 701 132 00049", "siret:442-701-132-00049",
        "https://annuaire.example/fr/membres/own-horus/", "/en/members/own-horus/?from=list#h-sites",
    ],
)  # fmt: skip
def test_a_number_in_any_dress_and_the_address_of_the_page_find_the_one_row(network, words):
    one = member("Horus", siren="442701132", slug="own-horus")
    Site.objects.create(organisation=one, city="Zyblor", siret="44270113200049")
    member("Horus Quorvex", slug="own-horus-quorvex", description_fr="siren tva annuaire horus fr 12")
    assert found(words) == ["Horus"]


def test_the_address_of_another_page_leads_there_in_the_language_of_the_visitor(network, client):
    work = Project.objects.create(acronym="ZYBLOR", title_fr="Zyblor", slug="zyblor", status="published")
    cara, project = "/fr/clusters/cara/", f"/fr/projets/{work.slug}/"
    pasted = {
        "/en/clusters/cara/": cara, "https://annuaire.example/fr/clusters/cara": cara,
        "https://annuaire.example/en/projects/zyblor/?from=list#h-partners": project,
        "https://annuaire.example/fr/regions/bretagne/": "/fr/regions/bretagne/",
    }  # fmt: skip
    for words, page in pasted.items():
        for a_list in ("/fr/membres/", "/fr/projets/"):
            answer = client.get(a_list, {"q": words})
            assert (answer.status_code, answer.get("Location")) == (302, page), (a_list, words)
    part = client.get("/fr/membres/", {"q": "/en/clusters/cara/"}, headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == cara
    former = member("Horus", slug="ancien-horus")
    Organisation.objects.filter(pk=former.pk).update(slug="horus")
    answer = client.get("/fr/membres/", {"q": "/fr/membres/ancien-horus/"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/fr/membres/horus/"


@pytest.mark.parametrize(
    "words",
    ["/fr/nulle-part/x/", "/fr/clusters/", "/membres/cara/", "https://[::1/fr/clusters/cara/", "//", "/admin/", "cara"],
)
def test_what_is_no_address_of_a_row_is_searched_as_words(network, client, words):
    assert client.get("/fr/membres/", {"q": words}).status_code == 200


@pytest.mark.parametrize(
    "words",
    [
        "199111950H", "199111950h", "RNSR 199111950H", "rnsr n° 199111950h", "1991-11950 H", "02feahw73", "ROR 02feahw73",
        "https://ror.org/02feahw73", "ror.org/02FEAHW73", "http://ror.org/02feahw73/",
    ],
)  # fmt: skip
def test_the_numbers_of_a_laboratory_are_found_in_any_dress(network, words):
    member("Labo Zyblor", kind="laboratory", rnsr_id="199111950H", ror_id="02feahw73")
    assert found(words) == ["Labo Zyblor"]


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("uai", "0751717J", "UAI 075 1717 J"),
        ("siren", "180089013", "180 089 013"),
        ("ror", "02feahw73", "https://ror.org/02feahw73"),
        ("rnsr", "199111950H", "199111950h"),
    ],
)
def test_every_official_number_is_found_the_second_too(network, kind, value, words):
    one = member("Institut Zyblor", kind="institution", uai_code="0690192J", siren="552100554")
    FurtherNumber.objects.create(organisation=one, kind=kind, value=value)
    assert found(words) == found("552100554") == ["Institut Zyblor"]


@pytest.mark.parametrize(
    "words", ["UMR5506", "UMR 5506", "umr-5506", "umr5506", "UMR n° 5506", "UMR CNRS 5506", "cnrs umr5506"]
)
def test_a_unit_number_is_found_in_any_dress_with_the_supervisor_between(network, words):
    one, other = (member(f"Labo {name}", kind="laboratory") for name in ("Zyblor", "Quorvex"))
    UnitNumber.objects.create(organisation=one, label="UMR", number="5506")
    UnitNumber.objects.create(organisation=other, label="UMR", number="5507")
    cnrs = member("Centre national de la recherche scientifique", acronym="CNRS", kind="institution")
    one.supervisors.add(cnrs)
    other.supervisors.add(cnrs)
    assert found(words) == ["Labo Zyblor"]


@pytest.mark.parametrize(
    ("label", "number", "words"),
    [
        ("U", "1292", ["U1292", "U 1292", "u-1292"]),
        ("EA", "1496", ["EA1496", "EA 1496"]),
        ("UMR_S", "1144", ["UMR_S 1144", "UMRS1144", "UMR-S 1144", "UMR1144", "UMR S1144", "UMR_S1144"]),
    ],
)
def test_every_label_of_units_is_found_joined_and_apart(network, label, number, words):
    one = member("Labo Zyblor", kind="laboratory")
    UnitNumber.objects.create(organisation=one, label=label, number=number)
    for typed in words:
        assert found(typed)[:1] == ["Labo Zyblor"], typed


def test_a_laboratory_is_found_by_those_that_supervise_it_as_long_as_they_are_public(network):
    one = member("Labo Zyblor", kind="laboratory")
    body = member("Université de Quorvexie", acronym="UQX", kind="institution")
    one.supervisors.add(body)
    assert found("quorvexie") == found("UQX") == ["Université de Quorvexie", "Labo Zyblor"]
    Organisation.objects.filter(pk=body.pk).update(status="draft")
    assert found("quorvexie") == []


def test_noumea_and_a_region_alone_are_found(network):
    there, somewhere = member("Zyblor"), member("Quorvex")
    Site.objects.create(organisation=there, city="Nouméa", department=Department.objects.get(insee_code="988"))
    Site.objects.create(organisation=somewhere, region=Region.objects.get(slug="bretagne"))
    assert "Zyblor" in found("noumea") and found("zyblor nouvelle-calédonie") == ["Zyblor"]
    assert found("quorvex bretagne") == ["Quorvex"]


# Folding ------------------------------------------------------------------------------------------------


def folded_by_the_database(texts: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT portal_fold(text) FROM unnest(%s::text[]) WITH ORDINALITY AS t(text, n) ORDER BY n", [texts]
        )
        return [row[0] for row in cursor.fetchall()]


def test_the_database_and_the_program_fold_the_texts_of_the_network_alike(network):
    texts = [
        text
        for row in Organisation.objects.values_list("name", "acronym", "description_fr", "description_en")
        for text in row
    ]
    texts += [t for row in Theme.objects.values_list("name_fr", "name_en") for t in row]
    texts += list(Site.objects.values_list("city", flat=True)) + list(Region.objects.values_list("name", flat=True))
    texts += list(Cluster.objects.values_list("name", flat=True)) + list(
        ClusterName.objects.values_list("name", flat=True)
    )
    assert [fold(text) for text in texts] == folded_by_the_database(texts)


def test_they_fold_every_character_alike(db):
    """Of the basic plane, alone and between letters."""
    characters = [chr(code) for code in range(1, 0x10000) if not 0xD800 <= code < 0xE000]
    texts = [f"{c} x{c}y" for c in characters]
    differing = {
        hex(ord(c)): (fold(text), theirs)
        for c, text, theirs in zip(characters, texts, folded_by_the_database(texts), strict=True)
        if fold(text) != theirs
    }
    assert not differing, (len(differing), dict(list(differing.items())[:20]))


def test_they_fold_random_unicode_alike(db):
    rng = random.Random(11)
    alphabet = "aéÉœŒß st.ST&.-'’_ste  S.T.0123ªº²½№ﬁİıŁΩжﾊ漢\u0301\u0327\u00ad\u200b\u202f😀"
    texts = ["".join(rng.choices(alphabet, k=rng.randrange(0, 24))) for _ in range(4000)]
    ours = [fold(text) for text in texts]
    assert ours == folded_by_the_database(texts)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Cœur d’Œuvre", "coeur d oeuvre"),
        ("S.T. Screen Co.", "saint screen co"),
        ("Ste-Foy, St Étienne", "sainte foy saint etienne"),
        ("CO₂ & H²", "co2 h2"),
        ("  Ça  va ? ", "ca va"),
        ("A.B.C. d'e", "abc d e"),
        ("M C C, H & H, l’A. R. D.", "mcc hh l ard"),
        ("Ωμέγα Мы", "u3c9u3bcu3b5u3b3u3b1 u43cu44b"),
        ("株式会社・トヨタ", "u682au5f0fu4f1au793e u30c8u30e8u30bf"),
        ("Fusée 🚀", "fusee"),
        ("🚀 🌍", "u1f680 u1f30d"),
        ("— ! …", ""),
        ("", ""),
    ],
)
def test_folding_by_example(db, text, folded):
    assert fold(text) == folded == folded_by_the_database([text])[0]


# The documents tell the truth, whatever is done to the rows ------------------------------------------


def documents() -> dict:
    return {pk: (str(doc), names) for pk, doc, names in SearchDocument.objects.values_list("pk", "document", "names")}


def assert_documents_are_true() -> None:
    kept = documents()
    assert set(kept) == set(Organisation.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT members_refresh_documents(NULL)")
    assert documents() == kept


def test_the_documents_of_the_network_are_what_the_triggers_would_write(network):
    assert_documents_are_true()


def lie_by_a_departure_that_is_announced():
    Membership.objects.filter(pk__lt=40).update(joined_on=None, left_on="2090-01-01")


def lie_by_bulk_update():
    Organisation.objects.filter(pk__lt=60).update(name="Renommée", description_fr="zyblor")
    Organisation.objects.bulk_update([Organisation(pk=70, acronym="ZYB")], ["acronym"])


def lie_by_moving_a_site():
    site = Site.objects.first()
    other = Organisation.objects.exclude(pk=site.organisation_id).filter(sites=None).first()
    Site.objects.filter(pk=site.pk).update(organisation=other, city="Zyblorville", siret="")


def lie_by_renaming_the_vocabulary():
    for theme in Theme.objects.filter(parent=None)[:2]:
        Theme.objects.filter(pk=theme.pk).update(name_fr=f"Zyblor {theme.pk}", name_en=f"Quorvex {theme.pk}")
    child = Theme.objects.exclude(parent=None).first()
    Theme.objects.filter(pk=child.pk).update(parent=Theme.objects.filter(parent=None).last())


def lie_by_renaming_places():
    Region.objects.filter(slug="bretagne").update(name="Zyblorie")
    Department.objects.filter(insee_code="69").update(name="Quorvexie")
    Department.objects.filter(insee_code="38").update(region=Region.objects.get(slug="corse"))


def lie_by_renaming_and_archiving_clusters():
    Cluster.objects.filter(slug="cara").update(name="Zyblor", acronym="ZYB")
    Cluster.objects.exclude(slug="cara").filter(memberships__isnull=False).update(status="archived")


def lie_by_moving_the_name_of_a_cluster():
    name = ClusterName.objects.filter(cluster__memberships__isnull=False).first()
    ClusterName.objects.filter(pk=name.pk).update(
        cluster=Cluster.objects.filter(memberships__isnull=False).exclude(pk=name.cluster_id).first()
    )


def lie_by_ending_and_moving_memberships():
    Membership.objects.filter(pk__lt=40, joined_on__lt="2020-01-01", left_on=None).update(left_on="2021-01-01")
    organisation = Organisation.objects.filter(memberships=None).first()
    Membership.objects.filter(pk=Membership.objects.filter(left_on=None).last().pk).update(organisation=organisation)


def lie_by_deleting():
    Theme.objects.filter(parent__isnull=False, organisations__isnull=False).first().delete()
    Site.objects.filter(organisation_id__lt=80).delete()
    cluster = Cluster.objects.create(name="Zyblor", slug="zyblor", status="published")
    Membership.objects.bulk_create(Membership(organisation_id=pk, cluster=cluster) for pk in range(100, 120))
    cluster.delete()
    Organisation.objects.filter(participations=None, pk__lt=40).delete()
    OrganisationName.objects.all().delete()


def lie_by_supervising():
    bodies = list(Organisation.objects.filter(supervised__isnull=False).distinct()[:4])
    Organisation.objects.filter(pk=bodies[0].pk).update(name="Zyblor", acronym="ZYB")
    Organisation.objects.filter(pk=bodies[1].pk).update(status="draft")
    bodies[2].supervised.clear()
    links = Organisation.supervisors.through.objects.filter(to_organisation=bodies[3])
    laboratory = Organisation.objects.filter(kind="company").first()
    links.filter(pk=links.first().pk).update(from_organisation=laboratory)


def lie_by_numbers():
    laboratories = Organisation.objects.filter(kind="laboratory").order_by("pk")
    UnitNumber.objects.filter(organisation__in=laboratories[:3]).delete()
    UnitNumber.objects.filter(organisation=laboratories[5]).update(organisation=laboratories[6], label="UZY")
    FurtherNumber.objects.create(organisation=laboratories[7], kind="uai", value="0751717J")
    Organisation.objects.filter(pk=laboratories[8].pk).update(slug="zyblor-quorvex")


def lie_by_knowing_less_of_a_place():
    sites = Site.objects.filter(department__isnull=False).order_by("pk")
    Site.objects.filter(pk__in=sites[:3].values("pk")).update(department=None)
    Site.objects.filter(pk=sites[4].pk).update(department=None, region=Region.objects.get(slug="corse"))
    Site.objects.filter(pk=sites[5].pk).update(department=None, region=None, siret="", country="DE")


def lie_by_raw_sql():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM members_organisation_themes WHERE organisation_id < 90")
        cursor.execute("UPDATE members_organisation SET siren = '', ror_id = '' WHERE id < 90")
        cursor.execute("UPDATE members_site SET postcode = '99999' WHERE id < 90")


def lie_by_truncating():
    with connection.cursor() as cursor:
        for table in ("site", "organisation_themes", "organisationname", "membership", "clustername", "unitnumber"):
            cursor.execute(f"TRUNCATE members_{table}")


LIES = [value for name, value in list(globals().items()) if name.startswith("lie_by")]


@pytest.mark.parametrize("lie", LIES, ids=[lie.__name__.removeprefix("lie_") for lie in LIES])
def test_no_change_makes_the_documents_lie(network, lie):
    with connection.cursor() as cursor:  # so that only this change can be wrong
        cursor.execute("SELECT members_refresh_documents(NULL)")
    lie()
    assert_documents_are_true()
