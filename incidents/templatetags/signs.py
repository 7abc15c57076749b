"""The signs of the design for templates: severity bars, tags, certainty marks, dates as they are known, citations, prose.

A word always stands beside a sign, so that nothing is said by colour or shape alone.
"""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, urlsplit

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from incidents.prose.markdown import render_markdown
from incidents.vocabulary.date_words import day_in_words, minute_in_words
from incidents.vocabulary.dates import PartialDate
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import Certainty, IncidentState, Severity

register = template.Library()

_BAR_HEIGHTS = (5, 7, 9, 12, 15)


@register.simple_tag(takes_context=True)
def site_url(context: Context) -> str:
    """The site's address without a slash at its end: what a pure build was given, else the setting."""
    return str(context.get("base_url") or settings.SITE_URL)


@register.simple_tag
def site_name() -> str:
    """What this installation is called."""
    return str(settings.SITE_NAME)


@register.simple_tag
def severity_bars(value: str) -> SafeString:
    """A severity as its word and five bars, of which one to five are filled."""
    return _severity_bars(value, get_language())


@lru_cache(maxsize=256)
def _severity_bars(value: str, language: str | None) -> SafeString:
    severity = Severity(value)
    bars = [
        {"x": f"{index * 5 + 0.5}", "y": f"{15.5 - height}", "height": height, "on": index <= severity.rank}
        for index, height in enumerate(_BAR_HEIGHTS)
    ]
    return render_to_string("parts/severity.html", {"step": severity.rank + 1, "label": severity.label, "bars": bars})


@register.simple_tag
def state_tag(value: str) -> SafeString:
    """The state of an incident as an outlined word."""
    return _state_tag(value, get_language())


@lru_cache(maxsize=256)
def _state_tag(value: str, language: str | None) -> SafeString:
    state = IncidentState(value)
    return format_html('<span class="tag state-{}">{}</span>', state.value, state.label)


@register.simple_tag
def tlp_tag(value: str) -> SafeString:
    """A TLP label in the colours that FIRST prescribes (TLP 2.0, section 2)."""
    tlp = TLP(value)
    return format_html('<span class="tlp tlp-{}">{}</span>', tlp.value.partition("+")[0], tlp.label)


@register.simple_tag
@lru_cache(maxsize=8)
def certainty_mark(value: str) -> SafeString:
    """A solid, half or open circle. Its word must stand near it: whoever hears the page does not hear the mark."""
    return render_to_string("parts/mark.html", {"certainty": Certainty(value).value})


@register.simple_tag
def known_date(text: str) -> SafeString | str:
    """A partial date as people write it, to the precision to which it is known; nothing for an empty text."""
    if not text:
        return ""
    return format_html('<time datetime="{}">{}</time>', text, _for_people(text, get_language()))


@lru_cache(maxsize=1024)
def _for_people(text: str, language: str) -> str:
    return PartialDate(text).for_people()


@register.simple_tag
def known_span(start: str, end: str) -> SafeString | str:
    """Two partial dates with a dash between them; “since” or “until” where only one is known."""
    if start and end and start != end:
        return format_html("{} – {}", known_date(start), known_date(end))
    if start and end:
        return known_date(start)
    if start or end:
        words = gettext("since {date}") if start else gettext("until {date}")
        return format_html(words, date=known_date(start or end))
    return ""


@register.simple_tag
def moment(at: dt.datetime) -> SafeString:
    """An instant, to the minute in UTC, for people."""
    return format_html('<time datetime="{}">{}</time>', f"{at:%Y-%m-%dT%H:%M:%SZ}", minute_in_words(at))


@register.simple_tag
def day(at: dt.datetime) -> SafeString:
    """The day of an instant in UTC, for people."""
    return format_html('<time datetime="{}">{}</time>', f"{at:%Y-%m-%dT%H:%M:%SZ}", day_in_words(at))


@register.simple_tag
def cites(numbers: Sequence[int]) -> SafeString:
    """Links to the sources with these numbers on the same page."""
    name = gettext("Source %(number)s") if numbers else ""
    return format_html_join(
        "",
        '<sup class="cite"><a href="#source-{0}" title="{1}">{0}</a></sup>',
        ((number, name % {"number": number}) for number in numbers),
    )


@register.simple_tag
def entry_address(kind: str, *key: str) -> str:
    """The page of an entry of the catalogue that a document names. What a document holds is data, so this builds an address
    of whatever stands there, where `reverse` would fail over what is no slug.

    Args:
        kind: `organizations`, `services`, `techniques` …
        key: the parts of its name in the catalogue.
    """
    return f"{reverse(f'{kind}:list')}{quote('/'.join(key))}/"


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as HTML that is safe to show."""
    return render_markdown(text)


@register.filter
def web_address(url: str) -> str:
    """The address where it is one of the web; nothing for any other scheme (INV-TEXT)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""


@register.simple_tag(takes_context=True)
def told(context: Context, field: str = "") -> SafeString:
    """Attributes of an element that holds text of a document: its language and, per text, its direction.

    `field` names one of the advisory's own texts, which may be shown in another language than the rest.
    """
    telling = context.get("telling") if field else None
    language = telling.languages.get(field, "") if telling else ""
    language = language or context.get("language", "")
    if not language:
        return format_html('dir="{}"', "auto")
    return format_html('lang="{}" dir="auto"', language)
