"""The tests: fast hashing, plain static files."""

import os

from portal.settings.base import *  # noqa: F403
from portal.settings.base import env
from portal.settings.databases import database_settings

SECRET_KEY = "only for tests: nothing is signed with it that outlives a test run"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
TEST_URL = env.str("TEST_DATABASE_URL", env.str("DATABASE_URL", "sqlite://:memory:"))
DATABASES = {"default": database_settings(TEST_URL, pool=False)}
# A name of its own for each run, so that several can share one server
DATABASES["default"]["TEST"] = {"NAME": f"test_tocsin_{os.getpid()}"} if "postgres" in TEST_URL else {}
if DATABASE_REPLICA_URL := env.str("DATABASE_REPLICA_URL", ""):
    DATABASES["replica"] = database_settings(DATABASE_REPLICA_URL, pool=False)
EXPORT_ROOT = env.str("EXPORT_ROOT", f"var/exports-of-no-test-{os.getpid()}")
EXPORT_EVERY = env.float("EXPORT_EVERY", 0.0)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
METER_FILE = ":memory:"
