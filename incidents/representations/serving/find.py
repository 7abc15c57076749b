"""Finding what an address names, for an audience; whatever it may not see does not exist."""

from django.http import Http404

from incidents.publication.audience import PUBLIC, Audience
from incidents.publication.models import Advisory, Release


def find_advisory(public_id: str, audience: Audience = PUBLIC) -> Advisory:
    """The advisory with this id, with its current release.

    Raises:
        Http404: there is none that this audience may see.
    """
    advisory = Advisory.objects.visible_to(audience).select_related("release").filter(public_id=public_id).first()
    if advisory is None:
        raise Http404(f"There is no advisory {public_id}.")
    return advisory


def find_release(public_id: str, number: int, audience: Audience = PUBLIC) -> Release:
    """One release of an advisory, with the advisory.

    Raises:
        Http404: there is none that this audience may see.
    """
    releases = Release.objects.visible_to(audience).select_related("advisory")
    release = releases.filter(public_id=public_id, number=number).first()
    if release is None:
        raise Http404(f"There is no release {number} of {public_id}.")
    return release
