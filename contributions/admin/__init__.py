"""Where staff decide what people sent in, and what they note of the records that it is about."""

from . import notes, proposals  # noqa: F401 (registers them, and puts notes on the forms of others)
