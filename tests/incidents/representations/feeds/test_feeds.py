"""Feeds: what is in them, in which order, what moves, what is withdrawn, what stays hidden and what they cost."""

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from incidents.record.models import Incident
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import ReleaseKind, Severity
from tests.factories import make_full_incident, make_incident, publish_incident, withdraw_incident
from tests.factories.corpus import effect, involved, release_document, tagged
from tests.incidents.representations.feeds.reading import READERS, Said, check, links

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"


def read(client: Client, address: str) -> list[Said]:
    """The entries at an address, after the rules were checked."""
    response = client.get(address)
    assert response.status_code == 200
    ending = address.partition("?")[0].rpartition(".")[2]
    check(ending, response.content, SITE + address)
    return READERS[ending](response.content)


def titles(client: Client, query: str = "") -> list[str]:
    return [entry.title for entry in read(client, f"/incidents/feed.json{query}")]


def publish_twice(title: str = "Harbour Bank locked out of its ledgers", **fields: Any) -> Incident:
    """A published incident that was corrected since."""
    incident = make_incident(title, **fields)
    publish_incident(incident)
    Incident.objects.filter(pk=incident.pk).update(severity="high")
    publish_incident(incident, reason="It was graver.", kind=ReleaseKind.CORRECTION)
    return incident


def test_the_three_formats_tell_the_same(client: Client) -> None:
    incident, mistake = make_full_incident(), make_incident("A mistake")
    for one in (incident, incident, mistake):
        publish_incident(one)
    withdraw_incident(mistake)

    atom, rss, told = (read(client, f"/incidents/feed.{ending}") for ending in READERS)

    assert [entry.title for entry in atom] == [
        "Withdrawn: A mistake",
        "Update: Harbour Bank locked out of its ledgers",
        "Harbour Bank locked out of its ledgers",
    ]
    assert atom == rss == told


def test_a_correction_stands_on_top_and_says_what_changed(client: Client) -> None:
    corrected = publish_twice()
    publish_incident(make_incident("Another"))
    Incident.objects.filter(pk=corrected.pk).update(title="Harbour Bank shut for a day")
    publish_incident(corrected, reason="The title was wrong.", kind=ReleaseKind.CORRECTION)

    entries = read(client, "/incidents/feed.atom")

    assert [entry.title for entry in entries] == [
        "Correction: Harbour Bank shut for a day",
        "Another",
        "Correction: Harbour Bank locked out of its ledgers",
        "Harbour Bank locked out of its ledgers",
    ]
    assert entries[0].summary == "The title was wrong."
    assert (
        "<strong><bdi>Title</bdi></strong>: was “<bdi>Harbour Bank locked out of its ledgers</bdi>”, "
        "is now “<bdi>Harbour Bank shut for a day</bdi>”"
    ) in entries[0].content
    assert f'<a href="{SITE}/incidents/{corrected.public_id}/changes/2..3/">' in entries[0].content


def test_an_entry_is_filed_under_kind_label_severity_state_and_tags(client: Client) -> None:
    publish_incident(make_full_incident())

    (entry,) = read(client, "/incidents/feed.rss")

    assert entry.tags == ("First publication", "TLP:CLEAR", "Severity: High", "State: Contained", "denial of service")
    assert "Severity: High · State: Contained · TLP:CLEAR · Release 1 of" in entry.content


def test_ids_and_links_name_the_release_for_ever(client: Client, settings: Settings) -> None:
    settings.FEED_ID_AUTHORITY = "example.org,2024-05"
    incident = publish_twice()

    entries = read(client, "/incidents/feed.json")

    path = f"/incidents/{incident.public_id}/releases/"
    assert [(entry.id, entry.url) for entry in entries] == [
        (f"tag:example.org,2024-05:{path}2/", f"{SITE}{path}2/"),
        (f"tag:example.org,2024-05:{path}1/", f"{SITE}{path}1/"),
    ]
    assert [client.get(entry.url.removeprefix(SITE)).status_code for entry in entries] == [200, 200]


def test_a_withdrawal_tells_why_and_nothing_of_what_was_said(client: Client) -> None:
    incident = make_full_incident()
    publish_incident(incident)
    publish_incident(incident)
    withdraw_incident(incident, reason="It did not happen.")

    for address in ("/incidents/feed.atom", f"/incidents/{incident.public_id}/feed.atom"):
        (entry,) = read(client, address)
        assert entry.title == "Withdrawn: Harbour Bank locked out of its ledgers"
        assert entry.summary == "It did not happen."
        assert entry.tags == ("Withdrawal", "TLP:CLEAR")
        assert "What this advisory said is no longer held to be right" in entry.content
        assert "outage" not in client.get(address).content.decode()


@pytest.mark.parametrize(
    "query", ["severity=high", "organization=harbour-bank", "q=ledgers", "state=open", "tag=tokens"]
)
def test_a_filtered_feed_tells_of_what_the_list_holds_and_of_withdrawals(client: Client, query: str) -> None:
    bank = {"organizations": (involved("harbour-bank"),), "severity": Severity.HIGH, "tags": tagged("tokens")}
    release_document("Other", severity=Severity.LOW, state="resolved")
    release_document("Mistake about ledgers", kind=ReleaseKind.WITHDRAWAL, **bank)
    release_document("Lost ledgers", **bank)

    assert titles(client, f"?{query}") == ["Lost ledgers", "Withdrawn: Mistake about ledgers"]


def test_a_parameter_that_cannot_be_understood_is_said(client: Client) -> None:
    response = client.get("/incidents/feed.atom?severity=awful&cursor=forged")

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().startswith("“awful” is no value of “severity”. Allowed are ")


@pytest.mark.parametrize("query", ["cursor=forged", "severity=high&cursor=forged"])
def test_a_forged_cursor_is_said(client: Client, query: str) -> None:
    response = client.get(f"/incidents/feed.json?{query}")

    assert (response.status_code, response.content.decode()) == (
        400,
        "This link to a page of results is no longer valid. Start again from the first page.\n",
    )


def test_parameters_the_list_does_not_know_change_nothing(client: Client) -> None:
    release_document()

    assert client.get("/incidents/feed.atom?utm_source=news").content == client.get("/incidents/feed.atom").content


def test_narrower_labels_are_in_no_feed(client: Client) -> None:
    release_document("Shown")
    hidden = [release_document("Hidden", tlp=tlp) for tlp in TLP if tlp is not TLP.CLEAR]
    release_document("Hidden", tlp=TLP.GREEN, kind=ReleaseKind.WITHDRAWAL)

    assert titles(client) == ["Shown"]
    assert [client.get(f"/incidents/{one.public_id}/feed.rss").status_code for one in hidden] == [404] * 4


def test_a_widened_advisory_tells_nothing_of_its_narrower_past(client: Client) -> None:
    incident = make_incident(tlp="amber", what_happened="Only for partners.")
    publish_incident(incident)
    Incident.objects.filter(pk=incident.pk).update(tlp="clear", what_happened="For everybody.")
    publish_incident(incident, reason="Now public.")

    for address in ("/incidents/feed.json", f"/incidents/{incident.public_id}/feed.json"):
        (entry,) = read(client, address)
        assert entry.id.endswith("/releases/2/")
        assert "partners" not in entry.content
        assert "AMBER" not in entry.content
        assert "/changes/" not in entry.content


def test_pages_lead_to_each_other_and_tell_each_release_once(client: Client) -> None:
    with time_machine.travel("2024-12-31T12:00:00Z"):
        incident = publish_twice("Old")
    expected = [f"Row {number}" for number in range(120)]
    for title in expected:
        release_document(title, affected_services=(effect("bank/app"),))
    publish_incident(incident)

    seen, address, pages = [], "/incidents/feed.atom", []
    while address:
        seen += [entry.title for entry in read(client, address)]
        found = links(ET.fromstring(client.get(address).content))
        pages.append(sorted({"previous", "next"} & found.keys()))
        assert found["first"] == f"{SITE}/incidents/feed.atom"
        address = found.get("next", "").removeprefix(SITE)

    assert seen == ["Update: Old", *expected[::-1], "Correction: Old", "Old"]
    assert pages == [["next"], ["next", "previous"], ["previous"]]


def test_older_pages_keep_the_filters(client: Client) -> None:
    for number in range(60):
        release_document(f"Bank {number}", affected_services=(effect("bank/app"),))
        release_document(f"Other {number}")
    release_document("Withdrawn", kind=ReleaseKind.WITHDRAWAL, affected_services=(effect("bank/app"),))

    first = json.loads(client.get("/incidents/feed.json?service=bank/app").content)
    second = json.loads(client.get(first["next_url"].removeprefix(SITE)).content)

    told = [item["title"] for item in first["items"] + second["items"]]
    assert told == ["Withdrawn: Withdrawn", *(f"Bank {number}" for number in reversed(range(60)))]
    assert "service=bank/app" in first["next_url"]
    assert "next_url" not in second


def test_an_advisory_has_a_feed_of_its_own(client: Client) -> None:
    incident = publish_twice()
    publish_incident(make_incident("Another"))

    entries = read(client, f"/incidents/{incident.public_id}/feed.rss")

    assert [entry.id.rpartition("releases/")[2] for entry in entries] == ["2/", "1/"]
    moved = client.get(f"/incidents/{incident.public_id.lower()}/feed.rss")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"/incidents/{incident.public_id}/feed.rss")


def test_the_feed_of_a_merged_advisory_leads_to_the_other(client: Client) -> None:
    double, kept = make_incident("Double"), make_incident("Kept")
    publish_incident(double)
    publish_incident(kept)
    withdraw_incident(double, reason="The same as another.", merged_into=kept.public_id)

    moved = client.get(f"/incidents/{double.public_id}/feed.atom")

    assert (moved.status_code, moved.headers["Location"]) == (301, f"/incidents/{kept.public_id}/feed.atom")
    assert f'<a href="{SITE}/incidents/{kept.public_id}/">' in read(client, "/incidents/feed.atom")[0].content


def test_a_draft_has_no_feed(client: Client) -> None:
    incident = make_incident()

    assert client.get(f"/incidents/{incident.public_id or 'INC-2025-0001'}/feed.atom").status_code == 404


@pytest.mark.parametrize("ending", READERS)
def test_an_empty_feed_is_still_a_feed(client: Client, ending: str) -> None:
    assert read(client, f"/incidents/feed.{ending}") == []


def test_sort_is_understood_and_changes_nothing(client: Client) -> None:
    release_document("Grave", severity=Severity.CRITICAL)
    release_document("Slight", severity=Severity.LOW)

    body = client.get("/incidents/feed.json?sort=severity").content

    assert [item["title"] for item in json.loads(body)["items"]] == ["Slight", "Grave"]
    assert client.get("/incidents/feed.json?sort=colour").status_code == 400


def test_a_hub_is_named_where_there_is_one(client: Client, settings: Settings) -> None:
    release_document()
    assert "hub" not in client.get("/incidents/feed.atom").headers["Link"]
    settings.WEBSUB_HUB = "https://hub.example.org/"

    answers = {ending: client.get(f"/incidents/feed.{ending}") for ending in READERS}

    assert links(ET.fromstring(answers["atom"].content))["hub"] == "https://hub.example.org/"
    assert links(ET.fromstring(answers["rss"].content)[0])["hub"] == "https://hub.example.org/"
    assert json.loads(answers["json"].content)["hubs"] == [{"type": "WebSub", "url": "https://hub.example.org/"}]
    assert answers["rss"].headers["Link"] == (
        f'<{SITE}/incidents/feed.rss>; rel="self", <https://hub.example.org/>; rel="hub"'
    )


def test_the_address_is_that_of_the_setting_and_not_of_the_request(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["mirror.example"]
    release_document()

    body = client.get("/incidents/feed.atom", headers={"host": "mirror.example"}).content

    assert b"mirror.example" not in body


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(("query", "queries"), [("", 5), ("?service=bank/app&q=ledgers", 7)])
def test_a_feed_costs_the_same_queries_for_one_row_and_for_thirty(
    client: Client, django_assert_num_queries: Any, query: str, queries: int, count: int
) -> None:
    for number in range(count):
        release_document(f"Row {number} of ledgers", affected_services=(effect("bank/app"),))
    cache.clear()

    with django_assert_num_queries(queries):
        client.get(f"/incidents/feed.atom{query}")


@pytest.mark.parametrize("releases", [1, 8])
def test_the_feed_of_an_advisory_costs_the_same_queries_however_many_releases_it_has(
    client: Client, django_assert_num_queries: Any, releases: int
) -> None:
    incident = make_incident()
    for _ in range(releases):
        publish_incident(incident)

    with django_assert_num_queries(4):
        client.get(f"/incidents/{incident.public_id}/feed.atom")
