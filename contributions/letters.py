"""What people outside are written: the sender of a proposal or a message in the language in which she wrote, an
organisation in its own."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from cluster_portal.mail import Letter, queue
from contributions.fields import as_read
from contributions.links import CONFIRM, CONFIRM_MESSAGE, FOLLOW, NO_MORE_MESSAGES, link_to
from contributions.models import ChangeProposal, Correspondence, ProposalMessage, RelayedMessage, digest_of
from contributions.models.correspondence import LINK_DAYS
from members.countries import HOME
from members.models import Organisation

YES, CHANGED, NO_MORE = (
    "contributions:still-right",
    "contributions:something-changed",
    "contributions:no-more-questions",
)


def language_of(organisation: Organisation) -> str:
    """French where it is at home here."""
    return "fr" if organisation.country == HOME else "en"


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


def not_published(proposal: ChangeProposal, reason: str) -> None:
    """What was accepted as a draft was refused later: the last word that its sender waits for."""
    if not proposal.sender_is_known:
        return
    with override(proposal.language):
        letter = Letter(
            subject=_("Not published: what you sent about %(name)s") % {"name": proposal.name},
            paragraphs=[_("What you sent was taken up as a draft. It was looked at once more, and is not published.")],
            lines=[(_("Reason:"), reason)] if reason else [],
            link=(_("See what was decided"), link_to(proposal, FOLLOW)),
        )
    queue(
        letter,
        proposal.sender_email,
        language=proposal.language,
        kind="proposal-refused",
        once=f"refused-{proposal.pk}",
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


# --- messages between two people: their subjects stay in the list of mails, and name neither ---------------------------
def confirm_message(message: RelayedMessage) -> None:
    """Without what was written: it may be somebody else who gets this."""
    with override(message.language):
        letter = Letter(
            subject=_("Please confirm your message"),
            paragraphs=[
                _("Somebody, you it seems, wrote a message to %(name)s from the directory.")
                % {"name": message.organisation},
                _("Confirm it within 48 hours, and it is sent on, with your name and this address to answer to."),
            ],
            link=(_("Read and confirm my message"), link_to(message, CONFIRM_MESSAGE)),
            end=_("If you did not write it, ignore this mail: without you nothing happens."),
        )
    queue(letter, message.sender_email, language=message.language, kind="message-confirm", private=True)


def pass_on(message: RelayedMessage) -> None:
    """In the language of the organisation; the words are as they were written."""
    organisation = message.organisation
    language = language_of(organisation)
    unwanted = link_to(message, NO_MORE_MESSAGES, digest_of(organisation.email), language)
    with override(language):
        about = {"name": message.project or organisation}
        letter = Letter(
            subject=_("A message from a visitor of the directory"),
            paragraphs=[_("Somebody writes to you from the page of %(name)s:") % about, message.text],
            lines=[(_("Name:"), message.sender_name), (_("E-mail address:"), message.sender_email)],
            link=(_("No more messages of this kind"), unwanted),
            end=_("Answer this mail to write back. Your address was shown to nobody; whom you answer learns it."),
        )
    queue(
        letter,
        organisation.email,
        language=language,
        kind="message",
        once=f"message-{message.pk}",
        reply_to=message.sender_email,
        headers={"List-Unsubscribe": f"<{unwanted}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        private=True,
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
