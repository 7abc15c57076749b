"""What the search index knows of a document, and who finds what in it."""

from collections.abc import Iterable, Iterator, Sequence

from django.db.models.expressions import RawSQL

from incidents.prose.plain import plain_text
from incidents.publication.audience import Audience
from incidents.publication.document import AdvisoryDocument, Narrative, TranslatedText
from incidents.publication.fulltext.beginnings import with_endings
from incidents.publication.fulltext.expression import (
    Expression,
    Without,
    all_of,
    any_of,
    mark,
    sides_of,
    without_unwanted,
)
from incidents.publication.fulltext.index import Entry, clear_entries, keys_sql, put_entries
from incidents.publication.fulltext.sets import GONE, HIDDEN, ID, STANDING
from incidents.publication.models import Advisory, Release
from incidents.publication.models.tally import AUDIENCES
from incidents.publication.query import Words, read_words
from incidents.publication.spelling import clear_spellings, learn_words
from incidents.publication.tallies import MONTH, STATE, WITHDRAWN, Term, found_under
from incidents.publication.tokens import tokenise
from incidents.vocabulary.dates import month_of
from incidents.vocabulary.words import Certainty

LONGEST_TEXT = 150_000
_NOT_COUNTED = frozenset(Certainty.values)


def index_advisory(advisory: Advisory, document: AdvisoryDocument) -> None:
    """Make an advisory findable by its present text, in the caller's transaction."""
    terms = advisory.terms.values_list("facet", "value", "certainty", "role")
    index_entries([(advisory, advisory.release, document, list(terms))])


def index_entries(rows: Iterable[tuple[Advisory, Release, AdvisoryDocument, Sequence[Term]]]) -> None:
    """Make advisories findable by their documents and terms, replacing what they were found by before."""
    found = [
        (advisory.tlp_rank, entry_of(advisory, release, document, terms)) for advisory, release, document, terms in rows
    ]
    if found:
        learn_words((rank, token) for rank, entry in found for run in (*entry.names, *entry.titles) for token in run)
        put_entries([entry for _, entry in found])


def clear_index() -> None:
    """Empty the index, before it is made again."""
    clear_entries()
    clear_spellings()


def entry_of(advisory: Advisory, release: Release, document: AdvisoryDocument, terms: Iterable[Term]) -> Entry:
    """What the index knows of an advisory."""
    marks = [f"{facet}:{value}" for facet, value in sorted(found_under(advisory, terms))]
    sort = GONE if advisory.is_withdrawn else STANDING
    hidden = [rank for rank in range(len(AUDIENCES)) if advisory.is_withdrawn or rank < advisory.tlp_rank]
    return Entry(
        sequence=release.sequence,
        advisory_id=advisory.pk,
        known_on=f"{advisory.known_on} {document.id}",
        marks=tuple(text for text in marks if text.partition(":")[0] not in _NOT_COUNTED),
        hidden=(
            *(text for text in marks if text.partition(":")[0] in _NOT_COUNTED),
            f"{ID}:{document.id}",
            f"{MONTH}:{month_of(advisory.known_on)}",
            *(f"{sort}:{rank}" for rank in range(advisory.tlp_rank, len(AUDIENCES))),
            *(f"{HIDDEN}:{rank}" for rank in hidden),
        ),
        names=tuple(filter(None, (tokenise(name) for name in names_in(document)))),
        titles=tuple(filter(None, (tokenise(title) for title in titles_in(document)))),
        texts=tuple(filter(None, (tokenise(text) for text in _cut(texts_in(document))))),
    )


def names_in(document: AdvisoryDocument) -> Iterator[str]:
    """The names and ids in a document."""
    yield document.id
    yield from (one.organization.name for one in document.organizations)
    yield from (f"{one.service.organization} {one.service.name}" for one in document.affected_services)
    yield from (f"{step.technique.external_id} {step.technique.name}" for step in document.attacks)
    yield from (" ".join([claim.actor.name, *claim.actor.aliases]) for claim in document.attributions if claim.actor)
    yield from (tag.name for tag in document.tags)


def titles_in(document: AdvisoryDocument) -> Iterator[str]:
    """The title of a document, in every language it has."""
    yield document.title
    yield from (translation.title for translation in document.translations)


def texts_in(document: AdvisoryDocument) -> Iterator[str]:
    """Everything else in a document that people may look for, as plain text."""
    yield from plain_texts_in(document)
    yield from map(plain_text, prose_in(document))
    for translation in document.translations:
        yield from plain_texts_of(translation)
        yield from map(plain_text, prose_of(translation.narrative))


def plain_texts_in(document: AdvisoryDocument) -> Iterator[str]:
    """Those texts of a document that are plain as they stand."""
    yield from (document.summary, document.who_is_affected)
    yield from (advice.title for advice in document.recommendations)
    yield from (update.title for update in document.updates)
    yield from (source.title for source in document.sources)


def prose_in(document: AdvisoryDocument) -> Iterator[str]:
    """Those texts of a document that are written in Markdown."""
    yield from prose_of(document.narrative)
    yield from (step.description for step in document.attacks)
    yield from (advice.advice for advice in document.recommendations)
    yield from (update.text for update in document.updates)
    yield from (statement.text for statement in document.statements)


def plain_texts_of(translation: TranslatedText) -> Iterator[str]:
    """Those texts of a translation, besides its title, that are plain as they stand."""
    yield from (translation.summary, translation.who_is_affected)


def prose_of(narrative: Narrative) -> Iterator[str]:
    """The texts of a narrative that people may look for."""
    yield from (narrative.what_happened, narrative.impact, narrative.who_is_responsible, narrative.takeaway)


def _cut(texts: Iterable[str]) -> Iterator[str]:
    room = LONGEST_TEXT
    for text in texts:
        yield text[:room]
        room -= len(text)
        if room <= 0:
            return


def visible(parts: Sequence[Expression], audience: Audience, states: Iterable[str] = ()) -> Expression:
    """What all parts hold of what an audience may see: standing advisories, or those in any of these states (`withdrawn` and
    `open` among them).
    """
    rank = audience.highest_rank
    wanted = list(states)
    present = (
        [any_of(*(mark(STATE, state) for state in wanted if state != WITHDRAWN))] if set(wanted) - {WITHDRAWN} else []
    )
    hidden = mark(HIDDEN, rank)
    if WITHDRAWN not in wanted:
        asked = [*present, *parts]
        return Without(all_of(*asked), hidden) if asked else mark(STANDING, rank)
    either: list[Expression] = [mark(GONE, rank), *(Without(one, hidden) for one in present)]
    return all_of(any_of(*either), *parts)


def matching_keys(words: str | Words) -> RawSQL | None:
    """The primary keys of all advisories that the words find, as a subquery; None where there is nothing to look for.

    Whom it is for has to be asked of the advisories themselves.
    """
    asked = with_endings(read_words(words) if isinstance(words, str) else words)
    if asked.is_empty:
        return None
    last = len(AUDIENCES) - 1
    parts = sides_of(asked) or [any_of(mark(STANDING, last), mark(GONE, last))]
    sql, params = keys_sql(without_unwanted(all_of(*parts), asked))
    return RawSQL(sql, params)  # noqa: S611
