from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContributionsConfig(AppConfig):
    """What people without an account send in, what is asked of them and sent to them, and what staff decide of it."""

    name = "contributions"
    verbose_name = _("Contributions")

    def ready(self) -> None:
        from cluster_portal.admin.scope import asked_by
        from cluster_portal.work.knowing import every_day, every_minute
        from contributions import asking_members, notices, on_duplicates, on_pages, personal_data, proposing  # noqa: F401 (known to whoever merges, fills pages in, seeks persons, and to the worker)
        from contributions.alerts import following, looking
        from members.open_pages import IMPORT_RESULT

        every_minute(notices.tell_staff)
        every_day(notices.forget_old)
        every_minute(looking.look_at_lists)
        every_day(looking.ask_whether_still_wanted)
        every_day(following.forget_what_nobody_confirmed)
        every_day(following.forget_old_mails)

        def way_to_ask(request, obj) -> str:
            from contributions.admin.asking import way_to_ask as way  # once the admin is there

            return way(request, obj)

        asked_by(way_to_ask)

        @IMPORT_RESULT.filled_by
        def of_imports(request, batch) -> dict:
            from contributions.admin.asking import way_to_ask_import

            return {"ways_on": way_to_ask_import(request, batch)}
