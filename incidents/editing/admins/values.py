"""For the audit log: what changed, value by value, where the name of a field alone would not say who may do what."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Permission
from django.db import models
from django.forms import BaseModelForm, ModelMultipleChoiceField
from django.http import HttpRequest

from incidents.editing.admins.audited import AuditedAdmin


class ValuesAdmin(AuditedAdmin):
    """An admin whose log entries say what fields held before and hold now. Never name a secret here."""

    audited_values: tuple[str, ...] = ()

    def construct_change_message(  # type: ignore[override]  # what it returns reaches our own log alone
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> dict[str, Any]:
        """The detail of the log entry: which fields changed, and how."""
        changed = super().construct_change_message(request, form, formsets, add)
        fields = {"changed": changed} if changed and not add else {}
        return {**fields, **changed_values(form, self.audited_values)}

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Note that a row was added, and with what."""
        self.note(request, "add", obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Note what changed, if anything did."""
        if message:
            self.note(request, "change", obj, message)


def changed_values(form: BaseModelForm, names: Sequence[str]) -> dict[str, Any]:
    """What a saved form changed: before and after for each field named, or which rows came and went where it holds many."""
    detail: dict[str, Any] = {}
    for name in (name for name in names if name in form.changed_data):
        field, before = form.fields[name], form.initial.get(name)
        if isinstance(field, ModelMultipleChoiceField):
            detail |= exchanged(name, before or [], form.cleaned_data[name])
        else:
            shown = form.get_initial_for_field(field, name) if before is None else before
            detail[name] = [said(shown), said(getattr(form.instance, name))]
    return detail


def said(value: Any) -> Any:
    """A value as the log keeps it, which is JSON."""
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value) if isinstance(value, models.Model) else value


def exchanged(name: str, before: Iterable[models.Model], after: Iterable[models.Model]) -> dict[str, list[str]]:
    """The rows that were added and those that were removed, by their names; nothing where there are none."""
    old, new = set(before), set(after)
    differences = {f"{name} added": new - old, f"{name} removed": old - new}
    return {said: sorted(name_of(row) for row in rows) for said, rows in differences.items() if rows}


def name_of(row: models.Model) -> str:
    """A permission as code asks for it, such as `incidents.publish_incident`; anything else by its name."""
    if isinstance(row, Permission):
        return f"{row.content_type.app_label}.{row.codename}"
    return str(row)
