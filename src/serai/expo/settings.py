"""Settings of the fair. Everything is set by environment variables; none is needed to start.

====================== =========================================================================================
SERAI_HOME             folder of the instance (default: ``serai-data`` in the current folder)
SERAI_BACKUPS          folder in which ``serai backup`` writes (default: ``backups`` in SERAI_HOME)
DATABASE_URL           ``postgresql://user:password@host:port/name`` (default: SQLite in SERAI_HOME)
SECRET_KEY             or SECRET_KEY_FILE (default: made once and kept in SERAI_HOME)
SECRET_KEY_BEFORE      or SECRET_KEY_BEFORE_FILE: secret keys from before the present one, separated by spaces, by which
                       the proofs of the audit trail and encrypted secrets are read after a change
SERAI_HOSTS            host names under which the site is served, separated by commas (default: this machine)
SERAI_BASE_URL         the address of the site as visitors write it, as in ``https://fair.example``: that of a
                       proxy before it. Links in mails and on the console begin with it, and its host name is served
SERAI_PORT             the port in the links of mails while no host name is given (default: 8000, or that of
                       ``serai up``)
SERAI_WORKERS          how many web processes ``serai up`` runs (default: one for each core, at most 4)
SERAI_LOG              what ``serai up`` writes to its error output, a JSON object a line: ``info`` (each request),
                       ``warning`` or ``error`` (default: info; on a terminal warning, so that codes in mails
                       are found there)
SERAI_METRICS          the token, a long random text, for which ``/metrics`` tells Prometheus figures of requests,
                       tasks, mail and the database; or SERAI_METRICS_FILE (default: nothing is counted or told)
SERAI_HTTPS            ``1`` when the site is served over HTTPS: secure cookies, strict transport
SERAI_DEBUG            ``1`` shows tracebacks in the browser; never on a public site
SERAI_SMTP             ``smtp://user:password@host:587`` (STARTTLS), or ``smtps://`` (TLS from the first byte); without
                       it mails are printed on the console, sign-in codes among them
SERAI_MAIL_FROM        the address mails come from (default: ``serai@localhost``)
SERAI_DATA_LICENSE     address of the licence under which the numbers of pages may be used, told to machines
SERAI_ENCODER          folder of a larger encoder to compare texts by (docs/encoder.md), or the name of one that a
                       plugin adds (default: the packaged one); after a change: ``serai reindex``
SERAI_SIGN_UP          ``0``: nobody opens an account alone; organisers and the command make them
SERAI_PROXIES          how many proxies stand before the site, so that rate limits see the visitor (default: 0)
SERAI_WEBHOOK_NETWORKS networks of the organisation's own to which events may be sent, as in
                       ``10.1.0.0/16, 127.0.0.1/32`` (default: none, only public addresses)
SERAI_TASKS            how many tasks, as timetables and imports, the worker does at once (default: 2)
SERAI_DATA             folder with publishers' world tables, read before those that ``serai world get`` fetched
SERAI_TABLE            the world table that is read where none is named (default: the one in the package)
SERAI_DEMO_PASSWORD    password of the people of the demonstration (default: made once and kept in SERAI_HOME)
SERAI_OIDC_SERVER      address of an OpenID Connect server, to sign in with an organisation's own accounts; with
                       SERAI_OIDC_CLIENT, SERAI_OIDC_SECRET (or SERAI_OIDC_SECRET_FILE) and SERAI_OIDC_NAME (what the
                       button says). The server is told ``https://HOST/oidc/organisation/login/callback/``. It is
                       trusted: whose mail address it vouches for gets the account of that address
====================== =========================================================================================
"""

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from serai.expo.base.connections import TIMEOUT
from serai.expo.base.home import OTHERS, given_secret, home, secret
from serai.expo.base.log_lines import without_outages

HERE = Path(__file__).parent
os.umask(OTHERS)  # what this process makes is its owner's alone
HOME = home()
DEBUG = os.environ.get("SERAI_DEBUG") == "1"
SECRET_KEY = secret("SECRET_KEY", "secret-key")
SECRET_KEYS_BEFORE = given_secret("SECRET_KEY_BEFORE").split()


def base_url(url: str) -> str:
    """The address of the site without the last slash. Raises ValueError if it is more or less than an origin."""
    parts = urlsplit(url)
    rest = parts.path.rstrip("/") + parts.query + parts.fragment
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc or rest):
        raise ValueError(f"SERAI_BASE_URL must be an address such as https://fair.example and is {url!r}.")
    return url.rstrip("/")


BASE_URL = base_url(os.environ.get("SERAI_BASE_URL", "").strip())
LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = [host.strip() for host in os.environ.get("SERAI_HOSTS", "").split(",") if host.strip()] or LOCAL_HOSTS
if BASE_URL:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, urlsplit(BASE_URL).hostname or ""]
LOCAL_PORT = os.environ.get("SERAI_PORT", "8000")


def whole_number(name: str, value: str, *, least: int, most: int) -> int:
    """The number that a variable holds. Raises ValueError with a sentence if it is none or out of bounds."""
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ValueError(f"{name} must be a whole number from {least} to {most} and is {value!r}.")
    return int(value)


WEB_PROCESSES = whole_number(
    "SERAI_WORKERS", os.environ.get("SERAI_WORKERS") or str(min(4, os.cpu_count() or 1)), least=1, most=64
)
HTTPS = os.environ.get("SERAI_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# A proxy may ask by another host name, or in the clear, for what a browser sends from the address of the site.
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL else []
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS += [f"https://{host}" for host in ALLOWED_HOSTS]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks_db",
    "serai.expo.apps.ExpoConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "serai.expo.base.audit.pages.RequestIdMiddleware",
    "serai.expo.site.operation.pages.OperationMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "serai.expo.site.web.pages.middleware.CompressedText",
    "serai.expo.site.web.pages.middleware.StaticFiles",
    "django.middleware.http.ConditionalGetMiddleware",
    "serai.expo.site.offline.pages.WithoutCookies",
    "serai.expo.site.web.pages.kept_pages.KeptPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "serai.expo.site.web.pages.middleware.ChineseMarks",
    "django.middleware.csrf.CsrfViewMiddleware",
    "serai.expo.site.web.pages.middleware.KnownToken",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "serai.expo.participants.impersonation.pages.ImpersonationMiddleware",
    "serai.expo.people.staff.pages.StaffSessionMiddleware",
    "serai.expo.site.web.pages.middleware.WithoutNulMiddleware",
    "serai.expo.site.web.pages.middleware.DialogAnswers",
    "serai.expo.site.offline.pages.KeepingMiddleware",
    "serai.expo.fairs.edition.pages.middleware.EditionScopeMiddleware",
]
ROOT_URLCONF = "serai.expo.urls"
WSGI_APPLICATION = "serai.expo.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "serai.expo.site.web.pages.frame.layout",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "serai.expo.site.open_data.pages",
                "serai.expo.site.web.pages.tags",
                "serai.expo.site.web.pages.pictures",
                "serai.expo.meetings.meeting.pages",
                "serai.expo.meetings.matchmaking.pages",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",  # the pages of signing in, in our elements
                    ],
                ),
            ],
        },
    }
]


def database(url: str) -> dict[str, Any]:
    """The Django setting for a database URL; SQLite in SERAI_HOME where there is none."""
    if not url:
        return {
            "ENGINE": "serai.expo.base.databases.domain.sqlite",
            "NAME": HOME / "serai.sqlite3",
            "CONN_MAX_AGE": None,  # to open it again and read its schema takes longer than many a page
            "OPTIONS": {
                # A writer waits for its turn instead of failing half way (IMMEDIATE), and readers never wait (WAL).
                "transaction_mode": "IMMEDIATE",
                "timeout": TIMEOUT,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL must begin with postgresql:// and begins with {parts.scheme}://.")
    return {
        "ENGINE": "serai.expo.base.databases.domain.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,  # a connection that was lost meanwhile is opened anew, and nobody sees it
        "OPTIONS": {"connect_timeout": 5, "keepalives_idle": 10, "tcp_user_timeout": 10_000},
    }


def mailer(url: str) -> dict[str, Any]:
    """The Django setting for the URL of a mail server; the server's own output where there is none."""
    if not url:
        return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"}:
        raise ValueError(f"SERAI_SMTP must begin with smtp:// or smtps:// and begins with {parts.scheme}://.")
    direct = parts.scheme == "smtps"
    return {
        "BACKEND": "serai.expo.base.connections.MailServer",
        "OPTIONS": {
            "host": parts.hostname or "",
            "port": parts.port or (465 if direct else 587),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": direct,
            "use_tls": not direct and bool(parts.username),
            "timeout": TIMEOUT,
        },
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""))}
# What limits count, for all processes of the instance alike and beyond a restart.
CACHES = {
    "default": {
        "BACKEND": "serai.expo.base.shared_cache.SharedCache",
        "LOCATION": HOME / "cache.sqlite3",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# How many tasks are done at once, each in a process of its own that lasts as long as the task.
TASK_SLOTS = whole_number("SERAI_TASKS", os.environ.get("SERAI_TASKS") or "2", least=1, most=64)
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "expo.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
FORM_RENDERER = "serai.expo.base.forms.Renderer"
LOGOUT_REDIRECT_URL = "home"

# Signing in (django-allauth): a code by mail, a passkey, a password, an organisation's own server.
SIGN_UP = os.environ.get("SERAI_SIGN_UP", "1") == "1"
ALLAUTH_TRUSTED_PROXY_COUNT = whole_number("SERAI_PROXIES", os.environ.get("SERAI_PROXIES") or "0", least=0, most=9)
ACCOUNT_ADAPTER = "serai.expo.people.account.pages.sign_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_FORMS = {
    "login": "serai.expo.people.account.pages.forms.SignInForm",
    "signup": "serai.expo.people.account.pages.forms.SignUpForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Serai: "
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_ADAPTER = "serai.expo.people.account.pages.sign_in.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # on one's own machine; browsers refuse it elsewhere
MFA_TOTP_ISSUER = "Serai"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True  # who signs up alone proves the address first; others got the account from us
SOCIALACCOUNT_ADAPTER = "serai.expo.people.account.pages.sign_in.OrganisationAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
OIDC_SERVER = os.environ.get("SERAI_OIDC_SERVER", "")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "organisation",
                "name": os.environ.get("SERAI_OIDC_NAME", "OpenID Connect"),
                "client_id": os.environ.get("SERAI_OIDC_CLIENT", ""),
                "secret": given_secret("SERAI_OIDC_SECRET"),
                "settings": {"server_url": OIDC_SERVER},
            }
        ]
        if OIDC_SERVER
        else [],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("zh-hans", _("Simplified Chinese")),
    ("ar", _("Arabic")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("ru", _("Russian")),
]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "serai.expo.formats"

MAILERS = {"default": mailer(os.environ.get("SERAI_SMTP", ""))}
DEFAULT_FROM_EMAIL = os.environ.get("SERAI_MAIL_FROM", "serai@localhost")

METRICS = given_secret("SERAI_METRICS")

# What compares texts by meaning: a folder, a name, or nothing for the packaged encoder.
ENCODER = os.environ.get("SERAI_ENCODER", "")
DATA_LICENSE = os.environ.get("SERAI_DATA_LICENSE", "")

# Files that people send are never served by their address: a view asks first who may read them.
MEDIA_ROOT = HOME / "files"

# Networks of the organisation's own to which events may be sent, as in "10.1.0.0/16, 127.0.0.1/32"; none by default.
WEBHOOK_NETWORKS = [
    network.strip() for network in os.environ.get("SERAI_WEBHOOK_NETWORKS", "").split(",") if network.strip()
]

STATIC_URL = "static/"
STATICFILES_DIRS = [HERE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "serai.expo.site.web.pages.middleware.HashedFiles"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600  # of a file by its own name; by its hashed one it is kept for good

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    # Signing in at an organisation's server begins with a form that is led there.
    "form-action": [CSP.SELF, *([f"https://{urlsplit(OIDC_SERVER).netloc}"] if OIDC_SERVER else [])],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "serai.expo.site.operation.pages.form_refused"

# The log goes to the server's own output, a JSON object a line.
LOG_LEVEL = (os.environ.get("SERAI_LOG") or ("warning" if sys.stderr.isatty() else "info")).upper()
if LOG_LEVEL not in {"INFO", "WARNING", "ERROR"}:
    raise ValueError(f"SERAI_LOG must be info, warning or error and is {LOG_LEVEL.lower()}.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "serai.expo.base.log_lines.JsonLines"}},
    "filters": {
        "without_outages": {
            "()": "django.utils.log.CallbackFilter",
            "callback": without_outages,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["without_outages"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "serai": {"level": LOG_LEVEL},
        "django.request": {"level": "ERROR"},
        "waitress.queue": {"level": "ERROR"},  # that a request waits for a thread is nothing to be told of
    },
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
