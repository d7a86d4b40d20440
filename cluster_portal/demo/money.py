"""Sums of projects in whole euros: the parts add up to the total, and the totals to what is asked of the network."""

from array import array
from random import Random

TOTAL = 7_500_000_000  # euros invested at scale 1
PRIVATE_PER_PUBLIC = 2.8
ROUND = 1_000  # euros
# how much of its cost public money pays, relative to one another
RATES = {"micro": 1.5, "sme": 1.3, "midcap": 0.9, "large": 0.7, "": 2.1}


class Budgets:
    """Total cost and public funding of one project after another; drawn ahead, so that they add up as asked."""

    def __init__(self, rng: Random, count: int, scale: float):
        costs = array("d", (rng.lognormvariate(0, 0.85) for _ in range(count)))
        shares = array("d", (rng.triangular(0.1, 0.6, 0.24) for _ in range(count)))
        factor = TOTAL * scale / sum(costs) if count else 0
        self.costs = array("q", (max(round(cost * factor / ROUND), 20) * ROUND for cost in costs))
        public = sum(cost * share for cost, share in zip(self.costs, shares, strict=True))
        share_factor = sum(self.costs) / (1 + PRIVATE_PER_PUBLIC) / public if count else 0
        self.public = array(
            "q",
            (
                round(cost * min(share * share_factor, 0.8) / ROUND) * ROUND
                for cost, share in zip(self.costs, shares, strict=True)
            ),
        )

    def __len__(self):
        return len(self.costs)

    def __getitem__(self, rank: int) -> tuple[int, int]:
        return self.costs[rank], self.public[rank]


def split(total: int, weights: list[float], limits: list[int] | None = None) -> list[int]:
    """Whole euros in proportion to the weights, none above its limit, adding up to the total exactly."""
    whole = sum(weights)
    parts = [int(total * weight / whole) // 100 * 100 for weight in weights]
    if limits:
        parts = [min(part, limit) for part, limit in zip(parts, limits, strict=True)]
    missing = total - sum(parts)
    for rank in sorted(range(len(parts)), key=lambda rank: -parts[rank]):
        more = missing if not limits else min(missing, limits[rank] - parts[rank])
        parts[rank] += more
        missing -= more
        if not missing:
            break
    return parts
