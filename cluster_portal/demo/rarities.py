"""What is rare in a real network and must be seen in an invented one: places known in part, abroad or overseas, several
establishments in one town, unit numbers, second official numbers, long supervision, long descriptions.

Drawn beside the rest, so that a share changed here leaves everything else as it was.
"""

from random import Random

from members.countries import HOME
from members.models import Department

from . import numbers
from .ground import Draw, Town
from .names import address

TOWNS_ABROAD = {
    "DE": ("Munich", "80331"), "IT": ("Turin", "10121"), "ES": ("Bilbao", "48001"), "BE": ("Louvain", "3000"),
    "CH": ("Lausanne", "1003"), "NL": ("Eindhoven", "5611 AB"), "PT": ("Porto", "4000-123"), "SE": ("Göteborg", "411 05"),
    "AT": ("Graz", "8010"), "IE": ("Cork", "T12 XY88"), "PL": ("Cracovie", "30-001"), "FI": ("Oulu", "90100"),
    "GB": ("Bristol", "BS1 4DJ"), "CZ": ("Brno", "602 00"), "DK": ("Aarhus", "8000"), "LU": ("Luxembourg", "1118"),
    "CA": ("Montréal", "H2X 1Y4"),
}  # fmt: skip
OVERSEAS = [("988", "Nouméa", "98800"), ("987", "Papeete", "98713"), ("975", "Saint-Pierre", "97500")]
UNITS = Draw(["UMR", "UR", "U", "UAR", "UPR", "EA", "UMR_S", "ERL"], [52, 14, 12, 8, 5, 4, 4, 1])
EMPLOYERS = {"UMR", "UAR", "UPR", "ERL"}  # labels of the national research body


class Rarities:
    def __init__(self, rng: Random):
        self.rng = rng
        self.overseas = dict(Department.objects.filter(region=None).values_list("insee_code", "pk"))
        self.units = self.seconds = 0

    def sites(self, ident: int, country: str, rows: list[tuple], towns: list[Town]) -> list[tuple]:
        """The sites that an organisation has, some of them known less well, or elsewhere."""
        rng, draw = self.rng, self.rng.random()
        if country != HOME:
            city, postcode = TOWNS_ABROAD[country]
            return [_site(ident, city=city, postcode=postcode, country=country)] if draw < 0.8 else rows
        if not towns:
            return rows
        if draw < 0.012:
            return [_site(ident, region=towns[0].region), *rows[1:]]
        if draw < 0.016:
            return [_site(ident, city=towns[0].name), *rows[1:]]
        if draw < 0.020 and self.overseas:
            code, city, postcode = rng.choice(OVERSEAS)
            return [_site(ident, city=city, postcode=postcode, department=self.overseas[code]), *rows[1:]]
        if draw < 0.022:
            abroad = rng.choice(list(TOWNS_ABROAD))
            city, postcode = TOWNS_ABROAD[abroad]
            return [*rows, _site(ident, city=city, postcode=postcode, country=abroad, head_office=False)]
        if draw < 0.034:  # a second and a third establishment in the town of the first
            place = {"city": towns[0].name, "postcode": towns[0].postcode, "department": towns[0].department}
            further = ("Atelier", address(rng)), ("", address(rng))
            return [
                *rows,
                *(_site(ident, name=name, address=at, head_office=False, **place) for name, at in further),
            ]
        return rows

    def unit_numbers(self) -> list[tuple[str, str]]:
        """(label, number): five digits, where none that is given has more than four."""
        rng = self.rng
        labels = [UNITS(rng) for _ in range(rng.choices((0, 1, 2), (12, 80, 8))[0])]
        return [(label, self._unit()) for label in dict.fromkeys(labels)]

    def _unit(self) -> str:
        self.units += 1
        return f"{90_000 + self.units * 7919 % 10_000}"

    def supervisors(
        self, chosen: set[int], units: list[tuple[str, str]], national: list[int], all_of: list[int]
    ) -> set[int]:
        """The national research body has its part in most units that bear its labels; one laboratory in a hundred has
        more than ten."""
        rng = self.rng
        if national and EMPLOYERS & {label for label, _number in units}:
            chosen = chosen | {national[0]}
        if rng.random() < 0.01 and len(all_of) > 20:
            chosen = chosen | set(rng.sample(all_of, rng.randint(11, 16)))
        return chosen

    def second_uai(self) -> str:
        if self.rng.random() >= 0.08:
            return ""
        self.seconds += 1
        return numbers.second_uai(self.seconds - 1)

    def is_told_at_length(self) -> bool:
        return self.rng.random() < 0.01


def _site(
    ident: int,
    *,
    name="",
    address="",
    postcode="",
    city="",
    department=None,
    region=None,
    country=HOME,
    head_office=True,
) -> tuple:
    """In the order of ``loading.MEMBER_TABLES``."""
    return (
        ident, name, address, postcode, city, department, region, country, None, None, "", "", head_office,
    )  # fmt: skip
