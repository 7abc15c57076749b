"""The filters of a list of advisories: one declaration for the page, the API, feeds and subscriptions.

Several values of one name mean any of them, several names mean all of them. A value that cannot be understood is an error
that names the parameter, the value and what is allowed; it is never ignored.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext_lazy
from django_filters import Filter, FilterSet

from incidents.catalogue.models import Technique
from incidents.publication.models import Advisory, Facet
from incidents.publication.models.advisory import AdvisoryQuerySet
from incidents.publication.narrow import MITIGATION_ID, PLAIN_FACETS, TECHNIQUE_ID, Narrowed, is_advisory_id
from incidents.publication.occurrence import in_years
from incidents.publication.paging import (
    NEWEST,
    OCCURRED,
    ORDERS,
    PAGE_SIZE,
    RELEVANT,
    BadCursor,
    Order,
    Page,
    cut_page,
    read_cursor,
)
from incidents.publication.search import matching_keys
from incidents.vocabulary.words import Certainty, Framework, IncidentState, Sector, Severity

MOST_VALUES = 25
LONGEST_SEARCH = 200
OPEN, WITHDRAWN = "open", "withdrawn"
STATES: dict[str, str | Promise] = {
    OPEN: pgettext_lazy("the state of an incident", "Open"),
    **dict(IncidentState.choices),
    WITHDRAWN: pgettext_lazy("the state of an advisory", "Withdrawn"),
}

_SLUG = re.compile(r"[-A-Za-z0-9_]{1,80}")
_SERVICE = re.compile(r"[-A-Za-z0-9_]{1,80}/[-A-Za-z0-9_]{1,80}")
_YEAR = re.compile(r"[12][0-9]{3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_ENTRY = re.compile(r"(?:([a-z]+)/)?([A-Za-z0-9][A-Za-z0-9.-]{0,23})")
_SEPARATOR = re.compile(r"[,;\s]+")

Reader = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Choice:
    """A reader that accepts one of a few words, in any case."""

    words: tuple[str, ...]

    def __call__(self, value: str) -> str:
        """The word.

        Raises:
            ValueError: it is none of them; the text says which there are.
        """
        if value.lower() not in self.words:
            raise ValueError(gettext("Allowed are %(words)s.") % {"words": ", ".join(self.words)})
        return value.lower()


def choice_of(allowed: Iterable[str]) -> Choice:
    """A reader that accepts one of these words."""
    return Choice(tuple(allowed))


@dataclass(frozen=True, slots=True)
class Written:
    """A reader that accepts what a pattern matches, after `change`; the hint says how it is written."""

    pattern: re.Pattern[str]
    hint: str | Promise
    change: Callable[[str], str] = str

    def __call__(self, value: str) -> str:
        """The value, changed.

        Raises:
            ValueError: the pattern does not match it.
        """
        if not self.pattern.fullmatch(self.change(value)):
            raise ValueError(self.hint)
        return self.change(value)


@dataclass(frozen=True, slots=True)
class EntryKey:
    """A reader of `T1566`, `attack/T1566` or `AML.T0051` that gives `framework/id`; `bare` matches ids that need no framework."""

    bare: re.Pattern[str]
    hint: str | Promise

    def __call__(self, value: str) -> str:
        """The key.

        Raises:
            ValueError: it is none; the text says how it is written.
        """
        found = _ENTRY.fullmatch(value)
        framework, name = found.groups() if found else (None, "")
        if framework != Framework.LOCAL:
            name = name.upper()
        if framework is None and self.bare.fullmatch(name):
            framework = Framework.ATLAS.value if name.startswith("AML.") else Framework.ATTACK.value
        if framework not in Framework.values:
            raise ValueError(self.hint)
        return f"{framework}/{name}"


class ValuesField(forms.Field):
    """The values of a parameter that may be repeated: each once, in the order given, read or refused one by one.

    Unless `is_list` is false, one text may hold several values with commas or spaces between them, as people type them.
    """

    widget = forms.SelectMultiple

    def __init__(self, *, read: Reader, most: int = MOST_VALUES, is_list: bool = True, **options: Any) -> None:
        self.read, self.most, self.is_list = read, most, is_list
        super().__init__(**options)

    def to_python(self, value: Any) -> list[str]:
        """The values, read.

        Raises:
            ValidationError: some cannot be read, or there are too many; a sentence for each problem.
        """
        texts = self.texts(value)
        if (count := self.count(value)) > self.most:
            message = ngettext(
                "“%(name)s” takes one value at once; %(given)s were given.",
                "“%(name)s” takes at most %(most)s values at once; %(given)s were given.",
                self.most,
            )
            raise ValidationError(message % {"name": self.label, "most": self.most, "given": count})
        values, problems = [], []
        for text in dict.fromkeys(texts):
            try:
                values.append(self.read(text))
            except ValueError as problem:
                message = gettext("“%(value)s” is no value of “%(name)s”. %(hint)s")
                problems.append(message % {"value": printable(text), "name": self.label, "hint": problem})
        if problems:
            raise ValidationError(problems)
        return list(dict.fromkeys(values))

    def count(self, value: Any) -> int:
        """How many values were given. Empty ones between commas count too, as they do in what is said of lists to programs."""
        given = [value] if isinstance(value, str) else list(value or ())
        commas = 0 if isinstance(self.read, Choice) or not self.is_list else sum(str(text).count(",") for text in given)
        return max(len(self.texts(value)), commas + 1 if commas else 0)

    def texts(self, value: Any) -> list[str]:
        """What was given, before it is read. Of words out of a list and of what takes one value each counts once."""
        given = [value] if isinstance(value, str) else list(value or ())
        if self.is_list:
            given = [part for text in given for part in _SEPARATOR.split(str(text))]
        texts = [text for text in (str(text).strip() for text in given) if text]
        return texts if self.is_list and not isinstance(self.read, Choice) else list(dict.fromkeys(texts))


class WordsField(forms.Field):
    """What a reader types into the search box."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> str:
        """The words; what does not print counts as white space, and white space as one space.

        Raises:
            ValidationError: it is too long to be meant.
        """
        words = " ".join("".join(sign if sign.isprintable() else " " for sign in str(value or "")).split())
        if len(words) > LONGEST_SEARCH:
            message = gettext("“q” takes at most %(most)s characters; %(given)s were given.")
            raise ValidationError(message % {"most": LONGEST_SEARCH, "given": len(words)})
        return words


class DeclaredFilter(Filter):
    """A declaration that nothing changes: each filter set takes a copy of it, and a shallow one costs a tenth."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return copy(self)


class ValuesFilter(DeclaredFilter):
    """Declares a parameter with several values; how they filter is said in `AdvisoryFilter.filter_queryset`."""

    field_class = ValuesField


class WordsFilter(DeclaredFilter):
    """Declares the parameter that is searched for."""

    field_class = WordsField


class AdvisoryFilterForm(forms.Form):
    """Reads all parameters, and the cursor in the light of the sort."""

    def clean(self) -> dict[str, Any]:
        """The values; a cursor that does not fit the sort is an error of its field."""
        asked: dict[str, Any] = self.cleaned_data
        for cursor in asked.get("cursor", ()):
            try:
                read_cursor(cursor, chosen_order(asked))
            except BadCursor as problem:
                self.add_error("cursor", str(problem))
        return asked


class AdvisoryFilter(FilterSet):
    """Advisories by everything they can be found by.

    Give it the parameters and a queryset of what the audience may see. Withdrawn advisories are left out unless `state`
    asks for them. Ask `is_valid()` before `page()`: with problems, there are no rows.
    """

    q = WordsFilter(label="q")
    severity = ValuesFilter(label="severity", read=choice_of(reversed(Severity.values)))
    state = ValuesFilter(label="state", read=choice_of(STATES))
    sector = ValuesFilter(label="sector", read=choice_of(Sector.values))
    country = ValuesFilter(
        label="country", read=Written(_COUNTRY, gettext_lazy("Give two letters, such as US or IN."), str.upper)
    )
    organization = ValuesFilter(
        label="organization", read=Written(_SLUG, gettext_lazy("Write it as its address does: harbour-bank."))
    )
    service = ValuesFilter(
        label="service", read=Written(_SERVICE, gettext_lazy("Write organization/service: harbour-bank/payments."))
    )
    technique = ValuesFilter(
        label="technique",
        read=EntryKey(TECHNIQUE_ID, gettext_lazy("Write an id such as T1566, attack/T1566 or AML.T0051.")),
    )
    mitigation = ValuesFilter(
        label="mitigation",
        read=EntryKey(MITIGATION_ID, gettext_lazy("Write an id such as M1032, attack/M1032 or AML.M0015.")),
    )
    actor = ValuesFilter(label="actor", read=Written(_SLUG, gettext_lazy("Write it as its address does: grey-heron.")))
    tag = ValuesFilter(label="tag", read=Written(_SLUG, gettext_lazy("Write it as its address does: supply-chain.")))
    year = ValuesFilter(label="year", read=Written(_YEAR, gettext_lazy("Give a year in four digits, such as 2025.")))
    certainty = ValuesFilter(label="certainty", read=choice_of(Certainty.values))
    sort = ValuesFilter(label="sort", read=choice_of(ORDERS), most=1)
    cursor = ValuesFilter(label="cursor", read=str, most=1, is_list=False)

    class Meta:
        model = Advisory
        fields: list[str] = []
        form = AdvisoryFilterForm

    @cached_property
    def asked(self) -> dict[str, Any]:
        """The values that could be read, by parameter."""
        self.form.is_valid()
        values: dict[str, Any] = self.form.cleaned_data
        return values

    @property
    def problems(self) -> dict[str, list[str]]:
        """What is wrong, by parameter, in sentences for readers."""
        return {name: [str(text) for text in texts] for name, texts in self.errors.items()}

    @cached_property
    def order(self) -> Order:
        """The order asked for; the most relevant first where words are and no order is, else the newest."""
        return chosen_order(self.asked)

    def filter_queryset(self, queryset: AdvisoryQuerySet) -> AdvisoryQuerySet:
        """Any of the values of each parameter, all of the parameters."""
        if self.errors:
            return queryset.none()
        asked = self.form.cleaned_data
        rows = in_states(queryset, asked["state"])
        if asked["severity"]:
            rows = rows.filter(severity_rank__in=[Severity(value).rank for value in asked["severity"]])
        if asked["year"]:
            rows = rows.filter(year__in=asked["year"])
        for facet in PLAIN_FACETS:
            if asked[facet]:
                rows = rows.having(facet, *asked[facet])
        rows = with_techniques(rows, asked["technique"], asked["certainty"])
        return found_by(rows, asked["q"]) if asked["q"] else rows

    def page(self, *, size: int = PAGE_SIZE) -> Page[Advisory]:
        """The page of advisories that was asked for: from the search index, but where nothing narrows the list, or nothing but
        the years of a list by date.
        """
        cursor = "".join(self.asked.get("cursor", ()))
        if self.errors:
            return Page([])
        if not self.narrowed.is_narrow:
            return cut_page(self.qs, self.order, cursor=cursor, size=size)
        if self.order == OCCURRED and (years := self.narrowed.only_years):
            rows = in_years(self.queryset.standing(), years[0], years[-1])
            return cut_page(rows, self.order, cursor=cursor, size=size)
        return self.narrowed.page(self.queryset, self.order, cursor, size=size)

    @cached_property
    def narrowed(self) -> Narrowed:
        """What is asked for, as the search index understands it."""
        return Narrowed(self.asked, self.queryset.audience)


def chosen_order(asked: Mapping[str, Any]) -> Order:
    """The order that `sort` names; the newest first where there are no words to be relevant to."""
    usual = default_order(asked)
    chosen = ORDERS["".join(asked.get("sort", ())) or usual.name]
    return usual if chosen == RELEVANT else chosen


def default_order(asked: Mapping[str, Any]) -> Order:
    """The order where `sort` names none."""
    return RELEVANT if asked.get("q") else NEWEST


def in_states(rows: AdvisoryQuerySet, states: list[str]) -> AdvisoryQuerySet:
    """Advisories in any of these states; standing ones where none is given."""
    if not states:
        return rows.standing()
    wanted = Q(is_withdrawn=True) if WITHDRAWN in states else Q()
    if OPEN in states:
        wanted |= Q(is_open=True, is_withdrawn=False)
    if plain := [state for state in states if state in IncidentState]:
        wanted |= Q(state__in=plain, is_withdrawn=False)
    return rows.filter(wanted)


def with_techniques(rows: AdvisoryQuerySet, techniques: list[str], certainties: list[str]) -> AdvisoryQuerySet:
    """Advisories with any of these techniques, in any of these certainties; either may be empty."""
    if not (techniques or certainties):
        return rows
    how = {"certainty__in": certainties} if certainties else {}
    return rows.having(Facet.TECHNIQUE, *techniques, **how)


def found_by(rows: AdvisoryQuerySet, words: str) -> AdvisoryQuerySet:
    """Advisories that contain the words; an id of an advisory, a technique or a mitigation finds what carries it."""
    name = words.upper()
    if is_advisory_id(name):
        return rows.filter(public_id=name)
    if TECHNIQUE_ID.fullmatch(name):
        known = Technique.objects.filter(Q(external_id=name) | Q(parent__external_id=name))
        if carried := [technique.key for technique in known]:
            return rows.having(Facet.TECHNIQUE, *carried)
    if MITIGATION_ID.fullmatch(name):
        return rows.having(Facet.MITIGATION, *(f"{framework}/{name}" for framework in Framework.values))
    keys = matching_keys(words)
    return rows.none() if keys is None else rows.among(keys)


def printable(text: str, *, longest: int = 60) -> str:
    """A value as it can be shown back: what does not print becomes a replacement sign, and a long text is cut."""
    shown = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[: longest + 1])
    return shown if len(shown) <= longest else shown[:longest] + "…"
