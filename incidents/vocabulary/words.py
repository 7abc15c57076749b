"""Closed vocabularies of the record. Values are stored and published; labels are for people, in the language of the page.

A label is looked up when it is shown. Whatever goes into stored data takes the value, or `str(label)` built in English.
"""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Severity(TextChoices):
    """How bad it is for those affected, in five steps."""

    INFORMATIONAL = "informational", pgettext_lazy("severity", "Informational")
    LOW = "low", pgettext_lazy("severity", "Low")
    MEDIUM = "medium", pgettext_lazy("severity", "Medium")
    HIGH = "high", pgettext_lazy("severity", "High")
    CRITICAL = "critical", pgettext_lazy("severity", "Critical")

    @property
    def rank(self) -> int:
        """0 (informational) to 4 (critical)."""
        return _SEVERITY_RANKS[self]


_SEVERITY_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class IncidentState(TextChoices):
    """Where the incident itself stands, as far as is known."""

    INVESTIGATING = "investigating", pgettext_lazy("state of an incident", "Investigating")
    CONFIRMED = "confirmed", pgettext_lazy("state of an incident", "Confirmed")
    CONTAINED = "contained", pgettext_lazy("state of an incident", "Contained")
    RESOLVED = "resolved", pgettext_lazy("state of an incident", "Resolved")
    DISPUTED = "disputed", pgettext_lazy("state of an incident", "Disputed")

    @property
    def is_open(self) -> bool:
        """Whether readers should still expect news: neither resolved nor disputed."""
        return self in {IncidentState.INVESTIGATING, IncidentState.CONFIRMED, IncidentState.CONTAINED}


class IncidentDate(TextChoices):
    """The dates of an incident itself."""

    OCCURRED_FROM = "occurred_from", pgettext_lazy("date of an incident", "Began")
    OCCURRED_TO = "occurred_to", pgettext_lazy("date of an incident", "Ended")
    DETECTED = "detected", pgettext_lazy("date of an incident", "Detected")
    DISCLOSED = "disclosed", pgettext_lazy("date of an incident", "Disclosed")
    CONTAINED = "contained", pgettext_lazy("date of an incident", "Contained")
    RESOLVED = "resolved", pgettext_lazy("date of an incident", "Resolved")


class Certainty(TextChoices):
    """How sure it is that a technique was used in this incident."""

    OBSERVED = "observed", pgettext_lazy("certainty", "Observed")
    SUSPECTED = "suspected", pgettext_lazy("certainty", "Suspected")
    CONTEXT = "context", pgettext_lazy("certainty", "Commonly used, not shown here")


class ServiceImpact(TextChoices):
    """What an incident does to a service, from nothing to the worst."""

    OPERATIONAL = "operational", pgettext_lazy("state of a service", "Operational")
    DEGRADED = "degraded", pgettext_lazy("state of a service", "Degraded")
    RESTRICTED = "restricted", pgettext_lazy("state of a service", "Restricted")
    PARTIAL_OUTAGE = "partial_outage", pgettext_lazy("state of a service", "Partial outage")
    MAJOR_OUTAGE = "major_outage", pgettext_lazy("state of a service", "Major outage")
    DATA_EXPOSED = "data_exposed", pgettext_lazy("state of a service", "Data exposed")
    COMPROMISED = "compromised", pgettext_lazy("state of a service", "Compromised")


class OrganizationRole(TextChoices):
    """What an organization has to do with an incident."""

    VICTIM = "victim", pgettext_lazy("role of an organization", "Victim")
    OPERATOR = "operator", pgettext_lazy("role of an organization", "Operator")
    SUPPLIER = "supplier", pgettext_lazy("role of an organization", "Supplier")
    REPORTER = "reporter", pgettext_lazy("role of an organization", "Reporter")


class Sector(TextChoices):
    """Industry sectors, worded after the STIX 2.1 industry-sector-ov vocabulary (section 10.9)."""

    AI = "artificial-intelligence", pgettext_lazy("sector", "Artificial intelligence")
    AEROSPACE = "aerospace", pgettext_lazy("sector", "Aerospace")
    AGRICULTURE = "agriculture", pgettext_lazy("sector", "Agriculture")
    AUTOMOTIVE = "automotive", pgettext_lazy("sector", "Automotive")
    CLOUD = "cloud", pgettext_lazy("sector", "Cloud and hosting")
    COMMUNICATIONS = "communications", pgettext_lazy("sector", "Communications")
    CONSTRUCTION = "construction", pgettext_lazy("sector", "Construction")
    DEFENCE = "defense", pgettext_lazy("sector", "Defence")
    EDUCATION = "education", pgettext_lazy("sector", "Education")
    ENERGY = "energy", pgettext_lazy("sector", "Energy")
    ENTERTAINMENT = "entertainment", pgettext_lazy("sector", "Entertainment")
    FINANCE = "financial-services", pgettext_lazy("sector", "Financial services")
    GOVERNMENT = "government", pgettext_lazy("sector", "Government")
    HEALTH = "healthcare", pgettext_lazy("sector", "Health care")
    HOSPITALITY = "hospitality-leisure", pgettext_lazy("sector", "Hospitality and leisure")
    INFRASTRUCTURE = "infrastructure", pgettext_lazy("sector", "Infrastructure")
    INSURANCE = "insurance", pgettext_lazy("sector", "Insurance")
    MANUFACTURING = "manufacturing", pgettext_lazy("sector", "Manufacturing")
    MINING = "mining", pgettext_lazy("sector", "Mining")
    NON_PROFIT = "non-profit", pgettext_lazy("sector", "Non-profit")
    PHARMACEUTICALS = "pharmaceuticals", pgettext_lazy("sector", "Pharmaceuticals")
    PROFESSIONAL = "professional-services", pgettext_lazy("sector", "Professional services")
    RETAIL = "retail", pgettext_lazy("sector", "Retail")
    SOFTWARE = "software", pgettext_lazy("sector", "Software")
    TECHNOLOGY = "technology", pgettext_lazy("sector", "Technology")
    TELECOMMUNICATIONS = "telecommunications", pgettext_lazy("sector", "Telecommunications")
    TRANSPORTATION = "transportation", pgettext_lazy("sector", "Transportation")
    UTILITIES = "utilities", pgettext_lazy("sector", "Utilities")
    OTHER = "other", pgettext_lazy("sector", "Other")


class ServiceKind(TextChoices):
    """What sort of thing an affected service is."""

    WEB_APP = "web-app", pgettext_lazy("kind of service", "Web application")
    API = "api", pgettext_lazy("kind of service", "API")
    MODEL = "model", pgettext_lazy("kind of service", "AI model")
    MOBILE_APP = "mobile-app", pgettext_lazy("kind of service", "Mobile app")
    INFRASTRUCTURE = "infrastructure", pgettext_lazy("kind of service", "Infrastructure")
    SOFTWARE = "software", pgettext_lazy("kind of service", "Software package")
    DATA_STORE = "data-store", pgettext_lazy("kind of service", "Data store")
    IDENTITY = "identity", pgettext_lazy("kind of service", "Sign-in and identity")
    OTHER = "other", pgettext_lazy("kind of service", "Other")


class Framework(TextChoices):
    """Where a technique or mitigation is defined."""

    ATTACK = "attack", "MITRE ATT&CK"
    ATLAS = "atlas", "MITRE ATLAS"
    LOCAL = "local", pgettext_lazy("framework", "Local")


class EntryStatus(TextChoices):
    """Whether a catalogue entry is still maintained by its framework."""

    ACTIVE = "active", pgettext_lazy("status of a catalogue entry", "Active")
    DEPRECATED = "deprecated", pgettext_lazy("status of a catalogue entry", "Deprecated")
    REVOKED = "revoked", pgettext_lazy("status of a catalogue entry", "Revoked")


class ActorKind(TextChoices):
    """Kinds of threat actor, after the STIX 2.1 threat-actor-type-ov vocabulary (section 10.23)."""

    CRIME_SYNDICATE = "crime-syndicate", pgettext_lazy("kind of threat actor", "Crime syndicate")
    NATION_STATE = "nation-state", pgettext_lazy("kind of threat actor", "Nation state")
    HACKTIVIST = "hacktivist", pgettext_lazy("kind of threat actor", "Hacktivist")
    INSIDER = "insider", pgettext_lazy("kind of threat actor", "Insider")
    CRIMINAL = "criminal", pgettext_lazy("kind of threat actor", "Criminal")
    RESEARCHER = "researcher", pgettext_lazy("kind of threat actor", "Researcher")
    UNKNOWN = "unknown", pgettext_lazy("kind of threat actor", "Unknown")


class Confidence(TextChoices):
    """Confidence of an assessment, on the STIX 2.1 None / Low / Med / High scale (appendix A)."""

    UNKNOWN = "unknown", pgettext_lazy("confidence", "Not stated")
    LOW = "low", pgettext_lazy("confidence", "Low")
    MODERATE = "moderate", pgettext_lazy("confidence", "Moderate")
    HIGH = "high", pgettext_lazy("confidence", "High")


class AttributionStatus(TextChoices):
    """How far a statement about who did it has been borne out."""

    UNCLAIMED = "unclaimed", pgettext_lazy("status of an attribution", "Nobody has claimed it")
    CLAIMED = "claimed", pgettext_lazy("status of an attribution", "Claimed")
    SUSPECTED = "suspected", pgettext_lazy("status of an attribution", "Suspected")
    CONFIRMED = "confirmed", pgettext_lazy("status of an attribution", "Confirmed")
    DISPUTED = "disputed", pgettext_lazy("status of an attribution", "Disputed")


class ReaderGroup(TextChoices):
    """For whom a recommendation is meant."""

    USERS = "users", pgettext_lazy("readers", "People who use the service")
    OPERATORS = "operators", pgettext_lazy("readers", "Operators and defenders")
    VENDORS = "vendors", pgettext_lazy("readers", "Vendors and service providers")


class Priority(TextChoices):
    """How soon a recommendation should be acted on."""

    NOW = "now", pgettext_lazy("priority", "Do now")
    SOON = "soon", pgettext_lazy("priority", "Within days")
    PLAN = "plan", pgettext_lazy("priority", "Plan for it")


class LossKind(TextChoices):
    """What a loss is counted in."""

    RECORDS = "records", pgettext_lazy("kind of loss", "Records")
    MONEY = "money", pgettext_lazy("kind of loss", "Money")
    DOWNTIME = "downtime", pgettext_lazy("kind of loss", "Downtime")
    PEOPLE = "people", pgettext_lazy("kind of loss", "People affected")


class SourceKind(TextChoices):
    """What sort of source it is; primary first."""

    ORGANIZATION = "organization", pgettext_lazy("kind of source", "The organisation itself")
    REGULATOR = "regulator", pgettext_lazy("kind of source", "Regulator or court")
    GOVERNMENT = "government", pgettext_lazy("kind of source", "Government agency")
    RESEARCH = "research", pgettext_lazy("kind of source", "Security research")
    VENDOR = "vendor", pgettext_lazy("kind of source", "Security vendor")
    NEWS = "news", pgettext_lazy("kind of source", "News report")
    DATABASE = "database", pgettext_lazy("kind of source", "Database record")
    ACTOR = "actor", pgettext_lazy("kind of source", "Claim by an actor")
    OTHER = "other", pgettext_lazy("kind of source", "Other")


class UpdateKind(TextChoices):
    """What a dated public note announces."""

    INVESTIGATING = "investigating", pgettext_lazy("kind of update", "Investigating")
    IDENTIFIED = "identified", pgettext_lazy("kind of update", "Identified")
    MONITORING = "monitoring", pgettext_lazy("kind of update", "Monitoring")
    RESOLVED = "resolved", pgettext_lazy("kind of update", "Resolved")
    CORRECTION = "correction", pgettext_lazy("kind of update", "Correction")
    POST_MORTEM = "post-mortem", pgettext_lazy("kind of update", "Post-mortem")


class Relation(TextChoices):
    """How two incidents are related."""

    SAME_CAMPAIGN = "same-campaign", pgettext_lazy("relation of incidents", "Same campaign")
    SAME_ACTOR = "same-actor", pgettext_lazy("relation of incidents", "Same actor")
    SAME_VICTIM = "same-victim", pgettext_lazy("relation of incidents", "Same organisation")
    SUPPLY_CHAIN = "supply-chain", pgettext_lazy("relation of incidents", "Supply chain")
    SIMILAR = "similar", pgettext_lazy("relation of incidents", "Similar case")
    BACKGROUND = "background", pgettext_lazy("relation of incidents", "Background")


class ReleaseKind(TextChoices):
    """Why a release was appended to the ledger."""

    INITIAL = "initial", pgettext_lazy("kind of release", "First publication")
    UPDATE = "update", pgettext_lazy("kind of release", "Update")
    CORRECTION = "correction", pgettext_lazy("kind of release", "Correction")
    WITHDRAWAL = "withdrawal", pgettext_lazy("kind of release", "Withdrawal")


class Significance(TextChoices):
    """Whether a release changes what readers know or do, or only how it is said."""

    MATERIAL = "material", pgettext_lazy("significance of a release", "Material")
    EDITORIAL = "editorial", pgettext_lazy("significance of a release", "Editorial")
