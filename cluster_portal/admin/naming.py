"""What a page of the staff names and where it leads: to nothing that its reader does not meet.

A row of one's own may point at what another cluster has not published yet: a partner of a project, a successor. It
stays chosen, and says only that it is there. Whoever edits the whole network is told everything.
"""

from collections.abc import Iterable, Iterator

from django.contrib.admin.helpers import AdminField, AdminReadonlyField
from django.db.models import ForeignKey, Model, Value
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.publication import Publication
from cluster_portal.records.scope import EDIT_NETWORK

UNNAMED = _("not yet published")


def take_off_names(rows: Iterable[Model], user, parent: str = "") -> None:
    """Of what these rows point at, takes off the names that ``user`` may not read; of rows in hand, which are not saved.

    One query if there are unpublished rows among them, however many. ``parent``: the foreign key to
    the row in whose form they stand, which she reads.
    """
    if user is None or user.has_perm(EDIT_NETWORK):
        return
    for other in withheld(_pointed_at(rows, parent), user):
        call_unnamed(other)


def take_off_names_of_drafts(rows: Iterable[Model], parent: str) -> None:
    """The same for whoever reads what is written now."""
    for other in _pointed_at(rows, parent):
        if not other.has_a_page:
            call_unnamed(other)


def _pointed_at(rows: Iterable[Model], parent: str) -> list[Publication]:
    return [
        getattr(row, field.name)
        for row in rows
        for field in row._meta.concrete_fields
        if isinstance(field, ForeignKey)
        and field.name != parent
        and issubclass(field.related_model, Publication)
        and getattr(row, field.attname) is not None
    ]


def withheld(others: Iterable[Publication], user) -> list[Publication]:
    """Those that have no page yet and that she could not choose either."""
    if user is None or user.has_perm(EDIT_NETWORK):
        return []
    hidden = [other for other in others if not other.has_a_page]
    parts = [
        model._default_manager.selectable_by(user)
        .filter(pk__in={other.pk for other in hidden if type(other) is model})
        .order_by()
        .values_list(Value(model._meta.label), "pk")
        for model in {type(other) for other in hidden}
    ]
    known = set(parts[0].union(*parts[1:], all=True)) if parts else set()
    return [other for other in hidden if (other._meta.label, other.pk) not in known]


def call_unnamed(other: Publication) -> None:
    """A name and an acronym are all that ``str`` says of anything published."""
    for name in ("name", "acronym"):
        if hasattr(other, name):
            setattr(other, name, str(UNNAMED))


class WithoutLinks:
    """A part of one of Django's forms, down to its read-only fields, which name what they point at and lead nowhere:
    that somebody reads a row does not mean that she opens what it points at."""

    def __init__(self, part) -> None:
        self._part = part

    def __getattr__(self, name):
        return getattr(self._part, name)

    def __iter__(self) -> Iterator:
        for part in self._part:
            if isinstance(part, AdminReadonlyField):
                part.get_admin_url = _name_alone  # type: ignore[method-assign]
            yield part if isinstance(part, AdminReadonlyField | AdminField) else WithoutLinks(part)


def _name_alone(_relation, other) -> str:
    return str(other)
