"""What administrators see of the mails to people outside: which left, which could not, and to send them again."""

from django.contrib import admin, messages
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

    @admin.display(description=_("to"), ordering="to")
    def receiver(self, mail):
        return _("shown to nobody") if mail.private else mail.to

    @admin.display(description=_("text"))
    def what_it_said(self, mail):
        return _("What only its receiver is to read is shown to nobody.") if mail.private else mail.text

    @admin.action(description=_("Send again what did not leave"), permissions=["view"])
    def send_again(self, request, queryset):
        number = sending.send_again(queryset)
        told = ngettext("%(count)d mail waits again.", "%(count)d mails wait again.", number) % {"count": number}
        self.message_user(request, told, messages.SUCCESS if number else messages.WARNING)
