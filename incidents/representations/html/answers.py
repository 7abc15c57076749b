"""The five answers at the head of an advisory, worked out from the document where its editors did not word them.

Nothing here turns a claim into a fact: who is responsible is named with who says so and how far it is borne out.
"""

from collections.abc import Iterable

from incidents.publication.document import Advice, AdvisoryDocument, AttributionClaim
from incidents.vocabulary.dates import PartialDate
from incidents.vocabulary.words import AttributionStatus, Confidence, OrganizationRole, Priority, ReaderGroup

NOT_KNOWN = "Not known."
UNCLAIMED = "Not known. Nobody has claimed it."
_HIT = (OrganizationRole.VICTIM, OrganizationRole.OPERATOR)
_URGENCY = {priority: rank for rank, priority in enumerate(Priority)}
_MOST_NAMED = 3


def who_is_affected(document: AdvisoryDocument) -> str:
    """One or two sentences: what the editors wrote, else the services, else the organizations named as hit."""
    if document.who_is_affected:
        return document.who_is_affected
    services = dict.fromkeys(effect.service.name for effect in document.affected_services)
    if services:
        return f"Users of {listed(services)}."
    names = dict.fromkeys(one.organization.name for one in document.organizations if one.role in _HIT)
    return f"{listed(names)}." if names else "Not stated."


def what_to_do_now(document: AdvisoryDocument) -> str:
    """One or two sentences: what the editors wrote, else the most urgent recommendation, one for users first."""
    if document.what_to_do_now:
        return document.what_to_do_now
    if not document.recommendations:
        return "This advisory recommends no action."
    groups = list(ReaderGroup)
    advice = min(document.recommendations, key=lambda one: (groups.index(one.audience), _URGENCY[one.priority]))
    return _spelled_out(advice)


def _spelled_out(advice: Advice) -> str:
    audience = "" if advice.audience is ReaderGroup.USERS else f"{advice.audience.label}: "
    due = f", by {PartialDate(advice.due_on).for_people()}" if advice.due_on else ""
    return f"{audience}{advice.title.rstrip('.')}{due}."


def who_is_responsible(document: AdvisoryDocument) -> str:
    """What may be said about who did it, in as many sentences as there are voices, three at the most."""
    named = [claim for claim in document.attributions if claim.actor]
    if not named:
        unclaimed = any(claim.status is AttributionStatus.UNCLAIMED for claim in document.attributions)
        return UNCLAIMED if unclaimed else NOT_KNOWN
    settled = {claim.status for claim in named} == {AttributionStatus.CONFIRMED}
    sentences = list(dict.fromkeys(_voice(claim) for claim in named))
    more = ["Others are named too; see below."] if len(sentences) > _MOST_NAMED else []
    return " ".join([*([] if settled else ["Not established."]), *sentences[:_MOST_NAMED], *more])


def _voice(claim: AttributionClaim) -> str:
    actor = claim.actor.name if claim.actor else ""
    sure = "" if claim.confidence is Confidence.UNKNOWN else f" with {claim.confidence.label.lower()} confidence"
    says = f", according to {claim.said_by}" if claim.said_by else ""
    match claim.status:
        case AttributionStatus.CONFIRMED:
            return f"{actor}: confirmed{says}."
        case AttributionStatus.CLAIMED if claim.said_by in ("", actor):
            return f"{actor} claims it; that is not confirmed."
        case AttributionStatus.CLAIMED:
            return f"{actor} is said to have claimed it{says}; that is not confirmed."
        case AttributionStatus.DISPUTED:
            return f"That it was {actor} is disputed."
        case AttributionStatus.UNCLAIMED:
            return f"{actor} is named{says}, but nobody has claimed it."
        case _:
            return f"{actor} is suspected{sure}{says}."


def listed(names: Iterable[str]) -> str:
    """Names in a sentence: `A`, `A and B`, `A, B and C`, `A, B, C and 4 more`."""
    known = list(names)
    if len(known) > _MOST_NAMED + 1:
        return f"{', '.join(known[:_MOST_NAMED])} and {len(known) - _MOST_NAMED} more"
    return " and ".join(filter(None, [", ".join(known[:-1]), known[-1]]))
