"""Filters of a list keep their rows when a region, a theme or a cluster gets another slug."""

from cluster_portal.models import FormerSlug
from members.models import Cluster, Region, Theme

FILTERS = {"region": Region, "theme": Theme, "cluster": Cluster, "shared": Cluster}


def with_present_slugs(listing) -> str:
    """The address of a list with the present slugs of its filters; blank when none of them is a former one."""
    changed = False
    for name in [name for name in FILTERS if name in listing.chosen and name not in listing.fixed]:
        known = listing.facet_data[name].values
        present = {slug: _present_slug(FILTERS[name], slug) for slug in listing.chosen[name] if slug not in known}
        if any(new in known for new in present.values()):
            changed = True
            listing.chosen[name] = tuple(
                sorted({present[slug] if present.get(slug) in known else slug for slug in listing.chosen[name]})
            )
    return listing.url(page=listing.asked_page) if changed else ""


def _present_slug(model, slug: str) -> str:
    former = FormerSlug.objects.filter(model=model._meta.model_name, slug=slug).values("object_id")
    return model.objects.filter(pk__in=former).values_list("slug", flat=True).first() or ""
