"""The words of a page: the advisory's own texts in the language of the page, where there is a reviewed translation into it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import translation
from msgspec.structs import replace

from incidents.publication.document import AdvisoryDocument, Narrative, ReleaseNote, TranslatedText
from incidents.vocabulary.language_tags import are_akin, language_name, own_name
from incidents.vocabulary.languages import LANGUAGES
from incidents.vocabulary.words import Significance

BRIEF = ("title", "summary", "who_is_affected", "what_to_do_now")
NARRATIVE = Narrative.__struct_fields__


@dataclass(frozen=True, slots=True)
class Place:
    """Where an advisory is told in a language: its tag, its own name for itself, and the path of the page."""

    language: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Telling:
    """What a page says, and in which languages.

    Attributes:
        document: the advisory as the page tells it.
        original: name of the language it was written in.
        original_path: where the original can be read; its Markdown where no page shows it.
        languages: of each text that is not in the original language, by the field's name.
        translated: the translation that is shown, or None where the page shows the original.
        since: the newest release that changed the content after the one translated, as far as these readers may know of it.
        elsewhere: the pages that tell it in other languages.
        folded: translations into languages that have no pages, to be read on this one.
    """

    document: AdvisoryDocument
    original: str
    original_path: str
    languages: Mapping[str, str] = field(default_factory=dict)
    translated: TranslatedText | None = None
    since: ReleaseNote | None = None
    elsewhere: tuple[Place, ...] = ()
    folded: tuple["Folded", ...] = ()

    @property
    def is_linked(self) -> bool:
        """Whether readers may see the release that was translated."""
        return self.translated is not None and is_known(self.document, self.translated)


@dataclass(frozen=True, slots=True)
class Folded:
    """A translation to be read on a page in another language: with its name, and what changed since as in `Telling`."""

    name: str
    text: TranslatedText
    since: ReleaseNote | None
    is_linked: bool


def tell(document: AdvisoryDocument, language: str, *, is_permanent: bool = False) -> Telling:
    """An advisory for a page in this language. A withdrawn one is told as it was written.

    Args:
        document: what was released.
        language: that of the page, as Django names it.
        is_permanent: whether the page is that of one release for ever, and leads to such pages.
    """
    places = _places(document, is_permanent=is_permanent)
    shown = None if document.is_withdrawn else translation_for(document, language)
    told_here = shown.language if shown else document.language
    original = places.get(document.language)
    return Telling(
        document=_told_by(document, shown) if shown else document,
        original=language_name(document.language),
        original_path=original.path if original else _markdown_path(document, is_permanent=is_permanent),
        languages=dict.fromkeys(_fields_of(shown), shown.language) if shown else {},
        translated=shown,
        since=changed_since(document, shown) if shown else None,
        elsewhere=tuple(place for tag, place in places.items() if tag != told_here),
        folded=tuple(
            Folded(own_name(one.language), one, changed_since(document, one), is_known(document, one))
            for one in document.translations
            if one.language not in (*places, told_here)
        ),
    )


def translation_for(document: AdvisoryDocument, language: str) -> TranslatedText | None:
    """The translation for readers of a language; None if the original is in it, or there is none."""
    if are_akin(document.language, language):
        return None
    akin = [one for one in document.translations if are_akin(one.language, language)]
    return min(akin, key=lambda one: one.language.lower() != language.lower(), default=None)


def changed_since(document: AdvisoryDocument, translated: TranslatedText) -> ReleaseNote | None:
    """The newest material release after the one translated, among those that readers of the document may know of."""
    later = [note for note in document.history if note.number > translated.of_release]
    return next((note for note in reversed(later) if note.significance is Significance.MATERIAL), None)


def is_known(document: AdvisoryDocument, translated: TranslatedText) -> bool:
    """Whether readers of the document may see the release that was translated."""
    return any(note.number == translated.of_release for note in document.history)


def _told_by(document: AdvisoryDocument, translated: TranslatedText) -> AdvisoryDocument:
    """The document with every text that the translation has; the others stay as they were written."""
    told = {name: getattr(translated, name) or getattr(document, name) for name in BRIEF}
    narrative = {name: getattr(translated.narrative, name) or getattr(document.narrative, name) for name in NARRATIVE}
    return replace(document, narrative=Narrative(**narrative), **told)


def _fields_of(translated: TranslatedText) -> list[str]:
    brief = [name for name in BRIEF if getattr(translated, name)]
    return [*brief, *(name for name in NARRATIVE if getattr(translated.narrative, name))]


def _places(document: AdvisoryDocument, *, is_permanent: bool) -> dict[str, Place]:
    """The pages of an advisory by the language they tell it in; of several that tell it in one language, the first."""
    if document.is_withdrawn or not document.translations:
        return {}
    places: dict[str, Place] = {}
    for code in (spoken.code for spoken in LANGUAGES):
        shown = translation_for(document, code)
        if shown is None and not are_akin(document.language, code):
            continue
        tag = shown.language if shown else document.language
        path = _path(document, code, is_permanent=is_permanent)
        places.setdefault(tag, Place(tag, own_name(tag), path))
    return places


def _path(document: AdvisoryDocument, language: str, *, is_permanent: bool) -> str:
    with translation.override(language):
        if is_permanent:
            return reverse("advisories:release", args=[document.id, document.release.number])
        return reverse("advisories:detail", args=[document.id])


def _markdown_path(document: AdvisoryDocument, *, is_permanent: bool) -> str:
    release = f"/releases/{document.release.number}" if is_permanent else ""
    return f"/incidents/{document.id}{release}.md"
