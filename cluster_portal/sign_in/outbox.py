"""Where mails go when the portal has been told no mail server: to a list that administrators read."""

from datetime import timedelta

from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from cluster_portal.models import UnsentMail

DAYS = 30


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages) -> int:
        UnsentMail.objects.filter(at__lt=timezone.now() - timedelta(days=DAYS)).delete()
        for mail in email_messages:
            UnsentMail.objects.create(
                to=", ".join(mail.recipients())[:1000], subject=mail.subject[:400], text=mail.body
            )
        return len(email_messages)
