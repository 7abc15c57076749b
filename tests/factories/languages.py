"""A language to test with: catalogues of translations that a test writes itself."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog
from django.test import override_settings
from django.utils import translation

from tests.run.messages import compiled

Messages = Mapping[tuple[str, str], str]


@contextmanager
def speaking(folder: Path, messages: Messages, language: str = "eo") -> Iterator[None]:
    """A language is active in which these messages are translated so.

    Args:
        folder: where the catalogue is written; empty, and the test's own.
        messages: translations by context and message.
        language: one of those that Django ships, since it must know its name.
    """
    catalog = Catalog(locale=language)
    for (context, message), text in messages.items():
        catalog.add(message, text, context=context or None)
    place = folder / language / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "django.mo").write_bytes(compiled(catalog))
    languages = [("en", "English"), (language, language)]
    with override_settings(LOCALE_PATHS=[folder], LANGUAGES=languages), translation.override(language):
        yield
