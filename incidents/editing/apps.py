"""Django's door to the desk: its admin application, with our site."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig

TASK_LIBRARIES = ("django_tasks_database", "django_rq")


class DeskConfig(AdminConfig):
    """The admin, with the editors' desk as its site."""

    default_site = "incidents.editing.site.DeskSite"

    def ready(self) -> None:
        """Gather the pages of the desk, and leave out those of task libraries: deliveries have pages of their own, and nobody
        who signs in here is to take a task away."""
        super().ready()
        found = [model for model, _ in admin.site._registry.items() if model._meta.app_label in TASK_LIBRARIES]
        admin.site.unregister(found)
