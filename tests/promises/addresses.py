"""Every public address, found by walking the URL configuration, so that a new one cannot be forgotten: in every language."""

from collections.abc import Collection, Iterator
from itertools import product
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern
from django.utils import translation

from incidents.vocabulary.languages import LANGUAGES

PRIVATE = ("admin/", "accounts/", "partners/")
EVERY_LANGUAGE = tuple(language.code for language in LANGUAGES)


def public_patterns() -> Iterator[tuple[str, URLPattern]]:
    """The name (with namespaces) and the pattern of every address outside the desk and sign-in."""
    yield from _walk(get_resolver().url_patterns, route="", namespaces=())


def _walk(patterns: list[Any], route: str, namespaces: tuple[str, ...]) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        where = route + str(pattern.pattern)
        if where.startswith(PRIVATE):
            continue
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, where, inner)
        else:
            yield ":".join((*namespaces, pattern.name or "")), pattern


def addresses(values: dict[str, list[object]], languages: Collection[str] = EVERY_LANGUAGE) -> set[str]:
    """Every public address in these languages, with each combination of the values for its parameters.

    Raises:
        KeyError: an address has a parameter for which no values are given: say here what to put there.
    """
    found: set[str] = set()
    for name, pattern in public_patterns():
        assert isinstance(pattern.pattern, RoutePattern), f"{name} has no readable route"
        assert pattern.name, f"{pattern} has no name"
        parameters = list(pattern.pattern.converters)
        for language, *combination in product(languages, *(values[parameter] for parameter in parameters)):
            with translation.override(str(language)):
                found.add(reverse(name, kwargs=dict(zip(parameters, combination, strict=True))))
    return found
