"""Filters of a list keep their rows when a region, a theme or a cluster gets another slug."""

from cluster_portal.listing import Listing
from cluster_portal.listing.address import ListAddress
from cluster_portal.models import FormerSlug
from members.models import Cluster, Organisation, Region, Theme

FILTERS = {
    "region": Region, "theme": Theme, "cluster": Cluster, "shared": Cluster, "supervisor": Organisation,
    "partner": Organisation,
}  # fmt: skip
AS_ASKED = frozenset({"partner"})  # of which a list knows those alone that it is asked for


def present_address(listing: Listing) -> ListAddress | None:
    """The address of a list with the present slugs of its filters; nothing when none of them is a former one."""
    present = {}
    for name, slug in listing.address.chosen:
        if name in FILTERS and slug not in (known := listing.reading[name].values):
            found = _present_slug(FILTERS[name], slug)
            if found and (found in known or name in AS_ASKED):
                present[name, slug] = (name, found)
    if not present:
        return None
    chosen = frozenset(present.get(pair, pair) for pair in listing.address.chosen)
    return listing.address.replacing(chosen=chosen, page=listing.address.page)


def _present_slug(model, slug: str) -> str:
    if model is Organisation:
        answering = Organisation.objects.published().answering_to([slug]).exclude(slug=slug)
        return answering.values_list("slug", flat=True).first() or ""
    former = FormerSlug.objects.filter(model=model._meta.model_name, slug=slug).values("object_id")
    return model.objects.filter(pk__in=former).values_list("slug", flat=True).first() or ""
