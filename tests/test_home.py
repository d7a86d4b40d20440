from django.urls import reverse


def test_the_home_page_answers(network, client):
    assert client.get(reverse("home")).status_code == 200
