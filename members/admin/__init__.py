"""What staff see and edit of the directory, in the order of everyday use."""

from .organisations import CompanyAdmin, InstitutionAdmin, LaboratoryAdmin, OrganisationAdmin

from .memberships import MembershipAdmin  # isort: skip
from .imports import ImportBatchAdmin  # isort: skip
from .duplicates import MatchCandidateAdmin  # isort: skip
from .clusters import ClusterAdmin  # isort: skip
from .themes import ThemeAdmin  # isort: skip
from .places import DepartmentAdmin, RegionAdmin  # isort: skip
from .people import PersonAdmin  # isort: skip
from .contact_exports import ContactExportAdmin  # isort: skip

__all__ = [
    "ClusterAdmin", "CompanyAdmin", "ContactExportAdmin", "DepartmentAdmin", "ImportBatchAdmin", "InstitutionAdmin",
    "LaboratoryAdmin", "MatchCandidateAdmin",
    "MembershipAdmin", "OrganisationAdmin", "PersonAdmin", "RegionAdmin", "ThemeAdmin",
]  # fmt: skip
