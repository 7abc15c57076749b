"""Django's door to the portal."""

from django.apps import AppConfig

import portal.checks  # noqa: F401  registers the deploy checks


class PortalConfig(AppConfig):
    """The front door: commands to start it and checks that it is set up safely."""

    name = "portal"
    verbose_name = "Portal"
