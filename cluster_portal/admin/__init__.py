"""What the staff's pages of every app share: the site, the base classes, the forms, the filters.

It knows no model. An app's own admin says what is to be seen of its models and what needs work.
"""

from .base import PortalAdmin, PortalStackedInline, PortalTabularInline, WrittenByTheSite
from .filters import NeedsFilter, SelectFilter
from .formsets import DatedRows, RowsOfOneParent
from .publication import PublicationAdmin
from .site import PortalAdminSite

__all__ = [
    "DatedRows", "NeedsFilter", "PortalAdmin", "PortalAdminSite", "PortalStackedInline", "PortalTabularInline",
    "PublicationAdmin", "RowsOfOneParent", "SelectFilter", "WrittenByTheSite",
]  # fmt: skip
