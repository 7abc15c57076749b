"""Where background tasks are kept."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.settings.tasks import task_settings
from tests.portal.test_settings import read, value

REDIS = {"TASKS_URL": "redis://127.0.0.1:6379/5"}
SHOWN = "[__import__('django').setup(), *__import__('django.contrib.admin').contrib.admin.site._registry][1:]"


def test_tasks_are_kept_in_the_database_where_nothing_is_said() -> None:
    assert value("test", "settings.TASKS['default']['BACKEND']") == "django_tasks_db.DatabaseBackend"


def test_a_redis_keeps_them_by_rq() -> None:
    found = value("test", "[settings.TASKS['default']['BACKEND'], settings.RQ_QUEUES['webhooks']['URL']]", REDIS)

    assert found == ["django_tasks_rq.RQBackend", REDIS["TASKS_URL"]]


def test_the_desk_has_no_pages_of_rq() -> None:
    assert "django_rq" not in str(value("test", f"[str(model) for model in {SHOWN}]", REDIS))


@pytest.mark.parametrize("url", ["sqs://queue", "postgres://127.0.0.1/tasks", "database"])
def test_another_address_is_refused_by_name(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="TASKS_URL must be database:// or begin"):
        task_settings(url)


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.settings.tasks.find_spec", lambda name: None)

    with pytest.raises(ImproperlyConfigured, match=r"requirements-rq\.txt"):
        task_settings("redis://127.0.0.1:6379/0")


def test_a_wrong_address_stops_every_command_in_one_line() -> None:
    said = read("test", "settings.TASKS", {"TASKS_URL": "amqp://somewhere"}).stderr

    assert said.strip().splitlines()[-1].startswith("django.core.exceptions.ImproperlyConfigured: TASKS_URL must be")
