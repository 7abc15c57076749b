"""The objects of one bundle while they are put together: ids, times and labels are decided here.

Ids are functions of the portal's address and of what the object is, so that every build gives the same and a later release says
more of the same objects. They have the form of version 4, made of a SHA-256: STIX 2.1 (section 2.9) wants UUIDv5 for observables
alone, and validators complain of it elsewhere.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator
from typing import Any

from incidents.publication.document import AdvisoryDocument
from incidents.representations.stix.borrowed import BORROWED, SPEC_VERSION, marking, marking_id
from incidents.vocabulary.dates import DatePrecision, PartialDate
from incidents.vocabulary.tlp import TLP

LONG_AGO = "2000-01-01T00:00:00.000Z"
"""When entries of the catalogue count as created: a document does not say when, and versions of one object have to agree on it.
What a framework publishes under the same id is younger, so it wins."""
_NO_REFERENCE = ("marking-definition", "extension-definition")

Object = dict[str, Any]


class Graph:
    """Objects, each once, in the order in which they were added.

    Args:
        document: what they tell.
        base_url: the portal's address, which keeps ids of different portals apart.
        maker: the portal's name.
    """

    def __init__(self, document: AdvisoryDocument, base_url: str, maker: str) -> None:
        self.document = document
        self.base_url = base_url
        self._objects: dict[str, Object] = {}
        for one in (*BORROWED, marking(TLP.CLEAR), marking(document.tlp)):
            self._objects[one["id"]] = one
        self._created, self._modified = (
            instant(note.released_at) for note in (document.first_release, document.release)
        )
        self.maker = self._id("identity", "the portal")
        self._objects[self.maker] = {
            **_head("identity", self.maker, LONG_AGO, LONG_AGO),
            "object_marking_refs": [marking_id(TLP.CLEAR)],
            "name": maker,
            "identity_class": "organization",
        }

    def own(self, kind: str, *key: str, **said: Any) -> str:
        """Add what belongs to this advisory alone, and goes when it is withdrawn; its id."""
        own_id = self._id(kind, self.document.id, *key)
        head = _head(kind, own_id, self._created, self._modified)
        if self.document.is_withdrawn:
            head["revoked"] = True
        return self._add({**head, **self._origin(), **said})

    def shared(self, kind: str, *key: str, **said: Any) -> str:
        """Add what other advisories may name too, as this one describes it; its id."""
        return self._add({**_head(kind, self._id(kind, *key), LONG_AGO, self._modified), **self._origin(), **said})

    def known(self, kind: str, known_id: str, **said: Any) -> str:
        """Add what a framework publishes under an id of its own, marked as everybody's; its id."""
        return self._add(
            {
                **_head(kind, known_id, LONG_AGO, LONG_AGO),
                "object_marking_refs": [marking_id(TLP.CLEAR)],
                **said,
            }
        )

    def relate(self, source: str, verb: str, target: str, **said: Any) -> str:
        """Add a relationship that this advisory states; its id."""
        ends = {"source_ref": source, "target_ref": target, "relationship_type": verb}
        return self.own("relationship", source, verb, target, **ends, **said)

    def references(self) -> list[str]:
        """The ids of everything that is no marking and no extension."""
        return [one["id"] for one in self._objects.values() if one["type"] not in _NO_REFERENCE]

    def objects(self) -> Iterator[Object]:
        """All of them."""
        yield from self._objects.values()

    def bundle_id(self) -> str:
        """The id of the bundle of this release."""
        return self._id("bundle", self.document.id, str(self.document.release.number))

    def _id(self, kind: str, *key: str) -> str:
        digest = hashlib.sha256("\0".join((self.base_url, kind, *key)).encode()).digest()
        return f"{kind}--{uuid.UUID(bytes=digest[:16], version=4)}"

    def _origin(self) -> Object:
        return {"created_by_ref": self.maker, "object_marking_refs": [marking_id(self.document.tlp)]}

    def _add(self, new: Object) -> str:
        new_id: str = new["id"]
        self._objects.setdefault(new_id, {name: value for name, value in new.items() if value not in ("", None, [])})
        return new_id


def instant(moment: dt.datetime) -> str:
    """A time as STIX writes it, to the millisecond."""
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def span(start: str, end: str, names: tuple[str, str]) -> Object:
    """The ends of a time, where they are known to the minute; less exact ones are told in words, not made up."""
    found = {}
    for name, text in zip(names, (start, end), strict=True):
        if text and PartialDate(text).precision is DatePrecision.MINUTE:
            found[name] = instant(PartialDate(text).earliest())
    return found if len(found) < 2 or found[names[0]] < found[names[1]] else {names[0]: found[names[0]]}


def _head(kind: str, own_id: str, created: str, modified: str) -> Object:
    return {"type": kind, "spec_version": SPEC_VERSION, "id": own_id, "created": created, "modified": modified}
