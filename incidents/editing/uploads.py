"""Uploads as data (INV-TEXT): the type is told from the content, the name is made harmless, the size is bounded."""

import hashlib
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from incidents.vocabulary import media_types
from incidents.vocabulary.media_types import neutral_name

LARGEST_BYTES = 10 * 1024 * 1024
TAKEN = (
    *("image/png", "image/jpeg", "image/webp", "image/gif"),
    *("application/pdf", "application/json", "text/csv", "text/plain"),
)
ENDINGS = {media_type: media_types.ENDINGS[media_type] for media_type in TAKEN}
WHAT_IS_TAKEN = "PNG, JPEG, WebP, GIF, PDF, plain text, CSV or JSON, at most 10 MB"


@dataclass(frozen=True, slots=True)
class Inspected:
    """What is known of an upload once it was looked at; `size` in bytes."""

    name: str
    media_type: str
    sha256: str
    size: int


def inspect_upload(upload: UploadedFile) -> Inspected:
    """Look at a file somebody sent.

    Raises:
        ValidationError: it is empty, too large, or of no type that is taken.
    """
    size = upload.size or 0
    if not 0 < size <= LARGEST_BYTES:
        raise ValidationError("The file is empty." if not size else f"The file is too large. We take {WHAT_IS_TAKEN}.")
    content = b"".join(upload.chunks())
    upload.seek(0)
    media_type = tell_media_type(content, upload.name or "")
    if media_type is None:
        raise ValidationError(f"We cannot tell what sort of file this is, or do not take it. We take {WHAT_IS_TAKEN}.")
    return Inspected(
        name=neutral_name(upload.name or "", media_type),
        media_type=media_type,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )


def tell_media_type(content: bytes, name: str) -> str | None:
    """The media type of a content; None: not one that advisories carry."""
    found = media_types.tell_media_type(content, name)
    return found if found in ENDINGS else None
