from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Projects and figures")

    def ready(self) -> None:
        from projects import declared_labels, on_duplicates, on_members_pages  # noqa: F401 (each tells members of it)
        from projects.imports import of_projects  # noqa: F401 (known to whoever handles a file)
