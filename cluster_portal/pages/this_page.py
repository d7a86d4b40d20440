"""What every page of the portal says of itself: its address in each language, for people and robots."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

# what the frame of a page asks of every view
UNLESS_THE_VIEW_SAYS = {"description": "", "share_title": "", "robots": "", "structured_data": None}
PERMUTATION = "noindex,follow"  # a list under filters: worth following, not worth indexing


def absolute(request: HttpRequest, path: str) -> str:
    """The public address of a path: SITE_URL when the operator gave one."""
    return f"{settings.SITE_URL}{path}" if settings.SITE_URL else request.build_absolute_uri(path)


def about_this_page(request: HttpRequest) -> dict:
    """Context of every page: canonical address, and this very page in the other language."""
    if request.resolver_match is None or not request.resolver_match.namespaces and request.path == "/":
        return {}
    if request.path.startswith("/admin/"):
        return {}
    full = request.get_full_path()
    urls = {code: translate_url(full, code) if code != get_language() else full for code, _name in settings.LANGUAGES}
    alternates = [{"code": code, "url": url, "absolute": absolute(request, url)} for code, url in urls.items()]
    return {
        "canonical_url": absolute(request, request.path),
        "alternates": alternates,
        "section": _section(request),
        **UNLESS_THE_VIEW_SAYS,
    }


def _section(request: HttpRequest) -> str:
    name = request.resolver_match.url_name or ""
    return {
        "organisation": "members",
        "cluster": "clusters",
        "region": "regions",
        "theme": "themes",
        "project": "projects",
        "figures": "figures",
        "about": "about",
    }.get(name.split("-")[0], name)
