"""Projects as rows of a file: what is read for the columns of ``projects.columns``.

Partners and clusters that the reader may not know of are left out here, and so stand in no column.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, JSONObject, NullIf
from django.utils import timezone

from cluster_portal.exchange.tables import Position, in_pieces
from members.exports import first_site, name_in_language, organisations_known_to, position_of_site, theme_names
from members.models import Organisation
from projects.models import Funding, Participation, Project, ProjectLabel

FIELDS = (
    "slug", "acronym", "title_fr", "title_en", "summary_fr", "summary_en", "website", "national", "start", "end",
    "total_cost", "public_funding", "private_investment",
)  # fmt: skip
PRIVATE_FIELDS = ("stated", "stated_on", "stated_reason", "status")


def _text(field: str) -> Cast:
    """An amount as text: no digit is lost on the way."""
    return Cast(field, CharField())


def _known_as(prefix: str) -> Coalesce:
    """A programme or a funder as people say it."""
    return Coalesce(NullIf(f"{prefix}acronym", Value("")), name_in_language(prefix))


def _told(rows: QuerySet, day: date | None, until: date | None, organisations: QuerySet, *more: str) -> QuerySet:
    """``until``: the last day of which labels and fundings are told; all of them without one."""
    of_project = {"project": OuterRef("pk")}
    by_then = {"date__lte": until} if until else {}
    partners = Participation.objects.filter(**of_project, organisation__in=organisations)
    labels = ProjectLabel.objects.filter(**of_project, **by_then).order_by("-role", "date", "pk")
    fundings = Funding.objects.filter(**of_project, **by_then).order_by("date", "pk")
    partner = JSONObject(name="organisation__name", role="role", cost=_text("cost"), funding=_text("public_funding"))
    decision = JSONObject(
        programme=_known_as("programme__"),
        funder=Coalesce(_known_as("funder__"), _known_as("programme__funder__")),
        amount=_text("amount"),
        date="date",
    )
    coordinators = partners.filter(role="coordinator").order_by()
    annotations = {
        "theme_names": theme_names(Project.themes.through, "project"),
        "partners": ArraySubquery(
            partners.order_by("role", F("cost").desc(nulls_last=True), "pk").values(told=partner)
        ),
        "labels_given": ArraySubquery(labels.values(told=JSONObject(cluster="cluster", role="role", date="date"))),
        "decisions": ArraySubquery(fundings.values(told=decision)),
        "site": Subquery(coordinators.annotate(site=first_site("organisation")).values("site")[:1]),
    }
    rows = rows.order_by().with_state(day).annotate(**annotations)
    return rows.values_list("pk", *FIELDS, *more, "state", *annotations, named=True)


def published_projects(keys: list[int], day: date | None) -> Iterator[Any]:
    """As their pages tell them: partners that are published, what has been decided by that day."""
    until, known = day or timezone.localdate(), Organisation.objects.published()

    def read(piece: list[int]) -> QuerySet:
        return _told(Project.objects.published().filter(pk__in=piece), day, until, known)

    return in_pieces(keys, read)


def projects_of_staff(user, keys: list[int]) -> Iterator[Any]:
    known = organisations_known_to(user)

    def read(piece: list[int]) -> QuerySet:
        rows = Project.objects.editable_by(user).filter(pk__in=piece)
        return _told(rows, None, None, known, *PRIVATE_FIELDS)

    return in_pieces(keys, read)


def position(record) -> Position | None:
    """That of the coordinator."""
    return position_of_site(record.site)
