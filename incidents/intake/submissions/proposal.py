"""What a proposal says, and how what somebody sends is read: the page and the API ask for the same fields by the same rules."""

import re
import unicodedata
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incidents.intake.submissions.models import LONGEST_IMPACT, LONGEST_TEXT
from incidents.vocabulary.dates import PartialDate
from incidents.vocabulary.language_tags import LANGUAGE_PATTERN, spell_language
from incidents.vocabulary.tlp import TLP

MOST_LINES = 20
LONGEST_READ = 50_000
"""What is longer is refused anyhow, and is not looked through sign by sign first."""
LONGEST_ADDRESS = 1000
TECHNIQUE = re.compile(r"T\d{4}(\.\d{3})?|AML\.T\d{4}(\.\d{3})?", re.ASCII)
_TURNS_TEXT_AROUND = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_is_web_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposed incident, as its sender tells it; dates as far as they are known."""

    title: str
    what_happened: str
    occurred_from: str = ""
    occurred_to: str = ""
    organization: str = ""
    service: str = ""
    impact: str = ""
    techniques: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    language: str = "en"
    tlp: str = TLP.CLEAR
    contact_name: str = ""
    contact_email: str = ""

    def as_columns(self) -> dict[str, Any]:
        """The values of the columns of a submission."""
        return asdict(self) | {"techniques": list(self.techniques), "sources": list(self.sources)}


class LineField(forms.CharField):
    """One line of text: whatever breaks or turns it is taken out."""

    def to_python(self, value: Any) -> str:
        """The line."""
        text = super().to_python(value) or ""
        if len(text) > LONGEST_READ:
            return str(text)
        visible = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text)
        return " ".join(visible.translate(_TURNS_TEXT_AROUND).split())


class ProseField(forms.CharField):
    """Text of several lines."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """The text, without the signs that no text has."""
        text = (super().to_python(value) or "").replace("\r\n", "\n")
        if len(text) > LONGEST_READ:
            return str(text)
        text = text.translate(_TURNS_TEXT_AROUND)
        return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) != "Cc")


class KnownDateField(LineField):
    """A date as far as it is known."""

    def clean(self, value: Any) -> str:
        """The date in its canonical spelling, or nothing.

        Raises:
            ValidationError: it is no such date.
        """
        text = str(super().clean(value)).upper().replace(" ", "T")
        if not text:
            return ""
        try:
            return str(PartialDate(text if len(text) != len("2025-01-27T13:33") else f"{text}Z"))
        except ValueError:
            raise ValidationError(
                gettext("Write 2025, 2025-01, 2025-01-27 or 2025-01-27T13:33Z (UTC), as far as you know it.")
            ) from None


class LinesField(ProseField):
    """Several entries, one in each line."""

    def clean(self, value: Any) -> tuple[str, ...]:
        """The entries, each once.

        Raises:
            ValidationError: there are too many, or one is not fit.
        """
        lines = dict.fromkeys(" ".join(line.split()) for line in str(super().clean(value)).split("\n"))
        entries = tuple(self.clean_entry(line) for line in lines if line)
        if len(entries) > MOST_LINES:
            raise ValidationError(gettext("At most %(number)d, please.") % {"number": MOST_LINES})
        return tuple(dict.fromkeys(entries))

    def clean_entry(self, entry: str) -> str:
        """One entry."""
        return entry


class AddressesField(LinesField):
    """Addresses of the web."""

    def clean_entry(self, entry: str) -> str:
        """One address.

        Raises:
            ValidationError: it is none.
        """
        try:
            _is_web_address(entry[: LONGEST_ADDRESS + 1])
        except ValidationError:
            raise ValidationError(
                gettext("“%(text)s” is no web address. Give whole addresses, such as https://example.org/news.")
                % {"text": entry[:80]}
            ) from None
        if len(entry) > LONGEST_ADDRESS:
            raise ValidationError(gettext("“%(text)s…” is too long.") % {"text": entry[:80]})
        return entry


class TechniquesField(LinesField):
    """Ids of techniques."""

    def clean_entry(self, entry: str) -> str:
        """One id.

        Raises:
            ValidationError: it has not the shape of one.
        """
        if not TECHNIQUE.fullmatch(entry.upper()):
            raise ValidationError(
                gettext("“%(text)s” is no id of MITRE ATT&CK or ATLAS, such as T1566 or AML.T0051.")
                % {"text": entry[:80]}
            )
        return entry.upper()


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ProposalForm(forms.Form):
    """The fields of a proposal. What is wrong is said for all of them at once."""

    title = LineField(
        label=_("In one line"),
        max_length=200,
        help_text=_("What happened to whom: “Harbour Bank’s payments stand still”."),
    )
    what_happened = ProseField(
        label=_("What happened"),
        max_length=LONGEST_TEXT,
        widget=_area(9),
        help_text=_(
            "In the order of events. Say what you saw yourself and what you only heard, and leave passwords out."
        ),
    )
    occurred_from = KnownDateField(
        label=_("Since when"),
        max_length=40,
        required=False,
        help_text=_("2025, 2025-01, 2025-01-27 or 2025-01-27T13:33Z."),
    )
    occurred_to = KnownDateField(
        label=_("Until when"), max_length=40, required=False, help_text=_("Empty if it goes on or you do not know.")
    )
    organization = LineField(label=_("Organisation concerned"), max_length=200, required=False)
    service = LineField(label=_("Service concerned"), max_length=200, required=False)
    impact = ProseField(
        label=_("What it did"),
        max_length=LONGEST_IMPACT,
        widget=_area(4),
        required=False,
        help_text=_("What no longer worked, whose data was seen, what it cost."),
    )
    techniques = TechniquesField(
        label=_("Techniques, if you know them"),
        max_length=1000,
        widget=_area(2),
        required=False,
        help_text=_("Ids of MITRE ATT&CK or ATLAS, one in each line: T1566, AML.T0051."),
    )
    sources = AddressesField(
        label=_("Where one can read about it"),
        max_length=MOST_LINES * (LONGEST_ADDRESS + 2),
        widget=_area(3),
        required=False,
        help_text=_("Web addresses, one in each line."),
    )
    tlp = forms.ChoiceField(label=_("Who may know it"), choices=TLP.choices, initial=TLP.CLEAR, required=False)
    language: forms.Field = LineField(
        label=_("Language of your text"),
        max_length=35,
        required=False,
        validators=[RegexValidator(LANGUAGE_PATTERN, _("Give a language tag such as en or zh-Hans."))],
    )
    contact_name = LineField(label=_("Your name"), max_length=200, required=False)
    contact_email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        required=False,
        help_text=_("We write when a decision is made, and perhaps to ask. It is shown to editors only."),
    )

    def clean(self) -> dict[str, Any]:
        """The fields together."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("occurred_from") or "", cleaned.get("occurred_to") or ""
        if first and last and PartialDate(first).earliest() > PartialDate(last).latest():
            self.add_error("occurred_to", gettext("This lies before the beginning."))
        return cleaned

    @property
    def proposal(self) -> Proposal:
        """What a valid form says."""
        said = {name: value for name, value in self.cleaned_data.items() if name in Proposal.__dataclass_fields__}
        said["tlp"] = said["tlp"] or TLP.CLEAR.value
        said["language"] = spell_language(said["language"] or "en")
        return Proposal(**said)
