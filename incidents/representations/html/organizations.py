"""Pages of organizations and their services, and the indexes above them."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from incidents.publication.document import AdvisoryDocument, ServiceEffect
from incidents.publication.models import Advisory, Facet
from incidents.publication.paging import Order
from incidents.representations.html.asking import Question
from incidents.representations.html.entries import organizations, seen, services, standing
from incidents.representations.html.indexes import entries_with_counts, index_page
from incidents.representations.html.jsonld_catalogue import organization_node, service_node
from incidents.representations.html.page import page
from incidents.vocabulary.countries import country_name

BY_NAME = Order("organizations", "Name", ("name", "slug"), is_descending=False)
SERVICES_BY_NAME = Order("services", "Name", ("name", "organization__slug", "slug"), is_descending=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """An advisory on a catalogue page, with what it says about the entry."""

    advisory: Advisory
    said: tuple[str, ...] = ()
    effects: tuple[ServiceEffect, ...] = ()


@require_safe
def organization_list(request: HttpRequest) -> HttpResponse:
    """Organizations that standing advisories name, by name."""
    return index_page(
        request,
        rows=standing(organizations(), Facet.ORGANIZATION),
        order=BY_NAME,
        facet=Facet.ORGANIZATION,
        template="catalogue/organizations.html",
        title="Organisations",
        description="Organisations that advisories name, as victims, operators, suppliers or reporters of incidents.",
    )


@require_safe
def organization_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """An organization: what it is, its services, the advisories that name it and in which role."""
    organization = seen(organizations(), Facet.ORGANIZATION).filter(slug=slug).first()
    if organization is None:
        raise Http404(f"No advisory names an organisation {slug}.")
    question = Question(request.path, request.GET, fixed={"organization": slug}, with_release=True)
    offered = list(seen(services(), Facet.SERVICE).filter(organization=organization).order_by("name", "slug"))
    context = entry_context(organization.name, "organizations", question) | {
        "organization": organization,
        "main_entity": organization_node(organization),
        "country": country_name(organization.country),
        "services": entries_with_counts(offered, Facet.SERVICE),
        "listed": [Listed(row, said=roles_of(row.document, slug)) for row in question.page.rows],
        "more": f"?organization={slug}",
    }
    return page("catalogue/organization.html", context, status=400 if question.problems else 200)


@require_safe
def service_list(request: HttpRequest) -> HttpResponse:
    """Services that standing advisories name, by name."""
    return index_page(
        request,
        rows=standing(services(), Facet.SERVICE),
        order=SERVICES_BY_NAME,
        facet=Facet.SERVICE,
        template="catalogue/services.html",
        title="Services",
        description="Services that incidents affected: applications, APIs, models, data stores.",
    )


@require_safe
def service_detail(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    """A service: whose it is, and what happened to it in each advisory."""
    service = seen(services(), Facet.SERVICE).filter(organization__slug=organization, slug=slug).first()
    if service is None:
        raise Http404(f"No advisory names a service {organization}/{slug}.")
    question = Question(request.path, request.GET, fixed={"service": service.key}, with_release=True)
    context = entry_context(f"{service.name}, {service.organization.name}", "services", question) | {
        "service": service,
        "main_entity": service_node(service),
        "listed": [Listed(row, effects=effects_on(row.document, service.key)) for row in question.page.rows],
        "more": f"?service={service.key}",
    }
    return page("catalogue/service.html", context, status=400 if question.problems else 200)


def roles_of(document: AdvisoryDocument, slug: str) -> tuple[str, ...]:
    """What an organization has to do with an incident, in words; nothing where it is only named in passing."""
    return tuple(str(involved.role.label) for involved in document.organizations if involved.organization.slug == slug)


def effects_on(document: AdvisoryDocument, key: str) -> tuple[ServiceEffect, ...]:
    """What happened to a service, as a document says."""
    return tuple(effect for effect in document.affected_services if effect.service.key == key)


def entry_context(title: str, section: str, question: Question) -> dict[str, object]:
    """What every page of a catalogue entry tells its template."""
    return {
        "page_title": title,
        "page_description": f"Cyber-incident advisories about {title}.",
        "section": section,
        "canonical_path": question.path if question.is_plain else "",
        "robots": "" if question.is_plain else "noindex, follow",
        "question": question,
    }
