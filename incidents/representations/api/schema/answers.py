"""What operations answer, by status, as the OpenAPI document says it."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from incidents.representations.api.problems import MEDIA_TYPE as PROBLEM_TYPE
from incidents.representations.api.problems import Kind
from incidents.representations.api.retirement import Retirement
from incidents.representations.api.schema.components import Schema, ref

LIMIT_HEADERS = ("RateLimit", "RateLimit-Policy")
VALIDATORS = ("ETag", "Last-Modified")
OF_STATUS = {401: ("WWW-Authenticate",), 429: (*LIMIT_HEADERS, "Retry-After"), 503: ("Retry-After",)}
"""Headers that refusals come with."""


def headers(*names: str) -> dict[str, Schema]:
    """References to what is said about headers."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def retirement_headers(retirement: Retirement | None) -> dict[str, Schema]:
    """The headers that say that an address goes."""
    if retirement is None:
        return {}
    told = {"Deprecation": "From when on it should not be used any more, as @ and seconds since 1970 (RFC 9745)."}
    if retirement.sunset_at is not None:
        told["Sunset"] = "From when on it may answer no more (RFC 8594)."
    return {name: {"description": meaning, "schema": {"type": "string"}} for name, meaning in told.items()}


def refusals(kinds: Iterable[Kind]) -> dict[str, Schema]:
    """The answers that are problem documents, by status; each names the kinds it may be."""
    by_status: dict[int, list[Kind]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind)
    return {str(status): refusal(status, found) for status, found in by_status.items()}


def refusal(status: int, kinds: list[Kind]) -> Schema:
    """One of those answers."""
    examples = {kind.name: {"$ref": f"#/components/examples/{kind.name}"} for kind in kinds}
    said: dict[str, Any] = {
        "description": f"{HTTPStatus(status).phrase}: {', '.join(kind.name for kind in kinds)}.",
        "content": {PROBLEM_TYPE: {"schema": ref("ProblemDocument"), "examples": examples}},
    }
    return {**said, "headers": headers(*OF_STATUS[status])} if status in OF_STATUS else said
