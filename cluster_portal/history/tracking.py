"""Which tables have a history, and whose page tells it.

An update is kept as two rows, ``before`` and ``update``: what a row was is then known without an earlier event, of rows
that a bulk load wrote without a history, and after old events were taken away.
"""

from dataclasses import dataclass

import pghistory
import pgtrigger
from django.db import models
from pghistory.trigger import Event as EventTrigger

# Kept up to date by the database at each change, or said by the change set.
SAID_ELSEWHERE = frozenset({"updated_at", "updated_by"})
BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Tracked:
    """``owners``: the foreign keys to the rows on whose pages the history of these is told, beside their own.

    ``named_by``: the columns that tell the rows of one owner apart. ``own``: the foreign key to what one must edit to be told anything of the row. ``unsaid``: the values are kept
    nowhere, only that something changed.
    """

    model: type[models.Model]
    events: type[models.Model]
    owners: tuple[str, ...] = ()
    named_by: tuple[str, ...] = ()
    own: str = ""
    unsaid: bool = False
    of_field: str = ""  # for the pairs of a many-to-many: its name on the owner's model

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def table(self) -> str:
        return self.events._meta.db_table


TRACKED: dict[str, Tracked] = {}


def track(
    model: type[models.Model],
    *owners: str,
    named_by: tuple[str, ...] = (),
    keep: tuple[str, ...] = (),
    own: str = "",
) -> None:
    """``keep``: the columns whose values are kept, where not all may be; that others changed is kept all the same."""
    watched = [
        field.name for field in model._meta.local_fields if not field.generated and field.name not in SAID_ELSEWHERE
    ]
    events = _keep(model, keep or tuple(watched), watched, owners)
    TRACKED[model._meta.label_lower] = Tracked(model, events, owners, named_by, own, bool(keep))


def track_choices(model: type[models.Model], field: str) -> None:
    """What is chosen in a many-to-many, pair by pair, on the page of the row that chooses."""
    through = getattr(model, field).through
    owner = model._meta.get_field(field).m2m_field_name()
    # migrations know triggers of models that stand in a module, which the pairs' own does not
    pairs = type(
        f"{model.__name__}{field.title()}",
        (through,),
        {
            "__module__": model.__module__,
            "Meta": type("Meta", (), {"proxy": True, "app_label": model._meta.app_label, "ordering": ["pk"]}),
        },
    )
    columns = [one.name for one in through._meta.local_fields]
    chosen = model._meta.get_field(field).m2m_reverse_field_name()
    TRACKED[pairs._meta.label_lower] = Tracked(
        pairs, _keep(pairs, tuple(columns), columns, (owner,)), (owner,), (chosen,), of_field=field
    )


def _keep(model, kept: tuple[str, ...], watched: list[str], owners: tuple[str, ...]) -> type[models.Model]:
    name = f"{model.__name__}Event"
    return pghistory.create_event_model(
        model,
        pghistory.InsertEvent(),
        BothRows(condition=pgtrigger.AnyChange(*watched)),
        pghistory.DeleteEvent(),
        level=pghistory.Statement,
        fields=list(kept),
        # hidden: what walks the relations of a model meets no events
        obj_field=pghistory.ObjForeignKey(related_name="+", db_index=True),
        context_field=pghistory.ContextForeignKey(db_index=True),
        model_name=name,
        abstract=False,
        meta={"ordering": ["pgh_id"], "default_permissions": (), "indexes": _indexes(name, owners)},
    )


def _indexes(name: str, owners: tuple[str, ...]) -> list[models.Index]:
    short = name.removesuffix("Event").lower()[:16]
    return [
        models.Index(fields=["pgh_created_at"], name=f"{short}_ev_when"),
        # few: whoever writes says who is at work
        models.Index(fields=["pgh_created_at"], condition=models.Q(pgh_context=None), name=f"{short}_ev_unknown"),
        *(models.Index(fields=[owner], name=f"{short}_ev_{owner[:6].strip('_')}") for owner in owners),
    ]


class BothRows(pghistory.UpdateEvent):
    """Keeps what the row was and what it is, by one trigger."""

    def add_event_trigger(self, event_model):
        pgtrigger.register(
            BothRowsTrigger(
                event_model=event_model,
                label=self.label,
                name=self.trigger_name,
                row=self.row,
                operation=self.operation,
                condition=self.condition,
                level=self.level,
            )
        )(event_model.pgh_tracked_model)


class BothRowsTrigger(EventTrigger):
    """Planned at each call: a plan that was made for one row would join thousands to each other one by one."""

    def get_func(self, model):
        was = EventTrigger(
            event_model=self.event_model,
            label=BEFORE,
            name=self.name,
            row=pghistory.Old,
            operation=self.operation,
            condition=self.condition,
            level=self.level,
        )
        both = [one.func.removesuffix("RETURN NULL;") for one in (was.get_func(model), super().get_func(model))]
        return pgtrigger.Func(" ".join(f"EXECUTE $event${one}$event$;" for one in both) + " RETURN NULL;")
