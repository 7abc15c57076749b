"""What people may change about themselves."""

from zoneinfo import available_timezones

from django import forms

from portal.accounts.models import User


class ProfileForm(forms.ModelForm):
    """One's own name and time zone."""

    time_zone = forms.TypedChoiceField(
        choices=[(name, name.replace("_", " ")) for name in sorted(available_timezones())],
        help_text="The editors' desk shows and reads times in this zone.",
    )

    class Meta:
        model = User
        fields = ("full_name", "time_zone")
