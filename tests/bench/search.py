"""The part “search”: what the list costs the processor in all its forms, when nobody has kept the page, beside the raw SQL
that finds the same advisories.
"""

import gc
import io
import re
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import brotli
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import QueryDict
from django.urls import reverse
from tqdm import tqdm

from incidents.publication.audience import PUBLIC
from incidents.publication.edition import renew_edition
from incidents.publication.filters import AdvisoryFilter
from incidents.publication.models import Advisory
from portal.fastlane import FastLane
from portal.garbage import settle
from tests.bench.clock import Clock, Pace, Taken
from tests.bench.inside import count_queries
from tests.bench.questions import Kind, kinds_of_requests

AFTER_RELEASE = "right after a release: "
_COUNTED = 3  # addresses of each kind whose queries are counted
_LINK = re.compile(r'class="row-title"><a href="([^"]+)"')
_ALL_COLUMNS = re.compile(r'^SELECT .*? FROM "incidents_advisory"', re.DOTALL)


@dataclass(frozen=True)
class Cost:
    """What one kind of request takes: the time of each page, that of its raw SQL, and its queries."""

    kind: Kind
    pages: list[Taken]
    raw: list[Taken]
    queries: int

    @property
    def ratio(self) -> float:
        """How many times the processor time of the raw SQL a page takes, as the median of all requests."""
        return statistics.median(
            page.total / max(raw.total, 0.001) for page, raw in zip(self.pages, self.raw, strict=True)
        )

    @property
    def is_met(self) -> bool:
        """Whether the target is."""
        return share([page.total for page in self.pages], 0.95) <= self.kind.target


def measure_search(requests: int, pace: Pace) -> list[Cost]:
    """What each kind of request takes, and the first three of them right after a release; and the pace of the machine."""
    kinds = kinds_of_requests(requests)
    ask = make_asker()
    costs = [measure_kind(kind, ask, pace) for kind in kinds]
    few = [Kind(AFTER_RELEASE + kind.name, kind.target, kind.paths[: requests // 3]) for kind in kinds[:3]]
    return costs + [measure_kind(kind, ask, pace, is_fresh=True) for kind in few]


def count_kinds() -> dict[str, int]:
    """The most queries of each kind."""
    return {kind.name: most_queries(kind) for kind in kinds_of_requests(_COUNTED)}


def most_queries(kind: Kind) -> int:
    """The most queries that a page of this kind takes."""
    return max(count_queries(path) for path in kind.paths[:_COUNTED])


def measure_kind(kind: Kind, ask: Callable[[str], bytes], pace: Pace, *, is_fresh: bool = False) -> Cost:
    """Ask for every page once, and for what it lists in raw SQL.

    Args:
        ask: gives the page at an address, which nobody has kept.
        is_fresh: whether a new edition begins before each request, so that nothing at all is at hand.
    """
    ask(kind.paths[0] + "&sector=retail")  # loads what is loaded once
    clock = Clock()
    pages, raw = [], []
    for path in tqdm(kind.paths, desc=kind.name, unit="page", disable=None, leave=False):
        statement = statement_of(path)
        if is_fresh:
            renew_edition()
        gc.collect()
        pace.keep()
        body, taken = timed(clock, partial(ask, path))
        rows, alone = timed(clock, partial(run, *statement))
        require_same(path, body, rows)
        pages.append(taken)
        raw.append(alone)
    clock.require_same()
    return Cost(kind, pages, raw, most_queries(kind))


def timed(clock: Clock, work: Callable[[], Any]) -> tuple[Any, Taken]:
    """What some work gives, and what it takes."""
    before = clock.read()
    found = work()
    return found, clock.read() - before


def make_asker() -> Callable[[str], bytes]:
    """The portal as its server calls it, in this process: the lane, Django, compression. It keeps no page and is settled."""
    lane = FastLane(get_wsgi_application())
    lane.pages.room_bytes = 0
    settle()

    def ask(path: str) -> bytes:
        address, _, query = path.partition("?")
        said: list[str] = []
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": address,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_ACCEPT_ENCODING": "br",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
        }
        body = b"".join(lane(environ, lambda status, headers, info=None: said.append(status)))  # type: ignore[arg-type]
        if said != ["200 OK"]:
            raise RuntimeError(f"{path} answers {said}.")
        return body

    return ask


def statement_of(path: str) -> tuple[str, Any]:
    """The SQL, with its parameters, that finds the public ids of the advisories at an address and nothing else: from the index
    of words where anything narrows the list, as sets are no matter of SQL.
    """
    asked = AdvisoryFilter(QueryDict(path.partition("?")[2]), Advisory.objects.visible_to(PUBLIC))
    asked.narrowed.is_by_sets = False
    with recorded() as statements:
        asked.page()
    by_index = [one for one in statements if "incidents_advisory_text" in one[0]]
    if not by_index:
        sql, params = statements[-1]
        return _ALL_COLUMNS.sub('SELECT "public_id" FROM "incidents_advisory"', sql), params
    sql, params = by_index[0]
    return f"SELECT public_id FROM ({sql}) AS found JOIN incidents_advisory a ON a.id = found.advisory_id", params


@contextmanager
def recorded() -> Iterator[list[tuple[str, Any]]]:
    """The statements that run meanwhile, with their parameters."""
    statements: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield statements


def run(sql: str, params: Any) -> list[str]:
    """The ids that a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [public_id for (public_id,) in cursor.fetchall()]


def require_same(path: str, body: bytes, ids: list[str]) -> None:
    """Make sure that a page lists what the raw SQL found; where that is nothing, the page may list what was probably meant.

    Raises:
        RuntimeError: it does not.
    """
    if not ids:
        return
    listed = set(_LINK.findall(brotli.decompress(body).decode()))
    found = {reverse("advisories:detail", args=[public_id]) for public_id in ids}
    if not listed <= found or len(found - listed) > 1:  # the statement looks one row ahead
        raise RuntimeError(f"{path} lists {len(listed)} advisories and not the {len(found)} that SQL finds.")


def share(values: list[float], part: float) -> float:
    """The value that this part of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
