"""Settings of an installation, read from environment variables; `essor doctor` says what each one gives."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

PACKAGE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str = "") -> str:
    """Value of the environment variable `name`, without surrounding spaces."""
    return os.environ.get(name, default).strip()


def env_flag(name: str, *, default: bool) -> bool:
    """True for 1, true, yes, oui (any case); `default` when the variable is absent or empty."""
    value = env(name).lower()
    return value in {"1", "true", "yes", "oui"} if value else default


def env_list(name: str, default: str = "") -> list[str]:
    """Values of a comma-separated variable."""
    return [part.strip() for part in env(name, default).split(",") if part.strip()]


DATA_DIR = Path(env("ESSOR_DATA_DIR", "var")).resolve()
DEBUG = env_flag("ESSOR_DEBUG", default=False)
DEMO = env_flag("ESSOR_DEMO", default=False)


def _secret_key() -> str:
    """The key of the environment, else one made once and kept, readable by the owner only, in the data folder."""
    if key := env("ESSOR_SECRET_KEY"):
        return key
    path = DATA_DIR / "secret_key"
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    from django.core.management.utils import get_random_secret_key

    DATA_DIR.mkdir(parents=True, exist_ok=True)
    key = get_random_secret_key()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of the same first start won
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(key)
    return key


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env_list("ESSOR_HOSTS", "localhost,127.0.0.1,[::1]")
PUBLIC_URL = env("ESSOR_PUBLIC_URL", "http://localhost:8000").rstrip("/")
HTTPS = PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
# Whether the links that the kit gives are looked at every week: without it, nothing goes out unless a person asks.
CHECK_LINKS = env_flag("ESSOR_CHECK_LINKS", default=False)
# The service that turns addresses into positions, asked only when a person says so for a file; empty: none.
ADDRESS_URL = env("ESSOR_ADDRESS_URL", "https://data.geopf.fr/geocodage/search/csv")
# Hosts « name:port » of the authority's own network that `kernel.web` may ask: its own address service, for instance.
WEB_PRIVATE_ALLOWED: tuple[str, ...] = tuple(env_list("ESSOR_PRIVATE_HOSTS"))
CSRF_FAILURE_VIEW = "essor.kernel.views.csrf_failure"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "essor.kernel",
    "essor.territories",
    "essor.accounts",
    "essor.registry",
    "essor.indicators",
    "essor.observatory",
    "essor.rulebook",
    "essor.kit",
    "essor.portal",
    "essor.demo",
    # After our rooms: our templates of sign-in come before the library's.
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "essor.kernel.middleware.RequestLogMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "essor.accounts.middleware.AuthorityMiddleware",
    "essor.rulebook.middleware.LocalLawMiddleware",
    "essor.kit.editing.middleware.KitTextsMiddleware",
    "essor.kernel.middleware.AccessMiddleware",
]

ROOT_URLCONF = "essor.config.urls"
WSGI_APPLICATION = "essor.config.wsgi.application"
FORM_RENDERER = "essor.kernel.forms.EssorFormRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "essor.kernel.context.house",
                "essor.accounts.context.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "essor.kernel.templatetags.essor",
            ],
        },
    }
]


def _databases() -> dict[str, dict[str, object]]:
    """SQLite in the data folder unless DATABASE_URL names another database."""
    url = env("DATABASE_URL")
    if url:
        config = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    else:
        config = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "essor.sqlite3")}
    if config["ENGINE"] == "django.db.backends.sqlite3":
        # IMMEDIATE: a transaction that will write takes its lock first, instead of failing half-way.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;"
                " PRAGMA mmap_size=134217728; PRAGMA cache_size=-32000;"
            ),
        }
    elif config["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL : seuls SQLite et PostgreSQL sont pris en charge.")
    return {"default": config}


DATABASES = _databases()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # One cache for every worker: the limits on sign-in attempts count in it.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "essor_cache",
        # Django keeps 300 entries unless told: addresses tried in number would push the counts of others out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "essor.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation or an administrator vouches for the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Essor"
MFA_ADAPTER = "essor.accounts.adapter.MFAAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # same reason as ACCOUNT_EMAIL_VERIFICATION
ACCOUNT_FORMS = {
    "login": "essor.accounts.forms_signin.LoginForm",
    "reset_password": "essor.accounts.forms_signin.ResetPasswordForm",
    "reset_password_from_key": "essor.accounts.forms_signin.ResetPasswordKeyForm",
    "change_password": "essor.accounts.forms_signin.ChangePasswordForm",
    "reauthenticate": "essor.accounts.forms_signin.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "essor.accounts.forms_signin.AuthenticateForm",
    "reauthenticate": "essor.accounts.forms_signin.ReauthenticateCodeForm",
    "activate_totp": "essor.accounts.forms_signin.ActivateTOTPForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody gets a message because someone typed their address
REQUIRE_TOTP = env_flag("ESSOR_REQUIRE_TOTP", default=not DEMO)

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "essor.kernel.static_storage.StaticStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_242_880
MAX_UPLOAD_BYTES = int(env("ESSOR_MAX_UPLOAD_MB", "25")) * 1_048_576
ANTIVIRUS_COMMAND = env("ESSOR_ANTIVIRUS_COMMAND")
EDITIONS_DIR = DATA_DIR / "editions"

# A background of maps from another server (pictures: https://…/{z}/{x}/{y}.png), and whom it thanks; none by default.
MAP_TILES_URL = env("ESSOR_MAP_TILES_URL")
MAP_TILES_ATTRIBUTION = env("ESSOR_MAP_TILES_ATTRIBUTION")


def _origin(address: str) -> list[str]:
    """The origin of an address, as the content security policy names it; nothing when none is set."""
    if not address:
        return []
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or "{z}" not in address:
        raise ImproperlyConfigured(
            "ESSOR_MAP_TILES_URL : attendu une adresse comme https://tuiles.example.org/{z}/{x}/{y}.png"
        )
    return [f"{parts.scheme}://{parts.netloc}"]


SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS and env_flag("ESSOR_SSL_REDIRECT", default=True)
if env_flag("ESSOR_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # the limits on sign-in count the visitor's address, not the proxy's
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *_origin(MAP_TILES_URL)],
        "connect-src": [SELF, *_origin(MAP_TILES_URL)],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

EMAIL_BACKEND = (
    "django.core.mail.backends.dummy.EmailBackend"  # nothing leaves a demonstration
    if DEMO
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_HOST = env("ESSOR_SMTP_HOST", "localhost")
EMAIL_PORT = int(env("ESSOR_SMTP_PORT", "25"))
EMAIL_HOST_USER = env("ESSOR_SMTP_USER")
EMAIL_HOST_PASSWORD = env("ESSOR_SMTP_PASSWORD")
EMAIL_USE_TLS = env_flag("ESSOR_SMTP_TLS", default=False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("ESSOR_FROM_EMAIL", "essor@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "essor.kernel.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env("ESSOR_LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"handlers": ["stderr"], "propagate": False}},
}
