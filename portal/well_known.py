"""Small texts at fixed addresses: what robots should leave alone, whom to tell about a weakness, what holds for the API."""

from datetime import timedelta

import msgspec
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from incidents.partners.limits import PUBLIC_TIER, limits

ROBOTS = """\
User-agent: *
Disallow: /admin/
Disallow: /accounts/
Disallow: /partners/

Sitemap: {sitemap}
"""
PLAIN = "text/plain; charset=utf-8"
SECURITY_TXT_HOLDS_FOR = timedelta(days=180)
ONE_DAY = 24 * 60 * 60


@cache_control(public=True, max_age=ONE_DAY)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """`robots.txt` (RFC 9309): everything public may be read and indexed."""
    return HttpResponse(ROBOTS.format(sitemap=f"{settings.SITE_URL}/sitemap.xml"), content_type=PLAIN)


@cache_control(public=True, max_age=ONE_DAY)
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """`security.txt` (RFC 9116), valid for half a year from today's midnight (UTC).

    Raises:
        Http404: this installation names no SECURITY_CONTACT, and a file without a contact would be invalid.
    """
    if not settings.SECURITY_CONTACT:
        raise Http404("This installation names no security contact.")
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {as_uri(settings.SECURITY_CONTACT)}",
        f"Expires: {(midnight + SECURITY_TXT_HOLDS_FOR):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


@cache_control(public=True, max_age=ONE_DAY)
@require_safe
def api_policy(request: HttpRequest) -> HttpResponse:
    """`api-policy.json`: limits by tier, terms, contact, and where to read on. Its members are explained in docs/api.md."""
    contact = settings.API_CONTACT or settings.SECURITY_CONTACT
    said = {
        "api": settings.SITE_URL + reverse("api:index"),
        "terms": settings.API_TERMS_URL or None,
        "contact": as_uri(contact) if contact else None,
        "limits": [
            {
                "tier": limit.tier,
                "requests": limit.quota,
                "window_seconds": limit.window,
                "counted_by": "address" if limit.tier == PUBLIC_TIER else "key",
            }
            for limit in limits().values()
        ],
        "keys": settings.SITE_URL + reverse("partners:home"),
        "changelog": settings.SITE_URL + reverse("api_changelog:changelog"),
        "problems": settings.SITE_URL + reverse("problems:list"),
    }
    return HttpResponse(msgspec.json.encode(said), content_type="application/json")


def as_uri(contact: str) -> str:
    """A contact as the URI that RFC 9116, section 2.5.3 asks for: a bare e-mail address becomes `mailto:`."""
    return contact if ":" in contact else f"mailto:{contact}"
