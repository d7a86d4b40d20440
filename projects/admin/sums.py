"""A project's totals beside the sums of their parts, and a sentence for each that does not add up."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cluster_portal.writing.typography import euros_in_full


@dataclass(frozen=True)
class Check:
    """`unknown`: how many of the parts have no amount yet."""

    total_name: str
    parts_name: str
    total: Decimal | None
    amounts: tuple[Decimal | None, ...]

    @property
    def known(self) -> Decimal:
        return sum((amount for amount in self.amounts if amount is not None), Decimal(0))

    @property
    def unknown(self) -> int:
        return sum(amount is None for amount in self.amounts)

    @property
    def silent(self) -> bool:
        """Nothing to compare: no part has an amount."""
        return self.unknown == len(self.amounts)

    @property
    def complaint(self) -> str:
        """Blank when the parts add up, or may still."""
        if self.silent:
            return ""
        values = {
            "parts": self.parts_name, "sum": euros_in_full(self.known),
            "total_name": self.total_name, "total": euros_in_full(self.total),
        }  # fmt: skip
        if self.total is None:
            return "" if self.unknown else _("%(parts)s add up to %(sum)s; “%(total_name)s” is blank.") % values
        if self.known > self.total:
            values["difference"] = euros_in_full(self.known - self.total)
            return _("%(parts)s add up to %(sum)s: %(difference)s more than “%(total_name)s” (%(total)s).") % values
        if self.known < self.total and not self.unknown:
            values["difference"] = euros_in_full(self.total - self.known)
            return _("%(parts)s add up to %(sum)s: %(difference)s less than “%(total_name)s” (%(total)s).") % values
        return ""


def checks(project) -> list[Check]:
    """Two queries, or none when the parts were prefetched."""
    partners = list(project.participations.all())
    fundings = list(project.fundings.all())
    cost, public = _("total cost"), _("public funding")
    return [
        Check(cost, _("The partners’ costs"), project.total_cost, tuple(p.cost for p in partners)),
        Check(
            public, _("The partners’ public funding"), project.public_funding, tuple(p.public_funding for p in partners)
        ),
        Check(public, _("The fundings"), project.public_funding, tuple(f.amount for f in fundings)),
    ]
