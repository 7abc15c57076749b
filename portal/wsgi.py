"""What the server calls: the fast lane, and Django behind it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import environ
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

environ.Env.read_env(Path(__file__).parent.parent / ".env")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")


def make_application() -> "WSGIApplication":
    """Django, behind the fast lane unless FAST_LANE is off. The lane's models can be imported once Django is set up."""
    application = get_wsgi_application()
    return import_string("portal.fastlane.FastLane")(application) if settings.FAST_LANE else application


application = make_application()
