"""Verbs on many rows: each has a sister ``to_…`` that finds the rows in which it would change anything, and changes no
others. The number of statements does not depend on the number of rows.
"""

import re
from collections.abc import Iterable

from django.db import connection
from django.db.models import Case, CharField, Exists, F, Func, Model, OuterRef, Q, QuerySet, Value, When
from django.db.models.lookups import Exact

# before and after a word, whatever alphabet the server knows: the beginning, the end, a blank or a sign
BEFORE, AFTER = r"(?<![^[:space:][:punct:]])", r"(?![^[:space:][:punct:]])"


class Folded(Func):
    function, arity, output_field = "portal_fold", 1, CharField()


class Rewritten(Func):
    function, output_field = "regexp_replace", CharField()


def replaced(column: str, old: str, new: str, *, within: bool):
    """What the column would say. Whole values are alike whatever their accents and case; ``within`` a longer one the words
    must stand as they were typed."""
    if not within:
        alike = Exact(Folded(F(column)), Folded(Value(old)))
        return Case(When(alike, then=Value(new)), default=F(column), output_field=CharField())
    words = f"{BEFORE}{_literally(old)}{AFTER}"
    return Rewritten(F(column), Value(words), Value(new.replace("\\", "\\\\")), Value("g"))


def _literally(text: str) -> str:
    return re.sub(r"([^\w\s])", r"\\\1", text)


def with_host(column: str, old: str, new: str):
    """A web address on another host: scheme, port and path stay."""
    pattern = f"^(https?://){_literally(old)}(?=[:/?#]|$)"
    return Rewritten(F(column), Value(pattern), Value(rf"\1{new}"), Value("i"))


class Rewrites(QuerySet):
    """Columns in which one text takes the place of another."""

    def with_replaced(self, column: str, old: str, new: str, *, within: bool):
        """``becomes``: what the column would say, of those in which it would say something else."""
        return self.annotate(becomes=replaced(column, old, new, within=within)).exclude(**{column: F("becomes")})

    def replace_in(self, column: str, old: str, new: str, *, within: bool, **also) -> int:
        keys = self.with_replaced(column, old, new, within=within).order_by().values("pk")
        values = {column: replaced(column, old, new, within=within), **also}
        return self.model._base_manager.filter(pk__in=keys).update(**values)


class WithWebsite(QuerySet):
    def with_other_host(self, old: str, new: str):
        """``becomes``: the address on the other host, of those that are on the old one."""
        return self.annotate(becomes=with_host("website", old, new)).exclude(website=F("becomes"))

    def to_change_host(self, old: str, new: str):
        return self.with_other_host(old, new)

    def change_host(self, old: str, new: str, by=None) -> int:
        keys = self.to_change_host(old, new).order_by().values("pk")
        return self.model._base_manager.filter(pk__in=keys).update(
            website=with_host("website", old, new), updated_by=by
        )


def insert_pairs(pairs: type[Model], bearer: str, keys: list[int], themes: Iterable) -> None:
    """Each of the rows with these keys bears each of the themes; those pairs that there are stay."""
    row, theme = pairs._meta.get_field(bearer).column, pairs._meta.get_field("theme").column
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {pairs._meta.db_table} ({row}, {theme})"
            " SELECT bearer, theme FROM unnest(%s::bigint[]) bearer, unnest(%s::bigint[]) theme"
            " ORDER BY bearer, theme ON CONFLICT DO NOTHING",
            [keys, [one.pk for one in themes]],
        )


class BearsThemes(QuerySet):
    """Rows with ``themes``. What is written are the pairs."""

    def _pairs(self, themes: Iterable | None = None):
        pairs = self.model.themes.through._base_manager.filter(**{self._bearer: OuterRef("pk")})
        return pairs if themes is None else pairs.filter(theme__in=list(themes))

    @property
    def _bearer(self) -> str:
        return self.model._meta.get_field("themes").m2m_field_name()

    def _lacking(self, themes) -> Q:
        lacking = Q(pk__in=[])
        for theme in themes:
            lacking |= ~Q(Exists(self._pairs([theme])))
        return lacking

    def to_add_themes(self, themes):
        """Those that lack one of them."""
        return self.filter(self._lacking(themes))

    def add_themes(self, themes, by=None) -> int:
        return self._changed(self.to_add_themes(themes), add=themes)

    def to_remove_themes(self, themes):
        return self.filter(Exists(self._pairs(themes)))

    def remove_themes(self, themes, by=None) -> int:
        return self._changed(self.to_remove_themes(themes), remove=themes)

    def to_set_themes(self, themes):
        """Those that lack one of them, or bear another."""
        others = self._pairs().exclude(theme__in=list(themes))
        return self.filter(self._lacking(themes) | Q(Exists(others)))

    def set_themes(self, themes, by=None) -> int:
        return self._changed(self.to_set_themes(themes), add=themes, keep=themes)

    def to_replace_theme(self, old, new):
        return self.filter(Exists(self._pairs([old])))

    def replace_theme(self, old, new, by=None) -> int:
        return self._changed(self.to_replace_theme(old, new), add=[new], remove=[old])

    def _changed(self, due, *, add=(), remove=(), keep=None) -> int:
        keys = list(due.order_by().values_list("pk", flat=True))
        if keys and add:
            insert_pairs(self.model.themes.through, self._bearer, keys, add)
        pairs = self.model.themes.through._base_manager.filter(**{f"{self._bearer}__pk__among": keys})
        if keys and keep is not None:
            pairs.exclude(theme__in=list(keep)).delete()
        elif keys and remove:
            pairs.filter(theme__in=list(remove)).delete()
        return len(keys)


class OrganisationsAtOnce(BearsThemes, WithWebsite):
    def to_set_size(self, size):
        return self.exclude(size=size)

    def set_size(self, size, by=None) -> int:
        return self.to_set_size(size).update(size=size, updated_by=by)

    def to_verify(self, verified_on, verified_by, verified_source):
        return self.exclude(verified_on=verified_on, verified_by=verified_by, verified_source=verified_source)

    def verify(self, verified_on, verified_by, verified_source, by=None) -> int:
        due = self.to_verify(verified_on, verified_by, verified_source)
        return due.update(
            verified_on=verified_on, verified_by=verified_by, verified_source=verified_source, updated_by=by
        )

    def to_set_lead(self, lead_cluster):
        return self.exclude(lead_cluster=lead_cluster)

    def set_lead(self, lead_cluster, by=None) -> int:
        return self.to_set_lead(lead_cluster).update(lead_cluster=lead_cluster, updated_by=by)

    def to_replace_town(self, old, new, within):
        sites = self._sites().with_replaced("city", old, new, within=within)
        return self.filter(Exists(sites.filter(organisation=OuterRef("pk"))))

    def _sites(self):
        return self.model.sites.rel.related_model._default_manager.all()

    def replace_town(self, old, new, within, by=None) -> int:
        """The number of organisations. A site follows its organisation, whose dates and authors stay as they were."""
        keys = list(self.to_replace_town(old, new, within).order_by().values_list("pk", flat=True))
        if keys:
            self._sites().filter(organisation__pk__among=keys).replace_in("city", old, new, within=within)
        return len(keys)


class ClustersAtOnce(BearsThemes, WithWebsite, Rewrites):
    def to_replace_town(self, old, new, within):
        return self.with_replaced("city", old, new, within=within)

    def replace_town(self, old, new, within, by=None) -> int:
        return self.replace_in("city", old, new, within=within, updated_by=by)


class MembershipsAtOnce(Rewrites):
    def to_set_category(self, category):
        return self.exclude(category=category)

    def set_category(self, category, by=None) -> int:
        return self.to_set_category(category).update(category=category)

    def to_set_joined_on(self, joined_on):
        return self.filter(joined_on=None)

    def set_joined_on(self, joined_on, by=None) -> int:
        """Where the day is not known. What is known is not replaced for many at once."""
        return self.to_set_joined_on(joined_on).update(joined_on=joined_on)

    def to_replace_category(self, old, new, within):
        return self.with_replaced("category", old, new, within=within)

    def replace_category(self, old, new, within, by=None) -> int:
        return self.replace_in("category", old, new, within=within)


def bearers_of(themes) -> Iterable[tuple]:
    """Of whatever is chosen among themes anywhere: the model of the pairs, and the names of its two columns."""
    for relation in themes.model._meta.related_objects:
        if relation.many_to_many:
            pairs = relation.through
            yield relation.related_model, pairs, relation.field.m2m_field_name()


class ThemesAtOnce(QuerySet):
    def to_move_bearers(self, to):
        """Those that something bears, wherever; what bears the other theme already loses this one all the same."""
        borne = Q(pk__in=[])
        for _model, pairs, _bearer in bearers_of(self):
            borne |= Q(Exists(pairs._base_manager.filter(theme=OuterRef("pk"))))
        return self.exclude(pk=to.pk).filter(borne)

    def move_bearers(self, to, by=None) -> int:
        """The number of rows that bear ``to`` in place of these."""
        moved, keys = 0, list(self.to_move_bearers(to).order_by().values_list("pk", flat=True))
        for model, pairs, bearer in bearers_of(self):
            bearing = pairs._base_manager.filter(theme__in=keys)
            rows = model._base_manager.filter(pk__in=bearing.values(bearer))
            owners = list(rows.order_by().values_list("pk", flat=True))
            insert_pairs(pairs, bearer, owners, [to])
            bearing.delete()
            moved += len(owners)
        return moved
