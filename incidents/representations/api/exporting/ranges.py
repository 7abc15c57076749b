"""A file as an answer, whole or a part of it (RFC 9110, section 14), without ever holding more than a piece in memory."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from rest_framework.request import Request

from incidents.representations.api.problems import RANGE_NOT_SATISFIABLE, Problem, problem_answer

PIECE = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def file_answer(request: Request, path: Path, *, etag: str, media_type: str) -> HttpResponseBase:
    """The file, the part of it that is asked for, 304 where the client has it, or 416 where there is no such part.

    Args:
        request: what is answered.
        path: of the file, which never changes.
        etag: strong, with its quotation marks.
        media_type: of the file.
    """
    size = path.stat().st_size
    wanted = wanted_range(request, size, etag)
    if wanted == (0, 0) and size:
        refusal = problem_answer(Problem(RANGE_NOT_SATISFIABLE, f"The file has {size} bytes."))
        refusal.headers["Content-Range"] = f"bytes */{size}"
        return refusal
    start, end = wanted or (0, size)
    response = StreamingHttpResponse(
        pieces(path, start, end) if request.method != "HEAD" else (),
        content_type=media_type,
        status=206 if wanted else 200,
    )
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Length"] = str(end - start)
    if wanted:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    # the function sets headers only, which every kind of response has
    return get_conditional_response(request._request, etag=etag, response=response) or response  # type: ignore[arg-type]


def wanted_range(request: Request, size: int, etag: str) -> tuple[int, int] | None:
    """The part that is asked for, from and up to but without; (0, 0) where there is no such part; None for the whole.

    Several ranges, other units and what cannot be read mean the whole (section 14.2), and so does `If-Range` with another
    validator than the file's (section 13.1.5).
    """
    found = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if request.method != "GET" or not found or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = found.groups()
    if not first:
        return (max(0, size - int(last)), size) if last and int(last) else (0, 0) if last else None
    if last and int(last) < int(first):
        return None
    return (int(first), min(size, int(last or size) + 1)) if int(first) < size else (0, 0)


def pieces(path: Path, start: int, end: int) -> Iterator[bytes]:
    """The bytes of a file from one place to another."""
    with path.open("rb") as file:
        file.seek(start)
        while start < end and (piece := file.read(min(PIECE, end - start))):
            start += len(piece)
            yield piece
