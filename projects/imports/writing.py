"""Writing what was checked: a statement a table, whatever the number of lines, in one transaction and one change set."""

from django.db import connection

from members.imports import writing
from members.models.imports import ImportBatch
from projects.models import Funding, Participation, Project, ProjectLabel

ROWS = (("partners", Participation), ("labels", ProjectLabel), ("fundings", Funding))


def write(batch: ImportBatch, by: int | None) -> dict[str, int]:
    """What was written, by table. Whoever calls holds the transaction and says who is at work."""
    with connection.cursor() as cursor:
        writing.lines_to_write(cursor, batch, Project)
        writing.new_addresses(cursor, Project, "acronym", "title_fr", "title_en")
        written = {
            "projects": writing.made(cursor, Project, by),
            "projects_changed": writing.moved(cursor, Project, "set", "w.match", by),
            "themes": writing.chosen(cursor, "themes", "projects_project_themes", ("project_id", "theme_id")),
        }
        for key, model in ROWS:
            written[key] = writing.added(cursor, model, key, "project_id", several=True)
            written[f"{key}_changed"] = writing.moved(cursor, model, f"{key}_set", "(p->>'id')::bigint", several=True)
        writing.lines_written(cursor, batch)
    return {key: number for key, number in written.items() if number}
