"""The projects of the invented network, batch after batch, as rows ready to be copied."""

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random

from projects.models import Programme

from . import names
from .consortia import Consortia
from .ground import Draw, Ground, Pole
from .memberships import day_between
from .money import RATES, Budgets, split
from .organisations import SIZES
from .register import NO_SIZE, Register
from .words import HERE, Context, Field, capital, patterns

BATCH = 3000
PROJECTS = 12_000
# what becomes of a project; the share of funded ones is a little above 60 % of the labelled ones, since some
# labels are too recent for a decision
FATES = Draw(["planned", "labelled", "abandoned", "alone", "funded"], [3, 25, 5.5, 4.5, 62])
OUTCOMES = {
    "product": "outcome_product", "service": "outcome_service", "process": "outcome_process", "patent": "outcome_patent",
    "publication": "outcome_publication", "start_up": "outcome_startup",
}  # fmt: skip
# how often each kind comes first among the outcomes of a project
USUAL_OUTCOMES = Draw(list(OUTCOMES), [26, 14, 16, 18, 22, 4])
FUNDING_DELAY = (60, 300)  # days after the label


class ProgrammesMissing(Exception):
    """The reference data of the projects is not loaded."""


@dataclass
class Batch:
    projects: list[tuple] = field(default_factory=list)
    themes: list[tuple] = field(default_factory=list)
    participations: list[tuple] = field(default_factory=list)
    labels: list[tuple] = field(default_factory=list)
    fundings: list[tuple] = field(default_factory=list)
    outcomes: list[tuple] = field(default_factory=list)


@cache
def programme_rules() -> dict[str, dict]:
    with (HERE / "programmes.toml").open("rb") as file:
        return tomllib.load(file)


class Programmes:
    """Which programmes could fund a project of a field in a year."""

    def __init__(self):
        self.rows = []
        for programme in Programme.objects.order_by("slug"):
            if rule := programme_rules().get(programme.slug):
                first, last = rule["years"]
                first, last = max(first, programme.first_year or first), min(last, programme.last_year or last)
                self.rows.append((programme.pk, first, last, rule))
        if not self.rows:
            raise ProgrammesMissing
        self.draws: dict[tuple[int, str, bool], Draw | None] = {}

    def for_project(self, year: int, field_key: str, *, beside: bool = False) -> Draw | None:
        key = (year, field_key, beside)
        if key not in self.draws:
            suited = [
                (pk, rule["weight"]) for pk, first, last, rule in self.rows
                if first <= year <= last and field_key in rule.get("fields", [field_key])
                and (beside or not rule.get("beside"))
            ]  # fmt: skip
            self.draws[key] = Draw(*map(list, zip(*suited, strict=True))) if suited else None
        return self.draws[key]


class Projects:
    def __init__(self, rng: Random, ground: Ground, register: Register, *, scale: float, today: date, first_id: int):
        self.rng, self.ground, self.register, self.today = rng, ground, register, today
        self.total = max(round(PROJECTS * scale), 1)
        self.next_id = first_id
        self.slugs = names.Slugs(100)
        self.programmes = Programmes()
        self.consortia = Consortia(rng, ground, register)
        self.stamp = datetime.combine(today, time(12), UTC)
        # fates and label days first: the sums depend on how many are funded
        plan_rng = Random(f"plan {rng.random()}")
        self.fates, self.days = [], []
        for _ in range(self.total):
            self._plan(plan_rng)
        self.budgets = Budgets(plan_rng, self.fates.count("funded"), scale)
        self.funded = 0
        self.labellers = [pole for pole in ground.poles.values() if pole.published]

    def _plan(self, rng: Random) -> None:
        fate = FATES(rng)
        day = day_between(rng, date(2005, 9, 1), self.today - timedelta(days=5))
        if fate == "planned":
            day = self.today
        if fate in ("funded", "abandoned", "alone") and (self.today - day).days < FUNDING_DELAY[1] + 30:
            fate = "labelled"
        self.fates.append(fate)
        self.days.append(day)

    def batches(self):
        batch = Batch()
        for fate, day in zip(self.fates, self.days, strict=True):
            self._add(batch, fate, day)
            if len(batch.projects) >= BATCH:
                yield batch
                batch = Batch()
        if batch.projects:
            yield batch

    # --- one project -----------------------------------------------------------------------------
    def _add(self, batch: Batch, fate: str, labelled: date):
        rng = self.rng
        ident = self.next_id
        self.next_id += 1
        poles = self._poles(labelled)
        themes = self._themes(poles)
        main, other = self.ground.fields[themes[0]], self.ground.fields[themes[-1]]
        partners = self.consortia.gather(poles, labelled.year)
        decided = labelled + timedelta(days=rng.randint(*FUNDING_DELAY))
        start, end = self._dates(fate, decided)
        cost, public = self._budget(fate)
        context = self._context(main, other, poles, labelled)
        acronym, slug, title = self._name(main, context)
        summary = context.write([
            rng.choice(patterns("project", "aim")), *rng.sample(patterns("project", "means"), rng.choice((1, 1, 2))),
            *([rng.choice(patterns("project", "outlook"))] if rng.random() < 0.4 else []),
        ])  # fmt: skip
        with_english = rng.random() < 0.87
        status = "draft" if fate == "planned" and rng.random() < 0.3 else "published"
        if fate == "labelled" and rng.random() < 0.012:
            status = rng.choice(("archived", "in_review"))
        batch.projects.append((
            ident, acronym, title[0], title[1] if with_english else "", slug, summary[0], summary[1] if with_english else "",
            start, end, f"https://{slug[:55].rstrip('-')}.example/" if rng.random() < 0.3 else "", cost, public,
            *self._stated(fate, decided), True, status, self.today if status == "archived" else None, self.stamp, self.stamp,
        ))  # fmt: skip
        batch.themes.extend((ident, theme) for theme in themes)
        self._participations(batch, ident, partners, cost, public)
        if fate != "planned":
            self._labels(batch, ident, poles, labelled)
        if fate == "funded":
            self._fundings(batch, ident, main, decided, public)
        self._outcomes(batch, ident, context, fate, start, end)

    def _poles(self, day: date) -> list[Pole]:
        """The lead cluster, and for a third of projects one or two more; all labelled on that day."""
        rng = self.rng
        lead = rng.choice(self.labellers)
        for _attempt in range(30):
            candidate = self.ground.any_pole(rng)
            if candidate.published and candidate.start <= day and (candidate.end is None or day < candidate.end):
                lead = candidate
                break
        poles = [lead]
        for _ in range(rng.choices((0, 1, 2), (66, 25, 9))[0]):
            for _attempt in range(8):
                other = lead.related(rng)
                if other not in poles and other.published and other.start <= day:
                    poles.append(other)
                    break
        return poles

    def _themes(self, poles: list[Pole]) -> list[int]:
        rng = self.rng
        chosen: list[int] = []
        for pole in poles:
            theme = rng.choice(pole.themes)
            if not self.ground.themes[theme].parent_id:
                theme = rng.choice(self.ground.siblings[theme])
            if theme not in chosen:
                chosen.append(theme)
        for theme in rng.sample(poles[0].themes, min(rng.choice((0, 0, 1, 2)), len(poles[0].themes))):
            if theme not in chosen and self.ground.themes[theme].parent_id:
                chosen.append(theme)
        return chosen

    def _dates(self, fate: str, decided: date) -> tuple[date | None, date | None]:
        rng = self.rng
        if fate not in ("funded", "alone"):
            return None, None
        start = (decided + timedelta(days=rng.randint(20, 200))).replace(day=1)
        start = max(start, decided)
        months = rng.choice((24, 30, 36, 36, 36, 42, 48, 48, 60))
        end = date(start.year + (start.month - 1 + months) // 12, (start.month - 1 + months) % 12 + 1, 1) - timedelta(
            days=1
        )
        return start, end

    def _budget(self, fate: str) -> tuple[int | None, int | None]:
        if fate != "funded":
            return None, None  # nothing has been decided, so nothing is invested
        self.funded += 1
        return self.budgets[self.funded - 1]

    def _context(self, main: Field, other: Field, poles: list[Pole], day: date) -> Context:
        rng = self.rng
        town = self.ground.town_near(rng, poles[0])
        return Context(
            rng, main, other, name="", town=town.name, pole=rng.choice(poles).name, years=(day.year, day.year + 2),
            many=rng.randint(12, 90),
        )  # fmt: skip

    def _name(self, main: Field, context: Context) -> tuple[str, str, tuple[str, str]]:
        rng = self.rng
        title = context.write([rng.choice(patterns("project", "title"))])
        acronym = self._acronym(main)
        slug = self.slugs.take(acronym) if acronym else ""
        if not slug:
            slug = self.slugs.take(f"{acronym} {title[0]}")
        while not slug:
            slug = self.slugs.take(f"{acronym} {title[0][:80]} {names.coined(rng)}")
        return acronym, slug, title

    def _acronym(self, main: Field) -> str:
        rng = self.rng
        draw = rng.random()
        if draw < 0.05:
            return ""
        if draw < 0.35:
            return names.fused(rng, main).upper()
        if draw < 0.55:
            return names.coined(rng).upper()
        if draw < 0.75:
            return f"{rng.choice(main.roots)}-{capital(names.coined(rng).lower())}"
        if draw < 0.85:
            return f"{names.coined(rng)} {rng.choice(('2', '3D', '4.0', 'Plus', 'XL', '2030'))}"
        return names.fused(rng, main)

    def _stated(self, fate: str, decided: date) -> tuple[str, date | None, str]:
        if fate != "abandoned":
            return "", None, ""
        reason = self.rng.choice(patterns("project", "abandoned")).fr
        return "abandoned", decided + timedelta(days=15), reason

    # --- what hangs on it ------------------------------------------------------------------------
    def _participations(self, batch: Batch, ident: int, partners: list[int], cost: int | None, public: int | None):
        rng, register = self.rng, self.register
        costs: list[int | None] = [None] * len(partners)
        funds = costs
        if cost is not None and public is not None and partners:
            costs = split(cost, [rng.uniform(0.4, 1.6) * (1 if place else 1.9) for place in range(len(partners))])
            rates = [
                RATES[SIZES.items[size] if size != NO_SIZE else ""] for size in (register.sizes[p] for p in partners)
            ]
            funds = split(public, [part * rate for part, rate in zip(costs, rates, strict=True)], costs)
        for place, partner in enumerate(partners):
            role = "partner" if place else "coordinator"
            batch.participations.append((ident, register.first_id + partner, role, costs[place], funds[place]))

    def _labels(self, batch: Batch, ident: int, poles: list[Pole], labelled: date):
        for place, pole in enumerate(poles):
            day = labelled + timedelta(days=self.rng.randint(0, 55)) if place else labelled
            batch.labels.append((ident, pole.id, "co" if place else "lead", min(day, self.today)))

    def _fundings(self, batch: Batch, ident: int, main: Field, decided: date, public: int | None):
        """One programme, sometimes with a second one beside it; the amounts add up to the public funding."""
        rng = self.rng
        first = self.programmes.for_project(decided.year, main.key)
        if first is None or public is None:
            return
        chosen = [first(rng)]
        if public > 200_000:
            for _ in range(rng.choices((0, 1, 2), (68, 25, 7))[0]):
                beside = self.programmes.for_project(decided.year, main.key, beside=True)(rng)
                if beside not in chosen:
                    chosen.append(beside)
        amounts = split(public, [1.0 if place else 2.4 for place in range(len(chosen))])
        for place, (programme, amount) in enumerate(zip(chosen, amounts, strict=True)):
            day = decided + timedelta(days=rng.randint(0, 20)) if place else decided
            batch.fundings.append((ident, programme, amount, day))

    def _outcomes(self, batch: Batch, ident: int, context: Context, fate: str, start: date | None, end: date | None):
        rng = self.rng
        if start is None or end is None or start >= self.today:
            return
        finished = end < self.today
        if not finished and (rng.random() > 0.15 or (self.today - start).days < 500):
            return
        number = rng.choices((0, 1, 2, 3, 4), (20, 30, 25, 16, 9))[0] if finished else 1
        for kind in dict.fromkeys(USUAL_OUTCOMES(rng) for _ in range(number)):
            kind = kind if finished else rng.choice(("patent", "publication"))
            french, english = context.write([rng.choice(patterns("project", OUTCOMES[kind]))])
            last = min(end.year + 3, self.today.year) if finished else self.today.year
            year = rng.randint(max(start.year + 1, end.year - 1) if finished else min(start.year + 1, last), last)
            batch.outcomes.append((ident, kind, french, english if rng.random() < 0.9 else "", year))
