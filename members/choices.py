"""The vocabulary as choices of a drop-down: (slug, label), in reading order."""

from members.models import Region, Theme


def regions() -> list[tuple[str, str]]:
    return list(Region.objects.in_order().values_list("slug", "name"))


def clusters(rows) -> list[tuple[str, str]]:
    """Of a queryset of clusters."""
    return [(cluster.slug, str(cluster)) for cluster in rows.only("slug", "name", "acronym", "sort_name")]


def themes() -> list[tuple[str, str]]:
    """Each domain followed by its themes, indented."""
    found = list(Theme.objects.in_order())
    below: dict[int | None, list[Theme]] = {}
    for theme in found:
        below.setdefault(theme.parent_id, []).append(theme)
    return [
        (theme.slug, f"\u2003{theme.name}" if theme.parent_id else str(theme.name))
        for domain in below.get(None, [])
        for theme in (domain, *below.get(domain.pk, []))
    ]
