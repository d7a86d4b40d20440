"""What was proposed of an organisation follows it when it turns out to be another one (``members.duplicates``)."""

from django.utils.translation import gettext_lazy as _

from members.duplicates.relations import Relation, Stays, register


class Proposals(Relation):
    def words(self, row) -> str:
        return str(row.get_kind_display())


register(
    Proposals("contributions.ChangeProposal.organisation", _("Proposals"), splits=False),
    Relation("contributions.InternalNote.organisation", _("Internal notes"), splits=False),
    Relation("contributions.RelayedMessage.organisation", _("Messages of visitors"), splits=False),
    Stays("contributions.SignedLink.organisation", "a link follows into what it was merged, and says so"),
)
