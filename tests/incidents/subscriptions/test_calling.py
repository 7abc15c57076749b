"""Calling for the task that delivers: when there is something to deliver, and again when a call came to nothing."""

import datetime as dt
import threading

import pytest
import time_machine
from django.contrib import admin
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries

from incidents.editing.apps import TASK_LIBRARIES
from incidents.subscriptions.calling import Caller, answer_calls, forget_calls, run_calls
from incidents.subscriptions.courier import Courier
from incidents.subscriptions.models import Delivery, DeliveryState
from tests.factories import make_published
from tests.factories.webhooks import make_webhook
from tests.incidents.subscriptions.conftest import Receiver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def released(receiver: Receiver) -> str:
    """A release that a webhook is to be told of."""
    make_webhook(url=receiver.url)
    return make_published().public_id


def statuses() -> list[str]:
    """Of all calls, the oldest first."""
    return list(DBTaskResult.objects.order_by("enqueued_at").values_list("status", flat=True))


def test_nobody_is_called_where_nothing_is_due(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_published()
    make_webhook()

    with django_assert_num_queries(4):
        assert not Caller().look()

    assert statuses() == []


def test_a_release_is_called_for_and_delivered(receiver: Receiver, released: str) -> None:
    caller = Caller()

    assert caller.look()
    answer_calls()

    assert len(receiver.heard) == 1
    assert [(call.status, call.return_value) for call in DBTaskResult.objects.all()] == [
        (TaskResultStatus.SUCCESSFUL, 1)
    ]
    assert not caller.look()


def test_a_delivery_is_called_for_when_its_next_attempt_is_due(receiver: Receiver, released: str) -> None:
    receiver.statuses = [503, 204]
    caller = Caller()
    caller.look()
    answer_calls()
    assert not caller.look()

    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        assert caller.look()
        answer_calls()

    assert len(receiver.heard) == 2
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_one_call_waits_at_a_time(released: str) -> None:
    caller = Caller()

    assert [caller.look(), caller.look()] == [True, True]

    assert statuses() == [TaskResultStatus.READY]


def test_calls_of_others_are_answered_too(receiver: Receiver, released: str) -> None:
    Caller().look()
    Caller().look()

    answer_calls()

    assert statuses() == [TaskResultStatus.SUCCESSFUL] * 2
    assert len(receiver.heard) == 1


def test_a_call_whose_worker_was_killed_is_made_again(receiver: Receiver, released: str) -> None:
    caller = Caller()
    caller.look()
    DBTaskResult.objects.get().claim("a worker that was killed")

    assert caller.look()
    answer_calls()

    assert statuses() == [TaskResultStatus.RUNNING, TaskResultStatus.SUCCESSFUL]
    assert len(receiver.heard) == 1


def test_a_call_that_was_lost_is_made_again(released: str) -> None:
    caller = Caller()
    caller.look()
    DBTaskResult.objects.all().delete()

    assert caller.look()

    assert statuses() == [TaskResultStatus.READY]


def test_that_nobody_answers_is_said_once(released: str, caplog: pytest.LogCaptureFixture) -> None:
    caller = Caller()
    caller.look()

    with time_machine.travel(timezone.now() + dt.timedelta(seconds=31)):
        caller.look()
        caller.look()

    assert [record.getMessage().split(":")[0] for record in caplog.records] == ["Webhooks wait"]


def test_who_is_told_to_stop_takes_up_nothing_more(released: str) -> None:
    stop = threading.Event()
    stop.set()

    run_calls(stop)

    assert Courier().run(stop) == 0
    assert not Delivery.objects.exclude(state=DeliveryState.WAITING).exists()


def test_calls_are_forgotten_after_a_day_answered_or_not(released: str) -> None:
    Caller().look()

    assert forget_calls(timezone.now() + dt.timedelta(hours=23)) == 0
    assert forget_calls(timezone.now() + dt.timedelta(hours=25)) == 1


def test_the_desk_has_no_pages_of_tasks() -> None:
    shown = {model._meta.app_label for model, _ in admin.site._registry.items()}

    assert shown.isdisjoint(TASK_LIBRARIES)
    assert DBTaskResult._meta.app_label in TASK_LIBRARIES
