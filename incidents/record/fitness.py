"""Fitness: what must be mended before an incident can be released. Editors see it while they write; freezing insists on it."""

import datetime as dt
import re
from collections.abc import Iterable

from incidents.record.models import Incident
from incidents.record.models.incident import NARRATIVE
from incidents.vocabulary.citations import parse_cites
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
    known = {source.number for source in incident.sources.all()}
    cited = [(place, {int(found) for found in _CITATION.findall(text)}) for place, text in _prose(incident)]
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


def _days(incident: Incident) -> Iterable[tuple[str, dt.date]]:
    for advice in incident.recommendations.all():
        if advice.due_on:
            yield f"Recommendation “{advice}”", advice.due_on
    for source in incident.sources.all():
        if source.accessed_on:
            yield f"Source {source.number}", source.accessed_on


def _prose(incident: Incident) -> Iterable[tuple[str, str]]:
    for name in NARRATIVE:
        yield f"“{name.replace('_', ' ').capitalize()}”", getattr(incident, name)
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
        incident.statements,
        incident.updates,
    )
    for manager in parts:
        for part in manager.all():
            if part.cites:
                yield f"{str(part._meta.verbose_name).capitalize()} “{part}”", part.cites
