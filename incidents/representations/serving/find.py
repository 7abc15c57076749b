"""Finding what an address names, for an audience; whatever it may not see does not exist."""

from django.http import Http404

from incidents.publication.audience import PUBLIC, Audience
from incidents.publication.document import AttachmentRef
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


def find_attachment(public_id: str, sha256: str, audience: Audience = PUBLIC) -> AttachmentRef:
    """A file that any release of an advisory names, the newest first.

    Raises:
        Http404: no release that this audience may see names it.
    """
    releases = Release.objects.visible_to(audience).of(public_id).filter(document_json__contains=sha256)
    for release in releases.reverse():
        for attachment in release.document.attachments:
            if attachment.sha256 == sha256:
                return attachment
    raise Http404(f"No release of {public_id} names this file.")
