"""The same page in other languages: links for readers, and what search engines are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.http import escape_leading_slashes

from incidents.vocabulary.languages import DEFAULT, LANGUAGES, Language, split_language, with_language


@dataclass(frozen=True, slots=True)
class Version:
    """A page in one language: its address, and whether that is where one is."""

    language: Language
    address: str
    is_current: bool
    is_default: bool


def versions_of(address: str) -> list[Version]:
    """A page in every language, whichever it is in now.

    Args:
        address: the path of the page with its parameters.
    """
    current, plain = split_language(address)
    plain = escape_leading_slashes(plain)
    return [
        Version(language, with_language(plain, language), language is current, language is DEFAULT)
        for language in LANGUAGES
    ]


def languages_of(context: Mapping[str, Any], address: str) -> dict[str, Any]:
    """What the base template says about languages, given the context of a page and its address.

    Search engines hear of the other languages of a page that they may keep under its own address, and of no other.
    """
    canonical = context.get("canonical_path") or ""
    return {
        "spoken": split_language(address)[0],
        "versions": versions_of(address),
        "alternates": versions_of(canonical) if canonical and not context.get("robots") else [],
    }
