"""Two editors, one incident (INV-EDIT): what somebody else saved in between is shown beside what was typed, and for every
difference the editor says which of the two shall stand. Nothing is overwritten silently and nothing typed is lost."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict

from incidents.audit.models import AuditEntry
from incidents.editing.parts.part import is_removed
from incidents.record.models import Attachment, Incident

SEEN_NOW = "revision_seen_now"
DIFFERS = "differs"
CHOICE = "choice:"
THEIRS = "theirs"
_ROW = re.compile(r"(?P<prefix>.+)-(?P<index>\d+)-(?P<field>\w+)")
_NOT_COMPARED = {"id", "DELETE", "revision", "incident", "file"}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which what was typed differs from what was saved in between. `name` is its name in the sent form."""

    name: str
    label: str
    mine: str
    theirs: str
    choice: str

    @property
    def choice_name(self) -> str:
        """Name of the two radio buttons."""
        return f"{CHOICE}{self.name}"


def edited_fields(form: forms.ModelForm, formsets: Iterable[forms.BaseInlineFormSet]) -> list[str]:
    """What an edit changes: `title`, `attacks/7/cites`; a new row as `attacks/new`, a removed one as `attacks/7`."""
    found = [name for name in form.changed_data if name not in _NOT_COMPARED]
    for formset in formsets:
        for row in formset.forms:
            place = f"{formset.prefix}/{row.instance.pk or 'new'}"
            if is_removed(row):
                found += [place] if row.instance.pk else []
            elif row.has_changed():
                found += [f"{place}/{name}" for name in row.changed_data] if row.instance.pk else [place]
    return list(dict.fromkeys(found))


def find_differences(
    form: forms.ModelForm, formsets: Sequence[forms.BaseInlineFormSet], *, now: Incident, seen_revision: int
) -> list[Difference]:
    """Where the sent form differs from the incident as it is now, in what was saved since `seen_revision`."""
    touched = fields_saved_since(now, seen_revision)
    found = list(_compare(form, type(form)(instance=now), label="", place="", touched=touched))
    for formset in formsets:
        stored = {str(row.pk): row for row in _rows(formset, now)}
        for row in formset.forms:
            found += _compare_row(formset, row, stored, touched)
    return found


def rows_added_since(now: Incident, formsets: Iterable[forms.BaseInlineFormSet]) -> list[str]:
    """Rows that somebody else added in between; they stay, whatever the editor chooses."""
    added = []
    for formset in formsets:
        mine = {row.instance.pk for row in formset.initial_forms}
        added += [f"{_kind(formset)}: {row}" for row in _rows(formset, now) if row.pk not in mine]
    return added


def fields_saved_since(incident: Incident, revision: int) -> set[str] | None:
    """Names of the fields that edits after `revision` changed; None when the log does not say it of each of them."""
    missed = incident.revision - revision
    if missed <= 0:
        return None
    entries = AuditEntry.objects.filter(target_kind="incident", target_id=incident.public_id, act="edit")[:missed]
    details = [entry.detail for entry in entries]
    if len(details) < missed or not all("fields" in detail for detail in details):
        return None
    return {name for detail in details for name in detail["fields"]}


def settle(data: QueryDict, *, now: Incident, form: type[forms.ModelForm], formsets: dict[str, Any]) -> None:
    """Put the editor's choices into a sent form, so that it can be checked and saved like any other.

    A row that somebody else removed becomes a new one, unless the editor lets it go. While a difference is left
    without a choice, the form stays stale.

    Args:
        data: the sent form; it is changed.
        now: the incident as it is stored.
        form: the class of the incident's form.
        formsets: the classes of the formsets, by prefix.
    """
    for prefix, formset in formsets.items():
        _readmit_removed_rows(data, prefix, formset, now)
    if SEEN_NOW in data:
        data["_continue"] = "1"
    names = data.getlist(DIFFERS)
    if SEEN_NOW not in data or any(f"{CHOICE}{name}" not in data for name in names):
        return
    for name in names:
        if data.get(f"{CHOICE}{name}") == THEIRS:
            _take_theirs(data, name, now=now, form=form, formsets=formsets)
    data["revision"] = data.get(SEEN_NOW, "")


def _readmit_removed_rows(data: QueryDict, prefix: str, formset: Any, now: Incident) -> None:
    stored = {str(row.pk) for row in _rows(formset, now)}
    for index in range(_count(data.get(f"{prefix}-INITIAL_FORMS", ""))):
        name = f"{prefix}-{index}-id"
        if data.get(name) and data[name] not in stored:
            data[name] = ""
            if formset.model is Attachment:  # its file is gone, there is nothing to store again
                data[f"{prefix}-{index}-DELETE"] = "on"


def _take_theirs(
    data: QueryDict, name: str, *, now: Incident, form: type[forms.ModelForm], formsets: dict[str, Any]
) -> None:
    fresh: forms.ModelForm = form(instance=now)
    if name in fresh.fields:
        _put(data, name, fresh[name].value())
        return
    found = _ROW.fullmatch(name)
    if found is None or found["prefix"] not in formsets:
        return
    row_prefix, formset = f"{found['prefix']}-{found['index']}", formsets[found["prefix"]]
    if found["field"] == "id":  # they removed the row
        data[f"{row_prefix}-DELETE"] = "on"
        return
    stored = formset.model._default_manager.filter(incident=now, pk=_count(data.get(f"{row_prefix}-id", ""))).first()
    if stored is None:
        return
    fresh = formset.form(instance=stored, prefix=row_prefix)
    for field in fresh.fields if found["field"] == "DELETE" else [found["field"]]:
        if field in fresh.fields:
            _put(data, f"{row_prefix}-{field}", fresh[field].value())
    if found["field"] == "DELETE":
        data.pop(f"{row_prefix}-DELETE", None)


def _put(data: QueryDict, name: str, value: Any) -> None:
    """Write a value into a sent form as a browser would send it."""
    values = value if isinstance(value, list) else [] if value in (None, False) else ["on" if value is True else value]
    data.setlist(name, [str(one) for one in values])
    if not values:
        data.pop(name)


def _compare_row(
    formset: forms.BaseInlineFormSet, row: forms.ModelForm, stored: dict[str, Model], touched: set[str] | None
) -> Iterator[Difference]:
    pk = str(row.instance.pk or "")
    label = f"{_kind(formset)} “{stored.get(pk, row.instance)}”, " if pk else ""
    place = f"{formset.prefix}/{pk}"
    if pk in stored:
        fresh = type(row)(instance=stored[pk], prefix=row.prefix)
        differences = list(_compare(row, fresh, label=label, place=f"{place}/", touched=touched))
        if not is_removed(row):
            yield from differences
        elif touched is None or any(name.startswith(f"{place}/") for name in touched):
            name = row.add_prefix("DELETE")
            theirs = "; ".join(f"{one.label.removeprefix(label)}: {one.theirs}" for one in differences) or "Keep it"
            yield Difference(name, label.rstrip(", "), "Remove it", theirs, row.data.get(f"{CHOICE}{name}", ""))
    elif (
        row.prefix
        and _count(row.prefix.rpartition("-")[2]) < formset.initial_form_count()
        and formset.model is not Attachment
    ):
        name = row.add_prefix("id")
        yield Difference(name, _kind(formset), _first_words(row), "Removed", row.data.get(f"{CHOICE}{name}", ""))


def _compare(
    mine: forms.ModelForm, fresh: forms.ModelForm, *, label: str, place: str, touched: set[str] | None
) -> Iterator[Difference]:
    for name, field in mine.fields.items():
        if name in _NOT_COMPARED or field.disabled or (touched is not None and f"{place}{name}" not in touched):
            continue
        if name in fresh.fields and field.has_changed(
            fresh.get_initial_for_field(fresh.fields[name], name), mine[name].data
        ):
            html_name = mine.add_prefix(name)
            yield Difference(
                html_name,
                f"{label}{mine[name].label}",
                _readable(field, mine[name].value()),
                _readable(field, fresh[name].value()),
                mine.data.get(f"{CHOICE}{html_name}", ""),
            )


def _readable(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(str(row) for row in field.queryset.filter(pk__in=_keys(chosen)))
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    if isinstance(field, forms.BooleanField):
        return "Yes" if value else "No"
    return "" if value is None else str(value)


def _first_words(row: forms.ModelForm) -> str:
    shown = (_readable(field, row[name].value()) for name, field in row.fields.items() if name not in _NOT_COMPARED)
    return " · ".join(text for text in shown if text)[:300]


def _keys(values: Iterable[Any]) -> list[int]:
    return [_count(str(value)) for value in values]


def _rows(formset: Any, incident: Incident) -> QuerySet[Model]:
    rows: QuerySet[Model] = formset.model._default_manager.filter(**{formset.fk.name: incident})
    return rows


def _kind(formset: Any) -> str:
    return str(formset.model._meta.verbose_name).capitalize()


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
