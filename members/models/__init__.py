"""The ground floor: places, themes, clusters, organisations and what ties them together."""

from . import history  # noqa: F401 (after the models of which it is)
from .clusters import Cluster, ClusterName, ClusterRegion, LabelPeriod, Succession
from .contact_exports import ContactExport
from .duplicates import MatchCandidate
from .imports import ColumnMapping, ImportBatch, ImportRow
from .invitations import Invitation
from .memberships import Membership
from .numbers import FurtherNumber, UnitNumber
from .organisations import (
    Company,
    ContactPerson,
    Institution,
    Laboratory,
    Organisation,
    OrganisationName,
)
from .places import Department, Region
from .quality import QualitySnapshot, RegisterCheck, WebsiteCheck
from .roles import Person, Role, RoleAssignment
from .search import SearchDocument
from .sites import Site
from .themes import Theme

__all__ = [
    "Cluster",
    "ClusterName",
    "ClusterRegion",
    "ColumnMapping",
    "Company",
    "ContactExport",
    "ContactPerson",
    "Department",
    "FurtherNumber",
    "ImportBatch",
    "ImportRow",
    "Institution",
    "Invitation",
    "LabelPeriod",
    "Laboratory",
    "MatchCandidate",
    "Membership",
    "Organisation",
    "OrganisationName",
    "Person",
    "QualitySnapshot",
    "Region",
    "RegisterCheck",
    "Role",
    "RoleAssignment",
    "SearchDocument",
    "Site",
    "Succession",
    "Theme",
    "UnitNumber",
    "WebsiteCheck",
]
