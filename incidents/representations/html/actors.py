"""Pages of threat actors and of tags. Attribution is never told as a fact: who says so stands beside every advisory."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from incidents.publication.document import AdvisoryDocument, AttributionClaim
from incidents.publication.models import Advisory, Facet
from incidents.representations.html.asking import Question
from incidents.representations.html.entries import actors, seen, tags
from incidents.representations.html.jsonld_catalogue import actor_node, tag_node
from incidents.representations.html.organizations import Listed, entry_context
from incidents.representations.html.page import page
from incidents.vocabulary.countries import country_name


@dataclass(frozen=True, slots=True)
class Claimed:
    """An advisory that names an actor, with each statement that ties the two."""

    advisory: Advisory
    claims: tuple[AttributionClaim, ...]


@require_safe
def actor_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """An actor: what is said about it, and by whom in each advisory."""
    actor = seen(actors(), Facet.ACTOR).select_related("superseded_by").filter(slug=slug).first()
    if actor is None:
        raise Http404(f"No advisory names an actor {slug}.")
    question = Question(request.path, request.GET, fixed={"actor": slug}, with_release=True)
    successor = actor.superseded_by
    context = entry_context(actor.name, "actors", question) | {
        "page_description": f"Incidents that somebody has tied to {actor.name}, with who says so and how sure they are.",
        "actor": actor,
        "main_entity": actor_node(actor),
        "country": country_name(actor.country),
        "successor": seen(actors(), Facet.ACTOR).filter(pk=successor.pk).first() if successor else None,
        "listed": [Claimed(row, claims_about(row.document, slug)) for row in question.page.rows],
        "more": f"?actor={slug}",
    }
    return page("catalogue/actor.html", context, status=400 if question.problems else 200)


@require_safe
def tag_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A tag and its advisories."""
    tag = seen(tags(), Facet.TAG).filter(slug=slug).first()
    if tag is None:
        raise Http404(f"No advisory carries a tag {slug}.")
    question = Question(request.path, request.GET, fixed={"tag": slug})
    context = entry_context(tag.name, "tags", question) | {
        "tag": tag,
        "main_entity": tag_node(tag),
        "listed": [Listed(row) for row in question.page.rows],
        "more": f"?tag={slug}",
    }
    return page("catalogue/tag.html", context, status=400 if question.problems else 200)


def claims_about(document: AdvisoryDocument, slug: str) -> tuple[AttributionClaim, ...]:
    """What a document says about an actor's part in the incident."""
    return tuple(claim for claim in document.attributions if claim.actor and claim.actor.slug == slug)
