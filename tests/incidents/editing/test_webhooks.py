"""Webhooks on the desk: administrators look at them, nobody changes them there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents.subscriptions.again import send_test
from incidents.subscriptions.endpoints import By
from incidents.subscriptions.models import Attempt
from tests.factories import make_editor
from tests.factories.webhooks import make_webhook

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LISTS = {"endpoint": 5, "delivery": 5}


@pytest.fixture
def administrator(sign_in: SignIn) -> Client:
    """Somebody who may see everything."""
    return sign_in(user=make_editor(email="root@example.org", superuser=True))


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("model", LISTS)
def test_a_list_takes_few_queries(
    administrator: Client, model: str, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        send_test(make_webhook()[0], by=By())

    with django_assert_num_queries(LISTS[model]):
        answer = administrator.get(f"/admin/incidents/{model}/")

    assert len(answer.context["cl"].result_list) == count


def test_an_administrator_sees_a_delivery_with_its_attempts_and_no_secret(administrator: Client) -> None:
    endpoint, secret = make_webhook(description="Our collector")
    delivery = send_test(endpoint, by=By())
    Attempt.objects.create(
        delivery=delivery, number=1, at=timezone.now(), url=endpoint.url, status=503, request_sha256="0" * 64
    )

    pages = [
        administrator.get(f"/admin/incidents/{model}/{key}/change/").content.decode()
        for model, key in (("endpoint", endpoint.pk), ("delivery", delivery.pk))
    ]

    assert ["Our collector" in pages[0], "&quot;status&quot;: 503" in pages[1]] == [True, True]
    assert not [page for page in pages if secret in page or endpoint.sealed_secret in page]


@pytest.mark.parametrize("act", ["add/", "{key}/delete/"])
def test_nobody_adds_or_deletes_there(administrator: Client, act: str) -> None:
    endpoint, _ = make_webhook()

    assert (
        administrator.post(f"/admin/incidents/endpoint/{act.format(key=endpoint.pk)}", {"post": "yes"}).status_code
        == 403
    )


def test_editors_do_not_see_them(sign_in: SignIn) -> None:
    endpoint, _ = make_webhook()
    client = sign_in("Author", "Reviewer", "Publisher")

    answers = [client.get(f"/admin/incidents/endpoint/{place}").status_code for place in ("", f"{endpoint.pk}/change/")]

    assert answers == [403, 403]
