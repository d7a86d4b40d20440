"""What of the portal itself has a history."""

from cluster_portal.history.tracking import track

from .pages import Page

track(Page)
