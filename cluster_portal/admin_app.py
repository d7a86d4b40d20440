"""Django's admin with the portal's own site. Apart from `apps`, where each class found is taken for an app of ours."""

from django.contrib.admin.apps import AdminConfig
from django.core.checks import register


class PortalAdminConfig(AdminConfig):
    default_site = "cluster_portal.admin.PortalAdminSite"

    def ready(self) -> None:
        super().ready()
        # Not by `cluster_portal.admin` itself, which is imported while the site that they register with is being made.
        from django.contrib.admin import site
        from django_tasks_db.models import DBTaskResult

        from cluster_portal.admin import on_the_day, texts  # noqa: F401
        from cluster_portal.admin.scope import check_scope
        from cluster_portal.mail import staff_pages as mails  # noqa: F401
        from cluster_portal.personal_data import staff_pages as personal_data  # noqa: F401
        from cluster_portal.sign_in import staff_pages  # noqa: F401

        site.unregister(DBTaskResult)  # with tracebacks: work/staff_pages.py tells of them
        register(check_scope)
