"""How alike two names are, to whoever would take one for the other: without case, accents, legal forms, and by what tells
an organisation from others of its sort."""

import re
from difflib import SequenceMatcher

from cluster_portal.records.search import fold

FORMS = "sas|sasu|sarl|sa|eurl|sci|scop|se|gie|inc|ltd|gmbh"
LEGAL_FORMS = re.compile(rf"\b({FORMS})\b")
NEAR = 0.86  # of the letters; "Helioss" is near "Helios", "Helium" is not
# What an organisation is, and the small words between: half the names of a network begin with one of them.
OF_A_SORT = frozenset(
    "agence association atelier ateliers bureau cabinet centre chambre college compagnie comite conseil ecole "
    "entreprise entreprises equipe ets etablissement etablissements faculte federation fondation groupe groupement "
    "institut laboratoire labo lycee maison office plateforme pole recherche recherches reseau service services "
    "societe superieure superieur syndicat union unite universite univ university institute laboratory school "
    "national nationale regional regionale departement france a au aux d de des du en et l la le les of pour sur the "
    "and for".split()
)


def likeness(one: str, other: str) -> float:
    """Of the whole names and of what tells them from others of their sort: whichever is less."""
    return min(_ratio(one, other), _ratio(_telling(one), _telling(other)))


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one.replace(" ", ""), other.replace(" ", ""), autojunk=False).ratio()


def _telling(name: str) -> str:
    return " ".join(word for word in name.split() if word not in OF_A_SORT) or name


def bare_name(name: str) -> str:
    folded = fold(name)
    return " ".join(LEGAL_FORMS.sub(" ", folded).split()) or folded
