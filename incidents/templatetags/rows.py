"""Rows of lists: an advisory as one row, and what a catalogue page adds to it."""

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from incidents.publication.models import Advisory
from incidents.representations.html.row import build_row
from incidents.vocabulary.countries import country_name
from incidents.vocabulary.words import Framework, Sector

register = template.Library()

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
    words = "".join(
        f"<mark>{escape(one.text)}</mark>" if one.is_found else escape(one.text) for one in advisory.snippet.pieces
    )
    return f'{said}<p class="row-snippet" lang="{escape(advisory.snippet.language)}" dir="auto">{words}</p>'


@register.simple_tag
def filter_groups(groups: Iterable[Any]) -> SafeString:
    """Everything that may be chosen, group by group. There are hundreds of values on a page, which this takes a tenth of the
    time for that templates take.
    """
    return SafeString("\n".join(_folded(group) for group in groups))


def _folded(group: Any) -> str:
    """A group under its name, folded unless it is open."""
    name, legend = escape(group.name), escape(group.legend)
    language = get_language()
    sections = "\n".join(_section(title, options, language) for title, options in group.sections)
    if group.is_open:
        return f"""<div class="group" role="group" aria-labelledby="filter-{name}">
<p class="group-title" id="filter-{name}">{legend}</p>
{sections}
</div>"""
    return f"""<details class="group fold">
<summary><span class="group-title" id="filter-{name}">{legend}</span></summary>
{sections}
</details>"""


def _section(title: str, options: Iterable[Any], language: str | None) -> str:
    """Values to choose as items of a list, each with the number of advisories."""
    head = f'<p class="options-title">{escape(title)}</p>\n' if title else ""
    items = "\n".join(
        f'<li><a href="{escape(one.address)}" rel="nofollow"{_CURRENT if one.is_chosen else ""}>'
        f'<span class="option-label" dir="auto">{_escaped(one.label)}</span> '
        f'<span class="count">{_counted(one.number, one.count, language)}</span></a></li>'
        for one in options
    )
    return f'{head}<ul class="options">\n{items}\n</ul>'


_escaped = lru_cache(maxsize=4096)(escape)


@lru_cache(maxsize=4096)
def _counted(number: int, count: str, language: str | None) -> str:
    """A number of advisories as it is shown, in the language that is spoken; remembered, because most numbers are small."""
    counted = ngettext(
        '%(count)s<span class="visually-hidden"> advisory</span>',
        '%(count)s<span class="visually-hidden"> advisories</span>',
        number,
    )
    return counted % {"count": escape(count)}


@register.simple_tag
def version_links(versions: Iterable[Any]) -> SafeString:
    """The same page in other languages, as items of a list."""
    return format_html_join(
        "",
        '<li><a href="{0}" lang="{1}" hreflang="{1}"{2}>{3}</a></li>',
        (
            (one.address, one.language.code, SafeString(_CURRENT if one.is_current else ""), one.language.name)
            for one in versions
        ),
    )


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
