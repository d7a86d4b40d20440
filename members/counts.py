"""Numbers of members on pages that are not lists: read off the very index that the lists count with."""

from datetime import date
from types import SimpleNamespace

from django.urls import reverse
from django.utils import timezone

from cluster_portal.drawing.atlas import Atlas, atlas
from cluster_portal.facets import Loaded
from cluster_portal.writing.translated import active_language
from members import grappe
from members.cluster_facts import ClusterFacts
from members.facets import MEMBER_INDEX, NOWHERE, Place

KINDS = ("company", "laboratory", "institution")


class MemberCounts:
    """Counts of current members on a day, within any set of them."""

    def __init__(self, on: date | None = None) -> None:
        self.on = on
        self.facets: dict[str, Loaded] = MEMBER_INDEX.at(on)
        self.clusters: dict[str, ClusterFacts] = self.facets["clusters"]
        self.everyone: int = self.facets["listed"].bits["current"]

    def having(self, facet: str, slug: str, within: int | None = None) -> int:
        """The bitmap of the members with that value."""
        return self.facets[facet].bits.get(slug, 0) & (self.everyone if within is None else within)

    def by_kind(self, rows: int) -> dict[str, int]:
        """``members`` and the three kinds, in the plural as templates name them."""
        found = [(self.facets["kind"].bits.get(kind, 0) & rows).bit_count() for kind in KINDS]
        return dict(zip(("companies", "laboratories", "institutions"), found, strict=True)) | {
            "members": rows.bit_count()
        }

    def by_size(self, rows: int) -> dict[str, int]:
        sizes = self.facets["size"]
        return {slug: (sizes.bits.get(slug, 0) & rows).bit_count() for slug in sizes.values}

    def grappe(self, rows: int, per_mark: int, **options):
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
        rows: int,
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
                count=(data.bits.get(value.slug, 0) & rows).bit_count(),
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

    def regions(self, rows: int, query: str = "") -> list:
        """Every region by number of members, without the departments and without “nowhere”."""
        return self.ranked("region", rows, top_level=True, query=query, exclude={NOWHERE})

    @property
    def places(self) -> list[Place]:
        """The regions, in alphabetical order."""
        return [place for place in self.facets["places"].values() if place.shape_code]

    def map_of(self, rows: int, link) -> Atlas:
        """The clickable map of some members; ``link`` gives the address behind a region's slug."""
        areas = [
            SimpleNamespace(
                name=place.name,
                shape_code=place.shape_code,
                url=link(place.slug),
                count=self.having("region", place.slug, rows).bit_count(),
            )
            for place in self.places
        ]
        return atlas(areas)

    def shapes(self, slugs) -> set[str]:
        """The outlines of some regions."""
        return {self.facets["places"][slug].shape_code for slug in slugs if slug in self.facets["places"]}

    def labelled(self) -> list[ClusterFacts]:
        """The clusters that hold the label on that day, in alphabetical order."""
        return [cluster for cluster in self.clusters.values() if cluster.held_label(self.day)]

    def words(self, facet: str, slugs) -> list[str]:
        """The labels of some values in the visitor's language."""
        values, language = self.facets[facet].values, active_language()
        return [values[slug].label(language) for slug in slugs if slug in values]

    def unlocated(self, rows: int) -> dict:
        return {
            "count": self.having("region", NOWHERE, rows).bit_count(),
            "url": f"{reverse('members:organisation-list')}?region={NOWHERE}",
        }

    @property
    def day(self) -> date:
        return self.on or timezone.localdate()
