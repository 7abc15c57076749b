"""From a submission to a draft: strangers add nothing to the catalogue, so only what it knows already is linked."""

from urllib.parse import urlsplit

from incidents.catalogue.models import Organization, Service
from incidents.intake.draft import AffectedServiceDraft, AttackDraft, Draft, SourceDraft
from incidents.intake.submissions.models import Submission
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import SourceKind


def draft_of(submission: Submission) -> Draft:
    """The draft of an incident that says what was sent. Nothing is made up: the summary stays for an editor to write."""
    organization = _named(submission.organization)
    service = _service_of(organization, submission.service)
    return Draft(
        title=submission.title,
        tlp=TLP(submission.tlp),
        language=submission.language,
        organization=organization.slug if organization else None,
        occurred_from=submission.occurred_from,
        occurred_to=submission.occurred_to,
        what_happened=submission.what_happened,
        impact=submission.impact,
        attacks=tuple(AttackDraft(technique=_key_of(technique)) for technique in submission.techniques),
        affected_services=(AffectedServiceDraft(service=service),) if service else (),
        sources=tuple(
            SourceDraft(number=number, title=urlsplit(address).netloc, url=address, kind=SourceKind.NEWS)
            for number, address in enumerate(submission.sources, 1)
        ),
    )


def unknown_names(submission: Submission) -> list[str]:
    """The organization and the service that were named and that the catalogue does not know under that name."""
    organization = _named(submission.organization)
    unknown = [submission.organization] if submission.organization and organization is None else []
    if submission.service and not _service_of(organization, submission.service):
        unknown.append(submission.service)
    return unknown


def _named(name: str) -> Organization | None:
    return Organization.objects.filter(name__iexact=name).first() if name else None


def _service_of(organization: Organization | None, name: str) -> str:
    if organization is None or not name:
        return ""
    service = Service.objects.filter(organization=organization, name__iexact=name).first()
    return f"{organization.slug}/{service.slug}" if service else ""


def _key_of(technique: str) -> str:
    return f"{'atlas' if technique.startswith('AML.') else 'attack'}/{technique}"
