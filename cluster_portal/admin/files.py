"""An uploaded file goes with the row that showed it: replaced, withdrawn or deleted, it is on no disk and at no address."""

from collections.abc import Iterable
from functools import partial

from django.apps import apps
from django.contrib.admin.widgets import AdminFileWidget
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.utils.html import format_html


class FilesGoWithRows:
    def delete_model(self, request, obj):
        shown = files_of([obj])
        super().delete_model(request, obj)
        forget(shown)

    def delete_queryset(self, request, queryset):
        shown = files_of(queryset)
        super().delete_queryset(request, queryset)
        forget(shown)


def files_of(rows: Iterable[models.Model]) -> list:
    return [
        getattr(row, field.name) for row in rows for field in row._meta.fields if isinstance(field, models.FileField)
    ]


def forget(values: Iterable) -> None:
    """Takes away those that are files, once the change is sure, unless some row shows them still."""
    for value in values:
        if isinstance(value, FieldFile) and value.name:
            transaction.on_commit(partial(_take_away, value.storage, value.name), robust=True)


def _take_away(storage, name: str) -> None:
    if not any(
        model._base_manager.filter(**{field.name: name}).exists()
        for model in apps.get_models()
        if not hasattr(model, "pgh_tracked_model")  # the history tells what it was called, and shows none
        for field in model._meta.local_fields
        if isinstance(field, models.FileField)
    ):
        storage.delete(name)


class ShownPicture(AdminFileWidget):
    """The box of a picture, with the one that is there."""

    def render(self, name, value, attrs=None, renderer=None):
        box = super().render(name, value, attrs, renderer)
        if not self.is_initial(value):
            return box
        return format_html('<div><img class="logo-now" src="{}" alt="">{}</div>', value.url, box)
