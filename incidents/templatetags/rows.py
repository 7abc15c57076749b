"""Rows of lists: an advisory as one row, and what a catalogue page adds to it."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from incidents.publication.models import Advisory
from incidents.vocabulary.countries import country_name
from incidents.vocabulary.words import Certainty, Framework, Sector

register = template.Library()

_OPTION = (
    '<li><a href="{}" rel="nofollow"{}><span class="option-label" dir="auto">{}</span> '
    '<span class="count">{}<span class="visually-hidden"> {}</span></span></a></li>'
)
MOST_TECHNIQUES = 4
MOST_SERVICES = 3


@register.inclusion_tag("list/row.html")
def advisory_row(advisory: Advisory, level: str = "h2", listed: Any = None, is_dense: bool = False) -> dict[str, Any]:
    """An advisory as a row, under a heading of this level; `listed` holds what the page around it adds;
    a dense row says who is affected, the state and the last change, and no more.

    Techniques that are only commonly used in such incidents are left out: in a row they would look like findings.
    """
    techniques: list[list[str]] = advisory.brief.get("techniques", [])  # type: ignore[assignment]
    shown = [(name, Certainty(certainty)) for _, name, certainty in techniques if certainty != Certainty.CONTEXT]
    services: list[str] = advisory.brief.get("services", [])  # type: ignore[assignment]
    return {
        "advisory": advisory,
        "level": level,
        "listed": listed,
        "is_dense": is_dense,
        "services": services[:MOST_SERVICES],
        "more_services": max(0, len(services) - MOST_SERVICES),
        "techniques": shown[:MOST_TECHNIQUES],
        "more_techniques": max(0, len(shown) - MOST_TECHNIQUES),
    }


@register.simple_tag
def option_list(options: Iterable[Any], unit: str) -> SafeString:
    """Values to choose as items of a list; `unit` is what is counted. There are hundreds on a page, which this takes a tenth
    of the time for that a template takes.
    """
    current = format_html(' aria-current="{}"', "true")
    rows = (
        (one.address, current if one.is_chosen else "", one.label, one.count, unit) for one in options
    )
    return format_html_join("", _OPTION, rows)


@register.filter
def sector_name(value: str) -> str:
    """A sector in words."""
    return str(Sector(value).label) if value in Sector else value


@register.filter
def country(code: str) -> str:
    """A country by its name."""
    return country_name(code)


@register.filter
def framework_name(value: str) -> str:
    """A framework by its name."""
    return str(Framework(value).label) if value in Framework else value


@register.filter
def host(url: str) -> str:
    """The host of an address, as a short name for a link to it; `www.` is left out."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


@register.filter
def anchor(external_id: str) -> str:
    """The id of a framework's entry as the name of a place on a page."""
    return external_id.lower().replace(".", "-")
