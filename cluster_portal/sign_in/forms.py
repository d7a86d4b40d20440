"""allauth's forms in the portal's words."""

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkey
from django.utils.translation import gettext_lazy as _

from .people import may_enter, person_at

LABELS = {
    "login": _("User name or e-mail address"),
    "password": _("Password"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password, again"),
    "email": _("E-mail address"),
    "code": _("Code"),
    "name": _("Name of the passkey"),
    "passwordless": _("Sign in with it alone, without a password"),
}
HELP = {
    "password": "",
    "oldpassword": "",
    "passwordless": _("It then asks for your fingerprint, your face or its PIN."),
}


class Worded:
    """One label for each thing, and nothing in a box that vanishes when one types."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            field.help_text = HELP.get(name, field.help_text)
            if name == "code":
                field.widget.attrs |= {"inputmode": "text", "autocapitalize": "off", "spellcheck": "false"}


class SignInForm(Worded, account.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autocapitalize": "off"}
        self.fields["login"].max_length = 254


class AskForCodeForm(Worded, account.RequestLoginCodeForm):
    def clean_email(self) -> str:
        email = super().clean_email()
        self._user = staff_at(email)
        return email


class ForgottenPasswordForm(Worded, account.ResetPasswordForm):
    def clean_email(self) -> str:
        email = super().clean_email()
        user = staff_at(email)
        self.users = [user] if user else []
        return email


def staff_at(email: str):
    """Whoever may come in and has this address today."""
    user = person_at(email)
    return user if user and may_enter(user) else None


class CodeByMailForm(Worded, account.ConfirmLoginCodeForm):
    pass


class ChooseNewPasswordForm(Worded, account.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    pass


class SetPasswordForm(Worded, account.SetPasswordForm):
    pass


class ConfirmByPasswordForm(Worded, account.ReauthenticateForm):
    pass


class SecondFactorForm(Worded, factor.AuthenticateForm):
    pass


class ConfirmByCodeForm(Worded, factor.ReauthenticateForm):
    pass


class SetUpAppForm(Worded, totp.ActivateTOTPForm):
    pass


class AddPasskeyForm(Worded, passkey.AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        kwargs["initial"] = {"passwordless": True, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


class RenamePasskeyForm(Worded, passkey.EditWebAuthnForm):
    pass
