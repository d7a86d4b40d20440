import pytest
from django.test import Client


@pytest.fixture
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    (settings.MEDIA_ROOT / "logos").mkdir(parents=True)
    (settings.MEDIA_ROOT / "logos" / "a.webp").write_bytes(b"RIFF")
    (tmp_path / "secret_key").write_text("secret")


def test_a_logo_is_served_and_kept_by_browsers(uploads):
    response = Client().get("/media/logos/a.webp")
    assert response.getvalue() == b"RIFF"
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=86400"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["logos/", "logos", "", "../secret_key", "%2e%2e/secret_key", "logos/../../secret_key"]
)
def test_nothing_beside_the_uploads_is_served_nor_listed(uploads, path):
    assert Client().get(f"/media/{path}").status_code in (301, 302, 404)
