"""What pages say to search engines and feed readers in their head."""

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from incidents.publication.document import AdvisoryDocument, SourceRef, TagRef
from incidents.representations.html.build import build_html
from incidents.representations.html.jsonld import advisory_graph, tech_article
from incidents.vocabulary.words import Certainty, ReleaseKind, SourceKind
from tests.factories import make_full_incident, make_organization, make_published, publish_incident, withdraw_incident
from tests.factories.corpus import effect, involved, release_document, step
from tests.factories.documents import make_document, make_note
from tests.incidents.representations.html.reading import Page

BASE = "https://tocsin.example"
SITE = "http://127.0.0.1:8000"

SUBJECTS = [
    {
        "@type": "Organization",
        "@id": f"{BASE}/organizations/harbour-bank/#organization",
        "name": "Harbour Bank",
    },
    {
        "@type": "Service",
        "@id": f"{BASE}/services/harbour-bank/payments/#service",
        "name": "harbour-bank/payments",
        "provider": {"@type": "Organization", "name": "harbour-bank"},
    },
    {
        "@type": "DefinedTerm",
        "@id": f"{BASE}/techniques/attack/T1486/#term",
        "name": "T1486",
        "termCode": "T1486",
        "url": f"{BASE}/techniques/attack/T1486/",
        "inDefinedTermSet": {"@type": "DefinedTermSet", "name": "MITRE ATT&CK"},
    },
]


def described(html: bytes | str) -> list[dict[str, Any]]:
    """The nodes of the one JSON-LD document in a page."""
    elements = Page(html).elements
    (text,) = [
        "".join(text) for tag, given, text in elements if tag == "script" and given.get("type") == "application/ld+json"
    ]
    told = json.loads(text)
    assert told["@context"] == "https://schema.org"
    nodes: list[dict[str, Any]] = told["@graph"]
    return nodes


def node(nodes: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """The node of a type."""
    return next(one for one in nodes if one["@type"] == kind)


def trail(nodes: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The breadcrumbs of a page."""
    return [(step["name"], step["item"]) for step in node(nodes, "BreadcrumbList")["itemListElement"]]


def written() -> AdvisoryDocument:
    """An advisory with everything that is said to search engines."""
    return make_document(
        organizations=(involved("harbour-bank"),),
        affected_services=(effect("harbour-bank/payments"), effect("harbour-bank/payments")),
        attacks=(step("T1486"), step("T1498", Certainty.SUSPECTED), step("T1566", Certainty.CONTEXT)),
        tags=(TagRef(slug="ransomware", name="Ransomware"),),
        sources=(
            SourceRef(
                number=1,
                title="Report",
                url="https://news.example/1",
                kind=SourceKind.NEWS,
                publisher="The Courier",
                published_on="2025-01",
            ),
            SourceRef(number=2, title="Trap", url="javascript:alert(1)", kind=SourceKind.OTHER),
        ),
    )


def test_an_advisory_is_an_article_about_what_was_shown() -> None:
    article = tech_article(written(), BASE, path="/incidents/INC-2025-0001/")

    address = f"{BASE}/incidents/INC-2025-0001/"
    assert article == {
        "@type": "TechArticle",
        "@id": address,
        "url": address,
        "mainEntityOfPage": address,
        "identifier": "INC-2025-0001",
        "headline": "Harbour Bank locked out of its ledgers",
        "name": "Harbour Bank locked out of its ledgers",
        "description": "An outage that lasted a day.",
        "inLanguage": "en",
        "version": "1",
        "datePublished": "2025-01-01T12:00:00Z",
        "dateModified": "2025-01-01T12:00:00Z",
        "creativeWorkStatus": "Published",
        "isAccessibleForFree": True,
        "image": f"{BASE}/incidents/INC-2025-0001/releases/1.og.png",
        "author": {"@id": f"{BASE}/#publisher"},
        "publisher": {"@id": f"{BASE}/#publisher"},
        "isPartOf": {"@id": f"{BASE}/#website"},
        "keywords": ["Ransomware"],
        "about": SUBJECTS,
        "citation": [
            {
                "@type": "CreativeWork",
                "name": "Report",
                "url": "https://news.example/1",
                "publisher": {"@type": "Organization", "name": "The Courier"},
                "datePublished": "2025-01",
            },
            {"@type": "CreativeWork", "name": "Trap"},
        ],
    }


def test_a_withdrawn_advisory_says_only_that_and_why() -> None:
    note = make_note(2, kind=ReleaseKind.WITHDRAWAL, reason="It did not happen.")
    fields = {name: getattr(written(), name) for name in ("organizations", "attacks", "tags", "sources")}

    article = tech_article(make_document(release=note, **fields), BASE, path="/incidents/INC-2025-0001/")

    assert (article["creativeWorkStatus"], article["description"]) == ("Withdrawn", "It did not happen.")
    assert {"about", "keywords", "citation"} & article.keys() == set()


def test_a_release_for_ever_is_an_article_of_its_own() -> None:
    nodes = advisory_graph(make_document(), BASE, is_permanent=True)["@graph"]

    address = f"{BASE}/incidents/INC-2025-0001/releases/1/"
    assert node(nodes, "TechArticle")["url"] == address
    assert trail(nodes) == [
        ("Tocsin", f"{BASE}/"),
        ("Incidents", f"{BASE}/incidents/"),
        ("INC-2025-0001", f"{BASE}/incidents/INC-2025-0001/"),
        ("Release 1", address),
    ]


def test_hostile_text_stays_in_the_element() -> None:
    title = '</script><script>alert("1")</script><!--'

    nodes = described(build_html(make_document(title=title), BASE))

    assert node(nodes, "TechArticle")["name"] == title


@pytest.mark.django_db
def test_the_front_page_says_how_to_search_the_site(client: Client) -> None:
    site = node(described(client.get("/").content), "WebSite")

    assert site["potentialAction"]["target"]["urlTemplate"] == f"{SITE}/incidents/?q={{search_term_string}}"


@pytest.mark.django_db
def test_the_page_of_an_organization_says_what_it_shows(client: Client) -> None:
    bank = make_organization(
        "Harbour Bank", aliases=["HB"], country="NL", founded=1901, website="https://bank.example/"
    )
    release_document(organizations=(involved(bank.slug),))

    nodes = described(client.get("/organizations/harbour-bank/").content)

    assert node(nodes, "Organization") == {
        "@type": "Organization",
        "@id": f"{SITE}/organizations/harbour-bank/#organization",
        "name": "Harbour Bank",
        "alternateName": ["HB"],
        "url": "https://bank.example/",
        "foundingDate": "1901",
        "address": {"@type": "PostalAddress", "addressCountry": "NL"},
    }
    assert node(nodes, "CollectionPage")["mainEntity"] == {"@id": f"{SITE}/organizations/harbour-bank/#organization"}
    assert trail(nodes)[1:] == [
        ("Organisations", f"{SITE}/organizations/"),
        ("Harbour Bank", f"{SITE}/organizations/harbour-bank/"),
    ]


@pytest.mark.django_db
def test_every_kind_of_page_describes_itself(client: Client) -> None:
    advisory = publish_incident(make_full_incident()).public_id
    kinds = {
        "/": "WebSite",
        "/about/": "AboutPage",
        "/incidents/": "CollectionPage",
        f"/incidents/{advisory}/": "TechArticle",
        f"/incidents/{advisory}/releases/1/": "TechArticle",
        f"/incidents/{advisory}/history/": "WebPage",
        "/organizations/": "CollectionPage",
        "/organizations/harbour-bank/": "Organization",
        "/services/harbour-bank/online-banking/": "Service",
        "/techniques/": "CollectionPage",
        "/techniques/attack/T1498/": "DefinedTerm",
        "/mitigations/attack/M1053/": "DefinedTerm",
        "/actors/grey-heron/": "Thing",
        "/tags/denial-of-service/": "DefinedTerm",
    }

    found = {address: [one["@type"] for one in described(client.get(address).content)] for address in kinds}

    assert {address: kinds[address] in types for address, types in found.items()} == dict.fromkeys(kinds, True)


@pytest.mark.django_db
def test_filtered_lists_and_errors_describe_nothing(client: Client) -> None:
    bodies = [client.get(address).content for address in ("/incidents/?severity=high", "/nothing/")]

    assert [b"ld+json" in body for body in bodies] == [False, False]


def feeds_of(client: Client, address: str) -> list[str]:
    """The feeds that a page names in its head."""
    elements = Page(client.get(address).content).elements
    return [
        given["href"]
        for tag, given, _ in elements
        if tag == "link" and given.get("rel") == "alternate" and "/feed." in given["href"]
    ]


@pytest.mark.django_db
def test_pages_name_their_feeds(client: Client) -> None:
    advisory = make_published(full=True).public_id
    everything = [f"/incidents/feed.{ending}" for ending in ("atom", "rss", "json")]
    own = [f"/incidents/{advisory}/feed.{ending}" for ending in ("atom", "rss", "json")]

    assert feeds_of(client, "/") == everything
    assert feeds_of(client, "/incidents/?severity=high&q=a+b&sort=severity&utm_source=x") == [
        f"{address}?q=a+b&severity=high" for address in everything
    ]
    assert feeds_of(client, "/services/harbour-bank/online-banking/") == [
        f"{address}?service=harbour-bank/online-banking" for address in everything
    ]
    assert feeds_of(client, f"/incidents/{advisory}/") == own + everything
    assert feeds_of(client, f"/incidents/{advisory}/history/") == own + everything
    assert {client.get(address).status_code for address in own + everything} == {200}


@pytest.mark.django_db
def test_the_feed_that_a_list_names_tells_the_same_advisories(client: Client) -> None:
    incident = make_full_incident()
    publish_incident(incident)
    other = make_full_incident("Other", severity="low")
    publish_incident(other)
    withdraw_incident(other)

    address = feeds_of(client, "/incidents/?technique=T1486&severity=high,low")[2]

    told = [item["title"] for item in json.loads(client.get(address).content)["items"]]
    assert told == ["Withdrawn: Other", "Harbour Bank locked out of its ledgers"]


def test_browsers_learn_how_to_search(client: Client) -> None:
    response = client.get("/opensearch.xml")

    root, space = ET.fromstring(response.content), "{http://a9.com/-/spec/opensearch/1.1/}"
    assert response.headers["Content-Type"] == "application/opensearchdescription+xml"
    assert root.tag == f"{space}OpenSearchDescription"
    assert {url.attrib["type"]: url.attrib["template"] for url in root.findall(f"{space}Url")} == {
        "text/html": f"{SITE}/incidents/?q={{searchTerms}}",
        "application/atom+xml": f"{SITE}/incidents/feed.atom?q={{searchTerms}}",
        "application/rss+xml": f"{SITE}/incidents/feed.rss?q={{searchTerms}}",
        "application/opensearchdescription+xml": f"{SITE}/opensearch.xml",
    }


@pytest.mark.django_db
def test_every_page_leads_to_the_description_of_search(client: Client) -> None:
    links = {
        given["rel"]: given["href"] for tag, given, _ in Page(client.get("/about/").content).elements if tag == "link"
    }

    assert links["search"] == "/opensearch.xml"
