"""All settings, in one file, read from the environment (docs/operations/settings.md)."""

import sys
from pathlib import Path

from omzien.config import database, env, logs, signing_in
from omzien.config.signing_in import *  # noqa: F403  # what django-allauth reads
from omzien.people.rules.municipal import read as read_sign_on

TESTING = "pytest" in sys.modules
VAR = Path(env.text("OMZIEN_VAR", "var")).resolve()
DEBUG = env.flag("OMZIEN_DEBUG", default=False)
DEMO = env.flag("OMZIEN_DEMO", default=TESTING)
HTTPS = env.flag("OMZIEN_HTTPS", default=not DEMO)
SECRET_KEY = env.text("OMZIEN_SECRET_KEY", "") or database.secret_key(VAR)
# Those of before, newest first: what they signed or encrypted still holds, and nothing new is.
SECRET_KEY_FALLBACKS = env.names("OMZIEN_OLD_SECRET_KEYS")
ALLOWED_HOSTS = env.names("OMZIEN_HOSTS", "localhost,.localhost,127.0.0.1")
# Where a municipality's pages are, for links in mail; {host} becomes its host name.
ADDRESS = env.text("OMZIEN_ADDRESS", "https://{host}" if HTTPS else "http://{host}:8000")
CSRF_TRUSTED_ORIGINS = env.names("OMZIEN_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "omzien.journal",
    "omzien.areas",
    "omzien.people",
    "omzien.messages",
    "omzien.directory",
    "omzien.questions",
    "omzien.handovers",
    "omzien.mediation",
    "omzien.agenda",
    "omzien.design",
    "omzien.web",
    "omzien.api",
    # After ours, so that every template of theirs that can be reached is one of ours.
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
]

MIDDLEWARE = [
    "omzien.web.middleware.headers",  # outermost: on every answer, also a redirect or an error
    "omzien.web.middleware.visitor_address",
    "django.middleware.security.SecurityMiddleware",
    "omzien.web.middleware.methods",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "omzien.web.middleware.municipality",
    "omzien.web.middleware.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "omzien.web.middleware.address_form",
    "django.middleware.common.CommonMiddleware",
    "omzien.web.middleware.size_limit",  # before anything reads the body
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "omzien.web.middleware.session_limits",
    "omzien.web.middleware.actor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "omzien.web.logged.log_unavailable",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "omzien.config.urls"
WSGI_APPLICATION = "omzien.config.wsgi.application"

# Both packages' automatic set-up cancels the other (decisions.md), so the loaders are explicit.
_LOADERS = [
    "template_partials.loader.Loader",
    [
        "django.template.loaders.cached.Loader",
        [
            "django_cotton.cotton_loader.Loader",
            "django.template.loaders.filesystem.Loader",
            "django.template.loaders.app_directories.Loader",
        ],
    ],
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [(_LOADERS[0], _LOADERS[1:])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "omzien.web.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "omzien.web.templatetags.kept",
                "omzien.web.templatetags.omzien",
            ],
            "debug": DEBUG,
        },
    }
]
COTTON_ISOLATE_BY_DEFAULT = True
COTTON_DIR = "cotton"

# PostgreSQL everywhere: DATABASE_URL (app role) with DATABASE_OWNER_URL (migrates), or embedded.
if url := env.text("DATABASE_URL", ""):
    _app = database.from_url(url)
    _owner = database.from_url(env.text("DATABASE_OWNER_URL", url))
else:
    _app, _owner = database.embedded(VAR / "postgres")
KEPT_PLANS = env.flag("OMZIEN_KEPT_PLANS", default=True)  # 0: a pooler hands sessions around
if KEPT_PLANS:
    _app = database.with_kept_plans(_app)
# The logs have a connection of their own, so that a request that is rolled back keeps its line.
DATABASES = {"default": _app, "owner": _owner, "log": database.for_log(_app)}
LOG_DATABASE = "default" if TESTING else "log"  # a test's own transaction holds its lines too
DATABASE_IS_EMBEDDED = not url
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
# The municipality's own sign-on, a table per municipality: docs/operations/signing-in.md.
SIGN_ON = read_sign_on(env.text("OMZIEN_OIDC", ""))
# A passkey asks for https; the demonstration runs on names of this machine alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO and not HTTPS
SESSION_ENGINE = "omzien.people.models.sessions"
SESSION_COOKIE_AGE = signing_in.LONGEST_SESSION_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "omzien.web.pages.views.csrf_failed"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
API_PATHS = ("/api/", "/hsds/", "/uk/")  # read by programs: they get no redirect and no page
# A browser takes a cookie with this prefix only over HTTPS, from this very host, for all of it.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
SHORTLIST_COOKIE_NAME = f"{COOKIE_PREFIX}bewaard"
MESSAGES_COOKIE_NAME = f"{COOKIE_PREFIX}messages"
MESSAGE_STORAGE = "omzien.web.flash.Flash"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [rf"^{path[1:]}" for path in API_PATHS]  # api/gate.py refuses
# Preloading binds a whole domain of the municipality: that is hers to ask for, not ours.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
# How many reverse proxies of your own stand in front; each adds an address to X-Forwarded-For.
PROXIES = env.number("OMZIEN_PROXIES", 0)
# Where somebody reports a weakness (/.well-known/security.txt); a mail address or https address.
SECURITY_CONTACT = env.text("OMZIEN_SECURITY_CONTACT", "")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "nl"
# Each in its own words, as the switch shows them; the catalogue is made by `make messages`.
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parents[1] / "web" / "locale"]
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns of a folder that is not there
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = VAR / "media"
# Where a copy of the ledger of what was erased is kept: best not on the disk of the database.
LEDGER = Path(env.text("OMZIEN_LEDGER", str(VAR / "ledger" / "erased.ndjson"))).resolve()
CAUGHT_MAIL = VAR / "demo-mail"  # what the demonstration's catcher of mail keeps for its page
WHITENOISE_USE_FINDERS = DEBUG or TESTING

# Limits, and codes that were used, must hold over all web processes: in the database.
_LIMITS = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "cache_limits",
    "OPTIONS": {"MAX_ENTRIES": 100_000},  # with Django's 300 a busy hour forgets who asked
}
CACHES = {"default": _LIMITS, "limits": _LIMITS}  # django-allauth counts in the default one

EMAIL_HOST = env.text("OMZIEN_SMTP_HOST", "localhost")
EMAIL_PORT = env.number("OMZIEN_SMTP_PORT", 8025 if DEMO else 25)
EMAIL_HOST_USER = env.text("OMZIEN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.text("OMZIEN_SMTP_PASSWORD", "")
EMAIL_USE_TLS = env.flag("OMZIEN_SMTP_TLS", default=not database.is_here(EMAIL_HOST))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("OMZIEN_FROM", "Omzien <omzien@localhost>")

# Makes the persons in the processing log unreadable (people/logs); must never change.
LOG_KEY = env.text("OMZIEN_LOG_KEY", "") or [SECRET_KEY, *SECRET_KEY_FALLBACKS][-1]
# Where the register of processing activities stands; {host} and {activity} are filled in.
REGISTER = env.text("OMZIEN_REGISTER", f"{ADDRESS}/privacy/register#{{activity}}")

# How many entries of search a web process keeps in memory, over all municipalities.
INDEX_ENTRIES = env.number("OMZIEN_INDEX_ENTRIES", 420_000)
MAINTENANCE = env.flag("OMZIEN_MAINTENANCE", default=False)
MOST_REQUEST_BYTES = 30_000_000  # a file of an editor is 20 MB at most
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"links": {"()": "django.utils.log.CallbackFilter", "callback": logs.without_links}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["links"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
