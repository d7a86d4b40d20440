"""What each cluster says for itself: rows that bear its name, and are written by its own editors.

Whoever works for several clusters says in the header for which of them she works now; what she makes belongs there.
"""

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from cluster_portal.admin.changes import divide
from cluster_portal.sign_in.way_on import leads_to_a_page
from members.models import Cluster
from members.rights import editor_of, rights_of

WORKED_FOR = "cluster_worked_for"  # in the session: the primary key of the cluster that was chosen


def clusters_worked_for(request: HttpRequest) -> list[Cluster]:
    """Those whose part of the network is somebody's own, by name; none for whoever has only the network's. Asked of the
    database once a request, since each box of a form may want to know."""
    known = getattr(request, "_clusters_worked_for", None)
    if known is None:
        clusters = rights_of(request.user).clusters
        known = list(Cluster.objects.filter(pk__in=clusters).order_by("sort_name", "pk")) if clusters else []
        request._clusters_worked_for = known
    return known


def cluster_worked_for(request: HttpRequest) -> int | None:
    """The cluster for which somebody works now: of several the one that she chose, at first the first by name."""
    clusters = rights_of(request.user).clusters
    if len(clusters) < 2:
        return next(iter(clusters), None)
    chosen = request.session.get(WORKED_FOR)
    return chosen if chosen in clusters else clusters_worked_for(request)[0].pk


@require_POST
def work_for(request: HttpRequest) -> HttpResponseRedirect:
    """From now on for another of one's clusters; then back to the page."""
    try:
        chosen = int(request.POST.get("cluster", ""))
    except ValueError as error:
        raise Http404 from error
    if chosen not in rights_of(request.user).clusters:
        raise Http404
    request.session[WORKED_FOR] = chosen
    back = request.POST.get(REDIRECT_FIELD_NAME, "")
    return HttpResponseRedirect(back if leads_to_a_page(back) else reverse("admin:index"))


def parts_of_the_network(request: HttpRequest) -> list[tuple[str, str, object]]:
    """The clusters among which somebody chooses whose changes to read; none for whoever has one."""
    clusters = (
        Cluster.objects.order_by("sort_name", "pk") if rights_of(request.user).network else clusters_worked_for(request)
    )
    parts = [(str(one.pk), str(one), editor_of(one.pk)) for one in clusters]
    return parts if len(parts) > 1 else []


divide(parts_of_the_network)


class OfOwnCluster:
    """Rows with a ``cluster``, which is one's own; of several, the person chooses."""

    own_choices = ("cluster",)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "cluster" and not rights_of(request.user).network:
            field.required = True
            field.initial = cluster_worked_for(request)
            field.widget.known = {str(one.pk): field.label_from_instance(one) for one in clusters_worked_for(request)}
        return field
