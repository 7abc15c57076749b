"""Other organizations and other incidents."""

from typing import Any

from django.core.exceptions import ValidationError

from incidents.editing.parts.part import PartForm, StackedPart, TabularPart
from incidents.record.models import Incident, InvolvedOrganization, RelatedIncident


class InvolvedOrganizationInline(TabularPart):
    """Organizations besides the one it is mostly about."""

    model = InvolvedOrganization
    verbose_name_plural = "further organisations"
    fields = ("organization", "role")
    autocomplete_fields = ("organization",)
    related_fields = ("organization",)


class RelatedIncidentForm(PartForm):
    """Another incident, not the same one."""

    def clean_other(self) -> Incident:
        """Refuse the incident itself.

        Raises:
            ValidationError: it is the same incident.
        """
        other: Incident = self.cleaned_data["other"]
        if other.pk == self.instance.incident_id:
            raise ValidationError("An incident is not related to itself.")
        return other


class RelatedIncidentInline(StackedPart):
    """Incidents that readers of this one should know. Readers see only those that are released to them."""

    model = RelatedIncident
    fk_name = "incident"
    form = RelatedIncidentForm
    verbose_name_plural = "related incidents"
    fields = (("other", "relation"), "why")
    autocomplete_fields = ("other",)
    related_fields = ("other",)

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        """The formset, whose link to another incident cannot be used to write one on the way."""
        formset = super().get_formset(request, obj, **kwargs)
        wrapper: Any = formset.form.base_fields.get("other")
        if wrapper is not None:
            wrapper.widget.can_add_related = wrapper.widget.can_change_related = False
            wrapper.widget.can_delete_related = wrapper.widget.can_view_related = False
        return formset
