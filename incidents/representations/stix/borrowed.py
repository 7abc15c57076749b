"""Objects that others publish and every bundle repeats as they are: labels of TLP 2.0, the extensions used, and who made those.

From oasis-open/cti-stix-common-objects, with times cut to milliseconds (STIX 2.1, section 3.2, `created`).
"""

from typing import Any

from incidents.vocabulary.tlp import TLP

TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
INCIDENT_EXTENSION = "extension-definition--ef765651-680c-498d-9894-99799f2fa126"
SPEC_VERSION = "2.1"
_TLP_SINCE = "2022-10-01T00:00:00.000Z"
_CISA = "identity--b3bca3c2-1f3d-4b54-b44f-dac42c3a8f01"
_OASIS = "identity--8ce3f695-d5a4-4dc8-9e93-a65af453a31a"
_COMMON = "https://github.com/oasis-open/cti-stix-common-objects/tree"
_MARKINGS = {
    TLP.CLEAR: "94868c89-83c2-464b-929b-a1a8aa3c8487",
    TLP.GREEN: "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    TLP.AMBER: "55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    TLP.AMBER_STRICT: "939a9414-2ddd-4d32-a0cd-375ea402b003",
    TLP.RED: "e828b379-4e03-4974-9ac4-e53a884c97c1",
}


def marking_id(label: TLP) -> str:
    """The id that OASIS gave the marking of a label."""
    return f"marking-definition--{_MARKINGS[label]}"


def marking(label: TLP) -> dict[str, Any]:
    """The marking of a label as OASIS publishes it."""
    return {
        "type": "marking-definition",
        "spec_version": SPEC_VERSION,
        "id": marking_id(label),
        "created": _TLP_SINCE,
        "name": label.label,
        "extensions": {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": label.value}},
    }


def _extension(extension_id: str, name: str, folder: str, by: str, **said: str) -> dict[str, Any]:
    return {
        "type": "extension-definition",
        "spec_version": SPEC_VERSION,
        "id": extension_id,
        "created_by_ref": by,
        "name": name,
        "schema": f"{_COMMON}/{folder}",
        "extension_types": ["property-extension"],
        **said,
    }


def _maker(identity_id: str, name: str, created: str, modified: str) -> dict[str, Any]:
    return {
        "type": "identity",
        "spec_version": SPEC_VERSION,
        "id": identity_id,
        "created": created,
        "modified": modified,
        "name": name,
        "identity_class": "organization",
        "object_marking_refs": [marking_id(TLP.CLEAR)],
    }


BORROWED = (
    _maker(
        _CISA,
        "Cybersecurity and Infrastructure Security Agency",
        "2021-01-01T00:00:01.000Z",
        "2021-01-01T00:00:01.000Z",
    ),
    _maker(_OASIS, "OASIS", "2021-03-13T20:09:20.888Z", "2021-12-01T16:19:51.601Z"),
    _extension(
        TLP_EXTENSION,
        "TLP 2.0",
        "master/extension-definition-specifications/tlp-2.0",
        _CISA,
        description="This defines TLP 2.0 as a STIX extension",
        created=_TLP_SINCE,
        modified=_TLP_SINCE,
        version="1.0.0",
    ),
    _extension(
        INCIDENT_EXTENSION,
        "Incident Core Extension",
        "main/extension-definition-specifications/incident-core",
        _OASIS,
        description="A core extension of the Incident object to allow core details of the Incident to be shared while tracking "
        "major details tied to the incident's timeline.  Multiple Incidents can be tied together via relationships if a higher "
        "degree of fidelity is needed across phases.",
        created="2020-10-19T20:51:00.000Z",
        modified="2022-10-27T15:09:00.000Z",
        version="1.1.0",
    ),
)
"""The extensions that bundles use, and who made them."""
