"""Pages for what went wrong. They say so plainly, offer a way on, and read nothing of the visitor but the address."""

import re
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from incidents.representations.html.page import page
from incidents.vocabulary.languages import split_language

_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
_PUBLIC_ID = re.compile(r"(?i)\b([A-Z][A-Z0-9]{1,11}-[12][0-9]{3}-[0-9]{4,9})\b")
_FURNITURE = {"incidents", "releases", "changes", "history", "html", "htm", "php", "json", "md", "index", "www"}
_LONGEST = 100


def words_of(path: str) -> str:
    """The words of an address that are worth searching for: `/incidents/deepseek-ddos.html` gives `deepseek ddos`."""
    path = unquote(split_language(path)[1])
    if found := _PUBLIC_ID.search(path):
        return found.group(1).upper()
    words = [part for word in _WORD.findall(path) for part in word.split("-")]
    return " ".join(word for word in words if word.lower() not in _FURNITURE)[:_LONGEST].strip()


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the address or the form cannot be understood."""
    return page(
        request, "400.html", {"page_title": gettext("That cannot be understood"), "robots": "noindex"}, status=400
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the visitor may not do this."""
    return page(request, "403.html", {"page_title": gettext("Not permitted"), "robots": "noindex"}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is nothing here, or nothing that this visitor may know of. Offers to search for the words of the address."""
    context = {"page_title": gettext("Nothing here"), "robots": "noindex", "query": words_of(request.path_info)}
    return page(request, "404.html", context, status=404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429: the visitor tried something too often in a short time."""
    return page(request, "429.html", {"page_title": gettext("Too many requests"), "robots": "noindex"}, status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours."""
    return page(request, "500.html", {"page_title": gettext("A fault on our side"), "robots": "noindex"}, status=500)
