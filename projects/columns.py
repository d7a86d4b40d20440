"""The columns of files of projects: one row a project, and what there are several of in parallel, each in its place."""

from datetime import date
from decimal import Decimal

from django.utils.translation import pgettext_lazy

from cluster_portal.exchange.columns import Column, Words, choice, plain, several
from cluster_portal.records.publication import Status
from projects.models import Project

PROJECT, MONEY = pgettext_lazy("columns", "Project"), pgettext_lazy("columns", "Dates and money")
PARTNERS, LABELS = pgettext_lazy("columns", "Partners"), pgettext_lazy("columns", "Labels and funding")


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _coordinator(row) -> dict:
    return next((partner for partner in row.partners if partner["role"] == "coordinator"), {})


def _partners(row) -> list[dict]:
    """Besides the coordinator."""
    return [partner for partner in row.partners if partner["role"] != "coordinator"]


def _lead(row, words: Words) -> dict:
    """The label of the cluster that leads, if that may be named."""
    return next((label for label in _named(row, words) if label["role"] == "lead"), {})


def _others(row, words: Words) -> list[dict]:
    return [label for label in _named(row, words) if label["role"] != "lead"]


def _named(row, words: Words) -> list[dict]:
    known = words.names["cluster"]
    return [{**label, "name": known[label["cluster"]]} for label in row.labels_given if label["cluster"] in known]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


PROJECT_COLUMNS = (
    Column("slug", pgettext_lazy("column", "Identifier in the directory"), plain("slug"), PROJECT, public=True),
    Column("acronym", pgettext_lazy("column", "Acronym"), plain("acronym"), PROJECT, public=True),
    Column("title_fr", pgettext_lazy("column", "Title in French"), plain("title_fr"), PROJECT, public=True),
    Column("title_en", pgettext_lazy("column", "Title in English"), plain("title_en"), PROJECT, public=True),
    Column("summary_fr", pgettext_lazy("column", "Summary in French"), plain("summary_fr"), PROJECT, public=True),
    Column("summary_en", pgettext_lazy("column", "Summary in English"), plain("summary_en"), PROJECT, public=True),
    Column("themes", pgettext_lazy("column", "Themes"), several("theme_names"), PROJECT, public=True),
    Column("website", pgettext_lazy("column", "Official page"), plain("website"), PROJECT, public=True),
    Column(
        "national",
        pgettext_lazy("column", "Works nationwide"),
        lambda row, words: row.national,
        PROJECT,
        public=True,
    ),
    Column("start", pgettext_lazy("column", "First day"), plain("start"), MONEY, public=True),
    Column("end", pgettext_lazy("column", "Last day"), plain("end"), MONEY, public=True),
    Column("state", pgettext_lazy("column", "State"), choice("state", Project.State), MONEY, public=True),
    # what staff say beside the dates; the page of the project tells what comes of it
    Column("stated", pgettext_lazy("column", "State set by hand"), choice("stated", Project.State), MONEY),
    Column("stated_on", pgettext_lazy("column", "State set by hand since"), plain("stated_on"), MONEY),
    Column("stated_reason", pgettext_lazy("column", "State set by hand: reason"), plain("stated_reason"), MONEY),
    Column("total_cost", pgettext_lazy("column", "Total cost (€)"), plain("total_cost"), MONEY, public=True),
    Column("public_funding", pgettext_lazy("column", "Public funding (€)"), plain("public_funding"), MONEY, public=True),
    Column(
        "private_investment",
        pgettext_lazy("column", "Private investment (€)"),
        plain("private_investment"),
        MONEY,
        public=True,
    ),
    Column(
        "coordinator",
        pgettext_lazy("column", "Coordinator"),
        lambda row, words: _coordinator(row).get("name") or "",
        PARTNERS,
        public=True,
    ),
    Column(
        "coordinator_cost",
        pgettext_lazy("column", "Cost of the coordinator (€)"),
        lambda row, words: _amount(_coordinator(row).get("cost")),
        PARTNERS,
        public=True,
    ),
    Column(
        "coordinator_funding",
        pgettext_lazy("column", "Public funding of the coordinator (€)"),
        lambda row, words: _amount(_coordinator(row).get("funding")),
        PARTNERS,
        public=True,
    ),
    Column(
        "partners",
        pgettext_lazy("column", "Partners"),
        lambda row, words: tuple(partner["name"] for partner in _partners(row)),
        PARTNERS,
        public=True,
    ),
    Column(
        "partner_costs",
        pgettext_lazy("column", "Costs of the partners (€)"),
        lambda row, words: tuple(_amount(partner["cost"]) for partner in _partners(row)),
        PARTNERS,
        public=True,
    ),
    Column(
        "partner_fundings",
        pgettext_lazy("column", "Public funding of the partners (€)"),
        lambda row, words: tuple(_amount(partner["funding"]) for partner in _partners(row)),
        PARTNERS,
        public=True,
    ),
    Column(
        "lead_cluster",
        pgettext_lazy("column", "Lead cluster"),
        lambda row, words: _lead(row, words).get("name") or "",
        LABELS,
        public=True,
    ),
    Column(
        "labelled_on",
        pgettext_lazy("column", "Labelled on"),
        lambda row, words: _day(_lead(row, words).get("date")),
        LABELS,
        public=True,
    ),
    Column(
        "other_clusters",
        pgettext_lazy("column", "Co-labelling clusters"),
        lambda row, words: tuple(label["name"] for label in _others(row, words)),
        LABELS,
        public=True,
    ),
    Column(
        "other_labelled_on",
        pgettext_lazy("column", "Co-labelled on"),
        lambda row, words: tuple(_day(label["date"]) for label in _others(row, words)),
        LABELS,
        public=True,
    ),
    Column(
        "programmes",
        pgettext_lazy("column", "Funding programmes"),
        lambda row, words: tuple(funding["programme"] for funding in row.decisions),
        LABELS,
        public=True,
    ),
    Column(
        "funders",
        pgettext_lazy("column", "Funders"),
        lambda row, words: tuple(funding["funder"] or "" for funding in row.decisions),
        LABELS,
        public=True,
    ),
    Column(
        "funding_amounts",
        pgettext_lazy("column", "Amounts of the fundings (€)"),
        lambda row, words: tuple(_amount(funding["amount"]) for funding in row.decisions),
        LABELS,
        public=True,
    ),
    Column(
        "funded_on",
        pgettext_lazy("column", "Fundings decided on"),
        lambda row, words: tuple(_day(funding["date"]) for funding in row.decisions),
        LABELS,
        public=True,
    ),
    Column("status", pgettext_lazy("column", "Publication status"), choice("status", Status), LABELS),
)  # fmt: skip
