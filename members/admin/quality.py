"""The quality of a cluster's part of the directory, and of all of it: what lacks what, its lists, and how it went."""

from datetime import date, timedelta
from functools import partial

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_portal.admin.quality import Measure, Measured, measure, measures, numbers
from cluster_portal.drawing.charts import sparkline, track
from cluster_portal.work.knowing import every_day
from cluster_portal.writing.typography import percent
from members.models import Cluster, MatchCandidate, Membership, Organisation, QualitySnapshot
from members.querysets import is_current
from members.rights import rights_of

from .filters import (
    ALIVE,
    SHOWN,
    MembershipNeeds,
    OrganisationNeeds,
    former_members_of,
    members_of,
    memberships_of,
)  # fmt: skip

KEPT = timedelta(days=400)  # twelve months and the one before them

ONE_BY_ONE = gettext_lazy("on each one’s form, or by a file")
measure(
    Measured(
        Organisation,
        OrganisationNeeds,
        {
            "identifier": gettext_lazy("“Compare with the register of companies”, or by a file"),
            "site": ONE_BY_ONE,
            "coordinates": gettext_lazy("a file with addresses, which finds where they are"),
            "theme": gettext_lazy("“Add themes”"),
            "description_fr": ONE_BY_ONE,
            "description_en": ONE_BY_ONE,
            "unverified": gettext_lazy("“Set the verification”"),
            "unpublished": gettext_lazy("“Publish”"),
            "website": gettext_lazy("“Replace the host of the website”"),
            "twice": gettext_lazy("“Merge the two that are ticked”, or pair by pair"),
            "closed": gettext_lazy("“Compare with the register of companies”"),
        },
        members_of,
        whole=lambda: ALIVE,
        ways={"twice": MatchCandidate},
    )
)
measure(
    Measured(
        Organisation,
        OrganisationNeeds,
        {"former": gettext_lazy("“Archive”")},
        former_members_of,
        narrowed_by="left",
        whole=lambda: SHOWN,
    )
)
measure(
    Measured(
        Membership,
        MembershipNeeds,
        {"undated": gettext_lazy("“Set the day on which they joined”")},
        memberships_of,
        whole=lambda: Q(is_current()),
    )
)


# --- pages ------------------------------------------------------------------------------------------------------------
def addresses(site) -> list:
    """Under the address of the list of clusters."""
    return [
        path("quality/", site.admin_view(partial(quality, site, cluster=None)), name="members_quality"),
        path("<int:cluster>/quality/", site.admin_view(partial(quality, site)), name="members_quality_of"),
    ]


def quality(site, request: HttpRequest, cluster: int | None) -> TemplateResponse | HttpResponseRedirect:
    """Of the network for whoever edits it; whoever works for clusters reads of them."""
    rights = rights_of(request.user)
    part = None
    if cluster is not None:
        part = Cluster.objects.editable_by(request.user).filter(pk=cluster).first() if cluster < 2**63 else None
        if part is None:
            raise Http404
    elif not rights.network:
        first = Cluster.objects.editable_by(request.user).order_by("sort_name", "pk").first()
        if first is None:
            raise Http404
        return HttpResponseRedirect(reverse("admin:members_quality_of", args=[first.pk]))
    others = Cluster.objects.editable_by(request.user).exclude(status="archived").order_by("sort_name", "pk")
    months = last_of_months(part)
    now = numbers(part.slug if part else "", None if rights.network else request.user)
    context = {
        **site.each_context(request),
        "title": _("Quality of the data: %(part)s") % {"part": part or _("the network")},
        "subtitle": None,
        "opts": None,
        "part": part,
        "parts": [(reverse("admin:members_quality_of", args=[one.pk]), one) for one in others],
        "network": reverse("admin:members_quality") if rights.network else "",
        "lines": [_line(each, now[each.name], part, months) for each in measures()],
        "months": [date_format(day, "N Y") for day, _numbers in months],
    }
    return TemplateResponse(request, "admin/quality.html", context)


def _line(each: Measure, now: tuple[int, int], part: Cluster | None, months) -> dict:
    number, whole = now
    past = [(said.get(each.name) or [None])[0] for _day, said in months]
    known = [value for value in past if value is not None]
    return {
        "label": each.label,
        "number": number,
        "whole": whole,
        "share": percent(100 * number / whole if whole else 0),
        "bar": track(100 * number / whole if whole else 0, "f-lacking"),
        "url": each.of.url(each.need, part.slug if part else ""),
        "mended_by": each.mended_by,
        "way": each.of.way(each.need, part.slug if part else ""),
        "past": past,
        "trend": sparkline([*known, number]) if known else "",
        "since": number - known[0] if known else None,
        "difference": abs(number - known[0]) if known else 0,
        "first": date_format(next(day for day, said in months if each.name in said), "F Y") if known else "",
    }


# --- day by day -------------------------------------------------------------------------------------------------------
def last_of_months(part: Cluster | None, at: date | None = None) -> list[tuple[date, dict]]:
    """(day, numbers) of the last count of each of the twelve months before the one under way, the oldest first."""
    this_month = (at or timezone.localdate()).replace(day=1)
    rows = QualitySnapshot.objects.filter(
        cluster=part, day__lt=this_month, day__gte=this_month.replace(year=this_month.year - 1)
    ).order_by("-day")
    last: dict[tuple[int, int], tuple[date, dict]] = {}
    for day, said in rows.values_list("day", "numbers"):
        last.setdefault((day.year, day.month), (day, said))
    return sorted(last.values(), key=lambda one: one[0])


def take_snapshots(at: date | None = None) -> int:
    """Counts every part as it is now. A day that was counted already is counted anew."""
    day = at or timezone.localdate()
    parts: list[Cluster | None] = [None, *Cluster.objects.published().order_by("pk")]
    rows = [
        QualitySnapshot(day=day, cluster=part, numbers=dict(numbers(part.slug if part else "")))
        for part in parts
    ]  # fmt: skip
    QualitySnapshot.objects.filter(Q(day=day) | Q(day__lt=day - KEPT)).delete()
    return len(QualitySnapshot.objects.bulk_create(rows))


every_day(take_snapshots)
