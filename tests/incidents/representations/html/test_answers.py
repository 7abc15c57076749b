"""The five answers where the editors did not word them."""

import pytest

from incidents.publication.document import (
    ActorRef,
    Advice,
    AttributionClaim,
    Involvement,
    OrganizationRef,
    ServiceEffect,
    ServiceRef,
)
from incidents.representations.html.answers import listed, what_to_do_now, who_is_affected, who_is_responsible
from incidents.vocabulary.words import (
    ActorKind,
    AttributionStatus,
    Confidence,
    OrganizationRole,
    Priority,
    ReaderGroup,
    ServiceImpact,
)
from tests.factories.documents import make_document

HERON = ActorRef(slug="grey-heron", name="Grey Heron", kind=ActorKind.HACKTIVIST)


def claim(status: AttributionStatus, *, actor=HERON, said_by="The Courier", confidence=Confidence.UNKNOWN):
    return AttributionClaim(actor=actor, status=status, confidence=confidence, said_by=said_by)


def advise(title: str, audience: ReaderGroup, priority: Priority, **fields) -> Advice:
    return Advice(title=title, audience=audience, priority=priority, **fields)


def effect(name: str) -> ServiceEffect:
    service = ServiceRef(key=f"harbour-bank/{name.lower()}", name=name, organization="Harbour Bank")
    return ServiceEffect(service=service, impact=ServiceImpact.DEGRADED)


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ([], "Not known."),
        ([claim(AttributionStatus.UNCLAIMED, actor=None)], "Not known. Nobody has claimed it."),
        ([claim(AttributionStatus.SUSPECTED, actor=None)], "Not known."),
        (
            [claim(AttributionStatus.CLAIMED)],
            "Not established. Grey Heron is said to have claimed it, according to The Courier; that is not confirmed.",
        ),
        (
            [claim(AttributionStatus.CLAIMED, said_by="Grey Heron")],
            "Not established. Grey Heron claims it; that is not confirmed.",
        ),
        (
            [claim(AttributionStatus.SUSPECTED, confidence=Confidence.LOW)],
            "Not established. Grey Heron is suspected with low confidence, according to The Courier.",
        ),
        ([claim(AttributionStatus.DISPUTED)], "Not established. That it was Grey Heron is disputed."),
        ([claim(AttributionStatus.CONFIRMED)], "Grey Heron: confirmed, according to The Courier."),
        (
            [claim(AttributionStatus.CONFIRMED), claim(AttributionStatus.DISPUTED)],
            "Not established. Grey Heron: confirmed, according to The Courier. That it was Grey Heron is disputed.",
        ),
    ],
)
def test_a_claim_is_never_said_as_a_fact(claims, said):
    assert who_is_responsible(make_document(attributions=tuple(claims))) == said


def test_more_than_three_voices_are_pointed_to():
    claims = tuple(claim(AttributionStatus.CONFIRMED, said_by=name) for name in "ABCD")

    assert who_is_responsible(make_document(attributions=claims)).endswith(
        "according to C. Others are named too; see below."
    )


def test_the_editors_words_come_first():
    document = make_document(
        who_is_affected="Customers.", what_to_do_now="Wait.", affected_services=(effect("Ledger"),)
    )

    assert (who_is_affected(document), what_to_do_now(document)) == ("Customers.", "Wait.")


def test_users_of_the_services_are_affected():
    services = tuple(effect(name) for name in ("Ledger", "Cards", "Ledger"))

    assert who_is_affected(make_document(affected_services=services)) == "Users of Ledger and Cards."


def test_without_services_the_organizations_that_were_hit_are_named():
    involved = tuple(
        Involvement(organization=OrganizationRef(slug=name, name=name), role=role)
        for name, role in (("Bank", OrganizationRole.VICTIM), ("Courier", OrganizationRole.REPORTER))
    )

    assert who_is_affected(make_document(organizations=involved)) == "Bank."
    assert who_is_affected(make_document()) == "Not stated."


def test_the_most_urgent_advice_for_users_is_what_to_do():
    advice = (
        advise("Patch", ReaderGroup.OPERATORS, Priority.NOW),
        advise("Read the letter", ReaderGroup.USERS, Priority.PLAN),
        advise("Change the password", ReaderGroup.USERS, Priority.SOON, due_on="2025-02-03"),
    )

    assert what_to_do_now(make_document(recommendations=advice)) == "Change the password, by 3 February 2025."


def test_advice_for_others_says_for_whom_it_is():
    advice = (advise("Patch.", ReaderGroup.OPERATORS, Priority.NOW),)

    assert what_to_do_now(make_document(recommendations=advice)) == "Operators and defenders: Patch."
    assert what_to_do_now(make_document()) == "This advisory recommends no action."


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("A", "A"),
        ("AB", "A and B"),
        ("ABC", "A, B and C"),
        ("ABCD", "A, B, C and D"),
        ("ABCDEFG", "A, B, C and 4 more"),
    ],
)
def test_names_are_listed_in_a_sentence(names, said):
    assert listed(names) == said
