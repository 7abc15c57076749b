"""The secret of an installation on one's own machine, kept in a file that only its owner may read."""

import os
import secrets
from pathlib import Path

FILE_NAME = "secret_key"


def read_local_secret(folder: Path) -> str:
    """The secret kept in `folder`; a fresh one for this process alone when none was made yet."""
    try:
        return (folder / FILE_NAME).read_text(encoding="ascii")
    except FileNotFoundError:
        return secrets.token_urlsafe(50)


def make_local_secret(folder: Path) -> bool:
    """Write a new secret to `folder` unless one is there.

    Returns:
        Whether one was made.

    Raises:
        OSError: the folder cannot be written.
    """
    try:
        descriptor = os.open(folder / FILE_NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
    return True
