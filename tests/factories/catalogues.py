"""Catalogues of translations for tests, so that what a page says in another language does not hang on real ones."""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_MAGIC = 0x950412DE
_HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"


def speak(settings: Any, folder: Path, language: str, messages: Mapping[str, str]) -> None:
    """From now on, these messages are said so in this language; until the test ends.

    A message with a context is written `context|message`; one with a plural `one/many`, its translation likewise.
    """
    path = folder / language.replace("-", "_") / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(_compiled({_key(message): text.replace("/", "\0") for message, text in messages.items()}))
    settings.LOCALE_PATHS = [folder]


def _key(message: str) -> str:
    return message.replace("|", "\4").replace("/", "\0")


def _compiled(messages: Mapping[str, str]) -> bytes:
    """The messages as gettext reads them (GNU gettext manual, section 10.3, “The Format of GNU MO Files”)."""
    pairs = sorted((key.encode(), text.encode()) for key, text in {"": _HEADER, **messages}.items())
    start, blob = 7 * 4 + 16 * len(pairs), b""
    tables: list[list[int]] = [[], []]
    for column, table in enumerate(tables):
        for pair in pairs:
            table += [len(pair[column]), start + len(blob)]
            blob += pair[column] + b"\0"
    head = [_MAGIC, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start]
    numbers = [*head, *tables[0], *tables[1]]
    return struct.pack(f"<{len(numbers)}I", *numbers) + blob
