"""What a look from outside does not show: the queries of a page, and the memory of a worker."""

import http.client
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, islice, product

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tqdm import tqdm

from incidents.publication.edition import renew_edition
from incidents.publication.models import Advisory
from incidents.publication.registry import formats

PARALLEL = 4
WORDS = ("bank", "data", "leak", "cloud", "model", "token", "email", "outage", "supply", "account")


def count_queries(path: str) -> int:
    """The queries with which Django builds a page of which nothing has been kept."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.get(path)  # loads templates and the like
    renew_edition()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answers {response.status_code}.")
    return len(queries)


def distinct_pages(wanted: int) -> list[str]:
    """Addresses of so many different pages: half of them advisories in every format, half of them lists."""
    ids = Advisory.objects.order_by("pk").values_list("public_id", flat=True)
    advisories = (f"/incidents/{public_id}{form.suffix}" for public_id in ids.iterator() for form in formats())
    searches = (f"/incidents/?q={word}&year={year}" for word, year in product(WORDS, range(1990, 2025)))
    pages = chain(islice(advisories, wanted // 2), searches, (f"/incidents/?q=bank+{n}" for n in range(wanted)))
    return list(islice(pages, wanted))


def visit(port: int, paths: list[str]) -> None:
    """Ask once for each path.

    Raises:
        RuntimeError: one does not answer 200.
    """
    with ThreadPoolExecutor(PARALLEL) as pool, tqdm(total=len(paths), unit="page", disable=None, leave=False) as bar:
        for path, status in pool.map(lambda path: (path, fetch(port, path)), paths):
            bar.update(1)
            if status != 200:
                raise RuntimeError(f"{path} answers {status}.")


def fetch(port: int, path: str) -> int:
    """The status of an answer, whose body is read."""
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        server.request("GET", path, headers={"Accept-Encoding": "gzip, br"})
        response = server.getresponse()
        response.read()
        return response.status
    finally:
        server.close()


def read_page(port: int, path: str) -> bytes:
    """The body at a path, without any coding."""
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        server.request("GET", path)
        response = server.getresponse()
        body = response.read()
    finally:
        server.close()
    if response.status != 200:
        raise RuntimeError(f"{path} answers {response.status}.")
    return body
