"""`make messages`: gathers what is marked for translation into the catalogues in `portal/locale`, and compiles them.

Django's own `makemessages` needs gettext's programs; Babel does the same in Python, on the pseudo-code into which Django turns
a template. The desk and the sign-in speak English only, so their templates are left out.
"""

import datetime as dt
import sys
from collections.abc import Iterator
from copy import deepcopy
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

from incidents.vocabulary.languages import DEFAULT, LANGUAGES, Language
from tests.run.checks import ROOT

CODE = ("incidents", "portal")
TEMPLATES = (".html", ".svg", ".xml")
ENGLISH_ONLY = ("admin", "account", "accounts", "allauth", "mfa")
TRANSLATED = tuple(language for language in LANGUAGES if language is not DEFAULT)
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
FOR_TRANSLATORS = "Translators:"
WIDTH = 110


def main() -> int:
    """Bring every catalogue up to date and compile it; says how much is left to translate."""
    template = gather()
    for language in TRANSLATED:
        catalog = bring_up_to_date(read_catalog(language), template)
        po_path(language).parent.mkdir(parents=True, exist_ok=True)
        with po_path(language).open("wb") as file:
            write_po(file, catalog, width=WIDTH, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
        po_path(language).with_suffix(".mo").write_bytes(compiled(catalog))
        missing = len([message for message in catalog if message.id and not is_translated(message.string)])
        print(f"{language.code:8} {len(catalog)} messages, {missing} to translate")
    return 0


def po_path(language: Language) -> Path:
    """Where the catalogue of a language stands; the compiled one beside it."""
    return ROOT / "portal" / "locale" / to_locale(language.code) / "LC_MESSAGES" / "django.po"


def gather() -> Catalog:
    """Everything that is marked for translation in code and templates."""
    catalog = Catalog()
    for path, source in [*_python_sources(), *_template_sources()]:
        place = path.relative_to(ROOT).as_posix()
        found = extract("python", BytesIO(source.encode()), KEYWORDS, [FOR_TRANSLATORS], strip_comment_tags=True)
        for line, words, comments, context in found:
            catalog.add(words, None, [(place, line)], auto_comments=comments, context=context)
    return catalog


def _python_sources() -> Iterator[tuple[Path, str]]:
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, path.read_text(encoding="utf-8")


def _template_sources() -> Iterator[tuple[Path, str]]:
    folder = ROOT / "templates"
    for path in sorted(folder.rglob("*.*")):
        if path.suffix in TEMPLATES and path.relative_to(folder).parts[0] not in ENGLISH_ONLY:
            code = templatize(path.read_text(encoding="utf-8"), origin=path.name)
            yield path, "\n".join(line.strip() for line in code.splitlines())


def read_catalog(language: Language) -> Catalog:
    """The catalogue of a language as it stands; a new one where there is none."""
    if not po_path(language).is_file():
        return Catalog(locale=to_locale(language.code), fuzzy=False, revision_date=dt.datetime.now(dt.UTC))
    with po_path(language).open("rb") as file:
        return read_po(file, locale=to_locale(language.code))


def bring_up_to_date(catalog: Catalog, template: Catalog) -> Catalog:
    """The catalogue with exactly the messages of the template; what is new waits to be translated, nothing is guessed."""
    template.creation_date = catalog.creation_date
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.project, catalog.version = "Tocsin", ""
    catalog.header_comment = "# What the pages of the reading room say; gathered and compiled by `make messages`."
    catalog.last_translator, catalog.language_team, catalog.msgid_bugs_address = "", "", ""
    return catalog


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as gettext reads it, without what waits to be translated: of a new plural message, Babel would write down
    two forms, whatever the language, and as many as it has once the catalogue was written and read.
    """
    told, file = deepcopy(catalog), BytesIO()
    for message in list(told):
        if message.id and not is_translated(message.string):
            told.delete(message.id, message.context)
    write_mo(file, told)
    return file.getvalue()


def is_translated(words: object) -> bool:
    """Whether a message, with all its plural forms, has words in the other language."""
    return all(words) if isinstance(words, list | tuple) else bool(words)


if __name__ == "__main__":
    sys.exit(main())
