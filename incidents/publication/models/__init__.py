"""Publication's tables: the ledger, the projection, the stored renditions."""

from incidents.publication.models.advisory import Advisory, AdvisoryTerm, Facet
from incidents.publication.models.ledger import Ledger, Release
from incidents.publication.models.rendition import Rendition
from incidents.publication.models.spelling import Spelling
from incidents.publication.models.tally import Tally

__all__ = ["Advisory", "AdvisoryTerm", "Facet", "Ledger", "Release", "Rendition", "Spelling", "Tally"]
