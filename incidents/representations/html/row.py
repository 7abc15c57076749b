"""An advisory as a row of a list. It is written here and not in a template: a page has thirty of them, and a template takes
five times as long.
"""

import datetime as dt
from functools import lru_cache
from html import escape

from django.utils.translation import get_language, gettext, ngettext, pgettext

from incidents.publication.models import Advisory
from incidents.templatetags.signs import certainty_mark, known_date, known_span, severity_bars, state_tag
from incidents.vocabulary.date_words import day_in_words
from incidents.vocabulary.dates import day_of
from incidents.vocabulary.inline import comma, inline
from incidents.vocabulary.words import Certainty

MOST_TECHNIQUES = 4
MOST_SERVICES = 3


class Wording:
    """What rows say again and again, made once for a language. Make it and ask it while that language is spoken.

    Args:
        language: for whoever keeps it.
    """

    def __init__(self, language: str | None) -> None:
        self.language = language
        self.release = escape(gettext("Release %(number)s"))
        self.release_and_day = escape(gettext("Release %(number)s, %(date)s"))
        self.disclosed = escape(gettext("disclosed %(date)s"))
        self.withdrawn = f'<span class="tag tag-strong">{escape(pgettext("advisory", "Withdrawn"))}</span>'
        self.comma = comma()
        self.severity = lru_cache(maxsize=16)(severity_bars)
        self.state = lru_cache(maxsize=16)(state_tag)
        self.span = lru_cache(maxsize=512)(known_span)
        self.date = lru_cache(maxsize=512)(known_date)
        self.certainty = lru_cache(maxsize=8)(_mark_and_word)
        self.day = lru_cache(maxsize=512)(day_in_words)

    def moment(self, at: dt.datetime) -> str:
        """The day of an instant in UTC."""
        return f'<time datetime="{at:%Y-%m-%dT%H:%M:%SZ}">{escape(self.day(at.date()))}</time>'


wording_in = lru_cache(maxsize=32)(Wording)
"""The wording of a language."""


def build_row(advisory: Advisory, *, level: str, is_dense: bool, added: str) -> str:
    """The row under a heading of this level, with what the page adds to it, which is HTML already. A dense one says who is
    affected, the state and the last change, and no more.
    """
    words = wording_in(get_language())
    withdrawn = " row-withdrawn" if advisory.is_withdrawn else ""
    address, heading = escape(advisory.get_absolute_url()), advisory.heading
    state = words.withdrawn if advisory.is_withdrawn else words.state(advisory.state)
    facts = "\n".join(f"<li>{fact}</li>" for fact in (state, *_facts(advisory, words, is_dense=is_dense)))
    return f"""<article class="row{withdrawn}">
<p class="row-severity">{words.severity(advisory.severity)}</p>
<div class="row-body">
<{level} class="row-title"><a href="{address}" lang="{escape(heading.language)}" dir="auto">{escape(heading.text)}</a></{level}>
{_who(advisory, words)}
{added}
<ul class="row-facts">
{facts}{"" if is_dense else _techniques(advisory, words)}
</ul>
</div>
{"" if is_dense else _release(advisory, words)}
</article>"""


def _who(advisory: Advisory, words: Wording) -> str:
    """The organization and its services, the first few."""
    services: list[str] = advisory.brief.get("services", [])  # type: ignore[assignment]
    said = [f'<span dir="auto">{escape(advisory.organization)}</span>'] if advisory.organization else []
    if services:
        names, more = escape(words.comma.join(services[:MOST_SERVICES])), len(services) - MOST_SERVICES
        said.append(_and_more(names, more) if more > 0 else f'<span dir="auto">{names}</span>')
    return f'<p class="row-who">{" · ".join(said)}</p>' if said else ""


def _and_more(names: str, number: int) -> str:
    said = ngettext(
        '<span dir="auto">%(names)s</span> and %(number)s more',
        '<span dir="auto">%(names)s</span> and %(number)s more',
        number,
    )
    return said % {"names": names, "number": number}


def _facts(advisory: Advisory, words: Wording, *, is_dense: bool) -> tuple[str, ...]:
    if is_dense:
        released = {"number": advisory.number, "date": words.moment(advisory.released_at)}
        return words.release_and_day % released, f'<span class="id">{escape(advisory.public_id)}</span>'
    if advisory.occurred_from or advisory.occurred_to:
        return (words.span(day_of(advisory.occurred_from), day_of(advisory.occurred_to)),)
    return (words.disclosed % {"date": words.date(day_of(advisory.disclosed))},) if advisory.disclosed else ()


def _techniques(advisory: Advisory, words: Wording) -> str:
    """Techniques as marks and ids. Those that are only commonly used in such incidents are left out: in a row they would look
    like findings.
    """
    named: list[list[str]] = advisory.brief.get("techniques", [])  # type: ignore[assignment]
    shown = [(name, certainty) for _, name, certainty in named if certainty != Certainty.CONTEXT]
    if not shown:
        return ""
    marks = ""
    for name, certainty in shown[:MOST_TECHNIQUES]:
        mark, word = words.certainty(certainty)
        marks += f'<span class="id">{mark} {escape(name)} <span class="visually-hidden">{word}</span></span>'
    if (more := len(shown) - MOST_TECHNIQUES) > 0:
        said = ngettext("and %(number)s more", "and %(number)s more", more)
        marks += f"<span>{escape(said % {'number': more})}</span>"
    return f'\n<li class="row-techniques">{marks}</li>'


def _mark_and_word(certainty: str) -> tuple[str, str]:
    return certainty_mark(certainty), escape(inline(Certainty(certainty)))


def _release(advisory: Advisory, words: Wording) -> str:
    release, name = words.release % {"number": advisory.number}, escape(advisory.public_id)
    date = words.moment(advisory.released_at)
    return f'<p class="row-release"><span class="id">{name}</span> <span>{release}</span> <span>{date}</span></p>'
