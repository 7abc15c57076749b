"""Pages that Django builds are kept under their edition; nothing of a visitor gets into them."""

import logging
import time
from collections.abc import Iterator

import brotli
import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from incidents.publication.edition import renew_edition
from portal.fastlane import FastLane
from portal.fastlane.lane import canonical_query
from portal.fastlane.pages import MOST_SECONDS, Page, PageCache
from portal.fastlane.stored import FRESH_SECONDS, Stored
from tests.factories import make_editor, make_incident, make_published, publish_incident
from tests.portal.asking import ask


@pytest.fixture
def site(lane: FastLane, settings: Settings) -> FastLane:
    """The lane in front of the sample site."""
    settings.ROOT_URLCONF = "tests.portal.sample_urls"
    return lane


@pytest.fixture
def asked(site: FastLane) -> Iterator[list[str]]:
    """The addresses for which Django was asked, in order."""
    addresses: list[str] = []
    django = site.django

    def listen(environ: dict[str, str], start_response: object) -> object:
        addresses.append(environ["PATH_INFO"] + (f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else ""))
        return django(environ, start_response)  # type: ignore[arg-type]

    site.django = listen  # type: ignore[assignment]
    yield addresses
    site.django = django


def test_page_is_built_once_within_an_edition(site: FastLane, asked: list[str]) -> None:
    first = ask(site, "/incidents/")

    assert ask(site, "/incidents/") == first
    assert asked == ["/incidents/"]


def test_release_is_seen_at_once(site: FastLane) -> None:
    assert b"0 advisories" in ask(site, "/incidents/").body

    make_published()

    assert b"1 advisories" in ask(site, "/incidents/").body


def test_change_of_the_catalogue_is_seen_at_once(site: FastLane, asked: list[str]) -> None:
    ask(site, "/incidents/")

    renew_edition()
    time.sleep(2 * FRESH_SECONDS)
    ask(site, "/incidents/")

    assert asked == ["/incidents/", "/incidents/"]


def test_edition_is_asked_for_once_a_millisecond_at_most(own_database: str) -> None:
    now = [0.0]
    stored = Stored(clock=lambda: now[0])
    before = stored.edition()
    renew_edition()

    now[0] += FRESH_SECONDS * 0.9
    taken_for_granted = stored.edition()
    now[0] += FRESH_SECONDS * 0.2

    assert (taken_for_granted, stored.edition()) == (before, before + 1)
    stored.close()


def test_page_built_while_a_release_came_is_not_kept_for_the_new_edition(site: FastLane) -> None:
    django, incident = site.django, make_incident()

    def publish_after_building(environ: dict[str, object], start_response: object) -> object:
        answer = list(django(environ, start_response))  # type: ignore[arg-type]
        site.django = django
        publish_incident(incident)
        return answer

    site.django = publish_after_building  # type: ignore[assignment]
    assert b"0 advisories" in ask(site, "/incidents/").body

    assert b"1 advisories" in ask(site, "/incidents/").body


def test_lane_and_django_say_the_same_of_a_page(site: FastLane) -> None:
    built, kept = ask(site, "/incidents/"), ask(site, "/incidents/")

    assert built == kept == ask(site.django, "/incidents/")


def test_lane_and_django_say_the_same_of_a_page_that_is_known(site: FastLane) -> None:
    etag = ask(site, "/incidents/")["ETag"]

    answer = ask(site, "/incidents/", If_None_Match=etag)

    assert answer.status == 304
    assert answer.body == b""
    assert answer == ask(site.django, "/incidents/", If_None_Match=etag)


def test_head_says_what_get_says_without_the_body(site: FastLane) -> None:
    head, get = ask(site, "/incidents/", method="HEAD"), ask(site, "/incidents/")

    assert (head.status, head.headers, head.body) == (200, get.headers, b"")


def test_page_comes_compressed_to_who_takes_it(site: FastLane) -> None:
    plain, compressed = ask(site, "/incidents/"), ask(site, "/incidents/", Accept_Encoding="gzip;q=0.5, br")

    assert brotli.decompress(compressed.body) == plain.body
    assert compressed["Content-Encoding"] == "br"
    assert compressed["ETag"] != plain["ETag"]
    assert compressed["Vary"] == plain["Vary"] == "Accept-Encoding"


def test_stray_cookies_change_nothing(site: FastLane, asked: list[str]) -> None:
    plain = ask(site, "/incidents/")

    assert ask(site, "/incidents/", Cookie="_ga=GA1.2.3; consent=yes") == plain
    assert asked == ["/incidents/"]


def test_session_of_an_editor_changes_nothing(site: FastLane) -> None:
    client = Client()
    client.force_login(make_editor("Author"))
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())

    with_session = ask(site, "/about/", Cookie=cookie)

    assert "sessionid" in cookie
    assert with_session == ask(site, "/about/")
    assert b"COOKIE" not in with_session.body


def test_django_learns_nothing_of_the_visitor_of_a_public_page(site: FastLane) -> None:
    answer = ask(
        site,
        "/about/?q=a",
        Cookie="sessionid=x",
        User_Agent="Mozilla",
        Accept_Language="de",
        X_Forwarded_Host="evil.example",
        If_None_Match='"a"',
        Range="bytes=0-1",
        Accept="text/html",
    )

    assert answer.status == 200
    assert answer.body.decode().splitlines() == ["q=a", "HTTP_ACCEPT=text/html", "HTTP_HOST=127.0.0.1:8000"]


@pytest.mark.parametrize("path", ["/accounts/", "/partners/"])
def test_private_and_unknown_addresses_pass_untouched(site: FastLane, path: str) -> None:
    answer = ask(site, f"{path}?x=1", Cookie="sessionid=x", Accept_Language="de")

    assert answer.body.decode().splitlines() == [
        "x=1",
        "HTTP_ACCEPT_LANGUAGE=de",
        "HTTP_COOKIE=sessionid=x",
        "HTTP_HOST=testserver",
    ]
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("page", ["cookie", "private", "varied", "stream", "broken"])
def test_page_that_is_not_for_everybody_is_not_kept(site: FastLane, asked: list[str], page: str) -> None:
    answers = [ask(site, f"/tags/{page}/") for _ in range(2)]

    assert asked == [f"/tags/{page}/"] * 2
    assert answers[0] == answers[1] == ask(site.django, f"/tags/{page}/")


@pytest.mark.parametrize("page", ["cookie", "private", "broken"])
def test_page_that_is_not_for_everybody_is_not_to_be_kept_elsewhere(site: FastLane, page: str) -> None:
    assert "private" in ask(site, f"/tags/{page}/")["Cache-Control"]


def test_missing_page_is_not_kept(site: FastLane, asked: list[str]) -> None:
    assert [ask(site, "/tags/none/").status for _ in range(2)] == [404, 404]
    assert asked == ["/tags/none/"] * 2


def test_filters_in_another_order_are_the_same_page(site: FastLane, asked: list[str]) -> None:
    ask(site, "/incidents/?year=2025&q=bank&severity=")

    assert ask(site, "/incidents/?q=bank&year=2025").status == 200
    assert asked == ["/incidents/?q=bank&year=2025"]


def test_unknown_parameters_are_passed_on_and_not_kept(site: FastLane, asked: list[str]) -> None:
    for number in range(3):
        ask(site, f"/incidents/?utm_source=news&utm_id={number}")

    assert asked == [f"/incidents/?utm_source=news&utm_id={number}" for number in range(3)]
    assert not site.pages.kept


def test_many_searches_stay_within_the_room(site: FastLane) -> None:
    site.pages.room_bytes = 50_000

    for number in range(60):
        ask(site, f"/incidents/?q={number}")

    assert 0 < site.pages.size <= 50_000
    assert list(site.pages.kept)[-1][2] == "q=59"


def test_page_is_kept_once_whatever_name_and_port_it_is_asked_under(site: FastLane, asked: list[str]) -> None:
    hosts = ["testserver", "LOCALHOST", *(f"localhost:{port}" for port in range(1, 30))]

    answers = [ask(site, "/incidents/", Host=host) for host in hosts]

    assert answers == answers[:1] * len(hosts)
    assert asked == ["/incidents/"]
    assert len(site.pages.kept) == 1


def test_page_by_https_is_another_page(site: FastLane, asked: list[str]) -> None:
    ask(site, "/incidents/")
    ask(site, "/incidents/", extra={"wsgi.url_scheme": "https"})

    assert len(asked) == 2


@pytest.mark.parametrize("address", ["/about/", "/about/?utm_id=1"])
def test_page_cannot_hold_the_host_it_was_asked_under(site: FastLane, address: str) -> None:
    page = ask(site, address, Host="localhost:54321").body.decode()

    assert "localhost" not in page
    assert "HTTP_HOST=127.0.0.1:8000" in page


def test_foreign_host_name_is_refused(site: FastLane) -> None:
    ask(site, "/incidents/")

    for host in ("evil.example", "testserver@evil.example", "testserver,evil.example", "", "testserver:80:80"):
        assert ask(site, "/incidents/", Host=host).status == 400


@pytest.mark.parametrize(
    "path",
    ["//incidents/", "/incidents//", "/incidents/\0", "/incidents/\xc3\xa9", "/incidents/%2e", "incidents/", "*", ""],
)
def test_unusual_path_is_left_to_django(site: FastLane, asked: list[str], path: str) -> None:
    answer = ask(site, path, Cookie="a=b")

    assert answer.status in (200, 301, 404)
    assert asked == [path]
    assert not site.pages.kept


@pytest.mark.parametrize(
    "extra",
    [
        {"SCRIPT_NAME": "/below"},
        {"HTTP_AUTHORIZATION": "Basic eDp5"},
        {"CONTENT_LENGTH": "3"},
        {"HTTP_TRANSFER_ENCODING": "chunked"},
        {"REQUEST_METHOD": "POST"},
        {"REQUEST_METHOD": "OPTIONS"},
    ],
)
def test_unusual_request_is_left_to_django(site: FastLane, asked: list[str], extra: dict[str, str]) -> None:
    ask(site, "/incidents/")

    ask(site, "/incidents/", extra=extra)

    assert asked == ["/incidents/"] * 2


def test_database_that_does_not_answer_is_left_to_django(
    site: FastLane, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise connection.Database.OperationalError("disk I/O error")  # type: ignore[attr-defined]

    monkeypatch.setattr("portal.fastlane.stored.open_reader", refuse)
    with caplog.at_level(logging.WARNING):
        answer = ask(site, "/incidents/", Cookie="sessionid=x")

    assert answer.status == 200
    assert not site.pages.kept
    assert "The fast lane cannot read the database: disk I/O error" in caplog.text


def test_connection_that_broke_is_replaced(site: FastLane) -> None:
    ask(site, "/incidents/")
    site.stored.spare[-1].close()

    assert [ask(site, "/incidents/").status for _ in range(2)] == [200, 200]
    assert len(site.stored.spare) == 1


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""),
        ("q=", ""),
        ("q=a+b&q=c", "q=a+b&q=c"),
        ("year=2025&severity=high&severity=critical", "severity=high&severity=critical&year=2025"),
        ("q=%C3%A9", "q=%C3%A9"),
        ("page=2", None),
        ("q=a&utm_source=b", None),
        ("q=%00", None),
        ("q=\xe9", None),
        ("q=" + "a" * 2000, None),
        ("&".join(["q=a"] * 50), None),
    ],
)
def test_canonical_query(query: str, canonical: str | None) -> None:
    assert canonical_query(query) == canonical


def page_of(size: int) -> Page:
    """A page whose body has this many bytes."""
    return Page("text/plain", (), '"a"', "", {"": b"x" * size})


def test_cache_forgets_what_was_used_least_recently() -> None:
    cache = PageCache(room_bytes=20_008)  # room for eight
    for name in "abc":
        cache.put((name,), page_of(500), edition=1)
    cache.get(("a",), 1)

    for name in "defghij":
        cache.put((name,), page_of(500), edition=1)

    assert [key[0] for key in cache.kept] == ["a", "d", "e", "f", "g", "h", "i", "j"]


def test_cache_keeps_no_page_that_would_fill_it() -> None:
    cache = PageCache(room_bytes=40_000)

    cache.put(("a",), page_of(6_000), edition=1)

    assert cache.get(("a",), 1) is None


def test_cache_knows_its_size_when_pages_are_replaced() -> None:
    cache = PageCache(room_bytes=40_000)

    for size in (3_000, 100, 2_000):
        cache.put(("a",), page_of(size), edition=1)

    assert cache.size == sum(kept.size for kept in cache.kept.values()) == 4_001


def test_cache_takes_nothing_of_an_older_edition() -> None:
    cache = PageCache(room_bytes=40_000)
    cache.put(("a",), page_of(1), edition=2)

    cache.put(("b",), page_of(1), edition=1)

    assert [cache.get((name,), edition) is None for name, edition in (("a", 1), ("a", 2), ("b", 1), ("b", 2))] == [
        True,
        False,
        True,
        True,
    ]


def test_cache_keeps_a_page_for_a_few_minutes() -> None:
    now = [0.0]
    cache = PageCache(room_bytes=40_000, clock=lambda: now[0])
    cache.put(("a",), page_of(1), edition=1)

    now[0] = MOST_SECONDS
    kept = cache.get(("a",), 1)
    now[0] += 1

    assert kept is not None
    assert cache.get(("a",), 1) is None


def test_card_may_be_framed_when_it_comes_from_memory_too(lane: FastLane) -> None:
    advisory = make_published()
    first = ask(lane, f"/incidents/{advisory.public_id}/card/")

    kept = ask(lane, f"/incidents/{advisory.public_id}/card/")
    known = ask(lane, f"/incidents/{advisory.public_id}/card/", if_none_match=first["ETag"])

    assert kept == first
    assert [("x-frame-options" in one.headers, one.status) for one in (first, known)] == [(False, 200), (False, 304)]
    assert "frame-ancestors *" in known["Content-Security-Policy"]
    assert ask(lane, f"/incidents/{advisory.public_id}/")["X-Frame-Options"] == "DENY"
