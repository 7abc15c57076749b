"""Attachments: is the file that a release names still there, and still the same?"""

import hashlib
import re
from collections.abc import Callable, Iterator

import msgspec
from django.core.files.storage import default_storage

from incidents.publication.document import AttachmentRef
from incidents.publication.models import Release
from incidents.vocabulary.files import content_path

_NAMES_A_FILE = '"attachments":[{'


def rows_to_verify() -> int:
    """How many releases name files."""
    return Release.objects.filter(document_json__contains=_NAMES_A_FILE).count()


def find_damage(on_progress: Callable[[int], object]) -> Iterator[str]:
    """A sentence for each file that is missing or another one; each is read once for an advisory that names it."""
    releases = Release.objects.filter(document_json__contains=_NAMES_A_FILE).order_by("public_id", "number")
    public_id, seen = "", set[str]()
    for release in releases.iterator(chunk_size=100):
        if release.public_id != public_id:
            public_id, seen = release.public_id, set()
        for attachment in _attachments(release):
            if attachment.sha256 not in seen and (problem := _problem(attachment.sha256)):
                yield f"File “{attachment.name}” of release {release.number} of {public_id}: {problem}"
            seen.add(attachment.sha256)
        on_progress(1)


def _attachments(release: Release) -> tuple[AttachmentRef, ...]:
    try:
        return release.document.attachments
    except (msgspec.ValidationError, msgspec.DecodeError):
        return ()  # said already, with the release


def _problem(sha256: str) -> str:
    path = content_path(sha256)
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        return "the release gives no SHA-256 of it."
    try:
        with default_storage.open(path) as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return f"{path} is missing or cannot be read; restore it from a backup."
    return "" if found == sha256 else f"{path} is another file than was released; restore it from a backup."
