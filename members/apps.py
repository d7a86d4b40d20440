from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Members of the network")

    def ready(self):
        from members import personal_data, websites  # noqa: F401 (known to whoever seeks persons, and to the worker)
        from members.duplicates import of_members as of_pairs  # noqa: F401 (what becomes of rows when two are one)
        from members.duplicates import tasks as of_duplicates  # noqa: F401
        from members.imports import of_members, tasks  # noqa: F401 (known to whoever handles a file, and to the worker)
