"""HTTP's small print: which coding a client takes, and whether it has the page already (RFC 9110)."""

import gzip
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import brotli
from django.utils.http import parse_etags, parse_http_date_safe

IDENTITY = ""
CODINGS = ("br", "gzip", IDENTITY)
"""What we can send, what we like best first."""

LEAST_WORTH_COMPRESSING = 200
"""In bytes; below, the headers of a coding cost more than it saves."""

COMPRESSIBLE = (
    "text/",
    "application/json",
    "application/xml",
    "application/yaml",
    "application/javascript",
    "image/svg+xml",
)
COMPRESSIBLE_SUFFIXES = ("+json", "+xml")
BROTLI_QUALITY = 4
GZIP_LEVEL = 6


@lru_cache(maxsize=512)
def choose_coding(accepted: str) -> str:
    """The coding to answer with, given the Accept-Encoding of a request (section 12.5.3); identity when in doubt."""
    weights = read_weights(accepted.lower())
    anything = weights.get("*")
    offers = {coding: weights.get(coding, weights.get(f"x-{coding}", anything or 0.0)) for coding in CODINGS[:-1]}
    # Identity is acceptable unless refused, but only a client that names it prefers it to a coding.
    offers[IDENTITY] = weights.get("identity", 0.0)
    best = max(CODINGS, key=offers.__getitem__)
    return best if offers[best] > 0 else IDENTITY


def read_weights(accepted: str) -> dict[str, float]:
    """The weight of each coding in a lower-case Accept-Encoding; what cannot be read counts as not accepted."""
    weights: dict[str, float] = {}
    for part in accepted.split(","):
        name, _, parameter = part.partition(";")
        key, _, number = parameter.strip().partition("=")
        if name.strip():
            weights[name.strip()] = read_weight(number) if key.strip() == "q" else float(not parameter.strip())
    return weights


def read_weight(number: str) -> float:
    """A quality value between 0 and 1; 0 for what is none."""
    try:
        weight = float(number)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0


def may_have(coding: str, body: bytes, media_type: str) -> bool:
    """Whether a body of this type is worth sending in a coding."""
    return coding != IDENTITY and len(body) >= LEAST_WORTH_COMPRESSING and is_compressible(media_type)


def encode_body(body: bytes, coding: str) -> bytes:
    """The body in a coding; the same body gives the same bytes."""
    if coding == "br":
        packed: bytes = brotli.compress(body, quality=BROTLI_QUALITY)
        return packed
    return gzip.compress(body, compresslevel=GZIP_LEVEL, mtime=0)


def is_compressible(media_type: str) -> bool:
    """Whether bytes of this type are text of some kind."""
    kind = media_type.partition(";")[0].strip().lower()
    return kind.startswith(COMPRESSIBLE) or kind.endswith(COMPRESSIBLE_SUFFIXES)


def etag_of(etag: str, coding: str) -> str:
    """The validator of the bytes in this coding: each coding has its own (section 8.8.3.3).

    Args:
        etag: the quoted validator of the bytes without any coding.
        coding: `br`, `gzip` or the empty string.
    """
    return f'{etag[:-1]}-{coding}"' if coding else etag


def check_conditions(environ: Mapping[str, Any], etag: str, modified: str) -> int:
    """The status of an answer to GET or HEAD, given the request's conditions (section 13.2.2): 200, 304 or 412.

    Args:
        environ: the WSGI environment.
        etag: the validator of the bytes that would be sent.
        modified: their Last-Modified date, or the empty string.
    """
    if "HTTP_IF_MATCH" in environ:
        wanted = parse_etags(environ["HTTP_IF_MATCH"])
        if wanted != ["*"] and etag not in wanted:
            return 412
    elif "HTTP_IF_UNMODIFIED_SINCE" in environ and is_newer(modified, environ["HTTP_IF_UNMODIFIED_SINCE"]):
        return 412
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None:
        return 304 if known == etag or is_known(etag, known) else 200
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if since is None or not modified or parse_http_date_safe(since) is None:
        return 200
    return 200 if is_newer(modified, since) else 304


def is_known(etag: str, known: str) -> bool:
    """Whether an If-None-Match holds this validator, compared weakly (section 13.1.2)."""
    tags = parse_etags(known)
    return tags == ["*"] or etag.removeprefix("W/") in {tag.removeprefix("W/") for tag in tags}


def is_newer(modified: str, than: str) -> bool:
    """Whether an HTTP date lies after another; not when either is no date."""
    first, second = parse_http_date_safe(modified), parse_http_date_safe(than)
    return first is not None and second is not None and first > second
