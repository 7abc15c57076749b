"""Pages for what went wrong."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import RequestFactory

from incidents.representations.html import errors
from tests.incidents.representations.html.reading import Page


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/incidents/deepseek-ddos.html", "deepseek ddos"),
        ("/incidents/INC-2025-9999/", "INC-2025-9999"),
        ("/incidents/inc-2025-9999/releases/9/", "INC-2025-9999"),
        ("/blog/2024/icici_bank.php", "blog 2024 icici bank"),
        ("/%E4%B8%AD%E5%9B%BD/", "中国"),
        ("/<script>alert(1)</script>", "script alert 1 script"),
        ("/incidents/", ""),
        (f"/{'a' * 300}", "a" * 100),
    ],
)
def test_the_words_of_an_address_are_those_worth_searching_for(path, words):
    assert errors.words_of(path) == words


@pytest.mark.django_db
def test_a_missing_page_offers_to_search_for_its_words(client):
    response = client.get("/nowhere/harbour-bank/")

    page = Page(response.content)
    assert response.status_code == 404
    assert page.texts("h1") == ["Nothing is published at this address"]
    assert [value for value in page.attributes("input", "value") if value] == ["nowhere harbour bank"] * 2
    assert "noindex" in page.attributes("meta", "content")


@pytest.mark.parametrize(
    ("answer", "status", "heading"),
    [
        (lambda request: errors.bad_request(request, SuspiciousOperation()), 400, "This request cannot be understood"),
        (lambda request: errors.forbidden(request, PermissionDenied()), 403, "You may not do this"),
        (errors.too_many_requests, 429, "Too many tries in a short time"),
        (errors.server_error, 500, "A fault on our side"),
    ],
)
def test_other_errors_say_what_happened_without_touching_the_database(answer, status, heading):
    response = answer(RequestFactory().get("/"))

    assert (response.status_code, Page(response.content).texts("h1")) == (status, [heading])
