"""Lines that the database would refuse, found before anybody confirms (``members.imports.trial``)."""

from members.imports.trial import Tried, tried, try_rows
from members.models.imports import ImportBatch
from projects.models import Funding, Participation, Project, ProjectLabel

OF_PROJECT = {"project_id": "0"}
TRIED = (
    Tried(Project, "create", "set", pk="r.match", given={"slug": "'a-line'", "status": "'draft'"}),
    Tried(Participation, "partners", "partners_set", several=True, given=OF_PROJECT),
    Tried(ProjectLabel, "labels", "labels_set", several=True, given=OF_PROJECT),
    Tried(Funding, "fundings", "fundings_set", several=True, given=OF_PROJECT),
)


def try_lines(batch: ImportBatch, groups: list[int] | None = None) -> None:
    """Refuses the lines that break a rule of the database, with the rule's name as their problem."""
    with tried(batch) as cursor:
        for one in TRIED:
            try_rows(cursor, batch, one, groups)
