"""Parameters of addresses: what each is called, how it is read, and what is said about one that cannot be read.

A parameter is declared once; the declaration reads it, refuses it and documents it. Nothing is ignored: a name that an address
does not know is an error like a value that it cannot have.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.http import QueryDict

from incidents.publication.filters import AdvisoryFilter, Choice, Reader, ValuesField, printable
from incidents.representations.api.problems import INVALID_PARAMETERS, ParameterError, Problem, cursor_problem

MOST_ROWS = 200
USUAL_ROWS = 50
LONGEST_WAIT = 60
"""In seconds."""
SLIM_WORDS = {"1": True, "true": True, "0": False, "false": False}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an address.

    Attributes:
        name: as addresses write it.
        meaning: a sentence for the documentation.
        read: gives the value of a text; raises ValueError with what is allowed.
        most: how many values it takes; several may be in one text, with commas between them.
        default: its value where it is not given.
        example: a value for the documentation.
    """

    name: str
    meaning: str
    read: Reader
    most: int = 1
    default: str = ""
    example: str = ""

    @property
    def field(self) -> ValuesField:
        """The form field that reads it."""
        return ValuesField(read=self.read, most=self.most, is_list=self.most > 1, label=self.name)


@dataclass(frozen=True, slots=True)
class Asked:
    """The values of the parameters of a request, by name; each is a list."""

    values: Mapping[str, list[str]]

    def one(self, name: str) -> str:
        """The one value of a parameter; empty where there is none."""
        return self.values[name][0] if self.values.get(name) else ""

    def many(self, name: str) -> list[str]:
        """All values of a parameter."""
        return list(self.values.get(name, ()))

    def number(self, name: str) -> int:
        """The value of a parameter that is a number."""
        return int(self.one(name))

    def is_set(self, name: str) -> bool:
        """Whether a parameter that can be on or off is on."""
        return SLIM_WORDS.get(self.one(name), False)


def read_limit(text: str) -> str:
    """How many rows."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_ROWS):
        raise ValueError(f"Give a number from 1 to {MOST_ROWS}.")
    return str(int(text))


def read_wait(text: str) -> str:
    """How many seconds to wait."""
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= LONGEST_WAIT):
        raise ValueError(f"Give a number of seconds from 0 to {LONGEST_WAIT}.")
    return str(int(text))


def read_instant(text: str) -> str:
    """A day or an instant of ISO 8601, as an instant in UTC. A plus sign that became a space on its way is put back."""
    for spelling in (text, "+".join(text.rsplit(" ", 1))):
        try:
            moment = dt.datetime.fromisoformat(spelling)
            given = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
            return given.astimezone(dt.UTC).isoformat()
        except (ValueError, OverflowError):
            continue
    raise ValueError("Give a day or a time, such as 2025-01-27 or 2025-01-27T13:33:00Z.")


LIMIT = Parameter(
    "limit",
    f"How many rows at most: 1 to {MOST_ROWS}, {USUAL_ROWS} unless said.",
    read_limit,
    default=str(USUAL_ROWS),
    example="10",
)
CURSOR = Parameter("cursor", "Where to go on: “next” or “previous” of an earlier answer.", str)
COUNT = Parameter(
    "count",
    "Also say how many rows there are: counted exactly, or quickly; then it may be the least that there are.",
    Choice(("estimate", "exact")),
    example="estimate",
)


def fields_parameter(shape: type[Any]) -> Parameter:
    """The parameter that trims what is answered to some of the fields of a shape."""
    names = tuple(shape.__struct_fields__)
    return Parameter(
        "fields", "Only these fields of each row.", Choice(names), most=len(names), example=",".join(names[:3])
    )


def read_parameters(given: QueryDict, declared: Iterable[Parameter], filters: AdvisoryFilter | None = None) -> Asked:
    """The values of a request's parameters.

    Args:
        given: the query string.
        declared: what the address knows.
        filters: the filters that it knows besides, with the same query string.

    Raises:
        Problem: some cannot be understood; all of them are named.
    """
    known = {parameter.name: parameter for parameter in declared}
    filter_names = list(filters.base_filters) if filters is not None else []
    errors = [*_unknown(given, [*filter_names, *known]), *_gaps(given, [*_lists_in(filters), *known.values()])]
    values: dict[str, list[str]] = {}
    for name, parameter in known.items():
        field, texts = parameter.field, given.getlist(name)
        read, wrong = _read(field, name, texts)
        values[name] = read or ([parameter.default] if parameter.default else [])
        errors += wrong
    if filters is not None:
        for name in filters.problems:
            errors += _errors_of_filter(filters, name, given.getlist(name))
    if errors:
        if "cursor" in (*filter_names, *known) and all(error.parameter == "cursor" for error in errors):
            raise cursor_problem(str(given["cursor"]), *errors)
        raise Problem(INVALID_PARAMETERS, errors=tuple(errors))
    return Asked(values)


def _unknown(given: QueryDict, known: list[str]) -> list[ParameterError]:
    return [
        ParameterError(
            parameter=printable(name),
            detail=f"This address has no parameter “{printable(name)}”.",
            allowed=tuple(sorted(known)),
            nearest=_nearest(name, known),
        )
        for name in given
        if name not in known
    ]


def _lists_in(filters: AdvisoryFilter | None) -> list[Parameter]:
    """The filters that take several values in one text."""
    fields = filters.form.fields.items() if filters is not None else ()
    return [
        Parameter(name, "", field.read, most=field.most)
        for name, field in fields
        if isinstance(field, ValuesField) and field.is_list
    ]


def _gaps(given: QueryDict, parameters: Iterable[Parameter]) -> list[ParameterError]:
    """Commas with nothing beside them, where only some words are allowed; a parameter that is empty as a whole is as good as
    none."""
    lists = [one.name for one in parameters if one.most > 1 and isinstance(one.read, Choice)]
    return [
        ParameterError(parameter=name, detail=f"“{printable(text)}” has a comma too many.")
        for name in lists
        for text in given.getlist(name)
        if text and not all(part.strip() for part in text.split(","))
    ]


def _read(field: ValuesField, name: str, given: list[str]) -> tuple[list[str], list[ParameterError]]:
    texts, values, errors = field.texts(given), [], []
    if (count := field.count(given)) > field.most:
        most = "one value" if field.most == 1 else f"at most {field.most} values"
        return [], [ParameterError(parameter=name, detail=f"“{name}” takes {most}; {count} were given.")]
    for text in dict.fromkeys(texts):
        try:
            values.append(field.read(text))
        except ValueError as problem:
            detail = f"“{printable(text)}” is no value of “{name}”. {problem}"
            errors.append(_refusal(name, detail, field.read, text))
    return list(dict.fromkeys(values)), errors


def _errors_of_filter(filters: AdvisoryFilter, name: str, given: list[str]) -> list[ParameterError]:
    """The filter's own sentences; and for words out of a list, the list and the nearest."""
    field = filters.form.fields[name]
    if isinstance(field, ValuesField):
        _, errors = _read(field, name, given)
        if errors:
            return errors
    return [ParameterError(parameter=name, detail=sentence) for sentence in filters.problems[name]]


def _refusal(name: str, detail: str, read: Reader, text: str) -> ParameterError:
    words = read.words if isinstance(read, Choice) else ()
    return ParameterError(parameter=name, detail=detail, allowed=words, nearest=_nearest(text, words))


def _nearest(text: str, words: Iterable[str]) -> str:
    found = get_close_matches(text.lower()[:60], list(words), n=1)
    return found[0] if found else ""
