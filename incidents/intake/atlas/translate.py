"""From a case study of MITRE ATLAS to a draft.

What ATLAS does not say is not made up: an incident gets medium severity, an exercise is informational; both are closed
(`resolved`), for a case study tells what is over. Editors may change both before they publish.
"""

import re
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from incidents.catalogue.importing.text import storable
from incidents.catalogue.models.entry import http_url
from incidents.intake.atlas.names import find_organizations, is_list_of_names, names_nobody, organization_named
from incidents.intake.atlas.prose import absolute, mend_prose, source_key
from incidents.intake.atlas.studies import CaseStudy, Granularity, Reference, Step, StudyFile
from incidents.intake.catalogue import ActorEntry, Entries, OrganizationEntry, TagEntry
from incidents.intake.draft import AttackDraft, AttributionDraft, Draft, InvolvedDraft, SourceDraft
from incidents.intake.reading import Entry, Reading, Remark
from incidents.prose.plain import first_sentences, plain_text
from incidents.vocabulary.words import (
    ActorKind,
    AttributionStatus,
    Certainty,
    Confidence,
    IncidentState,
    OrganizationRole,
    Severity,
    SourceKind,
)

FORMAT = "atlas"
_TAG = TagEntry(slug="atlas-case-study", name="ATLAS case study")
_DATE_LENGTH = {Granularity.YEAR: 4, Granularity.MONTH: 7, Granularity.DATE: 10}
_SUMMARY_LIMIT = 420
_SENTENCE_END = re.compile(r"(?<=[.!?”\"])\s+(?=[“\"(]?[A-Z])")
_SHORT_WORD = re.compile(r"(?<!\w)\w{1,3}\.$")
# Fields that ATLAS itself fills with something else: the product attacked stands where the actor belongs.
_NOT_AN_ACTOR = {("AML.CS0023", "Ray"): "Ray is the software that was attacked"}


def read_case_studies(path: Path) -> Reading:
    """Every case study of an `ATLAS.yaml`, plain or gzip.

    Raises:
        IntakeFileError: the file cannot be read, or is not ATLAS.yaml.
    """
    file = StudyFile(path)
    reading = Reading(
        format=FORMAT,
        catalogue_command=f"`manage.py import_catalogue atlas {path}`",
        version=file.version,
        remarks=file.remarks,
        unreadable=file.unreadable,
    )
    for study, digest in file.studies:
        translation = _Translation(study, file.tactics)
        draft = translation.draft()
        reading.entries.append(
            Entry(external_id=study.id, name=study.name, digest=digest, draft=draft, needs=translation.needs())
        )
        reading.remarks += translation.remarks
    return reading


class _Translation:
    """One case study on its way to a draft, with what is noticed along it."""

    def __init__(self, study: CaseStudy, tactics: dict[str, str]) -> None:
        self.study, self.tactics = study, tactics
        self.remarks: list[Remark] = []
        self.unlinked: list[Reference] = []
        self.sources = self._sources()
        self.cites = {source_key(source.url): source.number for source in self.sources}
        self.targets = find_organizations(study.target)
        self.reporters = self._reporters()
        self.actor = self._actor()

    def needs(self) -> Entries:
        """The catalogue entries the draft names."""
        return Entries(
            organizations=(*self.targets, *self.reporters),
            actors=(self.actor,) if self.actor else (),
            tags=(_TAG,),
        )

    def draft(self) -> Draft:
        """The draft."""
        study = self.study
        told = self._prose("summary", study.summary)
        role = OrganizationRole.OPERATOR if study.is_exercise else OrganizationRole.VICTIM
        others = [(one.slug, role) for one in self.targets[1:]]
        others += [(one.slug, OrganizationRole.REPORTER) for one in self.reporters]
        return Draft(
            title=self._short("name", study.name, 200),
            summary=summarise(told),
            who_is_affected=self._affected(),
            severity=Severity.INFORMATIONAL if study.is_exercise else Severity.MEDIUM,
            state=IncidentState.RESOLVED,
            is_exercise=study.is_exercise,
            tags=(_TAG.slug,),
            organization=self.targets[0].slug if self.targets else None,
            organization_role=role,
            involved=tuple(InvolvedDraft(organization=slug, role=role) for slug, role in dict.fromkeys(others)),
            occurred_from=study.incident_date.isoformat()[: _DATE_LENGTH[study.incident_date_granularity]],
            what_happened=self._narrative(told),
            who_is_responsible=f"{self._responsible()} [^1]",
            attacks=tuple(self._attack(number, step) for number, step in enumerate(study.procedure, start=1)),
            attributions=(self._attribution(),),
            sources=tuple(self.sources),
        )

    def _narrative(self, told: str) -> str:
        parts = [told]
        if self.unlinked:
            listed = "\n".join(f"- {storable(one.title or one.url or '')}" for one in self.unlinked)
            parts.append(f"Also named as references, without a usable address:\n\n{listed}")
        parts.append(
            f"*Adapted from MITRE ATLAS case study {self.study.id}, © The MITRE Corporation, under the Apache License 2.0.* [^1]"
        )
        return "\n\n".join(part for part in parts if part)

    def _attack(self, number: int, step: Step) -> AttackDraft:
        tactic = self.tactics.get(step.tactic, "")
        if not tactic:
            self._remark("unknown tactic", f"step {number}: the file has no tactic “{step.tactic[:40]}”")
        return AttackDraft(
            technique=f"atlas/{storable(step.technique)}",
            tactic=tactic,
            certainty=Certainty.OBSERVED,
            description=self._prose(f"step {number}", step.description),
            cites="1",
        )

    def _sources(self) -> list[SourceDraft]:
        study = self.study
        page = SourceDraft(
            number=1,
            title=self._short("name", f"{study.id} {study.name}", 300),
            url=study.page,
            publisher="MITRE ATLAS",
            author="The MITRE Corporation",
            language="en",
            kind=SourceKind.DATABASE,
        )
        sources = {source_key(page.url): page}
        for reference in study.references:
            url = absolute(storable(reference.url or ""), study.page)
            if not is_address(url):
                self._remark("reference without a usable address", f"{reference.title}: {reference.url}")
                self.unlinked.append(reference)
            elif source_key(url) not in sources:
                title = self._short("reference", storable(reference.title or "").strip() or url, 300)
                sources[source_key(url)] = SourceDraft(
                    number=len(sources) + 1, title=title, url=url, kind=SourceKind.OTHER
                )
        return list(sources.values())

    def _reporters(self) -> list[OrganizationEntry]:
        name = storable(self.study.reporter).strip()
        if not name:
            return []
        return find_organizations(name)[:1] or [organization_named(self._short("reporter", name, 200))]

    def _actor(self) -> ActorEntry | None:
        name = storable(self.study.actor).strip()
        if names_nobody(name):
            return None
        if why := _NOT_AN_ACTOR.get((self.study.id, name)):
            self._remark("actor that is none", f"“{name}”: {why}; nobody is named as responsible")
            return None
        if is_list_of_names(name) and not self.study.is_exercise:
            self._remark(
                "several actors in one text", f"“{name}” is kept as text: whom it accuses is for editors to say"
            )
            return None
        short = self._short("actor", name, 200)
        kind = ActorKind.RESEARCHER if self.study.is_exercise or "research" in name.casefold() else ActorKind.UNKNOWN
        return ActorEntry(slug=slugify(short)[:60].strip("-") or "entry", name=short, kind=kind)

    def _attribution(self) -> AttributionDraft:
        study = self.study
        status = AttributionStatus.CONFIRMED if study.is_exercise else AttributionStatus.SUSPECTED
        if self._is_nobody():
            status = AttributionStatus.UNCLAIMED
        return AttributionDraft(
            actor=self.actor.slug if self.actor else None,
            said_by=self.reporters[0].name if self.reporters else "MITRE ATLAS",
            status=status,
            confidence=Confidence.UNKNOWN,
            basis=self._responsible(),
            cites="1",
        )

    def _responsible(self) -> str:
        name, study = _plain(self.study.actor), self.study
        if study.is_exercise:
            return f"This was an exercise by {name or 'researchers'}, not an attack."
        told = f" {_plain(study.reporter)} reported the case." if study.reporter.strip() else ""
        if self._is_nobody():
            said = f" It speaks of “{name}”." if name.casefold().endswith(("individual", "individuals")) else ""
            return f"MITRE ATLAS names nobody.{said}{told}"
        return f"MITRE ATLAS names {name} as the actor.{told}"

    def _is_nobody(self) -> bool:
        name = storable(self.study.actor).strip()
        return names_nobody(name) or (self.study.id, name) in _NOT_AN_ACTOR

    def _affected(self) -> str:
        target = storable(self.study.target).strip()
        if not self.targets:
            self._remark("target that is no organisation we know", f"“{target}” is kept as text")
        return self._short("target", target, 300)

    def _prose(self, place: str, text: str) -> str:
        mended = mend_prose(text, page=self.study.page, cites=self.cites)
        for link in mended.lost_links:
            self._remark("link that leads nowhere", f"{place}: “{link[:200]}”; its words are kept")
        return mended.text

    def _short(self, place: str, text: str, limit: int) -> str:
        text = " ".join(storable(text).split())
        if len(text) <= limit:
            return text
        self._remark("too long", f"{place} is cut to {limit} characters; whole it says: {text}")
        return text[: limit - 1].rstrip() + "…"

    def _remark(self, topic: str, why: Any) -> None:
        self.remarks.append(Remark(topic, self.study.id, self.study.name, str(why)))


def summarise(told: str) -> str:
    """The first whole sentences of a prose, as plain text of at most some 400 characters."""
    opening = told.split("\n\n", 1)[0]
    text = " ".join(plain_text(opening).split())
    kept: list[str] = []
    length = 0
    for sentence in _sentences(text):
        if kept and length + len(sentence) > _SUMMARY_LIMIT:
            break
        kept.append(sentence)
        length += len(sentence)
    while len(kept) > 1 and _breaks_off("".join(kept)):
        kept.pop()
    said = " ".join(kept)
    return first_sentences(said, limit=900) if len(said) > 900 else said


def is_address(url: str) -> bool:
    """Whether a source can be found there: http or https, well formed, not too long to keep."""
    try:
        http_url(url)
    except ValidationError:
        return False
    return len(url) <= 1000


def _sentences(text: str) -> list[str]:
    """The text cut after full stops, but not after short words such as “al.”."""
    sentences = [""]
    for piece in _SENTENCE_END.split(text):
        sentences[-1] = f"{sentences[-1]} {piece}".strip()
        if not _SHORT_WORD.search(piece):
            sentences.append("")
    return [one for one in sentences if one]


def _breaks_off(text: str) -> bool:
    """Whether the text ends inside a quotation."""
    return text.count("“") != text.count("”") or text.count('"') % 2 == 1


def _plain(text: str) -> str:
    """A name in a Markdown sentence, with nothing that could be markup."""
    kept = " ".join(storable(text).split())
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#!~|" else letter for letter in kept)
