"""Django's PostgreSQL backend, but its server comes from a wheel and starts on the first connection.

Lazy on purpose: `check`, `--help` and whatever else never connects starts no server.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db.backends.postgresql import client
from django.db.utils import OperationalError

from cluster_portal.embedded_postgresql import server
from cluster_portal.postgresql import base, watched


class DatabaseClient(client.DatabaseClient):
    """The wheel's psql, on the server that the other connections use."""

    def runshell(self, parameters: Iterable[str]) -> None:
        self.connection.get_connection_params()  # starts the server and learns where its socket is
        super().runshell(parameters)

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        arguments, environment = super().settings_to_cmd_args_env(settings_dict, parameters)
        return [str(server.program("psql")), *arguments[1:]], environment


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        data = Path(self.settings_dict["PGDATA"])
        try:
            self.settings_dict["HOST"] = str(server.ensure_running(data, patient=not watched.visitors_wait))
            if self.settings_dict["NAME"]:  # without a name it is the server's own database, to create another
                server.ensure_database(data, self.settings_dict["NAME"])
        except server.EmbeddedServerError as error:
            raise OperationalError(str(error)) from error
        parameters = super().get_connection_params()
        if watched.visitors_wait or watched.for_the_site:
            parameters["user"] = server.SITE_ROLE
        return parameters
