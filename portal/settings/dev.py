"""One's own machine: `make run` and `manage.py`. Works with no configuration at all."""

from portal.settings.base import *  # noqa: F403
from portal.settings.base import SECURITY_CONTACT, VAR_DIR, env
from portal.settings.local_secret import read_local_secret

SECRET_KEY = env.str("SECRET_KEY", "") or read_local_secret(VAR_DIR)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
SECURITY_CONTACT = SECURITY_CONTACT or "security@localhost"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.static_files.LenientStaticFiles"},
}
WHITENOISE_USE_FINDERS = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
