"""Addresses of signing in and of one's own account.

The names that begin with `account_` and `mfa_` are those by which django-allauth finds them.
"""

from django.urls import path, re_path

from omzien.web.accounts import invitations, looking, own, sign_on, views
from omzien.web.accounts.doors import confirmed, here
from omzien.web.accounts.doors import own as mine

RESET = r"^wachtwoord/nieuw/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)$"

signing_in = [
    *(path("aanmelden", here(views.start), name=n) for n in ("account_signup", "account_login")),
    path("aanmelden/code", here(views.enter_code), name="enter-code"),
    path("aanmelden/code/nieuw", here(views.new_code), name="new-code"),
    path("aanmelden/naam", mine(views.say_name), name="say-name"),
    path("aanmelden/wachtwoord", here(views.PasswordSignIn.as_view()), name="password-sign-in"),
    path("aanmelden/tweede-stap", here(views.SecondStep.as_view()), name="mfa_authenticate"),
    path("aanmelden/passkey", here(views.PasskeySignIn.as_view()), name="mfa_login_webauthn"),
    path("aanmelden/gemeente", here(sign_on.leave), name="municipal-sign-on"),
    path("aanmelden/gemeente/terug", here(sign_on.come_back), name="municipal-return"),
    path("afmelden", views.leave, name="sign-out"),
    path("uitnodiging/<str:token>", here(invitations.invitation_page), name="invitation"),
]
passwords = [
    path(
        "wachtwoord/vergeten",
        here(own.ForgottenPassword.as_view()),
        name="account_reset_password",
    ),
    path(
        "wachtwoord/vergeten/verstuurd",
        here(own.ForgottenPasswordSent.as_view()),
        name="account_reset_password_done",
    ),
    path(
        "wachtwoord/nieuw/klaar",
        here(own.NewPasswordChosen.as_view()),
        name="account_reset_password_from_key_done",
    ),
    re_path(RESET, here(own.ChooseNewPassword.as_view()), name="account_reset_password_from_key"),
    path("account/wachtwoord", mine(own.ChangePassword.as_view()), name="account_change_password"),
    path(
        "account/wachtwoord/instellen", mine(own.SetPassword.as_view()), name="account_set_password"
    ),
]
account = [
    *(
        path("account", mine(own.account_page), name=name)
        for name in ("mfa_index", "mfa_list_webauthn", "account")
    ),
    path("account/wat-ik-bekeek", looking.own_acts_page, name="own-acts"),
    path("account/wie-keek", looking.who_looked_page, name="who-looked"),
    path("account/sluiten", mine(confirmed(own.close_page)), name="close-account"),
    path("account/mail", mine(own.choose_mail), name="choose-mail"),
    path("account/sessies", mine(own.sessions_page), name="sessions"),
    path("account/sessies/alle", mine(confirmed(own.end_all)), name="end-sessions"),
    path("account/sessies/<str:name>", mine(own.end_one), name="end-session"),
    path("account/bevestig", mine(own.Confirm.as_view()), name="account_reauthenticate"),
    path("account/bevestig/mail", mine(views.confirm_by_mail), name="confirm-by-mail"),
    path("account/bevestig/code", mine(own.ConfirmWithCode.as_view()), name="mfa_reauthenticate"),
    path(
        "account/bevestig/passkey",
        mine(own.ConfirmWithPasskey.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/app", mine(own.AddApp.as_view()), name="mfa_activate_totp"),
    path("account/app/weg", mine(own.RemoveApp.as_view()), name="mfa_deactivate_totp"),
    path("account/passkeys/nieuw", mine(own.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path(
        "account/passkeys/<int:pk>/weg",
        mine(own.RemovePasskey.as_view()),
        name="mfa_remove_webauthn",
    ),
    path("account/herstelcodes", mine(own.RecoveryCodes.as_view()), name="mfa_view_recovery_codes"),
    path(
        "account/herstelcodes/nieuw",
        mine(own.NewRecoveryCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
]
urlpatterns = [*signing_in, *passwords, *account]
