"""STIX bundles in MITRE's manner, small enough to read."""

import gzip
import json
import uuid
from pathlib import Path
from typing import Any

Json = dict[str, Any]


def stix_id(type_: str, name: str) -> str:
    """The same id for the same type and name, always."""
    return f"{type_}--{uuid.uuid5(uuid.NAMESPACE_DNS, name)}"


def entry(type_: str, external_id: str, name: str, *, source: str = "mitre-attack", **properties: Any) -> Json:
    """An object that has an id of the framework's; `properties` override anything."""
    return {
        "type": type_,
        "id": stix_id(type_, external_id),
        "name": name,
        "description": f"{name}, as described.",
        "created": "2024-01-01T00:00:00.000Z",
        "modified": "2025-01-01T00:00:00.000Z",
        "external_references": [
            {"source_name": source, "external_id": external_id, "url": f"https://attack.mitre.org/{external_id}"}
        ],
        **properties,
    }


def tactic(external_id: str, name: str, **properties: Any) -> Json:
    """A tactic."""
    shortname = name.lower().replace(" ", "-")
    return entry("x-mitre-tactic", external_id, name, **{"x_mitre_shortname": shortname, **properties})


def technique(external_id: str, name: str, *phases: str, **properties: Any) -> Json:
    """A technique of the tactics with these short names."""
    chain = [{"kill_chain_name": "mitre-attack", "phase_name": phase} for phase in phases]
    return entry("attack-pattern", external_id, name, **{"kill_chain_phases": chain, **properties})


def mitigation(external_id: str, name: str, **properties: Any) -> Json:
    """A mitigation."""
    return entry("course-of-action", external_id, name, **properties)


def group(external_id: str, name: str, **properties: Any) -> Json:
    """A group."""
    return entry("intrusion-set", external_id, name, **properties)


def matrix(*tactics: Json, domain: str = "enterprise-attack", **properties: Any) -> Json:
    """A matrix whose columns are these tactics."""
    columns = {"tactic_refs": [column["id"] for column in tactics]}
    return entry("x-mitre-matrix", domain, "Matrix", **{**columns, **properties})


def relate(source: Json, kind: str, target: Json, **properties: Any) -> Json:
    """A relationship."""
    return {
        "type": "relationship",
        "id": stix_id("relationship", f"{source['id']} {kind} {target['id']}"),
        "relationship_type": kind,
        "source_ref": source["id"],
        "target_ref": target["id"],
        "modified": "2025-01-01T00:00:00.000Z",
        **properties,
    }


def bundle(*objects: Json, spec_version: str | None = None) -> Json:
    """A bundle; STIX 2.0 states its version here, 2.1 does not."""
    stated = {"spec_version": spec_version} if spec_version else {}
    return {"type": "bundle", "id": stix_id("bundle", "bundle"), **stated, "objects": list(objects)}


def write_bundle(path: Path, *objects: Json, spec_version: str | None = None) -> Path:
    """Write a bundle to a file, packed if the file's name ends in `.gz`."""
    content = json.dumps(bundle(*objects, spec_version=spec_version)).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path
