"""For whom exports are built, and when the next ones are due."""

import datetime as dt

from django.conf import settings

from incidents.partners.models import Partner
from incidents.publication.audience import PUBLIC, Audience
from incidents.representations.api.exporting.shelf import exports_ready
from incidents.representations.api.sequence import NOWHERE, last_place_of, write_place
from incidents.vocabulary.tlp import TLP


def audiences(at: dt.datetime) -> list[Audience]:
    """The public, and every clearance above it that a partner with access has. One query."""
    partners = Partner.objects.filter(is_active=True)
    ranks = {partner.audience.highest_rank for partner in partners if partner.is_valid_at(at)}
    return [PUBLIC, *(Audience(label) for label in TLP if label.rank in ranks - {PUBLIC.highest_rank})]


def due(at: dt.datetime) -> list[Audience]:
    """The audiences whose exports are older than `EXPORT_EVERY` hours, or missing, and would hold something else now."""
    if settings.EXPORT_EVERY <= 0:
        return []
    return [audience for audience in audiences(at) if _is_due(audience, at)]


def _is_due(audience: Audience, at: dt.datetime) -> bool:
    newest = next(iter(exports_ready(audience)), None)
    if newest and at - newest.built_at < dt.timedelta(hours=settings.EXPORT_EVERY):
        return False
    place = last_place_of(audience)
    return newest.after != write_place(place, audience) if newest else place != NOWHERE
