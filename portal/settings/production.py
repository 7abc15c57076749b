"""A public installation: refuses to start without what it needs, and speaks HTTPS only."""

from portal.settings.base import *  # noqa: F403
from portal.settings.base import env

SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
REQUIRE_MFA_FOR_PUBLISHERS = env.bool("REQUIRE_MFA_FOR_PUBLISHERS", True)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
