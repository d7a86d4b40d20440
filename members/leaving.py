"""What goes with a role that ends: sessions, invitations, and what the person had in hand (docs/decisions/0021)."""

from collections.abc import Iterator

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_noop

from cluster_portal.history.change_sets import Kind, tell
from cluster_portal.models import SecurityEvent
from cluster_portal.records.publication import Publication
from cluster_portal.sign_in.security_log import end_sessions, record
from members.joining import in_english, revoke
from members.models import Cluster, Invitation, RoleAssignment
from members.querysets import today
from members.rights import Rights, Role, editor_of, rights_now, rights_without, with_rights

ROLE_ENDED = gettext_noop("Role ended")
HANDED_OVER = gettext_noop("Drafts handed over")


def publications() -> Iterator[type[Model]]:
    """What is drafted and reviewed: each table once, and not the kinds of organisation beside all of them."""
    for model in apps.get_models():
        if issubclass(model, Publication) and not model._meta.proxy:
            yield model


def in_hand(person, cluster: Cluster | None, left: Rights, *, leaves: bool = True) -> list[QuerySet]:
    """What is unfinished in somebody's hands and will no longer be hers to edit, with the rights that are ``left`` to
    her. For a cluster: what that cluster keeps; and, as she ``leaves`` the last one, what no cluster keeps."""
    others: list[int] = []
    of_none = cluster is not None and leaves and not left.any
    if cluster is not None and of_none:
        others = list(Cluster.objects.exclude(pk=cluster.pk).values_list("pk", flat=True))
    found = []
    for model in publications():
        rows = model._default_manager.unfinished().assigned_to(person)
        if left.any:
            rows = _without(rows, with_rights(person.pk, left))
        if of_none:
            rows = _without(rows, editor_of(*others))
        elif cluster is not None:
            rows = rows.filter(pk__in=_kept_by(rows, editor_of(cluster.pk)))
        found.append(rows.order_by("pk"))
    return found


def _kept_by(rows: QuerySet, user) -> QuerySet:
    return rows.kept_by(user).order_by().values("pk")


def _without(rows: QuerySet, user) -> QuerySet:
    return rows.exclude(pk__in=_kept_by(rows, user))


def left_behind(cluster: Cluster | None) -> dict[int, int]:
    """How much is still in the hands of people who no longer work for a cluster (for none: for none at all): their
    primary keys and the numbers."""
    if cluster is None:
        at_work = RoleAssignment.objects.at_work().values("user")
    else:
        at_work = RoleAssignment.objects.at_work().filter(Q(cluster=cluster) | Q(cluster=None)).values("user")
    numbers: dict[int, int] = {}
    for model in publications():
        rows = model._default_manager.unfinished().filter(assigned_to__isnull=False)
        rows = rows.exclude(assigned_to__in=at_work).exclude(
            assigned_to__in=get_user_model()._default_manager.filter(is_superuser=True, is_active=True).values("pk")
        )
        if cluster is not None:
            rows = rows.kept_by(editor_of(cluster.pk))
        counted = rows.order_by().values("assigned_to").annotate(n=Count("pk")).values_list("assigned_to", "n")
        for person, number in counted:
            numbers[person] = numbers.get(person, 0) + number
    return numbers


def colleagues(cluster: Cluster | None, beside, *, network: bool) -> QuerySet:
    """To whom something may be handed over: who works for the cluster, and with ``network`` who edits all of it."""
    roles = RoleAssignment.objects.at_work()
    there = Q(cluster=cluster) if cluster else Q(cluster=None)
    at_work = roles.filter(there | Q(cluster=None)) if network else roles.filter(there)
    people = get_user_model()._default_manager.filter(pk__in=at_work.values("user")).exclude(pk=beside.pk)
    return people.order_by("last_name", "username")


def hand_over(request: HttpRequest, rows: list[QuerySet], to: int | None) -> int:
    """To a colleague (by primary key), or to nobody in particular: then it waits for whoever works for the cluster."""
    number = 0
    for some in rows:
        keys = list(some.values_list("pk", flat=True))
        if keys:
            number += some.model._default_manager.filter(pk__in=keys).hand_over(to, by=request.user)
    return number


def end(request: HttpRequest, assignment: RoleAssignment, to: int | None = None) -> int:
    """Somebody's role ends now; ``to`` takes over what she had in hand. The number of what was handed over."""
    tell(Kind.FORM, ROLE_ENDED)
    left = rights_without(assignment.user, assignment.pk)
    rows = in_hand(assignment.user, assignment.cluster, left) if assignment.is_running() else []
    number = hand_over(request, rows, to)
    assignment.valid_until = max(today(), assignment.valid_from)
    assignment.save(update_fields=["valid_until"])
    record(request, SecurityEvent.Kind.ROLE_ENDED, assignment.user, said_of(assignment, request.user))
    settle(request, assignment.user)
    return number


def tell_handed_over() -> None:
    tell(Kind.FORM, HANDED_OVER)


def said_of(assignment: RoleAssignment, by) -> str:
    """What the security log keeps of a role that is given or ended."""
    return f"{in_english(assignment)}, {by.get_username()}"


@transaction.atomic
def settle(request: HttpRequest, person) -> None:
    """Once roles have ended, however: nobody invites to what she could not invite to today, and whoever may no longer
    come in is out."""
    rights = rights_now(person)
    hers = Invitation.objects.unanswered().filter(invited_by=person.pk).select_related("cluster")
    for invitation in hers.select_for_update(of=("self",)):  # one that is being accepted is answered first
        if not rights.gives(invitation.role, invitation.cluster_id):
            revoke(request, invitation)
    if not rights.any:
        end_sessions(request, person)


def is_last_administrator(assignment: RoleAssignment) -> bool:
    """Whether nobody would be left who keeps accounts. Asked under a lock: two who end one another's are asked in turn."""
    if assignment.role != Role.ADMINISTRATOR:
        return False
    administrators = list(
        RoleAssignment.objects.administrators().select_for_update(of=("self",)).values_list("pk", "user")
    )
    return (assignment.pk, assignment.user_id) in administrators and len({user for _pk, user in administrators}) == 1
