"""What a page costs who opens it for the first time: text, styles, scripts and pictures, compressed as they are sent.

The demo's heaviest advisories stand for all; every public address that answers with a page is weighed.
"""

from functools import cache
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.db.models import Count
from django.db.models.functions import Length
from django.test import Client

from incidents.intake.demo.load import load_demo
from incidents.publication.models import Advisory, AdvisoryTerm, Facet, Release
from incidents.representations.api.problems import KINDS
from incidents.vocabulary.words import OrganizationRole
from portal.fastlane.negotiate import BROTLI_QUALITY
from tests.factories.submissions import link_of, make_submission
from tests.incidents.representations.html.reading import Page
from tests.promises.addresses import addresses

pytestmark = pytest.mark.django_db
MOST = {"everything": 60_000, "styles": 20_000, "scripts": 15_000}  # bytes
STATIC = "/static/"


def heaviest() -> list[str]:
    """The ids of the two advisories with the longest documents, and of one that was withdrawn."""
    longest = Release.objects.filter(current_for__isnull=False).order_by(Length("document_json").desc())
    withdrawn = Advisory.objects.filter(is_withdrawn=True).values_list("public_id", flat=True)[:1]
    return [*longest.values_list("public_id", flat=True)[:2], *withdrawn]


def most_named(facet: Facet) -> str:
    """The value of a facet that most advisories carry."""
    values = AdvisoryTerm.objects.filter(facet=facet).values_list("value", flat=True)
    return str(values.annotate(carriers=Count("advisory")).order_by("-carriers", "value")[0])


def parameter_values() -> dict[str, list[Any]]:
    """What to put into the parameters of addresses."""
    ids = heaviest()
    organization, slug = most_named(Facet.SERVICE).split("/")
    named = [most_named(facet) for facet in (Facet.ORGANIZATION, Facet.TAG, Facet.ACTOR)]
    return {
        "public_id": ids,
        "number": [2],
        "old": [1],
        "new": [2],
        "suffix": [],
        "slug": [slug, *named],
        "organization": [organization],
        "framework": ["attack", "atlas"],
        "external_id": ["T1498", "T1486", "M1037", "AML.T0051"],
        "name": [],
        "insight": [],
        "sha256": [],
        "ending": [],
        "file": [],
        "year": [2024],
        "month": [2],
        "problem": list(KINDS),
        "token": [link_of(make_submission()).split("/")[-2]],
        "reference": [],
        "operation": ["index", "advisory_list", "advisory_one", "change_list"],
        "endpoint": [],
        "message": [],
        "role": list(OrganizationRole.values),
    }


def static_files(page: Page) -> dict[str, list[str]]:
    """The addresses of what a page brings along, by kind."""
    icons = [given["href"] for tag, given, _ in page.elements if tag == "link" and given.get("rel") == "icon"]
    styles = [given["href"] for tag, given, _ in page.elements if tag == "link" and given.get("rel") == "stylesheet"]
    return {
        "styles": styles,
        "scripts": page.attributes("script", "src"),
        "images": icons + page.attributes("img", "src"),
    }


@cache
def packed(address: str) -> int:
    """The bytes of a static file as it is sent: the smaller of itself and its brotli twin."""
    content = Path(str(finders.find(address.removeprefix(STATIC)))).read_bytes()
    return min(len(content), len(brotli.compress(content)))


def weigh(response: Any) -> dict[str, int]:
    """What a page costs on a first visit, in bytes."""
    parts = {kind: sum(map(packed, files)) for kind, files in static_files(Page(response.content)).items()}
    text = len(brotli.compress(response.content, quality=BROTLI_QUALITY))
    return {"everything": text + sum(parts.values()), **parts}


def test_every_page_is_light_on_a_first_visit_and_brings_nothing_from_elsewhere() -> None:
    load_demo()
    client = Client(headers={"accept": "text/html"})
    asked = {*addresses(parameter_values()), "/incidents/?q=ransomware&severity=critical", "/no-such-page"}

    answers = {address: client.get(address) for address in sorted(asked)}

    pages = {place: answer for place, answer in answers.items() if answer["Content-Type"].startswith("text/html")}
    heavy = {
        place: weight
        for place, answer in pages.items()
        if any((weight := weigh(answer))[kind] > limit for kind, limit in MOST.items())
    }
    foreign = {
        file
        for answer in pages.values()
        for files in static_files(Page(answer.content)).values()
        for file in files
        if not file.startswith(STATIC)
    }
    assert len({answer.templates[0].name for answer in pages.values() if answer.templates}) > 20
    assert (heavy, foreign) == ({}, set())
