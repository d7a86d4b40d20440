"""Named as Django looks for it: the backend of `ENGINE = "cluster_portal.postgresql"`."""

from types import SimpleNamespace
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from cluster_portal.postgresql.watched import WatchedConnection


class DatabaseWrapper(base.DatabaseWrapper):
    Database = SimpleNamespace(**{**vars(psycopg), "connect": WatchedConnection.connect})  # type: ignore[assignment]

    @property
    def pool(self) -> Any:
        options = self.settings_dict["OPTIONS"].get("pool")
        if isinstance(options, dict):
            options.setdefault("connection_class", WatchedConnection)
        return super().pool
