"""What the server calls: threads for those who wait, the fast lane, and Django behind them."""

import multiprocessing
import os
import signal
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


def leave_if_told_while_loading() -> None:
    """End at once when a signal to stop comes before there is anything to serve.

    Until they serve, granian's workers have the handler of their parent, which takes note of the signal in vain: they would
    serve on, and the parent wait for them for ever. Once they serve, granian puts a handler of theirs in this one's place.
    """
    if multiprocessing.current_process().name == "granian-worker":
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: os._exit(0))


def make_application() -> "WSGIApplication":
    """Django, behind the fast lane unless FAST_LANE is off. Their models can be imported once Django is set up."""
    application: WSGIApplication = get_wsgi_application()
    if settings.FAST_LANE:
        application = import_string("portal.fastlane.FastLane")(application)
    import_string("portal.live.listen_for_the_end")()
    serving: WSGIApplication = import_string("portal.live.LiveServing")(application)
    import_string("portal.garbage.settle")()
    return serving


leave_if_told_while_loading()
application = make_application()
