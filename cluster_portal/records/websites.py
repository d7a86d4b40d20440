"""Addresses of pages that anybody can open: a name on the public web, by http or https.

The database holds the same rule (``portal_is_public_page``); a test compares the two.
"""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

NOT_PUBLIC = _("A web address names a site that everybody can open, such as https://www.example.org: not a number, “localhost” or a private network.")  # fmt: skip
PRIVATE = "localhost|localdomain|local|internal|intranet|private|lan|home|corp|arpa|invalid|onion"
# the scheme; a host of names between dots, the last of which begins with a letter; a port; the rest
PUBLIC = r"https?://(?:[^/?#@:\s\[\]\\.]+\.)+(?!(?:%s)\.?(?:[:/?#]|$))[^/?#@:\s\[\]\\.\d][^/?#@:\s\[\]\\.]+\.?(?::\d{1,5})?(?:[/?#]\S*)?"
_public = re.compile(PUBLIC % PRIVATE, re.IGNORECASE)


class IsPublicPage(Func):
    """`portal_is_public_page`: true of nothing at all, too."""

    function = "portal_is_public_page"
    arity = 1
    output_field = models.BooleanField()


def is_public_page(address: str) -> bool:
    return not address or bool(_public.fullmatch(address))


def validate_website(address: str) -> None:
    if not is_public_page(address):
        raise ValidationError(NOT_PUBLIC, code="website")


def websites_constraint(column: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(IsPublicPage(F(column))),
        name=f"%(app_label)s_%(class)s_{column}_public",
        violation_error_message=NOT_PUBLIC,
    )
