"""How many messages of visitors an organisation was sent, to whoever keeps it. What they said nobody of staff reads."""

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Expression, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_portal.admin.scope import keeps
from cluster_portal.admin.told import Told, tell_of
from contributions.models import RelayedMessage
from members.models import Company, Institution, Laboratory, Organisation

MONTH, YEAR = timedelta(days=30), timedelta(days=365)


def _asked() -> Mapping[str, Expression]:
    now = timezone.now()
    sent = RelayedMessage.objects.filter(organisation=OuterRef("pk"))
    return {
        "messages_of_month": sent.passed_on(since=now - MONTH).as_number(),
        "messages_of_year": sent.passed_on(since=now - YEAR).as_number(),
    }


def _says(request: HttpRequest, organisation: Organisation) -> str:
    if not getattr(organisation, "messages_of_year", 0) or not keeps(request.user, organisation):
        return ""
    return _("Messages that visitors sent it from its pages: %(month)d in thirty days, %(year)d in a year.") % {
        "month": organisation.messages_of_month or 0,
        "year": organisation.messages_of_year,
    }


tell_of(Told(_asked, _says), Organisation, Company, Laboratory, Institution)
