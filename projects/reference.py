"""What `load_reference` knows of projects: who funds them, through what, and published figures."""

from pathlib import Path

from cluster_portal.exchange.data_files import read_csv
from cluster_portal.exchange.reference_data import Table

from .models import DeclaredFigure, Funder, Programme

DATA = Path(__file__).parent / "data"

TABLES = [
    Table("funders", Funder, lambda: read_csv(DATA / "funders.csv"), lambda cells: cells["slug"], ("slug",)),
    Table(
        "programmes", Programme, lambda: read_csv(DATA / "programmes.csv"), lambda cells: cells["slug"], ("slug",),
        references={"funder": "funders"},
    ),
    Table(
        "declared figures", DeclaredFigure, lambda: read_csv(DATA / "declared_figures.csv"),
        lambda cells: cells["key"], ("indicator", "year", "cluster", "source", "value"),
        references={"cluster": "clusters"}, ignored=("key",),
    ),
]  # fmt: skip
