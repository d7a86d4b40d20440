"""What is to be published on a day is: by the worker, within a minute after that day has begun by the site's clock."""

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext_noop

from cluster_portal.history.change_sets import Kind, change_set
from cluster_portal.records.publication import Publication
from cluster_portal.work.knowing import every_minute

from .refusals import without_refused

SENTENCE = gettext_noop("Published on the day that was set")


@every_minute
def publish_what_is_due() -> int:
    """How many records. What the database refuses stays what it is, and in the list of what needs work."""
    published = 0
    for model in apps.get_models():
        if not issubclass(model, Publication) or model._meta.proxy:
            continue
        rows = model._default_manager
        due = list(rows.to_publish_by(timezone.localdate()).order_by().values_list("pk", flat=True))
        if due:
            with change_set(Kind.COMMAND, sentence=SENTENCE):
                published += without_refused(due, lambda some, rows=rows: rows.filter(pk__in=some).publish())[0]
    return published
