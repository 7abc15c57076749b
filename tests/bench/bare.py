"""The least that a Python server can do: the bytes of a file, from memory, whoever asks."""

import mimetypes
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

FOLDER = Path(os.environ.get("BENCH_FILES", "."))
ANSWERS = {
    f"/{path.name}": (
        [
            ("Content-Type", mimetypes.guess_type(path.name)[0] or "application/octet-stream"),
            ("Content-Length", str(path.stat().st_size)),
        ],
        path.read_bytes(),
    )
    for path in FOLDER.glob("*.html")
}


def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Answer."""
    headers, body = ANSWERS[environ["PATH_INFO"]]
    start_response("200 OK", headers)
    return [body]
