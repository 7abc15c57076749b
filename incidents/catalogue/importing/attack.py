"""MITRE ATT&CK: Enterprise, ICS and Mobile, each a STIX 2.0 or 2.1 bundle."""

from pathlib import Path
from typing import Any

from incidents.catalogue.importing.entries import Reading
from incidents.catalogue.importing.files import CatalogueFileError, parse_json, read_file
from incidents.catalogue.importing.stix import Bundle
from incidents.catalogue.importing.translate import translate_bundle
from incidents.vocabulary.words import Framework


def read_attack(path: Path) -> Reading:
    """Everything in a bundle of ATT&CK, plain or gzip.

    Raises:
        CatalogueFileError: it cannot be read, or is not a whole ATT&CK bundle.
    """
    content = read_file(path)
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        raise CatalogueFileError(
            f"{path}: is not a STIX bundle. Give one of MITRE's own JSON files; ATLAS.yaml is read by `import_catalogue atlas`."
        )
    document = parse_json(content, path=path)
    bundle = Bundle(document, framework=Framework.ATTACK, path=path)
    return translate_bundle(bundle, version=_collection_version(document))


def _collection_version(document: Any) -> str:
    """The release of ATT&CK, such as `18.1`; empty for bundles that do not name it, such as those of `mitre/cti`."""
    for found in document["objects"]:
        if found["type"] == "x-mitre-collection" and isinstance(found.get("x_mitre_version"), str):
            return str(found["x_mitre_version"])
    return ""
