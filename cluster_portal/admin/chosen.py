"""Which rows of a list somebody chose: those that she ticked, or all that the list’s address finds.

Of all, nothing is sent along but the address itself: what it finds is found again, in her scope, each time that it is
asked for; and it is said in words, so that nobody changes more than she meant.
"""

from dataclasses import dataclass

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import ModelAdmin
from django.contrib.admin.views.main import IGNORED_PARAMS, ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_portal.writing.typography import number

ACROSS = "select_across"
NOT_ACROSS = ("", "0", "false", "False")  # as Django reads the box


@dataclass(frozen=True)
class Chosen:
    """``query``: what stands behind the “?” of the list. ``ticked``: nothing where all are meant."""

    query: str
    ticked: tuple[str, ...] | None

    @classmethod
    def of(cls, request: HttpRequest) -> "Chosen":
        across = request.POST.get(ACROSS, "") not in NOT_ACROSS
        ticked = None if across else tuple(request.POST.getlist(ACTION_CHECKBOX_NAME))
        return cls(request.META.get("QUERY_STRING", ""), ticked)

    @property
    def all(self) -> bool:
        return self.ticked is None

    def among(self, rows: QuerySet) -> QuerySet:
        """Of the rows that the list finds."""
        return rows if self.ticked is None else rows.filter(pk__in=self.ticked)

    def found_by(self, model_admin: ModelAdmin, user) -> QuerySet:
        """Found anew, without a request: what the list would find for her now."""
        request = _as_if_opened(model_admin, self.query, user)
        return self.among(model_admin.get_changelist_instance(request).queryset)


def address_of(model_admin: ModelAdmin, query: str = "") -> str:
    address = reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist")
    return f"{address}?{query}" if query else address


def _as_if_opened(model_admin: ModelAdmin, query: str, user) -> HttpRequest:
    request = HttpRequest()
    request.method, request.user = "GET", user
    request.path = request.path_info = address_of(model_admin)
    request.META["QUERY_STRING"] = query
    request.GET = QueryDict(query)
    request.resolver_match = resolve(request.path)
    request.rows_alone = True
    return request


def in_words(model_admin: ModelAdmin, request: HttpRequest, count: int) -> str:
    """“All 550 companies that match: members of CARA, region: Bretagne, found by “mob””."""
    opts = model_admin.opts
    kind = opts.verbose_name if count == 1 else opts.verbose_name_plural
    what = {"number": number(count), "rows": kind}
    if said := conditions(request.changelist):
        sentence = ngettext(
            "The one that matches (%(number)s %(rows)s): %(conditions)s.",
            "All %(number)s %(rows)s that match: %(conditions)s.",
            count,
        )
        return sentence % {**what, "conditions": ", ".join(said)}
    return _("Every row of the list, without any filter: %(number)s %(rows)s.") % what


def conditions(changelist: ChangeList) -> list[str]:
    """What the address asks for, filter by filter, and the search."""
    asked = {name: values for name, values in changelist.filter_params.items() if name not in IGNORED_PARAMS}
    found = []
    for spec in changelist.filter_specs:
        names = [name for name in spec.expected_parameters() if name in asked]
        if not names:
            continue
        given = [value for name in names for value in asked.pop(name)]
        selected = [str(choice["display"]).strip() for choice in spec.choices(changelist) if choice.get("selected")]
        phrase = getattr(spec, "phrase", None) or _("%(filter)s: %(value)s")
        found.append(phrase % {"filter": spec.title, "value": ", ".join(selected or given)})
    found += [f"{name} = {', '.join(values)}" for name, values in asked.items()]
    if changelist.query.strip():
        found.append(_("found by “%(words)s”") % {"words": changelist.query.strip()})
    return found
