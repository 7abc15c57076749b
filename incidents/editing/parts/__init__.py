"""The parts of an incident as the desk shows them, one section of the page each, in the order of `ALL`."""

from incidents.editing.parts.attack import AttackInline, AttributionInline
from incidents.editing.parts.dates import DateClaimInline
from incidents.editing.parts.evidence import AttachmentInline, SourceInline, StatementInline
from incidents.editing.parts.impact import AffectedServiceInline, LossInline
from incidents.editing.parts.links import InvolvedOrganizationInline, RelatedIncidentInline
from incidents.editing.parts.recommendation import RecommendationInline
from incidents.editing.parts.translation import TranslationInline
from incidents.editing.parts.update import UpdateInline

ALL = (
    AttackInline,
    AffectedServiceInline,
    RecommendationInline,
    AttributionInline,
    LossInline,
    DateClaimInline,
    SourceInline,
    StatementInline,
    UpdateInline,
    RelatedIncidentInline,
    InvolvedOrganizationInline,
    AttachmentInline,
    TranslationInline,
)
__all__ = ["ALL"]
