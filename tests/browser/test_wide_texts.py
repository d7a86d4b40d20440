"""Long words, pasted addresses and names of 250 letters, in every text that staff may write: no page gets wider for them."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page

from cluster_portal.records.phones import PhoneField
from tests.every_page import public_paths
from tests.ours import DIRECTORY
from tests.planting import Cast, forget_cast, make_cast, own_tables
from tests.test_routes import NOT_IN_A_SITEMAP

pytestmark = pytest.mark.django_db

WORD = "Dichlorodiphényltrichloroéthanotransformation"  # 45 letters
ADDRESS = "https://www.exemple.fr/" + "documents/reglements-interieurs/".replace("/", "-") * 4
TEXT = f"{WORD} {ADDRESS} " + "Fédération interprofessionnelle des industries agroalimentaires du Grand Sud-Ouest " * 3
NOT_A_PAGE = (
    ".xml",
    ".txt",
    "/healthz",
    "/suggestions/",
    "setlang",
    "robots",
    "sitemap",
    "download",
    "media",
)

# What reaches beyond the window, for whoever has to mend it: not what scrolls within a box of its own.
SIDEWAYS = """() => {
    document.querySelectorAll("details").forEach(one => one.open = true)
    if (document.documentElement.scrollWidth <= innerWidth) return []
    const reaches = one => one.getBoundingClientRect().right > innerWidth + 1
    const scrolls = one => one !== document.body && getComputedStyle(one).overflowX !== "visible" && !reaches(one)
    const inside = one => one && one !== document.body && (scrolls(one) || inside(one.parentElement))
    const beyond = [...document.querySelectorAll("body *")].filter(one => reaches(one) && !inside(one))
    const words = one => one.textContent.replace(/\\s+/g, " ").trim().slice(0, 30)
    return ["scrolls sideways", ...beyond.slice(0, 6).map(one => `${one.tagName}.${one.className}: ${words(one)}`)]
}"""


def texts_of(model: type[models.Model]) -> Iterator[models.Field]:
    """The fields in which anything may be written."""
    for field in model._meta.concrete_fields:
        free = isinstance(field, models.CharField | models.TextField) and not field.choices and field.editable
        shaped = isinstance(field, models.SlugField | models.EmailField | PhoneField) or any(
            isinstance(validator, RegexValidator) for validator in getattr(field, "validators", ())
        )
        if free and not shaped and (field.max_length or 999) >= 30 and not getattr(field, "generated", False):
            yield field


def widen(model: type[models.Model]) -> None:
    for row in model._base_manager.all():
        values = {}
        for field in texts_of(model):
            text = f"{ADDRESS}{row.pk}" if isinstance(field, models.URLField) else f"{WORD} {row.pk} {TEXT}\n\n{TEXT}"
            if isinstance(field, models.CharField):  # of one line
                text = " ".join(text.split())
            values[field.name] = text[: field.max_length or 999].strip()
        if values:
            model._base_manager.filter(pk=row.pk).update(**values)


@pytest.fixture(scope="module")
def cast(django_db_setup, django_db_blocker) -> Iterator[Cast]:
    with django_db_blocker.unblock():
        cast = make_cast()
        for model in own_tables():
            if model.__name__ not in ("FormerSlug", "ReferenceRow", "SearchWord"):
                widen(model)
        yield cast
        forget_cast()


@pytest.fixture(autouse=True)
def logos_that_are_not_there(expected_complaints: list[str]) -> None:
    expected_complaints.append(r"404 .*/media/logos/")


def sideways(page: Page, address: str) -> list[str]:
    page.goto(address)
    found = page.evaluate(SIDEWAYS)
    return [f"{address}: {'; '.join(found)}"] if found else []


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("width", [320, 768])
def test_no_public_page_is_widened_by_its_texts(page: Page, cast: Cast, language: str, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    shown = [*cast.places, *cast.shown["draft"].values(), cast.closed["draft"]]
    with override(language):
        members, clusters = reverse("members:organisation-list"), reverse("members:cluster-list")
        compared = "&".join(f"cluster={one['slug']}" for one in clusters_of(cast))
        nobodys = {reverse(name) for name, why in NOT_IN_A_SITEMAP.items() if "behind a link in a mail" in why}
    paths = [path for path in public_paths(shown, [language]) if not any(part in path for part in NOT_A_PAGE)]
    paths = [path for path in paths if path not in nobodys]
    asked = f"{members}?q={WORD}&theme=energy&region=armor&former=1"
    found = [line for path in (*paths, asked, f"{clusters}?on=2021-01-01") for line in sideways(page, path)]
    with override(language):
        found += sideways(page, f"{reverse('projects:compare')}?{compared}")
    assert not found, "\n".join(found)
    assert len(paths) > 25


def clusters_of(cast: Cast) -> list[dict]:
    return [
        {"slug": one.slug} for shown in cast.shown.values() for model, one in shown.items() if "Cluster" in str(model)
    ]


def test_no_suggestion_is_wider_than_its_box(page: Page, cast: Cast):
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/fr/membres/")
    page.locator("#q").press_sequentially("Dichloro", delay=10)
    options = page.locator(".suggestions [role=option]")
    options.first.wait_for()
    assert page.evaluate(SIDEWAYS) == []
    box = page.locator("#q-suggestions").bounding_box()
    assert box is not None
    for option in options.all():
        assert option.evaluate("one => one.scrollWidth <= one.clientWidth"), option.inner_text()


@pytest.fixture(scope="module")
def session(cast: Cast, django_db_blocker) -> Iterator[str]:
    """An administrator's session, committed before the tests begin their transactions."""
    with django_db_blocker.unblock():
        user = get_user_model().objects.create_superuser("wide")
        store = SessionStore()
        store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store.save()
        yield store.session_key
        store.delete()
        user.delete()


def test_no_page_of_staff_is_widened_by_its_texts(page: Page, session: str, base_url: str):
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base_url}])
    page.set_viewport_size({"width": 320, "height": 800})
    addresses = [reverse("admin:index")]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        addresses.append(reverse(f"{name}_changelist"))
        if model._meta.app_label in (*DIRECTORY, "contributions") and (row := model._default_manager.first()):
            addresses.append(reverse(f"{name}_change", args=[row.pk]))
    found = [line for address in addresses for line in sideways(page, address)]
    assert not found, "\n".join(found)
    assert len(addresses) > 20
