"""A language to test with: catalogues of translations that a test writes itself."""

import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.test import override_settings
from django.utils import translation

Messages = Mapping[str, str]
_MAGIC = 0x950412DE
_HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"


def within(context: str, message: str) -> str:
    """The key of a message that has a context."""
    return f"{context}\x04{message}"


@contextmanager
def speaking(folder: Path, messages: Messages, language: str = "eo") -> Iterator[None]:
    """A language is active in which these messages are translated so; `folder` is empty and belongs to the test.

    Args:
        folder: where the catalogue is written.
        messages: translations by message; plural messages by singular and plural with a NUL between, their forms likewise.
        language: one of those that Django ships, since it must know its name.
    """
    place = folder / language / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "django.mo").write_bytes(_compiled({"": _HEADER, **messages}))
    languages = [("en", "English"), (language, language)]
    with override_settings(LOCALE_PATHS=[folder], LANGUAGES=languages), translation.override(language):
        yield


def _compiled(messages: Messages) -> bytes:
    """A catalogue as gettext reads it (GNU gettext manual, “The Format of GNU MO Files”)."""
    pairs = [(key.encode(), text.encode()) for key, text in sorted(messages.items())]
    texts, start = b"", 28 + 16 * len(pairs)
    tables: tuple[list[bytes], list[bytes]] = ([], [])
    for column in (0, 1):
        for pair in pairs:
            tables[column].append(struct.pack("<2I", len(pair[column]), start + len(texts)))
            texts += pair[column] + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return b"".join([head, *tables[0], *tables[1], texts])
