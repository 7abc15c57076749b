"""Freezing: the record as it stands becomes a document, once it is fit to be read. One of two places that touch the record."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from incidents.catalogue.models import Mitigation, Organization, Service, Technique, ThreatActor
from incidents.publication.document import (
    ActorRef,
    Advice,
    AdvisoryDocument,
    AttachmentRef,
    AttackStep,
    AttributionClaim,
    DatedClaim,
    ImpactThen,
    Involvement,
    LossFigure,
    MitigationRef,
    Narrative,
    OrganizationRef,
    RelatedRef,
    ReleaseNote,
    ServiceEffect,
    ServiceRef,
    SourceRef,
    StatementText,
    TagRef,
    TechniqueRef,
    Timeline,
    TranslatedText,
    UpdateNote,
)
from incidents.record.fitness import find_problems
from incidents.record.models import Attack, Incident, Recommendation, ServiceImpactAtUpdate, Update
from incidents.record.models.incident import DATES, NARRATIVE
from incidents.record.models.translation import BRIEF
from incidents.vocabulary.citations import parse_cites
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import (
    ActorKind,
    AttributionStatus,
    Certainty,
    Confidence,
    Framework,
    IncidentDate,
    IncidentState,
    LossKind,
    OrganizationRole,
    Priority,
    ReaderGroup,
    Relation,
    ServiceImpact,
    Severity,
    SourceKind,
    UpdateKind,
)


class NotFit(Exception):
    """The record cannot be published as it stands; `problems` says what to mend, a sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def freezable() -> QuerySet[Incident]:
    """Incidents with everything `freeze` reads, in a number of queries that does not grow with the rows."""
    techniques = Technique.objects.select_related("parent").prefetch_related("tactics", "coverage")
    return Incident.objects.select_related("organization").prefetch_related(
        "tags",
        "involved__organization",
        Prefetch("attacks", Attack.objects.prefetch_related(Prefetch("technique", techniques))),
        "affected_services__service__organization",
        Prefetch("recommendations", Recommendation.objects.select_related("mitigation")),
        "attributions__actor",
        "losses",
        "date_claims",
        "sources",
        "statements__organization",
        Prefetch(
            "updates",
            Update.objects.prefetch_related(
                Prefetch("impacts", ServiceImpactAtUpdate.objects.select_related("service__organization"))
            ),
        ),
        "attachments",
        "related__other",
        "translations",
    )


def freeze(
    incident: Incident,
    *,
    release: ReleaseNote,
    history: Iterable[ReleaseNote] = (),
    titles: dict[str, str] | None = None,
    newest_material: int = 0,
) -> AdvisoryDocument:
    """The document of an incident as it stands.

    Args:
        incident: loaded by `freezable()`.
        release: what is said about this release.
        history: earlier releases that this document's readers may see, the oldest first.
        titles: titles, by public id, of released incidents that this document's readers may see; related incidents
            that are not among them are left out, so that a draft cannot leak through a link.
        newest_material: number of the newest release, this one included, that changed what readers know or do; translations
            of earlier ones are marked as out of date.

    Raises:
        NotFit: something must be mended first.
    """
    if problems := find_problems(incident):
        raise NotFit(problems)
    return AdvisoryDocument(
        id=incident.public_id,
        severity=Severity(incident.severity),
        state=IncidentState(incident.state),
        tlp=TLP(incident.tlp),
        release=release,
        is_exercise=incident.is_exercise,
        timeline=Timeline(**{name: str(getattr(incident, name)) for name in DATES}),
        narrative=Narrative(**{name: getattr(incident, name) for name in NARRATIVE}),
        tags=tuple(TagRef(slug=tag.slug, name=tag.name) for tag in incident.tags.all()),
        organizations=_organizations(incident),
        attacks=_attacks(incident),
        affected_services=_affected_services(incident),
        recommendations=_recommendations(incident),
        attributions=_attributions(incident),
        losses=_losses(incident),
        date_claims=_date_claims(incident),
        sources=_sources(incident),
        statements=_statements(incident),
        updates=_updates(incident),
        related=_related(incident, titles or {}),
        attachments=_attachments(incident),
        translations=_translations(incident, newest_material),
        history=(*history, release),
        **{name: getattr(incident, name) for name in (*BRIEF, "language")},
    )


def organization_ref(organization: Organization) -> OrganizationRef:
    """An organization as documents name it."""
    return OrganizationRef(
        slug=organization.slug, name=organization.name, sector=organization.sector, country=organization.country
    )


def _service_ref(service: Service) -> ServiceRef:
    return ServiceRef(key=service.key, name=service.name, organization=service.organization.name, kind=service.kind)


def _technique_ref(technique: Technique) -> TechniqueRef:
    return TechniqueRef(
        framework=Framework(technique.framework),
        external_id=technique.external_id,
        name=technique.name,
        url=technique.url,
        tactics=tuple(tactic.name for tactic in technique.tactics.all()),
        parent=technique.parent.external_id if technique.parent else "",
        stix_id=technique.stix_id,
        domains=tuple(technique.domains),
    )


def _mitigation_ref(mitigation: Mitigation) -> MitigationRef:
    return MitigationRef(
        framework=Framework(mitigation.framework),
        external_id=mitigation.external_id,
        name=mitigation.name,
        url=mitigation.url,
        stix_id=mitigation.stix_id,
    )


def _actor_ref(actor: ThreatActor) -> ActorRef:
    return ActorRef(
        slug=actor.slug,
        name=actor.name,
        kind=ActorKind(actor.kind),
        country=actor.country,
        aliases=tuple(actor.aliases),
        external_id=actor.external_id,
    )


def _organizations(incident: Incident) -> tuple[Involvement, ...]:
    involved = [(one.organization, one.role) for one in incident.involved.all()]
    if incident.organization is not None:
        involved.insert(0, (incident.organization, incident.organization_role))
    return tuple(
        Involvement(organization=organization_ref(organization), role=OrganizationRole(role))
        for organization, role in dict.fromkeys(involved)
    )


def _attacks(incident: Incident) -> tuple[AttackStep, ...]:
    return tuple(
        AttackStep(
            technique=_technique_ref(attack.technique),
            certainty=Certainty(attack.certainty),
            tactic=attack.tactic,
            occurred_from=str(attack.occurred_from),
            occurred_to=str(attack.occurred_to),
            description=attack.description,
            cites=parse_cites(attack.cites),
        )
        for attack in incident.attacks.all()
    )


def _affected_services(incident: Incident) -> tuple[ServiceEffect, ...]:
    return tuple(
        ServiceEffect(
            service=_service_ref(affected.service),
            impact=ServiceImpact(affected.impact),
            occurred_from=str(affected.occurred_from),
            occurred_to=str(affected.occurred_to),
            note=affected.note,
            cites=parse_cites(affected.cites),
        )
        for affected in incident.affected_services.all()
    )


def _recommendations(incident: Incident) -> tuple[Advice, ...]:
    covered: dict[int, list[str]] = {}
    for attack in incident.attacks.all():
        for coverage in attack.technique.coverage.all():
            covered.setdefault(coverage.mitigation_id, []).append(attack.technique.key)
    return tuple(
        Advice(
            audience=ReaderGroup(advice.audience),
            priority=Priority(advice.priority),
            title=str(advice),
            mitigation=_mitigation_ref(advice.mitigation) if advice.mitigation else None,
            advice=advice.advice,
            due_on=advice.due_on.isoformat() if advice.due_on else "",
            counters=tuple(dict.fromkeys(covered.get(advice.mitigation_id or 0, ()))),
            cites=parse_cites(advice.cites),
        )
        for advice in incident.recommendations.all()
    )


def _attributions(incident: Incident) -> tuple[AttributionClaim, ...]:
    return tuple(
        AttributionClaim(
            actor=_actor_ref(claim.actor) if claim.actor else None,
            status=AttributionStatus(claim.status),
            confidence=Confidence(claim.confidence),
            said_by=claim.said_by,
            said_on=str(claim.said_on),
            basis=claim.basis,
            cites=parse_cites(claim.cites),
        )
        for claim in incident.attributions.all()
    )


def _figure(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _losses(incident: Incident) -> tuple[LossFigure, ...]:
    return tuple(
        LossFigure(
            kind=LossKind(loss.kind),
            low=_figure(loss.low),
            likely=_figure(loss.likely),
            high=_figure(loss.high),
            unit=loss.unit,
            said_by=loss.said_by,
            as_of=str(loss.as_of),
            confidence=Confidence(loss.confidence),
            note=loss.note,
            cites=parse_cites(loss.cites),
        )
        for loss in incident.losses.all()
    )


def _date_claims(incident: Incident) -> tuple[DatedClaim, ...]:
    return tuple(
        DatedClaim(
            event=IncidentDate(claim.event),
            at=str(claim.at),
            said_by=claim.said_by,
            confidence=Confidence(claim.confidence),
            cites=parse_cites(claim.cites),
        )
        for claim in incident.date_claims.all()
    )


def _iso(date: dt.date | None) -> str:
    return date.isoformat() if date else ""


def _sources(incident: Incident) -> tuple[SourceRef, ...]:
    return tuple(
        SourceRef(
            number=source.number,
            title=source.title,
            url=source.url,
            kind=SourceKind(source.kind),
            publisher=source.publisher,
            author=source.author,
            published_on=str(source.published_on),
            accessed_on=_iso(source.accessed_on),
            archive_url=source.archive_url,
            language=source.language,
        )
        for source in incident.sources.all()
    )


def _statements(incident: Incident) -> tuple[StatementText, ...]:
    return tuple(
        StatementText(
            organization=organization_ref(statement.organization),
            text=statement.text,
            made_on=str(statement.made_on),
            is_quotation=statement.is_quotation,
            cites=parse_cites(statement.cites),
        )
        for statement in incident.statements.all()
    )


def _updates(incident: Incident) -> tuple[UpdateNote, ...]:
    return tuple(
        UpdateNote(
            at=str(update.at),
            kind=UpdateKind(update.kind),
            title=update.title,
            text=update.text,
            impacts=tuple(
                ImpactThen(service=_service_ref(then.service), impact=ServiceImpact(then.impact))
                for then in update.impacts.all()
            ),
            cites=parse_cites(update.cites),
        )
        for update in incident.updates.all()
    )


def _related(incident: Incident, titles: dict[str, str]) -> tuple[RelatedRef, ...]:
    return tuple(
        RelatedRef(
            id=related.other.public_id,
            title=titles[related.other.public_id],
            relation=Relation(related.relation),
            why=related.why,
        )
        for related in incident.related.all()
        if related.other.public_id in titles
    )


def _attachments(incident: Incident) -> tuple[AttachmentRef, ...]:
    return tuple(
        AttachmentRef(
            name=attachment.name,
            title=attachment.title,
            media_type=attachment.media_type,
            sha256=attachment.sha256,
            size=attachment.size,
            alt_text=attachment.alt_text,
        )
        for attachment in incident.attachments.all()
    )


def _translations(incident: Incident, newest_material: int) -> tuple[TranslatedText, ...]:
    return tuple(
        TranslatedText(
            language=translation.language,
            of_release=translation.of_release,
            out_of_date=translation.of_release < newest_material,
            translator=translation.translator,
            narrative=Narrative(**{name: getattr(translation, name) for name in NARRATIVE}),
            **{name: getattr(translation, name) for name in BRIEF},
        )
        for translation in incident.translations.all()
    )
