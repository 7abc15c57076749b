"""Files that somebody sends in: bounded, told by their content, neutrally named. Nothing unpacks them: a bomb stays shut."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext

from incidents.intake.submissions.models import SentFile, Submission
from incidents.vocabulary.media_types import neutral_name, tell_media_type

MOST_FILES = 5
LARGEST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that was looked at."""

    name: str
    media_type: str
    sha256: str
    content: bytes


def inspect_file(name: str, content: bytes) -> Inspected:
    """Look at the content of a file.

    Args:
        name: as its sender calls it.
        content: all of it.

    Raises:
        ValidationError: it is empty, too large, or of a sort that is not taken.
    """
    shown = {"name": neutral_name(name, "text/plain").removesuffix(".txt")}
    if not content:
        raise ValidationError(gettext("“%(name)s” is empty.") % shown)
    if len(content) > LARGEST_BYTES:
        raise ValidationError(gettext("“%(name)s” is larger than 10 MB.") % shown)
    media_type = tell_media_type(content, name)
    if media_type is None:
        raise ValidationError(
            gettext(
                "“%(name)s” is of a sort we do not take. Pictures, PDF, text, CSV, JSON, network captures and archives "
                "(zip, gzip, 7z) are taken; put anything else into an archive."
            )
            % shown
        )
    return Inspected(neutral_name(name, media_type), media_type, hashlib.sha256(content).hexdigest(), content)


def inspect_files(files: Iterable[tuple[str, bytes]]) -> tuple[list[Inspected], list[str]]:
    """Look at several files; what is wrong comes as sentences.

    Args:
        files: names and contents.
    """
    found: dict[str, Inspected] = {}
    problems: list[str] = []
    for number, (name, content) in enumerate(files):
        if number >= MOST_FILES:
            problems.append(gettext("At most %(number)d files, please.") % {"number": MOST_FILES})
            break
        try:
            inspected = inspect_file(name, content)
        except ValidationError as problem:
            problems += problem.messages
        else:
            found.setdefault(inspected.sha256, inspected)
    return list(found.values()), problems


def keep_file(submission: Submission, file: Inspected) -> SentFile:
    """Store a file beside its submission."""
    return SentFile.objects.create(
        submission=submission,
        file=ContentFile(file.content, name=file.name),
        name=file.name,
        sha256=file.sha256,
        size=len(file.content),
        media_type=file.media_type,
    )
