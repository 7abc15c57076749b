"""The form of an incident's own fields."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from incidents.editing.fields import tell_autocompletes
from incidents.record.models import Incident


class IncidentForm(forms.ModelForm):
    """An incident. The hidden revision is the one the editor saw; saving over another one is refused."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    is_stale = False

    class Meta:
        model = Incident
        exclude: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        tell_autocompletes(self)
        self.initial["revision"] = self.instance.revision

    def clean_revision(self) -> int:
        """The revision the editor saw.

        Raises:
            ValidationError: somebody saved in between.
        """
        seen: int = self.cleaned_data["revision"] or 0
        if self.instance.pk and seen != self.instance.revision:
            self.is_stale = True
            raise ValidationError("Somebody saved this incident while you were writing.", code="stale")
        return seen
