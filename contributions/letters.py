"""What the sender of a proposal is written, in the language in which she wrote."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from cluster_portal.mail import Letter, queue
from contributions.links import CONFIRM, FOLLOW, link_to
from contributions.models import ChangeProposal, ProposalMessage


def confirm(proposal: ChangeProposal) -> None:
    """The link without which nobody looks at it. Not a word of what was typed: whoever typed it may not be whoever reads
    it."""
    with override(proposal.language):
        what = f"{proposal.get_kind_display()} · {proposal.subject}"
        letter = Letter(
            subject=_("Please confirm what you sent about %(name)s") % {"name": proposal.subject},
            paragraphs=[
                _("Somebody, you it seems, sent this to the directory: %(what)s.") % {"what": what},
                _("Confirm it within 48 hours, and whoever keeps this page looks at it."),
            ],
            link=(_("Confirm what I sent"), link_to(proposal, CONFIRM)),
            end=_("If you did not send it, ignore this mail: without you nothing happens."),
        )
    queue(letter, proposal.sender_email, language=proposal.language, kind="proposal-confirm")


def decided(proposal: ChangeProposal) -> None:
    """What became of it, and why."""
    if not proposal.sender_is_known:
        return
    with override(proposal.language):
        sentences = {
            ChangeProposal.State.ACCEPTED: _("What you sent was accepted. Thank you."),
            ChangeProposal.State.PARTLY: _("What you sent was accepted in part. Thank you."),
            ChangeProposal.State.REFUSED: _("What you sent was not accepted."),
        }
        letter = Letter(
            subject=_("Decided: what you sent about %(name)s") % {"name": proposal.name},
            paragraphs=[sentences[ChangeProposal.State(proposal.state)]],
            lines=[(_("Reason:"), proposal.reason)] if proposal.reason else [],
            link=(_("See what was decided"), link_to(proposal, FOLLOW)),
        )
    queue(
        letter,
        proposal.sender_email,
        language=proposal.language,
        kind="proposal-decided",
        once=f"decided-{proposal.pk}",
    )


def asked(proposal: ChangeProposal, message: ProposalMessage) -> None:
    """A question of whoever decides."""
    with override(proposal.language):
        letter = Letter(
            subject=_("A question about what you sent: %(name)s") % {"name": proposal.name},
            paragraphs=[_("Before it is decided, somebody asks you:"), message.text],
            link=(_("Answer"), link_to(proposal, FOLLOW)),
        )
    queue(
        letter, proposal.sender_email, language=proposal.language, kind="proposal-question", once=f"asked-{message.pk}"
    )
