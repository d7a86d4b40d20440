"""What administrators read of accounts: the security log, and the mails that had nowhere to go."""

import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401 (each registers what is taken out below)
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin import WrittenByTheSite
from cluster_portal.models import SecurityEvent, UnsentMail

for model in (EmailAddress, EmailConfirmation, Authenticator, UserSession):
    if admin.site.is_registered(model):  # secrets, and what nobody edits by hand
        admin.site.unregister(model)


@admin.register(SecurityEvent)
class SecurityEventAdmin(WrittenByTheSite):
    list_display = ["at", "kind", "user", "means", "address", "browser"]
    list_filter = ["kind"]
    search_fields = ["user__username", "user__email"]
    ordering = ["-at", "-pk"]
    fields = readonly_fields = ["at", "kind", "user", "means", "address", "browser"]

    def for_list(self, rows, user):
        return rows.select_related("user")

    @admin.display(description=_("with what"))
    def means(self, obj):
        return ", ".join(gettext(word) for word in obj.detail.split(", ") if word)


@admin.register(UnsentMail)
class UnsentMailAdmin(WrittenByTheSite):
    list_display = ["at", "to", "subject"]
    search_fields = ["to", "subject"]
    ordering = ["-at", "-pk"]
    fields = readonly_fields = ["at", "to", "subject", "text"]
