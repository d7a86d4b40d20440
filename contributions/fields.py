"""What anybody may propose of a published record, field by field.

Each field says how it is typed, what stands there now, and how it is written. A value is what JSON holds (a text, a number,
a list of slugs) so that a proposal keeps it beside the one that it was based on. Public fields only: what is not named
here cannot be proposed.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin.boxes import BOXES
from cluster_portal.records.phones import PhoneField, written_phone
from cluster_portal.records.search import fold
from cluster_portal.writing.typography import date_in_words
from members.models import Cluster, Organisation, Site, Theme
from members.models.organisations import Kind
from members.positions import is_french
from projects.models import Outcome, Project

LONGEST_TEXT = 20_000  # signs of a description, ten times what one has
Subject = Organisation | Project | Cluster | Outcome
NOTHING = "–"
Json = str | int | list[str] | None  # nothing is "" or an empty list, never None


@dataclass(frozen=True)
class Proposable:
    """``now`` reads the record as it is, ``write`` puts a value into it: what does not stand in the record’s own row
    (``in_row``) is saved at once, and the row itself by whoever calls (``save`` after all writes of it). What is said of its
    first site (``of_site``) is one place, and written together (``write_site``). ``shown`` is the value in words."""

    name: str
    label: Any
    box: Callable[[], forms.Field]
    now: Callable[[Subject], Json]
    write: Callable[[Subject, Json], None]
    shown: Callable[[Json], str] = lambda value: "" if value in (None, "") else str(value)
    in_box: Callable[[Json], Any] = lambda value: value  # what a box makes of it in the language of the page
    asked_of: Callable[[Subject], bool] = lambda subject: True
    in_row: bool = False
    told: bool = True  # whether anybody reads what stands there: of an address, not even who proposes another one
    of_site: bool = False
    holds: type = str

    def reads(self, value: Json) -> bool:
        """Whether it is a value of this field, and not one of a time when the field was another."""
        return value in ("", []) or type(value) is self.holds or (self.holds is int and str(value).isdecimal())


def fields_of(subject: Subject) -> list[Proposable]:
    """Those that the record has, in the order in which a form asks for them."""
    return [field for field in CATALOGUES[_model(subject)] if field.asked_of(subject)]


def known_fields(model: type[models.Model]) -> dict[str, Proposable]:
    return {field.name: field for field in CATALOGUES[model]}


def as_read(subject: Subject) -> list[tuple[str, str]]:
    """What is published, field by field, in words. That it is not over is said by nothing."""
    lines = [(field, field.shown(field.now(subject))) for field in fields_of(subject)]
    return [(str(field.label), text or NOTHING) for field, text in lines if text or field.name != "closed_on"]


def _model(subject: Subject) -> type[models.Model]:
    return next(model for model in CATALOGUES if isinstance(subject, model))


def _column(model: type[models.Model], name: str, *, asked_of=None, told=True) -> Proposable:
    field = model._meta.get_field(name)

    def box() -> forms.Field:
        how = dict(next((how for kind, how in BOXES.items() if type(field) is kind), {}))
        if isinstance(field, models.URLField):
            how["assume_scheme"] = "https"
        if isinstance(field, models.TextField):
            how["max_length"] = LONGEST_TEXT
        made = field.formfield(**how)
        made.required = False
        if isinstance(made.widget, forms.Textarea):
            made.widget.attrs["rows"] = 5
        # those of the model, which a form of the record would ask when it is whole
        made.validators += [one for one in field.validators if one not in made.validators]
        return made

    def now(subject: Subject) -> Json:
        value = getattr(subject, name)
        if value is None:
            return ""
        return value.isoformat() if isinstance(value, date) else value

    def write(subject: Subject, value: Json) -> None:
        empty = value in (None, "")
        setattr(subject, name, (None if field.null else "") if empty else field.to_python(value))

    def shown(value: Json) -> str:
        if value in (None, ""):
            return ""
        if isinstance(field, models.DateField):
            with suppress(ValueError):  # typed as a text when it was proposed
                return date_in_words(date.fromisoformat(str(value)))
        if isinstance(field, PhoneField):
            return written_phone(str(value))
        return str(dict(field.flatchoices).get(value, value))

    def in_box(value: Json) -> Any:
        if value and isinstance(field, models.DateField):
            with suppress(ValueError):
                return date.fromisoformat(str(value))
        return value

    holds = int if isinstance(field, models.IntegerField) else str
    made = Proposable(
        name, capfirst(field.verbose_name), box, now, write, shown, in_box, in_row=True, told=told, holds=holds
    )
    return replace(made, asked_of=asked_of) if asked_of else made


def _themes() -> Proposable:
    def box() -> forms.Field:
        return forms.ModelMultipleChoiceField(
            Theme.objects.all(), to_field_name="slug", required=False, widget=forms.CheckboxSelectMultiple
        )

    def now(subject: Subject) -> Json:
        return sorted(theme.slug for theme in subject.themes.all())

    def write(subject: Subject, value: Json) -> None:
        subject.themes.set(Theme.objects.filter(slug__in=value or []))

    def shown(value: Json) -> str:
        names = Theme.objects.filter(slug__in=value or [])
        return ", ".join(theme.name_en if get_language() == "en" else theme.name_fr for theme in names)

    return Proposable("themes", _("Themes"), box, now, write, shown, holds=list)


def first_site(subject: Subject) -> Site | None:
    """The head office, else the first one."""
    return min(subject.sites.all(), key=lambda site: (not site.head_office, site.pk), default=None)


def write_site(subject: Subject, values: dict[str, Json]) -> None:
    """All of it at once, for a site is somewhere by any of it. The first one is made where there is none; of one that moves
    the department follows the postcode, and the coordinates are those of before no longer."""
    site = first_site(subject) or Site(organisation=subject, head_office=True)
    moved = {name for name, value in values.items() if fold(getattr(site, name)) != fold(str(value or ""))}
    for name, value in values.items():
        setattr(site, name, value or "")
    if "postcode" in moved and is_french(site.postcode):
        site.department = site.region = None
    if moved & {"postcode", "city"} or moved and site.precision == Site.Precision.ADDRESS:
        site.latitude = site.longitude = None
        site.precision = ""
    site.full_clean(exclude=["organisation"])
    site.save()


def _of_first_site(name: str) -> Proposable:
    field = Site._meta.get_field(name)

    def box() -> forms.Field:
        made = field.formfield(**BOXES[models.CharField])
        made.required = False
        return made

    def now(subject: Subject) -> Json:
        site = first_site(subject)
        return getattr(site, name) if site else ""

    def write(subject: Subject, value: Json) -> None:
        write_site(subject, {name: value})

    return Proposable(name, capfirst(field.verbose_name), box, now, write, of_site=True)


def _of_companies(subject: Subject) -> bool:
    return subject.kind == Kind.COMPANY


def _not_there_yet(subject: Subject) -> bool:
    return subject.pk is None


CATALOGUES: dict[type[models.Model], tuple[Proposable, ...]] = {
    Organisation: (
        _column(Organisation, "kind", asked_of=_not_there_yet),
        _column(Organisation, "name"),
        _column(Organisation, "acronym"),
        _column(Organisation, "description_fr"),
        _column(Organisation, "description_en"),
        _themes(),
        _column(Organisation, "website"),
        _column(Organisation, "email", told=False),
        _column(Organisation, "phone"),
        _of_first_site("address"),
        _of_first_site("postcode"),
        _of_first_site("city"),
        _column(Organisation, "founding_year"),
        _column(Organisation, "size", asked_of=_of_companies),
        _column(Organisation, "headcount", asked_of=_of_companies),
        _column(Organisation, "siren"),
        _column(Organisation, "closed_on"),
    ),
    Cluster: (
        _column(Cluster, "presentation_fr"),
        _column(Cluster, "presentation_en"),
        _themes(),
        _column(Cluster, "city"),
        _column(Cluster, "website"),
        _column(Cluster, "email", told=False),
        _column(Cluster, "phone"),
    ),
    Project: (
        _column(Project, "acronym"),
        _column(Project, "title_fr"),
        _column(Project, "title_en"),
        _column(Project, "summary_fr"),
        _column(Project, "summary_en"),
        _themes(),
        _column(Project, "start"),
        _column(Project, "end"),
        _column(Project, "website"),
    ),
    Outcome: tuple(_column(Outcome, name) for name in ("kind", "title_fr", "title_en", "year", "link")),
}
