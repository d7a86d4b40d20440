"""How lines that speak of members are handled."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from members.columns import ORGANISATION_COLUMNS
from members.models import ImportBatch, Organisation
from members.models.imports import Subject

from . import cells, differences, geocoding, matching, telling, trial, values, writing
from .fields import FIELDS, IDENTIFYING, LEFT_OUT, NOT_BROUGHT_IN
from .lines import CAPITALS, LineReader
from .subjects import HANDLINGS, Handling

MOSTLY = 0.8  # of the texts of a column
RECOGNISED = (  # by what stands in it, the surest first
    ("siret", cells.read_siret), ("siren", cells.read_siren), ("uai_code", cells.read_uai), ("rnsr_id", cells.read_rnsr),
    ("ror_id", cells.read_ror), ("coordinates", cells.read_coordinates), ("email", cells.read_email),
    ("website", cells.read_website), ("naf_code", cells.read_naf), ("postcode", cells.read_postcode),
)  # fmt: skip


def by_contents(texts: Sequence[str]) -> str:
    """The field that most of these texts are of; none where it is not clear."""
    if len(texts) < 2:
        return LEFT_OUT
    for name, read in RECOGNISED:
        if name == "website" and not all("." in text for text in texts):
            continue
        good = sum(1 for text in texts if (cell := read(text)).value is not None and not cell.problem)
        if good >= MOSTLY * len(texts):
            return name
    return LEFT_OUT


def headers_left_out() -> tuple[str, ...]:
    """What an exported list holds besides, in every language of the site."""
    found = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            found += [str(column.label) for column in ORGANISATION_COLUMNS if column.name in NOT_BROUGHT_IN]
    return tuple(found)


def publish(batch: ImportBatch, by: int) -> int:
    """Those that the import made and that lack nothing of what a published one has."""
    from members.admin.filters import WANTED_OF_ORGANISATIONS as wanted  # the admin says what that is

    made = Organisation.objects.filter(pk__in=writing.made_by(batch))
    for _label, condition in wanted.values():
        made = made.exclude(condition())
    return made.publish(by=batch.imported_by or by)


HANDLINGS[Subject.MEMBERS] = Handling(
    model=Organisation,
    fields=FIELDS,
    identifying=IDENTIFYING,
    needed=("kind",),
    reader=LineReader,
    match=matching.match,
    compare=differences.compare,
    trial=trial.try_lines,
    write=writing.write,
    proposals=values.Proposals,
    by_contents=by_contents,
    constants=("kind", "size", "institution_type", "themes", "region", "category", "joined_on"),
    offers={CAPITALS: _("Names in capitals: put them in small letters")},
    left_out=headers_left_out,
    erasable=(*(name for name in differences.COLUMNS if name not in ("national", "country")), "category"),
    telling=telling.Telling,
    publish=publish,
    complete=geocoding.locate,
)
