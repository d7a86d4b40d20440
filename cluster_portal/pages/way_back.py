"""The breadcrumb of a page leads back to the list it was opened from, filters included."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.translation import gettext as _


def way_back(request: HttpRequest, plain: str, label: str, others: Mapping[str, str]) -> tuple[str, str]:
    """Address and words: of the results that the visitor came from, of a page below one of the ``others`` (address
    and words), or of the plain list."""
    try:
        came_from = urlsplit(request.META.get("HTTP_REFERER", ""))
    except ValueError:  # “http://[”: anybody may send anything
        return plain, label
    if came_from.netloc != request.get_host():
        return plain, label
    if came_from.query and came_from.path == plain:
        return f"{came_from.path}?{came_from.query}", _("Back to the results")
    for above, words in others.items():
        if came_from.path.startswith(above) and came_from.path != above:
            query = f"?{came_from.query}" if came_from.query else ""
            return f"{came_from.path}{query}", words
    return plain, label
