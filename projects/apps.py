from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Projects and figures")

    def ready(self) -> None:
        from projects import on_duplicates, on_members_pages  # noqa: F401 (what is merged; fills them in)
        from projects.imports import of_projects  # noqa: F401 (known to whoever handles a file)
