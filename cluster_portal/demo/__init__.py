"""An invented network of national size on top of the real clusters, to look at, try out and measure.

Everything follows from one seed and one date: neither the clock nor the order of a set has a say, so
the same seed writes the same rows. Rows are generated in batches and copied into PostgreSQL, so that
memory does not grow with the scale. ``docs/decisions/0003-demo-network.md`` has the reasons.
"""
