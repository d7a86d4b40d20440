"""The worker's part: one mail after the other, at the pace that the operator set.

A mail is marked before the server is asked, so that of two workers one sends it; and whatever happens in between (the
worker is killed, the connection breaks while the server takes it) leaves it ``unsure``: it is neither lost nor sent
twice, and an administrator, who sees it, may send it again (docs/decisions/0031).
"""

import logging
import re
import smtplib
import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from cluster_portal.models import OutgoingMail
from cluster_portal.models.outgoing_mail import MailState
from cluster_portal.work.knowing import called, every_day, when_interrupted

logger = logging.getLogger(__name__)

# minutes until a mail is tried again that the server could not take; then it is given up
DELAYS = (1, 5, 15, 60, 240, 720)
KEPT_DAYS = 30  # for which it stays what a mail said
AT_ONCE = 60.0  # seconds, after which other tasks have their turn
FORGOTTEN: dict[str, Any] = {"to": "", "reply_to": "", "text": "", "html": "", "headers": {}}


@task()
def send_what_waits() -> None:
    """All that is due; what is due later wakes the worker again."""
    begun = time.monotonic()
    while (mail := _taken()) is not None:
        started = time.monotonic()
        _send(mail)
        if time.monotonic() - begun > AT_ONCE:
            break
        time.sleep(max(0.0, 60 / settings.MAIL_PER_MINUTE - (time.monotonic() - started)))
    if (due := _next_due()) is not None:
        wake(due)


def wake(when: datetime | None = None) -> None:
    """Has what waits sent, then; a task that comes no later is enough for all."""
    when = max(when or timezone.now(), timezone.now())
    waiting = DBTaskResult.objects.ready().filter(task_path=send_what_waits.module_path)
    if waiting.filter(run_after__lte=when).exists() or waiting.filter(run_after__year=9999).exists():
        return
    later = when > timezone.now() + timedelta(seconds=1)
    (send_what_waits.using(run_after=when) if later else send_what_waits).enqueue()


def _taken() -> OutgoingMail | None:
    with transaction.atomic():
        due = OutgoingMail.objects.filter(state=MailState.WAITING, not_before__lte=timezone.now())
        mail = due.order_by("not_before", "pk").select_for_update(skip_locked=True).first()
        if mail is not None:
            mail.state, mail.attempts = MailState.SENDING, mail.attempts + 1
            mail.save(update_fields=["state", "attempts"])
    return mail


def _send(mail: OutgoingMail) -> None:
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        to=[mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated", **mail.headers},
    )
    message.attach_alternative(mail.html, "text/html")
    try:
        get_connection().send_messages([message])
    except OperationalError:
        raise
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        _refused(mail, error)
    except (smtplib.SMTPException, OSError) as error:  # the server is away, or does not want to: it took nothing
        _later(mail, error)
    except Exception as error:
        logger.exception("A mail could not be made (%s)", mail.pk)
        _ended(mail, MailState.REFUSED, str(error))
    else:
        mail.sent_at = timezone.now()
        _ended(mail, MailState.SENT, **FORGOTTEN if mail.private else {})


def _refused(mail: OutgoingMail, error: smtplib.SMTPException) -> None:
    code, said = _answer(error)
    if 400 <= code < 500:  # greylisting, a full box: later
        _later(mail, f"{code} {said}")
    else:
        _ended(mail, MailState.REFUSED, f"{code} {said}")


def _answer(error: smtplib.SMTPException) -> tuple[int, str]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
    else:
        code, said = error.smtp_code, error.smtp_error
    return code, said.decode(errors="replace") if isinstance(said, bytes) else str(said)


def _later(mail: OutgoingMail, error: object) -> None:
    if mail.attempts > len(DELAYS):
        _ended(mail, MailState.REFUSED, str(error))
        return
    mail.not_before = timezone.now() + timedelta(minutes=DELAYS[mail.attempts - 1])
    _ended(mail, MailState.WAITING, str(error))


def _ended(mail: OutgoingMail, state: MailState, error: str = "", **forgotten: Any) -> None:
    """Nothing comes back that was erased meanwhile, the whole mail or a name in it."""
    mail.state, mail.error = state, error[:500]
    if mail.private:  # a mail server likes to repeat the address that it refuses
        mail.error = re.sub(r"\S*@\S*", "…", mail.error)
    told = {name: getattr(mail, name) for name in ("state", "error", "sent_at", "not_before")}
    OutgoingMail.objects.filter(pk=mail.pk).update(**told, **forgotten)


def _next_due() -> datetime | None:
    waiting = OutgoingMail.objects.filter(state=MailState.WAITING)
    return waiting.order_by("not_before").values_list("not_before", flat=True).first()


def interrupted(task_id: str) -> None:
    """The worker died; the mail that it was at may have left or not. The others still wait."""
    OutgoingMail.objects.filter(state=MailState.SENDING).update(state=MailState.UNSURE)
    wake()


def send_again(mails) -> int:
    """Those of them that have not left for sure."""
    number = (
        mails.filter(state__in=(MailState.REFUSED, MailState.UNSURE))
        .exclude(text="")
        .update(state=MailState.WAITING, attempts=0, not_before=timezone.now(), error="")
    )
    if number:
        transaction.on_commit(wake)
    return number


@every_day
def forget_what_was_said() -> int:
    old = OutgoingMail.objects.filter(queued_at__lt=timezone.now() - timedelta(days=KEPT_DAYS))
    done = old.exclude(state__in=(MailState.WAITING, MailState.SENDING)).exclude(text="", html="")
    done.filter(private=True).update(to="", reply_to="")
    return done.update(text="", html="", headers={})


called(send_what_waits, _("Sending of mails"))
when_interrupted(send_what_waits, interrupted)
