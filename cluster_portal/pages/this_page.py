"""What every page of the portal says of itself: its address in each language, for people and robots."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, override

# what the frame of a page asks of every view
UNLESS_THE_VIEW_SAYS = {"description": "", "share_title": "", "robots": "", "structured_data": None}
PERMUTATION = "noindex,follow"  # a list under filters: worth following, not worth indexing


def absolute(request: HttpRequest, path: str) -> str:
    """The public address of a path: SITE_URL when the operator gave one."""
    return f"{settings.SITE_URL}{path}" if settings.SITE_URL else request.build_absolute_uri(path)


def site_of(request: HttpRequest) -> str:
    """The public address of the site, without a slash at its end: what an address of it begins with."""
    return absolute(request, "/").rstrip("/")


def about_this_page(request: HttpRequest) -> dict:
    """Context of every page: canonical address, and this very page in the other language."""
    if request.resolver_match is None or not request.resolver_match.namespaces and request.path == "/":
        return {}
    if request.path.startswith("/admin/"):
        return {}
    full = request.get_full_path()
    urls = {code: _in_language(request, code) if code != get_language() else full for code, _name in settings.LANGUAGES}
    alternates = [{"code": code, "url": url, "absolute": absolute(request, url)} for code, url in urls.items()]
    return {
        "canonical_url": absolute(request, request.path),
        "alternates": alternates,
        "section": _section(request),
        **UNLESS_THE_VIEW_SAYS,
    }


def _in_language(request: HttpRequest, code: str) -> str:
    """This very page in a language, as ``translate_url`` says; but which page it is has been found already."""
    match, full = request.resolver_match, request.get_full_path()
    try:
        with override(code):
            path = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
    except NoReverseMatch:
        return full
    query = full.partition("?")[2]
    return f"{path}?{query}" if query else path


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
