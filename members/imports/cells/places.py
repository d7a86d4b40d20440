"""Regions, departments, towns and countries by any of their names and codes, as the database has them."""

import csv
import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from cluster_portal.records.search import fold
from members.countries import HOME, country_code
from members.positions import CEDEX_OF_REUNION, TOWNS, department_of, is_french

from .repairs import BLANK, LONGEST_READ, Cell, Repair, RepairCode, problem, too_long
from .signs import FLOAT, Text

ABROAD = str(RepairCode.ABROAD)  # the code of the repair by which a cell that says "abroad" is known
DEPARTMENTS = Path(TOWNS).with_name("departments.csv")
# Regions before 2016, by the INSEE code of those that they are a part of today; and the codes that they had.
FORMER_REGIONS = {
    "alsace": "44", "champagne ardenne": "44", "lorraine": "44", "alsace champagne ardenne lorraine": "44", "acal": "44",
    "aquitaine": "75", "limousin": "75", "poitou charentes": "75", "aquitaine limousin poitou charentes": "75",
    "alpc": "75", "auvergne": "84", "rhone alpes": "84", "bourgogne": "27", "franche comte": "27", "centre": "24",
    "languedoc roussillon": "76", "midi pyrenees": "76", "languedoc roussillon midi pyrenees": "76", "lrmp": "76",
    "nord pas de calais": "32", "nord pas de calais picardie": "32", "picardie": "32", "npdc": "32",
    "basse normandie": "28", "haute normandie": "28",
}  # fmt: skip
FORMER_REGION_CODES = {
    "21": "44", "22": "32", "23": "28", "25": "28", "26": "27", "31": "32", "41": "44", "42": "44", "43": "27",
    "54": "75", "72": "75", "73": "76", "74": "75", "82": "84", "83": "84", "91": "76",
}  # fmt: skip
OTHER_NAMES_OF_REGIONS = {
    "idf": "11", "region parisienne": "11", "aura": "84", "paca": "93", "sud": "93", "provence alpes cote azur": "93",
    "bfc": "27", "hdf": "32", "cvl": "24", "centre val loire": "24", "pdl": "52", "pays de loire": "52", "naq": "75",
    "occ": "76", "nor": "28", "bre": "53", "ges": "44", "cor": "94", "collectivite de corse": "94",
    "brittany": "53", "normandy": "28", "corsica": "94", "burgundy franche comte": "27", "french guiana": "03",
    "occitanie pyrenees mediterranee": "76", "sud provence alpes cote d azur": "93", "reunion": "04",
    "guyane francaise": "03", "ile de la reunion": "04",
}  # fmt: skip
OTHER_NAMES_OF_DEPARTMENTS = {
    "cotes du nord": "22", "seine inferieure": "76", "loire inferieure": "44", "basses alpes": "04",
    "basses pyrenees": "64", "charente inferieure": "17", "seine et oise": "", "belfort": "90",
    "metropole de lyon": "69", "grand lyon": "69", "69m": "69", "69d": "69", "reunion": "974", "ile de la reunion": "974",
    "guyane francaise": "973", "ville de paris": "75", "lyon": "69", "polynesie": "987", "st barthelemy": "977",
    "wallis et futuna": "986", "saint pierre et miquelon": "975", "taaf": "984",
}  # fmt: skip
OUTSIDE = frozenset(["r00", "collectivites d outre mer", "collectivite d outre mer", "com", "outre mer", "tom"])
FOREIGN = frozenset("etranger abroad foreign hors france international r99 d999 99 999".split()) | {"hors france", "a l etranger"}  # fmt: skip
REGION_WORD = re.compile(r"^(?:la )?(?:region|regions)(?: (?:de la|de l|du|des|de|d|of))? ")
DEPARTMENT_WORD = re.compile(r"^(?:le )?(?:departement|department|dept|dpt|dep)(?: (?:de la|de l|du|des|de|d|of))? ")
ARTICLE = re.compile(r"^(?:la|le|les|l) ")
CODE = r"(?:[0-9]{1,3}|2[ab])"
CODED_DEPARTMENT = re.compile(rf"(?:fr |d)?(0?(?:{CODE}))")
BOTH = [re.compile(rf"(?P<name>.*[a-z]) (?P<code>{CODE})"), re.compile(rf"(?P<code>{CODE}) (?P<name>[a-z].*)")]
NUMBER_IN_TOWN = re.compile(r" (?:0?[0-9]{1,2})(?:e|er|eme|ieme|nd)?(?: arrondissement| arr)?$")
OTHER_COUNTRIES = {
    "france metropolitaine": "FR", "republique francaise": "FR", "fra": "FR", "uk": "GB", "u k": "GB", "gbr": "GB",
    "grande bretagne": "GB", "great britain": "GB", "angleterre": "GB", "england": "GB", "ecosse": "GB", "scotland": "GB",
    "pays de galles": "GB", "usa": "US", "u s a": "US", "etats unis": "US", "etats unis d amerique": "US",
    "united states": "US", "coree du sud": "KR", "south korea": "KR", "republique tcheque": "CZ", "czech republic": "CZ",
    "hollande": "NL", "holland": "NL", "the netherlands": "NL", "russie": "RU", "russia": "RU", "vietnam": "VN",
    "viet nam": "VN", "taiwan": "TW", "iran": "IR", "syrie": "SY", "moldavie": "MD", "bolivie": "BO", "venezuela": "VE",
    "cote d ivoire": "CI", "ivory coast": "CI", "turquie": "TR", "turkey": "TR", "emirats": "AE", "uae": "AE", "eau": "AE",
    "deutschland": "DE", "espana": "ES", "italia": "IT", "schweiz": "CH", "belgie": "BE", "nederland": "NL",
    "osterreich": "AT", "polska": "PL", "suomi": "FI", "sverige": "SE", "norge": "NO", "danmark": "DK", "macedoine": "MK",
}  # fmt: skip


@dataclass(frozen=True)
class _Place:
    pk: int
    name: str
    code: str


@cache
def _towns() -> dict[tuple[str, str], tuple[float, float]]:
    """(folded name, department) of each larger town: where its middle is."""
    with TOWNS.open(encoding="utf-8", newline="") as file:
        return {
            (fold(town["name"]), town["department"]): (float(town["latitude"]), float(town["longitude"]))
            for town in csv.DictReader(file)
        }


@cache
def _towns_without_department() -> dict[str, tuple[float, float] | None]:
    found: dict[str, tuple[float, float] | None] = {}
    for (name, _department), position in _towns().items():
        found[name] = None if name in found else position
    return found


@cache
def _centres() -> dict[str, tuple[float, float]]:
    """By department: the middle of the box of its larger towns."""
    towns: dict[str, list[tuple[float, float]]] = {}
    for (_name, department), position in _towns().items():
        towns.setdefault(department, []).append(position)
    return {
        department: (
            round((min(south for south, _west in places) + max(north for north, _east in places)) / 2, 5),
            round((min(west for _south, west in places) + max(east for _north, east in places)) / 2, 5),
        )
        for department, places in towns.items()
    }


@dataclass
class Places:
    """The places of the database, read once: ask ``Places.load()`` for them. Values are primary keys."""

    regions: list[_Place]
    departments: list[_Place]
    _known: dict[tuple[str, str], Cell] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "Places":
        from members.models import Department, Region

        return cls(
            [_Place(*row) for row in Region.objects.order_by("pk").values_list("pk", "name", "insee_code")],
            [_Place(*row) for row in Department.objects.order_by("pk").values_list("pk", "name", "insee_code")],
        )

    def _once(self, kind: str, text: str, read) -> Cell:
        if not text:
            return BLANK
        if len(text) > LONGEST_READ:
            return too_long(text, LONGEST_READ)
        found = self._known.get((kind, text))
        if found is None:
            found = read(text)
            if len(self._known) < 20_000:
                self._known[kind, text] = found
        return found

    # --- regions -------------------------------------------------------------------------------------------------

    @cached_property
    def _regions_by_code(self) -> dict[str, _Place]:
        return {place.code: place for place in self.regions}

    @cached_property
    def _regions_by_word(self) -> dict[str, tuple[_Place, str]]:
        """What may be written, folded and without blanks: the region, and the kind of repair that it takes."""
        found: dict[str, tuple[_Place, str]] = {}
        for names, kind in (
            ({fold(place.name): place.code for place in self.regions}, RepairCode.SPELLING),
            (self._iso_and_nuts, RepairCode.CODE),
            (OTHER_NAMES_OF_REGIONS, RepairCode.SPELLING),
            (FORMER_REGIONS, RepairCode.FORMER_NAME),
        ):
            for name, code in names.items():
                if code in self._regions_by_code:
                    found.setdefault(name.replace(" ", ""), (self._regions_by_code[code], str(kind)))
        for codes, kind in (({code: code for code in self._regions_by_code}, RepairCode.CODE), (FORMER_REGION_CODES, RepairCode.FORMER_NAME)):  # fmt: skip
            for old, code in codes.items():
                if code in self._regions_by_code:
                    for written in (old, f"r{old}"):
                        found.setdefault(written, (self._regions_by_code[code], str(kind)))
        return found

    @cached_property
    def _iso_and_nuts(self) -> dict[str, str]:
        from members.models import Region

        found: dict[str, str] = {}
        for code, iso, nuts in Region.objects.values_list("insee_code", "iso_code", "nuts_code"):
            for one in filter(None, (iso, iso.partition("-")[2], *nuts.split("|"))):
                found[fold(one)] = code
        return found

    def region(self, text: str) -> Cell:
        """By its name in any spelling, a name it had before 2016, an INSEE, ISO or NUTS code, "R11"."""
        return self._once("region", text, self._read_region)

    def _read_region(self, raw: str) -> Cell:
        text = Text(raw)
        if not text.value:
            return Cell(None, text.done)
        exact = next((place for place in self.regions if place.name == text.value), None)
        if exact:
            return Cell(exact.pk, text.done)
        word = fold(FLOAT.sub(r"\1", text.value))
        if word in FOREIGN:
            return Cell(None, (*text.done, Repair(ABROAD, text.value, "")))
        if word in OUTSIDE:
            return Cell(None, (*text.done, Repair(str(RepairCode.NO_REGION), text.value, "")))
        word = REGION_WORD.sub("", word)
        if re.fullmatch("r?[0-9]", word):
            word = f"{word[:-1]}0{word[-1]}"
        for written in (word, ARTICLE.sub("", word), f"la {word}"):
            if found := self._regions_by_word.get(written.replace(" ", "")):
                place, kind = found
                return Cell(place.pk, (*text.done, Repair(kind, text.value, place.name)))
        return problem("cell-region", raw.strip(), text.done)

    # --- departments ---------------------------------------------------------------------------------------------

    @cached_property
    def _departments_by_code(self) -> dict[str, _Place]:
        return {place.code: place for place in self.departments}

    @cached_property
    def _departments_by_word(self) -> dict[str, _Place]:
        found = {fold(place.name).replace(" ", ""): place for place in self.departments}
        for name, code in OTHER_NAMES_OF_DEPARTMENTS.items():
            if code in self._departments_by_code:
                found.setdefault(name.replace(" ", ""), self._departments_by_code[code])
        return found

    def department(self, text: str) -> Cell:
        """By its name, its code with or without its zero, "D075", "Rhône (69)", "69 - Rhône"."""
        return self._once("department", text, self._read_department)

    def _read_department(self, raw: str) -> Cell:
        text = Text(raw)
        if not text.value:
            return Cell(None, text.done)
        if text.value in self._departments_by_code:
            return Cell(self._departments_by_code[text.value].pk, text.done)
        exact = next((place for place in self.departments if place.name == text.value), None)
        if exact:
            return Cell(exact.pk, text.done)
        text.whole_again()
        word = DEPARTMENT_WORD.sub("", fold(text.value))
        if word in FOREIGN:
            return Cell(None, (*text.done, Repair(ABROAD, text.value, "")))
        if written := CODED_DEPARTMENT.fullmatch(word):
            place, kind = self._of_code(written[1]), RepairCode.CODE
            if place and text.value.isdecimal() and place.code == text.value.zfill(len(place.code)):
                kind = RepairCode.LEADING_ZEROS
        else:
            place, kind = self._of_name(word), RepairCode.SPELLING
            both = next((found for pattern in BOTH if (found := pattern.fullmatch(word))), None)
            if place is None and both:
                place, named = self._of_code(both["code"]), self._of_name(both["name"])
                if place and named and place != named:
                    return problem("cell-two-departments", raw.strip(), text.done)
                if named is None:
                    place = None
        if place is None:
            return problem("cell-department", raw.strip(), text.done)
        return Cell(place.pk, (*text.done, Repair(str(kind), text.value, f"{place.name} ({place.code})")))

    def _of_code(self, written: str) -> _Place | None:
        code = written.upper()
        for one in (code, code.lstrip("0").zfill(2)):
            if one in self._departments_by_code:
                return self._departments_by_code[one]
        return None

    def _of_name(self, word: str) -> _Place | None:
        for written in (word, ARTICLE.sub("", word), f"la {word}"):
            if found := self._departments_by_word.get(written.replace(" ", "")):
                return found
        return None

    def department_code(self, pk: int) -> str:
        return self._codes_by_pk[pk]

    @cached_property
    def _codes_by_pk(self) -> dict[int, str]:
        return {place.pk: place.code for place in self.departments}

    def of_postcode(self, postcode: str) -> Cell:
        """The department that a French postcode is in, those of CEDEX included; blank where it is not known."""
        return self._once("postcode", postcode, self._of_postcode)

    def _of_postcode(self, postcode: str) -> Cell:
        if not is_french(postcode):
            return BLANK
        place = self._departments_by_code.get(department_of(postcode))
        if place is None:
            return BLANK
        if postcode.startswith(CEDEX_OF_REUNION) and place.code == "974":
            return Cell(place.pk, (Repair(str(RepairCode.SPECIAL_CEDEX), postcode, f"{place.name} ({place.code})"),))
        return Cell(place.pk)

    # --- middles -------------------------------------------------------------------------------------------------

    def centre_of_town(self, city: str, department: int | None = None) -> tuple[float, float] | None:
        """(latitude, longitude) of one of the larger towns; without its department, if only one has the name."""
        word = fold(city)
        for written in (word, NUMBER_IN_TOWN.sub("", word)):
            if department is not None:
                if found := _towns().get((written, self._codes_by_pk.get(department, ""))):
                    return found
            elif found := _towns_without_department().get(written):
                return found
        return None

    def centre_of_department(self, department: int) -> tuple[float, float] | None:
        """The middle of its larger towns; nothing where none is known."""
        return _centres().get(self._codes_by_pk.get(department, ""))

    # --- countries -----------------------------------------------------------------------------------------------

    def country(self, text: str) -> Cell:
        """The ISO 3166 code of a country by its name in either language or a code; of places of France, France."""
        return self._once("country", text, self._read_country)

    def _read_country(self, raw: str) -> Cell:
        text = Text(raw)
        if not text.value:
            return Cell(None, text.done)
        word = fold(text.value)
        code = country_code(text.value) or OTHER_COUNTRIES.get(word, "") or _by_three_letters().get(word, "")
        if not code and (self._of_name(word) or word.replace(" ", "") in self._regions_by_word):
            code = HOME  # overseas, which some files have as countries
        if not code:
            return problem("cell-country", raw.strip(), text.done)
        if code != text.value and not country_code(text.value):  # its name, in either language, is no repair
            text.change(RepairCode.CODE if len(text.value) <= 3 else RepairCode.SPELLING, code)
        return Cell(code, text.done)


@cache
def _by_three_letters() -> dict[str, str]:
    from django_countries import countries

    return {countries.alpha3(code).lower(): code for code in countries.countries}
