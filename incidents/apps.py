"""The application that holds every room of the flow."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Tocsin's one application besides the portal."""

    name = "incidents"
    default_auto_field = "django.db.models.BigAutoField"
