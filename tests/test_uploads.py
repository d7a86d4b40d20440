"""The files that staff upload: what is taken, with every limit at its edge, and how it is served."""

import io
import struct
import zlib

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client
from django.urls import reverse
from PIL import Image

from members.models import Cluster, Organisation
from tests.admin_rows import cluster, form_of, organisation

LARGEST = 512 * 1024
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
# each admin form that takes a picture; the three kinds of organisations share a field
FIELDS = [
    (model, field.name)
    for model in admin.site._registry
    for field in model._meta.fields
    if isinstance(field, models.FileField) and not model._meta.proxy
]
TAKEN_ARE = "PNG, JPEG and WebP are accepted, up to 512 kB and 2000 pixels a side."
NO_PICTURE = f"The file is not a picture that can be read. {TAKEN_ARE}"
TOO_MANY_BYTES = f"The file is larger than 512 kB: reduce it first. {TAKEN_ARE}"
TOO_MANY_PIXELS = f"The picture is wider or higher than 2000 pixels: reduce it first. {TAKEN_ARE}"


def is_a(kind: str) -> str:
    return f"This is a {kind} file. {TAKEN_ARE}"


def called_otherwise(kind: str) -> str:
    return f"This is a {kind} file under another name. {TAKEN_ARE}"


def picture(kind="PNG", size=(40, 20), length: int | None = None) -> bytes:
    """A picture of that kind, filled up behind its end to a length in bytes."""
    file = io.BytesIO()
    Image.new("RGB", size, "navy").save(file, kind)
    content = file.getvalue()
    return content.ljust(length, b"\0") if length else content


def endless_picture(side: int) -> bytes:
    """A PNG that says it is as large as that, and holds nothing."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


TAKEN = [
    ("a.png", picture()),
    ("a.PNG", picture()),
    ("a.jpg", picture("JPEG")),
    ("a.jpeg", picture("JPEG")),
    ("a.webp", picture("WEBP")),
    ("as-many-bytes-as-may-be.png", picture(length=LARGEST)),
    ("as-wide-as-may-be.png", picture(size=(2000, 3))),
    ("as-high-as-may-be.png", picture(size=(3, 2000))),
]
REFUSED = [
    ("a.svg", SVG, is_a("SVG")),
    ("a.png", SVG, called_otherwise("SVG")),
    ("a.png", b"", "The submitted file is empty."),
    ("a.png", b"<!doctype html><script>alert(1)</script>", NO_PICTURE),
    ("a.png", picture()[:60], NO_PICTURE),
    ("a.png", picture("GIF"), called_otherwise("GIF")),
    ("a.gif", picture("GIF"), is_a("GIF")),
    ("a.bmp", picture("BMP"), is_a("BMP")),
    ("a.jpg", picture("TIFF"), called_otherwise("TIFF")),
    ("a.pdf", b"%PDF-1.7", is_a("PDF")),
    ("a.png", b"\0\0\0\x1cftypavif", called_otherwise("AVIF")),
    ("a.svg", picture(), called_otherwise("PNG")),
    ("a", picture(), called_otherwise("PNG")),
    ("a.jpg", picture("PNG"), called_otherwise("PNG")),
    ("a.webp", picture("JPEG"), called_otherwise("JPEG")),
    ("a.png", picture(length=LARGEST + 1), TOO_MANY_BYTES),
    ("a.png", picture(size=(2001, 3)), TOO_MANY_PIXELS),
    ("a.png", picture(size=(3, 2001)), TOO_MANY_PIXELS),
    ("a.png", endless_picture(9_000), TOO_MANY_PIXELS),
    ("a.png", endless_picture(20_000), TOO_MANY_PIXELS),
]


@pytest.fixture
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    (settings.MEDIA_ROOT / "logos").mkdir(parents=True)
    (settings.MEDIA_ROOT / "logos" / "a.webp").write_bytes(b"RIFF")
    (tmp_path / "secret_key").write_text("secret")


@pytest.fixture
def staff(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


def row_of(model):
    return cluster() if model is Cluster else organisation()


def opened(staff, row) -> tuple[str, dict]:
    """The address of its form, and what a browser would send back."""
    url = reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])
    return url, form_of(staff.get(url))


def files(settings) -> list[str]:
    return sorted(path.name for path in settings.MEDIA_ROOT.rglob("*.*"))


def test_every_form_with_a_picture_is_tried():
    assert {model.__name__ for model, _name in FIELDS} >= {"Organisation", "Cluster"}


@pytest.mark.parametrize(("model", "name"), FIELDS, ids=lambda value: getattr(value, "__name__", None))
def test_a_picture_within_the_limits_is_taken_and_served(uploads, staff, settings, model, name):
    row = row_of(model)
    for file_name, content in TAKEN:
        url, form = opened(staff, row)
        response = staff.post(url, form | {name: SimpleUploadedFile(file_name, content)})
        assert response.status_code == 302, (file_name, response.context["adminform"].form.errors)
        row.refresh_from_db()
        assert Client().get(getattr(row, name).url).getvalue() == content, file_name


@pytest.mark.parametrize(("model", "name"), FIELDS, ids=lambda value: getattr(value, "__name__", None))
def test_the_form_shows_the_picture_that_is_there(uploads, staff, model, name):
    row = row_of(model)
    url, form = opened(staff, row)
    assert 'class="logo-now"' not in staff.get(url).text
    staff.post(url, form | {name: SimpleUploadedFile("a.png", picture())})
    row.refresh_from_db()
    assert f'<img class="logo-now" src="{getattr(row, name).url}" alt="">' in staff.get(url).text


@pytest.mark.parametrize(("model", "name"), FIELDS, ids=lambda value: getattr(value, "__name__", None))
def test_any_other_file_is_refused_with_the_reason(uploads, staff, settings, model, name):
    row = row_of(model)
    url, form = opened(staff, row)
    for file_name, content, reason in REFUSED:
        response = staff.post(url, form | {name: SimpleUploadedFile(file_name, content)})
        assert response.status_code == 200, (file_name, reason)
        assert response.context["adminform"].form.errors == {name: [reason]}, (file_name, reason)
    assert files(settings) == ["a.webp"]


@pytest.mark.parametrize(("model", "name"), FIELDS, ids=lambda value: getattr(value, "__name__", None))
def test_a_replaced_or_withdrawn_picture_is_on_no_disk_and_at_no_address(
    uploads, staff, settings, model, name, django_capture_on_commit_callbacks
):
    row = row_of(model)

    def send(**values) -> str:
        url, form = opened(staff, row)
        with django_capture_on_commit_callbacks(execute=True):
            assert staff.post(url, form | values).status_code == 302
        row.refresh_from_db()
        return getattr(row, name).name

    first = send(**{name: SimpleUploadedFile("one.png", picture())})
    second = send(**{name: SimpleUploadedFile("one.png", picture(size=(41, 20)))})
    assert first != second and files(settings) == ["a.webp", second.rpartition("/")[2]]
    assert Client().get(f"/media/{first}").status_code == 404
    assert send(acronym="X") == second and Client().get(f"/media/{second}").getvalue() == picture(size=(41, 20))
    assert send(**{f"{name}-clear": "on"}) == ""
    assert files(settings) == ["a.webp"] and Client().get(f"/media/{second}").status_code == 404


def test_the_picture_of_a_deleted_row_goes_with_it(uploads, staff, settings, django_capture_on_commit_callbacks):
    row = organisation(logo="logos/a.webp")
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(reverse("admin:members_company_delete", args=[row.pk]), {"post": "yes"})
    assert not Organisation.objects.exists() and files(settings) == []


def test_a_picture_that_another_row_shows_stays(uploads, staff, settings, django_capture_on_commit_callbacks):
    row = organisation(logo="logos/a.webp")
    other = cluster(logo="logos/a.webp")
    url, form = opened(staff, row)
    with django_capture_on_commit_callbacks(execute=True):
        assert staff.post(url, form | {"logo-clear": "on"}).status_code == 302
    assert files(settings) == ["a.webp"]
    url, form = opened(staff, other)
    with django_capture_on_commit_callbacks(execute=True):
        assert staff.post(url, form | {"logo-clear": "on"}).status_code == 302
    assert files(settings) == []


def test_a_picture_is_kept_when_its_replacement_is_not_saved(
    uploads, staff, settings, monkeypatch, django_capture_on_commit_callbacks
):
    row = organisation(logo="logos/a.webp")
    url, form = opened(staff, row)
    monkeypatch.setattr("django.contrib.admin.ModelAdmin.log_change", lambda *args: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError):
        staff.post(url, form | {"logo": SimpleUploadedFile("one.png", picture())})
    assert "a.webp" in files(settings)


def test_the_box_offers_the_kinds_that_are_taken(staff):
    assert 'accept="image/png,image/jpeg,image/webp"' in staff.get(reverse("admin:members_company_add")).text


def test_a_logo_whose_file_was_lost_does_not_keep_its_row_from_being_saved(uploads, staff):
    row = cluster(logo="logos/clusters/lost.png")
    url, form = opened(staff, row)
    assert staff.post(url, form | {"city": "Voiron"}).status_code == 302
    row.refresh_from_db()
    assert (row.city, row.logo.name) == ("Voiron", "logos/clusters/lost.png")


def test_a_logo_is_served_and_kept_by_browsers(uploads):
    response = Client().get("/media/logos/a.webp")
    assert response.getvalue() == b"RIFF"
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=86400"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["logos/", "logos", "", "../secret_key", "%2e%2e/secret_key", "logos/../../secret_key", "a" * 4090, "a%00b"],
)
def test_nothing_beside_the_uploads_is_served_nor_listed(uploads, path):
    assert Client().get(f"/media/{path}").status_code in (301, 302, 404)
