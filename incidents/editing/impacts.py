"""The state of services at the time of an update, written one service to a line: `deepseek/chat: degraded`."""

import difflib
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from incidents.catalogue.models import Service
from incidents.record.models import ServiceImpactAtUpdate, Update
from incidents.vocabulary.words import ServiceImpact

_IMPACTS = {word.lower(): impact for impact in ServiceImpact for word in (impact.value, impact.label)}
_STATES = ", ".join(impact.label.lower() for impact in ServiceImpact)
HOW_TO_WRITE = f"One service to a line, then a colon and its state: deepseek/chat: degraded. States: {_STATES}."


def read_impacts(text: str) -> dict[Service, ServiceImpact]:
    """Services and their states, in the order of the lines. A service is named by its address or its name.

    Raises:
        ValidationError: one message for each line that cannot be read, saying what to write instead.
    """
    found: dict[Service, ServiceImpact] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            service, impact = _read_line(line)
            if service in found:
                raise ValueError(f"{service} stands in two lines.")
            found[service] = impact
        except ValueError as error:
            problems.append(ValidationError(f"Line {number}: {error}"))
    if problems:
        raise ValidationError(problems)
    return found


def show_impacts(impacts: Iterable[ServiceImpactAtUpdate]) -> str:
    """The lines an editor would write."""
    return "\n".join(f"{then.service.key}: {then.impact}" for then in impacts)


def replace_impacts(update: Update, impacts: dict[Service, ServiceImpact]) -> None:
    """Make these the states of the services at the time of the update. Runs inside the caller's transaction."""
    update.impacts.all().delete()
    ServiceImpactAtUpdate.objects.bulk_create(
        ServiceImpactAtUpdate(update=update, service=service, impact=impact) for service, impact in impacts.items()
    )


def _read_line(line: str) -> tuple[Service, ServiceImpact]:
    name, colon, state = (part.strip() for part in line.rpartition(":"))
    if not (colon and name and state):
        raise ValueError(
            f"“{line.strip()}” lacks a service, a colon or a state. Write it like deepseek/chat: degraded."
        )
    words = " ".join(state.lower().replace("_", " ").split())
    impact = _IMPACTS.get(words) or _IMPACTS.get(words.replace(" ", "_"))
    if impact is None:
        raise ValueError(f"“{state}” is no state of a service. Choose one of: {_STATES}.")
    return _find_service(name), impact


def _find_service(name: str) -> Service:
    organization, slash, slug = (part.strip() for part in name.partition("/"))
    plain = name.removesuffix(")").rpartition(" (")
    services = Service.objects.select_related("organization")
    by_key = Q(organization__slug=organization.lower(), slug=slug.lower()) if slash else Q(pk__in=[])
    in_full = Q(name__iexact=plain[0], organization__name__iexact=plain[2])
    matches = list(services.filter(by_key | Q(name__iexact=name) | in_full)[:5])
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise ValueError(f"There are several services “{name}”; write one of: {', '.join(one.key for one in matches)}.")
    raise ValueError(f"There is no service “{name}” in the catalogue.{_suggest(name)}")


def _suggest(name: str) -> str:
    known = {
        word.lower(): one.key for one in Service.objects.select_related("organization") for word in (one.key, one.name)
    }
    near = dict.fromkeys(known[word] for word in difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.5))
    return f" Did you mean {' or '.join(near)}?" if near else ""


class ImpactsInput(forms.CharField):
    """A form field for the states of services; its value is a mapping of service to state."""

    widget = forms.Textarea(attrs={"rows": 3, "class": "impact-lines", "spellcheck": "false"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, label="State of services then", help_text=HOW_TO_WRITE, **kwargs)

    def clean(self, value: Any) -> Any:
        """The services and their states.

        Raises:
            ValidationError: a line cannot be read.
        """
        return read_impacts(super().clean(value) or "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the lines say something else; white space does not count."""
        return _lines(initial) != _lines(data)


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
