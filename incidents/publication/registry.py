"""The registry of formats: what every release can be read as. A format registers itself at start-up, from `apps.py`."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import TextChoices
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from incidents.publication.document import AdvisoryDocument


def suits_every_document(document: AdvisoryDocument) -> bool:
    """Most formats have something to say about every advisory."""
    return True


class Purpose(TextChoices):
    """What readers take a format for; the page lists formats by it, in this order."""

    READING = "reading", pgettext_lazy("purpose of a format", "To read")
    CITING = "citing", pgettext_lazy("purpose of a format", "To cite")
    SHARING = "sharing", pgettext_lazy("purpose of a format", "To share")
    DATA = "data", pgettext_lazy("purpose of a format", "For machines")


@dataclass(frozen=True, slots=True)
class Format:
    """One representation of a document.

    Attributes:
        name: its name in the ledger of renditions, such as `json`.
        suffix: how its address ends after the advisory's id: `.json`; the page itself has `/`.
        media_type: the Content-Type it is served with.
        label: its name for readers, on the page's list of formats.
        build: the pure function that makes its bytes from a document and the site's base address without a slash at the end.
        made_of: folders and files whose content shapes the bytes; a change of them makes stored renditions stale.
        made_with: what else of this machine shapes the bytes, in a word; a change of it does the same.
        suits: whether a document has something to say in it; where it has not, its page does not offer the format.
        purpose: what readers take it for.
        is_built_on_release: whether publishing builds it; else it is built, and then kept, when it is first asked for.
        is_compressible: whether compressed twins are worth their room; a picture is compressed already.
    """

    name: str
    suffix: str
    media_type: str
    label: str | Promise
    build: Callable[[AdvisoryDocument, str], bytes]
    made_of: tuple[Path, ...]
    made_with: str = ""
    suits: Callable[[AdvisoryDocument], bool] = suits_every_document
    purpose: Purpose = Purpose.DATA
    is_built_on_release: bool = True
    is_compressible: bool = True

    def bytes_of(self, document: AdvisoryDocument) -> bytes:
        """What is stored and served: built for this site and in the default language, whoever asks (INV-LANG)."""
        with translation.override(settings.LANGUAGE_CODE):
            return self.build(document, settings.SITE_URL)


_formats: dict[str, Format] = {}
_builds: dict[str, str] = {}


def register(new: Format) -> None:
    """Add a format; registering the same name again replaces it.

    Raises:
        ValueError: another format has the same suffix.
    """
    if any(known.suffix == new.suffix and known.name != new.name for known in _formats.values()):
        raise ValueError(f"Two formats want the suffix {new.suffix}.")
    _formats[new.name] = new
    _builds[new.name] = _fingerprint(new.made_of, new.made_with)


def formats() -> tuple[Format, ...]:
    """All formats, in the order in which they registered."""
    return tuple(_formats.values())


def get_format(name: str) -> Format:
    """The format of this name.

    Raises:
        KeyError: no format has it.
    """
    return _formats[name]


def format_of_suffix(suffix: str) -> Format | None:
    """The format whose addresses end like this, if there is one."""
    return next((known for known in _formats.values() if known.suffix == suffix), None)


def build_id(name: str) -> str:
    """Sixteen hexadecimal digits that change when code or templates of the format, or the site's name or address, change."""
    return _builds[name]


def _fingerprint(paths: Iterable[Path], made_with: str) -> str:
    digest = hashlib.sha256(f"{settings.SITE_NAME}\0{settings.SITE_URL}\0{made_with}\0".encode())
    for path in paths:
        files = sorted(file for file in path.rglob("*") if file.suffix in _CODE) if path.is_dir() else [path]
        for file in files:
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


_CODE = {".py", ".html", ".svg", ".md", ".txt", ".json", ".css", ".js", ".png"}
