"""What administrators see of the mails to people outside: which left, which could not, and to send them again."""

import re

from django.contrib import admin, messages
from django.db.models import Case, F, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cluster_portal.admin import WrittenByTheSite
from cluster_portal.mail import sending
from cluster_portal.models import OutgoingMail


@admin.register(OutgoingMail)
class OutgoingMailAdmin(WrittenByTheSite):
    list_display = ["queued_at", "receiver", "subject", "state", "error"]
    list_filter = ["state"]
    search_fields = ["to", "subject"]
    ordering = ["-queued_at", "-pk"]
    fields = readonly_fields = [
        "queued_at", "receiver", "subject", "kind", "state", "attempts", "not_before", "sent_at", "error", "what_it_said",
    ]  # fmt: skip
    actions = ["send_again"]

    def get_search_results(self, request, queryset, search_term):
        """By an address, nobody finds that she wrote to somebody."""
        found = queryset.filter(private=False) if search_term.strip() else queryset
        return super().get_search_results(request, found, search_term)

    def lookup_allowed(self, lookup, value, request):
        """Nor by an address that is typed into that of the page, letter after letter."""
        return lookup.partition("__")[0] in self.list_filter

    @admin.display(description=_("to"), ordering=Case(When(private=False, then=F("to"))))
    def receiver(self, mail):
        return _("shown to nobody") if mail.private else mail.to

    @admin.display(description=_("text"))
    def what_it_said(self, mail):
        """Without what makes a link speak for whoever got it."""
        if mail.private:
            return _("What only its receiver is to read is shown to nobody.")
        return re.sub(r"\?t=\S+", "?t=…", mail.text)

    @admin.action(description=_("Send again what did not leave"), permissions=["view"])
    def send_again(self, request, queryset):
        number = sending.send_again(queryset)
        told = ngettext("%(count)d mail waits again.", "%(count)d mails wait again.", number) % {"count": number}
        self.message_user(request, told, messages.SUCCESS if number else messages.WARNING)
