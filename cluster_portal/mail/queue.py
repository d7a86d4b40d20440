"""A mail is a row, written in the transaction of whatever it tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import make_msgid

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from cluster_portal.models import OutgoingMail
from cluster_portal.writing.one_line import one_line

from . import sending

PORTAL = "Cluster Portal"


@dataclass(frozen=True)
class Listed:
    """Several things of one sort: each with its address. ``more``: of those that are not named."""

    heading: str
    rows: Sequence[tuple[str, str]]
    more: str = ""


@dataclass(frozen=True)
class Letter:
    """The words of a mail, in the language of its reader. ``lines``: what is told, each with its value; ``link``: what to
    do, and where; ``further``: other ways, likewise, after it."""

    subject: str
    paragraphs: Sequence[str] = ()
    lines: Sequence[tuple[str, str]] = ()
    lists: Sequence[Listed] = ()
    link: tuple[str, str] | None = None
    further: Sequence[tuple[str, str]] = ()
    end: str = ""


def queue(
    letter: Letter,
    to: str,
    *,
    language: str,
    kind: str,
    once: str = "",
    reply_to: str = "",
    headers: Mapping[str, str] | None = None,
    not_before: datetime | None = None,
    private: bool = False,
) -> OutgoingMail | None:
    """The mail that will be sent once this transaction is committed; nothing where ``once`` was queued before.

    ``private``: what one person writes to another, or a link that may not stay anywhere once it has left. No member of staff
    reads it or learns between whom it goes; the subject, which stays, names no person.
    """
    mail = written(
        letter, to, language=language, kind=kind, once=once, reply_to=reply_to, headers=headers, not_before=not_before,
        private=private,
    )  # fmt: skip
    made = OutgoingMail.objects.bulk_create([mail], ignore_conflicts=bool(once))[0]
    if once and OutgoingMail.objects.filter(once=once).exclude(message_id=mail.message_id).exists():
        return None
    transaction.on_commit(lambda: sending.wake(mail.not_before))
    return made


def queue_all(mails: Sequence[OutgoingMail]) -> None:
    """Hundreds at once, each ``written`` and none of them ``once``."""
    OutgoingMail.objects.bulk_create(mails, batch_size=500)
    if mails:
        first = min(mail.not_before for mail in mails)
        transaction.on_commit(lambda: sending.wake(first))


def written(
    letter: Letter,
    to: str,
    *,
    language: str,
    kind: str,
    once: str = "",
    reply_to: str = "",
    headers: Mapping[str, str] | None = None,
    not_before: datetime | None = None,
    private: bool = False,
) -> OutgoingMail:
    """The mail as it will be read; it is in no queue yet."""
    with override(language):
        context = {"letter": letter, "language": language, "portal": PORTAL}
        text = render_to_string("mail/letter.txt", context)
        html = render_to_string("mail/letter.html", context)
    return OutgoingMail(
        kind=kind, to=to, subject=one_line(letter.subject)[:400], text=text.strip() + "\n", html=html, language=language,
        reply_to=reply_to, headers=dict(headers or {}), message_id=make_msgid(domain=_domain()),
        not_before=not_before or timezone.now(), once=once or None, private=private,
    )  # fmt: skip


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >") or "localhost"
