"""The JSON representation and its schema."""

import json

import pytest
from jsonschema import Draft202012Validator

from incidents.publication.document import decode_document, encode_document
from incidents.representations.json.build import build_json
from tests.factories import make_full_incident, make_incident, publish_incident, withdraw_incident

pytestmark = pytest.mark.django_db
BASE = "https://tocsin.example"


@pytest.fixture
def schema(client):
    """The published schema."""
    return json.loads(client.get("/schema/advisory-1.json").content)


@pytest.mark.parametrize("make", [make_full_incident, make_incident])
def test_documents_follow_the_published_schema(make, schema):
    Draft202012Validator.check_schema(schema)
    incident = make()

    for release in (publish_incident(incident), withdraw_incident(incident)):
        Draft202012Validator(schema).validate(json.loads(build_json(release.document, BASE)))


def test_the_schema_refuses_a_severity_that_is_none(schema):
    document = json.loads(build_json(publish_incident(make_incident()).document, BASE))

    assert not Draft202012Validator(schema).is_valid(document | {"severity": "apocalyptic"})


def test_the_bytes_are_those_of_the_ledger_and_survive_reading():
    release = publish_incident(make_full_incident())

    built = build_json(release.document, BASE)

    assert built.decode() == release.document_json
    assert encode_document(decode_document(built)) == built
