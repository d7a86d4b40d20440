"""What `load_reference` knows of members: places, themes, clusters."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from cluster_portal.exchange.data_files import Row, read_csv
from cluster_portal.exchange.reference_data import Table

from .models import Cluster, ClusterName, ClusterRegion, Department, LabelPeriod, Region, Succession, Theme

DATA = Path(__file__).parent / "data"


def rows_of(file: str) -> Callable[[], Iterator[Row]]:
    return lambda: read_csv(DATA / file)


def column(*names: str) -> Callable[[Mapping[str, str]], str]:
    """A key made of these columns."""
    return lambda cells: "/".join(cells[name] for name in names)


def themes(*, domains: bool) -> Iterator[Row]:
    return (row for row in read_csv(DATA / "themes.csv") if (row.cells.get("parent") == "") == domains)


def clusters() -> Iterator[Row]:
    """The labelled ones, then those that they come from."""
    return chain(read_csv(DATA / "clusters.csv"), read_csv(DATA / "former_clusters.csv"))


def cluster_regions() -> Iterator[Row]:
    for row in clusters():
        for rank, slug in enumerate(row.cells["regions"].split()):
            yield row.only(cluster=row.cells["slug"], region=slug, rank=str(rank))


def cluster_themes() -> Iterator[Row]:
    for row in clusters():
        for slug in row.cells["themes"].split():
            yield row.only(cluster=row.cells["slug"], theme=slug)


def label_periods() -> Iterator[Row]:
    """Named by cluster, phase and place within it, so that a corrected date stays the same period."""
    places: dict[tuple[str, str], int] = {}
    for row in read_csv(DATA / "label_periods.csv"):
        name = row.cells.get("cluster", ""), row.cells.get("phase", "")
        places[name] = places.get(name, 0) + 1
        yield row.only(**row.cells, key="/".join([*name, str(places[name])]))


PLACE_COLUMNS = ("main_town_insee", "main_town", "population")

TABLES = [
    Table("regions", Region, rows_of("regions.csv"), column("slug"), ("insee_code",), ignored=PLACE_COLUMNS[:2]),
    Table(
        "departments", Department, rows_of("departments.csv"), column("insee_code"), ("insee_code",),
        references={"region": "regions"}, ignored=PLACE_COLUMNS,
    ),
    Table("themes", Theme, lambda: themes(domains=True), column("slug"), ("slug",), ignored=("parent",)),
    Table(
        "themes", Theme, lambda: themes(domains=False), column("slug"), ("slug",), references={"parent": "themes"}
    ),
    Table(
        "clusters", Cluster, clusters, column("slug"), ("slug",), references={"department": "departments"},
        ignored=("insee_code", "regions", "themes"), always={"status": "published"},
    ),
    Table(
        "regions of clusters", ClusterRegion, cluster_regions, column("cluster", "region"), ("cluster", "region"),
        references={"cluster": "clusters", "region": "regions"},
    ),
    Table(
        "themes of clusters", Cluster.themes.through, cluster_themes, column("cluster", "theme"), ("cluster", "theme"),
        references={"cluster": "clusters", "theme": "themes"},
    ),
    Table(
        "names of clusters", ClusterName, rows_of("cluster_names.csv"), column("cluster", "name"), ("cluster", "name"),
        references={"cluster": "clusters"},
    ),
    Table(
        "label periods", LabelPeriod, label_periods, column("key"), ("cluster", "start"),
        references={"cluster": "clusters"}, ignored=("key",),
    ),
    Table(
        "successions", Succession, rows_of("successions.csv"), column("predecessor", "successor"),
        ("predecessor", "successor"), references={"predecessor": "clusters", "successor": "clusters"},
    ),
]  # fmt: skip
