"""Numbers of members on pages that are not lists: read off the very index that the lists count with."""

from datetime import date
from functools import cached_property
from types import SimpleNamespace

from django.urls import reverse
from django.utils import timezone

from cluster_portal.drawing.atlas import Atlas, atlas
from cluster_portal.facets import Rows
from cluster_portal.writing.translated import active_language
from members import grappe
from members.cluster_facts import ClusterFacts
from members.facets import MEMBER_INDEX, MemberReading, Place
from members.label_counts import LabelCount, label_count
from members.models import Organisation
from members.querysets import NOWHERE, OVERSEAS


class MemberCounts:
    """Counts of current members on a day, within any set of them."""

    def __init__(self, on: date | None = None) -> None:
        self.on = on
        self.facets: MemberReading = MEMBER_INDEX.at(on)
        self.clusters: dict[str, ClusterFacts] = self.facets.clusters
        self.everyone: Rows = self.facets.current

    def having(self, facet: str, slug: str, within: Rows | None = None) -> Rows:
        """The members with that value."""
        return self.facets[facet].having(slug) & (self.everyone if within is None else within)

    def by_kind(self, rows: Rows) -> dict[str, int]:
        """``members`` and the three kinds, in the plural as templates name them."""
        found = [self.facets.kind.having(kind).shared_with(rows) for kind in Organisation.Kind.values]
        return dict(zip(("companies", "laboratories", "institutions"), found, strict=True)) | {"members": len(rows)}

    def by_size(self, rows: Rows) -> dict[str, int]:
        sizes = self.facets.size
        return {slug: sizes.having(slug).shared_with(rows) for slug in sizes.values}

    def grappe(self, rows: Rows, per_mark: int, **options):
        kinds = self.by_kind(rows)
        return grappe.grappe(
            kinds["companies"],
            kinds["laboratories"],
            kinds["institutions"],
            per_mark=per_mark,
            **options,
        )

    def ranked(
        self,
        facet: str,
        rows: Rows,
        *,
        top_level=False,
        limit=None,
        query="",
        exclude=(),
    ) -> list:
        """Values of a facet by number of members, each with a link into the list: label, url, count, share."""
        data, language = self.facets[facet], active_language()
        members = reverse("members:organisation-list")
        found = [
            SimpleNamespace(
                slug=value.slug,
                name=value.label(language),
                label=value.label(language),
                count=data.having(value.slug).shared_with(rows),
                url=f"{members}?{value.parameter or facet}={value.slug}{query}",
                share=0.0,
            )
            for value in data.in_order(language)
            if not (top_level and value.parent) and value.slug not in exclude
        ]
        found.sort(key=lambda row: -row.count)
        top = max((row.count for row in found), default=0) or 1
        for row in found:
            row.share = 100 * row.count / top
        return [row for row in found if row.count][:limit] if limit else found

    def regions(self, rows: Rows, query: str = "") -> list:
        """Every region by number of members, without the departments and what is in no region."""
        return self.ranked("region", rows, top_level=True, query=query, exclude={NOWHERE, OVERSEAS})

    @property
    def places(self) -> list[Place]:
        """The regions, in alphabetical order."""
        return [place for place in self.facets.places.values() if place.shape_code]

    def map_of(self, rows: Rows, link) -> Atlas:
        """The clickable map of some members; ``link`` gives the address behind a region's slug."""
        areas = [
            SimpleNamespace(
                name=place.name,
                shape_code=place.shape_code,
                url=link(place.slug),
                count=self.facets.region.having(place.slug).shared_with(rows),
            )
            for place in self.places
        ]
        return atlas(areas)

    def shapes(self, slugs) -> set[str]:
        """The outlines of some regions."""
        return {self.facets.places[slug].shape_code for slug in slugs if slug in self.facets.places}

    def labelled(self) -> list[ClusterFacts]:
        """The clusters that hold the label on that day, in alphabetical order."""
        return [cluster for cluster in self.clusters.values() if cluster.held_label(self.day)]

    @cached_property
    def label_count(self) -> LabelCount:
        """How many they are, and whether that is all of them."""
        return label_count(self.day, len(self.labelled()))

    def words(self, facet: str, slugs) -> list[str]:
        """The labels of some values in the visitor's language."""
        values, language = self.facets[facet].values, active_language()
        return [values[slug].label(language) for slug in slugs if slug in values]

    def unlocated(self, rows: Rows) -> dict:
        return {
            "count": self.facets.region.having(NOWHERE).shared_with(rows),
            "url": f"{reverse('members:organisation-list')}?region={NOWHERE}",
        }

    @property
    def day(self) -> date:
        return self.on or timezone.localdate()
