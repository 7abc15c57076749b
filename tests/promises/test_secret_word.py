"""INV-DRAFT and INV-TLP: nothing at any public address tells what is in a draft or above the reader's clearance."""

import re
from collections.abc import Collection
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from incidents.catalogue.models import Organization, Service, Tag, ThreatActor
from incidents.insight.report import NAMES
from incidents.intake.submissions.models import Submission
from incidents.publication.registry import formats
from incidents.record.models import Incident
from incidents.record.models.incident import NARRATIVE
from incidents.representations.api.problems import KINDS
from incidents.representations.feeds.formats import FORMATS as FEED_FORMATS
from incidents.representations.html.sitemap import SECTIONS
from incidents.vocabulary.languages import split_language
from tests.factories import (
    make_full_incident,
    make_organization,
    make_service,
    make_tag,
    make_translation,
    publish_incident,
)
from tests.factories.submissions import link_of
from tests.promises.addresses import EVERY_LANGUAGE, addresses

pytestmark = pytest.mark.django_db
LABELS = ("draft", "green", "amber", "amber+strict", "red")
FILTERED = (
    "/incidents/",
    "/de/incidents/",
    "/insights/",
    "/zh-hans/insights/",
    "/insights/countries.csv",
    "/insights/sectors.svg",
    "/api/v1/advisories/",
    "/api/v1/facets/",
)
LIVE = ("/api/v1/changes/stream/?released_since=2000-01-01", "/api/v1/changes/?wait=0")
TELL_THE_TIME = ("/healthz", "/readyz", "/report/", "/ar/report/")
QUERIES = (
    "severity=critical",
    "sector=mining",
    "country=IS",
    "year=2019",
    "state=investigating",
    "tlp=amber",
    "sort=severity",
)


def make_secret(label: str) -> tuple[Incident, str]:
    """An incident that the public may not see, with its secret word in every text of it."""
    word = f"Zyx{re.sub('[^a-z]', '', label)}qwv"
    owner = make_organization(f"{word} Company", sector="mining", country="IS")
    service = make_service(f"{word} service", organization=owner)
    texts = ("summary", "who_is_affected", "what_happened", "impact", "who_is_responsible", "takeaway")
    incident = make_full_incident(
        f"{word} title",
        tlp="clear" if label == "draft" else label,
        severity="critical",
        state="investigating",
        occurred_from="2019-03",
        **{name: f"{word} {name}" for name in texts},
    )
    Incident.objects.filter(pk=incident.pk).update(organization=owner)
    incident.involved.all().delete()
    incident.affected_services.create(service=service, note=f"{word} note")
    incident.tags.add(make_tag(f"{word} tag"))
    incident.attributions.create(actor=ThreatActor.objects.create(name=f"{word} actor"), said_by=word)
    incident.sources.create(number=9, title=f"{word} source", url=f"https://{word.lower()}.example/")
    incident.statements.create(organization=owner, text=f"{word} statement")
    incident.updates.create(at="2019-03", title=f"{word} update", text=word)
    for language in ("de", "tlh"):
        make_translation(
            incident, language, translator=word, title=f"{word} Titel", summary=word, **dict.fromkeys(NARRATIVE, word)
        )
    if label not in {"draft", "red"}:
        publish_incident(incident, reason=f"{word} reason")
    return incident, word


def make_public() -> Incident:
    """An advisory everybody may read, with two releases."""
    incident = make_full_incident()
    publish_incident(incident)
    publish_incident(incident)
    return incident


def parameter_values(secrets: list[Incident], public: Incident) -> dict[str, list[Any]]:
    """What to put into the parameters of addresses: everything there is, secret or not."""
    return {
        "public_id": [public.public_id, *(incident.public_id for incident in secrets)],
        "number": [1, 2, 3],
        "old": [1],
        "new": [2],
        "suffix": [form.suffix for form in formats() if form.suffix != "/"],
        "slug": [
            row.slug for model in (Organization, Service, Tag, ThreatActor) for row in model._default_manager.all()
        ],
        "organization": list(Organization.objects.values_list("slug", flat=True)),
        "framework": ["attack", "atlas"],
        "external_id": ["T1498", "T1486", "T1566", "M1053"],
        "name": ["pages", *SECTIONS],
        "insight": list(NAMES),
        "sha256": ["0" * 64],
        "file": [f"advisories-{'0' * 32}.ndjson.gz"],
        "ending": list(FEED_FORMATS),
        "year": [2019, 2025],
        "month": [1, 3],
        "problem": list(KINDS),
        "token": [link_of(one).split("/")[-2] for one in Submission.objects.all()] or ["0" * 64],
        "reference": [one.reference for one in Submission.objects.all()] or ["R-2222-2222"],
        "operation": ["advisory_list", "advisory_one"],
        "endpoint": [UUID(int=0)],
        "message": ["msg_0"],
        "role": ["victim", "operator", "supplier", "reporter", "named"],
    }


def read_everything(values: dict[str, list[Any]], languages: Collection[str] = ("en", "ar")) -> dict[str, bytes]:
    """Everything the public can read in these languages, by address: status, headers and body."""
    client, read = Client(headers={"accept": "text/html"}), {}
    lists = (*FILTERED, *(f"/incidents/feed.{ending}" for ending in FEED_FORMATS))
    asked = sorted(
        {*addresses(values, languages), *LIVE, *(f"{place}?{query}" for place in lists for query in QUERIES)}
    )
    for address in asked:
        answer = client.get(address)
        body = answer.getvalue()
        read[address] = f"{answer.status_code} {sorted(answer.headers.items())} ".encode() + body
    return read


def test_no_public_address_knows_a_secret_word():
    public = make_public()
    secrets = {label: make_secret(label) for label in LABELS}

    read = read_everything(parameter_values([incident for incident, _ in secrets.values()], public), EVERY_LANGUAGE)

    words = {label: word.lower().encode() for label, (_, word) in secrets.items()}
    leaks = [
        (label, address)
        for address, text in read.items()
        for label, word in words.items()
        if word in text.lower().replace(_asked(address), b"").replace(_slugs(address), b"")
    ]
    assert leaks == []
    assert any(public.title.encode() in text for text in read.values())


def _asked(address: str) -> bytes:
    """The address one asked for, without its language: each page leads to itself in every language."""
    return split_language(address.lower())[1].encode()


def _slugs(address: str) -> bytes:
    """What a not-found page repeats of the address one asked for."""
    return re.sub(r"[/?&=.-]+", " ", split_language(address.lower())[1]).strip().encode() or b"\0"


@pytest.mark.parametrize("label", LABELS)
def test_the_public_cannot_tell_whether_a_secret_exists(label):
    public = make_public()
    make_full_incident("Another that is public")
    known = parameter_values([], public)
    before = read_everything(known)

    make_secret(label)

    after = read_everything(known)
    assert [address for address in before if before[address] != after[address] and address not in TELL_THE_TIME] == []


def test_a_search_for_a_secret_word_finds_nothing(client):
    make_public()
    for label in LABELS:
        make_secret(label)

    for label in LABELS:
        word = f"Zyx{re.sub('[^a-z]', '', label)}qwv"
        found = client.get("/incidents/", {"q": word}).content.decode()
        assert f"{word} title" not in found
        assert "/incidents/INC-2019" not in found
