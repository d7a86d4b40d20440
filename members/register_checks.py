"""Whether organisations that are open here are closed at the register of companies."""

from django.db.models import F
from django.utils import timezone

from cluster_portal.exchange.asking import NoAnswer
from members.models import Organisation, RegisterCheck
from members.register import look_up_many

SECONDS_EACH = 2.0


def due(most: int) -> list[tuple[int, str]]:
    """(organisation, SIREN): never asked first, then those asked longest ago."""
    rows = Organisation.objects.exclude(siren="").exclude(status="archived").filter(closed_on=None)
    oldest = F("register_check__asked_at").asc(nulls_first=True)
    return list(rows.order_by(oldest, "pk").values_list("pk", "siren")[:most])


def check(most: int) -> tuple[int, int]:
    """How many were answered, and how many of these are closed. What is not answered stays as it was known."""
    asked = due(most)
    answered = closed = 0
    answers = look_up_many([siren for _pk, siren in asked], max(len(asked) * SECONDS_EACH, 10))
    for (pk, siren), answer in zip(asked, answers, strict=True):
        if isinstance(answer, NoAnswer) or not Organisation.objects.filter(pk=pk).exists():  # deleted meanwhile
            continue
        is_closed = answer is not None and answer.closed
        RegisterCheck.objects.update_or_create(
            organisation_id=pk, defaults={"siren": siren, "asked_at": timezone.now(), "closed": is_closed}
        )
        answered, closed = answered + 1, closed + is_closed
    return answered, closed
