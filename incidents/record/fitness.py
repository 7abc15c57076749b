"""Fitness: what must be mended before an incident can be released. Editors see it while they write; freezing insists on it."""

import datetime as dt
import re
from collections.abc import Iterable

from incidents.record.fields import (
    LONGEST_NARRATIVE,
    LONGEST_PROSE,
    LONGEST_RECORD,
    LONGEST_SUMMARY,
    LONGEST_TRANSLATIONS,
)
from incidents.record.models import Incident, Translation
from incidents.record.models.incident import NARRATIVE
from incidents.record.models.translation import TRANSLATED
from incidents.vocabulary.citations import parse_cites
from incidents.vocabulary.language_tags import language_name
from incidents.vocabulary.tlp import TLP

EARLIEST_YEAR, LATEST_YEAR = 1000, 2999
_CITATION = re.compile(r"\[\^(\d{1,4})\]")


def find_problems(incident: Incident) -> list[str]:
    """What must be mended before the incident can be released; empty when it is fit."""
    problems = []
    if not incident.summary.strip():
        problems.append("The summary is empty; it is the first thing readers see.")
    if incident.tlp == TLP.RED:
        problems.append("TLP:RED is never published. Choose a wider label or keep it as a draft.")
    problems += _too_long(incident)
    for translation in incident.translations.all():
        problems += _translation_problems(incident, translation)
    known = {source.number for source in incident.sources.all()}
    cited = [
        (place, {int(found) for found in _CITATION.findall(text)})
        for place, text in (*_narrative(incident), *_prose_of_parts(incident), *_translated(incident))
    ]
    cited += [(place, set(parse_cites(cites))) for place, cites in _cited(incident)]
    problems += [
        f"{place} cites source {number}, which is not in the list of sources."
        for place, numbers in cited
        for number in sorted(numbers - known)
    ]
    for start, end in (("occurred_from", "occurred_to"), ("detected", "resolved")):
        first, last = getattr(incident, start), getattr(incident, end)
        if first and last and first.earliest() > last.latest():
            names = (end.replace("_", " "), start.replace("_", " "))
            problems.append(f"{last.for_people()} ({names[0]}) lies before {first.for_people()} ({names[1]}).")
    problems += [
        f"{place} is dated {date.year}; give a year from 1000 to 2999."
        for place, date in _days(incident)
        if not EARLIEST_YEAR <= date.year <= LATEST_YEAR
    ]
    return problems


def _too_long(incident: Incident) -> Iterable[str]:
    texts = [
        ("The summary", incident.summary, LONGEST_SUMMARY),
        *((place, text, LONGEST_NARRATIVE) for place, text in _narrative(incident)),
        *((place, text, LONGEST_PROSE) for place, text in _prose_of_parts(incident)),
    ]
    for place, text, most in texts:
        if len(text) > most:
            yield f"{place} has {len(text):,} characters; at most {most:,} can be published."
    together = sum(len(text) for _, text, _ in texts)
    if together > LONGEST_RECORD:
        yield (
            f"All texts together have {together:,} characters; at most {LONGEST_RECORD:,} can be published. Put details into "
            "an attachment or leave them to a source."
        )

    translated = list(_translated(incident))
    for place, text in translated:
        most = LONGEST_SUMMARY if place.endswith("“Summary”") else LONGEST_NARRATIVE
        if len(text) > most:
            yield f"{place} has {len(text):,} characters; at most {most:,} can be published."
    together = sum(len(text) for _, text in translated)
    if together > LONGEST_TRANSLATIONS:
        yield (
            f"All translations together have {together:,} characters; at most {LONGEST_TRANSLATIONS:,} can be published. "
            "Remove one, or what can be left to the original."
        )


def _translation_problems(incident: Incident, translation: Translation) -> Iterable[str]:
    name = language_name(translation.language)
    if translation.language.lower() == incident.language.lower():
        yield already_written_in(incident.language)
    if not translation.summary.strip():
        yield f"The translation into {name} has no summary; it is the first thing readers see."
    following = incident.released_number + 1
    if translation.of_release > following:
        yield (
            f"The translation into {name} is said to be of release {translation.of_release}; the next one will be {following}."
        )


def already_written_in(language: str) -> str:
    """What to tell somebody who adds a translation in the language of the incident itself."""
    return (
        f"The incident itself is written in {language_name(language)}; a translation is into another language. "
        "Change the language of the one or the other."
    )


def _translated(incident: Incident) -> Iterable[tuple[str, str]]:
    for translation in incident.translations.all():
        for name in TRANSLATED:
            place = f"{language_name(translation.language)} translation, “{name.replace('_', ' ').capitalize()}”"
            yield place, getattr(translation, name)


def _days(incident: Incident) -> Iterable[tuple[str, dt.date]]:
    for advice in incident.recommendations.all():
        if advice.due_on:
            yield f"Recommendation “{advice}”", advice.due_on
    for source in incident.sources.all():
        if source.accessed_on:
            yield f"Source {source.number}", source.accessed_on


def _narrative(incident: Incident) -> Iterable[tuple[str, str]]:
    for name in NARRATIVE:
        yield f"“{name.replace('_', ' ').capitalize()}”", getattr(incident, name)


def _prose_of_parts(incident: Incident) -> Iterable[tuple[str, str]]:
    for attack in incident.attacks.all():
        yield f"Technique {attack.technique.external_id}", attack.description
    for advice in incident.recommendations.all():
        yield f"Recommendation “{advice}”", advice.advice
    for claim in incident.attributions.all():
        yield f"Attribution “{claim}”", claim.basis
    for statement in incident.statements.all():
        yield f"Statement of {statement}", statement.text
    for update in incident.updates.all():
        yield f"Update “{update}”", update.text


def _cited(incident: Incident) -> Iterable[tuple[str, str]]:
    parts = (
        incident.attacks,
        incident.affected_services,
        incident.recommendations,
        incident.attributions,
        incident.losses,
        incident.date_claims,
        incident.statements,
        incident.updates,
    )
    for manager in parts:
        for part in manager.all():
            if part.cites:
                yield f"{str(part._meta.verbose_name).capitalize()} “{part}”", part.cites
