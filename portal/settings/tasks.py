"""From an address to Django's settings for background tasks: in the database, or in Redis by RQ."""

from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured

QUEUE = "webhooks"
IN_DATABASE = "database://"
IN_REDIS = ("redis://", "rediss://", "unix://")
FOR_EVER = -1
RESULT_SECONDS = 3600


def task_settings(url: str) -> dict[str, Any]:
    """Settings for tasks kept at `url`: what becomes `TASKS`, and, for Redis, `RQ` and `RQ_QUEUES`.

    Raises:
        ImproperlyConfigured: the address is neither `database://` nor that of a Redis, or a library is missing.
    """
    if url == IN_DATABASE:
        return {"TASKS": {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": [QUEUE]}}}
    if not url.startswith(IN_REDIS):
        raise ImproperlyConfigured(f"TASKS_URL must be {IN_DATABASE} or begin with one of {', '.join(IN_REDIS)}.")
    if find_spec("django_tasks_rq") is None:
        raise ImproperlyConfigured(
            "TASKS_URL asks for tasks in Redis: pip install -r requirements-rq.txt brings what that needs."
        )
    queue = {"URL": url, "DEFAULT_TIMEOUT": FOR_EVER, "DEFAULT_RESULT_TTL": RESULT_SECONDS}
    return {
        "TASKS": {"default": {"BACKEND": "django_tasks_rq.RQBackend", "QUEUES": [QUEUE]}},
        "RQ": {"JOB_CLASS": "django_tasks_rq.Job"},
        "RQ_QUEUES": {QUEUE: queue, "default": queue},  # results are looked up by the queue named default
    }
