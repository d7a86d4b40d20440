"""What somebody did last, on the first page: with a way to it as long as she meets it."""

from collections import defaultdict

from django.contrib.admin.models import LogEntry
from django.db.models import Model

SHOWN = 10


def last_actions(site, request) -> list[tuple[LogEntry, str | None]]:
    """Each with the address of its form, where there is one for her today."""
    entries = list(LogEntry.objects.filter(user=request.user.pk).select_related("content_type")[:SHOWN])
    touched: dict[type[Model], set[str]] = defaultdict(set)
    for entry in entries:
        if entry.content_type and (model := entry.content_type.model_class()) in site._registry:
            touched[model].add(entry.object_id)
    met = {
        (model, str(pk))
        for model, keys in touched.items()
        if site._registry[model].has_view_permission(request)
        for pk in model._default_manager.editable_by(request.user).filter(pk__in=keys).values_list("pk", flat=True)
    }
    return [(entry, entry.get_admin_url() if (_model(entry), entry.object_id) in met else None) for entry in entries]


def _model(entry: LogEntry) -> type[Model] | None:
    return entry.content_type.model_class() if entry.content_type else None
