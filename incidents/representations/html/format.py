"""The page as an entry in the registry of formats."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy

from incidents.publication.registry import Format, Purpose
from incidents.representations.html.build import NAME, build_html

_HERE = Path(__file__).parent
_ROOMS = _HERE.parent.parent
_PROJECT = Path(settings.BASE_DIR)
_STATIC_NAMES = Path(settings.STATIC_ROOT) / "staticfiles.json"  # under which names collectstatic put the static files

FORMAT = Format(
    name=NAME,
    suffix="/",
    media_type="text/html; charset=utf-8",
    label=gettext_lazy("This page"),
    build=build_html,
    made_of=(
        _HERE / "answers.py",
        _HERE / "arrange.py",
        _HERE / "build.py",
        _HERE / "cited.py",
        _HERE / "course.py",
        _HERE / "jsonld.py",
        _HERE / "languages.py",
        _HERE / "path.py",
        _HERE / "shares.py",
        _HERE / "timeline.py",
        _HERE / "parts.py",
        _HERE / "passing.py",
        _HERE / "telling.py",
        _ROOMS / "representations" / "formats.py",
        _ROOMS / "templatetags",
        _ROOMS / "prose",
        _ROOMS / "vocabulary",
        _PROJECT / "templates" / "base.html",
        _PROJECT / "templates" / "parts",
        _PROJECT / "templates" / "advisory",
        _PROJECT / "static" / "css",
        _PROJECT / "static" / "js",
        _PROJECT / "static" / "icons",
        *([_STATIC_NAMES] if _STATIC_NAMES.is_file() else []),
    ),
    purpose=Purpose.READING,
)
