"""Changes: one release seen as its field-by-field difference from another, as data that people can read."""

from collections.abc import Iterator
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext, pgettext, pgettext_lazy

from incidents.publication.document import AdvisoryDocument, Narrative, TranslatedText, Value
from incidents.publication.field_names import FIELDS, PART_FIELDS, PARTS
from incidents.vocabulary.dates import PartialDate
from incidents.vocabulary.inline import comma
from incidents.vocabulary.language_tags import language_name


class ChangeKind(TextChoices):
    """What happened to a field."""

    ADDED = "added", pgettext_lazy("kind of change", "Added")
    REMOVED = "removed", pgettext_lazy("kind of change", "Removed")
    CHANGED = "changed", pgettext_lazy("kind of change", "Changed")


class Change(Value, frozen=True, kw_only=True):
    """One field that differs.

    `path` is where it stands in the document, such as `sources/3/title`; `label` is the same for people, such as
    “Source 3, title”; `before` and `after` are readable text, empty where there was nothing. All but the path are in
    the active language.
    """

    path: str
    label: str
    kind: ChangeKind
    before: str
    after: str


Keyed = dict[tuple[str, ...], Value]

_IDENTITIES = {
    "tags": "slug",
    "organizations": "organization/slug role",
    "attacks": "technique/framework technique/external_id tactic",
    "affected_services": "service/key impact occurred_from",
    "recommendations": "audience title",
    "attributions": "actor/slug said_by",
    "losses": "kind said_by as_of unit",
    "date_claims": "event said_by",
    "sources": "number",
    "statements": "organization/slug made_on",
    "updates": "at title",
    "related": "id",
    "attachments": "sha256",
    "translations": "language",
}


def changes_between(old: AdvisoryDocument, new: AdvisoryDocument) -> tuple[Change, ...]:
    """Every field in which two documents of one advisory differ, in reading order. What is said about the releases
    themselves is not compared."""
    return tuple(_changes(old, new))


def _changes(old: AdvisoryDocument, new: AdvisoryDocument) -> Iterator[Change]:
    for path, label in FIELDS.items():
        yield from _compare(path, str(label), _reach(old, path), _reach(new, path))
    for name, word in PARTS.items():
        yield from _compare_lists(name, str(word), getattr(old, name), getattr(new, name))


def _compare_lists(name: str, word: str, old: tuple[Value, ...], new: tuple[Value, ...]) -> Iterator[Change]:
    before, after = _keyed(old, _IDENTITIES[name]), _keyed(new, _IDENTITIES[name])
    for key in dict.fromkeys([*before, *after]):
        path = f"{name}/{'/'.join(key)}"
        if before.get(key) == after.get(key):
            continue
        label = _label(word, _naming(after.get(key) or before[key]))
        if key not in after:
            yield Change(path=path, label=label, kind=ChangeKind.REMOVED, before=describe(before[key]), after="")
        elif key not in before:
            yield Change(path=path, label=label, kind=ChangeKind.ADDED, before="", after=describe(after[key]))
        else:
            yield from _compare_fields(path, label, before[key], after[key])
    yield from _compare_order(name, word, before, after)


def _compare_fields(path: str, part: str, old: Value, new: Value) -> Iterator[Change]:
    for field in new.__struct_fields__:
        before, after = getattr(old, field), getattr(new, field)
        if isinstance(after, Narrative):
            yield from _compare_fields(f"{path}/{field}", part, before, after)
            continue
        named = {"part": part, "field": str(PART_FIELDS[field])}
        yield from _compare(f"{path}/{field}", pgettext("what changed", "%(part)s, %(field)s") % named, before, after)


def _label(word: str, name: str) -> str:
    return pgettext("what changed", "%(part)s %(name)s") % {"part": word, "name": name} if name else word


def _compare_order(name: str, word: str, before: Keyed, after: Keyed) -> Iterator[Change]:
    """Parts that were put into another order: it can mean something, such as who is named first."""
    stayed = [key for key in before if key in after]
    if stayed != [key for key in after if key in before]:
        old, new = (comma().join(_naming(part) for part in parts.values()) for parts in (before, after))
        label = pgettext("what changed", "%(part)s: order") % {"part": word}
        yield Change(path=f"{name}/order", label=label, kind=ChangeKind.CHANGED, before=old, after=new)


def _keyed(parts: tuple[Value, ...], identity: str) -> Keyed:
    keyed: Keyed = {}
    for part in parts:
        key = tuple(str(_reach(part, path) or "") for path in identity.split())
        count = sum(1 for known in keyed if known[: len(key)] == key)
        keyed[(*key, str(count + 1)) if count else key] = part
    return keyed


def _reach(part: Any, path: str) -> Any:
    for name in path.split("/"):
        part = getattr(part, name, "")
    return part


def _compare(path: str, label: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    before, after = _text(old), _text(new)
    if before == after:  # what differs is not for people: ids of other catalogues
        return
    kind = ChangeKind.CHANGED if before and after else ChangeKind.ADDED if after else ChangeKind.REMOVED
    yield Change(path=path, label=label, kind=kind, before=before, after=after)


def describe(part: Value) -> str:
    """One part of a document as a line of text: its fields that say something, separated by middle dots. A translation is
    a text of its own and stays one."""
    if isinstance(part, TranslatedText):
        return "\n\n".join(filter(None, _running_text(part)))
    return " · ".join(
        text for name in part.__struct_fields__ if name != "stix_id" and (text := _text(getattr(part, name)))
    )


def _running_text(translation: TranslatedText) -> Iterator[str]:
    yield from (translation.title, translation.summary, translation.who_is_affected, translation.what_to_do_now)
    yield from (getattr(translation.narrative, name) for name in translation.narrative.__struct_fields__)


def _naming(part: Any) -> str:
    if number := getattr(part, "number", None):
        return str(number)
    if isinstance(part, TranslatedText):
        return language_name(part.language)
    for path in ("technique/external_id", "service/name", "organization/name", "actor/name", "title", "id", "name"):
        if text := _text(_reach(part, path)):
            return gettext("“%(name)s”") % {"name": text}
    return ""


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return pgettext("a fact", "yes")
    if isinstance(value, Value):
        names = [getattr(value, field, "") for field in ("external_id", "name")]
        return " ".join(filter(None, map(str, names))) or describe(value)
    if isinstance(value, tuple):
        return comma().join(map(_text, value))
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
