from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClusterPortalConfig(AppConfig):
    name = "cluster_portal"
    label = "portal"  # tables are named portal_*, as the functions and the log of the same migrations are
    verbose_name = _("The portal itself")

    def ready(self) -> None:
        from cluster_portal.mail import sending  # noqa: F401 (known to the worker)
        from cluster_portal.personal_data import of_portal  # noqa: F401 (known to whoever seeks persons)
        from cluster_portal.serving import checks  # noqa: F401 (registers them)
        from cluster_portal.sign_in import second_factor, security_log  # noqa: F401 (hear what allauth tells)
