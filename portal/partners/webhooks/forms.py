"""What members of a partner say about an endpoint, and which range they want again."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from incidents.publication.events import Event
from incidents.subscriptions.endpoints import LONGEST_DESCRIPTION, read_wishes
from incidents.subscriptions.models import Endpoint

EVENTS = [
    (Event.CREATED.value, "Created: an advisory is published for the first time"),
    (Event.UPDATED.value, "Updated: there is more to say"),
    (Event.CORRECTED.value, "Corrected: something said before was wrong"),
    (Event.WITHDRAWN.value, "Withdrawn: the advisory no longer stands"),
    (Event.MERGED.value, "Merged: another advisory takes its place"),
]


class WebhookForm(forms.Form):
    """An endpoint as its partner wants it."""

    url = forms.CharField(
        label="Address",
        help_text="Where messages are sent by POST, such as https://soc.example.org/hooks/advisories.",
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    description = forms.CharField(
        label="Description",
        required=False,
        max_length=LONGEST_DESCRIPTION,
        help_text="For yourselves: which system it is.",
    )
    filter = forms.CharField(
        label="Filter",
        required=False,
        help_text="Which advisories: filter the list of incidents as you like and paste its address here, or write "
        "severity=critical,high&sector=financial-services. Empty: all that you may see. "
        "It stays with an advisory that it was told of.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    events = forms.MultipleChoiceField(
        label="Events",
        choices=EVENTS,
        initial=[value for value, _ in EVENTS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one event."},
    )
    is_slim = forms.BooleanField(
        label="Leave the documents out",
        required=False,
        help_text="Messages say what changed, and you fetch the document yourselves.",
    )

    def clean(self) -> dict[str, Any]:
        """The values as they are stored; what cannot be understood is an error of its field."""
        given = {name: value for name, value in self.cleaned_data.items() if name in WebhookForm.base_fields}
        try:
            self.wishes = read_wishes(given)
        except ValidationError as refused:
            for name, errors in refused.error_dict.items():
                self.add_error(name, errors)
        return self.cleaned_data


class ReplayForm(forms.Form):
    """A range of days."""

    since = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="Empty: until now."
    )
    only_failed = forms.BooleanField(label="Only what was given up", required=False)

    def clean(self) -> dict[str, Any]:
        """The days, in their order."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", "This is before the first day.")
        return self.cleaned_data


def as_given(endpoint: Endpoint) -> dict[str, Any]:
    """An endpoint as its form shows it."""
    return {name: getattr(endpoint, name) for name in WebhookForm.base_fields}
