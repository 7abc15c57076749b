"""A person's own time zone, where people are signed in. Readers see UTC: their pages are the same for everybody."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

PEOPLES_PREFIXES = ("/admin/", "/accounts/", "/partners/")


class TimeZoneMiddleware:
    """Activates the signed-in person's time zone under the addresses for people who are, and nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request in the right zone."""
        if request.path.startswith(PEOPLES_PREFIXES) and request.user.is_authenticated:
            with timezone.override(ZoneInfo(request.user.time_zone)):
                return self.get_response(request)
        return self.get_response(request)
