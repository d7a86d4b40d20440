"""Whether the websites that the directory names answer: some of them a day, each again after all others."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from cluster_portal.exchange.visiting import Met, visit
from cluster_portal.work.knowing import called, every_day
from members.models import Organisation, WebsiteCheck

AT_ONCE = 16  # that are waited for together
ENOUGH_TO_TELL = 20  # visits of which so many fail that it is the portal which has no way out
ALL_BUT = 0.9


@dataclass(frozen=True)
class Told:
    asked: int = 0
    failed: int = 0
    written: bool = True


def due(most: int, at: date | None = None) -> list[tuple[int, str]]:
    """(organisation, address): first what failed once and is to be asked again on another day, then what was never asked
    at that address, then what was asked longest ago; nothing twice a day."""
    today = at or timezone.localdate()
    rows = Organisation.objects.exclude(website="").exclude(status="archived")
    asked_today = Q(website_check__asked_at__date=today, website_check__website=F("website"))
    once = Q(website_check__failed_days=1, website_check__website=F("website"))
    rows = rows.exclude(pk__in=rows.filter(asked_today).order_by().values("pk"))
    doubtful = rows.filter(once).order_by("website_check__asked_at", "pk").values_list("pk", "website")[:most]
    others = rows.filter(~once | Q(website_check=None)).order_by(
        F("website_check__asked_at").asc(nulls_first=True), "pk"
    )
    first = list(doubtful)
    return [*first, *others.values_list("pk", "website")[: most - len(first)]] if len(first) < most else first


def check(most: int, at: date | None = None) -> Told:
    """Asks so many, and writes what came of it; not where nearly all fail, which says nothing of the websites."""
    asked = due(most, at)
    with ThreadPoolExecutor(AT_ONCE) as visitors:
        met = list(visitors.map(visit, [website for _pk, website in asked]))
    failed = sum(one is not None for one in met)
    if len(asked) >= ENOUGH_TO_TELL and failed > ALL_BUT * len(asked):
        return Told(len(asked), failed, written=False)
    write(((pk, website, one) for (pk, website), one in zip(asked, met, strict=True)), at)
    return Told(len(asked), failed)


def write(found: Iterable[tuple[int, str, Met | None]], at: date | None = None) -> None:
    today = at or timezone.localdate()
    found = list(found)
    known = {one.organisation_id: one for one in WebsiteCheck.objects.filter(organisation__in=[pk for pk, *_ in found])}
    there = set(Organisation.objects.filter(pk__in=[pk for pk, *_ in found]).values_list("pk", flat=True))
    for pk, website, met in found:
        if pk not in there:  # deleted meanwhile
            continue
        one = known.get(pk) or WebsiteCheck(organisation_id=pk)
        if one.website != website or met is None:
            one.failed_days, one.failed_on, one.why = 0, None, ""
        if met is not None:
            one.failed_days += one.failed_on != today
            one.failed_on, one.why = today, met.value
        one.website, one.asked_at = website, timezone.now()
        one.save()


# --- behind the pages -------------------------------------------------------------------------------------------------
@task()
def check_some() -> str:
    told = check(settings.CHECK_WEBSITES)
    return f"{told.asked} asked, {told.failed} without an answer"


called(check_some, _("Check of websites"))


@every_day
def ask_websites() -> None:
    """Into the queue: whoever looks after tasks that died does not wait for it."""
    if settings.CHECK_WEBSITES:
        check_some.enqueue()
