import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def text_of(response):
    return b"".join(response.streaming_content)


@pytest.mark.parametrize(
    "path",
    ["/fr/membres/", "/en/projects/", "/en/clusters/", "/fr/clusters/cara/membres/", "/fr/clusters/cara/projets/"],
)
def test_x(network, path, django_assert_max_num_queries):
    for f in ("csv", "csv-fr", "json", "geojson", "xlsx"):
        with django_assert_max_num_queries(12) as q:
            r = Client().get(path, {"format": f})
            b = text_of(r)
        print(path, f, r.status_code, len(b), len(q.captured_queries), r.headers)
        if f in ("csv", "json"):
            print(b[:1500].decode())
    print(Client().get(path, {"format": "csv", "about": 1}).content.decode())
    r = Client().get(path, {"format": "zip"})
    print(r.status_code, r.content.decode()[:10])
