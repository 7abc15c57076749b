"""Changes: one release seen as its field-by-field difference from another, as data that people can read."""

from collections.abc import Iterator
from typing import Any

from django.db.models import TextChoices

from incidents.publication.document import AdvisoryDocument, Value
from incidents.vocabulary.dates import PartialDate


class ChangeKind(TextChoices):
    """What happened to a field."""

    ADDED = "added", "Added"
    REMOVED = "removed", "Removed"
    CHANGED = "changed", "Changed"


class Change(Value, frozen=True, kw_only=True):
    """One field that differs.

    `path` is where it stands in the document, such as `sources/3/title`; `label` is the same for people, such as
    “Source 3, title”; `before` and `after` are readable text, empty where there was nothing.
    """

    path: str
    label: str
    kind: ChangeKind
    before: str
    after: str


Keyed = dict[tuple[str, ...], Value]

_PLAIN = (
    "title",
    "summary",
    "severity",
    "state",
    "tlp",
    "who_is_affected",
    "what_to_do_now",
    "language",
    "is_exercise",
    "merged_into",
)
_GROUPS = {"timeline": "Date", "narrative": ""}
_LISTS = {
    "tags": ("Tag", "slug"),
    "organizations": ("Organisation", "organization.slug role"),
    "attacks": ("Technique", "technique.framework technique.external_id tactic"),
    "affected_services": ("Affected service", "service.key impact occurred_from"),
    "recommendations": ("Recommendation", "audience title"),
    "attributions": ("Attribution", "actor.slug said_by"),
    "losses": ("Figure", "kind said_by as_of unit"),
    "date_claims": ("Claim about a date", "event said_by"),
    "sources": ("Source", "number"),
    "statements": ("Statement", "organization.slug made_on"),
    "updates": ("Update", "at title"),
    "related": ("Related incident", "id"),
    "attachments": ("File", "sha256"),
}
_WORDS = {
    "tlp": "TLP",
    "url": "address",
    "who_is_affected": "Who is affected",
    "what_to_do_now": "What to do now",
    "how_to_stay_protected": "How to stay protected",
    "who_is_responsible": "Who is responsible",
    "what_happened": "What happened",
    "is_exercise": "Exercise",
    "is_quotation": "verbatim",
    "cites": "sources cited",
}


def changes_between(old: AdvisoryDocument, new: AdvisoryDocument) -> tuple[Change, ...]:
    """Every field in which two documents of one advisory differ, in reading order. What is said about the releases
    themselves is not compared."""
    return tuple(_changes(old, new))


def _changes(old: AdvisoryDocument, new: AdvisoryDocument) -> Iterator[Change]:
    for name in _PLAIN:
        yield from _compare(name, _word(name), getattr(old, name), getattr(new, name))
    for group, prefix in _GROUPS.items():
        before, after = getattr(old, group), getattr(new, group)
        for name in before.__struct_fields__:
            label = f"{prefix}: {_word(name).lower()}" if prefix else _word(name)
            yield from _compare(f"{group}/{name}", label, getattr(before, name), getattr(after, name))
    for name, (word, identity) in _LISTS.items():
        yield from _compare_lists(name, word, identity, getattr(old, name), getattr(new, name))


def _compare_lists(
    name: str, word: str, identity: str, old: tuple[Value, ...], new: tuple[Value, ...]
) -> Iterator[Change]:
    before, after = _keyed(old, identity), _keyed(new, identity)
    for key in dict.fromkeys([*before, *after]):
        path = f"{name}/{'/'.join(key)}"
        label = f"{word} {_naming(after.get(key) or before[key])}".strip()
        if key not in after:
            yield Change(path=path, label=label, kind=ChangeKind.REMOVED, before=describe(before[key]), after="")
        elif key not in before:
            yield Change(path=path, label=label, kind=ChangeKind.ADDED, before="", after=describe(after[key]))
        else:
            for field in after[key].__struct_fields__:
                yield from _compare(
                    f"{path}/{field}",
                    f"{label}, {_word(field).lower()}",
                    getattr(before[key], field),
                    getattr(after[key], field),
                )
    yield from _compare_order(name, word, before, after)


def _compare_order(name: str, word: str, before: Keyed, after: Keyed) -> Iterator[Change]:
    """Parts that were put into another order: it can mean something, such as who is named first."""
    stayed = [key for key in before if key in after]
    if stayed != [key for key in after if key in before]:
        old, new = (", ".join(_naming(part) for part in parts.values()) for parts in (before, after))
        label = f"{word}: order"
        yield Change(path=f"{name}/order", label=label, kind=ChangeKind.CHANGED, before=old, after=new)


def _keyed(parts: tuple[Value, ...], identity: str) -> Keyed:
    keyed: Keyed = {}
    for part in parts:
        key = tuple(_follow(part, path) for path in identity.split())
        count = sum(1 for known in keyed if known[: len(key)] == key)
        keyed[(*key, str(count + 1)) if count else key] = part
    return keyed


def _follow(part: Any, path: str) -> str:
    for name in path.split("."):
        part = getattr(part, name, "")
    return _text(part)


def _compare(path: str, label: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    before, after = _text(old), _text(new)
    if before == after:  # what differs is not for people: ids of other catalogues
        return
    kind = ChangeKind.CHANGED if before and after else ChangeKind.ADDED if after else ChangeKind.REMOVED
    yield Change(path=path, label=label, kind=kind, before=before, after=after)


def describe(part: Value) -> str:
    """One part of a document as a line of text: its fields that say something, separated by middle dots."""
    return " · ".join(
        text for name in part.__struct_fields__ if name != "stix_id" and (text := _text(getattr(part, name)))
    )


def _naming(part: Any) -> str:
    if number := getattr(part, "number", None):
        return str(number)
    for path in ("technique.external_id", "service.name", "organization.name", "actor.name", "title", "id", "name"):
        if text := _follow(part, path):
            return f"“{text}”"
    return ""


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, Value):
        names = [getattr(value, field, "") for field in ("external_id", "name")]
        return " ".join(filter(None, map(str, names))) or describe(value)
    if isinstance(value, tuple):
        return ", ".join(map(_text, value))
    if hasattr(value, "label"):
        return str(value.label)
    return _readable(str(value))


def _readable(text: str) -> str:
    if not (4 <= len(text) <= 17 and text[:4].isdigit()):
        return text
    try:
        return PartialDate(text).for_people()
    except ValueError:
        return text


def _word(name: str) -> str:
    return _WORDS.get(name, name.replace("_", " ").capitalize())
