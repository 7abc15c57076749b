"""The languages of the interface, and how an address says which one it is in: `/de/about/` is `/about/` in German."""

from typing import NamedTuple


class Language(NamedTuple):
    """A language of the interface.

    Attributes:
        code: as addresses, `lang` and `hreflang` have it (BCP 47 in lower case).
        name: what the language calls itself.
        locale: with the country that OpenGraph asks for.
    """

    code: str
    name: str
    locale: str


DEFAULT = Language("en", "English", "en_GB")
"""Has no prefix; in it are the renditions, the data, the desk and the sign-in."""

LANGUAGES = (
    DEFAULT,
    Language("zh-hans", "简体中文", "zh_CN"),
    Language("hi", "हिन्दी", "hi_IN"),
    Language("de", "Deutsch", "de_DE"),
    Language("fr", "Français", "fr_FR"),
    Language("es", "Español", "es_ES"),
    Language("ar", "العربية", "ar_AR"),
)

_PREFIXES = {language.code: language for language in LANGUAGES if language is not DEFAULT}


def split_language(path: str) -> tuple[Language, str]:
    """The language an address is in, and the address without it: `/de/about/` gives German and `/about/`."""
    first, slash, rest = path[1:].partition("/")
    if slash and first in _PREFIXES:
        return _PREFIXES[first], f"/{rest}"
    return DEFAULT, path


def with_language(path: str, language: Language) -> str:
    """An address without a language, in this one."""
    return path if language is DEFAULT else f"/{language.code}{path}"
