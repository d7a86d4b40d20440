"""Before any reference data is loaded, and before any member is there."""

import pytest
from django.urls import reverse
from django.utils import translation


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "name",
    [
        "home",
        "suggest",
        "members:organisation-list",
        "members:cluster-list",
        "members:region-list",
        "members:theme-list",
    ],
)
def test_an_empty_directory_has_its_pages(db, client, language, name):
    with translation.override(language):
        url = reverse(name)
    assert client.get(url, {"q": "quorvex"}).status_code == 200


def test_an_empty_list_says_that_nothing_is_published(db, client):
    assert "Nothing is published here yet" in client.get("/en/members/").content.decode()
