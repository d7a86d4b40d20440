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

from members.models import Cluster
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
NO_PICTURE = "The file is no picture in PNG, JPEG or WebP, or it has far too many pixels: choose another."
OTHER_KIND = "The logo is not of the kind that its name says: give it its own name."
TOO_MANY_BYTES = "The logo is larger than 512 kB: reduce it first."
TOO_MANY_PIXELS = "The logo is larger than 2000 pixels: reduce it first."


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
    ("a.svg", SVG, NO_PICTURE),
    ("a.png", SVG, NO_PICTURE),
    ("a.png", b"", "The submitted file is empty."),
    ("a.png", b"<!doctype html><script>alert(1)</script>", NO_PICTURE),
    ("a.png", picture()[:60], NO_PICTURE),
    ("a.png", picture("GIF"), NO_PICTURE),
    ("a.gif", picture("GIF"), NO_PICTURE),
    ("a.svg", picture(), OTHER_KIND),
    ("a", picture(), OTHER_KIND),
    ("a.jpg", picture("PNG"), OTHER_KIND),
    ("a.webp", picture("JPEG"), OTHER_KIND),
    ("a.png", picture(length=LARGEST + 1), TOO_MANY_BYTES),
    ("a.png", picture(size=(2001, 3)), TOO_MANY_PIXELS),
    ("a.png", picture(size=(3, 2001)), TOO_MANY_PIXELS),
    ("a.png", endless_picture(9_000), TOO_MANY_PIXELS),
    ("a.png", endless_picture(20_000), NO_PICTURE),
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
    url, form = opened(staff, row)
    for file_name, content in TAKEN:
        response = staff.post(url, form | {name: SimpleUploadedFile(file_name, content)})
        assert response.status_code == 302, (file_name, response.context["adminform"].form.errors)
        row.refresh_from_db()
        assert Client().get(getattr(row, name).url).getvalue() == content, file_name


@pytest.mark.parametrize(("model", "name"), FIELDS, ids=lambda value: getattr(value, "__name__", None))
def test_any_other_file_is_refused_with_the_reason(uploads, staff, settings, model, name):
    row = row_of(model)
    url, form = opened(staff, row)
    for file_name, content, reason in REFUSED:
        response = staff.post(url, form | {name: SimpleUploadedFile(file_name, content)})
        assert response.status_code == 200, (file_name, reason)
        assert response.context["adminform"].form.errors == {name: [reason]}, (file_name, reason)
    assert files(settings) == ["a.webp"]


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
