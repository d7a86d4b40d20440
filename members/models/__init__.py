"""The ground floor: places, themes, clusters, organisations and what ties them together."""

from .clusters import Cluster, ClusterName, ClusterRegion, LabelPeriod, Succession
from .memberships import Membership
from .organisations import (
    Company,
    ContactPerson,
    Institution,
    Laboratory,
    Organisation,
    OrganisationName,
    Site,
)
from .pages import Page
from .places import Department, Region
from .records import FormerSlug, ReferenceRow
from .search import SearchDocument, SearchWord
from .themes import Theme

__all__ = [
    "Cluster",
    "ClusterName",
    "ClusterRegion",
    "Company",
    "ContactPerson",
    "Department",
    "FormerSlug",
    "Institution",
    "LabelPeriod",
    "Laboratory",
    "Membership",
    "Organisation",
    "OrganisationName",
    "Page",
    "ReferenceRow",
    "Region",
    "SearchDocument",
    "SearchWord",
    "Site",
    "Succession",
    "Theme",
]
