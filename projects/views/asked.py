from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from cluster_portal.pages.asked import read_day


def day_of_figures(params: QueryDict) -> tuple[date | None, str]:
    """The past day that figures are asked for (nothing for today), and what to say when it was not understood."""
    asked = read_day(params)
    if asked.misread:
        return None, _(
            "The date was not understood: it reads like 2021-12-31, from 2005 to today. The figures are today’s."
        )
    return asked.on, ""
