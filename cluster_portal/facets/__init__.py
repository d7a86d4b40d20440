"""Exact facet counts, from sets of rows held in the process.

Each value of each facet has the set of rows that have it, as a bitmap. A count is ``value.shared_with(everything
else that is chosen)``, a fraction of a millisecond for all of a page's options (docs/decisions/0004). The sets are an
index, not a cache of answers: before each use the log of changes (``portal_change``, written by triggers) tells what to
read anew, under the same visibility rules as any query, so that a count is never older than the list beside it.

Three words: a ``Facet`` is what is declared, ``FacetValues`` is the facet as read for a day, an ``Option`` is a value as
a page shows it (``cluster_portal.listing``). What an index holds beside facets is an ``Order`` of rows, or a ``Fact``
of whatever type.
"""

from cluster_portal.facets.columns import Each, Events, Numbers, Records, Spans, Table, Texts, replaced
from cluster_portal.facets.index import Facet, FacetIndex, Fact, Lookup, Order, Reading, Source
from cluster_portal.facets.rows import NO_ROWS, Rows, Sums, by_overlap
from cluster_portal.facets.values import FacetValues, Value, both

__all__ = [
    "NO_ROWS",
    "Each",
    "Events",
    "Facet",
    "FacetIndex",
    "FacetValues",
    "Fact",
    "Lookup",
    "Numbers",
    "Order",
    "Reading",
    "Records",
    "Rows",
    "Source",
    "Spans",
    "Sums",
    "Table",
    "Texts",
    "Value",
    "both",
    "by_overlap",
    "replaced",
]
