"""Configuration that holds everywhere. Every variable read here stands in `.env.example` and `docs/operations.md`."""

from pathlib import Path

from incidents.vocabulary.languages import DEFAULT as DEFAULT_LANGUAGE
from incidents.vocabulary.languages import LANGUAGES as INTERFACE_LANGUAGES
from portal.settings.databases import database_settings
from portal.settings.environment import Environment
from portal.settings.tasks import IN_DATABASE, task_settings

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"

env = Environment()

# The site
SITE_NAME = env.str("SITE_NAME", "Tocsin")
PORT = env.int("PORT", 8000)
SITE_URL = env.str("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
INCIDENT_ID_PREFIX = env.str("INCIDENT_ID_PREFIX", "INC")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "")
FEED_ID_AUTHORITY = env.str("FEED_ID_AUTHORITY", "")
WEBSUB_HUB = env.str("WEBSUB_HUB", "")

# Serving
WORKERS = env.int("WORKERS", 0)
FAST_LANE = env.bool("FAST_LANE", True)
LIVE_FOLLOWERS = env.int("LIVE_FOLLOWERS", 32)
PAGE_CACHE_MB = env.int("PAGE_CACHE_MB", 8)
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
WSGI_APPLICATION = "portal.wsgi.application"
ROOT_URLCONF = "portal.urls"
DEBUG = False

# Storage
DATABASE_URL = env.str("DATABASE_URL", "sqlite:///var/tocsin.sqlite3")
DATABASES = {"default": database_settings(DATABASE_URL, pool=True)}
DATABASE_REPLICA_URL = env.str("DATABASE_REPLICA_URL", "")
if DATABASE_REPLICA_URL:
    DATABASES["replica"] = database_settings(DATABASE_REPLICA_URL, pool=True)
DATABASE_ROUTERS = ["portal.replica.ReplicaRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = env.str("MEDIA_ROOT", str(VAR_DIR / "media"))
EXPORT_ROOT = env.str("EXPORT_ROOT", str(VAR_DIR / "exports"))
EXPORT_EVERY = env.float("EXPORT_EVERY", 24.0)
CACHES = {"default": env.cache("CACHE_URL", "locmemcache://")}

# The API
API_LIMITS = env.limits("API_LIMITS", "none")
API_TERMS_URL = env.str("API_TERMS_URL", "")
API_CONTACT = env.str("API_CONTACT", "")
METER_FILE = env.str("METER_FILE", str(VAR_DIR / "meter.sqlite3"))

# Mail
MAIL = env.email("EMAIL_URL", "consolemail://")
EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
EMAIL_HOST = MAIL["EMAIL_HOST"] or "localhost"
EMAIL_PORT = MAIL["EMAIL_PORT"] or 25
EMAIL_HOST_USER = MAIL["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = MAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "tocsin@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# What is sent in
INBOX_NOTICES_TO = env.list("INBOX_NOTICES_TO", default=[])
REPORTS_PER_HOUR = env.int("REPORTS_PER_HOUR", 5)
REPORTS_PER_DAY = env.int("REPORTS_PER_DAY", 20)

# Requests to elsewhere: webhooks, hubs
OUTGOING_ALLOW_HTTP = env.bool("OUTGOING_ALLOW_HTTP", False)
OUTGOING_ALLOW = env.list("OUTGOING_ALLOW", default=[])
WEBHOOK_TIMEOUT = env.int("WEBHOOK_TIMEOUT", 15)
WEBHOOK_RETRIES = env.list("WEBHOOK_RETRIES", default=["5s", "30s", "2m", "10m", "30m", "1h", "2h", "4h", "6h", "10h"])
WEBHOOK_THREADS = env.int("WEBHOOK_THREADS", 16)
WEBHOOK_PAUSE_DAYS = env.int("WEBHOOK_PAUSE_DAYS", 3)
WEBHOOK_LOG_DAYS = env.int("WEBHOOK_LOG_DAYS", 30)

# Background tasks
TASKS_URL = env.str("TASKS_URL", IN_DATABASE)
_tasks = task_settings(TASKS_URL)
TASKS, RQ, RQ_QUEUES = _tasks["TASKS"], _tasks.get("RQ", {}), _tasks.get("RQ_QUEUES", {})

# Rooms
INSTALLED_APPS = [
    "portal",
    "portal.accounts",
    "incidents",
    "incidents.editing.apps.DeskConfig",  # the admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    *(["django_rq"] if RQ_QUEUES else []),
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "portal.headers.HeadersMiddleware",
    "portal.languages.LanguageMiddleware",
    "portal.replica.PublicReadsMiddleware",
    "portal.client_address.ClientAddressMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.second_factor.SecondFactorMiddleware",
    "portal.accounts.time_zone.TimeZoneMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# The API; who a key belongs to is found by an authentication class
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "incidents.representations.api.schema.operations.ApiSchema",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}

# Language and time
LANGUAGE_CODE = DEFAULT_LANGUAGE.code
LANGUAGES = [(language.code, language.name) for language in INTERFACE_LANGUAGES]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# One incident is one form: hundreds of fields, long texts
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# Sign-in: by e-mail address; accounts are made by administrators, who thereby vouch for the address
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "full_name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
REQUIRE_MFA_FOR_PUBLISHERS = env.bool("REQUIRE_MFA_FOR_PUBLISHERS", False)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "portal.accounts.adapter.ClosedSignUp"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = str
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

# The headers of django.middleware.security and clickjacking are set in portal/headers.py, for stored pages too
SILENCED_SYSTEM_CHECKS = ["security.W001", "security.W002"]

# What is logged, and where: warnings and worse, to standard error
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}
