"""The address of a page of this site, typed or pasted where words are looked for."""

from urllib.parse import urlsplit

from django.urls import Resolver404, resolve, translate_url
from django.utils.translation import get_language, get_language_from_path, override

PAGE_OF_A_ROW = "-detail"  # ends the name of the address of each


def pasted_page(text: str) -> tuple[str, str]:
    """(name of the address, path in the language of the visitor) of the page of one row; blank for any other text.

    Whatever host stands before it: the portal may have had another name when the address was written down.
    """
    try:
        path = urlsplit(text.strip()).path
    except ValueError:  # such as an IP address in brackets that is none
        return "", ""
    if not path.startswith("/") or (language := get_language_from_path(path)) is None:
        return "", ""
    path, spoken = f"{path.rstrip('/')}/", get_language()
    with override(language):
        try:
            found = resolve(path)
        except Resolver404:
            return "", ""
        if "slug" not in found.kwargs or not (found.url_name or "").endswith(PAGE_OF_A_ROW):
            return "", ""
        return found.view_name, translate_url(path, spoken)
