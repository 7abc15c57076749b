"""A process that publishes until it is done or killed: `python -m tests.incidents.publication.publishing_process COUNT NAME`."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")


def main(count: int, name: str) -> None:
    """Publish `count` incidents, each a second time, and say so line by line."""
    from tests.factories import make_incident, publish_incident

    for number in range(count):
        incident = make_incident(f"{name} {number}")
        for _ in range(2):
            release = publish_incident(incident)
            print(f"{release.public_id}/{release.number}", flush=True)


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), sys.argv[2])
