import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.time_zone import TimeZoneMiddleware


def zone_at(path: str, user: User) -> str:
    """The zone that is active while `path` is answered for `user`."""
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(timezone.get_current_timezone_name())
        return HttpResponse()

    request = RequestFactory().get(path)
    request.user = user
    TimeZoneMiddleware(view)(request)
    return seen[0]


@pytest.mark.parametrize(
    ("path", "zone"),
    [
        ("/admin/", "Asia/Tokyo"),
        ("/accounts/profile/", "Asia/Tokyo"),
        ("/partners/", "Asia/Tokyo"),
        ("/", "UTC"),
        ("/incidents/INC-2025-0001/", "UTC"),
        ("/administration/", "UTC"),
    ],
)
def test_an_editors_zone_holds_where_editors_work_and_nowhere_else(path: str, zone: str) -> None:
    assert zone_at(path, User(email="ada@example.org", time_zone="Asia/Tokyo")) == zone


def test_the_zone_is_given_back_after_the_answer() -> None:
    zone_at("/admin/", User(email="ada@example.org", time_zone="Asia/Tokyo"))

    assert timezone.get_current_timezone_name() == "UTC"
