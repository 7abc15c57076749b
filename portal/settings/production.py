"""A public installation: refuses to start without what it needs, and speaks HTTPS only."""

from django.core.exceptions import ImproperlyConfigured

from portal.settings.base import *  # noqa: F403
from portal.settings.base import SITE_URL, TRUSTED_PROXIES, env

REQUIRED = ("SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL")
missing = [name for name in REQUIRED if name not in env.ENVIRON]
if missing:
    raise ImproperlyConfigured(f"Set {', '.join(missing)} in the environment: production has no default for it.")

SECRET_KEY = env.str("SECRET_KEY")
REQUIRE_MFA_FOR_PUBLISHERS = env.bool("REQUIRE_MFA_FOR_PUBLISHERS", True)
API_LIMITS = env.limits("API_LIMITS", "public=300/60,standard=1200/60,high=6000/60")

# HTTPS only; the proxy in front redirects plain HTTP
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
