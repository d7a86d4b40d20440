"""Where staff decide what people sent in."""

from . import proposals  # noqa: F401 (registers them)
