"""Uploads as data (INV-TEXT): the type is told from the content, the name is made harmless, the size is bounded."""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

LARGEST_BYTES = 10 * 1024 * 1024
ENDINGS = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "application/pdf": (".pdf",),
    "application/json": (".json",),
    "text/csv": (".csv",),
    "text/plain": (".txt",),
}
WHAT_IS_TAKEN = "PNG, JPEG, WebP, GIF, PDF, plain text, CSV or JSON, at most 10 MB"
_LONGEST_NAME = 150
_SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"%PDF-"), "application/pdf"),
)


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
    """The media type of a content, from the content; the name only tells sorts of text apart. None: not one we take."""
    for signature, media_type in _SIGNATURES:
        if signature.match(content):
            return media_type
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if any(unicodedata.category(character) == "Cc" for character in set(text) - set("\t\r\n\f")):
        return None
    if _is_json(text):
        return "application/json"
    return "text/csv" if name.lower().endswith(".csv") else "text/plain"


def neutral_name(name: str, media_type: str) -> str:
    """A file name without folders, control characters and tricks, that ends as its media type does."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(character for character in last if unicodedata.category(character)[0] != "C")
    plain = re.sub(r"[^\w.() -]+", "_", visible).strip(" ._-")
    endings = ENDINGS[media_type]
    stem = plain[: -len(plain.rpartition(".")[2]) - 1] if plain.lower().endswith(endings) else plain
    ending = next((one for one in endings if plain.lower().endswith(one)), endings[0])
    return f"{stem[: _LONGEST_NAME - len(ending)].strip(' ._-') or 'file'}{ending}"


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
