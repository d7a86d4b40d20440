from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cluster_portal.pages.this_page import PERMUTATION


def archived_page(
    request: HttpRequest, record, *, above: dict, all_of_them: str, name: str = "", successor: dict | None = None
) -> HttpResponse:
    """What stands where a page was: that it is archived, since when, what follows it, and the way to the list.

    ``above`` is the crumb (label and url) of that list, ``all_of_them`` the words of the link to it.
    """
    context = {
        "title": str(record),
        "name": name or str(record),
        "archived_on": record.archived_on,
        "successor": successor,
        "robots": PERMUTATION,
        "crumbs": [above],
        "list_url": above["url"],
        "list_label": all_of_them,
    }
    return render(request, "archived.html", context)
