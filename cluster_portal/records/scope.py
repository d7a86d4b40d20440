"""Which rows somebody of staff may edit, and among which she may choose: two questions that every model answers which
the staff's pages show. A model that does not is refused by a check, so that nothing is open by having been forgotten.
"""

from typing import ClassVar

from django.db.models import QuerySet

# What a backend is asked of somebody: whether she works here at all, whether for the whole network, whether for its
# accounts too.
ENTER_ADMIN = "portal.enter_admin"
EDIT_NETWORK = "portal.edit_network"
KEEP_ACCOUNTS = "portal.keep_accounts"


class KeptByTheNetwork(QuerySet):
    """Vocabulary: the network edits it, everybody chooses from it."""

    def editable_by(self, user):
        return self.all() if user.has_perm(EDIT_NETWORK) else self.none()

    def selectable_by(self, user):
        return self.all()


class ForAdministrators(QuerySet):
    """What concerns accounts: whoever keeps these reads it."""

    def editable_by(self, user):
        return self.all() if user.has_perm(KEEP_ACCOUNTS) else self.none()

    selectable_by = editable_by


class RowsOfAnother(QuerySet):
    """Rows that stand in the form of another row and follow it: whoever keeps that one, keeps these.

    ``parent`` is the foreign key; the queryset of its model answers ``kept_by(user)``.
    """

    parent: ClassVar[str]

    def editable_by(self, user):
        if user.has_perm(EDIT_NETWORK):
            return self.all()
        parents = self.model._meta.get_field(self.parent).related_model._default_manager.kept_by(user)
        return self.filter(**{f"{self.parent}__in": parents.order_by().values("pk")})

    def selectable_by(self, user):
        return self.editable_by(user)
