"""What django-allauth and Django read about signing in. The pages are in web/accounts."""

from omzien.people.rules.sessions import ABSOLUTE

LONGEST_SESSION_SECONDS = int(ABSOLUTE.total_seconds())

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "home"

# Length and not being a common one; no rules on which characters (ASVS 6.2.1, 6.2.4, 6.2.5).
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "omzien.web.accounts.passwords.LongEnough",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "omzien.web.accounts.passwords.NotGuessable"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60  # the link in the mail works for an hour

ACCOUNT_ADAPTER = "omzien.web.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # a code or an invitation proved the address before
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Per visitor ("ip"), and for a guess or a code per visitor and address ("key"): somebody else
# can never use up the tries of the owner, so nobody can be locked out by others.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/10m/ip,8/10m/key",
    "second_step": "60/h/key",  # over all visitors; only who knows the password comes so far
    "second_step_told": "1/h/key",
    "request_login_code": "30/10m/ip,5/15m/key",
    "mail_code": "40/h/key",  # over all visitors: it spares the mailbox of the one address
    "reset_password": "20/h/ip,5/h/key",  # nosec B105 # how often
    "reset_password_from_key": "20/m/ip",  # nosec B105 # how often
    "change_password": "5/m/user",  # nosec B105 # how often
    "reauthenticate": "10/m/user",
}

SOCIALACCOUNT_ADAPTER = "omzien.web.accounts.adapters.SignOnAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # known by `sub`, never by an address
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 8  # for each read, and for a whole answer

MFA_ADAPTER = "omzien.web.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey alone is two factors only with it
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # allauth's own table of addresses is not ours
MFA_FORMS = {
    "authenticate": "omzien.web.accounts.forms.SecondStepForm",
    "reauthenticate": "omzien.web.accounts.forms.ConfirmWithCodeForm",
    "add_webauthn": "omzien.web.accounts.forms.AddPasskeyForm",
    "authenticate_webauthn": "omzien.web.accounts.forms.PasskeyForm",
    "reauthenticate_webauthn": "omzien.web.accounts.forms.ConfirmWithPasskeyForm",
    "login_webauthn": "omzien.web.accounts.forms.SignInWithPasskeyForm",
}
