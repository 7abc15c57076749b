"""Sorts of files: told by their content, never by what somebody says they are; and names made harmless (INV-TEXT)."""

import re
import unicodedata

import msgspec

ENDINGS = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "application/pdf": (".pdf",),
    "application/json": (".json",),
    "text/csv": (".csv",),
    "text/plain": (".txt",),
    "application/zip": (".zip", ".docx", ".xlsx", ".pptx", ".odt", ".ods"),
    "application/gzip": (".gz", ".tgz"),
    "application/x-7z-compressed": (".7z",),
    "application/vnd.tcpdump.pcap": (".pcap", ".pcapng"),
}
"""The sorts that are known here, with the endings of their names; the first is given to a file whose name has none of them."""

_LONGEST_NAME = 150
_SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"%PDF-"), "application/pdf"),
    (re.compile(rb"PK\x03\x04"), "application/zip"),
    (re.compile(rb"\x1f\x8b\x08"), "application/gzip"),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), "application/x-7z-compressed"),
    (
        re.compile(rb"\xd4\xc3\xb2\xa1|\xa1\xb2\xc3\xd4|\x4d\x3c\xb2\xa1|\x0a\x0d\x0d\x0a"),
        "application/vnd.tcpdump.pcap",
    ),
)


def tell_media_type(content: bytes, name: str) -> str | None:
    """The media type of a content, from the content; the name only tells sorts of text apart. None: no sort that is known."""
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
        msgspec.json.decode(text, type=msgspec.Raw)  # reads all of it, and builds nothing that a bomb could make large
    except (msgspec.DecodeError, RecursionError):
        return False
    return True
