"""An address that was ever public keeps leading somewhere: old slugs redirect for good."""

from functools import wraps

from django.db.models import QuerySet
from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import reverse

from members.models import Cluster, FormerSlug, Region, Theme

FILTERS = {"region": Region, "theme": Theme, "cluster": Cluster, "shared": Cluster}


class Moved(Exception):
    """The page asked for by an old slug now has this one."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def get_by_slug(queryset: QuerySet, slug: str):
    """The object with that slug; raises ``Moved`` for a former slug, ``Http404`` for none."""
    found = queryset.filter(slug=slug).first()
    if found:
        return found
    model = queryset.model._meta.concrete_model._meta.model_name
    former = FormerSlug.objects.filter(model=model, slug=slug).values_list("object_id", flat=True)
    target = queryset.filter(pk__in=former).values_list("slug", flat=True).first()
    if target:
        raise Moved(target)
    raise Http404


def follows_former_slugs(view):
    """Answers ``Moved`` with a permanent redirect that keeps the rest of the address and the filters."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except Moved as moved:
            path = reverse(request.resolver_match.view_name, kwargs={**kwargs, "slug": moved.slug})
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)

    return wrapped


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
