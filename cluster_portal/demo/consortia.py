"""Who does a project together: from the labelling clusters' members mostly, across kinds and regions."""

from array import array
from random import Random

from .ground import Ground, Pole
from .register import Register

PARTNERS = (range(2, 13), (7, 14, 19, 18, 14, 10, 7, 5, 3, 2, 1))


class Consortia:
    def __init__(self, rng: Random, ground: Ground, register: Register):
        self.rng, self.ground, self.register = rng, ground, register
        self.kinds = register.kinds

    def gather(self, poles: list[Pole], year: int) -> list[int]:
        """Ranks of the partners, the coordinator first; each once; two at least."""
        rng = self.rng
        wanted = rng.choices(*PARTNERS)[0]
        partners: list[int] = []
        for place in range(wanted):
            if place == 0:
                kind = rng.choices(("company", "laboratory", "institution"), (82, 14, 4))[0]
            elif place == 1:  # research and business meet in every project
                first = self.kinds[partners[0]] if partners else 0
                kind = rng.choices(("laboratory", "institution"), (80, 20))[0] if first == 0 else "company"
            elif place > 2 and rng.random() < 0.035:
                kind = "outsider"
            else:
                kind = rng.choices(("company", "laboratory", "institution"), (62, 28, 10))[0]
            partner = self._find(kind, poles, year, partners)
            if partner is not None:
                partners.append(partner)
        return partners

    def _find(self, kind: str, poles: list[Pole], year: int, taken: list[int]) -> int | None:
        rng, register = self.rng, self.register
        for attempt in range(14):
            pole = rng.choice(poles) if rng.random() < 0.8 else poles[0].related(rng)
            if attempt > 6:
                pole = self.ground.any_pole(rng)
            candidates: array = register.by_pole[pole.id][kind]
            if not candidates:
                continue
            # some are in many projects, most in one or none
            rank = candidates[int(len(candidates) * rng.random() ** 1.7)]
            if rank not in taken and register.since[rank] <= year < register.until[rank]:
                return rank
        return None
