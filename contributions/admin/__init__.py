"""What staff see of contributions, on the pages of the records that they are about and on pages of their own."""

from . import notes  # noqa: F401 (puts them on the forms of others)
