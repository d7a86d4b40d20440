"""What a column of a file can hold: the fields of a member, and the headers by which people name them.

The names are those of ``members.columns``, so that what was exported is understood when it comes back.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from cluster_portal.records.search import fold
from members.columns import EVERY_ORGANISATION_COLUMN

LEFT_OUT = ""  # what stands for a column that is not read


@dataclass(frozen=True, slots=True)
class Field:
    """``many``: several columns may fill it, and a cell may hold several. ``chosen``: what stands in its cells is mapped
    to what the portal knows. ``of``: the heading under which it is offered."""

    name: str
    label: Any
    of: Any
    aliases: tuple[str, ...] = ()
    many: bool = False
    chosen: bool = False


IDENTITY = pgettext_lazy("fields of a file", "What it is")
NUMBERS = pgettext_lazy("fields of a file", "Official numbers")
WORK = pgettext_lazy("fields of a file", "What it does")
PLACE = pgettext_lazy("fields of a file", "Where it is")
MEMBERSHIP = pgettext_lazy("fields of a file", "Membership")
CONTACT = pgettext_lazy("fields of a file", "Contact person")

FIELDS: tuple[Field, ...] = (
    Field(
        "name", _("name"), IDENTITY,
        ("raison sociale", "denomination", "denomination sociale", "nom", "nom complet", "nom de l entreprise", "nom de la structure",
         "nom de l organisation", "nom organisation", "nom entreprise", "entreprise", "societe", "structure", "organisme", "etablissement",
         "libelle", "nom usuel", "membre", "adherent", "member", "organisation", "organization", "company", "company name",
         "organisation name", "legal name", "intitule", "denomination usuelle", "nom officiel", "name of the organisation"),
    ),
    Field("acronym", _("acronym"), IDENTITY, ("sigle", "acronyme", "abreviation", "abbreviation", "short name acronym")),
    Field("former_names", _("former names"), IDENTITY, ("ancien nom", "anciens noms", "ancienne denomination", "former name", "previous name"), many=True),
    Field("trade_names", _("trade names"), IDENTITY, ("nom commercial", "enseigne", "nom court", "marque", "autre nom", "trade name", "other name", "brand", "short name", "nom d usage"), many=True),
    Field("kind", _("kind"), IDENTITY, ("nature", "type", "type de membre", "type de structure", "type d organisation", "type d acteur", "genre", "organisation type", "kind of organisation"), chosen=True),
    Field("slug", _("page address"), IDENTITY, ("adresse de page", "identifiant portail", "slug", "page address")),
    Field("closed_on", _("closed on"), IDENTITY, ("date de fermeture", "date de cessation", "cessation", "fermee le", "closing date")),
    Field("siren", "SIREN", NUMBERS, ("n siren", "no siren", "numero siren", "code siren", "siren number", "num siren"), many=True),
    Field("siret", "SIRET", NUMBERS, ("n siret", "no siret", "numero siret", "code siret", "siret number", "num siret", "siret du siege", "siret siege"), many=True),
    Field("uai_code", "UAI", NUMBERS, ("uai identifiant", "code uai", "uai", "rne", "code rne", "numero uai", "uai code"), many=True),
    Field("rnsr_id", "RNSR", NUMBERS, ("numero rnsr", "rnsr", "identifiant rnsr", "numero national de structure", "rnsr number", "code rnsr"), many=True),
    Field("ror_id", "ROR", NUMBERS, ("identifiant ror", "ror", "ror id", "element ror", "ror number"), many=True),
    Field("unit_numbers", _("unit numbers"), NUMBERS, ("numero d unite", "code unite", "label numero", "label et numero", "unite", "unit number", "code de l unite", "numero et label"), many=True),
    Field("unit_labels", _("unit labels (UMR, EA...)"), NUMBERS, ("label", "label unite", "type d unite", "label de l unite", "unit label"), many=True),
    Field("themes", _("themes"), WORK, ("theme", "thematique", "domaine", "domaine d activite", "filiere", "secteur", "secteur d activite", "univers", "marche", "axe thematique", "das", "topic", "domain", "sector", "field"), many=True, chosen=True),
    Field("size", _("size"), WORK, ("taille", "taille d entreprise", "categorie d entreprise", "categorie entreprise", "company size"), chosen=True),
    Field("naf_code", _("NAF code"), WORK, ("naf", "code naf", "ape", "code ape", "code naf ape", "activite principale", "naf code", "nace")),
    Field("headcount", _("headcount"), WORK, ("effectif", "tranche d effectif", "tranche effectif", "nombre de salaries", "salaries", "employees", "staff", "number of employees", "tranche effectifs"), chosen=True),
    Field("institution_type", _("type of institution"), WORK, ("type d etablissement", "type d institution", "institution type"), chosen=True),
    Field("supervisors", _("supervising bodies"), WORK, ("tutelle", "etablissement tutelle", "organisme de tutelle", "rattachement", "supervisor", "supervising body", "tutelle sigle", "libelle tutelle"), many=True),
    Field("founding_year", _("founding year"), WORK, ("annee de creation", "date de creation", "creation", "date creation", "annee creation", "founded", "year founded", "creation date", "founding date", "annee de fondation")),
    Field("description_fr", _("description in French"), WORK, ("description", "presentation", "activite", "description de l activite", "resume", "descriptif", "objet", "description francais")),
    Field("description_en", _("description in English"), WORK, ("description anglais", "english description", "presentation en anglais")),
    Field("website", _("website"), WORK, ("site internet", "site web", "site", "url", "web", "adresse web", "www", "web site", "homepage", "lien", "url du site")),
    Field("email", _("general e-mail"), WORK, ("email", "courriel", "mail", "e mail", "email general", "adresse email", "courriel general", "general email", "adresse mail", "email contact general")),
    Field("phone", _("general phone"), WORK, ("telephone", "tel", "numero de telephone", "phone", "standard", "phone number", "telephone general")),
    Field("national", _("works nationwide"), WORK, ("portee nationale", "national")),
    Field("address", _("address"), PLACE, ("adresse", "adresse postale", "rue", "voie", "adresse 1", "street", "street address", "adresse complete", "numero et voie", "adresse du siege")),
    Field("postcode", _("postcode"), PLACE, ("cp", "code postal", "zip", "zip code", "postal code", "code post")),
    Field("city", _("town"), PLACE, ("ville", "commune", "localite", "city", "libelle commune", "ville du siege", "town city")),
    Field("department", _("department"), PLACE, ("departement", "code departement", "dept", "dep", "numero de departement", "departement du siege")),
    Field("region", _("region"), PLACE, ("region", "nouvelle region", "region administrative", "libelle region", "code region", "region du siege"), chosen=True),
    Field("country", _("country"), PLACE, ("pays", "country")),
    Field("coordinates", _("latitude and longitude"), PLACE, ("geolocalisation", "geolocetablissement", "coordonnees", "latitude longitude", "lat lon", "lat long", "lat lng", "gps", "coordonnees gps", "geo point", "geopoint", "position", "geo point 2d", "geolocation", "coordinates")),
    Field("latitude", _("latitude"), PLACE, ("lat", "y latitude", "coordonnee y", "latitude wgs84")),
    Field("longitude", _("longitude"), PLACE, ("lon", "long", "lng", "x longitude", "coordonnee x", "longitude wgs84")),
    Field("precision", _("precision of the coordinates"), PLACE, ("precision",), chosen=True),
    Field("category", _("category of the membership"), MEMBERSHIP, ("categorie", "college", "categorie d adherent", "categorie de membre", "type d adhesion", "type d adherent", "membership category", "category"), chosen=True),
    Field("joined_on", _("joined on"), MEMBERSHIP, ("date d adhesion", "adhesion", "date adhesion", "membre depuis", "adherent depuis", "date d entree", "entree", "member since", "join date", "joined", "since", "annee d adhesion")),
    Field("left_on", _("left on"), MEMBERSHIP, ("date de sortie", "date de depart", "sortie", "fin d adhesion", "date de fin d adhesion", "left", "end of membership", "leaving date", "date de radiation")),
    Field("contact_name", _("name of the contact person"), CONTACT, ("contact", "nom du contact", "nom contact", "interlocuteur", "referent", "contact principal", "contact name", "contact person", "dirigeant", "nom prenom")),
    Field("contact_role", _("role of the contact person"), CONTACT, ("fonction", "fonction du contact", "fonction contact", "poste", "contact role", "job title", "function", "titre", "qualite")),
    Field("contact_email", _("e-mail of the contact person"), CONTACT, ("email du contact", "courriel du contact", "mail contact", "mail du contact", "email contact", "contact email", "courriel contact", "e mail contact", "e mail du contact")),
    Field("contact_phone", _("phone of the contact person"), CONTACT, ("telephone du contact", "telephone contact", "tel contact", "mobile", "portable", "contact phone", "tel du contact")),
)  # fmt: skip
BY_NAME = {field.name: field for field in FIELDS}
IDENTIFYING = ("name", "siren", "siret", "uai_code", "rnsr_id", "ror_id", "slug")
# What an exported list holds besides, and nobody brings in: it is said to be left out, and not taken for anything else.
NOT_BROUGHT_IN = ("status", "clusters", "verified_on", "verified_by", "verified_source", "further_numbers")
NUMBERED = re.compile(r"(?: n)? ?\d+$")
ARTICLES = re.compile(r"\b(?:de|du|des|d|la|le|les|l|of|the)\b ?")


def folded_header(header: str) -> str:
    """A header as its name is compared: “N° SIRET”, "no_siret" and "numéros SIRET" are near enough to be one."""
    return re.sub(r"[^a-z0-9]+", " ", fold(header.replace("_", " ").replace("°", " "))).strip()


def bare_header(header: str) -> str:
    """Without the number of a parallel column ("theme 2"), plurals and the small words between."""
    words = ARTICLES.sub("", NUMBERED.sub("", folded_header(header))).split()
    return " ".join(word[:-1] if len(word) > 3 and word[-1] in "sx" else word for word in words)


@cache
def _headers(fields: tuple[Field, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """Folded header -> field, exactly and without plurals; labels first, in each language of the site."""
    exact: dict[str, str] = {}
    names = {field.name for field in fields}
    for field in fields:
        exact.setdefault(folded_header(field.name), field.name)
    for language, _name in settings.LANGUAGES:  # as an export calls them
        with override(language):
            for column in EVERY_ORGANISATION_COLUMN:
                if column.name in names:
                    exact.setdefault(folded_header(str(column.label)), column.name)
    for field in fields:
        for language, _name in settings.LANGUAGES:
            with override(language):
                exact.setdefault(folded_header(str(field.label)), field.name)
    for field in fields:
        for alias in field.aliases:
            exact.setdefault(folded_header(alias), field.name)
    loose: dict[str, str] = {}
    for header, name in exact.items():
        loose.setdefault(bare_header(header), name)
    return exact, loose


def by_name(header: str, fields: tuple[Field, ...] = FIELDS) -> str:
    """The field that a header names, or none."""
    exact, loose = _headers(fields)
    return exact.get(folded_header(header)) or loose.get(bare_header(header), LEFT_OUT)


Guess = Callable[[Sequence[str]], str]


def propose(
    headers: Sequence[str],
    samples: Sequence[Sequence[str]],
    fields: tuple[Field, ...] = FIELDS,
    by_contents: Guess | None = None,
    never: Iterable[str] = (),
) -> list[str]:
    """For each column the field that it seems to hold, by its name and else by what stands in it; a field that holds one
    value gets one column. ``samples``: the cells of each column, not of each row. ``never``: headers that are left out."""
    known = {field.name: field for field in fields}
    proposed = [LEFT_OUT] * len(headers)
    taken: set[str] = set()
    left = {folded_header(header) for header in never}

    def take(index: int, name: str) -> None:
        if name and (known[name].many or name not in taken) and proposed[index] == LEFT_OUT:
            proposed[index] = name
            taken.add(name)

    exact, _loose = _headers(fields)
    for index, header in enumerate(headers):  # the surest first
        if folded_header(header) not in left:
            take(index, exact.get(folded_header(header), LEFT_OUT))
    for index, header in enumerate(headers):
        if folded_header(header) not in left:
            take(index, by_name(header, fields))
    if by_contents:
        for index, header in enumerate(headers):
            if proposed[index] == LEFT_OUT and folded_header(header) not in left:
                take(index, by_contents(samples[index]))
    return proposed
