"""All settings, read from the environment (docs/operator.md has the table). With DEBUG off nothing unsafe is assumed."""

from pathlib import Path

import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from cluster_portal.serving.environment import Environment

BASE = Path(__file__).resolve().parent.parent
env = Environment()

VAR_DIR = env.folder(
    "VAR_DIR",
    BASE / "var",
    "what the running site keeps on disk: the embedded database, uploaded files, the generated secret key",
    says="`var` in the project",
)

# --- safety -----------------------------------------------------------------------------------------------------------
DEBUG = env.flag(
    "DEBUG",
    False,
    "development: error details in the browser, templates and files read anew",
)
HTTPS = env.flag(
    "HTTPS",
    not DEBUG,
    "visitors come by https: redirect http, mark cookies secure, announce HSTS",
    says="on, or off with DEBUG",
)
SECRET_KEY = env.secret(
    "SECRET_KEY",
    "only-for-development-with-debug-on-never-used-otherwise-0123456789" if DEBUG else "",
    "signs sessions and links; keep it secret and stable",
    says="required unless DEBUG",
)
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS",
    ["localhost", "127.0.0.1", "[::1]"] if DEBUG else [],
    "the host names under which the site answers",
    says="required unless DEBUG",
)
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. With DEBUG off it is required: at least 50 characters, secret and stable. "
        'Make one with: python -c "import secrets; print(secrets.token_urlsafe(50))"'
    )
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS is not set. With DEBUG off it is required: the host names of the site, separated by commas."
    )
CSRF_TRUSTED_ORIGINS = env.origins(
    "CSRF_TRUSTED_ORIGINS",
    [],
    "other addresses from which forms may be sent, for instance in front of a proxy",
)
MAINTENANCE = env.flag(
    "MAINTENANCE",
    False,
    "the public reads that the site is being worked on; the admin stays open",
)
SECURITY_CONTACT = env.contact(
    "SECURITY_CONTACT",
    "whom to tell of a weakness of the site, published in /.well-known/security.txt",
    says="none, and no such file",
)
SITE_URL = env.origin(
    "SITE_URL",
    "",
    "the public address, for links outside a page (sitemap, e-mail)",
    says="taken from each request",
)

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # probes come from inside, by http
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 3600 * env.number(
    "STAFF_SESSION_HOURS", 12, "hours without activity after which staff sign in again", 1, 24 * 14
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
# As many as the longest address that is let in can hold (serving/front.py): every address gets its page, and no
# filter of it is passed over.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2**16
# asking browsers to preload HSTS binds the whole domain for years: its owner decides, not this project
SILENCED_SYSTEM_CHECKS = ["security.W021"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "upgrade-insecure-requests": HTTPS,
    }
}

# --- application ------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "cluster_portal",
    "members",
    "projects",
    "contributions",
    "cluster_portal.admin_app.PortalAdminConfig",  # django.contrib.admin, with the portal's own site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",  # before staticfiles: development serves files as production does
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_filters",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "template_partials",
    "csp",
    "django_countries",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "pgtrigger",
    "pghistory",
    "django_tasks",
    "django_tasks_db",
]
# What France has overseas is a department or a collectivity of it here, not a country.
COUNTRIES_OVERRIDE = dict.fromkeys(["GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "TF", "WF", "PF", "NC"])
COUNTRIES_FIRST = ["FR"]

AUTHENTICATION_BACKENDS = ["members.rights.RoleBackend"]

# --- sign-in (docs/decisions/0018) -------------------------------------------------------------------------------------
SECOND_FACTOR = env.flag(
    "SECOND_FACTOR",
    HTTPS,
    "network editors and administrators give a second factor when they sign in",
    says="as HTTPS",
)
SECURITY_LOG_DAYS = env.number(
    "SECURITY_LOG_DAYS", 365, "days for which it is kept who signed in, failed, or changed a factor", 7, 3650
)
INVITATION_DAYS = env.number("INVITATION_DAYS", 7, "days within which an invitation is accepted", 1, 60)
ACCOUNT_ADAPTER = "cluster_portal.sign_in.adapter.StaffAccounts"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]  # nobody signs up; allauth asks for them
ACCOUNT_EMAIL_VERIFICATION = "none"  # administrators write down the addresses
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to whom nobody here knows
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
ACCOUNT_SESSION_REMEMBER = True  # as long as SESSION_COOKIE_AGE
# Passwords have limits of their own (sign_in/limits.py); these are for what else is guessed: codes.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/10m/key"}
MFA_ADAPTER = "cluster_portal.sign_in.adapter.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # half a minute before and after: clocks differ
PASSWORD_RESET_TIMEOUT = 24 * 3600

# --- mail -------------------------------------------------------------------------------------------------------------
mail_server = env.mail_server("MAIL_URL", "the mail server for codes, links and notices about accounts")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.mail_address(
    "MAIL_FROM", "portal@localhost", "the sender of these mails", says="required with MAIL_URL"
)
if mail_server is not None:
    if DEFAULT_FROM_EMAIL == "portal@localhost":
        raise ImproperlyConfigured(
            "MAIL_FROM is not set. With MAIL_URL it is required: the sender of the portal's mails."
        )
    EMAIL_HOST, EMAIL_PORT = mail_server["HOST"], mail_server["PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = mail_server["USER"], mail_server["PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = mail_server["USE_TLS"], mail_server["USE_SSL"]
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = (
        "django.core.mail.backends.console.EmailBackend" if DEBUG else "cluster_portal.sign_in.outbox.OutboxBackend"
    )
MAIL_BESIDE_THE_ANSWER = True
MAIL_PER_MINUTE = env.number(
    "MAIL_PER_MINUTE", 60, "mails to people outside that are sent in a minute, at most", 1, 6000
)

# What sets headers comes first, so that redirects, static files and refusals carry them too.
MIDDLEWARE = [
    "cluster_portal.serving.middleware.head_without_body",
    "cluster_portal.serving.middleware.security_headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "cluster_portal.serving.middleware.health_probe",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cluster_portal.serving.middleware.maintenance",
    "cluster_portal.serving.middleware.one_state_a_page",
    "cluster_portal.serving.kept_pages.KeptPages",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cluster_portal.serving.middleware.session_goes_on",
    "cluster_portal.history.change_sets.one_change_set",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

CSRF_FAILURE_VIEW = "cluster_portal.serving.errors.csrf_failure"
ROOT_URLCONF = "cluster_portal.urls"
WSGI_APPLICATION = "cluster_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "cluster_portal.serving.templates_by_language.Loader",
                            [
                                "cluster_portal.serving.template_loader.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cluster_portal.pages.this_page.about_this_page",
                "members.context.demo_network",
            ],
        },
    }
]
FORM_RENDERER = "cluster_portal.admin.markup.MarkupByFunctions"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- history ----------------------------------------------------------------------------------------------------------
# What an event points at is no row of another's: it stays when that is gone. The columns asked for are indexed by hand.
HISTORY_MONTHS = env.number(
    "HISTORY_MONTHS",
    0,
    "months for which the history of changes is kept by `manage.py trim_history`; 0 keeps it for ever",
    0,
    1200,
)
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)

# --- work behind the pages (docs/decisions/0023) ----------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
REVIEW_DAYS = env.number(
    "REVIEW_DAYS", 14, "days after which what waits for a decision of staff is called overdue", 1, 365
)
# --- files to take away -----------------------------------------------------------------------------------------------
DATA_LICENCE = env.text(
    "DATA_LICENCE",
    "",
    "the licence of the lists that visitors take away, as it stands in each file; blank says nothing of one",
)

# --- services that may be asked (docs/decisions/0027) -----------------------------------------------------------------
GEOCODER_URL = env.service(
    "GEOCODER_URL",
    "a geocoder as that of the national address base: addresses of files that are brought in are sent to it",
)
COMPANY_SEARCH_URL = env.service(
    "COMPANY_SEARCH_URL",
    "a search of companies as the State’s: the SIREN of an organisation is sent to it when staff ask",
)

CHECK_WEBSITES = env.number(
    "CHECK_WEBSITES",
    0,
    "websites of organisations that are asked a day whether they answer; 0 asks none",
    0,
    20_000,
)

# --- personal data (docs/decisions/0033) ------------------------------------------------------------------------------
RETENTION = env.flag(
    "RETENTION",
    False,
    "what of persons was kept long enough is taken away each day, as `manage.py retention --yes` does",
)

# --- serving ----------------------------------------------------------------------------------------------------------
PORT = env.number("PORT", 8000, "the port of the site", 1, 65535)
LISTEN = env.text(
    "LISTEN",
    "127.0.0.1",
    "the address on which the site listens; 0.0.0.0 is every one of the machine",
)
WEB_CONCURRENCY = env.number("WEB_CONCURRENCY", 2, "processes that serve the site", 1, 64)
THREADS = env.number("THREADS", 4, "requests that each of them serves at once", 1, 64)
KEPT_PAGES_MB = env.number(
    "KEPT_PAGES_MB",
    0 if DEBUG else 32,
    "megabytes of finished pages that each process keeps for anonymous visitors, until anything changes; 0 keeps none",
    0,
    4096,
    says="32, or 0 with DEBUG",
)

# --- database ---------------------------------------------------------------------------------------------------------
server = env.database("DATABASE_URL", "the PostgreSQL server, 15 or newer")
env.database(
    "DATABASE_OWNER_URL",
    "the same database, as the role that owns its tables: `manage.py` takes it instead",  # in manage.py
    says="DATABASE_URL",
)
if server is None:
    DATABASES = {
        "default": {
            "ENGINE": "cluster_portal.embedded_postgresql",
            "NAME": "portal",
            "USER": "postgres",
            "PGDATA": VAR_DIR / "postgresql",
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,  # a killed server is noticed, and started again by the next connection
            "OPTIONS": {"connect_timeout": 2},
        }
    }
else:
    # Connections are kept in a pool of each process. While the server is away a request waits a moment and is told so;
    # a short reconnect_timeout lets the pool try anew with the next request instead of ever less often.
    pool = {
        "min_size": 1,
        "max_size": THREADS + 1,
        "timeout": 3,
        "reconnect_timeout": 3,
    }
    options = {
        "connect_timeout": "2",
        # a machine or a network that is gone is noticed; a server that hangs, by cluster_portal.postgresql
        "tcp_user_timeout": "4000",
        "keepalives_idle": "30",
        "keepalives_interval": "5",
        "keepalives_count": "3",
        "application_name": "cluster-portal",
    }
    DATABASES = {
        "default": {
            "ENGINE": "cluster_portal.postgresql",
            "CONN_HEALTH_CHECKS": True,
            **server,
            "OPTIONS": {**options, **server["OPTIONS"], "pool": pool},
        }
    }

# What all processes count together: how often a password was wrong, which codes were used.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # nobody makes the site forget by making it count much
    }
}

# --- languages and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["cluster_portal.formats"]
USE_TZ = True
TIME_ZONE = "Europe/Paris"

# --- files ------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
# Files that staff bring in: shared by whoever serves and whoever works behind, and by nobody else.
IMPORTS_ROOT = VAR_DIR / "imports"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- log --------------------------------------------------------------------------------------------------------------
LOG_LEVEL = env.choice(
    "LOG_LEVEL",
    "WARNING",
    ["DEBUG", "INFO", "WARNING", "ERROR"],
    "the least that is written to standard error",
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": "NOTSET"},
        "django.request": {"level": "ERROR"},  # not each page that somebody did not find
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # nor each robot that knocks by number
    },
}
