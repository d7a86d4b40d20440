"""What the State's search of companies says of an organisation, asked by its official number.

It is asked only where the operator says so (``COMPANY_SEARCH_URL``), and told nothing but the number.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from cluster_portal.exchange.asking import NoAnswer, Service, Why
from members.identifiers import compact, validate_naf, validate_siren, validate_siret
from members.imports.cells import read_capitals
from members.models.organisations import Headcount, Size
from members.positions import department_of, is_french, near

SECONDS = 6  # for one question
LONGEST_ANSWER = 1024 * 1024
APART = 0.15  # seconds from one question to the next: the service takes seven in a second from one address
CATEGORIES = {"PME": Size.SME, "ETI": Size.MIDCAP, "GE": Size.LARGE}
FEW = (Headcount.NONE, Headcount.B1, Headcount.B3, Headcount.B6)  # fewer than ten people
STREET = ("numero_voie", "indice_repetition", "type_voie", "libelle_voie")


@dataclass(frozen=True)
class Entry:
    """As the portal would write it; blank is what the register does not say, or does not show."""

    siren: str
    name: str = ""
    naf_code: str = ""
    headcount: str = ""
    size: str = ""
    closed: bool = False
    closed_on: date | None = None
    siret: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    position: tuple[str, str] | None = None


def is_asked() -> bool:
    return bool(settings.COMPANY_SEARCH_URL)


def look_up(number: str, seconds: float = SECONDS) -> Entry | None:
    """By a SIREN or a SIRET, whose own place it is then; nothing where the register has none. Raises ``NoAnswer``."""
    number = compact(number)
    siren = number[:9]
    try:
        validate_siren(siren)
        if siret := number[9:] and number:
            validate_siret(siret)
    except ValidationError:
        return None
    service = Service(settings.COMPANY_SEARCH_URL, seconds=min(max(seconds, 0.1), SECONDS), most=LONGEST_ANSWER)
    answer = service.json("/search", q=number)
    found = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise NoAnswer(Why.UNREAD)
    return next((_entry(one, siren, siret) for one in found if one.get("siren") == siren), None)


def look_up_many(numbers: Iterable[str], seconds: float) -> Iterator[Entry | NoAnswer | None]:
    """For each in turn what ``look_up`` says. Once nobody answers, or the time is over, nobody is asked any more."""
    ends = time.monotonic() + seconds
    silent: NoAnswer | None = None
    for count, number in enumerate(numbers):
        if count and not silent:
            time.sleep(APART)
        left = ends - time.monotonic()
        if left <= 0:
            silent = silent or NoAnswer(Why.SLOW)
        if silent:
            yield silent
            continue
        try:
            yield look_up(number, left)
        except NoAnswer as error:
            if error.why in (Why.AWAY, Why.SLOW, Why.BUSY):
                silent = error
            yield error


def _entry(one: dict[str, Any], siren: str, siret: str) -> Entry:
    place = _place(one, siret)
    postcode = _text(place, "code_postal")
    headcount = _text(one, "tranche_effectif_salarie")
    headcount = headcount if headcount in Headcount.values else ""
    size = CATEGORIES.get(_text(one, "categorie_entreprise"), "")
    if size == Size.SME and headcount in FEW:
        size = ""  # or a micro-enterprise, which the register counts with them
    closed = _text(one, "etat_administratif") == "C"
    return Entry(
        siren=siren,
        name=_name(one),
        naf_code=_naf(_text(one, "activite_principale")),
        headcount=headcount,
        size=str(size),
        closed=closed,
        closed_on=_day(_text(one, "date_fermeture")) if closed else None,
        siret=_siret(_text(place, "siret"), siren),
        address=_address(place, postcode),
        postcode=postcode if is_french(postcode) else "",
        city=_small(_text(place, "libelle_commune"), 80),
        position=_position(place, postcode),
    )


def _place(one: dict[str, Any], siret: str) -> dict[str, Any]:
    """The establishment that was asked for, or else the head office."""
    others = one.get("matching_etablissements")
    places = [one.get("siege"), *(others if isinstance(others, list) else [])]
    known = [place for place in places if isinstance(place, dict)]
    if siret:
        return next((place for place in known if place.get("siret") == siret), {})
    return known[0] if known and known[0] is one.get("siege") else {}


def _text(of: dict[str, Any], name: str) -> str:
    """Blank too where somebody asked not to be shown, which is written in brackets."""
    value = of.get(name)
    text = " ".join(str(value).split()) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return "" if text.startswith("[") else text


def _name(one: dict[str, Any]) -> str:
    return _small(_text(one, "nom_raison_sociale") or _text(one, "nom_complet"), 250)


def _small(text: str, most: int) -> str:
    """The register writes in capitals."""
    cell = read_capitals(text, most)
    return cell.value if isinstance(cell.value, str) and not cell.problem else ""


def _naf(code: str) -> str:
    try:
        validate_naf(code)
    except ValidationError:  # of another revision of the list
        return ""
    return code


def _siret(number: str, siren: str) -> str:
    try:
        validate_siret(number)
    except ValidationError:
        return ""
    return number if number.startswith(siren) else ""


def _address(place: dict[str, Any], postcode: str) -> str:
    """The line of the street, without the postcode and the town."""
    parts = " ".join(filter(None, (_text(place, name) for name in STREET)))
    whole = _text(place, "adresse")
    if not parts and postcode and postcode in whole:
        parts = whole.rpartition(postcode)[0]
    return _small(parts.strip(" ,"), 200)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _position(place: dict[str, Any], postcode: str) -> tuple[str, str] | None:
    """Where it is, if that is in the department of its postcode."""
    try:
        latitude, longitude = float(str(place.get("latitude"))), float(str(place.get("longitude")))
    except ValueError:
        return None
    if not (is_french(postcode) and abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    if not near(department_of(postcode), latitude, longitude):
        return None
    return f"{latitude:.5f}", f"{longitude:.5f}"
