"""Pages of organizations: what they offer, what they have to do with incidents, and what they say themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from incidents.prose.plain import first_sentences
from incidents.publication.audience import PUBLIC
from incidents.publication.document import AdvisoryDocument, ServiceEffect, StatementText
from incidents.publication.facets import count_values, kept, standing_terms
from incidents.publication.models import Advisory, Facet
from incidents.publication.occurrence import count_withdrawn
from incidents.publication.paging import NEWEST, BadCursor, Order, Page, cut_page
from incidents.representations.html.asking import Question
from incidents.representations.html.entries import organizations, seen, services, standing
from incidents.representations.html.indexes import address, entries_with_counts, index_page
from incidents.representations.html.jsonld_catalogue import organization_node
from incidents.representations.html.page import page
from incidents.vocabulary.countries import country_name
from incidents.vocabulary.numbers import number
from incidents.vocabulary.words import OrganizationRole

BY_NAME = Order("organizations", "Name", ("name", "slug"), is_descending=False)
MOST_OF_A_ROLE = 5
MOST_READ_FOR_STATEMENTS = 30
MOST_SERVICES = 200
LONGEST_STATEMENT = 500
NAMED = "named"
ROLES: dict[str, Promise] = {
    OrganizationRole.VICTIM.value: gettext_lazy("As victim"),
    OrganizationRole.OPERATOR.value: gettext_lazy("As operator"),
    OrganizationRole.SUPPLIER.value: gettext_lazy("As supplier"),
    OrganizationRole.REPORTER.value: gettext_lazy("As reporter"),
    NAMED: gettext_lazy("Named without a role"),
}
_INLINE: dict[str, Promise] = {
    OrganizationRole.VICTIM.value: pgettext_lazy("within a line", "as victim"),
    OrganizationRole.OPERATOR.value: pgettext_lazy("within a line", "as operator"),
    OrganizationRole.SUPPLIER.value: pgettext_lazy("within a line", "as supplier"),
    OrganizationRole.REPORTER.value: pgettext_lazy("within a line", "as reporter"),
    NAMED: pgettext_lazy("within a line", "named without a role"),
}
_ALL_IN_ROLE: dict[str, Promise] = {
    OrganizationRole.VICTIM.value: gettext_lazy("All %(count)s as victim"),
    OrganizationRole.OPERATOR.value: gettext_lazy("All %(count)s as operator"),
    OrganizationRole.SUPPLIER.value: gettext_lazy("All %(count)s as supplier"),
    OrganizationRole.REPORTER.value: gettext_lazy("All %(count)s as reporter"),
    NAMED: gettext_lazy("All %(count)s named without a role"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """An advisory on a catalogue page, with what it says about the entry."""

    advisory: Advisory
    effects: tuple[ServiceEffect, ...] = ()


@dataclass(frozen=True, slots=True)
class InRole:
    """The newest advisories in which an organization has one role, how many there are, where all of them stand and how the link
    to there is called.
    """

    role: str
    title: str
    count: int
    listed: tuple[Listed, ...]
    all: str
    all_label: str


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of an organization, with the advisory that holds it; `text` is its beginning, without markup."""

    advisory: Advisory
    statement: StatementText
    text: str


@require_safe
def organization_list(request: HttpRequest) -> HttpResponse:
    """Organizations that standing advisories name, by name."""
    return index_page(
        request,
        rows=standing(organizations(), Facet.ORGANIZATION),
        order=BY_NAME,
        facet=Facet.ORGANIZATION,
        template="catalogue/organizations.html",
        title=gettext("Organisations"),
        description=gettext(
            "Organisations that advisories name, as victims, operators, suppliers or reporters of incidents."
        ),
    )


@require_safe
def organization_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """An organization: what it is, its services, the newest advisories by its role in them, and its statements."""
    organization = find_organization(slug)
    offered = seen(services(), Facet.SERVICE).filter(organization=organization).order_by("name", "slug")
    newest = Advisory.objects.visible_to(PUBLIC).standing().having(Facet.ORGANIZATION, slug).newest_first()
    context = {
        "page_title": organization.name,
        "page_description": gettext("Cyber-incident advisories that name %(name)s, and what it says about them.")
        % {"name": organization.name},
        "section": "organizations",
        "canonical_path": request.path,
        "organization": organization,
        "main_entity": organization_node(organization),
        "feed_query": f"?organization={slug}",
        "country": country_name(organization.country),
        "services": entries_with_counts(list(offered[:MOST_SERVICES]), Facet.SERVICE),
        "roles": in_roles(slug),
        "total": count_values(Facet.ORGANIZATION, [slug], PUBLIC).get(slug, 0),
        "statements": statements_of(slug, newest.select_related("release")[:MOST_READ_FOR_STATEMENTS]),
        "withdrawn": count_withdrawn(Facet.ORGANIZATION, slug, PUBLIC),
        "more": f"?organization={slug}",
    }
    return page(request, "catalogue/organization.html", context)


@require_safe
def organization_role(request: HttpRequest, slug: str, role: str) -> HttpResponse:
    """All advisories in which an organization has one role, page by page."""
    organization = find_organization(slug)
    problem = ""
    found: Page[Advisory] = Page([])
    try:
        found = cut_page(in_role(slug, role), NEWEST, cursor=request.GET.get("cursor", ""))
    except BadCursor as bad:
        problem = str(bad)
    said = {"name": organization.name, "role": _INLINE[role]}
    context = {
        "page_title": gettext("%(name)s: %(role)s") % said,
        "page_description": gettext("Advisories that name %(name)s: %(role)s.") % said,
        "section": "organizations",
        "canonical_path": "" if request.GET.get("cursor") else request.path,
        "robots": "noindex, follow" if request.GET.get("cursor") else "",
        "organization": organization,
        "title": ROLES[role],
        "entries": found.rows,
        "first": request.path,
        "previous": address(request, found.previous),
        "next": address(request, found.next),
        "problem": problem,
    }
    return page(request, "catalogue/organization_role.html", context, status=400 if problem else 200)


def find_organization(slug: str) -> Any:
    """The organization with this slug.

    Raises:
        Http404: there is none, or no advisory that readers may see names it.
    """
    organization = seen(organizations(), Facet.ORGANIZATION).filter(slug=slug).first()
    if organization is None:
        raise Http404(f"No advisory names an organisation {slug}.")
    return organization


def in_role(slug: str, role: str) -> Any:
    """Standing advisories in which an organization has this role."""
    how = "" if role == NAMED else role
    return Advisory.objects.visible_to(PUBLIC).standing().having(Facet.ORGANIZATION, slug, role=how)


def in_roles(slug: str) -> list[InRole]:
    """The roles an organization has, each with its newest advisories. One query for each role it has, and one besides."""

    def count() -> dict[str, int]:
        terms = standing_terms(Facet.ORGANIZATION, PUBLIC).filter(value=slug)
        return dict(terms.values("role").annotate(n=Count("advisory")).values_list("role", "n").order_by())

    counts = kept(f"roles.{slug}", PUBLIC, count)
    found = []
    for role, title in ROLES.items():
        if many := counts.get("" if role == NAMED else role, 0):
            rows = in_role(slug, role).newest_first()[:MOST_OF_A_ROLE]
            everything = reverse("organizations:role", args=[slug, role]) if many > MOST_OF_A_ROLE else ""
            all_label = str(_ALL_IN_ROLE[role]) % {"count": number(many)}
            found.append(InRole(role, str(title), many, tuple(map(Listed, rows)), everything, all_label))
    return found


def statements_of(slug: str, advisories: Iterable[Advisory]) -> list[Said]:
    """What an organization says itself in these advisories, the newest statement first."""
    said = [
        Said(advisory, statement, first_sentences(statement.text, limit=LONGEST_STATEMENT))
        for advisory in advisories
        for statement in advisory.document.statements
        if statement.organization.slug == slug
    ]
    return sorted(said, key=lambda one: one.statement.made_on, reverse=True)


def effects_on(document: AdvisoryDocument, key: str) -> tuple[ServiceEffect, ...]:
    """What happened to a service, as a document says."""
    return tuple(effect for effect in document.affected_services if effect.service.key == key)


def entry_context(title: str, section: str, question: Question, facet: Facet, value: str) -> dict[str, object]:
    """What every page of a catalogue entry tells its template."""
    return {
        "page_title": title,
        "page_description": gettext("Cyber-incident advisories about %(title)s.") % {"title": title},
        "section": section,
        "canonical_path": question.path if question.is_plain else "",
        "robots": "" if question.is_plain else "noindex, follow",
        "question": question,
        "withdrawn": count_withdrawn(facet, value, PUBLIC),
    }
