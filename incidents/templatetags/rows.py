"""Rows of lists: an advisory as one row, and what a catalogue page adds to it."""

from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from incidents.publication.models import Advisory
from incidents.representations.html.row import build_row
from incidents.vocabulary.countries import country_name
from incidents.vocabulary.words import Framework, Sector

register = template.Library()

_SNIPPET = '<p class="row-snippet" lang="{}" dir="auto">{}</p>'
_OPTION = (
    '<li><a href="{}" rel="nofollow"{}><span class="option-label" dir="auto">{}</span> '
    '<span class="count">{}</span></a></li>'
)
_CURRENT = ' aria-current="true"'


@register.simple_tag
def advisory_row(advisory: Advisory, level: str = "h2", listed: Any = None, is_dense: bool = False) -> SafeString:
    """An advisory as a row, under a heading of this level; `listed` holds what the page around it adds."""
    row = build_row(advisory, level=level, is_dense=is_dense, added=_added(advisory, listed))
    return SafeString(row)  # of safe pieces


def _added(advisory: Advisory, listed: Any) -> str:
    """What is added to a row: what the page around it says of it, and where the words stand that were searched for."""
    said = render_to_string("list/said.html", {"listed": listed}) if listed else ""
    if not advisory.snippet:
        return said
    pieces = [format_html("<mark>{}</mark>" if one.is_found else "{}", one.text) for one in advisory.snippet.pieces]
    words = format_html_join("", "{}", ((piece,) for piece in pieces))
    return said + format_html(_SNIPPET, advisory.snippet.language, words)


@register.simple_tag
def option_list(options: Iterable[Any]) -> SafeString:
    """Values to choose as items of a list, with the number of advisories. There are hundreds on a page, which this takes a tenth
    of the time for that a template takes.
    """
    return SafeString(
        "".join(
            _OPTION.format(
                escape(one.address), _CURRENT if one.is_chosen else "", escape(str(one.label)), _counted(one)
            )
            for one in options
        )
    )


def _counted(option: Any) -> str:
    counted = ngettext(
        '%(count)s<span class="visually-hidden"> advisory</span>',
        '%(count)s<span class="visually-hidden"> advisories</span>',
        option.number,
    )
    return counted % {"count": escape(option.count)}


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
