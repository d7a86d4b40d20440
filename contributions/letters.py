"""What people outside are written: the sender of a proposal in the language in which she wrote, a member in its own."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from cluster_portal.mail import Letter, queue
from contributions.fields import as_read
from contributions.links import CONFIRM, FOLLOW, link_to
from contributions.models import ChangeProposal, Correspondence, ProposalMessage
from contributions.models.correspondence import LINK_DAYS
from members.models import Organisation

YES, CHANGED, NO_MORE = (
    "contributions:still-right",
    "contributions:something-changed",
    "contributions:no-more-questions",
)


def confirm(proposal: ChangeProposal) -> None:
    """The link without which nobody looks at it."""
    with override(proposal.language):
        letter = Letter(
            subject=_("Please confirm what you sent about %(name)s") % {"name": proposal.name},
            paragraphs=[
                _("Somebody, you it seems, sent this to the directory: %(what)s.") % {"what": proposal},
                _("Confirm it within 48 hours, and whoever keeps this page looks at it."),
            ],
            link=(_("Confirm what I sent"), link_to(proposal, CONFIRM)),
            end=_("If you did not send it, ignore this mail: without you nothing happens."),
        )
    queue(letter, proposal.sender_email, language=proposal.language, kind="proposal-confirm")


def decided(proposal: ChangeProposal) -> None:
    """What became of it, and why."""
    if not proposal.sender_email:
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


def still_right(
    organisation: Organisation,
    correspondence: Correspondence,
    ways: Mapping[str, str],
    language: str,
    *,
    reminds: bool = False,
    site: str = "",
) -> Letter:
    """What is published of a member, and the ways to answer: addresses, by their pages."""
    with override(language):
        name, cluster = str(organisation), str(correspondence.cluster)
        subject = correspondence.subject(language) or _("Is what we publish about %(name)s still right?") % {
            "name": name
        }
        opening = correspondence.opening(language) or _(
            "%(cluster)s presents its members in a public directory. Once a year we ask each of them whether what stands"
            " there is still right."
        ) % {"cluster": cluster}
        page = f"{site or settings.SITE_URL}{organisation.get_absolute_url()}"
        paragraphs = [
            opening,
            *([_("We wrote to you some weeks ago, and have no answer yet: here it is once more.")] if reminds else []),
            _("This is what the page of %(name)s says today: %(page)s") % {"name": name, "page": page},
        ]
        return Letter(
            subject=_("Reminder: %(subject)s") % {"subject": subject} if reminds else subject,
            paragraphs=paragraphs,
            lines=[(_("%(field)s:") % {"field": label}, text) for label, text in as_read(organisation)],
            link=(_("Yes, all of it is right"), ways[YES]),
            further=[
                (_("Something changed"), ways[CHANGED]),
                (_("Do not ask me any more"), ways[NO_MORE]),
            ],
            end=_(
                "The first two links work once, within %(days)d days. Nothing changes before you press a button there."
            )
            % {"days": LINK_DAYS},
        )
