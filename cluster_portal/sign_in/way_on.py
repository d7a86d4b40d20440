"""Where one is led after signing in."""

from django.urls import Resolver404, resolve
from django.utils.translation import get_language, get_language_from_path, override


def leads_to_a_page(address: str) -> bool:
    """Whether it is the path of a page of this site, as far as one can tell without opening it."""
    where = address.partition("?")[0].partition("#")[0]
    if not where.startswith("/") or where.startswith("//"):
        return False
    try:
        with override(get_language_from_path(where) or get_language()):
            return resolve(where).url_name is not None  # what takes up all the rest of the admin has no name
    except Resolver404:
        return False
