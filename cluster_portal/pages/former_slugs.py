"""An address that was ever public keeps leading somewhere: old slugs redirect for good."""

from collections.abc import Callable
from functools import cache, wraps

from django.db.models import QuerySet
from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import reverse

from cluster_portal.history.change_sets import READING
from cluster_portal.models import FormerSlug
from cluster_portal.records.compiled import Compiled, compiled


class Moved(Exception):
    """The page asked for by an old slug now has this one."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def get_by_slug(pages: Callable[[], QuerySet], slug: str):
    """The object with that slug among ``pages``, a method of a manager such as ``Organisation.objects.published``.

    Raises ``Moved`` for a former slug, and for one in other letters than ours, ``Http404`` for none.
    """
    question = _by_slug(pages)
    if found := question.first(slug):
        return found
    queryset = pages()
    model = queryset.model._meta.concrete_model._meta.model_name
    small = slug.lower()  # as it stands in capitals on a card or in a letter
    if small != slug and question.first(small):
        raise Moved(small)
    if hasattr(queryset, "answering_to"):  # rows of this model are merged into others
        answering = queryset.answering_to([slug, small])
    else:
        former = FormerSlug.objects.filter(model=model, slug__in=[slug, small]).values("object_id")
        answering = queryset.filter(pk__in=former)
    target = answering.values_list("slug", flat=True).first()
    if target:
        raise Moved(target)
    raise Http404


@cache
def _by_slug(pages: Callable[[], QuerySet]) -> Compiled:
    @compiled
    def by_slug(slug: str):
        return pages().filter(slug=slug).order_by()

    return by_slug


def follows_former_slugs(view):
    """Answers ``Moved`` with a permanent redirect that keeps the rest of the address and the filters, and what was sent."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except Moved as moved:
            path = reverse(request.resolver_match.view_name, kwargs={**kwargs, "slug": moved.slug})
            query = request.META.get("QUERY_STRING", "")
            sends = request.method not in READING  # what was typed goes along
            return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path, preserve_request=sends)

    return wrapped
