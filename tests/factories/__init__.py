"""Things to test with. A factory makes exactly what it says and nothing besides."""

from tests.factories.catalogue import (
    make_actor,
    make_mitigation,
    make_organization,
    make_service,
    make_tactic,
    make_tag,
    make_technique,
)
from tests.factories.people import make_editor
from tests.factories.publication import make_published, publish_incident, withdraw_incident
from tests.factories.record import make_full_incident, make_incident, make_translation

__all__ = [
    "make_actor",
    "make_editor",
    "make_full_incident",
    "make_incident",
    "make_mitigation",
    "make_organization",
    "make_published",
    "make_service",
    "make_tactic",
    "make_tag",
    "make_technique",
    "make_translation",
    "publish_incident",
    "withdraw_incident",
]
