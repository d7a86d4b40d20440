"""After each import it is found out what it brought in a second time."""

from django.utils.translation import gettext_lazy as _
from django_tasks import task

from cluster_portal.work.knowing import called

from . import finding


@task()
def find_duplicates() -> None:
    finding.find()


called(find_duplicates, _("Search for duplicates"))
