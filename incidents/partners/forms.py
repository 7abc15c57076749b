"""What is asked before a key is made or rotated; at the desk and on the partners' own page alike."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser
from django.db.models import Q
from django.utils import timezone

from incidents.partners.keys import make_key, rotate_key
from incidents.partners.models import ApiKey, Partner
from incidents.partners.scopes import Scope

LIVES = (("90", "90 days"), ("365", "a year"), ("730", "two years"), ("", "it does not end by itself"))
OVERLAPS = (("0", "no longer: it stops now"), ("1", "a day"), ("7", "a week"), ("30", "30 days"))


class MakeKeyForm(forms.Form):
    """A new key of a partner.

    Args:
        partner: whose.
    """

    name = forms.CharField(
        max_length=100,
        label="Which program uses it",
        help_text="Such as “SIEM collector”. One key for each program: then one can be ended without the others.",
        error_messages={"required": "Say which program uses the key."},
    )
    scopes = forms.MultipleChoiceField(
        choices=[(scope.value, f"{scope.value}: {scope.label}") for scope in Scope],
        initial=[Scope.READ.value],
        widget=forms.CheckboxSelectMultiple,
        label="What it may be used for",
        error_messages={"required": "Tick at least one use."},
    )
    life = forms.ChoiceField(
        choices=LIVES,
        initial="365",
        required=False,
        label="It ends after",
        help_text="A new one can take its place before that, without a gap.",
    )

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.partner = partner

    def clean_name(self) -> str:
        """The name, which no other key has that works: so a form that is sent twice makes no second key.

        Raises:
            ValidationError: there is such a key.
        """
        name = str(self.cleaned_data["name"])
        works = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        if self.partner.keys.filter(works, revoked_at=None, name=name).exists():
            raise forms.ValidationError(
                "A key of this name works already. Rotate or revoke it, or choose another name."
            )
        return name

    def make(self, *, by: AbstractUser) -> tuple[ApiKey, str]:
        """Make the key, and give its text.

        Raises:
            KeyRefused: the partner's access has ended.
        """
        given = self.cleaned_data
        return make_key(
            self.partner, name=given["name"], scopes=given["scopes"], by=by, expires_at=_end_of(given["life"])
        )


class RotateKeyForm(forms.Form):
    """How long the old key goes on beside the new one."""

    overlap = forms.ChoiceField(
        choices=OVERLAPS,
        initial="7",
        widget=forms.RadioSelect,
        label="The old key goes on for",
        help_text="Time to put the new one into the program. If the old one may have leaked, let it stop now.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def rotate(self, key: ApiKey, *, by: AbstractUser) -> tuple[ApiKey, str]:
        """Make the successor, and give its text.

        Raises:
            KeyRefused: the key has ended, or has a successor.
        """
        return rotate_key(key, overlap=timedelta(days=int(self.cleaned_data["overlap"])), by=by)


def _end_of(life: str) -> datetime | None:
    return timezone.now() + timedelta(days=int(life)) if life else None
