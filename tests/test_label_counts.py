"""The number of labelled clusters of a day is the whole, or said to be a minimum, wherever it stands."""

import html
import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from cluster_portal.models import Page
from members.models import Cluster, LabelPeriod
from projects.models import DeclaredFigure

pytestmark = pytest.mark.django_db
DAY = date(2010, 5, 11)


@pytest.fixture
def three():
    """Three clusters that held the label from 11 May 2010 for ten days."""
    made = [Cluster.objects.create(name=f"Pôle {n}", slug=f"pole-{n}", status="published") for n in range(3)]
    for cluster in made:
        LabelPeriod.objects.create(
            cluster=cluster, phase=2, start=DAY, end=DAY + timedelta(days=9), source="https://a.example/"
        )
    return made


def declare(number: int, first: date = DAY, last: date = DAY + timedelta(days=4), **more) -> DeclaredFigure:
    return DeclaredFigure.objects.create(
        indicator="clusters", value=number, year=first.year, first_day=first, last_day=last, source="Sénat",
        link="https://senat.example/", **more,
    )  # fmt: skip


def words(client, address: str) -> str:
    """All that a page says, with its numbers as people read them."""
    page = client.get(address).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def heading(client, day: date) -> str:
    page = client.get(f"/en/clusters/?on={day}").content.decode()
    return html.unescape(re.search(r"<h1>\s*(.*?)\s*</h1>", page, re.S).group(1)).replace("\N{NO-BREAK SPACE}", " ")


def test_a_day_of_which_nothing_is_declared_has_at_least_the_known_clusters(client, three):
    assert heading(client, DAY) == "At least 3 clusters labelled on 11 May 2010"
    assert "there may have been more" in words(client, f"/en/clusters/?on={DAY}")


@pytest.mark.parametrize(("number", "is_minimum"), [(2, False), (3, False), (4, True), (71, True)])
def test_what_is_declared_of_the_day_tells_whether_these_are_all(client, three, number, is_minimum):
    declare(number)
    assert heading(client, DAY).startswith("At least") == is_minimum
    said = words(client, f"/en/clusters/?on={DAY}")
    assert f"{number} clusters were counted that day: Sénat ." in said
    assert ("All of them are known by name." in said) != is_minimum


def test_what_is_declared_holds_from_its_first_day_to_its_last(client, three):
    declare(3)
    days = [DAY + timedelta(days=n) for n in (0, 4, 5)]
    assert [heading(client, day).startswith("At least") for day in days] == [False, False, True]


def test_of_two_sources_the_larger_number_counts_and_one_of_another_scope_does_not(client, three):
    declare(3)
    assert not heading(client, DAY).startswith("At least")
    declare(60, cluster=three[0])
    assert not heading(client, DAY).startswith("At least")
    declare(60)
    assert heading(client, DAY).startswith("At least")


def test_before_the_first_labels_there_were_none_for_certain(client, three):
    assert heading(client, date(2005, 7, 11)) == "No cluster labelled on 11 July 2005"
    assert heading(client, date(2005, 7, 12)) == "No cluster is known to have held the label on 12 July 2005"


def test_of_a_day_that_is_to_come_nothing_is_known(client, three):
    today = timezone.localdate()
    LabelPeriod.objects.create(cluster=three[0], phase=5, start=today, source="https://a.example/")
    assert heading(client, today).startswith("At least 1 cluster labelled on")
    assert heading(client, today + timedelta(days=1)).endswith("not known yet")
    said = words(client, f"/en/clusters/?on={today + timedelta(days=1)}")
    assert "nothing is known of it" in said
    assert "Pôle" not in said


def test_every_page_with_the_number_says_that_it_is_a_minimum(client, three):
    today = timezone.localdate()
    LabelPeriod.objects.create(cluster=three[0], phase=5, start=today, source="https://a.example/")
    pages = {
        "/en/": "at least 1",
        "/en/clusters/": "of which at least 1 labelled today",
        "/en/key-figures/": "at least 1",
        f"/en/key-figures/?on={DAY}": "at least 3",
        reverse("projects:figures"): "au moins 1",
    }
    for address, said in pages.items():
        assert said in words(client, address), address
    lines = client.get(f"/en/key-figures/?on={DAY}&format=csv").getvalue().decode()
    assert "Labelled clusters (at least)," in lines
    declare(1, today, today)
    for address in ("/en/", "/en/clusters/", "/en/key-figures/"):
        assert "at least 1" not in words(client, address), address
    assert "(at least)" not in client.get("/en/key-figures/?format=csv").getvalue().decode()


def test_a_phase_has_at_least_the_clusters_that_are_known_of_it(client, three):
    Page.objects.create(key="what-is-a-cluster", title_fr="Qu’est-ce qu’un pôle ?", title_en="What is a cluster?")
    said = words(client, "/en/what-is-a-cluster/")
    assert "Phase II 2009–2012 at least 3 clusters" in said
    declare(5)
    assert "at least 3 clusters 5 declared on 11 May 2010 ( Sénat )" in words(client, "/en/what-is-a-cluster/")
    DeclaredFigure.objects.update(value=3)
    assert "Phase II 2009–2012 3 clusters" in words(client, "/en/what-is-a-cluster/")


def test_the_days_of_a_declared_figure_come_together_and_in_order(client, three):
    for first, last in ((DAY, None), (None, DAY), (DAY, DAY - timedelta(days=1))):
        with pytest.raises(ValidationError, match="Indiquez les deux jours"):
            DeclaredFigure(indicator="clusters", value=1, source="S", first_day=first, last_day=last).full_clean()
    DeclaredFigure(indicator="clusters", value=1, source="S", first_day=DAY, last_day=DAY).full_clean()
