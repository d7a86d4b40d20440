"""The pages of signing in, under `/admin/` and before the admin's own; the names are allauth's.

What is not here does not exist: signing up, addresses of one's own, accounts of other sites.
"""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from . import forms, views
from .views import door, own_page, page

FORGOTTEN = _("Forgotten password")
CONFIRM = _("Is it you?")

at_the_door = [
    path(
        "", door(views.SignIn, _("Sign in"), "sign_in/sign_in.html", form_class=forms.SignInForm), name="account_login"
    ),
    path(
        "code/",
        door(
            account.RequestLoginCodeView,
            _("A code by mail"),
            "sign_in/ask_for_code.html",
            form_class=forms.AskForCodeForm,
        ),
        name="account_request_login_code",
    ),
    path(
        "code/confirm/",
        door(
            account.ConfirmLoginCodeView,
            _("Enter the code"),
            "sign_in/code_by_mail.html",
            form_class=forms.CodeByMailForm,
        ),
        name="account_confirm_login_code",
    ),
    path("passkey/", door(passkey.LoginWebAuthnView, _("Sign in"), "sign_in/sign_in.html"), name="mfa_login_webauthn"),
    path(
        "second-factor/",
        door(
            factor.AuthenticateView, _("Second factor"), "sign_in/second_factor.html", form_class=forms.SecondFactorForm
        ),
        name="mfa_authenticate",
    ),
    path(
        "password/",
        door(account.PasswordResetView, FORGOTTEN, "sign_in/forgotten.html", form_class=forms.ForgottenPasswordForm),
        name="account_reset_password",
    ),
    path(
        "password/sent/",
        door(account.PasswordResetDoneView, FORGOTTEN, "sign_in/forgotten_sent.html"),
        name="account_reset_password_done",
    ),
    path(
        "password/done/",
        door(account.PasswordResetFromKeyDoneView, _("New password"), "sign_in/new_password_done.html"),
        name="account_reset_password_from_key_done",
    ),
    path(
        "password/<slug:uidb36>/<str:key>/",
        door(
            account.PasswordResetFromKeyView,
            _("New password"),
            "sign_in/new_password.html",
            form_class=forms.ChooseNewPasswordForm,
        ),
        name="account_reset_password_from_key",
    ),
]

own_account = [
    path("", own_page(views.OwnAccount, _("Sign-in and security"), "sign_in/account.html"), name="mfa_index"),
    path(
        "password/",
        own_page(
            account.PasswordSetView, _("A password"), "sign_in/set_password.html", form_class=forms.SetPasswordForm
        ),
        name="account_set_password",
    ),
    path("sessions/", own_page(views.OwnSessions, _("Sessions"), "sign_in/sessions.html"), name="usersessions_list"),
    path(
        "confirm/",
        own_page(
            account.ReauthenticateView,
            CONFIRM,
            "sign_in/confirm_password.html",
            form_class=forms.ConfirmByPasswordForm,
            confirms=True,
        ),
        name="account_reauthenticate",
    ),
    path(
        "confirm/code/",
        own_page(
            factor.ReauthenticateView,
            CONFIRM,
            "sign_in/confirm_code.html",
            form_class=forms.ConfirmByCodeForm,
            confirms=True,
        ),
        name="mfa_reauthenticate",
    ),
    path(
        "confirm/passkey/",
        own_page(passkey.ReauthenticateWebAuthnView, CONFIRM, "sign_in/confirm_passkey.html", confirms=True),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "app/",
        own_page(views.SetUpApp, _("Authenticator app"), "sign_in/app.html", form_class=forms.SetUpAppForm),
        name="mfa_activate_totp",
    ),
    path(
        "app/remove/",
        own_page(totp.DeactivateTOTPView, _("Remove the authenticator app"), "sign_in/app_remove.html"),
        name="mfa_deactivate_totp",
    ),
    path(
        "passkeys/",
        own_page(passkey.ListWebAuthnView, _("Passkeys"), "sign_in/passkeys.html"),
        name="mfa_list_webauthn",
    ),
    path(
        "passkeys/add/",
        own_page(
            passkey.AddWebAuthnView, _("New passkey"), "sign_in/passkey_add.html", form_class=forms.AddPasskeyForm
        ),
        name="mfa_add_webauthn",
    ),
    path(
        "passkeys/<int:pk>/",
        own_page(
            passkey.EditWebAuthnView,
            _("Name of the passkey"),
            "sign_in/passkey_rename.html",
            form_class=forms.RenamePasskeyForm,
        ),
        name="mfa_edit_webauthn",
    ),
    path(
        "passkeys/<int:pk>/remove/",
        own_page(passkey.RemoveWebAuthnView, _("Remove a passkey"), "sign_in/passkey_remove.html"),
        name="mfa_remove_webauthn",
    ),
    path(
        "codes/",
        own_page(codes.ViewRecoveryCodesView, _("Recovery codes"), "sign_in/codes.html"),
        name="mfa_view_recovery_codes",
    ),
    path(
        "codes/new/",
        own_page(codes.GenerateRecoveryCodesView, _("New recovery codes"), "sign_in/codes_new.html"),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "codes/file/",
        own_page(codes.DownloadRecoveryCodesView, _("Recovery codes"), "sign_in/codes.txt"),
        name="mfa_download_recovery_codes",
    ),
]

urlpatterns = [
    path("login/", include(at_the_door)),
    path("logout/", page(account.LogoutView, _("Sign out"), "sign_in/sign_out.html"), name="account_logout"),
    path(
        "password_change/",
        own_page(
            account.PasswordChangeView, _("Change password"), "sign_in/change_password.html",
            form_class=forms.ChangePasswordForm,
        ),
        name="account_change_password",
    ),
    path("account/", include(own_account)),
]  # fmt: skip
