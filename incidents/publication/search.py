"""Full text: SQLite FTS5 and PostgreSQL tsvector behind one small interface. Derived from documents, rebuilt at will."""

import json
import re
from collections.abc import Iterable, Iterator

from django.db import connection, models
from django.db.models.expressions import RawSQL

from incidents.prose.plain import plain_text
from incidents.publication.document import AdvisoryDocument
from incidents.publication.models import Advisory

MOST_WORDS = 12
_OF_NOTHING = (
    "SELECT {key} FROM incidents_advisory_text WHERE {key} NOT IN (SELECT id FROM incidents_advisory) ORDER BY {key}"
)
_WORD = re.compile(r"\w+(?:[.-]\w+)*")


def searchable_text(document: AdvisoryDocument) -> str:
    """Everything of a document that people may look for, as plain text."""
    return "\n".join(part for part in (*_names(document), *map(plain_text, _prose(document))) if part)


def _names(document: AdvisoryDocument) -> Iterator[str]:
    yield from (document.id, document.title, document.summary, document.who_is_affected)
    yield from (one.organization.name for one in document.organizations)
    yield from (f"{one.service.name} {one.service.organization}" for one in document.affected_services)
    yield from (f"{step.technique.external_id} {step.technique.name}" for step in document.attacks)
    yield from (advice.title for advice in document.recommendations)
    yield from (" ".join([claim.actor.name, *claim.actor.aliases]) for claim in document.attributions if claim.actor)
    yield from (update.title for update in document.updates)
    yield from (tag.name for tag in document.tags)


def _prose(document: AdvisoryDocument) -> Iterator[str]:
    narrative = document.narrative
    yield from (narrative.what_happened, narrative.impact, narrative.who_is_responsible, narrative.takeaway)
    yield from (step.description for step in document.attacks)
    yield from (advice.advice for advice in document.recommendations)
    yield from (update.text for update in document.updates)


def index_advisory(advisory: Advisory, document: AdvisoryDocument) -> None:
    """Make an advisory findable by its present text, in the caller's transaction."""
    index_texts([(advisory.pk, searchable_text(document))])


def index_texts(rows: Iterable[tuple[int, str]]) -> None:
    """Write texts by the primary key of their advisories, replacing what was there."""
    batch = list(rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                "INSERT INTO incidents_advisory_text (advisory_id, words) VALUES (%s, to_tsvector('simple', left(%s, 150000))) "
                "ON CONFLICT (advisory_id) DO UPDATE SET words = excluded.words",
                batch,
            )
        else:
            cursor.executemany("DELETE FROM incidents_advisory_text WHERE rowid = %s", [(pk,) for pk, _ in batch])
            cursor.executemany("INSERT INTO incidents_advisory_text (rowid, words) VALUES (%s, %s)", batch)


def wrongly_indexed(rows: Iterable[tuple[int, str]]) -> set[int]:
    """The keys of those advisories, given with their texts, that the index does not know by exactly this text."""
    texts = dict(rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT given.pk FROM unnest(%s::bigint[], %s::text[]) AS given (pk, words) "
                "LEFT JOIN incidents_advisory_text kept ON kept.advisory_id = given.pk "
                "WHERE kept.words IS DISTINCT FROM to_tsvector('simple', left(given.words, 150000))",
                [list(texts), list(texts.values())],
            )
            return {pk for (pk,) in cursor.fetchall()}
        cursor.execute(
            "SELECT rowid, words FROM incidents_advisory_text WHERE rowid IN (SELECT value FROM json_each(%s))",
            [json.dumps(list(texts))],
        )
        kept = dict(cursor.fetchall())
    return {pk for pk, text in texts.items() if kept.get(pk) != text}


def texts_of_nothing() -> list[int]:
    """The keys under which the index keeps a text although there is no such advisory."""
    key = "advisory_id" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(_OF_NOTHING.format(key=key))
        return [pk for (pk,) in cursor.fetchall()]


def clear_texts() -> None:
    """Empty the index, before it is rebuilt."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM incidents_advisory_text")


def matching(words: str) -> models.QuerySet[Advisory]:
    """Advisories that contain every word, the last one as a beginning too; nothing a reader types is query syntax."""
    keys = matching_keys(words)
    return Advisory.objects.none() if keys is None else Advisory.objects.filter(pk__in=keys)


def matching_keys(words: str) -> RawSQL | None:
    """The primary keys of the advisories that `matching` finds, as a subquery; None where there is nothing to look for."""
    terms = _WORD.findall(words)[:MOST_WORDS]
    if not terms:
        return None
    if connection.vendor == "postgresql":
        query = " & ".join(f"'{term}'" for term in terms) + ":*"
        return RawSQL(
            "SELECT advisory_id FROM incidents_advisory_text WHERE words @@ to_tsquery('simple', %s)", [query]
        )
    query = " AND ".join(f'"{term}"' for term in terms) + "*"
    return RawSQL("SELECT rowid FROM incidents_advisory_text WHERE incidents_advisory_text MATCH %s", [query])
