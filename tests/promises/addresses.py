"""Every public address, found by walking the URL configuration, so that a new one cannot be forgotten."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern

PRIVATE = ("admin/", "accounts/")


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


def addresses(values: dict[str, list[object]]) -> Iterator[str]:
    """Every public address, with each combination of the values for its parameters.

    Raises:
        KeyError: an address has a parameter for which no values are given: say here what to put there.
    """
    for name, pattern in public_patterns():
        assert isinstance(pattern.pattern, RoutePattern), f"{name} has no readable route"
        assert pattern.name, f"{pattern} has no name"
        parameters = list(pattern.pattern.converters)
        for combination in product(*(values[parameter] for parameter in parameters)):
            yield reverse(name, kwargs=dict(zip(parameters, combination, strict=True)))
