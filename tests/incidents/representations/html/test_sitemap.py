"""The sitemap: everything public once, nothing else, split when large."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from incidents.representations.html import sitemap
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import ReleaseKind
from tests.factories import make_incident, make_organization, make_technique
from tests.factories.corpus import involved, release_document

pytestmark = pytest.mark.django_db


def places(client: Client, address: str = "/sitemap.xml") -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/xml"
    return [
        place.removeprefix("http://127.0.0.1:8000")
        for place in re.findall("<loc>(.*?)</loc>", response.content.decode())
    ]


def everything(client: Client) -> list[str]:
    return [place for file in places(client) for place in places(client, file)]


def test_the_sitemap_holds_every_public_page_once_and_no_other(client: Client) -> None:
    make_organization("Secret Holding")
    make_incident("Draft", organization=make_organization("Drafted"))
    make_technique("T1486", "Data Encrypted for Impact")
    make_technique("T0001", "Old", status="revoked")
    release_document("Narrow", tlp=TLP.GREEN, organizations=(involved("secret-holding"),))
    release_document("Mistake", kind=ReleaseKind.WITHDRAWAL)
    release_document("Shown", organizations=(involved(make_organization().slug),))

    found = everything(client)

    assert found[11:] == ["/incidents/INC-2025-0003/", "/organizations/harbour-bank/", "/techniques/attack/T1486/"]
    assert len(found) == len(set(found))
    assert [client.get(place).status_code for place in found] == [200] * len(found)


def test_an_advisory_has_the_date_of_its_release(client: Client) -> None:
    release_document()

    assert "<lastmod>2025-01-01</lastmod>" in client.get("/sitemap-advisories-1.xml").content.decode()


def test_a_large_sitemap_is_split_and_loses_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "URLS_IN_FILE", 4)
    expected = [f"/incidents/{release_document(f'Row {number}').public_id}/" for number in range(9)]
    cache.clear()

    files = [file for file in places(client) if "advisories" in file]

    assert files == ["/sitemap-advisories-1.xml", "/sitemap-advisories-2.xml", "/sitemap-advisories-3.xml"]
    assert [place for file in files for place in places(client, file)] == expected


@pytest.mark.parametrize("address", ["/sitemap-advisories-2.xml", "/sitemap-drafts-1.xml", "/sitemap-pages-2.xml"])
def test_a_file_that_does_not_exist_is_not_found(client: Client, address: str) -> None:
    release_document()

    assert client.get(address).status_code == 404
