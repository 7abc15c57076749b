"""Django's door to the desk: its admin application, with our site."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """The admin, with the editors' desk as its site."""

    default_site = "incidents.editing.site.DeskSite"
