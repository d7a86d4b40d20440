"""How many messages of visitors an organisation was sent, to whoever keeps it. What they said nobody of staff reads."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_portal.admin.scope import keeps
from cluster_portal.admin.told import tells_of
from contributions.models import RelayedMessage
from members.models import Company, Institution, Laboratory, Organisation


@tells_of(Organisation, Company, Laboratory, Institution)
def numbers(request: HttpRequest, organisation: Organisation) -> str:
    if not keeps(request.user, organisation):
        return ""
    now = timezone.now()
    sent = RelayedMessage.objects.filter(organisation=organisation.pk)
    month, year = sent.numbers_since(now - timedelta(days=30), now - timedelta(days=365))
    if not year:
        return ""
    return _("Messages that visitors sent it from its pages: %(month)d in thirty days, %(year)d in a year.") % {
        "month": month,
        "year": year,
    }
