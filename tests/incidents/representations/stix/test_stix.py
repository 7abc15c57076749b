"""STIX 2.1: the golden bundle, which the official validator passes, and what every bundle keeps to."""

import json
import os
import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from incidents.publication.document import AdvisoryDocument
from incidents.representations.stix.borrowed import INCIDENT_EXTENSION, marking_id
from incidents.representations.stix.build import MEDIA_TYPE, build_stix
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import AttributionStatus, Certainty, OrganizationRole, ReleaseKind
from tests.factories import make_full_incident, publish_incident
from tests.factories.corpus import advice, claim, effect, involved, step, tagged
from tests.factories.documents import make_document, make_note
from tests.incidents.representations.html.test_build import hostile_document

BASE = "https://tocsin.example"
GOLDEN = Path(__file__).parents[3] / "golden" / "stix"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
Objects = list[dict[str, Any]]


def bundle(document: AdvisoryDocument) -> Objects:
    return list(json.loads(build_stix(document, BASE))["objects"])


def of_kind(objects: Objects, kind: str) -> Objects:
    return [one for one in objects if one["type"] == kind]


def relations(objects: Objects) -> set[tuple[str, str, str]]:
    names = {str(one["id"]): str(one.get("name", one["type"])) for one in objects}
    found = of_kind(objects, "relationship")
    return {(names[one["source_ref"]], str(one["relationship_type"]), names[one["target_ref"]]) for one in found}


def full() -> AdvisoryDocument:
    """A document with something of everything that a bundle tells."""
    return make_document(
        title="Bank",
        organizations=(
            involved("harbour-bank", sector="financial-services", country="NL"),
            involved("cloudworks", OrganizationRole.SUPPLIER, sector="cloud", country="DE"),
        ),
        attacks=(step("T1486"), step("T1566", Certainty.CONTEXT)),
        affected_services=(effect("harbour-bank/payments"),),
        recommendations=(advice("M1053"),),
        attributions=(claim("grey-heron"),),
        tags=tagged("ransomware"),
    )


@pytest.mark.parametrize("name", ["full", "least", "withdrawn"])
def test_a_bundle_is_written_to_the_byte(name: str) -> None:
    """Whoever changes these files passes them through stix2-validator, strict."""
    gone = make_note(2, kind=ReleaseKind.WITHDRAWAL, reason="It did not happen.")
    documents = {
        "full": full(),
        "least": make_document(),
        "withdrawn": make_document(release=gone, history=(make_note(), gone)),
    }
    built = json.dumps(json.loads(build_stix(documents[name], BASE)), indent=1) + "\n"
    golden = GOLDEN / f"{name}.json"
    if os.environ.get("WRITE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(built, encoding="utf-8")

    assert built == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("label", [label for label in TLP if label is not TLP.RED])
def test_everything_is_marked_and_everything_that_is_named_is_there(label: TLP) -> None:
    objects = bundle(make_document(tlp=label, release=make_note(tlp=label), attacks=(step("T1486"),)))

    ids = {one["id"] for one in objects}
    named = {value for one in objects for name, value in one.items() if name.endswith("_ref")}
    named |= {value for one in objects for name, found in one.items() if name.endswith("_refs") for value in found}
    unmarked = [one["type"] for one in objects if not one.get("object_marking_refs")]
    assert (named - ids, set(unmarked)) == (set(), {"extension-definition", "marking-definition"})
    (incident,) = of_kind(objects, "incident")
    assert incident["object_marking_refs"] == [marking_id(label)]


def test_ids_and_times_are_those_of_the_standard_and_stay_the_same() -> None:
    earlier, note = make_note(), make_note(2)
    first, second = full(), full()
    second = make_document(title="Bank again", release=note, history=(earlier, note), attacks=first.attacks)
    before, after = bundle(first), bundle(second)

    versions = {uuid.UUID(one["id"].rpartition("--")[2]).version for one in before}
    times = [one[name] for one in before for name in ("created", "modified") if name in one]
    (old,), (new,) = of_kind(before, "incident"), of_kind(after, "incident")
    assert versions == {4}
    assert [time for time in times if not TIME.fullmatch(time)] == []
    assert (old["id"], old["created"]) == (new["id"], new["created"])
    assert new["modified"] > old["modified"]
    assert [one["id"] for one in of_kind(before, "attack-pattern")] == [
        one["id"] for one in of_kind(after, "attack-pattern")
    ]


def test_what_was_observed_is_sighted_and_what_is_context_is_not() -> None:
    objects = bundle(full())

    patterns = {one["id"]: one["external_references"][0]["external_id"] for one in of_kind(objects, "attack-pattern")}
    sighted = [patterns[one["sighting_of_ref"]] for one in of_kind(objects, "sighting")]
    assert (sorted(patterns.values()), sighted) == (["T1486", "T1566"], ["T1486"])
    assert ("Bank", "targets", "Harbour Bank") in relations(objects)
    assert ("Bank", "impacts", "Cloudworks") in relations(objects)
    assert ("Bank", "attributed-to", "Grey Heron") in relations(objects)


def test_a_disputed_claim_attributes_nothing() -> None:
    disputed = claim("grey-heron", status=AttributionStatus.DISPUTED)

    objects = bundle(make_document(title="Bank", attributions=(disputed,)))

    assert relations(objects) == {("Bank", "related-to", "Grey Heron")}


def test_a_withdrawal_revokes_what_is_its_own_and_nothing_else() -> None:
    gone = make_note(2, kind=ReleaseKind.WITHDRAWAL, reason="It did not happen.")
    document = make_document(release=gone, history=(make_note(), gone), attacks=(step("T1486"),))

    revoked = {one["type"] for one in bundle(document) if one.get("revoked")}

    assert revoked == {"incident", "report", "relationship", "sighting"}


def test_severity_and_state_are_in_the_extension() -> None:
    (incident,) = of_kind(bundle(make_document()), "incident")

    assert incident["extensions"][INCIDENT_EXTENSION] == {
        "extension_type": "property-extension",
        "determination": "confirmed",
        "investigation_status": "open",
        "criticality": 50,
    }


def test_hostile_text_stays_text() -> None:
    hostile = hostile_document()

    (incident,) = of_kind(bundle(hostile), "incident")

    assert incident["name"] == hostile.title


@pytest.mark.django_db
def test_it_is_served_under_its_media_type(client: Any) -> None:
    release = publish_incident(make_full_incident())

    answer = client.get(f"/incidents/{release.public_id}.stix.json")

    assert answer["Content-Type"] == MEDIA_TYPE
    assert answer.content == build_stix(release.document, "http://127.0.0.1:8000")
