"""What the database refused, in the sentence of its constraint; and which of many rows it is that it refuses."""

from collections.abc import Callable

from django.db import IntegrityError, models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.transactions import refused_at_once


def refusal(error: IntegrityError, model: type[models.Model]) -> str:
    """The sentence of the constraint that the database named."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return sentence_of(name, model) or _(
        "The database refused the change, because it contradicts something saved in the meantime."
    )


def sentence_of(name: str | None, model: type[models.Model]) -> str:
    """Of a constraint or a unique column of a model or of its rows, by the name that the database has for it."""
    if name is None:
        return ""
    related = [model, *(relation.related_model for relation in model._meta.related_objects)]
    for one in related:
        sentences = {each.name: each.get_violation_error_message() for each in one._meta.constraints}
        sentences |= getattr(one, "refused_by_triggers", {})
        if name in sentences:
            return str(sentences[name])
    for field in model._meta.concrete_fields:
        if field.unique and name.startswith(f"{model._meta.db_table}_{field.column}_"):
            return _("%(box)s: another record has it.") % {"box": capfirst(str(field.verbose_name))}
    return ""


def without_refused(keys: list[int], write: Callable[[list[int]], int]) -> tuple[int, dict[int, IntegrityError]]:
    """Writes the rows with these keys, and says how many there were and which of them the database refuses.

    ``write`` is called with all of them, and where one is refused with each half: one among thousands is found in some
    dozens of steps, and holds back no other.
    """
    try:
        with refused_at_once():
            return write(keys), {}
    except IntegrityError as error:
        if len(keys) == 1:
            return 0, {keys[0]: error}
    middle = len(keys) // 2
    written, refused = 0, {}
    for half in (keys[:middle], keys[middle:]):
        number, errors = without_refused(half, write)
        written += number
        refused |= errors
    return written, refused
