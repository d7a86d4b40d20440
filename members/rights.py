"""What a person of staff may do today, read off the roles that she holds.

The foundation knows no role: it asks ``user.has_perm``, and ``RoleBackend`` answers. Which rows she may edit is
asked of the rows (``editable_by``), which ask here for whose clusters she works.
"""

from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.scope import EDIT_NETWORK, ENTER_ADMIN, KEEP_ACCOUNTS
from cluster_portal.sign_in.people import StaffBackend


class Role(models.TextChoices):
    """What somebody of staff is; the first two of one cluster each."""

    CLUSTER_EDITOR = "cluster_editor", _("Cluster editor")
    CLUSTER_MANAGER = "cluster_manager", _("Cluster manager")
    NETWORK_EDITOR = "network_editor", _("Network editor")
    ADMINISTRATOR = "administrator", _("Administrator")


OF_A_CLUSTER = (Role.CLUSTER_EDITOR, Role.CLUSTER_MANAGER)

ALL = frozenset({"view", "add", "change", "delete"})
NO_DELETE = ALL - {"delete"}
# What the editors of a cluster may do with their part of the rows of each model; they choose among the rows of others
# without having a permission for it.
OF_CLUSTER_EDITORS: dict[str, frozenset[str]] = {
    "members.cluster": frozenset({"view", "change"}),
    "members.clustername": ALL,
    "members.clusterregion": ALL,
    "members.labelperiod": frozenset({"view"}),
    "members.organisation": NO_DELETE,
    "members.company": NO_DELETE,
    "members.laboratory": NO_DELETE,
    "members.institution": NO_DELETE,
    "members.organisationname": ALL,
    "members.site": ALL,
    "members.contactperson": ALL,
    "members.membership": ALL,
    "members.importbatch": NO_DELETE,
    "members.matchcandidate": frozenset({"view", "change"}),
    "projects.project": NO_DELETE,
    "projects.participation": ALL,
    "projects.projectlabel": ALL,
    "projects.funding": ALL,
    "projects.outcome": ALL,
    "contributions.internalnote": ALL,
    "contributions.changeproposal": frozenset({"view", "change"}),
    "contributions.savedanswer": ALL,
    "contributions.correspondence": ALL,
}
OF_ADMINISTRATORS = frozenset(
    {
        "members.person",
        "members.roleassignment",
        "members.invitation",
        "portal.outgoingmail",
        "portal.securityevent",
        "portal.unsentmail",
    }
)
# What managers read of what their editors did; nobody writes it.
OF_MANAGERS = frozenset({"members.contactexport"})
NOBODY_S = frozenset({"auth"})  # groups and ticked permissions mean nothing here


@dataclass(frozen=True, slots=True)
class Rights:
    """The clusters, by primary key, that somebody edits and those whose people she manages; and what goes beyond."""

    clusters: frozenset[int] = frozenset()
    managed: frozenset[int] = frozenset()
    network: bool = False
    administrator: bool = False

    @property
    def any(self) -> bool:
        return bool(self.clusters) or self.network

    def gives(self, role: str, cluster: int | None) -> bool:
        """Whether she may invite to a role, and end it: a manager to those of her clusters, administrators to all."""
        return self.administrator or (role in OF_A_CLUSTER and cluster in self.managed)

    def allow(self, label: str, action: str) -> bool:
        """Whether something may be done with rows of a model at all (``label`` as in ``members.site``)."""
        if label.partition(".")[0] in NOBODY_S:
            return False
        if label in OF_ADMINISTRATORS:
            return self.administrator
        if label in OF_MANAGERS:
            return action == "view" and (self.administrator or bool(self.managed))
        return self.network or bool(self.clusters) and action in OF_CLUSTER_EDITORS.get(label, ())


NONE = Rights()
EVERYTHING = Rights(network=True, administrator=True)


def editor_of(*clusters: int):
    """Nobody in particular, who edits these clusters and nothing else: whom one asks what belongs to them."""
    return with_rights(0, Rights(clusters=frozenset(clusters)))


def with_rights(user: int, rights: Rights):
    """Somebody as if she had other rights than she has: whom one asks what she would still edit."""
    supposed = get_user_model()(pk=user)
    supposed._rights = (timezone.localdate(), rights)
    return supposed


def rights_of(user) -> Rights:
    """Asked of the database once for each ``user`` object, which lives as long as a request."""
    if not user.is_active or user.is_anonymous:
        return NONE
    if user.is_superuser:
        return EVERYTHING
    today = timezone.localdate()
    kept = getattr(user, "_rights", None)
    if kept is None or kept[0] != today:
        kept = user._rights = (today, _read(user))
    return kept[1]


def rights_now(user) -> Rights:
    """Those that stand in the database at this moment, whatever was known of her before."""
    return rights_without(user, None)


def rights_without(user, assignment: int | None) -> Rights:
    """What would be left to somebody without one of her roles (by primary key)."""
    user = get_user_model()._default_manager.get(pk=user.pk)
    if not user.is_active or user.is_superuser:
        return rights_of(user)
    return _read(user, assignment)


def _read(user, without: int | None = None) -> Rights:
    assigned = apps.get_model("members", "RoleAssignment").objects
    rows = assigned.running().filter(user=user.pk).exclude(pk=without)
    held = set(rows.values_list("role", "cluster_id"))
    roles = {role for role, _cluster in held}
    return Rights(
        clusters=frozenset(cluster for _role, cluster in held if cluster),
        managed=frozenset(cluster for role, cluster in held if role == Role.CLUSTER_MANAGER),
        network=bool(roles & {Role.NETWORK_EDITOR, Role.ADMINISTRATOR}),
        administrator=Role.ADMINISTRATOR in roles,
    )


class RoleBackend(StaffBackend):
    """Who somebody is, by name and password; what she may do, by her roles and by nothing that was ticked."""

    def get_all_permissions(self, user, obj=None) -> set[str]:
        return set()

    def has_perm(self, user, perm: str, obj=None) -> bool:
        rights = rights_of(user)
        if perm == ENTER_ADMIN:
            return rights.any
        if perm == EDIT_NETWORK:
            return rights.network
        if perm == KEEP_ACCOUNTS:
            return rights.administrator
        app, _, codename = perm.partition(".")
        action, _, model = codename.partition("_")
        return rights.any and rights.allow(f"{app}.{model}", action)

    def has_module_perms(self, user, app_label: str) -> bool:
        rights = rights_of(user)
        return rights.network or bool(rights.clusters) and app_label in ("members", "projects", "contributions")
