"""RFC 9110: codings (section 12.5.3), validators (8.8.3) and conditions (13.2.2)."""

import gzip

import brotli
import pytest

from portal.fastlane.negotiate import check_conditions, choose_coding, encode_body, etag_of, may_have

SUNDAY = "Sun, 26 Jan 2025 10:00:00 GMT"
MONDAY = "Mon, 27 Jan 2025 10:00:00 GMT"
TUESDAY = "Tue, 28 Jan 2025 10:00:00 GMT"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("*", "br"),
        ("*;q=0.1, gzip", "gzip"),
        ("br;q=0, *", "gzip"),
        ("gzip;q=0.9, br;q=0.8", "gzip"),
        ("gzip; q=0.9 , br ;q=1.0", "br"),
        ("identity, gzip;q=0.5", ""),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0", ""),
        ("gzip;q=0", ""),
        ("gzip;q=high", ""),
        ("gzip;q=nan", ""),
        ("gzip;q=7", ""),
        ("gzip;level=9", ""),
        ("deflate, zstd", ""),
        (",;,=;q", ""),
    ],
)
def test_coding(accepted: str, coding: str) -> None:
    assert choose_coding(accepted) == coding


def test_a_body_is_compressed_the_same_each_time() -> None:
    body = b"Lorem ipsum. " * 100

    assert gzip.decompress(encode_body(body, "gzip")) == body
    assert brotli.decompress(encode_body(body, "br")) == body
    assert encode_body(body, "gzip") == encode_body(body, "gzip")


@pytest.mark.parametrize(
    ("coding", "body", "media_type", "is_worth_while"),
    [
        ("br", b"short", "text/plain", False),
        ("br", b"x" * 500, "image/png", False),
        ("", b"x" * 500, "text/html; charset=utf-8", False),
        ("br", b"x" * 500, "text/html; charset=utf-8", True),
        ("gzip", b"x" * 500, "application/atom+xml", True),
        ("br", b"x" * 500, "application/schema+json", True),
        ("br", b"x" * 500, "image/svg+xml", True),
    ],
)
def test_only_text_of_some_length_is_compressed(
    coding: str, body: bytes, media_type: str, is_worth_while: bool
) -> None:
    assert may_have(coding, body, media_type) == is_worth_while


@pytest.mark.parametrize(
    ("etag", "coding", "validator"),
    [('"a"', "", '"a"'), ('"a"', "br", '"a-br"'), ('"a"', "gzip", '"a-gzip"'), ('W/"a"', "br", 'W/"a-br"')],
)
def test_each_coding_has_its_own_validator(etag: str, coding: str, validator: str) -> None:
    assert etag_of(etag, coding) == validator


@pytest.mark.parametrize(
    ("conditions", "status"),
    [
        ({}, 200),
        ({"IF_NONE_MATCH": '"a"'}, 304),
        ({"IF_NONE_MATCH": '"b", W/"a"'}, 304),
        ({"IF_NONE_MATCH": "*"}, 304),
        ({"IF_NONE_MATCH": '"a-br"'}, 200),
        ({"IF_NONE_MATCH": "a"}, 200),
        ({"IF_NONE_MATCH": ""}, 200),
        ({"IF_MODIFIED_SINCE": MONDAY}, 304),
        ({"IF_MODIFIED_SINCE": TUESDAY}, 304),
        ({"IF_MODIFIED_SINCE": SUNDAY}, 200),
        ({"IF_MODIFIED_SINCE": "yesterday"}, 200),
        ({"IF_NONE_MATCH": '"b"', "IF_MODIFIED_SINCE": TUESDAY}, 200),
        ({"IF_MATCH": '"a"'}, 200),
        ({"IF_MATCH": "*"}, 200),
        ({"IF_MATCH": '"b"'}, 412),
        ({"IF_MATCH": '"b"', "IF_NONE_MATCH": '"a"'}, 412),
        ({"IF_UNMODIFIED_SINCE": MONDAY}, 200),
        ({"IF_UNMODIFIED_SINCE": SUNDAY}, 412),
        ({"IF_UNMODIFIED_SINCE": "yesterday"}, 200),
    ],
)
def test_conditions(conditions: dict[str, str], status: int) -> None:
    environ = {f"HTTP_{name}": value for name, value in conditions.items()}

    assert check_conditions(environ, '"a"', MONDAY) == status


def test_page_without_a_date_is_sent_whatever_the_client_knows_since() -> None:
    assert check_conditions({"HTTP_IF_MODIFIED_SINCE": TUESDAY}, '"a"', "") == 200
