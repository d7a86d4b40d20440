"""What allauth asks of the site that it signs people in to."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cluster_portal.models import SecurityEvent
from cluster_portal.pages.this_page import absolute

from . import letters
from .limits import Attempt
from .people import may_enter, person_named
from .security_log import browser_of, record
from .way_on import leads_to_a_page

# One sentence, whether it was the name, the password or the account: nobody learns whose accounts there are.
WRONG = _("This name and this password do not match. Capital letters matter.")
TOO_MANY = _("Too many attempts. Try again in ten minutes.")
WRONG_CODE = _("This code is not right, or is no longer valid.")
JUST_SIGNED_IN = 300  # seconds in which nobody is asked for the password that she has just given

# What is said after something was done, by the names of allauth's messages; those that are not here are not said.
SAID = {
    "account/messages/logged_out.txt": _("You have signed out."),
    "account/messages/login_code_sent.txt": _("If this is the address of an account, a code is on its way to it."),
    "account/messages/password_changed.txt": _("The password is changed. Your other sessions have ended."),
    "account/messages/password_set.txt": _("You have a password now."),
    "mfa/messages/totp_activated.txt": _("The authenticator app is your second factor now."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app is no longer your second factor."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": _(
        "Keep these recovery codes where you find them without your device."
    ),
    "usersessions/messages/sessions_logged_out.txt": _("Your other sessions have ended."),
}
# by what one shows that it is oneself, by the names of allauth
WAYS = {
    "reauthenticate": _("With the password"),
    "mfa_reauthenticate": _("With a code of the authenticator app, or a recovery code"),
    "mfa_reauthenticate:webauthn": _("With a passkey"),
}


class StaffAccounts(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password."),
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        return bool(url) and leads_to_a_page(url)

    def pre_authenticate(self, request, **credentials) -> None:
        typed = credentials.get("username") or credentials.get("email", "")
        self._meant = person_named(typed)
        account = f"person {self._meant.pk}" if self._meant else f"nobody {typed.casefold()}"
        self._attempt = Attempt(request, account)
        if self._attempt.refused:
            if self._attempt.first_refusal:
                record(request, SecurityEvent.Kind.REFUSED, self._meant)
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request, **credentials):
        user = super().authenticate(request, **credentials)
        if user:
            self._attempt.was_right()
        return user

    def authentication_failed(self, request, **credentials) -> None:
        record(request, SecurityEvent.Kind.WRONG_PASSWORD, self._meant)

    def pre_login(self, request, user, **how):
        """By whatever way somebody comes in."""
        if may_enter(user):
            return None
        clear_login(request)
        self.add_message(request, messages.ERROR, message=str(WRONG))
        return HttpResponseRedirect(reverse("account_login"))

    def is_reauthentication_required(self, *, app: str, **also) -> bool:
        signed_in = get_authentication_records(context.request, context.request.user)
        recently = bool(signed_in) and timezone.now().timestamp() - signed_in[-1]["at"] < JUST_SIGNED_IN
        return not recently and super().is_reauthentication_required(app=app, **also)

    def get_reauthentication_methods(self, user) -> list[dict]:
        return [{**way, "description": WAYS[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def add_message(self, request, level, message_template=None, message_context=None, extra_tags="", message=None):
        if message is None and message_template not in SAID:
            return
        messages.add_message(request, level, message or str(SAID[message_template]), extra_tags)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At the public address, whatever host the request was sent to."""
        uid, _sign, rest = key.partition("-")
        return absolute(self.request, reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": rest}))

    def send_password_reset_mail(self, user, email, context) -> None:
        record(self.request, SecurityEvent.Kind.PASSWORD_ASKED, user)
        super().send_password_reset_mail(user, email, context)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        link = context.get("password_reset_url")
        person = context.get("user")
        facts = {**context, "link": link, "user": person.get_username() if person else None}
        letters.send(template_prefix, email, facts)

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        """To the address that the account has today; allauth's own list of addresses may hold one from before."""
        if not user.email:
            return
        when = timezone.localtime()
        facts = {
            "user": user,
            "when": date_format(when, "DATETIME_FORMAT"),
            "address": self.get_client_ip(self.request),
            "browser": browser_of(self.request)[:200],
        }
        self.send_mail(template_prefix, user.email, {**facts, **(context or {})})


class SecondFactors(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
    }

    def get_totp_issuer(self) -> str:
        return "Cluster Portal"

    def get_totp_label(self, user) -> str:
        return user.get_username()

    def generate_authenticator_name(self, user, type) -> str:  # noqa: A002 (allauth names it so)
        number = user.authenticator_set.filter(type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}
