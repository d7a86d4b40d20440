"""The mails about an account: one shape, as text and as HTML, in the language of the page that sends it.

A mail server that is slow or away holds up nobody who signs in, and how long an answer takes does not tell whether an
address is somebody's: mails go out beside the answer. What could not be sent is in the log and in the security log.
"""

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cluster_portal.models import SecurityEvent
from cluster_portal.serving.ending import before_the_end

logger = logging.getLogger(__name__)
_POST = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")
before_the_end(_POST.shutdown)  # once what was handed over is sent

NOT_YOU = _("If this was not you, change your password at once, and tell an administrator of the portal.")


WITHOUT_YOU = _("If you do not know who that is, ignore this mail: without you nothing happens.")


@dataclass(frozen=True)
class Letter:
    """What one kind of mail says. ``names``: what of the occasion stands in it, as a line of its own."""

    subject: Any
    text: Any
    names: tuple[str, ...] = ("user", "when", "address", "browser")
    end: Any = NOT_YOU


WORDS = {
    "code": _("Code:"),
    "link": _("Address:"),
    "inviter": _("Invited by:"),
    "role": _("As:"),
    "until": _("Valid until:"),
    "user": _("User name:"),
    "when": _("When:"),
    "address": _("From the address:"),
    "browser": _("With the browser:"),
}
NOT_ASKED = _("If you did not ask for it, ignore this mail: nobody can sign in without it.")
# by the names that allauth gives them
LETTERS = {
    "account/email/login_code": Letter(
        _("Your code to sign in"),
        _("With this code you sign in, within ten minutes, in the window in which you asked for it."),
        ("code",),
        NOT_ASKED,
    ),
    "account/email/password_reset_key": Letter(
        _("A new password"),
        _("At this address you choose a new password. It works once, and for a day."),
        ("link", "user"),
        NOT_ASKED,
    ),
    "account/email/password_changed": Letter(
        _("Your password was changed"), _("The password of your account was changed.")
    ),
    "account/email/password_reset": Letter(
        _("Your password was changed"), _("The password of your account was changed.")
    ),
    "account/email/password_set": Letter(_("Your password was changed"), _("Your account has a password now.")),
    "mfa/email/totp_activated": Letter(
        _("Second factor set up"), _("An authenticator app is now your account’s second factor.")
    ),
    "mfa/email/totp_deactivated": Letter(
        _("Second factor removed"), _("The authenticator app is no longer a second factor of your account.")
    ),
    "mfa/email/webauthn_added": Letter(_("Passkey added"), _("Your account has a new passkey.")),
    "mfa/email/webauthn_removed": Letter(_("Passkey removed"), _("A passkey of your account was removed.")),
    "mfa/email/recovery_codes_generated": Letter(
        _("New recovery codes"), _("Your account has new recovery codes; the earlier ones no longer work.")
    ),
    "invitation": Letter(
        _("Invitation to work on the portal"),
        _("You are invited to work on Cluster Portal. At this address you accept; it works once."),
        ("inviter", "role", "link", "until"),
        WITHOUT_YOU,
    ),
    "new_device": Letter(
        _("A new device"), _("Somebody signed in to your account with a browser that it had not been used with before.")
    ),
}


def send(kind: str, to: str, facts: Mapping[str, Any]) -> None:
    letter = LETTERS[kind]
    context = {
        "subject": letter.subject,
        "text": letter.text,
        "lines": [(WORDS[name], facts[name], name) for name in letter.names if facts.get(name)],
        "end": letter.end,
        "language": get_language(),
    }
    mail = EmailMultiAlternatives(
        f"Cluster Portal · {letter.subject}", render_to_string("sign_in/letter.txt", context), to=[to]
    )
    mail.attach_alternative(render_to_string("sign_in/letter.html", context), "text/html")
    if settings.MAIL_BESIDE_THE_ANSWER:
        _POST.submit(_deliver_beside, mail)
    else:
        _deliver(mail)


def _deliver(mail: EmailMultiAlternatives) -> None:
    try:
        mail.send()
    except Exception:  # whatever a mail server answers: nobody is kept from signing in
        logger.exception("A mail could not be sent (%s)", mail.subject)
        SecurityEvent.objects.create(kind=SecurityEvent.Kind.MAIL_FAILED, detail=mail.subject[:200])


def _deliver_beside(mail: EmailMultiAlternatives) -> None:
    try:
        _deliver(mail)
    except Exception:
        logger.exception("That a mail could not be sent could not be written down")
    finally:
        connection.close()
