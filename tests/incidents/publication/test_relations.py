"""Which advisories share something with one, the closest first."""

import pytest

from incidents.publication.audience import PUBLIC, Audience
from incidents.publication.models import Advisory
from incidents.publication.relations import MOST_RELATIVES, relatives_of
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import Certainty, OrganizationRole, ReleaseKind
from tests.factories.corpus import claim, effect, involved, release_document, step

pytestmark = pytest.mark.django_db


def related_to(advisory: Advisory, **options) -> list[tuple[str, list[str]]]:
    """The titles of relatives, each with the values it shares."""
    found = relatives_of(advisory, options.pop("audience", PUBLIC), **options)
    return [(one.advisory.title, [shared.value for shared in one.shared]) for one in found]


def test_a_shared_service_actor_organization_and_technique_relate_and_say_so():
    this = release_document(
        "This",
        affected_services=(effect("bank/ledger"),),
        attributions=(claim("grey-heron"),),
        organizations=(involved("cloudworks"),),
        attacks=(step("T1566"),),
    )
    release_document("Service", affected_services=(effect("bank/ledger"),))
    release_document("Actor", attributions=(claim("grey-heron"),))
    release_document("Organization", organizations=(involved("cloudworks"),))
    release_document("Technique", attacks=(step("T1566"),))
    release_document("Nothing", attacks=(step("T1486"),))

    assert related_to(this) == [
        ("Actor", ["grey-heron"]),
        ("Service", ["bank/ledger"]),
        ("Organization", ["cloudworks"]),
        ("Technique", ["attack/T1566"]),
    ]


def test_what_few_share_weighs_more_than_what_many_share():
    this = release_document("This", attacks=(step("T1566"), step("T1195"), step("T1486")))
    release_document("Rare", attacks=(step("T1195"),))
    release_document("Common twice", attacks=(step("T1566"), step("T1486")))
    for number in range(30):
        release_document(f"Common {number}", attacks=(step("T1566"), step("T1486" if number % 2 else "T1110")))

    found = related_to(this)

    assert found[0] == ("Rare", ["attack/T1195"])
    assert ("Common 0", ["attack/T1566"]) not in found
    assert len(found) == MOST_RELATIVES


def test_one_common_technique_is_no_relation():
    this = release_document("This", attacks=(step("T1566"),))
    for number in range(9):
        release_document(f"Other {number}", attacks=(step("T1566"),))

    assert related_to(this) == []


def test_what_is_only_commonly_used_and_who_reports_do_not_relate():
    parts = {
        "attacks": (step("T1566", Certainty.CONTEXT),),
        "organizations": (involved("the-courier", OrganizationRole.REPORTER),),
    }
    this = release_document("This", **parts)
    release_document("Other", **parts)

    assert related_to(this) == []


def test_a_technique_that_is_context_in_the_other_does_not_relate():
    this = release_document("This", attacks=(step("T1566"),))
    release_document("Other", attacks=(step("T1566", Certainty.CONTEXT),))

    assert related_to(this) == []


def test_the_owner_of_a_shared_service_is_not_counted_again():
    this = release_document("This", affected_services=(effect("bank/ledger"),), organizations=(involved("bank"),))
    release_document("Other", affected_services=(effect("bank/ledger"),), organizations=(involved("bank"),))

    assert related_to(this) == [("Other", ["bank/ledger"])]


def test_withdrawn_advisories_and_those_above_the_clearance_are_not_there():
    this = release_document("This", attributions=(claim("grey-heron"),))
    release_document("Withdrawn", attributions=(claim("grey-heron"),), kind=ReleaseKind.WITHDRAWAL)
    release_document("Green", attributions=(claim("grey-heron"),), tlp=TLP.GREEN)

    assert related_to(this) == []
    assert related_to(this, audience=Audience(TLP.GREEN)) == [("Green", ["grey-heron"])]


def test_those_above_the_clearance_do_not_even_count():
    this = release_document("This", attacks=(step("T1566"),))
    release_document("Other", attacks=(step("T1566"),))
    before = relatives_of(this, PUBLIC)

    for number in range(9):
        release_document(f"Green {number}", attacks=(step("T1566"),), tlp=TLP.GREEN)

    assert relatives_of(this, PUBLIC) == before


def test_those_that_editors_chose_are_left_out():
    this = release_document("This", attributions=(claim("grey-heron"),))
    other = release_document("Other", attributions=(claim("grey-heron"),))

    assert related_to(this, but=[other.public_id]) == []


def test_a_common_term_counts_also_where_its_carrier_is_old(monkeypatch):
    monkeypatch.setattr("incidents.publication.relations.MOST_CARRIERS", 3)
    old = release_document("Old", attacks=(step("T1566"),), attributions=(claim("grey-heron"),))
    for number in range(5):
        release_document(f"Other {number}", attacks=(step("T1566"),))
    this = release_document("This", attacks=(step("T1566"),), attributions=(claim("grey-heron"),))

    (found,) = [one for one in relatives_of(this, PUBLIC) if one.advisory == old]

    assert [(shared.value, shared.carriers, shared.is_common) for shared in found.shared] == [
        ("grey-heron", 1, False),
        ("attack/T1566", 4, True),
    ]


@pytest.mark.parametrize("count", [0, 1, 30])
def test_the_number_of_queries_does_not_grow(count, django_assert_max_num_queries):
    parts = {"attacks": (step("T1566"), step("T1486")), "affected_services": (effect("bank/ledger"),)}
    this = release_document("This", **parts)
    for number in range(count):
        release_document(f"Other {number}", **parts)

    with django_assert_max_num_queries(4):
        found = relatives_of(this, PUBLIC)

    assert len(found) == min(count, MOST_RELATIVES)


def test_an_advisory_that_names_nothing_has_no_relatives():
    assert relatives_of(release_document("This"), PUBLIC) == []
