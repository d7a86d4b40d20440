"""Every public address of the site, as the URL resolver knows them, in each language."""

import re
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import translation

from cluster_portal import sitemaps
from members.models import Cluster, Organisation, Region, Theme
from projects.models import Project

LANGUAGES = [language for language, _name in settings.LANGUAGES]
NOT_WALKED = {
    "admin/": "for staff",
    "media/<path:path>": "files that staff uploaded, as they are",
    "favicon.ico": "leads to a static file",
    "favicon.svg": "leads to a static file",
    "apple-touch-icon.png": "leads to a static file",
    "apple-touch-icon-precomposed.png": "leads to a static file",
}
# what a route wants in its address, by the first word of its name
WANTED: dict[str, type[Model]] = {
    "organisation": Organisation,
    "cluster": Cluster,
    "region": Region,
    "theme": Theme,
    "project": Project,
}


def public_routes() -> list[tuple[str, tuple[str, ...]]]:
    """The name of each public route with the names of its arguments."""
    return list(_routes(get_resolver().url_patterns))


def _routes(patterns, path: str = "", namespace: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if here in NOT_WALKED:
            continue
        if isinstance(pattern, URLResolver):
            inside = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _routes(pattern.url_patterns, here, inside)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"{here} has no name: nobody can link to it, and no test can walk it"
            yield namespace + pattern.name, tuple(pattern.pattern.converters)


def public_paths(objects: Iterable[Model], languages: Iterable[str] = LANGUAGES) -> list[str]:
    """Every public path in each language; a route that wants an object gets each of those of its kind."""
    objects, found = list(objects), []
    for language in languages:
        with translation.override(language):
            for name, arguments in public_routes():
                if arguments == ("slug",):
                    wanted = WANTED[name.rpartition(":")[2].partition("-")[0]]
                    found += [reverse(name, args=[one.slug]) for one in objects if isinstance(one, wanted)]
                elif arguments == ("section",):
                    found += [reverse(name, args=[section]) for section in sitemaps.SITEMAPS]
                else:
                    assert not arguments, f"{name}: say above what its arguments are"
                    found.append(reverse(name))
    return list(dict.fromkeys(found))


def route_of(path: str) -> str:
    """The language and the route of a path: what its pages have in common, whatever object they are about."""
    language = next((code for code in LANGUAGES if path.startswith(f"/{code}/")), "")
    with translation.override(language or LANGUAGES[0]):
        return f"{language} {resolve(path).view_name}"


def ask(client: Client, address: str) -> str:
    """Status, place and text of the answer, without what differs each time."""
    response = client.get(address)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    text = f"{response.status_code} {response.headers.get('Location', '')}\n{content.decode()}"
    return re.sub(r'nonce="[^"]*"|value="(?:[\w-]{64}|open:[^"]*)"|<lastmod>[^<]*</lastmod>', "", text)
