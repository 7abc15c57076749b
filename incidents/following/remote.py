"""The portal that is followed, in its own words: what it calls itself, and pages of `changes`."""

import hashlib
import re
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

import msgspec

from incidents.following.faults import CursorRefused, KeyRefused, NotAPortal, WrongAnswer
from incidents.following.fetching import Fetcher, Refused

API = "/api/v1/"
CHANGES = f"{API}changes/"
EXPORTS = f"{API}exports/"
MOST_ROWS = 200
EXPORTED = "exported"
"""The event of a release that came with an export, which tells the last of each advisory and nothing of those before."""
_PATHS = ("", API.strip("/"), CHANGES.strip("/"))
_CURSOR_PROBLEMS = ("invalid-cursor", "unknown-cursor", "clearance-raised", "history-replaced")
_KEY_STATUSES = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_UNKNOWN_PARAMETER = "invalid-parameters"
_EXPORT = ("advisories", "ndjson", "gzip")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,200}", re.ASCII)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One release as `changes` tells it; `document` has its bytes as they stood in the answer, and is empty in a slim one."""

    event: str
    id: str
    number: int
    kind: str
    significance: str
    reason: str
    released_at: str
    tlp: str
    changed: list[str]
    sha256: str
    merged_into: str
    document: msgspec.Raw = msgspec.Raw()


class Page(msgspec.Struct, frozen=True):
    """A page of releases in the portal's order, where to go on, and whether there is no more for now."""

    data: list[Told]
    next: str
    end: bool


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """A file with everything that was released until the cursor `after`, and its SHA-256."""

    content: str
    format: str
    compression: str
    file: str
    bytes: int
    sha256: str
    rows: int
    after: str


class _Exports(msgspec.Struct, frozen=True):
    data: list[Export]


class _ProblemDocument(msgspec.Struct, frozen=True):
    type: str = ""
    title: str = ""
    detail: str = ""


class RemotePortal:
    """A portal at an address.

    Args:
        address: of the portal, such as `https://advisories.example.org`.
        fetcher: asks for its pages.

    Raises:
        NotAPortal: this is no address of a portal.
    """

    def __init__(self, address: str, fetcher: Fetcher) -> None:
        self.address = origin_of(address)
        self.fetcher = fetcher
        self.knows_waiting = True

    def name(self) -> str:
        """The address by which the portal calls itself, which need not be the one it was asked at.

        Raises:
            NotAPortal: there is no API there that can be followed.
            KeyRefused: it does not take the key.
            Unreachable: nobody answers.
        """
        try:
            found = msgspec.json.decode(self.fetcher.fetch(self.address + API), type=dict[str, str])
        except Refused as refused:
            if self.fetcher.key and refused.status in _KEY_STATUSES:
                raise KeyRefused(f"{self.address} does not take the key: {_said(refused)}.") from None
            raise NotAPortal(f"{self.address} is no portal: {self.address}{API} answers {refused.status}.") from None
        except msgspec.DecodeError:
            raise NotAPortal(f"{self.address} is no portal: {self.address}{API} is not the index of its API.") from None
        if not found.get("changes", "").endswith(CHANGES):
            raise NotAPortal(f"{self.address} has an API that names no changes to follow.")
        return found["changes"].removesuffix(CHANGES)

    def changes(self, *, after: str, limit: int = MOST_ROWS, is_slim: bool = False, wait: int = 0) -> Page:
        """The releases after a cursor; from the beginning where it is empty.

        Args:
            after: the cursor.
            limit: how many at most.
            is_slim: whether without documents.
            wait: how many seconds the portal may take to answer where there are none yet. One that does not know waiting is
                asked again without, and not asked to wait any more.

        Raises:
            CursorRefused: the portal does not know the cursor, or the caller may see more by now than it was made for.
            WrongAnswer: the answer is none, its documents have another SHA-256 than it says, or it leads nowhere.
            Unreachable: nobody answers.
        """
        wait = wait if self.knows_waiting else 0
        asked = {"limit": limit} | ({"after": after} if after else {}) | ({"slim": 1} if is_slim else {})
        asked |= {"wait": wait} if wait else {}
        try:
            page = msgspec.json.decode(self.fetcher.fetch(f"{self.address}{CHANGES}?{urlencode(asked)}"), type=Page)
        except Refused as refused:
            if wait and _kind_of(refused) == _UNKNOWN_PARAMETER:
                self.knows_waiting = False
                return self.changes(after=after, limit=limit, is_slim=is_slim)
            raise _as_fault(refused) from None
        except msgspec.DecodeError as error:
            raise WrongAnswer(f"{self.address}{CHANGES} answers what cannot be read: {error}.") from None
        if not page.next or (not page.end and page.next == after):
            raise WrongAnswer(f"{self.address}{CHANGES} says that there is more, and not where.")
        if not is_slim:
            _check_documents(page)
        return page

    def newest_export(self) -> Export | None:
        """The newest export that a copy can begin with; None where there is none.

        Raises:
            WrongAnswer: the list of exports cannot be read.
            Unreachable: nobody answers.
        """
        try:
            found = msgspec.json.decode(self.fetcher.fetch(self.address + EXPORTS), type=_Exports).data
        except Refused as refused:
            raise WrongAnswer(f"{self.address}{EXPORTS} answers {refused.status}.") from None
        except msgspec.DecodeError as error:
            raise WrongAnswer(f"{self.address}{EXPORTS} answers what cannot be read: {error}.") from None
        fitting = (one for one in found if (one.content, one.format, one.compression) == _EXPORT)
        export = next(fitting, None)
        if export and not (_FILE.fullmatch(export.file) and export.after):
            raise WrongAnswer(f"{self.address}{EXPORTS} names an export that is none.")
        return export

    def address_of(self, export: Export) -> str:
        """Where an export is, at the address that the portal was asked at."""
        return f"{self.address}{EXPORTS}{export.file}"


def origin_of(address: str) -> str:
    """The origin of a portal, from its address or that of its API.

    Raises:
        NotAPortal: it is neither.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    is_web = parts.scheme in ("http", "https") and parts.netloc
    if not is_web or parts.path.strip("/") not in _PATHS:
        raise NotAPortal(f"“{address}” is no address of a portal; give one such as https://advisories.example.org")
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise NotAPortal(
            f"“{address}” says more than the address of a portal; give one such as https://{parts.hostname}"
        )
    return f"{parts.scheme}://{parts.netloc}"


def _check_documents(page: Page) -> None:
    for told in page.data:
        if hashlib.sha256(told.document).hexdigest() != told.sha256:
            raise WrongAnswer(f"{told.id}, release {told.number}: the document is not the one that its SHA-256 names.")


def _said(refused: Refused) -> str:
    problem = _read_problem(refused)
    return f"{problem.title}. {problem.detail}".strip(". ") or f"it answers {refused.status}"


def _as_fault(refused: Refused) -> CursorRefused | WrongAnswer:
    said = _said(refused)
    if _kind_of(refused) in _CURSOR_PROBLEMS:
        return CursorRefused(
            f"The portal does not go on from this copy’s cursor: {said}. Begin a copy in another file."
        )
    return WrongAnswer(f"The portal refuses to tell its changes: {said}.")


def _kind_of(refused: Refused) -> str:
    return _read_problem(refused).type.rstrip("/").rpartition("/")[2]


def _read_problem(refused: Refused) -> _ProblemDocument:
    try:
        return msgspec.json.decode(refused.body, type=_ProblemDocument)
    except msgspec.DecodeError:
        return _ProblemDocument()
