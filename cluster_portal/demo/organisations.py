"""The organisations of the invented network, batch after batch, as rows ready to be copied."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from . import names, numbers
from .descriptions import describe
from .ground import Draw, Ground, Pole, Town
from .memberships import Member, day_between, memberships_of, poles_for
from .rarities import Rarities
from .register import KINDS, NO_SIZE, Register
from .words import Field

BATCH = 4000
COMPANIES, LABORATORIES, INSTITUTIONS = 14_000, 1_300, 700

SIZES = Draw(["micro", "sme", "midcap", "large"], [44, 47, 7.5, 1.5])
BANDS = {
    "micro": (["00", "01", "02", "03"], [12, 34, 32, 22]),
    "sme": (["11", "12", "21", "22", "31"], [38, 34, 16, 10, 2]),
    "midcap": (["32", "41", "42", "51"], [46, 30, 16, 8]),
    "large": (["51", "52", "53"], [30, 45, 25]),
}
FOUNDED = {"micro": (2009, 2025), "sme": (1968, 2022), "midcap": (1890, 2006), "large": (1865, 1996)}
INSTITUTION_TYPES = Draw(
    [
        "higher_education", "training", "authority", "support", "funder", "research_body", "hospital", "technical_centre",
        "foundation",
    ],
    [34, 15, 16, 19, 5, 2, 4, 3, 2],
)  # fmt: skip
SOURCES = [
    "Échange avec l’organisation", "Répertoire SIRENE", "Site officiel", "Enquête annuelle auprès des membres",
    "Bulletin d’adhésion", "Visite sur place",
]  # fmt: skip
ARCHIVED, DRAFT, IN_REVIEW = 0.010, 0.008, 0.005
OUTSIDE = 0.012


@dataclass
class Batch:
    """Rows for each table, in the order of ``loading.MEMBER_TABLES``."""

    organisations: list[tuple] = field(default_factory=list)
    themes: list[tuple] = field(default_factory=list)
    names: list[tuple] = field(default_factory=list)
    sites: list[tuple] = field(default_factory=list)
    memberships: list[tuple] = field(default_factory=list)
    supervisors: list[tuple] = field(default_factory=list)
    unit_numbers: list[tuple] = field(default_factory=list)
    further_numbers: list[tuple] = field(default_factory=list)


class Organisations:
    """Institutions first, since laboratories name them as supervisors; then laboratories, then companies."""

    def __init__(self, rng: Random, ground: Ground, rarities: Rarities, *, scale: float, today: date, first_id: int):
        self.rng, self.ground, self.rarities, self.today = rng, ground, rarities, today
        self.plan = [
            ("institution", max(round(INSTITUTIONS * scale), 1)),
            ("laboratory", max(round(LABORATORIES * scale), 1)),
            ("company", max(round(COMPANIES * scale), 1)),
        ]
        self.total = sum(count for _kind, count in self.plan)
        self.next_id = first_id
        self.register = Register(self.next_id)
        self.slugs = names.Slugs(100)
        self.ranks = dict.fromkeys(("siren", "rnsr", "uai", "phone"), 0)
        self.schools: dict[int, list[int]] = defaultdict(list)  # ids of higher education by region
        self.national: list[int] = []  # ids of the national research bodies
        self.heirs: list[int] = []  # ids of some open companies, who may take others over
        self.stamp = datetime.combine(today, time(12), UTC)

    def batches(self):
        batch = Batch()
        for kind, count in self.plan:
            for _ in range(count):
                self._add(batch, kind)
                if len(batch.organisations) >= BATCH:
                    yield batch
                    batch = Batch()
        if batch.organisations:
            yield batch

    # --- one organisation ------------------------------------------------------------------------
    def _add(self, batch: Batch, kind: str):
        rng, ground = self.rng, self.ground
        ident = self.next_id
        self.next_id += 1
        size = SIZES(rng) if kind == "company" else ""
        status = self._status()
        founded, closed = self._life(kind, size, status)
        poles = poles_for(rng, ground, founded=founded, horizon=closed or self.today)
        themes = self._themes(poles)
        main, other = ground.fields[themes[0]], ground.fields[themes[-1]]
        itype = INSTITUTION_TYPES(rng) if kind == "institution" else ""
        national = kind == "institution" and itype in ("higher_education", "support", "funder") and rng.random() < 0.05
        # a few only ever come in as partners of projects, most of these from abroad
        outside = kind != "institution" and rng.random() < OUTSIDE
        country = rng.choice(list(names.ABROAD)) if outside and rng.random() < 0.7 else "FR"
        towns = self._towns(poles[0], size) if country == "FR" else []
        name, slug, acronym = self._name(kind, main, itype, national, towns, country)
        # a part of a host name has 63 characters at most
        host = slug if len(slug) <= 60 else f"{slug[:45].rstrip('-')}-{len(self.register)}"
        members = (
            []
            if outside
            else memberships_of(
                rng, ground, poles, founded=founded, closed=closed, category=size or kind, today=self.today
            )
        )
        description = describe(
            rng, (main, other), kind=kind, size=size, institution_type=itype, name=name,
            town=towns[0].name if towns else "", pole=poles[0].name, founded=founded, closed=closed,
            abroad=country != "FR", today=self.today,
        )  # fmt: skip
        if self.rarities.is_told_at_length():
            more = [describe(
                self.rarities.rng, (other, main), kind=kind, size=size, institution_type=itype, name=name,
                town=towns[0].name if towns else "", pole=poles[0].name, founded=founded, closed=closed,
                abroad=country != "FR", today=self.today,
            ) for _ in range(3)]  # fmt: skip
            description = tuple("\n\n".join(filter(None, parts)) for parts in zip(description, *more, strict=True))
        french = country == "FR"
        siren = self._number("siren", numbers.siren, {"company": 0.72, "institution": 0.5}.get(kind, 0) * french)
        verified = self._verified(members, status)
        successor = (
            rng.choice(self.heirs) if self.heirs and (closed or status == "archived") and rng.random() < 0.65 else None
        )
        batch.organisations.append((
            ident, kind, name, acronym, slug, *description,
            founded if rng.random() < 0.92 else None,
            f"https://www.{host}.example/" if rng.random() < 0.86 else "",
            f"contact@{host}.example" if rng.random() < 0.42 else "",
            self._phone(towns), "", national, country, siren, "", size,
            rng.choice(main.naf) if kind == "company" and french and rng.random() < 0.93 else "",
            rng.choices(*BANDS[size])[0] if size and rng.random() < 0.88 else "",
            self._number("rnsr", numbers.rnsr, 0.8 * french if kind == "laboratory" else 0),
            self._number("uai", numbers.uai, 0.75 if itype in ("higher_education", "training") else 0),
            itype, closed, successor, self._lead(members), *verified, True, status,
            day_between(rng, date(self.today.year - 1, self.today.month, 1), self.today) if status == "archived" else None,
            self.stamp, self.stamp,
        ))  # fmt: skip
        batch.themes.extend((ident, theme) for theme in themes)
        batch.memberships.extend((ident, m.pole.id, m.category, m.joined, m.left) for m in members)
        self._other_names(batch, ident, kind, main, itype, name, founded)
        batch.sites.extend(self.rarities.sites(ident, country, self._sites(ident, towns, siren), towns))
        if kind == "laboratory":
            units = self.rarities.unit_numbers() if french else []
            batch.unit_numbers.extend((ident, *unit) for unit in units)
            self._supervise(batch, ident, towns, units)
        if itype == "higher_education" and (second := self.rarities.second_uai()):
            batch.further_numbers.append((ident, "uai", second))
        poles_known = [member.pole for member in members] or [poles[0]]
        self._register(ident, "outsider" if outside else kind, size, itype, towns, founded, closed, status, poles_known)

    @staticmethod
    def _lead(members: list[Member]) -> int | None:
        """The cluster that it joined first of those that it is in; where it is in none any more, of all."""
        kept_by = next((member for member in members if member.left is None), members[0] if members else None)
        return kept_by.pole.id if kept_by else None

    def _themes(self, poles: list[Pole]) -> list[int]:
        """One to six: some of each cluster's, and now and then a neighbour in the same domain."""
        rng = self.rng
        chosen: list[int] = []
        for pole in poles:
            for theme in rng.sample(pole.themes, min(rng.choices((1, 2, 3), (50, 35, 15))[0], len(pole.themes))):
                # a cluster tagged with a whole domain has members on its themes
                theme = rng.choice(self.ground.siblings[theme]) if not self.ground.themes[theme].parent_id else theme
                if theme not in chosen:
                    chosen.append(theme)
        if rng.random() < 0.3:
            near = rng.choice(self.ground.siblings[chosen[0]])
            if near not in chosen:
                chosen.append(near)
        return chosen[:6]

    def _towns(self, pole: Pole, size: str) -> list[Town]:
        """Head office first; none for one organisation in eighty; several for one in ten."""
        rng = self.rng
        if rng.random() < 0.0125:
            return []
        towns = [self.ground.town_near(rng, pole)]
        more = {"large": 0.75, "midcap": 0.4, "micro": 0.01}.get(size, 0.085)
        if rng.random() < more:
            for _ in range(rng.randint(2, 6) if size == "large" else rng.choices((1, 2, 3), (70, 22, 8))[0]):
                town = self.ground.town_near(rng, pole, stay=0.55)
                if town not in towns:
                    towns.append(town)
        return towns

    def _status(self) -> str:
        draw = self.rng.random()
        for status, share in (("archived", ARCHIVED), ("draft", DRAFT), ("in_review", IN_REVIEW)):
            if draw < share:
                return status
            draw -= share
        return "published"

    def _life(self, kind: str, size: str, status: str) -> tuple[int, date | None]:
        rng = self.rng
        first, last = FOUNDED.get(size) or {"laboratory": (1964, 2021), "institution": (1888, 2019)}[kind]
        founded = max(rng.randint(first, last), rng.randint(first, last))
        founded = min(founded, self.today.year - 1)
        closed, earliest, latest = None, date(max(founded + 1, 2008), 6, 30), self.today - timedelta(days=20)
        closing = 0.4 if status == "archived" else {"company": 0.014, "laboratory": 0.008}.get(kind, 0)
        if rng.random() < closing and earliest < latest:
            closed = day_between(rng, earliest, latest)
        return founded, closed

    def _name(
        self, kind: str, main: Field, itype: str, national: bool, towns: list[Town], country: str
    ) -> tuple[str, str, str]:
        rng = self.rng
        for attempt in range(40):
            if country != "FR":
                name = names.foreign(rng, kind, country)
            elif kind == "company":
                name = names.company(rng, main)
            elif kind == "laboratory":
                name = names.laboratory(rng, main, rng.sample(main.topics, 2))
            else:
                name = names.institution(rng, main, itype, national)
            if attempt > 8:  # the plainer forms are used up: tell namesakes apart by the town
                name += f" – {(rng.choice(towns) if towns and attempt < 14 else self.ground.anywhere(rng)).name}"
            if attempt > 20:
                name += f" {rng.randint(2, 99)}"
            if slug := self.slugs.take(name):
                break
        else:
            raise RuntimeError("no name left")  # forty collisions in a row: the words are used up
        share = {"company": 0.12, "laboratory": 0.85, "institution": 0.5}[kind]
        return name, slug, names.acronym(name, 2 if kind == "company" else 3) if rng.random() < share else ""

    def _number(self, what: str, number, share: float) -> str:
        if not share or self.rng.random() >= share:
            return ""
        self.ranks[what] += 1
        return number(self.ranks[what] - 1)

    def _phone(self, towns: list[Town]) -> str:
        if not towns or self.rng.random() > 0.25:
            return ""
        self.ranks["phone"] += 1
        return numbers.phone(towns[0].phone_zone, self.ranks["phone"])

    def _verified(self, members: list[Member], status: str) -> tuple[date | None, int | None, str]:
        """By a cluster that it is, or was last, a member of; one in thirty not for three years."""
        rng = self.rng
        if not members or status in ("draft", "in_review") or rng.random() > 0.72:
            return None, None, ""
        member = next((m for m in reversed(members) if m.left is None), members[-1])
        last = min(member.left or self.today, self.today)
        first = max(member.joined, last - timedelta(days=1500 if rng.random() < 0.15 else 400))
        return day_between(rng, first, last), member.pole.id, rng.choice(SOURCES)

    # --- what hangs on it ------------------------------------------------------------------------
    def _other_names(self, batch: Batch, ident: int, kind: str, main: Field, itype: str, name: str, founded: int):
        rng = self.rng
        draw = rng.random()
        if draw > 0.12:
            return
        if kind == "company":
            other = names.company(rng, main)
        elif kind == "laboratory":
            other = names.laboratory(rng, main, rng.sample(main.topics, 2))
        else:
            other = names.institution(rng, main, itype, False)
        if other == name:
            return
        if draw < 0.085:
            until = rng.randint(max(founded, 1990), self.today.year - 1) if rng.random() < 0.8 else None
            batch.names.append((ident, other, "former", until))
        else:
            batch.names.append((ident, other, "trade", None))

    def _sites(self, ident: int, towns: list[Town], siren: str) -> list[tuple]:
        rng, sites = self.rng, []
        for rank, town in enumerate(towns):
            draw = rng.random()
            precision = "address" if draw < 0.7 else "city" if draw < 0.9 else "department" if draw < 0.95 else ""
            latitude = longitude = None
            address = names.address(rng) if precision == "address" or draw > 0.975 else ""
            if precision == "address":
                latitude, longitude = town.latitude + rng.gauss(0, 0.012), town.longitude + rng.gauss(0, 0.016)
            elif precision == "city":
                latitude, longitude = town.latitude, town.longitude
            elif precision == "department":
                latitude, longitude = town.department_centre
            known = precision != "department"
            label = rng.choice(("", "", "Atelier", "Bureau d’études", "Agence", "Usine", "Antenne")) if rank else ""
            sites.append((
                ident, label, address, town.postcode if known else "", town.name if known else "", town.department, town.region, "FR",
                latitude if latitude is None else f"{latitude:.5f}", longitude if longitude is None else f"{longitude:.5f}",
                precision, numbers.siret(siren, rank + 1) if siren and rng.random() < 0.7 else "", rank == 0,
            ))  # fmt: skip
        return sites

    def _supervise(self, batch: Batch, ident: int, towns: list[Town], units: list[tuple[str, str]]):
        """One to three schools or universities, from its own region when there are any."""
        rng = self.rng
        near = self.schools.get(towns[0].region if towns else 0) or self.schools.get(0) or []
        far = self.schools.get(0) or []
        chosen = {rng.choice(pool) for pool in (near, near, far)[: rng.randint(1, 3)] if pool}
        batch.supervisors.extend(
            (ident, school) for school in sorted(self.rarities.supervisors(chosen, units, self.national, far))
        )

    def _register(self, ident, kind, size, itype, towns, founded, closed, status, poles):
        public = status == "published"
        if itype == "higher_education" and public and not closed:
            self.schools[0].append(ident)
            if towns:
                self.schools[towns[0].region].append(ident)
        if itype == "research_body" and public and not closed:
            self.national.append(ident)
        if kind == "company" and public and not closed and len(self.heirs) < 2000:
            self.heirs.append(ident)
        register = self.register
        rank = len(register)
        register.kinds.append(KINDS.index(kind))
        register.sizes.append(SIZES.items.index(size) if size else NO_SIZE)
        register.since.append(max(founded, 2005))
        register.until.append(closed.year if closed else 9999)
        if public:
            for pole in dict.fromkeys(pole.id for pole in poles):
                register.by_pole[pole][kind].append(rank)
