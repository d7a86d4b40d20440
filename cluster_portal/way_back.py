"""The breadcrumb of a page leads back to the list it was opened from, filters included."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _


def way_back(request: HttpRequest, plain: str, label: str) -> tuple[str, str]:
    """Address and words: of the results or the cluster that the visitor came from, or of the plain list."""
    try:
        came_from = urlsplit(request.META.get("HTTP_REFERER", ""))
    except ValueError:  # “http://[”: anybody may send anything
        return plain, label
    clusters = reverse("members:cluster-list")
    same_site = came_from.netloc == request.get_host()
    if same_site and came_from.query and came_from.path == plain:
        return f"{came_from.path}?{came_from.query}", _("Back to the results")
    if same_site and came_from.path.startswith(clusters) and came_from.path != clusters:
        query = f"?{came_from.query}" if came_from.query else ""
        return f"{came_from.path}{query}", _("Back to the cluster")
    return plain, label
