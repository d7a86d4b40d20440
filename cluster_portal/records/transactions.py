from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def refused_at_once() -> Iterator[None]:
    """A transaction, or a part of one, at whose end the database refuses whatever it would refuse at the commit: there
    whoever wrote it can still say why, and go on with the rest."""
    with transaction.atomic():
        yield
        connection.check_constraints()
