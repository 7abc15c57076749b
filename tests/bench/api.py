"""Fifty whole advisories by the API against Django REST framework: processor time of one answer, in this process.

Both go through the same middleware. The record holds what the advisories say, so both say the same, each in its shape.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, cycle, islice
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.db.models import ManyToOneRel
from django.test import RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext

from incidents.record.models import Incident
from portal.fastlane import FastLane
from portal.fastlane.pages import PageCache

ROWS = 50
PATHS = {
    "api": "/api/v1/advisories/",
    "changes": "/api/v1/changes/",
    "prefetched": "/bench/prefetched/",
    "naive": "/bench/naive/",
}
ROUNDS = {"kept": 200, "api": 20, "changes": 20, "prefetched": 8, "naive": 3}


@dataclass(frozen=True)
class Cost:
    """What one answer costs.

    Attributes:
        milliseconds: processor time of this process, the median of some rounds.
        size: of the body, in bytes.
        queries: how many Django asks.
    """

    milliseconds: float
    size: int
    queries: int


def copy_incidents(wanted: int = ROWS) -> None:
    """Have as many incidents in the record as are listed, made of those of the demo with all their parts."""
    originals = list(Incident.objects.order_by("pk"))
    missing = max(0, wanted - len(originals))
    with transaction.atomic():
        for number, original in zip(count(1), islice(cycle(originals), missing), strict=False):
            copy_incident(original, f"BENCH-1998-{number:04d}")


def copy_incident(original: Incident, public_id: str) -> None:
    """One incident with all its parts, under another id."""
    copy = Incident.objects.get(pk=original.pk)
    copy.pk, copy.public_id = None, public_id
    Incident.objects.bulk_create([copy])
    copy.tags.set(original.tags.all())
    copy_parts(original, copy)


def copy_parts(original: Any, copy: Any) -> None:
    """What belongs to a row, and what belongs to that."""
    for relation in original._meta.related_objects:
        if type(relation) is not ManyToOneRel or relation.field.name not in ("incident", "update"):
            continue
        for part in getattr(original, relation.get_accessor_name()).all():
            twin = type(part).objects.get(pk=part.pk)
            twin.pk = None
            setattr(twin, relation.field.name, copy)
            type(part).objects.bulk_create([twin])
            copy_parts(part, twin)


@override_settings(ROOT_URLCONF="tests.bench.nested", ALLOWED_HOSTS=["127.0.0.1"])
def measure_lists() -> dict[str, Cost]:
    """The costs, by name: `kept` is the answer of the API that the lane has kept, `api` one that nobody has kept yet."""
    django = WSGIHandler()
    lane = FastLane(django)

    def forget() -> None:
        lane.pages = PageCache(lane.pages.room_bytes)

    costs = {name: measure(lane, path, ROUNDS[name], forget) for name, path in PATHS.items()}
    costs["kept"] = measure(lane, PATHS["api"], ROUNDS["kept"], lambda: None)
    lane.stored.close()
    return costs


def measure(application: Any, path: str, rounds: int, prepare: Callable[[], None]) -> Cost:
    """The cost of an answer."""
    environ = RequestFactory(HTTP_HOST="127.0.0.1").get(path).environ
    prepare()
    size = len(answer(application, environ))
    prepare()
    with CaptureQueriesContext(connection) as queries:
        answer(application, environ)
        asked = len(queries)
    times = []
    for _ in range(rounds):
        prepare()
        before = time.process_time()
        answer(application, environ)
        times.append((time.process_time() - before) * 1000)
    return Cost(statistics.median(times), size, asked)


def answer(application: Any, environ: dict[str, Any]) -> bytes:
    """The body of an answer.

    Raises:
        RuntimeError: it is not 200.
    """
    said: list[str] = []
    chunks = application(dict(environ), lambda status, headers, exc_info=None: said.append(status))
    body = b"".join(chunks)
    if hasattr(chunks, "close"):
        chunks.close()
    if not said[-1].startswith("200"):
        raise RuntimeError(f"{environ['PATH_INFO']} answers {said[-1]}.")
    return body
