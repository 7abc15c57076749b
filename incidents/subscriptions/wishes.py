"""What an endpoint wants to hear: the filters of the lists, saved as a query string, and kinds of events."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from incidents.publication.events import Event
from incidents.publication.filters import STATES, AdvisoryFilter, printable
from incidents.publication.models import Advisory
from incidents.subscriptions.models import Delivery, Endpoint

NOT_SAVED = ("sort", "cursor")
LONGEST_FILTER = 2000
_ADDRESS = ("https://", "http://", "/")
_TOO_LONG = f"A filter has at most {LONGEST_FILTER} characters."


class FilterBroken(Exception):
    """A filter that was saved is understood no longer: guessing would lose releases. The text says what is wrong."""


def read_filter(text: str) -> str:
    """A filter as it is saved: the query string of a list, or the whole address of one, without its order.

    Raises:
        ValidationError: a sentence for each part that cannot be understood.
    """
    text = text.strip()
    query = text.partition("?")[2] if text.startswith(_ADDRESS) else text.removeprefix("?")
    if len(query) > LONGEST_FILTER:
        raise ValidationError(_TOO_LONG)
    given = QueryDict(query, mutable=True)
    for name in NOT_SAVED:
        given.pop(name, None)
    known = [name for name in AdvisoryFilter.base_filters if name not in NOT_SAVED]
    problems = [_unknown(name, known) for name in given if name not in known]
    asked = AdvisoryFilter(given, queryset=Advisory.objects.none())
    problems += [sentence for sentences in asked.problems.values() for sentence in sentences]
    if problems:
        raise ValidationError(problems)
    saved = given.urlencode(safe="/:,")
    if len(saved) > LONGEST_FILTER:
        raise ValidationError(_TOO_LONG)
    return saved


def read_events(names: Collection[str]) -> list[str]:
    """Kinds of events, each once, in the usual order.

    Raises:
        ValidationError: there are none, or one is unknown.
    """
    unknown = [name for name in names if name not in list(Event)]
    if unknown:
        raise ValidationError([f"“{printable(name)}” is no event. There are {', '.join(Event)}." for name in unknown])
    if not names:
        raise ValidationError(f"Choose at least one event of {', '.join(Event)}.")
    return [event.value for event in Event if event in names]


def wanted_ids(endpoint: Endpoint, public_ids: Sequence[str]) -> set[str]:
    """Those of some advisories that an endpoint wants to hear of: which its filter finds, whatever their state unless it
    names states; and which it was told of before, so that it learns when one leaves the filter or is withdrawn.

    Raises:
        FilterBroken: the filter cannot be understood.
    """
    given = QueryDict(endpoint.filter, mutable=True)
    if "state" not in given:
        given.setlist("state", list(STATES))
    visible: Any = Advisory.objects.visible_to(endpoint.partner.audience)
    asked = AdvisoryFilter(given, queryset=visible)
    if asked.problems:
        said = " ".join(sentence for sentences in asked.problems.values() for sentence in sentences)
        raise FilterBroken(f"Its filter is not understood any more: {said}")
    told = Delivery.objects.filter(endpoint=endpoint, public_id__in=public_ids).values_list("public_id", flat=True)
    found = asked.qs.order_by().filter(public_id__in=public_ids)
    return {*told, *found.values_list("public_id", flat=True)}


def _unknown(name: str, known: list[str]) -> str:
    near = get_close_matches(name.lower()[:60], known, n=1)
    hint = f" Did you mean “{near[0]}”?" if near else f" There are {', '.join(known)}."
    return f"There is no filter “{printable(name)}”.{hint}"
