"""Pages of threat actors and of tags. Attribution is never told as a fact: who says so stands beside every advisory."""

from collections import Counter
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from incidents.prose.plain import first_sentences
from incidents.publication.document import AdvisoryDocument, AttributionClaim
from incidents.publication.models import Advisory, Facet
from incidents.representations.html.asking import Question
from incidents.representations.html.entries import actors, seen, tags
from incidents.representations.html.jsonld_catalogue import actor_node, tag_node
from incidents.representations.html.organizations import Listed, entry_context
from incidents.representations.html.page import page
from incidents.vocabulary.countries import country_name
from incidents.vocabulary.words import AttributionStatus

LONGEST_BASIS = 300
_MEANINGS = {
    AttributionStatus.CONFIRMED: gettext_lazy("borne out, as the advisory says by whom"),
    AttributionStatus.SUSPECTED: gettext_lazy("somebody thinks so; not borne out"),
    AttributionStatus.CLAIMED: gettext_lazy("somebody says so; not borne out"),
    AttributionStatus.DISPUTED: gettext_lazy("somebody says so, somebody else denies it"),
    AttributionStatus.UNCLAIMED: gettext_lazy("nobody has claimed it"),
}


@dataclass(frozen=True, slots=True)
class Claimed:
    """An advisory that names an actor, with each statement that ties the two and what it rests on."""

    advisory: Advisory
    claims: tuple[tuple[AttributionClaim, str], ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many statements on a page have been borne out so far; `meaning` says what that is worth."""

    status: AttributionStatus
    meaning: str | Promise
    count: int


@require_safe
def actor_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """An actor: what is said about it, and by whom in each advisory."""
    actor = seen(actors(), Facet.ACTOR).select_related("superseded_by").filter(slug=slug).first()
    if actor is None:
        raise Http404(f"No advisory names an actor {slug}.")
    question = Question(request.path, request.GET, fixed={"actor": slug}, with_release=True)
    successor = actor.superseded_by
    listed = [Claimed(row, claims_about(row.document, slug)) for row in question.page.rows]
    context = entry_context(actor.name, "actors", question, Facet.ACTOR, slug) | {
        "page_description": gettext(
            "Incidents that somebody has tied to %(name)s, with who says so and how sure they are."
        )
        % {"name": actor.name},
        "actor": actor,
        "main_entity": actor_node(actor),
        "country": country_name(actor.country),
        "successor": seen(actors(), Facet.ACTOR).filter(pk=successor.pk).first() if successor else None,
        "listed": listed,
        "tallies": tallies(listed),
        "is_part": bool(question.page.next or question.page.previous),
        "more": f"?actor={slug}",
    }
    return page(request, "catalogue/actor.html", context, status=400 if question.problems else 200)


@require_safe
def tag_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A tag and its advisories."""
    tag = seen(tags(), Facet.TAG).filter(slug=slug).first()
    if tag is None:
        raise Http404(f"No advisory carries a tag {slug}.")
    question = Question(request.path, request.GET, fixed={"tag": slug})
    context = entry_context(tag.name, "tags", question, Facet.TAG, slug) | {
        "tag": tag,
        "main_entity": tag_node(tag),
        "listed": [Listed(row) for row in question.page.rows],
        "more": f"?tag={slug}",
    }
    return page(request, "catalogue/tag.html", context, status=400 if question.problems else 200)


def claims_about(document: AdvisoryDocument, slug: str) -> tuple[tuple[AttributionClaim, str], ...]:
    """What a document says about an actor's part in the incident, and the beginning of what that rests on."""
    claims = (claim for claim in document.attributions if claim.actor and claim.actor.slug == slug)
    return tuple((claim, first_sentences(claim.basis, limit=LONGEST_BASIS)) for claim in claims)


def tallies(listed: list[Claimed]) -> list[Tally]:
    """How many of the statements have been borne out how far, those that weigh most first."""
    counts = Counter(claim.status for one in listed for claim, _ in one.claims)
    return [Tally(status, meaning, counts[status]) for status, meaning in _MEANINGS.items() if counts[status]]
