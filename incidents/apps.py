"""The application that holds every room of the flow."""

from importlib import import_module

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Tocsin's one application besides the portal."""

    name = "incidents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the formats, once models can be imported."""
        import_module("incidents.representations.formats").register_formats()
