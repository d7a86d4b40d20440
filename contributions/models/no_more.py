import hashlib
from collections.abc import Iterable

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cluster_portal.records.compiled import compiled
from cluster_portal.records.publication import choices_constraint


class UnwantedMail(models.TextChoices):
    QUESTIONS = "questions", pgettext_lazy("no more mail", "whether what is published is still right")
    MESSAGES = "messages", pgettext_lazy("no more mail", "what visitors write")


class NoMoreMail(models.Model):
    """An address that does not want a sort of mail any more. For ever: it outlives the organisation whose address it was.

    The address itself is not kept, so that it can be honoured and forgotten at once.
    """

    Matter = UnwantedMail

    digest = models.CharField(max_length=64, editable=False)  # of the address, in small letters
    matter = models.CharField(_("what is not wanted"), max_length=9, choices=UnwantedMail.choices)
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("address that wants no more mail")
        verbose_name_plural = _("addresses that want no more mail")
        ordering = ["-since"]
        constraints = [
            choices_constraint("matter", UnwantedMail),
            models.UniqueConstraint(
                fields=["digest", "matter"],
                name="contributions_no_more_mail_once",
                violation_error_message=_("This address gets no such mail already."),
            ),
        ]

    def __str__(self):
        return self.get_matter_display()


def digest_of(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def no_more(email: str, matter: UnwantedMail) -> None:
    no_more_to(digest_of(email), matter)


def no_more_to(digest: str, matter: UnwantedMail) -> None:
    """By the digest of the address, which is all that a link says of it."""
    NoMoreMail.objects.get_or_create(digest=digest, matter=matter)


@compiled
def refusals_of(digest: str, matter: str):
    return NoMoreMail.objects.filter(digest=digest, matter=matter).order_by().values_list("pk", flat=True)


def is_unwanted(email: str, matter: UnwantedMail) -> bool:
    """Asked by each page from which one may write."""
    return refusals_of.first(digest_of(email), matter.value) is not None


def unwanted(emails: Iterable[str], matter: UnwantedMail) -> set[str]:
    """Those of them that want no such mail."""
    by_digest = {email: digest_of(email) for email in emails}
    rows = NoMoreMail.objects.filter(matter=matter, digest__in=set(by_digest.values()))
    known = set(rows.values_list("digest", flat=True))
    return {email for email, digest in by_digest.items() if digest in known}
