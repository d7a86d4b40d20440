"""How lines that speak of projects are handled."""

from members.imports import writing as of_members
from members.imports.subjects import HANDLINGS, Handling
from members.imports.values import Proposals
from members.models.imports import ImportBatch, Subject
from projects.models import Project

from . import differences, matching, telling, trial, writing
from .fields import FIELDS, IDENTIFYING, by_contents, headers_left_out
from .lines import ProjectReader


def publish(batch: ImportBatch, by: int) -> int:
    """Those that the import made and that lack nothing of what a published one has."""
    from projects.admin.filters import WANTED_OF_PROJECTS as wanted  # the admin says what that is

    made = Project.objects.filter(pk__in=of_members.made_by(batch))
    for _label, condition in wanted.values():
        made = made.exclude(condition())
    return made.publish(by=batch.imported_by or by)


HANDLINGS[Subject.PROJECTS] = Handling(
    model=Project,
    fields=FIELDS,
    identifying=IDENTIFYING,
    needed=(),
    reader=ProjectReader,
    match=matching.match,
    compare=differences.compare,
    trial=trial.try_lines,
    write=writing.write,
    proposals=Proposals,
    by_contents=by_contents,
    constants=("labelled_on", "themes"),
    left_out=headers_left_out,
    erasable=differences.ERASABLE,
    telling=telling.Telling,
    publish=publish,
)
