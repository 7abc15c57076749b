"""What an advisory could share with others, by the names its document gives: services, actors, organizations, techniques."""

from collections.abc import Iterator

from incidents.publication.document import AdvisoryDocument, ServiceRef
from incidents.publication.models import Facet
from incidents.vocabulary.words import Certainty, OrganizationRole

Named = tuple[tuple[str, str], str]


def has_something_to_share(document: AdvisoryDocument) -> bool:
    """Whether other advisories could be related to this one by what it names."""
    return not document.is_withdrawn and bool(shared_names(document))


def shared_names(document: AdvisoryDocument) -> dict[tuple[str, str], str]:
    """The name of each term that can be shared, by facet and value."""
    return dict([*_services(document), *_organizations(document), *_actors(document), *_techniques(document)])


def _services(document: AdvisoryDocument) -> Iterator[Named]:
    for service in _named_services(document):
        yield (Facet.SERVICE, service.key), service.name
        yield (Facet.ORGANIZATION, service.key.partition("/")[0]), service.organization


def _named_services(document: AdvisoryDocument) -> Iterator[ServiceRef]:
    yield from (effect.service for effect in document.affected_services)
    yield from (then.service for update in document.updates for then in update.impacts)


def _organizations(document: AdvisoryDocument) -> Iterator[Named]:
    involved = [one.organization for one in document.organizations if one.role is not OrganizationRole.REPORTER]
    for organization in [*involved, *(statement.organization for statement in document.statements)]:
        yield (Facet.ORGANIZATION, organization.slug), organization.name


def _actors(document: AdvisoryDocument) -> Iterator[Named]:
    for claim in document.attributions:
        if claim.actor:
            yield (Facet.ACTOR, claim.actor.slug), claim.actor.name


def _techniques(document: AdvisoryDocument) -> Iterator[Named]:
    for step in document.attacks:
        if step.certainty is not Certainty.CONTEXT:
            yield (Facet.TECHNIQUE, step.technique.key), f"{step.technique.external_id} {step.technique.name}"
