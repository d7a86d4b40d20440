"""What the sender of a proposal is told by mail: what was decided and why, or what staff ask. In the sender's language."""

from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from .models import ChangeProposal, ProposalMessage


def tell_decided(proposal: ChangeProposal) -> None:
    with override(proposal.language):
        subject = _("Your proposal: %(state)s") % {"state": proposal.get_state_display()}
        lines = [str(proposal)]
        if proposal.reason:
            lines.append(proposal.reason)
        _send(proposal, subject, lines)


def tell_asked(proposal: ChangeProposal, message: ProposalMessage) -> None:
    with override(proposal.language):
        _send(proposal, _("A question about your proposal"), [str(proposal), message.text])


def _send(proposal: ChangeProposal, subject: str, lines: list[str]) -> None:
    if not proposal.sender_email:
        return
    text = "\n\n".join(lines)
    send = partial(send_mail, subject, text, settings.DEFAULT_FROM_EMAIL, [proposal.sender_email], fail_silently=True)
    transaction.on_commit(send)
