"""What the texts of a column become: kinds, sizes, themes, regions as people write them, proposed and never decided."""

import re
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import override

from cluster_portal.records.search import fold
from members.models import Theme
from members.models.organisations import Headcount, InstitutionType, Kind, Size
from members.models.sites import Site

from .cells import Places

CHOICES = {
    "kind": Kind,
    "size": Size,
    "headcount": Headcount,
    "institution_type": InstitutionType,
    "precision": Site.Precision,
}
# How people say it beside the labels of the portal; folded.
SAID: dict[str, dict[str, str]] = {
    "kind": {
        **dict.fromkeys(
            "entreprise entreprises societe societes company companies firme pme tpe eti startup start-up sas sarl sa industriel industriels"
            " prive grand-groupe groupe".replace("-", " ").split(),
            Kind.COMPANY.value,
        ),
        **dict.fromkeys(("start up", "grand groupe", "grande entreprise", "privee"), Kind.COMPANY.value),
        **dict.fromkeys(
            ("laboratoire", "laboratoires", "labo", "unite de recherche", "laboratoire de recherche", "laboratory", "lab",
             "research unit", "umr", "equipe de recherche", "centre de recherche"),
            Kind.LABORATORY.value,
        ),
        **dict.fromkeys(
            ("institution", "etablissement", "etablissements", "ecole", "universite", "formation", "collectivite", "organisme",
             "institutionnel", "association", "federation", "hopital", "chu", "organisme de formation", "academique",
             "etablissement d enseignement", "etablissement d enseignement superieur", "institution publique", "support",
             "university", "school", "public", "organisme de recherche", "centre technique", "financeur"),
            Kind.INSTITUTION.value,
        ),
    },
    "size": {
        **dict.fromkeys(("tpe", "micro", "microentreprise", "micro entreprise", "mic", "very small", "moins de 10"), Size.MICRO.value),
        **dict.fromkeys(("pme", "petite et moyenne entreprise", "sme", "petite", "moyenne", "small", "medium"), Size.SME.value),
        **dict.fromkeys(("eti", "entreprise de taille intermediaire", "mid cap", "midcap", "intermediaire"), Size.MIDCAP.value),
        **dict.fromkeys(("ge", "grande entreprise", "grand groupe", "groupe", "gg", "large", "grande"), Size.LARGE.value),
    },
    "institution_type": {
        **dict.fromkeys(
            ("universite", "university", "ecole", "grande ecole", "enseignement superieur", "school", "grand etablissement",
             "etablissement d enseignement superieur", "ecole d ingenieurs", "iut", "autre etablissement", "regroupement"),
            InstitutionType.HIGHER_EDUCATION.value,
        ),
        **dict.fromkeys(("epst", "organisme de recherche", "organisme national de recherche", "research body"), InstitutionType.RESEARCH_BODY.value),
        **dict.fromkeys(("chu", "hopital", "hospital", "centre hospitalier", "clinique"), InstitutionType.HOSPITAL.value),
        **dict.fromkeys(("centre technique", "cti", "crt", "crt cti", "technical centre", "plateforme technologique"), InstitutionType.TECHNICAL_CENTRE.value),
        **dict.fromkeys(("formation", "organisme de formation", "cfa", "training", "lycee"), InstitutionType.TRAINING.value),
        **dict.fromkeys(("collectivite", "collectivite territoriale", "etat", "region", "metropole", "ville", "authority", "administration"), InstitutionType.AUTHORITY.value),
        **dict.fromkeys(("reseau", "association", "federation", "cci", "support", "incubateur", "pole", "cluster", "syndicat"), InstitutionType.SUPPORT.value),
        **dict.fromkeys(("fondation", "foundation"), InstitutionType.FOUNDATION.value),
        **dict.fromkeys(("financeur", "banque", "fonds", "funder", "investisseur"), InstitutionType.FUNDER.value),
    },
    "headcount": {},
    "precision": {
        **dict.fromkeys(("adresse", "rue", "housenumber", "street"), Site.Precision.ADDRESS.value),
        **dict.fromkeys(("ville", "commune", "municipality", "town"), Site.Precision.CITY.value),
    },
}  # fmt: skip
BANDS = [  # the first number of people of each band
    (0, Headcount.NONE), (1, Headcount.B1), (3, Headcount.B3), (6, Headcount.B6), (10, Headcount.B10), (20, Headcount.B20),
    (50, Headcount.B50), (100, Headcount.B100), (200, Headcount.B200), (250, Headcount.B250), (500, Headcount.B500),
    (1000, Headcount.B1000), (2000, Headcount.B2000), (5000, Headcount.B5000), (10000, Headcount.B10000),
]  # fmt: skip
CATEGORY_LENGTH = 60


class Proposals:
    """What the texts of the chosen fields seem to mean; ``None`` where nothing is near enough."""

    def __init__(self) -> None:
        self.places = Places.load()
        self.themes: dict[str, list[int]] = {}
        for pk, *names in Theme.objects.values_list("pk", "name_fr", "name_en"):
            for name in filter(None, names):
                self.themes.setdefault(_plain(name), []).append(pk)

    def of(self, name: str, text: str) -> Any:
        """A code, a primary key, a list of them (themes), or the text itself (categories)."""
        if name == "themes":
            return self.themes.get(_plain(text))
        if name == "region":
            return self.places.region(text).value
        if name == "category":
            return text if len(text) <= CATEGORY_LENGTH else None
        return choice(name, text)


def choice(name: str, text: str) -> str | None:
    """The code of one of the portal's choices that a text names."""
    plain = fold(text)
    known = _labels(name)
    if plain in known:
        return known[plain]
    if name == "headcount":
        return band(text)
    return None


def band(text: str) -> str | None:
    """The band of the register in which a number of people, or "10 à 19 salariés", lies."""
    numbers = [
        int(number) for number in re.findall(r"\d+", re.sub(r"(?<=\d)[\s.,\u202f\u00a0](?=\d{3}(?!\d))", "", text))
    ]
    if not numbers or len(numbers) > 2:
        return None
    of = [max((least, code.value) for least, code in BANDS if least <= number)[1] for number in numbers]
    return of[0] if of[0] == of[-1] or len(numbers) == 1 else None


@cache
def _labels(name: str) -> dict[str, str]:
    known = dict(SAID[name])
    for language, _name in settings.LANGUAGES:
        with override(language):
            known |= {fold(str(label)): value for value, label in CHOICES[name].choices}
    known |= {value: value for value in CHOICES[name].values}
    return known


def _plain(text: str) -> str:
    return " ".join(word[:-1] if len(word) > 3 and word[-1] in "sx" else word for word in fold(text).split())


def readable(name: str, value: Any) -> str:
    """What a mapped value is called on the pages."""
    if name in CHOICES:
        return str(dict(CHOICES[name].choices).get(value, value))
    return str(value)
