"""One answer over HTTP, with patience: what may pass is waited for and asked again, as long as the server wishes.

`urllib` of the standard library does the asking: one address at a time is all that is needed, it verifies certificates, and
knows the proxies of the environment.
"""

import datetime as dt
import random
import ssl
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import closing
from email.message import Message
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage, HTTPResponse
from ipaddress import ip_address
from pathlib import Path
from typing import IO, Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from incidents.following.faults import Unreachable, UnusableFile

TIMEOUT_SECONDS = 60.0
PATIENCE_SECONDS = 600.0
LONGEST_PAUSE_SECONDS = 60.0
AUTHORIZATION = "Authorization"
MOST_BYTES = 512 * 1024 * 1024
PIECE = 256 * 1024
HEADERS = {"User-Agent": "tocsin-follow/1", "Accept-Encoding": "gzip", "Accept": "application/json"}
PASSING = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}


Answer = TypeVar("Answer")


class Refused(Exception):
    """The server answered with an error that asking again does not mend.

    Attributes:
        status: of the answer.
        body: of the answer; a problem document (RFC 9457) if it was the API.
    """

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.body = body


class Passing(Exception):
    """No answer for now. `seconds` is how long the server asks to wait; None where it does not say."""

    def __init__(self, why: str, seconds: float | None = None) -> None:
        super().__init__(why)
        self.seconds = seconds


class Fetcher:
    """Fetches addresses of one server.

    Args:
        patience: how many seconds to wait in all for one answer, pauses counted; infinity never gives up.
        pause: waits that many seconds.
        on_pause: told the reason and the seconds before each pause.
        key: of a partner, sent along (RFC 6750, section 2.1) over TLS or within this machine, and to no other address.
    """

    def __init__(
        self,
        *,
        patience: float = PATIENCE_SECONDS,
        pause: Callable[[float], object] = time.sleep,
        on_pause: Callable[[str, float], object] = lambda why, seconds: None,
        key: str = "",
    ) -> None:
        self.key = key
        self.patience = patience
        self.pause = pause
        self.on_pause = on_pause
        self._opener = build_opener(_StayOnHttps)
        self._has_answered = False

    def fetch(self, address: str) -> bytes:
        """The body of the answer.

        Raises:
            Refused: the server refuses for good.
            Unreachable: there is nobody to ask, the certificate is wrong, or patience has run out. Before the server has
                answered anything, a connection that fails is not tried again: it is more likely a slip of the pen.
        """
        return self._patiently(lambda: self._ask(self._request(address, HEADERS), read_body))

    def download(self, address: str, path: Path, *, on_progress: Callable[[int], object] = lambda size: None) -> None:
        """Bring a file that never changes, or what lacks of it; memory does not grow with it.

        Args:
            address: of the file.
            path: where it is kept; what stands there already is its beginning.
            on_progress: told how many bytes came.

        Raises:
            Refused: the server refuses for good.
            Unreachable: as in `fetch`.
            OSError: the file cannot be written.
        """

        def ask() -> None:
            present = path.stat().st_size if path.exists() else 0
            headers = {**HEADERS, "Accept-Encoding": "identity", "Range": f"bytes={present}-"}
            self._ask(self._request(address, headers), lambda response: write_body(response, path, on_progress))

        self._patiently(ask)

    def _request(self, address: str, headers: Mapping[str, str]) -> Request:
        request = Request(address, headers=dict(headers))  # noqa: S310
        if self.key:
            if request.type != "https" and not is_own_machine(urlsplit(address).hostname or ""):
                raise Unreachable(f"{address} is not encrypted, so the key is not sent there: give its https address.")
            request.add_unredirected_header(AUTHORIZATION, f"Bearer {self.key}")
        return request

    def _patiently(self, ask: Callable[[], Answer]) -> Answer:
        waited, attempt = 0.0, 0
        while True:
            try:
                return ask()
            except Passing as passing:
                seconds = backoff(attempt) if passing.seconds is None else passing.seconds
                if waited + seconds > self.patience:
                    raise Unreachable(f"{passing}; gave up after {waited:.0f} s of waiting.") from None
                self.on_pause(str(passing), seconds)
                self.pause(seconds)
                waited, attempt = waited + seconds, attempt + 1

    def _ask(self, request: Request, read: Callable[[HTTPResponse], Answer]) -> Answer:
        host = urlsplit(request.full_url).netloc
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                self._has_answered = True
                return read(response)
        except HTTPError as error:
            self._has_answered = True
            with error:
                if error.code in PASSING:
                    raise Passing(f"{host} answers {error.code}", retry_after(error.headers)) from None
                raise Refused(error.code, read_refusal(error)) from None
        except (OSError, HTTPException) as error:
            reason = error.reason if isinstance(error, URLError) else error
            if isinstance(reason, ssl.SSLCertVerificationError):
                why = f"The certificate of {host} is not to be trusted: {reason.verify_message}. SSL_CERT_FILE names "
                raise Unreachable(why + "the authorities that are believed.") from None
            if not self._has_answered:
                raise Unreachable(f"{host} cannot be reached: {reason}.") from None
            raise Passing(f"{host} cannot be reached: {reason}") from None


def read_body(response: HTTPResponse | HTTPError) -> bytes:
    """The whole body, decompressed.

    Raises:
        Passing: it was cut off.
        Unreachable: it is larger than any page of a portal.
    """
    packed = response.read(MOST_BYTES + 1)
    announced = response.headers.get("Content-Length")
    if announced is not None and len(packed) < int(announced):
        raise Passing("The answer was cut off")
    if response.headers.get("Content-Encoding") != "gzip":
        body, is_whole = packed, True
    else:
        unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            body = unpacking.decompress(packed, MOST_BYTES + 1)
        except zlib.error:
            raise Passing("The answer was damaged on its way") from None
        is_whole = unpacking.eof
    if len(body) > MOST_BYTES:
        raise Unreachable("The answer is larger than a page of a portal can be.")
    if not is_whole:
        raise Passing("The answer was cut off")
    return body


def write_body(response: HTTPResponse, path: Path, on_progress: Callable[[int], object]) -> None:
    """Add the part that was asked for to a file; begin it anew where the whole came instead.

    Raises:
        Passing: it was cut off; what came is kept.
        UnusableFile: the file cannot be written.
    """
    announced = int(response.headers.get("Content-Length") or -1)
    try:
        file = path.open("ab" if response.status == HTTPStatus.PARTIAL_CONTENT else "wb")
    except OSError as error:
        raise UnusableFile(f"{path}: cannot be written ({error.strerror}).") from None
    came = 0
    with closing(file):
        while piece := response.read(PIECE):
            try:
                file.write(piece)
            except OSError as error:
                raise UnusableFile(f"{path}: cannot be written ({error.strerror}).") from None
            came += len(piece)
            on_progress(len(piece))
    if came < announced:
        raise Passing("The answer was cut off")


def read_refusal(error: HTTPError) -> bytes:
    """What an error says, as far as it can be read; it only explains."""
    try:
        return read_body(error)
    except (OSError, HTTPException, Passing):
        return b""


def backoff(attempt: int) -> float:
    """How long to wait after this many failures: doubling, up to a minute, spread so that followers do not come all at once."""
    longest = min(LONGEST_PAUSE_SECONDS, 2.0**attempt)
    return random.SystemRandom().uniform(longest / 2, longest)


def retry_after(headers: Message) -> float | None:
    """The seconds that `Retry-After` asks for, as a number or as a time (RFC 9110, section 10.2.3); None without it."""
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return max(0.0, (aware - dt.datetime.now(dt.UTC)).total_seconds())


def is_own_machine(host: str) -> bool:
    """Whether what is sent to a host does not leave this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class _StayOnHttps(HTTPRedirectHandler):
    """Follows redirects, but never from a protected connection to one that is not, nor with a key: it is not for others, and
    what is told without it is not what was asked for.
    """

    def redirect_request(  # noqa: PLR0917  as the standard library has it
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Any:
        """The request to go on with, or an error."""
        if req.type == "https" and not newurl.startswith("https:"):
            fp.close()
            raise Unreachable(f"{req.full_url} leads to an address without encryption: {newurl}")
        if req.has_header(AUTHORIZATION):
            fp.close()
            raise Unreachable(f"{req.full_url} leads to {newurl}, where the key is not sent: give the address there.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)
