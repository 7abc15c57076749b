"""The matrix of a framework: columns in its order, sub-techniques under theirs, and the table that is the truth."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import Certainty, ReleaseKind
from tests.factories import make_tactic, make_technique
from tests.factories.corpus import release_document, step
from tests.incidents.representations.html.reading import Page

pytestmark = pytest.mark.django_db
ADDRESS = "/techniques/attack/"


def read(client: Client, address: str = ADDRESS) -> Page:
    response = client.get(address)
    assert response.status_code == 200
    return Page(response.content)


def make_matrix() -> None:
    """Two tactics, the second made first; phishing in both, one of its sub-techniques in the first alone."""
    impact = make_tactic("TA0040", "Impact", position=2)
    access = make_tactic("TA0001", "Initial Access", position=1)
    phishing = make_technique("T1566", "Phishing", tactics=[access, impact])
    make_technique("T1566.002", "Link", parent=phishing, tactics=[access])
    make_technique("T1566.001", "Attachment", parent=phishing, tactics=[access, impact])
    make_technique("T1486", "Data Encrypted for Impact", tactics=[impact])
    make_technique("T0000", "Old", tactics=[impact], status="revoked")


def test_columns_stand_in_the_order_of_the_framework_with_sub_techniques_under_theirs(client: Client) -> None:
    make_matrix()

    found = read(client)

    assert found.texts("h2") == ["Initial Access", "Impact"]
    assert found.texts("ul", "matrix-cells") == [
        "Phishing+2 sub-techniques of PhishingAttachmentLink",
        "Data Encrypted for ImpactPhishing+1 sub-techniques of PhishingAttachment",
    ]
    assert found.texts("p", "notice") == ["No published advisory names any of them yet."]


def test_techniques_carry_the_number_of_advisories_and_the_thicker_mark_the_more(client: Client) -> None:
    make_matrix()
    release_document(attacks=(step("T1566"), step("T1566", Certainty.SUSPECTED), step("T1566.001")))
    for _ in range(9):
        release_document(attacks=(step("T1486"),))
    release_document(attacks=(step("T1566"),), tlp=TLP.GREEN)
    release_document(attacks=(step("T1566"),), kind=ReleaseKind.WITHDRAWAL)

    found = read(client)

    assert found.texts("ul", "matrix-cells")[1] == (
        "Data Encrypted for Impact 9Phishing 1+1 sub-techniques of Phishing, 1 namedAttachment 1"
    )
    assert [given["class"] for name, given, _ in found.elements if name == "li" and "class" in given] == [
        "m2", "m2", "m4", "m2", "m2",
    ]  # fmt: skip


def test_the_table_says_how_sure_those_that_are_most_named_first(client: Client) -> None:
    make_matrix()
    release_document(attacks=(step("T1566"), step("T1566", Certainty.SUSPECTED)))
    release_document(attacks=(step("T1486", Certainty.CONTEXT),))
    release_document(attacks=(step("T1566", Certainty.SUSPECTED),))

    assert read(client).texts("tr")[1:] == [
        "T1566PhishingInitial Access, Impact" + "Observed 1Suspected 2Context 0Advisories 2",
        "T1486Data Encrypted for ImpactImpact" + "Observed 0Suspected 0Context 1Advisories 1",
    ]


def test_techniques_without_a_tactic_are_not_lost(client: Client) -> None:
    make_technique("T1498", "Network Denial of Service")

    assert read(client).texts("h2") == ["Without a tactic"]


@pytest.mark.parametrize("address", ["/techniques/atlas/", "/techniques/nothing/"])
def test_a_framework_that_is_not_there_is_not_found(client: Client, address: str) -> None:
    make_matrix()

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_the_matrix_costs_the_same_queries_for_one_technique_and_for_thirty(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    impact = make_tactic()
    for number in range(count):
        whole = make_technique(f"T1{number:03d}", f"Technique {number}", tactics=[impact])
        make_technique(f"T1{number:03d}.001", "Part", tactics=[impact], parent=whole)
        release_document(attacks=(step(f"T1{number:03d}"),))
    cache.clear()

    with django_assert_num_queries(5):
        client.get(ADDRESS)
