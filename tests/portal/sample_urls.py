"""The site with some pages of another kind, which show what reaches Django through the fast lane."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from incidents.publication.models import Advisory
from portal.urls import urlpatterns as site


def count(request: HttpRequest) -> HttpResponse:
    """How many advisories there are, after a long text."""
    return HttpResponse(f"{'Lorem ipsum. ' * 40}{Advisory.objects.count()} advisories, q={request.GET.get('q', '')}")


def visitor(request: HttpRequest) -> HttpResponse:
    """Everything Django knows of the visitor."""
    told = sorted(f"{name}={value}" for name, value in request.META.items() if name.startswith("HTTP_"))
    return HttpResponse("\n".join([request.META["QUERY_STRING"], *told]), content_type="text/plain")


def cookie(request: HttpRequest) -> HttpResponse:
    """A page that sets a cookie."""
    response = HttpResponse("yours")
    response.set_cookie("seen", "1")
    return response


def private(request: HttpRequest) -> HttpResponse:
    """A page that says itself that it is private."""
    return HttpResponse("yours", headers={"Cache-Control": "private"})


def varied(request: HttpRequest) -> HttpResponse:
    """A page that varies by what the visitor accepts."""
    return HttpResponse(request.META.get("HTTP_ACCEPT", ""), headers={"Vary": "Accept"})


def stream(request: HttpRequest) -> StreamingHttpResponse:
    """A page that comes piece by piece."""

    def pieces() -> Iterator[bytes]:
        yield b"one "
        yield b"two"

    return StreamingHttpResponse(pieces())


def broken(request: HttpRequest) -> HttpResponse:
    """A page that is out of order."""
    return HttpResponse("sorry", status=503)


urlpatterns = [
    path("incidents/", count),
    path("about/", visitor),
    path("tags/cookie/", cookie),
    path("tags/private/", private),
    path("tags/varied/", varied),
    path("tags/stream/", stream),
    path("tags/broken/", broken),
    path("accounts/", visitor),
    path("partners/", visitor),
    *site,
]
