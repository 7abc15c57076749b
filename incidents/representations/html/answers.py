"""The five answers at the head of an advisory, worked out from the document where its editors did not word them.

Nothing here turns a claim into a fact: who is responsible is named with who says so and how far it is borne out.
"""

from collections.abc import Iterable

from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext

from incidents.publication.document import Advice, AdvisoryDocument, AttributionClaim
from incidents.vocabulary.dates import PartialDate
from incidents.vocabulary.inline import comma, joined
from incidents.vocabulary.words import AttributionStatus, Confidence, OrganizationRole, Priority, ReaderGroup

_HIT = (OrganizationRole.VICTIM, OrganizationRole.OPERATOR)
_URGENCY = {priority: rank for rank, priority in enumerate(Priority)}
_MOST_NAMED = 3


def who_is_affected(document: AdvisoryDocument) -> str:
    """One or two sentences: what the editors wrote, else the services, else the organizations named as hit."""
    if document.who_is_affected:
        return document.who_is_affected
    services = dict.fromkeys(effect.service.name for effect in document.affected_services)
    if services:
        return gettext("Users of %(services)s.") % {"services": listed(services)}
    names = dict.fromkeys(one.organization.name for one in document.organizations if one.role in _HIT)
    if names:
        return pgettext("who is affected", "%(organizations)s.") % {"organizations": listed(names)}
    return gettext("Not stated.")


def what_to_do_now(document: AdvisoryDocument) -> str:
    """One or two sentences: what the editors wrote, else the most urgent recommendation, one for users first."""
    if document.what_to_do_now:
        return document.what_to_do_now
    if not document.recommendations:
        return gettext("This advisory recommends no action.")
    groups = list(ReaderGroup)
    advice = min(document.recommendations, key=lambda one: (groups.index(one.audience), _URGENCY[one.priority]))
    return _spelled_out(advice)


def _spelled_out(advice: Advice) -> str:
    said = {
        "readers": str(advice.audience.label),
        "advice": advice.title.rstrip("."),
        "date": PartialDate(advice.due_on).for_people() if advice.due_on else "",
    }
    match (advice.audience is ReaderGroup.USERS, bool(advice.due_on)):
        case True, True:
            return pgettext("what to do now", "%(advice)s, by %(date)s.") % said
        case True, False:
            return pgettext("what to do now", "%(advice)s.") % said
        case False, True:
            return pgettext("what to do now", "%(readers)s: %(advice)s, by %(date)s.") % said
        case _:
            return pgettext("what to do now", "%(readers)s: %(advice)s.") % said


def who_is_responsible(document: AdvisoryDocument) -> str:
    """What may be said about who did it, in as many sentences as there are voices, three at the most."""
    named = [claim for claim in document.attributions if claim.actor]
    if not named:
        unclaimed = any(claim.status is AttributionStatus.UNCLAIMED for claim in document.attributions)
        return gettext("Not known. Nobody has claimed it.") if unclaimed else gettext("Not known.")
    settled = {claim.status for claim in named} == {AttributionStatus.CONFIRMED}
    sentences = list(dict.fromkeys(_voice(claim) for claim in named))
    more = [gettext("Others are named too; see below.")] if len(sentences) > _MOST_NAMED else []
    before = [] if settled else [pgettext("who is responsible", "Not established.")]
    return " ".join([*before, *sentences[:_MOST_NAMED], *more])


def _voice(claim: AttributionClaim) -> str:
    actor = claim.actor.name if claim.actor else ""
    return _sentence(claim, actor) % {"actor": actor, "source": claim.said_by}


def _sentence(claim: AttributionClaim, actor: str) -> str:
    """What a claim says, with places for the names of the actor and of the source, if it has one."""
    if claim.status is AttributionStatus.DISPUTED:
        return gettext("That it was %(actor)s is disputed.")
    if claim.status is AttributionStatus.CLAIMED and claim.said_by in ("", actor):
        return gettext("%(actor)s claims it; that is not confirmed.")
    words = _SAID if claim.said_by else _KNOWN
    return str(words.get(claim.status) or words[claim.confidence])


_SAID = {
    AttributionStatus.CONFIRMED: gettext_lazy("%(actor)s: confirmed, according to %(source)s."),
    AttributionStatus.CLAIMED: gettext_lazy(
        "%(actor)s is said to have claimed it, according to %(source)s; that is not confirmed."
    ),
    AttributionStatus.UNCLAIMED: gettext_lazy(
        "%(actor)s is named, according to %(source)s, but nobody has claimed it."
    ),
    Confidence.UNKNOWN: gettext_lazy("%(actor)s is suspected, according to %(source)s."),
    Confidence.LOW: gettext_lazy("%(actor)s is suspected with low confidence, according to %(source)s."),
    Confidence.MODERATE: gettext_lazy("%(actor)s is suspected with moderate confidence, according to %(source)s."),
    Confidence.HIGH: gettext_lazy("%(actor)s is suspected with high confidence, according to %(source)s."),
}
"""What a source says: by the status of the claim, of a suspicion by the confidence in it."""

_KNOWN = {
    AttributionStatus.CONFIRMED: gettext_lazy("%(actor)s: confirmed."),
    AttributionStatus.UNCLAIMED: gettext_lazy("%(actor)s is named, but nobody has claimed it."),
    Confidence.UNKNOWN: gettext_lazy("%(actor)s is suspected."),
    Confidence.LOW: gettext_lazy("%(actor)s is suspected with low confidence."),
    Confidence.MODERATE: gettext_lazy("%(actor)s is suspected with moderate confidence."),
    Confidence.HIGH: gettext_lazy("%(actor)s is suspected with high confidence."),
}
"""The same where nobody is named who says so."""


def listed(names: Iterable[str]) -> str:
    """Names in a sentence: `A`, `A and B`, `A, B and C`, `A, B, C and 4 more`."""
    known = list(names)
    if len(known) > _MOST_NAMED + 1:
        more = len(known) - _MOST_NAMED
        text = ngettext("%(names)s and %(number)d more", "%(names)s and %(number)d more", more)
        return text % {"names": comma().join(known[:_MOST_NAMED]), "number": more}
    return joined(known)
