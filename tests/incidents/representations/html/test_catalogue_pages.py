"""Pages of the catalogue and the indexes above them: what they say, and that they tell nothing that is not released."""

from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from incidents.catalogue.models import Technique
from incidents.publication.document import OrganizationRef, StatementText
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import AttributionStatus, Certainty, OrganizationRole, ReleaseKind, ServiceImpact
from tests.factories import (
    make_actor,
    make_incident,
    make_mitigation,
    make_organization,
    make_service,
    make_tactic,
    make_tag,
    make_technique,
)
from tests.factories.corpus import advice, claim, effect, involved, release_document, step, tagged
from tests.incidents.representations.html.reading import Page

pytestmark = pytest.mark.django_db
NAMED = {
    "organizations": "/organizations/harbour-bank/",
    "services": "/services/harbour-bank/online-banking/",
    "actors": "/actors/grey-heron/",
    "tags": "/tags/denial-of-service/",
}


def read(client: Client, address: str, status: int = 200) -> Page:
    response = client.get(address)
    assert response.status_code == status
    return Page(response.content)


def titles(found: Page) -> list[str]:
    return found.texts("h3", "row-title") + found.texts("h4", "row-title")


def release_all_named(title: str = "Outage", **fields: Any) -> None:
    """A catalogue with one of each, and an advisory that names them all."""
    make_service()
    make_actor()
    make_tag()
    release_document(
        title,
        organizations=(involved("harbour-bank"),),
        affected_services=(effect("harbour-bank/online-banking", ServiceImpact.MAJOR_OUTAGE),),
        attributions=(claim("grey-heron", status=AttributionStatus.DISPUTED),),
        tags=tagged("denial-of-service"),
        **fields,
    )


@pytest.mark.parametrize(("kind", "address"), NAMED.items())
def test_an_entry_is_public_once_an_advisory_readers_may_see_names_it(client: Client, kind: str, address: str) -> None:
    make_service()
    make_actor()
    make_tag()
    make_incident("Draft", organization=make_organization())
    assert client.get(address).status_code == 404
    assert address not in client.get(f"/{kind}/").content.decode()

    release_all_named("Narrow", tlp=TLP.GREEN)
    assert client.get(address).status_code == 404
    assert address not in client.get(f"/{kind}/").content.decode()

    release_all_named("Wide")
    assert titles(read(client, address)) == ["Wide"]
    assert address in client.get(f"/{kind}/").content.decode()


@pytest.mark.parametrize(("kind", "address"), NAMED.items())
def test_an_entry_that_only_a_withdrawn_advisory_names_keeps_its_page_but_leaves_the_index(
    client: Client, kind: str, address: str
) -> None:
    release_all_named(kind=ReleaseKind.WITHDRAWAL)

    assert titles(read(client, address)) == []
    assert address not in client.get(f"/{kind}/").content.decode()


def test_the_roles_of_an_organization_lead_to_all_of_its_advisories(client: Client) -> None:
    make_organization()
    for number in range(7):
        release_document(f"Row {number}", organizations=(involved("harbour-bank", OrganizationRole.OPERATOR),))
    release_document("Named", affected_services=(effect("harbour-bank/online-banking"),))

    found = read(client, NAMED["organizations"])
    everything = read(client, "/organizations/harbour-bank/operator/")

    assert found.texts("h3") == ["As operator 7", "Named without a role 1"]
    assert titles(found) == ["Row 6", "Row 5", "Row 4", "Row 3", "Row 2", "Named"]
    assert "/organizations/harbour-bank/operator/" in found.attributes("a", "href")
    assert everything.texts("h2", "row-title") == [f"Row {number}" for number in range(6, -1, -1)]
    assert client.get("/organizations/harbour-bank/bystander/").status_code == 404
    assert read(client, "/organizations/harbour-bank/victim/").texts("p", "notice") == [
        "No advisory that stands names it in this role."
    ]


def test_an_organization_speaks_for_itself_without_markup_the_newest_first(client: Client) -> None:
    bank = OrganizationRef(slug=make_organization().slug, name="Harbour Bank")
    said = [
        StatementText(organization=bank, text="We are **sorry** [^1].", made_on="2025-01-02", is_quotation=True),
        StatementText(organization=bank, text="It is over.", made_on="2025-01-05"),
        StatementText(organization=OrganizationRef(slug="other", name="Other"), text="Not us."),
    ]
    release_document("Outage", statements=tuple(said))

    assert read(client, NAMED["organizations"]).texts("figure", "quotation") == [
        "It is over. 5 January 2025. Reported in our words in Outage",
        "We are sorry . 2 January 2025. Quoted word for word in Outage",
    ]


def test_a_mitigation_tells_how_often_it_is_recommended_and_what_it_counters_was_named(client: Client) -> None:
    make_mitigation("M1053", "Data Backup", make_technique("T1486", "Data Encrypted"), make_technique())
    release_document("Advised", recommendations=(advice("M1053"),), attacks=(step("T1486"),))

    found = read(client, "/mitigations/attack/M1053/")

    assert found.texts("dl", "seen") == ["Advisories that recommend it1"]
    assert found.texts("dt")[-2:] == [
        "T1486 Data Encrypted named in 1 advisory",
        "T1498 Network Denial of Service not named in any advisory",
    ]


def test_the_trend_of_a_technique_stands_as_a_table_too(client: Client) -> None:
    make_technique("T1486", "Data Encrypted for Impact")
    for certainty in (Certainty.OBSERVED, Certainty.SUSPECTED, Certainty.CONTEXT):
        release_document(timeline="2024-11-05", attacks=(step("T1486", certainty),))
    release_document(timeline="2024", attacks=(step("T1486"),))

    with time_machine.travel("2025-02-01T12:00Z", tick=False):
        found = read(client, "/techniques/attack/T1486/")

    assert found.texts("tr")[:3] == [
        "QuarterObservedSuspected",
        "2025, January to March00",
        "2024, October to December11",
    ]
    assert found.texts("desc") == ["2024 quarter 4: 2. The table below says the same."]
    assert "Of 1 only the year is known, which puts it in no quarter." in found.text_of("content")


def test_what_is_said_of_an_actor_is_counted_by_how_far_it_is_borne_out(client: Client) -> None:
    make_actor()
    for status in (AttributionStatus.CLAIMED, AttributionStatus.CONFIRMED, AttributionStatus.CLAIMED):
        release_document(attributions=(claim("grey-heron", status=status, basis="A **note** on a forum."),))

    found = read(client, NAMED["actors"])

    assert found.texts("dl", "seen") == [
        "Confirmed borne out, as the advisory says by whom1 statement"
        "Claimed somebody says so; not borne out2 statements"
    ]
    assert found.texts("ul", "claims")[0] == "Claimed. Said by The Courier. Confidence: low. A note on a forum."


def test_an_organization_says_its_role_and_shows_only_services_that_are_public(client: Client) -> None:
    make_service("Secret vault")
    release_all_named()
    release_document("Supplied", organizations=(involved("harbour-bank", OrganizationRole.SUPPLIER),))

    found = read(client, "/organizations/harbour-bank/")

    assert found.texts("h3") == ["As victim 1", "As supplier 1"]
    assert titles(found) == ["Outage", "Supplied"]
    assert found.texts("ul", "tally") == ["Online banking Web application 1 advisory"]


def test_a_service_says_what_happened_to_it(client: Client) -> None:
    release_all_named()

    assert read(client, NAMED["services"]).texts("ul", "row-said") == ["Major outage"]


def test_attribution_is_told_with_who_says_so(client: Client) -> None:
    release_all_named()

    said = "Disputed. Said by The Courier. Confidence: low."
    assert read(client, NAMED["actors"]).texts("ul", "claims") == [said]


def test_a_technique_tells_its_place_what_counters_it_and_how_sure_its_incidents_are(client: Client) -> None:
    phishing = make_technique(
        "T1566", "Phishing", tactics=[make_tactic("TA0001", "Initial Access")], summary="Bait by **mail**."
    )
    make_technique("T1566.001", "Spearphishing Attachment", parent=phishing)
    make_mitigation("M1017", "User Training", phishing).coverage.update(how="Teach people to ask.")
    release_document("Seen", attacks=(step("T1566"),))
    release_document("Thought", attacks=(step("T1566", Certainty.SUSPECTED),))
    release_document("Usual", attacks=(step("T1566", Certainty.CONTEXT),))

    found = read(client, "/techniques/attack/T1566/")

    assert found.texts("strong") == ["mail"]
    assert found.texts("ul", "tally") == ["T1566.001 Spearphishing Attachment –no advisory"]
    assert found.texts("dl", "coverage") == ["M1017 User TrainingTeach people to ask."]
    assert found.texts("dl", "seen") == [
        "Observed1 advisory Suspected1 advisory Commonly used, not shown here1 advisory"
    ]
    assert titles(found) == ["Usual", "Thought", "Seen"]


def test_techniques_and_mitigations_are_public_without_any_advisory(client: Client) -> None:
    make_mitigation("M1017", "User Training", make_technique("T1566", "Phishing", tactics=[make_tactic()]))

    assert read(client, "/techniques/").texts("h3") == ["Impact"]
    assert read(client, "/mitigations/").texts("tbody") == ["M1017User Training1–no advisory"]
    assert read(client, "/techniques/attack/T1566/").texts("h1") == ["Phishing"]
    assert read(client, "/mitigations/attack/M1017/").texts("h1") == ["User Training"]


def test_the_index_counts_sub_techniques_beside_their_parent(client: Client) -> None:
    phishing = make_technique("T1566", "Phishing", tactics=[make_tactic()])
    make_technique("T1566.001", "Spearphishing Attachment", parent=phishing)
    release_document(attacks=(step("T1566.001"),))

    assert read(client, "/techniques/").texts("ul", "tally") == [
        "T1566 Phishing +1 sub-technique (1 of its sub-techniques)"
    ]


@pytest.mark.parametrize("kind", ["techniques/attack/t1566", "techniques/ATTACK/T1566", "mitigations/attack/m1017"])
def test_ids_in_other_letters_lead_to_the_canonical_address(client: Client, kind: str) -> None:
    make_mitigation("M1017", "User Training", make_technique("T1566", "Phishing"))

    response = client.get(f"/{kind}/")

    assert (response.status_code, response.headers["Location"]) == (
        301,
        f"/{kind.partition('/')[0]}/attack/{kind.rpartition('/')[2].upper()}/",
    )


def test_a_revoked_technique_says_so_leads_to_its_successor_and_leaves_the_index(client: Client) -> None:
    successor = make_technique("T1566", "Phishing", tactics=[make_tactic()])
    make_technique("T1193", "Spearphishing", tactics=[make_tactic()], status="revoked", superseded_by=successor)

    notice = read(client, "/techniques/attack/T1193/").texts("p", "notice")

    assert notice[0] == "MITRE ATT&CK has revoked this entry. Its successor is T1566 Phishing."
    assert "T1193" not in client.get("/techniques/").content.decode()


@pytest.mark.parametrize(
    "address", ["/organizations/x/", "/services/x/y/", "/techniques/attack/T0/", "/actors/x/", "/tags/x/"]
)
def test_what_does_not_exist_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/organizations/harbour-bank/victim/",
        *list(NAMED.values())[1:],
        "/techniques/attack/T1486/",
        "/mitigations/attack/M1053/",
    ],
)
def test_an_entry_pages_its_advisories(client: Client, address: str) -> None:
    make_mitigation("M1053", "Data Backup", make_technique("T1486", "Data Encrypted for Impact"))
    for number in range(31):
        release_all_named(f"Row {number}", attacks=(step("T1486"),), recommendations=(advice("M1053"),))

    first = read(client, address)
    (following,) = [a["href"] for tag, a, _ in first.elements if tag == "a" and a.get("rel") == "next"]

    assert titles(first) + first.texts("h2", "row-title") == [f"Row {number}" for number in range(30, 0, -1)]
    second = read(client, following)
    assert titles(second) + second.texts("h2", "row-title") == ["Row 0"]
    assert client.get(f"{address}?cursor=tampered").status_code == 400


def test_an_index_of_many_entries_is_paged_by_name(client: Client) -> None:
    names = [f"Organisation {number:03d}" for number in range(120)]
    for name in names:
        release_document(organizations=(involved(make_organization(name).slug),))

    first = read(client, "/organizations/")
    (following,) = [a["href"] for tag, a, _ in first.elements if tag == "a" and a.get("rel") == "next"]
    second = read(client, following)

    rows = [text for found in (first, second) for text in found.texts("th") if text.startswith("Organisation ")]
    assert rows == names
    assert client.get("/organizations/?cursor=tampered").status_code == 400


QUERIES = {
    "/organizations/": 2,
    "/organizations/harbour-bank/": 9,
    "/organizations/harbour-bank/victim/": 2,
    "/services/": 2,
    "/services/harbour-bank/online-banking/": 6,
    "/techniques/": 7,
    "/techniques/attack/T1486/": 11,
    "/mitigations/": 2,
    "/mitigations/attack/M1053/": 9,
    "/actors/": 2,
    "/actors/grey-heron/": 5,
    "/tags/": 2,
    "/tags/denial-of-service/": 5,
}


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("address", QUERIES)
def test_pages_cost_the_same_queries_for_one_row_and_for_thirty(
    client: Client, django_assert_num_queries: Any, address: str, count: int
) -> None:
    encrypted = make_technique("T1486", "Data Encrypted for Impact", tactics=[make_tactic()])
    make_mitigation("M1053", "Data Backup", encrypted)
    for number in range(count):
        release_all_named(f"Row {number}", attacks=(step("T1486"),), recommendations=(advice("M1053"),))
        part = make_technique(f"T1486.{number:03d}", "Part", parent=encrypted)
        make_mitigation(f"M2{number:03d}", "More", encrypted, part)
        Technique.objects.filter(pk=part.pk).update(summary="One of many.")
    cache.clear()

    with django_assert_num_queries(QUERIES[address]):
        client.get(address)


@pytest.mark.parametrize(
    ("technique_id", "mitigation_id", "owner"),
    [
        (
            "T9001",
            "M9001",
            "ATT&CK®: © 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The"
            " MITRE Corporation. Terms of use of ATT&CK",
        ),
        ("AML.T9001", "AML.M9001", "ATLAS™: © The MITRE Corporation, under the Apache License 2.0."),
    ],
)
def test_pages_with_names_of_a_framework_credit_its_owner_in_one_line(
    client: Client, technique_id: str, mitigation_id: str, owner: str
) -> None:
    technique = make_technique(technique_id)
    mitigation = make_mitigation(mitigation_id)
    pages = [technique.get_absolute_url(), mitigation.get_absolute_url(), "/techniques/", "/mitigations/"]

    assert [read(client, page).texts("p", "credit") for page in pages] == [[owner]] * 4


def test_techniques_of_our_own_are_credited_to_nobody(client: Client) -> None:
    technique = make_technique("L1", framework="local")

    assert read(client, technique.get_absolute_url()).texts("p", "credit") == []
