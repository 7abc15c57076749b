"""A process that publishes until its input is closed: `python -m tests.incidents.following.publishing_process NAME`.

Its incidents are published, updated and corrected, and some withdrawn or merged; some may not be seen by the public, at first or
ever. It says each release line by line.
"""

import os
import select
import sys
from collections.abc import Iterator
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
PAUSE_SECONDS = 0.4


def releases(name: str) -> Iterator[Any]:
    """Release after release, of one incident after the other."""
    from incidents.record.models import Incident
    from incidents.vocabulary.words import ReleaseKind
    from tests.factories import make_incident, publish_incident, withdraw_incident

    standing, number = "", 0
    while True:
        incident = make_incident(f"{name} {number}", tlp="green" if number % 3 == 2 else "clear")
        yield publish_incident(incident)
        if number % 6 == 5:
            Incident.objects.filter(pk=incident.pk).update(tlp="clear")
        yield publish_incident(incident)
        yield publish_incident(incident, kind=ReleaseKind.CORRECTION, reason="It was two days.")
        if number % 3 == 1:
            yield withdraw_incident(incident, merged_into=standing if number % 2 else "")
        elif number % 3 == 0:
            standing = incident.public_id
        number += 1


def main(name: str) -> None:
    """Publish, with a breath between two releases, until nobody wants more."""
    for release in releases(name):
        print(f"{release.public_id}/{release.number}", flush=True)
        if select.select([sys.stdin], [], [], PAUSE_SECONDS)[0]:
            return


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1])
