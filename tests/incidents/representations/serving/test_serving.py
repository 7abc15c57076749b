"""The addresses of renditions."""

import pytest

from incidents.publication.models import Release, Rendition
from incidents.record.models import Incident
from tests.factories import make_incident, make_published, publish_incident, withdraw_incident

pytestmark = pytest.mark.django_db


def test_the_current_and_every_earlier_release_are_served(client):
    incident = make_incident("First title")
    publish_incident(incident)
    Incident.objects.update(title="Second title")
    publish_incident(incident)
    address = f"/incidents/{incident.public_id}"

    titles = [
        client.get(f"{address}{end}").json()["title"] for end in (".json", "/releases/1.json", "/releases/2.json")
    ]

    assert titles == ["Second title", "First title", "Second title"]


def test_a_rendition_says_its_type_and_tag(client):
    advisory = make_published()

    answer = client.get(f"/incidents/{advisory.public_id}.md")

    stored = Rendition.objects.get(release=advisory.release, format="markdown")
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.headers["ETag"].strip('W/"').startswith(stored.etag)
    assert answer.content == bytes(stored.body)


def test_a_rendition_of_an_older_build_is_made_anew(client):
    advisory = make_published()
    Rendition.objects.update(build="of old", body=b"old")

    answer = client.get(f"/incidents/{advisory.public_id}.json")

    assert answer.json()["id"] == advisory.public_id
    assert Rendition.objects.get(release=advisory.release, format="json").build != "of old"


@pytest.mark.parametrize("end", ["/", ".json", ".md"])
def test_other_spellings_lead_to_the_canonical_one(client, end):
    public_id = make_published().public_id

    answer = client.get(f"/incidents/{public_id.lower()}{end}")

    assert (answer.status_code, answer.headers["Location"]) == (301, f"/incidents/{public_id}{end}")


@pytest.mark.parametrize("end", ["/", ".json", ".md"])
def test_a_merged_advisory_leads_to_the_one_in_its_place(client, end):
    kept, incident = make_published("Kept"), make_incident("Double")
    publish_incident(incident)
    withdraw_incident(incident, merged_into=kept.public_id)

    answer = client.get(f"/incidents/{incident.public_id}{end}")

    assert (answer.status_code, answer.headers["Location"]) == (301, f"/incidents/{kept.public_id}{end}")


def test_a_withdrawn_advisory_keeps_its_address(client):
    incident = make_incident()
    publish_incident(incident)
    withdraw_incident(incident)

    assert client.get(f"/incidents/{incident.public_id}.json").json()["release"]["kind"] == "withdrawal"


@pytest.mark.parametrize("end", ["/", ".json", ".md", "/releases/1.json", "/releases/1.md"])
@pytest.mark.parametrize("tlp", ["green", "amber", "amber+strict"])
def test_what_the_public_may_not_see_does_not_exist(client, end, tlp):
    advisory = make_published(tlp=tlp)

    assert client.get(f"/incidents/{advisory.public_id}{end}").status_code == 404
    assert not Rendition.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "INC-2025-9999.json",
        "INC-2025-9999/",
        "INC-2025-0001.exe",
        "INC-2025-0001/releases/2.json",
        "INC-2025-0001/releases/0.json",
    ],
)
def test_what_does_not_exist_is_not_found(client, address):
    make_published()

    assert client.get(f"/incidents/{address}").status_code == 404


def test_drafts_have_no_address(client):
    incident = make_incident()

    assert client.get(f"/incidents/{incident.public_id}.json").status_code == 404
    assert not Release.objects.exists()


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_written_here(client, method):
    advisory = make_published()

    assert getattr(client, method)(f"/incidents/{advisory.public_id}.json").status_code == 405


def test_a_picture_is_built_when_it_is_first_asked_for_and_then_kept(client, django_assert_num_queries):
    advisory = make_published()
    assert not Rendition.objects.filter(format="picture").exists()

    first = client.get(f"/incidents/{advisory.public_id}.og.png")

    stored = Rendition.objects.get(format="picture")
    assert (first.headers["Content-Type"], first.content) == ("image/png", bytes(stored.body))
    assert (bytes(stored.body_gzip), bytes(stored.body_brotli)) == (b"", b"")
    with django_assert_num_queries(2):
        again = client.get(f"/incidents/{advisory.public_id}/releases/1.og.png")
    assert again.content == first.content
    assert Rendition.objects.filter(format="picture").count() == 1
