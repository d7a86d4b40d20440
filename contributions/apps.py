from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContributionsConfig(AppConfig):
    """What people without an account send in, what is asked of them and sent to them, and what staff decide of it."""

    name = "contributions"
    verbose_name = _("Contributions")

    def ready(self) -> None:
        from contributions import (  # noqa: F401 (fills pages in; known to the worker)
            on_pages,
            personal_data,  # noqa: F401 (known to whoever seeks persons)
            proposing,
        )
