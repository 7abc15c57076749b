"""Deploy checks of our own: settings that start, but that nobody should serve the public with."""

from ipaddress import ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from incidents.subscriptions.schedule import read_pause

SHARED_CACHES = ("redis", "memcached", "db.DatabaseCache", "filebased")


@register(Tags.security, deploy=True)
def check_site_address(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """SITE_URL is an https origin whose host is served here."""
    site = urlsplit(settings.SITE_URL)
    messages: list[CheckMessage] = []
    if site.scheme != "https":
        messages.append(Error("SITE_URL must begin with https://.", id="portal.E001"))
    if site.path or site.query:
        messages.append(Error("SITE_URL must be an origin such as https://example.org, no path.", id="portal.E002"))
    if not is_served(site.hostname or ""):
        messages.append(Error("ALLOWED_HOSTS must contain the host of SITE_URL.", id="portal.E003"))
    return messages


def is_served(host: str) -> bool:
    """Whether ALLOWED_HOSTS lets `host` in."""
    return any(
        pattern == host or (pattern.startswith(".") and f".{host}".endswith(pattern))
        for pattern in settings.ALLOWED_HOSTS
    )


@register(Tags.security, deploy=True)
def check_open_hosts(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """ALLOWED_HOSTS names hosts: `*` would let strangers choose the host in our links."""
    if "*" in settings.ALLOWED_HOSTS:
        return [Error("ALLOWED_HOSTS must name the hosts; * is refused.", id="portal.E004")]
    return []


@register(Tags.security, deploy=True)
def check_second_factor(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Publishers need a second factor."""
    if settings.REQUIRE_MFA_FOR_PUBLISHERS:
        return []
    return [checks.Warning("Publishers may sign in with a password alone.", id="portal.W001")]


@register(Tags.caches, deploy=True)
def check_shared_cache(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Sign-in attempts are counted in the cache: several processes should count together."""
    backend = settings.CACHES["default"]["BACKEND"]
    if settings.WORKERS == 1 or any(word in backend for word in SHARED_CACHES):
        return []
    return [
        checks.Warning(
            "Each worker process counts sign-in attempts for itself; set CACHE_URL to a shared cache.",
            id="portal.W002",
        )
    ]


@register(Tags.security, deploy=True)
def check_security_contact(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Finders of weaknesses know whom to tell."""
    if settings.SECURITY_CONTACT:
        return []
    return [checks.Warning("SECURITY_CONTACT is empty, so /.well-known/security.txt answers 404.", id="portal.W003")]


@register(Tags.security)
def check_outgoing(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Networks that may be sent to are networks, and pauses are times: the worker reads them when it is too late to ask."""
    messages: list[CheckMessage] = []
    for text in settings.OUTGOING_ALLOW:
        try:
            ip_network(text)
        except ValueError:
            hint = "Write networks such as 10.20.0.0/16."
            messages.append(Error(f"OUTGOING_ALLOW: “{text}” is no network.", hint=hint, id="portal.E005"))
    for text in settings.WEBHOOK_RETRIES:
        try:
            read_pause(text)
        except ValueError as problem:
            messages.append(Error(f"WEBHOOK_RETRIES: {problem}", id="portal.E006"))
    return messages
