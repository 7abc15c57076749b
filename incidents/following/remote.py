"""The portal that is followed, in its own words: what it calls itself, and pages of `changes`."""

import hashlib
from urllib.parse import urlencode, urlsplit

import msgspec

from incidents.following.faults import CursorRefused, NotAPortal, WrongAnswer
from incidents.following.fetching import Fetcher, Refused

API = "/api/v1/"
CHANGES = f"{API}changes/"
MOST_ROWS = 200
_PATHS = ("", API.strip("/"), CHANGES.strip("/"))
_CURSOR_PROBLEMS = ("invalid-cursor", "unknown-cursor", "clearance-raised")


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

    def name(self) -> str:
        """The address by which the portal calls itself, which need not be the one it was asked at.

        Raises:
            NotAPortal: there is no API there that can be followed.
            Unreachable: nobody answers.
        """
        try:
            found = msgspec.json.decode(self.fetcher.fetch(self.address + API), type=dict[str, str])
        except Refused as refused:
            raise NotAPortal(f"{self.address} is no portal: {self.address}{API} answers {refused.status}.") from None
        except msgspec.DecodeError:
            raise NotAPortal(f"{self.address} is no portal: {self.address}{API} is not the index of its API.") from None
        if not found.get("changes", "").endswith(CHANGES):
            raise NotAPortal(f"{self.address} has an API that names no changes to follow.")
        return found["changes"].removesuffix(CHANGES)

    def changes(self, *, after: str, limit: int = MOST_ROWS, is_slim: bool = False) -> Page:
        """The releases after a cursor; from the beginning where it is empty.

        Raises:
            CursorRefused: the portal does not know the cursor, or the caller may see more by now than it was made for.
            WrongAnswer: the answer is none, its documents have another SHA-256 than it says, or it leads nowhere.
            Unreachable: nobody answers.
        """
        asked = {"limit": limit} | ({"after": after} if after else {}) | ({"slim": 1} if is_slim else {})
        try:
            page = msgspec.json.decode(self.fetcher.fetch(f"{self.address}{CHANGES}?{urlencode(asked)}"), type=Page)
        except Refused as refused:
            raise _as_fault(refused) from None
        except msgspec.DecodeError as error:
            raise WrongAnswer(f"{self.address}{CHANGES} answers what cannot be read: {error}.") from None
        if not page.next or (not page.end and page.next == after):
            raise WrongAnswer(f"{self.address}{CHANGES} says that there is more, and not where.")
        if not is_slim:
            _check_documents(page)
        return page


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


def _as_fault(refused: Refused) -> CursorRefused | WrongAnswer:
    try:
        problem = msgspec.json.decode(refused.body, type=_ProblemDocument)
    except msgspec.DecodeError:
        problem = _ProblemDocument()
    said = f"{problem.title}. {problem.detail}".strip(". ") or f"it answers {refused.status}"
    if problem.type.rstrip("/").rpartition("/")[2] in _CURSOR_PROBLEMS:
        return CursorRefused(
            f"The portal does not go on from this copy’s cursor: {said}. Begin a copy in another file."
        )
    return WrongAnswer(f"The portal refuses to tell its changes: {said}.")
