"""A list page: what the URL asks, what matches, and the links that change one thing of it.

The URL is the whole state. It is read once, leniently (unknown keys fall away, an unknown value matches
nothing and can be taken away by its chip), and every link of the page is written from it in one
canonical form: sorted keys, repeated for several values, empty ones dropped. The subclass of an app says
which facets there are, how text is searched and how rows are ordered; the machinery is the same for all:
``address`` reads and writes the URL, ``matching`` counts, ``page`` shows.
"""

from cluster_portal.listing.page import PAGE_SIZE, Listing
from cluster_portal.listing.parts import Group

__all__ = ["PAGE_SIZE", "Group", "Listing"]
