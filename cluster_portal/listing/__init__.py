"""A list page: what its address asks, what matches, and the addresses that change one thing of it.

The address is the whole state. It is read once, leniently (unknown keys fall away, an unknown value matches
nothing and can be taken away by its chip), and every link of the page is written from it in one
canonical form: sorted keys, repeated for several values, empty ones dropped. The subclass of an app declares
which facets there are, how text is searched and how rows are ordered; the machinery is the same for all:
``address`` reads and writes the address, ``matching`` counts, ``page`` shows, ``heading`` says it in a sentence, and
``filters`` asks the same of the database.

Three words: a ``DeclaredFacet`` is a facet as a list declares it, ``FacetValues`` is the facet as read for a day
(``cluster_portal.facets``), an ``Option`` is one of its values as the page shows it.
"""

from cluster_portal.listing.page import PAGE_SIZE, Listing
from cluster_portal.listing.parts import DeclaredFacet

__all__ = ["PAGE_SIZE", "DeclaredFacet", "Listing"]
