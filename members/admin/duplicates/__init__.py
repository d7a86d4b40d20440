"""What may be there twice: the list of pairs, and the pages on which they are decided."""

from functools import partial

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin import PortalAdmin
from cluster_portal.admin.base import link
from cluster_portal.history.change_sets import Kind, tell
from cluster_portal.writing.typography import percent
from members.admin.filters import ClusterOfPair
from members.admin.finding import number as number_asked
from members.admin.two_of_one import address_of_pair
from members.models import MatchCandidate, Organisation
from members.models.duplicates import Decision

from . import merge, split, taking_back  # noqa: F401 (how a merger is taken back)


class DecisionFilter(SimpleListFilter):
    """What is open, unless something else is asked for."""

    title = _("decision")
    parameter_name = "decision"

    def lookups(self, request, model_admin):
        return [(value, label) for value, label in Decision.choices if value != Decision.OPEN]

    def choices(self, changelist):
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": Decision.OPEN.label,
        }
        yield from list(super().choices(changelist))[1:]

    def queryset(self, request, queryset):
        if self.value() in (Decision.SAME, Decision.DIFFERENT):
            return queryset.filter(decision=self.value())
        return queryset.open()


@admin.register(MatchCandidate)
class MatchCandidateAdmin(PortalAdmin):
    """Nothing of it is edited as a form: a row leads to the page that shows both beside each other."""

    list_display = ["pair", "likeness", "because", "how_decided", "way_on"]
    list_display_links = None
    list_filter = [DecisionFilter, ClusterOfPair]
    search_fields = ["first__sort_name", "second__sort_name"]
    search_help_text = _("A part of one of the names")
    exclude = ["decided_by"]

    def get_urls(self):
        pages = [
            ("merge/", merge.page, "members_merge"),
            ("split/<str:pk>/", split.page, "members_split"),
            ("<str:pk>/different/", different, "members_different"),
        ]
        return [
            *(path(route, self.admin_site.admin_view(partial(view, self)), name=name) for route, view, name in pages),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None):
        one = candidate_asked(request, object_id)
        return HttpResponseRedirect(address_of_pair(one.first_id, one.second_id))

    def history_view(self, request, object_id, extra_context=None):
        """What a merger wrote is told where it was written."""
        raise Http404

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def for_list(self, rows, user):
        return rows.select_related("first", "second", "decided_by").defer(
            *(f"{side}__description_{code}" for side in ("first", "second") for code in ("fr", "en"))
        )

    @admin.display(description=_("organisations"), ordering="first__sort_name")
    def pair(self, one):
        return format_html(
            '<a href="{}">{}</a> <span class="second-line">{}</span>',
            address_of_pair(one.first_id, one.second_id),
            one.first,
            one.second,
        )

    @admin.display(description=_("likeness"), ordering="score")
    def likeness(self, one):
        return percent(100 * one.score)

    @admin.display(description=_("why"))
    def because(self, one):
        return ", ".join(one.why)

    @admin.display(description=_("decision"))
    def how_decided(self, one):
        by = one.decided_by and (one.decided_by.get_full_name() or one.decided_by.get_username())
        return f"{one.get_decision_display()} ({by})" if by else one.get_decision_display()

    @admin.display(description=_("go on"))
    def way_on(self, one):
        return link(address_of_pair(one.first_id, one.second_id), _("Look at both"))


def candidate_asked(request: HttpRequest, pk: str) -> MatchCandidate:
    one = MatchCandidate.objects.editable_by(request.user).filter(pk=number_asked(pk)).first()
    if one is None:
        raise Http404
    return one


def different(model_admin, request: HttpRequest, pk: str) -> HttpResponseRedirect:
    """“Not the same”, or, of what somebody said so, open again. ``pk``: the two keys, for a pair that nobody found too."""
    first, _dash, second = pk.partition("-")
    keys = sorted({number_asked(first), number_asked(second)})
    rows = Organisation.objects.selectable_by(request.user).filter(pk__in=keys)
    hers = Organisation.objects.kept_by(request.user).filter(pk__in=keys)
    if request.method != "POST" or len(keys) != 2 or rows.count() != 2 or not hers.exists():
        raise Http404
    again = "again" in request.POST
    tell(Kind.FORM, _("Pair of organisations decided"))
    values = {
        "decision": Decision.OPEN if again else Decision.DIFFERENT,
        "decided_by": None if again else request.user,
        "decided_at": None if again else timezone.now(),
    }
    if again:
        MatchCandidate.objects.between(*keys).filter(decision=Decision.DIFFERENT).update(**values)
    else:
        MatchCandidate.objects.update_or_create(
            first_id=keys[0], second_id=keys[1], defaults=values, create_defaults={**values, "score": 0.0}
        )
    said = _("It is to be decided again.") if again else _("Remembered: these two are not the same.")
    model_admin.message_user(request, said, messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:members_matchcandidate_changelist"))
